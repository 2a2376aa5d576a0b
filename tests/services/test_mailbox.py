"""From the mailbox to the ledger and back: read once, gone on with after a break, drafts put there once each."""

from __future__ import annotations

import mailbox
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from dpo_app.core.errors import DeliveryError, InputError, RuleError
from dpo_app.core.ids import BatchId, BreachId
from dpo_app.core.mail.mail_account import MailAccount, Protection
from dpo_app.core.mail.return_path import address_with, signed_code
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.mail import read_mailbox as module
from dpo_app.services.mail.draft_emails import draft_emails, finish_drafts
from dpo_app.services.mail.export_emails import confirm_sent, export_emails
from dpo_app.services.mail.read_mailbox import mail_account, read_mailbox, save_mail_account
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from tests.approving import approve_notice
from tests.builders import a_register, a_row
from tests.conftest import bring_in
from tests.dispatch.bounce_kit import a_bounce
from tests.dispatch.imap_server import PASSWORD, USER, ImapServer, imap_server

MAILBOX = "tietosuoja@example.com"


@pytest.fixture
def ready(desk: Desk, breach_id: BreachId, tmp_path: Path) -> BreachId:
    """A breach with six persons and an approved notice."""
    bring_in(desk, breach_id, a_register(tmp_path / "register.csv", [a_row(n) for n in range(1, 7)]))
    make_plan(desk, breach_id)
    approve_notice(desk, draft_notice(desk, breach_id)[0], "Maija Mallikas")
    return breach_id


def set_up(desk: Desk, server: ImapServer) -> None:
    save_mail_account(desk, MailAccount("127.0.0.1", server.port, Protection.PLAIN, USER, PASSWORD))


def email_states(desk: Desk, breach_id: BreachId) -> dict[str, int]:
    with desk.read() as queries:
        return queries.email_counts(breach_id)


def test_bounces_are_read_once_and_new_ones_later(
    desk: Desk, ready: BreachId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SLICE", 2)
    export_emails(desk, ready, tmp_path / "e")
    confirm_sent(desk, BatchId(1), 6)
    with desk.read() as queries:
        back = [address_with(MAILBOX, signed_code(row.token, desk.token_key)) for row in queries.batch_rows(BatchId(1))]
    with pytest.raises(InputError, match="no_mail_account"):
        read_mailbox(desk, ready)
    with imap_server([a_bounce(back[n], number=n) for n in range(3)]) as server:
        set_up(desk, server)
        found = read_mailbox(desk, ready)
        assert (found.messages, found.bounced) == (3, 3) and email_states(desk, ready)["bounced"] == 3
        server.commands.clear()
        assert read_mailbox(desk, ready).messages == 0 and "UID FETCH" not in server.commands
        server.folders["INBOX"].append(a_bounce(back[3], number=3))
        assert read_mailbox(desk, ready).bounced == 1
        server.validity = 8
        renumbered = read_mailbox(desk, ready)
        assert (renumbered.messages, renumbered.again) == (4, 4), "new numbers: all anew, and nothing counted twice"
        assert len(server.folders["INBOX"]) == 4 and not server.folders["Drafts"]


def test_the_password_is_in_the_store_and_nowhere_else(desk: Desk, ready: BreachId) -> None:
    with imap_server([]) as server:
        set_up(desk, server)
    with desk.read() as queries:
        found = mail_account(queries)
        assert found is not None and found.secret == PASSWORD
        assert all(PASSWORD not in line.canonical for line in queries.trail.lines())
    with pytest.raises(InputError, match="box_plain"):
        save_mail_account(desk, replace(found, host="mail.example.com"))
    save_mail_account(desk, None)
    with desk.read() as queries:
        assert mail_account(queries) is None


def test_drafts_once_each_although_the_line_breaks(desk: Desk, ready: BreachId) -> None:
    with imap_server([]) as server:
        set_up(desk, server)
        server.break_after_appends = 2
        with pytest.raises(DeliveryError, match="box_lost|box_unreachable"):
            draft_emails(desk, ready)
        assert email_states(desk, ready) == {"rendered": 6} and len(server.folders["Drafts"]) == 2
        # One was sent from the mailbox meanwhile, one that the server took before the line broke stays a draft.
        server.folders["Sent"].append(server.folders["Drafts"].pop(0))
        server.break_after_appends = -1
        assert finish_drafts(desk, BatchId(1)).planned == 6
        assert email_states(desk, ready) == {"exported": 6}
        there = server.folders["Drafts"] + server.folders["Sent"]
    messages = [message_from_bytes(each, policy=default) for each in there]
    assert len(messages) == 6 == len({m["Message-ID"] for m in messages}) == len({m["To"] for m in messages})
    with pytest.raises(RuleError, match="batch_state"):
        finish_drafts(desk, BatchId(1))
    assert confirm_sent(desk, BatchId(1), 6)[0] == 6


def test_a_mailbox_file_holds_every_message_as_it_is(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    made = export_emails(desk, ready, tmp_path / "e", form="mbox")
    folder = tmp_path / "e" / made.reference
    assert sorted(each.name for each in folder.iterdir()) == ["emails.mbox", "manifest.csv"]
    box = mailbox.mbox(folder / "emails.mbox", create=False)
    try:
        assert len(box) == 6 == len({each["To"] for each in box})
    finally:
        box.close()
