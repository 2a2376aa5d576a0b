"""The officer's way, from the register to the audit PDF, with a real store; and what goes wrong on it."""

from __future__ import annotations

import email
import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from email import policy
from pathlib import Path

import pikepdf
import pytest

from dpo_app import bootstrap
from dpo_app.core.errors import InputError, JobCancelled, RuleError
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import BatchId, BreachId, NoticeId, PersonId, parse_ref
from dpo_app.core.letters.letter import token_ok
from dpo_app.core.notices.notice import NoticeState
from dpo_app.core.organisation import Organisation
from dpo_app.core.persons.channel import Channel
from dpo_app.core.proof.audit import TrailState
from dpo_app.services.desk.manage_store import decide, save_organisation
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.facts.record_breach import revise_breach
from dpo_app.services.letters.make_letters import confirm_posted, finish_batch, make_letters, withdraw_batch
from dpo_app.services.lines import PersonFilter
from dpo_app.services.mail.export_emails import confirm_sent, export_emails
from dpo_app.services.notices.owed import count_owed, owed_persons
from dpo_app.services.notices.preview_message import preview
from dpo_app.services.notices.write_notice import check_draft, draft_notice, edit_notice
from dpo_app.services.persons.export_persons import export_rows
from dpo_app.services.persons.import_persons import (
    accept_import,
    correct_rows,
    discard_import,
    problem_rows,
    stage_import,
    undo_import,
)
from dpo_app.services.ports.desk import Desk
from dpo_app.services.proof.export_audit import export_audit, verify_trail
from dpo_app.store import vault
from tests.approving import approve_notice
from tests.builders import PASSPHRASE, W1, W2, a_register, a_revision, a_row
from tests.conftest import bring_in

FOREIGN = "\u6f22\u5b57"
ROWS = [
    a_row(1), a_row(2, **{"Sähköposti": ""}), a_row(3, **{"Sähköposti": "", "Kieli": "sv"}),
    a_row(4, Ensikäynti="1.1.2019"), a_row(5, Ensikäynti="1.1.2020"), a_row(6, Ensikäynti=""),
    a_row(7, Turvakielto="1"), a_row(8, Kuollut="1"), a_row(9, Henkilötunnus="010120A900M"),
    a_row(10, **{"Sähköposti": "", "Katuosoite": ""}), a_row(11, **{"Sähköposti": "", "Sukunimi": f"Abc{FOREIGN}"}),
    a_row(12, Ensikäynti="31.2.2014"), a_row(1, Asiakasnumero="B1", Sukunimi="SUKUNENB", Sähköposti="other@example.com",
                                              Henkilötunnus="010152-901X"),
]  # fmt: skip


@pytest.fixture
def register(tmp_path: Path) -> Path:
    return a_register(tmp_path / "register.csv", ROWS)


@pytest.fixture
def ready(desk: Desk, breach_id: BreachId, register: Path) -> BreachId:
    """A breach with persons, plan and approved notice."""
    bring_in(desk, breach_id, register)
    make_plan(desk, breach_id)
    notice_id, _ = draft_notice(desk, breach_id)
    approve_notice(desk, notice_id, "Maija Mallikas")
    return breach_id


def standings(desk: Desk, breach_id: BreachId) -> dict[str, int]:
    with desk.read() as queries:
        found = queries.standings(breach_id, queries.newest_revision(breach_id).id)
    assert found.in_scope == found.told + found.on_the_way + found.open + found.unknown + found.excused
    for name, parts in found.parts.items():
        assert sum(parts.values()) == getattr(found, name), name
    return {n: getattr(found, n) for n in ("in_scope", "told", "on_the_way", "open", "unknown", "excused")}


def test_counts_of_an_import_add_up_and_nothing_counts_before(desk: Desk, breach_id: BreachId, register: Path) -> None:
    staged = stage_import(desk, breach_id, register)
    assert staged.rows == staged.new + staged.changed + staged.duplicate + staged.rejected == 13
    assert (staged.new, staged.rejected) == (12, 1)
    with desk.read() as queries:
        assert queries.count_persons(breach_id) == 0
    problem = problem_rows(desk, staged.import_id, "date_not_exist")[0]
    assert (problem.row, problem.column) == (13, "Ensikäynti")
    mended = correct_rows(desk, staged.import_id, {13: {"Ensikäynti": "28.2.2014"}})
    assert (mended.new, mended.rejected) == (13, 0)
    discard_import(desk, staged.import_id)
    with pytest.raises(RuleError, match="import_state"):
        accept_import(desk, staged.import_id)


