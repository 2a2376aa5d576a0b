"""33,000 letters from the store, all in: who gets one, the ledger, the files, the manifest.

python tests/bench/bench_post.py [persons]

`bench_letters.py` holds the press alone against reportlab's Platypus; this is the whole of what the officer waits for.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from dpo_app.bootstrap import build
from dpo_app.paths import resources
from dpo_app.services.desk.make_example import HEADINGS, example_document, make_example, register_rows
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.letters.make_letters import make_letters
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.persons.import_persons import accept_import, stage_import
from dpo_app.store import vault
from dpo_app.store.keys.crypto import KdfCost
from tests.approving import approve_notice
from tests.bench.memory import Memory

#: Two presses of some 100 MiB each stand beside the program.
SECONDS, MIB = 90, 500


def main() -> int:
    persons = int(sys.argv[1]) if len(sys.argv) > 1 else 33_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        opened, lines = vault.create(folder / "b.dpo", "Bench", "a long bench passphrase", cost=KdfCost(3, 65_536, 4))
        vault.confirm_recovery(opened, {1: lines[1], 4: lines[4]})
        try:
            breach_id = make_example(build(opened, "Bench"), 10).breach_id
            desk = build(opened, "Bench")
            mail, code = HEADINGS.index("Sähköposti"), HEADINGS.index("Asiakasnumero")
            with (folder / "r.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, delimiter=";")
                writer.writerow(HEADINGS)
                # Four in five stay after children, the dead and those never exposed: ask for so many more.
                for row in register_rows(example_document(resources() / "example"), persons * 5 // 4, 9):
                    row[mail], row[code] = "", f"N{row[code]}"
                    writer.writerow(row)
            accept_import(desk, stage_import(desk, breach_id, folder / "r.csv").import_id)
            make_plan(desk, breach_id)
            notice_id, _ = draft_notice(desk, breach_id)
            approve_notice(desk, notice_id, "Bench")
            memory = Memory()
            memory.start()
            began = time.perf_counter()
            made = make_letters(desk, breach_id, folder / "letters")
            seconds = time.perf_counter() - began
            peak = memory.stop()
            size = sum(path.stat().st_size for path in (folder / "letters").rglob("*.pdf")) / 1e6
        finally:
            opened.close()
    sys.stdout.write(
        f"{made.letters:,} letters in {len(made.batches)} batches, read back, ledger and manifest and all: {seconds:.1f} s, "
        f"{made.letters / seconds:,.0f} a second, {size:.0f} MB, peak {peak:.0f} MiB; wanted {SECONDS} s and {MIB} MiB\n"
    )
    return int(seconds > SECONDS * max(1, made.letters / 33_000) or peak > MIB)


if __name__ == "__main__":
    sys.exit(main())
