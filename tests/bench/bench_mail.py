"""E-mails as files through the store: files a second, beside a plain loop of the standard library in the same run.

python tests/bench/bench_mail.py [persons]
"""

from __future__ import annotations

import sys
import tempfile
import time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from dpo_app.bootstrap import build
from dpo_app.services.desk.make_example import make_example
from dpo_app.services.mail.export_emails import export_emails
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.store import vault
from dpo_app.store.keys.crypto import KdfCost
from tests.approving import approve_notice

LEAST_PER_SECOND, PEER_MESSAGES = 2_000, 1_000


def peer(folder: Path, sample: bytes) -> float:
    """Return messages a second of an `EmailMessage` for each person, written one by one."""
    parsed = message_from_bytes(sample, policy=default)
    text = parsed.get_body(("plain",)).get_content()
    folder.mkdir()
    began = time.perf_counter()
    for number in range(PEER_MESSAGES):
        message = EmailMessage(policy=SMTP)
        for name in ("From", "Subject", "Date"):
            message[name] = str(parsed[name])
        message["To"] = f"person{number}@example.com"
        message.set_content(text)
        (folder / f"{number}.eml").write_bytes(message.as_bytes())
    return PEER_MESSAGES / (time.perf_counter() - began)


def main() -> int:
    persons = int(sys.argv[1]) if len(sys.argv) > 1 else 33_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        opened, lines = vault.create(folder / "b.dpo", "Bench", "a long bench passphrase", cost=KdfCost(3, 65_536, 4))
        vault.confirm_recovery(opened, {1: lines[1], 4: lines[4]})
        try:
            breach_id = make_example(build(opened, "Bench"), persons).breach_id
            desk = build(opened, "Bench")
            notice_id, _ = draft_notice(desk, breach_id)
            approve_notice(desk, notice_id, "Bench")
            began = time.perf_counter()
            made = export_emails(desk, breach_id, folder / "mail")
            seconds = time.perf_counter() - began
        finally:
            opened.close()
        rate = made.planned / seconds
        ratio = rate / peer(folder / "peer", next((folder / "mail").rglob("*.eml")).read_bytes())
    sys.stdout.write(
        f"{made.planned:,} e-mails as files, ledger and all: {seconds:.1f} s, {rate:,.0f} a second, {ratio:.1f} times "
        f"EmailMessage; wanted {LEAST_PER_SECOND:,} a second\n"
    )
    return int(rate < LEAST_PER_SECOND)


if __name__ == "__main__":
    sys.exit(main())