def test_the_same_person_twice(desk: Desk, breach_id: BreachId, tmp_path: Path) -> None:
    born = {"Henkilötunnus": "010152-901X"}
    rows = [
        a_row(1, **born, Sähköposti=""), a_row(1, Asiakasnumero="B9", Sukunimi="SUKUNENB ", Etunimi="AINO", **born),
        a_row(2), a_row(2, Sukunimi="Toinen", Etunimi="Eino"),
    ]  # fmt: skip
    staged = stage_import(desk, breach_id, a_register(tmp_path / "d.csv", rows))
    assert (staged.new, staged.duplicate) == (3, 1)
    assert ("number_shared", "note", 1) in staged.kinds
    accept_import(desk, staged.import_id)
    with desk.read() as queries:
        revision = queries.newest_revision(breach_id)
        first = queries.person(queries.find_persons(breach_id, "A1001")[0], revision.id)
    assert first.email == "aino1@example.com", "what the first record lacked came from the second"


def test_changed_persons_and_undo(desk: Desk, breach_id: BreachId, tmp_path: Path, register: Path) -> None:
    bring_in(desk, breach_id, register)
    changed = a_register(
        tmp_path / "later.csv", [a_row(1, Katuosoite="Uusitie 9"), a_row(2, **{"Sähköposti": ""}), a_row(99)]
    )
    staged = stage_import(desk, breach_id, changed)
    assert (staged.new, staged.changed, staged.duplicate) == (1, 1, 1)
    accept_import(desk, staged.import_id)

    def street() -> str:
        with desk.read() as queries:
            revision = queries.newest_revision(breach_id)
            return str(queries.person(queries.find_persons(breach_id, "A1001")[0], revision.id).address.street)

    assert street() == "Uusitie 9"
    assert undo_import(desk, staged.import_id).persons == 1
    assert street() == "Mallipolku 4"
    again = stage_import(desk, breach_id, register)
    assert again.again == "I1", "the same file again is announced"


def test_cancelled_import_keeps_nothing(desk: Desk, breach_id: BreachId, tmp_path: Path) -> None:
    class Stop:
        def step(self, done: int, total: int | None = None) -> None:
            raise JobCancelled

    path = a_register(tmp_path / "big.csv", [a_row(n) for n in range(1500)])
    with pytest.raises(JobCancelled):
        stage_import(desk, breach_id, path, progress=Stop())
    with desk.read() as queries:
        assert queries.imports(breach_id) == []


def test_plan_puts_everybody_on_one_rung_with_a_reason(desk: Desk, breach_id: BreachId, register: Path) -> None:
    bring_in(desk, breach_id, register)
    plan = make_plan(desk, breach_id)
    assert plan.persons == sum(plan.exposure.values()) == sum(plan.channel.values()) == 12
    assert plan.exposure == {"confirmed": 9, "likely": 0, "possible": 1, "undetermined": 1, "not_exposed": 1}
    with desk.read() as queries:
        reasons = queries.channel_reasons(queries.newest_revision(breach_id).id)
    for key in (("officer", "protected"), ("officer", "deceased"), ("officer", "child"), ("public", "no_address")):
        assert reasons[key] == 1, key


