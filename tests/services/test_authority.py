"""Notices to authorities in a real store: drafted, settled, frozen, handed in, followed up, withdrawn, proved."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import text

from dpo_app import bootstrap
from dpo_app.core.authority.authorities import AuthorityChannel
from dpo_app.core.authority.authority_log import AuthorityEvent, ContactKind
from dpo_app.core.authority.authority_notice import AnswerState, Completeness, Own
from dpo_app.core.digests import sha256_hex
from dpo_app.core.errors import DpoError
from dpo_app.core.facts.breach import Awareness, Basis, Count
from dpo_app.core.ids import BreachId, NoticeId
from dpo_app.core.notices.notice import NoticePhase, NoticeState
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.authority.record_authority import record_authority_event
from dpo_app.services.authority.tell_authority import (
    approve_authority_notice,
    draft_authority_notice,
    leave_open,
    look_at,
    notice_pdf,
    published_form,
    say_in_notice,
)
from dpo_app.services.desk.make_example import make_example
from dpo_app.services.facts.record_breach import add_breach, revise_breach
from dpo_app.services.ports.desk import Desk
from dpo_app.services.proof.export_audit import export_audit, verify_trail
from dpo_app.store import vault
from tests.builders import a_revision

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent.parent / "resources/forms/dpo-authority-notice-1.schema.json").read_text("utf-8")
)
_TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}


def check_schema(value: Any, schema: dict[str, Any], path: str = "") -> None:
    """Check a value against what the published schema uses of JSON Schema."""
    if "const" in schema:
        assert value == schema["const"], path
    if "enum" in schema:
        assert value in schema["enum"], f"{path}: {value}"
    if "type" in schema:
        assert isinstance(value, _TYPES[schema["type"]]), path
    if "minimum" in schema:
        assert value >= schema["minimum"], path
    for name in schema.get("required", ()):
        assert name in value, f"{path}.{name}"
    properties = schema.get("properties", {})
    if schema.get("additionalProperties") is False:
        assert set(value) <= set(properties), f"{path}: {set(value) - set(properties)}"
    for name, each in properties.items():
        if isinstance(value, dict) and name in value:
            check_schema(value[name], each, f"{path}.{name}")
    for place, item in enumerate(value if "items" in schema else ()):
        check_schema(item, schema["items"], f"{path}[{place}]")


def settle(desk: Desk, notice_id: NoticeId) -> None:
    """Say what only the officer knows, in the simplest form that a field takes, and leave the rest open."""
    for _round in range(6):
        case = look_at(desk, notice_id)
        gaps = [gap for gap in case.filled.gaps if not case.template.field(gap.key).open]
        if not gaps:
            break
        said = {}
        for gap in gaps:
            field = case.template.field(gap.key)
            kind = field.kind.value
            value: Any = {"choice": lambda f: f.options[-1], "choices": lambda f: f.options[:1], "number": lambda f: 1,
                          "date": lambda f: "2020-09-28", "instant": lambda f: "2020-09-28T14:05:00+03:00",
                          "text": lambda f: "In the officer's own words."}[kind](field)  # fmt: skip
            said[gap.key] = Own(value)
        say_in_notice(desk, notice_id, said)
    if look_at(desk, notice_id).filled.gaps:
        leave_open(desk, notice_id, "The investigation goes on.", date(2099, 1, 31))


def hand_in(desk: Desk, approved: NoticeId, **changes: Any) -> int:
    now = desk.clock.now()
    event = AuthorityEvent(0, "", ContactKind.SUBMITTED, now, AuthorityChannel.PORTAL, "Maija", approved,
                           reason="Nobody could reach the desk.")  # fmt: skip
    number, _ = record_authority_event(desk, replace(event, **changes))
    return number


@pytest.fixture
def first(desk: Desk, breach_id: BreachId) -> NoticeId:
    """A first notice, approved and handed in under number 2020/4471."""
    notice_id, _ = draft_authority_notice(desk, breach_id)
    settle(desk, notice_id)
    approve_authority_notice(desk, notice_id, "Maija Mallikas")
    hand_in(desk, notice_id, reference="2020/4471")
    return notice_id


def code_of(call: Any) -> str:
    with pytest.raises(DpoError) as caught:
        call()
    return caught.value.code


def test_a_draft_says_what_it_lacks_and_cannot_be_approved(desk: Desk, breach_id: BreachId) -> None:
    notice_id, _ = draft_authority_notice(desk, breach_id)
    case = look_at(desk, notice_id)
    assert case.authority.id == "FI" and case.notice.language == "fi"
    assert case.filled.completeness is Completeness.INCOMPLETE
    # The facts of the builder are years old: the first notice is late, and says why (Art. 33(1)).
    assert "late_reason" in {gap.key for gap in case.filled.gaps}
    assert code_of(lambda: approve_authority_notice(desk, notice_id, "Maija")) == "authority_incomplete"
    assert code_of(lambda: approve_authority_notice(desk, notice_id, " ")) == "field_missing"


def test_an_approved_notice_is_frozen_hashed_and_published(desk: Desk, breach_id: BreachId, first: NoticeId) -> None:
    with desk.read() as queries:
        form, paper = published_form(desk, queries, first), notice_pdf(desk, queries, first)
        entry = queries.trail.lines(actions=[AuditAction.AUTHORITY_APPROVED])[0]
        told = queries.authority_told(breach_id)
    document = json.loads(form)
    check_schema(document, SCHEMA)
    approved = look_at(desk, first)
    assert sha256_hex(form) == approved.notice.sha256 == entry.facts["sha256"]
    assert document["fields"][0]["value"] == "new" and len(document["audit_head"]) == 64
    assert [(t.authority, t.phase, t.notice_id, t.reference) for t in told] == [
        ("FI", NoticePhase.INITIAL, first, "2020/4471")
    ]
    assert code_of(lambda: say_in_notice(desk, first, {"summary": Own("x")})) == "notice_frozen"
    assert code_of(lambda: approve_authority_notice(desk, first, "x")) == "notice_frozen"
    pages = pypdfium2.PdfDocument(paper)
    whole = "".join(page.get_textpage().get_text_range() for page in pages)
    assert approved.notice.sha256 in whole and "Tietosuojavaltuutetun toimisto" in whole
    assert "Maija Mallikas" in whole
    # New facts and a new ledger change nothing of it.
    revise_breach(desk, breach_id, a_revision(persons=Count(900, Basis.EXACT), summary="Otherwise."))
    with desk.read() as queries:
        assert published_form(desk, queries, first) == form and notice_pdf(desk, queries, first) == paper
    assert look_at(desk, first).texts == approved.texts
    assert verify_trail(desk).state.value == "intact"


def test_a_follow_up_shows_what_changed(desk: Desk, breach_id: BreachId, first: NoticeId) -> None:
    revise_breach(desk, breach_id, a_revision(persons=Count(900, Basis.EXACT), summary="More is known."))
    second, _ = draft_authority_notice(desk, breach_id, phase=NoticePhase.FOLLOW_UP)
    case = look_at(desk, second)
    assert case.filled.get("earlier_id").value == "2020/4471"  # type: ignore[union-attr]
    assert {each.key for each in case.changes} >= {"persons", "persons_basis", "summary"}
    assert case.before is not None and case.before["persons"] == "500"
    assert case.filled.get("late_reason") is None, "only a first notice is late"
    settle(desk, second)
    approve_authority_notice(desk, second, "Maija")
    with desk.read() as queries:
        document = json.loads(published_form(desk, queries, second))
        text_of = "".join(
            p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(notice_pdf(desk, queries, second))
        )
    check_schema(document, SCHEMA)
    assert document["changed_since"]["revision"] == 1 and 68 in document["changed_since"]["fields"]
    assert "500" in text_of and "900" in text_of
    hand_in(desk, second, reference="2020/4471-2")
    third, _ = draft_authority_notice(desk, breach_id, phase=NoticePhase.FINAL)
    assert look_at(desk, third).notice.earlier == second
    assert look_at(desk, third).filled.get("earlier_id").value == "2020/4471-2"  # type: ignore[union-attr]


def test_what_was_open_and_is_known_by_now_is_no_longer_open(desk: Desk, breach_id: BreachId, first: NoticeId) -> None:
    assert look_at(desk, first).filled.get("records_basis").state is AnswerState.OPEN  # type: ignore[union-attr]
    revise_breach(desk, breach_id, a_revision(records=Count(1200, Basis.EXACT)))
    second, _ = draft_authority_notice(desk, breach_id, phase=NoticePhase.FOLLOW_UP)
    case = look_at(desk, second)
    assert case.texts["records"].replace("\u202f", "") == "1200"
    assert "records" in {each.key for each in case.changes}
    say_in_notice(desk, second, {"summary": Own("Mine.")})
    assert look_at(desk, second).program["summary"] == "Copied.", "what the program would say stays in sight"


def test_a_follow_up_needs_a_first_notice_that_was_handed_in(desk: Desk, breach_id: BreachId) -> None:
    draft = lambda **more: draft_authority_notice(desk, breach_id, phase=NoticePhase.FOLLOW_UP, **more)  # noqa: E731
    assert code_of(draft) == "no_initial_to_authority"
    assert code_of(lambda: draft_authority_notice(desk, breach_id, withdraw=True)) == "no_initial_to_authority"
    # The way out: one that was made by other means is recorded, and counts.
    event = AuthorityEvent(breach_id, "fi", ContactKind.SUBMITTED, desk.clock.now(), AuthorityChannel.PHONE, "Maija",
                           phase=NoticePhase.INITIAL, reference="P-1", reason="The form was down.")  # fmt: skip
    record_authority_event(desk, event)
    made, _ = draft()
    assert look_at(desk, made).notice.earlier == 0
    assert look_at(desk, made).filled.get("earlier_id").value == "P-1"  # type: ignore[union-attr]


def test_a_notice_from_superseded_facts_is_not_approved(desk: Desk, breach_id: BreachId) -> None:
    notice_id, _ = draft_authority_notice(desk, breach_id)
    settle(desk, notice_id)
    revise_breach(desk, breach_id, a_revision(summary="Newer."))
    assert look_at(desk, notice_id).outdated
    assert code_of(lambda: approve_authority_notice(desk, notice_id, "Maija")) == "notice_from_old_facts"
    again, _ = draft_authority_notice(desk, breach_id)
    case = look_at(desk, again)
    assert again == notice_id and not case.outdated and case.texts["summary"] == "Newer."
    assert case.notice.own, "the officer's words are kept"
    approve_authority_notice(desk, notice_id, "Maija")


def test_a_second_first_notice_is_refused_and_an_unsent_one_is_replaced(desk: Desk, breach_id: BreachId) -> None:
    one, _ = draft_authority_notice(desk, breach_id)
    settle(desk, one)
    approve_authority_notice(desk, one, "Maija")
    two, _ = draft_authority_notice(desk, breach_id)
    assert two != one and look_at(desk, two).notice.own == look_at(desk, one).notice.own
    approve_authority_notice(desk, two, "Maija")
    assert look_at(desk, one).notice.state is NoticeState.SUPERSEDED
    hand_in(desk, two)
    assert code_of(lambda: draft_authority_notice(desk, breach_id)) == "initial_given"
    assert code_of(lambda: hand_in(desk, two)) == "handed_in_before"


def test_after_a_withdrawal_nothing_is_added(desk: Desk, breach_id: BreachId, first: NoticeId) -> None:
    made, _ = draft_authority_notice(desk, breach_id, phase=NoticePhase.FOLLOW_UP, withdraw=True)
    say_in_notice(desk, made, {"withdrawal_reason": Own("It was a drill.")})
    settle(desk, made)
    approved, _ = approve_authority_notice(desk, made, "Maija")
    assert next(a.value for a in approved.answers if a.key == "subtype") == "withdraw"
    hand_in(desk, made)
    assert code_of(lambda: draft_authority_notice(desk, breach_id, phase=NoticePhase.FINAL)) == "authority_withdrawn"
    with desk.read() as queries:
        assert [n[0] for n in queries.authority_notices(breach_id)] == [first, made], "everything is kept"


IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"at": datetime(2999, 1, 1, tzinfo=UTC)}, "in_future"), ({"by": " "}, "field_missing"),
    ({"at": datetime(2020, 9, 28, 11, 0, tzinfo=UTC)}, "handed_in_before_approval"),
    ({"reason": "", "notice_id": 0, "authority": "FI", "breach_id": 1, "phase": NoticePhase.INITIAL,
      "at": datetime(2021, 1, 1, tzinfo=UTC)}, "late_reason_needed"),
    ({"notice_id": 0, "authority": "FI", "breach_id": 1, "phase": NoticePhase.INITIAL,
      "at": datetime(2020, 9, 28, 11, 0, tzinfo=UTC)}, "told_before_aware"),
    ({"notice_id": 0, "authority": "XX", "breach_id": 1}, "no_such_authority"),
    ({"notice_id": 0, "authority": "FI", "breach_id": 1, "phase": NoticePhase.FINAL}, "no_initial_to_authority"),
    ({"corrects": 99}, "no_such_entry"), ({"notice_id": 77}, "no_such_notice"),
]  # fmt: skip


def test_what_cannot_have_been_is_not_recorded(desk: Desk, breach_id: BreachId) -> None:
    notice_id, _ = draft_authority_notice(desk, breach_id)
    assert code_of(lambda: hand_in(desk, notice_id)) == "notice_not_approved"
    settle(desk, notice_id)
    approve_authority_notice(desk, notice_id, "Maija")
    before = look_at(desk, notice_id)
    for changes, code in IMPOSSIBLE:
        assert code_of(lambda changes=changes: hand_in(desk, notice_id, **changes)) == code
    assert look_at(desk, notice_id) == before
    with desk.read() as queries:
        assert queries.authority_events(breach_id) == []


def test_in_time_needs_no_reason(desk: Desk) -> None:
    now = desk.clock.now()
    aware = Awareness(now - timedelta(hours=3), "Message")
    breach_id = add_breach(desk, a_revision(awareness=aware, known_as_of=now, windows=())).breach_id
    notice_id, _ = draft_authority_notice(desk, breach_id)
    assert look_at(desk, notice_id).filled.get("late_reason") is None
    settle(desk, notice_id)
    approve_authority_notice(desk, notice_id, "Maija")
    hand_in(desk, notice_id, reason="")


def test_receipts_and_letters_are_kept_with_their_hash(desk: Desk, breach_id: BreachId, first: NoticeId) -> None:
    letter = AuthorityEvent(breach_id, "FI", ContactKind.RECEIVED, desk.clock.now(), AuthorityChannel.EMAIL, "Registry",
                            note="Asks for the report.", reference="2020/4471-Q")  # fmt: skip
    number, _ = record_authority_event(desk, letter, [("letter.pdf", b"%PDF-1.7 letter")])
    with desk.read() as queries:
        event = queries.authority_events(breach_id)[-1]
        assert event.id == number and event.files[0].sha256 == sha256_hex(b"%PDF-1.7 letter")
        assert queries.authority_file(event.files[0].id) == ("letter.pdf", b"%PDF-1.7 letter")
        assert code_of(lambda: queries.authority_file(999)) == "no_such_kept_file"
    too_big = [("big.bin", b"0" * 10_000_001)]
    assert code_of(lambda: record_authority_event(desk, letter, too_big)) == "file_too_big"


def test_an_entry_is_corrected_by_another(desk: Desk, breach_id: BreachId, first: NoticeId) -> None:
    with desk.read() as queries:
        wrong = queries.authority_events(breach_id)[0]
    hand_in(desk, first, reference="2020/4472", corrects=wrong.id)
    with desk.read() as queries:
        assert [t.reference for t in queries.authority_told(breach_id)] == ["2020/4472"]
        assert len(queries.authority_events(breach_id)) == 2, "what was wrong is still there"


def test_the_audit_file_tells_what_authorities_were_told(desk: Desk, breach_id: BreachId, first: NoticeId) -> None:
    call = AuthorityEvent(breach_id, "FI", ContactKind.CALL, desk.clock.now(), AuthorityChannel.PHONE, "Maija",
                          note="They ask for the report by Friday.")  # fmt: skip
    record_authority_event(desk, call)
    pages = pypdfium2.PdfDocument(export_audit(desk, breach_id, "en"))
    whole = " ".join("".join(page.get_textpage().get_text_range() for page in pages).split())
    assert "Authorities" in whole and "2020/4471" in whole and "They ask for the report by Friday." in whole
    assert look_at(desk, first).notice.sha256 in whole.replace(" ", "")


def test_other_authorities_have_their_own_notices(desk: Desk, breach_id: BreachId, first: NoticeId) -> None:
    swedish, _ = draft_authority_notice(desk, breach_id, "SE")
    case = look_at(desk, swedish)
    assert case.notice.language == "sv" and case.form.authority == "SE" and not case.form.verified
    assert code_of(lambda: draft_authority_notice(desk, breach_id, "XX")) == "no_such_authority"
    assert code_of(lambda: draft_authority_notice(desk, breach_id, "DE", language="de")) == "no_form_words"
    bavarian, _ = draft_authority_notice(desk, breach_id, "DE-BY")
    assert look_at(desk, bavarian).form.id == "DE", "the federal order, as long as no other is described"
    british, _ = draft_authority_notice(desk, breach_id, "UK")
    asked = {each.key for each in look_at(desk, british).filled.answers}
    assert not asked & {"representative", "cross_border", "outside_several_states"}


MISFITS: list[tuple[dict[str, Own], str]] = [
    ({"none": Own("x")}, "no_such_field"), ({"sector": Own("both")}, "field_value"), ({"persons": Own("x")}, "field_value"),
    ({"persons": Own(-1)}, "field_value"), ({"kinds": Own(("x",))}, "field_value"), ({"summary": Own(3)}, "field_value"),
    ({"summary": Own(open=True)}, "field_not_open"),
]  # fmt: skip


def test_a_field_takes_what_fits(desk: Desk, breach_id: BreachId) -> None:
    notice_id, _ = draft_authority_notice(desk, breach_id)
    for said, code in MISFITS:
        assert code_of(lambda said=said: say_in_notice(desk, notice_id, said)) == code


def test_own_words_can_be_taken_back(desk: Desk, breach_id: BreachId) -> None:
    notice_id, _ = draft_authority_notice(desk, breach_id)
    say_in_notice(desk, notice_id, {"summary": Own("Mine.")})
    assert look_at(desk, notice_id).texts["summary"] == "Mine."
    say_in_notice(desk, notice_id, {"summary": None})
    assert look_at(desk, notice_id).texts["summary"] == "Copied."


def test_leaving_open_needs_a_reason_and_a_day_to_come(desk: Desk, breach_id: BreachId) -> None:
    notice_id, _ = draft_authority_notice(desk, breach_id)
    assert code_of(lambda: leave_open(desk, notice_id, " ", None)) == "reason_needed"
    assert code_of(lambda: leave_open(desk, notice_id, "Why", date(2020, 1, 1))) == "date_in_past"
    leave_open(desk, notice_id, "Why", date(2099, 1, 1))
    assert code_of(lambda: leave_open(desk, notice_id, "Why", date(2099, 1, 1))) == "nothing_to_leave_open"


def test_a_notice_to_an_authority_is_none_to_persons(desk: Desk, breach_id: BreachId, first: NoticeId) -> None:
    with desk.read() as queries:
        assert queries.notices(breach_id) == [] and queries.approved_notice(breach_id) is None
        assert code_of(lambda: queries.notice(first)) == "no_such_notice"
        assert queries.recipient_of(first) == "authority"


def test_every_mandatory_field_of_the_worked_example_is_filled_or_open_with_its_reason(desk: Desk) -> None:
    made = make_example(desk, 60)
    notice_id, _ = draft_authority_notice(desk, made.breach_id)
    case = look_at(desk, notice_id)
    asked = {each.key for each in case.filled.answers}
    for key in ("persons", "persons_described", "data_types", "summary", "measures_taken", "aware_at", "occurred"):
        assert case.texts[key], key
    # Each field that is asked has a place on the page: one section of the form in use, and one of the template.
    placed = [no for section in case.form.sections for no in section.fields]
    assert {each.no for each in case.filled.answers} <= set(placed)
    settle(desk, notice_id)
    done = look_at(desk, notice_id)
    assert not done.filled.gaps and asked <= {each.key for each in done.filled.answers}
    fields = {each.no: each for each in done.template.fields}
    for answer in done.filled.answers:
        if fields[answer.no].required:
            assert answer.state in (AnswerState.KNOWN, AnswerState.ESTIMATED) or (answer.reason and answer.due)


def test_no_person_is_in_what_an_authority_gets(desk: Desk, opened: vault.OpenStore) -> None:
    made = make_example(desk, 40)
    notice_id, _ = draft_authority_notice(desk, made.breach_id)
    settle(desk, notice_id)
    approve_authority_notice(desk, notice_id, "Maija Mallikas")
    with desk.read() as queries, opened.engine.connect() as connection:
        form = published_form(desk, queries, notice_id).decode()
        rows = connection.execute(text("SELECT family_name, national_id, email FROM person")).all()
    assert rows
    for family, national_id, email in rows:
        assert not national_id or national_id not in form
        assert not email or email not in form
        assert f'"{family}' not in form


def test_a_store_that_is_opened_again_has_the_log(desk: Desk, opened: vault.OpenStore, first: NoticeId) -> None:
    again = bootstrap.build(opened, "Other")
    case = look_at(again, first)
    assert case.handed_in_at is not None and case.notice.approved_by == "Maija Mallikas"
