"""E-mails as files from a real store: who gets one, under which code, and what a second export changes."""

from __future__ import annotations

import email
import errno
import re
from email import policy
from pathlib import Path

import pytest

from dpo_app.core.errors import DpoError, InputError, RuleError
from dpo_app.core.ids import BatchId, BreachId, PersonId
from dpo_app.core.letters.letter import token_ok
from dpo_app.core.notices.notice_check import HEALTH_WORDS
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.enquiries.sent_message import sent_messages
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.letters.make_letters import withdraw_batch
from dpo_app.services.mail import export_emails as module
from dpo_app.services.mail.export_emails import confirm_sent, count_emails, export_emails
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from tests.approving import approve_notice
from tests.builders import a_register, a_row, an_organisation
from tests.conftest import bring_in

ROWS = [
    a_row(1), a_row(2, Kieli="sv", Etunimi="Åsa <b>", Sukunimi="Öberg"), a_row(3, Kieli="en"),
    a_row(4, Turvakielto="1"), a_row(5, Kuollut="1"), a_row(6, Henkilötunnus="010120A900M"),
    a_row(7, **{"Sähköposti": ""}), a_row(8, Ensikäynti="1.1.2020"), a_row(9, Henkilötunnus="010152-901X"),
]  # fmt: skip


@pytest.fixture
def ready(desk: Desk, breach_id: BreachId, tmp_path: Path) -> BreachId:
    """A breach with persons, plan and approved notice."""
    bring_in(desk, breach_id, a_register(tmp_path / "register.csv", ROWS))
    make_plan(desk, breach_id)
    approve_notice(desk, draft_notice(desk, breach_id)[0], "Maija Mallikas")
    return breach_id


def read(folder: Path) -> dict[str, email.message.EmailMessage]:
    """Return the messages of an export by recipient."""
    found = [email.message_from_bytes(p.read_bytes(), policy=policy.default) for p in sorted(folder.glob("*.eml"))]
    return {each["To"].addresses[0].addr_spec: each for each in found}  # type: ignore[misc]


def test_one_message_each_to_those_who_may_get_one(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    assert count_emails(desk, ready) == 4
    made = export_emails(desk, ready, tmp_path / "e")
    found = read(tmp_path / "e" / made.reference)
    assert set(found) == {f"aino{n}@example.com" for n in (1, 2, 3, 9)}, "nobody protected, dead, a child, not exposed"
    assert {address: each["Content-Language"] for address, each in found.items()} == {
        "aino1@example.com": "fi", "aino2@example.com": "sv", "aino3@example.com": "en", "aino9@example.com": "fi",
    }  # fmt: skip
    assert "Bästa Åsa <b> Öberg" in found["aino2@example.com"].get_body(("plain",)).get_content()
    tokens = {each["X-Notice-Ref"] for each in found.values()}
    assert len(tokens) == 4 and all(token_ok(token, ready) for token in tokens)
    for address, each in found.items():
        words = HEALTH_WORDS[each["Content-Language"]]
        assert not any(word in each["Subject"].casefold() for word in words)
        everything = each.as_string()
        assert not re.search(r"\d{6}[-+A]\d{3}[0-9A-Y]", everything), "no national id anywhere"
        others = set(found) - {address}
        assert not any(other in everything for other in others), "nobody else in it"


def test_files_are_addressed_to_what_a_header_can_bear(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    with desk.begin() as uow:
        for number, address in ((1, "aino@straße.de"), (2, "äijä@example.com")):
            uow.queries._connection.exec_driver_sql("UPDATE person SET email = ? WHERE id = ?", (address, number))
        uow.audit.record(AuditAction.VERIFIED, facts={"entries": 0})
        uow.commit()
    assert count_emails(desk, ready) == 3, "the one whom no header can name stays open for another channel"
    made = export_emails(desk, ready, tmp_path / "e")
    found = read(tmp_path / "e" / made.reference)
    assert set(found) == {"aino@xn--strae-oqa.de", "aino3@example.com", "aino9@example.com"}
    with desk.read() as queries:
        assert [each.same for each in sent_messages(desk, queries, PersonId(1))] == [True]


def test_withdrawn_and_written_again_under_another_code(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    first = export_emails(desk, ready, tmp_path / "e")
    with pytest.raises(InputError, match="field_missing"):
        withdraw_batch(desk, BatchId(1), " ")
    assert withdraw_batch(desk, BatchId(1), "wrong mailbox")[0] == 4
    with pytest.raises(RuleError, match="batch_state"):
        confirm_sent(desk, BatchId(1), 4)
    second = export_emails(desk, ready, tmp_path / "e")
    before, after = (read(tmp_path / "e" / made.reference) for made in (first, second))
    for address, each in after.items():
        assert each["X-Notice-Ref"] != before[address]["X-Notice-Ref"]
        assert each["Message-ID"].split("@")[0].endswith(".2"), "the second attempt"


def test_told_only_when_the_number_that_went_out_is_that_of_the_export(
    desk: Desk, ready: BreachId, tmp_path: Path
) -> None:
    export_emails(desk, ready, tmp_path / "e", limit=3)
    with pytest.raises(RuleError, match="count_differs"):
        confirm_sent(desk, BatchId(1), 4)
    assert confirm_sent(desk, BatchId(1), 3)[0] == 3
    with pytest.raises(RuleError, match="batch_state"):
        withdraw_batch(desk, BatchId(1), "too late")
    assert count_emails(desk, ready) == 1


def test_without_a_sender_nothing_is_frozen_that_cannot_be_withdrawn(
    desk: Desk, ready: BreachId, tmp_path: Path
) -> None:
    save_organisation(desk, an_organisation(email=""))
    with pytest.raises(DpoError):
        export_emails(desk, ready, tmp_path / "e")
    assert not list((tmp_path / "e").rglob("*.eml")), "no half folder"
    save_organisation(desk, an_organisation())
    with desk.read() as queries:
        for batch in queries.batches(ready):
            withdraw_batch(desk, BatchId(batch.id), "no sender")
    assert export_emails(desk, ready, tmp_path / "e").planned == 4


def test_a_full_disk_leaves_nobody_on_the_way(
    desk: Desk, ready: BreachId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, size: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(module, "need_space", full)
    with pytest.raises(OSError, match="full"):
        export_emails(desk, ready, tmp_path / "e")
    assert count_emails(desk, ready) == 4
    with desk.read() as queries:
        assert queries.batches(ready) == []