def test_the_whole_way(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    assert standings(desk, ready)["open"] == 11
    letters = make_letters(desk, ready, tmp_path / "letters")
    assert letters.letters == 2 and [code for _p, code, _d in letters.refused] == ["addr_glyph"]
    emails = export_emails(desk, ready, tmp_path / "emails")
    assert emails.planned == 4
    assert standings(desk, ready)["on_the_way"] == 6
    batch = BatchId(parse_ref(letters.batches[0].reference, "L") or 0)
    today = desk.clock.now().date()
    with pytest.raises(InputError, match="in_future"):
        confirm_posted(desk, batch, today + timedelta(days=1))
    assert confirm_posted(desk, batch, today)[0] == letters.batches[0].letters
    with pytest.raises(RuleError, match="batch_state"):
        confirm_posted(desk, batch, today)
    with pytest.raises(RuleError, match="count_differs"):
        confirm_sent(desk, BatchId(parse_ref(emails.reference, "L") or 0), 3)
    confirm_sent(desk, BatchId(parse_ref(emails.reference, "L") or 0), 4)
    assert standings(desk, ready)["told"] == 4 + letters.batches[0].letters
    with pytest.raises(RuleError, match="import_sent"):
        undo_import(desk, 1)  # type: ignore[arg-type]
    data = export_audit(desk, ready)
    assert data.startswith(b"%PDF") and verify_trail(desk).state is TrailState.INTACT


def test_letters_again_makes_none_twice(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    first = make_letters(desk, ready, tmp_path / "one")
    again = make_letters(desk, ready, tmp_path / "two")
    assert first.letters == 2 and again.letters == 0
    with pytest.raises(RuleError, match="nobody_to_write_to"):
        export_emails(desk, ready, tmp_path / "e1") and export_emails(desk, ready, tmp_path / "e2")
    withdraw_batch(desk, BatchId(1), "envelopes got wet")
    assert make_letters(desk, ready, tmp_path / "three").letters >= 1


def test_letter_folder_and_manifest_agree(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    made = make_letters(desk, ready, tmp_path / "letters")
    for batch in made.batches:
        folder = tmp_path / "letters" / batch.reference
        document = json.loads((folder / "manifest.json").read_text("utf-8"))
        assert document["letters"] == batch.letters == len(document["letters_list"])
        for row in document["letters_list"]:
            assert token_ok(row["token"], ready)
        with pikepdf.open(folder / document["files"][0]["name"]) as pdf:
            assert len(pdf.pages) == document["pages"]
        text = (folder / "manifest.csv").read_text("utf-8-sig")
        assert "Sukunen" not in text and "Mallipolku" not in text
        assert (folder / "SHA256SUMS").is_file() and (folder / f"{batch.reference}-sheet.pdf").is_file()


def test_the_same_letters_are_the_same_bytes(
    desk: Desk, ready: BreachId, tmp_path: Path, opened: vault.OpenStore
) -> None:
    made = make_letters(desk, ready, tmp_path / "letters")
    reference = made.batches[0].reference
    number = BatchId(parse_ref(reference, "L") or 0)
    with opened.engine.connect().execution_options(dpo_write=True) as connection, connection.begin():
        # As if the program had ended between freezing the members and writing the folder.
        connection.exec_driver_sql(f"UPDATE batch SET state = 'making' WHERE id = {number}")
        connection.exec_driver_sql(f"UPDATE delivery SET state = 'rendered' WHERE batch_id = {number}")
    with pytest.raises(RuleError, match="batch_unfinished"):
        make_letters(desk, ready, tmp_path / "other")
    again = finish_batch(desk, number, tmp_path / "again")
    assert [f["sha256"] for f in again.files] == [f["sha256"] for f in made.batches[0].files]
    assert standings(desk, ready)["on_the_way"] == made.letters


def test_emails_say_what_they_should(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    made = export_emails(desk, ready, tmp_path / "emails")
    files = sorted((tmp_path / "emails" / made.reference).glob("*.eml"))
    assert len(files) == 4
    for path in files:
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        assert message["Auto-Submitted"] == "auto-generated" and len(message["To"].addresses) == 1
        assert message["X-Notice-Ref"] in message["Message-ID"].upper()
        body = message.get_body(("plain",)).get_content()
        assert "((" not in body and "terveyttä ja hoitoa" not in body, "an e-mail names no health data"
        assert not set(str(message["Subject"]).casefold().split()) & {"terveys", "potilas", "terapia"}


def test_decisions_overrule_with_a_reason(desk: Desk, ready: BreachId) -> None:
    with desk.read() as queries:
        revision = queries.newest_revision(ready)
        officer = queries.person_ids(ready, revision.id, PersonFilter(channels=frozenset({Channel.OFFICER})))
    ids = [PersonId(n) for n in officer]
    with pytest.raises(InputError, match="reason_needed"):
        decide(desk, ready, ids, "excuse", "excused", " ")
    decide(desk, ready, ids[:1], "excuse", "excused", "told by telephone")
    decide(desk, ready, ids[1:2], "channel", "letter", "the estate asked")
    decide(desk, ready, ids[2:3], "exposure", ExposureState.NOT_EXPOSED.value, "not in the copy")
    found = standings(desk, ready)
    assert found["excused"] == 1 and found["in_scope"] == 10
    with desk.read() as queries:
        nobody = queries.person_ids(ready, revision.id, PersonFilter(channels=frozenset({Channel.PUBLIC})))
    with pytest.raises(RuleError, match="channel_impossible"):
        decide(desk, ready, [PersonId(nobody[0])], "channel", "email", "try")


def test_protected_persons_stay_out_of_lists(desk: Desk, ready: BreachId) -> None:
    assert not any("Sukunenh" in row for row in export_rows(desk, ready, PersonFilter()))
    assert len(list(export_rows(desk, ready, PersonFilter()))) == 11


def test_a_new_revision_moves_persons_and_asks_for_a_plan(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    revise_breach(desk, ready, a_revision(windows=(W1,), source="second report"))
    with pytest.raises(RuleError, match="plan_outdated"):
        make_letters(desk, ready, tmp_path / "x")
    make_plan(desk, ready)
    with desk.read() as queries:
        old, new = queries.revisions(ready)
        moved = queries.moves(old.id, new.id)
    assert moved["possible", "not_exposed"] == 1


def test_who_was_told_and_is_owed_more(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    made = export_emails(desk, ready, tmp_path / "e")
    confirm_sent(desk, BatchId(parse_ref(made.reference, "L") or 0), made.planned)
    surer = replace(W2, disclosure=W1.disclosure)
    revise_breach(desk, ready, a_revision(windows=(W1, surer)))
    make_plan(desk, ready)
    with desk.read() as queries:
        assert count_owed(queries, queries.newest_revision(ready)) == 1
    # A revision that changes nothing for them does not make it less: what counts is the message that told them.
    revise_breach(desk, ready, a_revision(windows=(W1, surer), title="Another title"))
    with desk.read() as queries:
        assert count_owed(queries, queries.newest_revision(ready)) == 0, "not worked out yet"
    make_plan(desk, ready)
    with desk.read() as queries:
        assert count_owed(queries, queries.newest_revision(ready)) == owed_persons(queries, ready).persons == 1


def test_a_notice_is_checked_edited_and_frozen(desk: Desk, breach_id: BreachId, register: Path) -> None:
    bring_in(desk, breach_id, register)
    make_plan(desk, breach_id)
    notice_id, _ = draft_notice(desk, breach_id, ("fi",))
    found = check_draft(desk, notice_id)
    assert [(f.check.value, f.language, f.persons) for f in found.missing] == [("language", "sv", 1)]
    with pytest.raises(RuleError, match="notice_incomplete"):
        approve_notice(desk, notice_id, "M")
    with desk.read() as queries:
        texts = queries.notice(notice_id).texts
    no_consequences = [t for t in texts if t.section.value != "consequences"]
    missing = {f.check.value for f in check_draft(desk, notice_id, no_consequences).missing}
    assert "consequences" in missing
    second, _ = draft_notice(desk, breach_id)
    approved, _ = approve_notice(desk, second, "Maija Mallikas")
    assert approved.state is NoticeState.APPROVED and len(approved.sha256) == 64
    for call in (lambda: edit_notice(desk, second, texts), lambda: approve_notice(desk, second, "M")):
        with pytest.raises(RuleError, match="notice_frozen"):
            call()


def test_preview_reads_as_the_person_will(desk: Desk, ready: BreachId) -> None:
    with desk.read() as queries:
        revision = queries.newest_revision(ready)
        swede = queries.person_ids(ready, revision.id, PersonFilter(language="sv"))[0]
    seen = preview(desk, NoticeId(1), swede)
    assert seen.language == "sv" and "Bästa Aino Sukunend" in seen.text
    assert seen.letter().startswith(b"%PDF")
    with pytest.raises(InputError, match="person_no_email"):
        seen.email()
    with desk.read() as queries:
        reached = queries.person_ids(ready, revision.id, PersonFilter(channels=frozenset({Channel.EMAIL})))[0]
    assert b"X-Notice-Ref" in preview(desk, NoticeId(1), reached).email()


KILLED = """
import os, sys
from pathlib import Path
from dpo_app import bootstrap
from dpo_app.core.ids import BreachId
from dpo_app.services.letters.make_letters import make_letters
from dpo_app.store import vault
import dpo_app.files as files
stop, calls = int(sys.argv[3]), 0
def count(real):
    def counted(*a, **k):
        global calls
        calls += 1
        if calls == stop:
            os._exit(9)
        return real(*a, **k)
    return counted
store = vault.open_store(Path(sys.argv[1]), vault.Secret(vault.SlotKind.PASSPHRASE, passphrase=sys.argv[4]))
desk = bootstrap.build(store, "Tester")
for name in ("fsync", "replace", "rename", "link"):
    setattr(os, name, count(getattr(os, name)))
make_letters(desk, BreachId(1), Path(sys.argv[2]))
store.close()
"""


def test_killed_while_letters_are_made_nobody_is_lost_or_doubled(
    desk: Desk, ready: BreachId, opened: vault.OpenStore, tmp_path: Path
) -> None:
    opened.close()
    whole = {p.name: p.read_bytes() for p in opened.folder.iterdir()}
    for stop in range(1, 30):
        for path in opened.folder.iterdir():
            path.unlink()
        for name, data in whole.items():
            (opened.folder / name).write_bytes(data)
        out = tmp_path / f"out{stop}"
        arguments = [sys.executable, "-c", KILLED, str(opened.folder), str(out), str(stop), PASSPHRASE]
        done = subprocess.run(arguments, capture_output=True, check=False)
        assert done.returncode in (0, 9), done.stderr.decode()
        store = vault.open_store(opened.folder, vault.Secret(vault.SlotKind.PASSPHRASE, passphrase=PASSPHRASE))
        again = bootstrap.build(store, "Tester")
        with again.read() as queries:
            for batch in queries.batches(ready):
                if batch.state == "making":
                    finish_batch(again, BatchId(batch.id), tmp_path / f"mended{stop}")
        make_letters(again, ready, tmp_path / f"rest{stop}")
        assert standings(again, ready)["on_the_way"] == 2
        assert verify_trail(again).state is TrailState.INTACT
        store.close()
        if done.returncode == 0:
            break


def test_two_persons_never_get_the_same_code(desk: Desk, breach_id: BreachId, tmp_path: Path) -> None:
    """Among a million persons two equal draws are likely: here every second draw is."""

    class Twins:
        """Draws each code twice."""

        def __init__(self) -> None:
            self._last = ""

        def code(self, length: int) -> str:
            drawn, self._last = (self._last, "") if self._last else (desk.ids.code(length),) * 2
            return drawn

        def __getattr__(self, name: str) -> object:
            return getattr(desk.ids, name)

    alike = replace(desk, ids=Twins())
    for start in (0, 50):
        path = a_register(tmp_path / f"{start}.csv", [a_row(start + n) for n in range(50)])
        assert accept_import(alike, stage_import(alike, breach_id, path).import_id).new == 50
    with desk.read() as queries:
        saved = queries.newest_revision(breach_id)
        lines = queries.person_lines(saved.id, queries.person_ids(breach_id, saved.id, PersonFilter()))
    assert len({line.code for line in lines}) == len(lines) == 100


def test_a_preview_shows_what_has_no_value_yet(desk: Desk, breach_id: BreachId, register: Path) -> None:
    bring_in(desk, breach_id, register)
    make_plan(desk, breach_id)
    save_organisation(desk, Organisation(name="Esimerkki Oy"))
    notice_id, _ = draft_notice(desk, breach_id)
    with pytest.raises(RuleError):
        approve_notice(desk, notice_id, "Maija Mallikas")
    with desk.read() as queries:
        texts = queries.notice(notice_id).texts
    slip = [replace(each, text=f"{each.text} ((fone number))") for each in texts]
    for shown in (None, slip):
        seen = preview(desk, notice_id, texts=shown)
        assert "((phone))" in seen.text and seen.letter().startswith(b"%PDF")
        assert ("((fone number))" in seen.text) == (shown is slip)
