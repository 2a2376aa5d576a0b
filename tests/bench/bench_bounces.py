"""Reading a big mailbox: messages a second through the limited child and into the store, beside flufl.bounce alone in the
same run; once from a mailbox file, once more (nothing new), and the same over IMAP on loopback.

python tests/bench/bench_bounces.py [messages]
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from flufl.bounce import all_failures

from dpo_app.bootstrap import build
from dpo_app.core.ids import BatchId
from dpo_app.core.mail.mail_account import MailAccount, Protection
from dpo_app.core.mail.return_path import address_with, signed_code
from dpo_app.services.desk.make_example import make_example
from dpo_app.services.mail.export_emails import confirm_sent, export_emails
from dpo_app.services.mail.read_mailbox import read_mailbox, save_mail_account
from dpo_app.services.mail.read_returned import read_returned
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.store import vault
from dpo_app.store.keys.crypto import KdfCost
from tests.approving import approve_notice
from tests.dispatch.bounce_kit import a_bounce, corpus
from tests.dispatch.imap_server import PASSWORD, USER, imap_server

MOST_SECONDS = 600


def peer(messages: list[bytes]) -> float:
    """Return messages a second of flufl.bounce alone, which says whose address failed and not why."""
    logging.disable(logging.CRITICAL)
    began = time.perf_counter()
    for data in messages:
        try:
            all_failures(message_from_bytes(data))
        except Exception:  # noqa: S112 - it does not survive every message, which is part of what is measured
            continue
    return len(messages) / (time.perf_counter() - began)


def timed(work: Callable[[], object]) -> tuple[object, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def main() -> int:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    samples = [each.data for each in corpus()]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        opened, lines = vault.create(folder / "b.dpo", "Bench", "a long bench passphrase", cost=KdfCost(3, 65_536, 4))
        vault.confirm_recovery(opened, {1: lines[1], 4: lines[4]})
        try:
            breach_id = make_example(build(opened, "Bench"), 2_000).breach_id
            desk = build(opened, "Bench")
            approve_notice(desk, draft_notice(desk, breach_id)[0], "Bench")
            made = export_emails(desk, breach_id, folder / "mail")
            confirm_sent(desk, BatchId(1), made.planned)
            with desk.read() as queries:
                back = [
                    address_with("o@example.com", signed_code(r.token, desk.token_key))
                    for r in queries.batch_rows(BatchId(1))
                ]
            ours = [a_bounce(to, number=place) for place, to in enumerate(back)]
            messages = [ours[n] if n < len(ours) else samples[n % len(samples)] for n in range(wanted)]
            box = folder / "in.mbox"
            with box.open("wb") as stream:
                for data in messages:
                    stream.write(b"From x Thu Oct  1 09:12:33 2026\n" + data.rstrip() + b"\n\n")
            first, seconds = timed(lambda: read_returned(desk, desk.mail_reader.messages(box), "file"))
            again, more = timed(lambda: read_returned(desk, desk.mail_reader.messages(box), "file"))
            with imap_server(messages) as server:
                save_mail_account(desk, MailAccount("127.0.0.1", server.port, Protection.PLAIN, USER, PASSWORD))
                _found, over = timed(lambda: read_mailbox(desk, breach_id))
                _none, idle = timed(lambda: read_mailbox(desk, breach_id))
        finally:
            opened.close()
    rate = wanted / seconds
    sys.stdout.write(
        f"{wanted:,} messages from a file: {seconds:.0f} s, {rate:,.0f} a second, {rate / peer(messages[:5_000]):.2f} times "
        f"flufl.bounce alone; {first.bounced:,} moved; again {more:.0f} s, {again.bounced} moved; over IMAP {over:.0f} s, "  # type: ignore[attr-defined]
        f"and once more {idle:.1f} s\n"
    )
    return int(seconds > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
