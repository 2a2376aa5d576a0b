"""The audit PDF of a breach with 33,000 persons: seconds for the figures, the file and the walk of the trail.

python tests/bench/bench_audit_pdf.py [persons]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from dpo_app import bootstrap
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.desk.make_example import make_example
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.proof.export_audit import TRAIL_ENTRIES, audit_file, export_audit, verify_trail
from dpo_app.services.proof.export_bundle import export_bundle
from tests.approving import approve_notice

MOST_SECONDS = 10
ENTRIES = 20_000
PASSPHRASE = "a long passphrase of a bench"


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def main() -> int:
    persons = int(sys.argv[1]) if len(sys.argv) > 1 else 33_000
    with tempfile.TemporaryDirectory() as name:
        store = Path(name) / "bench.dpo"
        bootstrap.make_store(store, "Bench", PASSPHRASE, Path(name) / "sheet.pdf", "Bench")
        with bootstrap.opened_with_passphrase(store, PASSPHRASE, "Bench") as desk:
            breach_id = make_example(desk, persons).breach_id
            notice_id, _ = draft_notice(desk, breach_id)
            approve_notice(desk, notice_id, "Bench")
            began = time.perf_counter()
            size = len(export_audit(desk, breach_id, "en"))
            seconds = time.perf_counter() - began
            say(f"audit PDF of {persons} persons: {seconds:.2f} s, {size / 1000:.0f} kB")
            with desk.begin() as uow:
                for hits in range(ENTRIES):
                    uow.audit.record(AuditAction.SEARCHED, facts={"hits": hits})
                uow.commit()
            with desk.read() as queries:
                file = audit_file(desk, queries, breach_id, "en")
            began = time.perf_counter()
            desk.audit_pdf.make(replace(file, trail=[*file.trail] * (TRAIL_ENTRIES // len(file.trail))))
            longest = time.perf_counter() - began
            began = time.perf_counter()
            report = verify_trail(desk)
            walked = time.perf_counter() - began
            began = time.perf_counter()
            bundle = len(export_bundle(desk))
            say(f"audit PDF with {TRAIL_ENTRIES} entries: {longest:.2f} s")
            say(f"{report.entries} entries verified in {walked:.2f} s, {report.state.value}; bundle in "
                f"{time.perf_counter() - began:.2f} s, {bundle / 1000:.0f} kB")  # fmt: skip
    say(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
    reached = seconds <= MOST_SECONDS and longest <= MOST_SECONDS
    say("figures reached" if reached else "FIGURES MISSED")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
