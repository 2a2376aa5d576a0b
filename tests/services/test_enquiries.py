"""The enquiry desk in a real store: nothing is confirmed before identity, everything said is logged, a person's record
holds what was written to them word by word."""

from __future__ import annotations

import email
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from email import policy
from pathlib import Path

import pytest

from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BatchId, BreachId, EnquiryId, PersonId, grouped, parse_ref
from dpo_app.core.persons.enquiry import AskedFact, CodeResult, EnquiryKind, EnquiryState, EnquiryWay, Identity
from dpo_app.services.enquiries.export_record import export_record
from dpo_app.services.enquiries.forecast_load import forecast
from dpo_app.services.enquiries.identify_caller import Attempt, check_code, identify, questions
from dpo_app.services.enquiries.log_enquiry import EnquiryDraft, close_enquiry, log_enquiry, ready_answer
from dpo_app.services.enquiries.sent_message import sent_messages, show_message
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.letters.make_letters import make_letters
from dpo_app.services.mail.export_emails import confirm_sent, export_emails
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.persons.import_persons import undo_import
from dpo_app.services.ports.desk import Desk
from tests.approving import approve_notice
from tests.builders import a_register, a_row
from tests.conftest import bring_in

A = AskedFact
ROWS = [
    a_row(1, Henkilötunnus="010152-901X", Ensikäynti="3.2.2012"), a_row(2, Ensikäynti="3.2.2012"),
    a_row(3, **{"Sähköposti": ""}), a_row(4, Sukunimi="Kaima", Etunimi="Aino", Ensikäynti="3.2.2012"),
    a_row(5, Sukunimi="Kaima", Etunimi="Aino", Ensikäynti="4.2.2012"),
]  # fmt: skip


@pytest.fixture
def sent(desk: Desk, breach_id: BreachId, tmp_path: Path) -> BreachId:
    """Four told by e-mail, a letter made for the third and not posted."""
    bring_in(desk, breach_id, a_register(tmp_path / "r.csv", ROWS))
    make_plan(desk, breach_id)
    notice_id, _ = draft_notice(desk, breach_id)
    approve_notice(desk, notice_id, "Maija Mallikas")
    make_letters(desk, breach_id, tmp_path / "letters")
    made = export_emails(desk, breach_id, tmp_path / "mail")
    confirm_sent(desk, BatchId(parse_ref(made.reference, "L") or 0), made.planned)
    return breach_id


def one(desk: Desk, breach_id: BreachId, text: str) -> PersonId:
    with desk.read() as queries:
        (found,) = queries.find_persons(breach_id, text)
    return PersonId(found)


def token(desk: Desk, person: PersonId) -> str:
    with desk.read() as queries:
        return str(queries.person_deliveries(person)[0].token)


def test_a_code_says_only_whether_it_is_ours(desk: Desk, sent: BreachId) -> None:
    code = grouped(token(desk, one(desk, sent, "A1001"))).lower().replace("-", " ")
    assert check_code(desk, sent, code).result is CodeResult.GENUINE
    assert check_code(desk, None, code).result is CodeResult.GENUINE
    assert check_code(desk, sent, token(desk, one(desk, sent, "A1003"))).result is CodeResult.NOT_SENT
    for wrong in ("", "K7Q2-M9X4-T3AB", code[:-1] + "2", "x" * 400, "' OR 1=1", "ÅÄÖ"):
        found = check_code(desk, sent, wrong)
        assert found.result is CodeResult.NOT_OURS and found.delivery is None
    with desk.read() as queries:
        entries = [line.canonical for line in queries.trail.lines(limit=12)]
    assert not any(code.replace(" ", "").upper() in entry for entry in entries), "the trail does not hold the code"


def test_identity_confirms_nothing_too_early(desk: Desk, sent: BreachId) -> None:
    person = one(desk, sent, "A1001")
    code = check_code(desk, sent, token(desk, person))
    for attempt in (
        Attempt("Sukunenb"), Attempt("A1001"), Attempt("", code), Attempt("nobody at all"),
        Attempt("A1001", None, {A.CUSTOMER_NUMBER: "A1001"}), Attempt("A1001", None, {A.BORN: "1.1.1952"}),
        Attempt("", code, {A.CUSTOMER_NUMBER: "A1009"}), Attempt("A1001", called_back=True),
    ):  # fmt: skip
        found = identify(desk, sent, attempt)
        assert not found.established and found.person_id is None, attempt.text
    right = identify(desk, sent, Attempt("", code, {A.BORN: "1.1.1952"}))
    assert (right.identity, right.person_id, right.other_code) == (Identity.CODE_AND_FACT, person, False)
    two = identify(desk, sent, Attempt("A1001", None, {A.CUSTOMER_NUMBER: "a1001", A.REGISTERED: "2/2012"}))
    assert (two.identity, two.person_id) == (Identity.TWO_FACTS, person)
    assert A.BORN not in questions(desk, sent, with_code=False), (
        "the national id was stolen, and the birth date with it"
    )


def test_of_two_with_the_same_name_nobody_is_guessed(desk: Desk, sent: BreachId) -> None:
    """Both became customers in the same month; only the customer number parts them."""
    both = identify(desk, sent, Attempt("Aino Kaima", None, {A.REGISTERED: "2/2012"}, strong=True))
    assert both.person_id is None
    found = identify(desk, sent, Attempt("Aino Kaima", None, {A.REGISTERED: "2/2012", A.CUSTOMER_NUMBER: "A1005"}))
    assert found.person_id == one(desk, sent, "A1005")


def test_a_message_in_the_wrong_hands_is_noticed(desk: Desk, sent: BreachId) -> None:
    other = check_code(desk, sent, token(desk, one(desk, sent, "A1002")))
    answers = {A.CUSTOMER_NUMBER: "A1001", A.REGISTERED: "3.2.2012"}
    found = identify(desk, sent, Attempt("A1001", other, answers))
    assert (found.person_id, found.other_code) == (one(desk, sent, "A1001"), True)


def test_answers_say_nothing_before_identity(desk: Desk, sent: BreachId) -> None:
    for language in desk.answers.languages():
        first = desk.answers.identity_first(language)
        for kind in EnquiryKind:
            said = ready_answer(desk, sent, kind, language, established=False)
            full = ready_answer(desk, sent, kind, language, established=True, code=CodeResult.GENUINE)
            assert "((" not in said.text + full.text and not full.missing
            assert said.mark == first.mark or desk.answers.answer(kind, language).before_identity
        assert ready_answer(desk, sent, EnquiryKind.MY_DATA, language, established=False).mark == first.mark
        not_ours = ready_answer(desk, sent, EnquiryKind.GENUINE, language, established=True, code=CodeResult.NOT_OURS)
        assert not_ours.mark.startswith("not_ours@")
    assert desk.answers.languages() == ("en", "fi", "sv")
    with pytest.raises(RuleError, match="no_answer"):
        ready_answer(desk, sent, EnquiryKind.OTHER, "xx", established=True)


def draft(desk: Desk, **values: object) -> EnquiryDraft:
    return EnquiryDraft(
        **({"way": EnquiryWay.CALL, "kind": EnquiryKind.GENUINE, "began_at": desk.clock.now()} | values)
    )  # type: ignore[arg-type]


def test_an_enquiry_is_logged_closed_and_forgotten_with_its_person(desk: Desk, sent: BreachId) -> None:
    person = one(desk, sent, "A1001")
    anonymous = log_enquiry(desk, sent, draft(desk))
    assert (anonymous.reference, anonymous.state, anonymous.due_on) == ("Q1", EnquiryState.CLOSED, None)
    known = {"identity": Identity.CODE_AND_FACT, "person_id": person, "note": "asked for a copy by post"}
    request = log_enquiry(desk, sent, draft(desk, kind=EnquiryKind.ACCESS, **known))
    assert request.state is EnquiryState.OPEN and request.due_on is not None
    assert timedelta(days=28) <= request.due_on - date.today() <= timedelta(days=38)
    later = log_enquiry(desk, sent, draft(desk, due_on=date.today() + timedelta(days=3), **known))
    with desk.read() as queries:
        assert queries.enquiry_counts(sent) == (2, 3)
        assert [line.id for line in queries.enquiries(sent, EnquiryState.OPEN)] == [
            later.enquiry_id,
            request.enquiry_id,
        ]
        assert [line.kind for line in queries.enquiries(sent, person_id=person)] == ["genuine", "access"]
        entries = [line.canonical for line in queries.trail.lines(limit=3)]
    assert not any("by post" in entry for entry in entries), "the trail does not hold the note"
    close_enquiry(desk, request.enquiry_id, "sent the record")
    with pytest.raises(RuleError, match="enquiry_closed"):
        close_enquiry(desk, request.enquiry_id, "again")
    with desk.begin() as uow:
        assert uow.enquiries.forget([person]) == 2


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"person_id": 1}, "identity_first"), ({"person_id": 1, "identity": Identity.NOT_SURE}, "identity_first"),
        ({"note": "x" * 4001}, "note_too_long"), ({"due_on": date(2020, 1, 1)}, "due_in_past"),
        ({"person_id": 999, "identity": Identity.STRONG}, "no_such_person"),
    ],
)  # fmt: skip
def test_bad_enquiries_leave_nothing(desk: Desk, sent: BreachId, values: dict[str, object], code: str) -> None:
    with pytest.raises((RuleError, InputError), match=code):
        log_enquiry(desk, sent, draft(desk, **values))
    with desk.read() as queries:
        assert queries.enquiry_counts(sent) == (0, 0)
    with pytest.raises(InputError, match="no_such_enquiry"):
        close_enquiry(desk, EnquiryId(7), "x")


def test_messages_are_shown_word_by_word(desk: Desk, sent: BreachId, tmp_path: Path) -> None:
    person = one(desk, sent, "A1001")
    with desk.read() as queries:
        (message,) = sent_messages(desk, queries, person)
        (line,) = queries.person_deliveries(person)
    assert message.same is True and "Aino" in message.text and message.token in message.text
    written = next(p for p in (tmp_path / "mail").rglob("*.eml") if b"aino1@" in p.read_bytes())
    body = email.message_from_bytes(written.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    assert "".join(message.text.split()) == "".join(body.get_content().split())
    assert show_message(desk, person, line.id).text == message.text
    with pytest.raises(InputError, match="no_message_text"):
        show_message(desk, person, 999)


def test_a_record_holds_everything_of_one_person_and_nothing_of_another(
    desk: Desk, sent: BreachId, tmp_path: Path
) -> None:
    person = one(desk, sent, "A1001")
    log_enquiry(
        desk, sent, draft(desk, kind=EnquiryKind.ACCESS, identity=Identity.STRONG, person_id=person, note="Hei")
    )
    for language, heading in (
        ("", "Tietosi rekisterissämme"),
        ("en", "Your data in our register"),
        ("xx", "Your data"),
    ):
        path = tmp_path / f"record-{language}.pdf"
        path.write_bytes(export_record(desk, person, language))
        text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
        assert heading in text and "010152-901X" in text and "A1001" in text and "aino1@example.com" in text
        assert "Hei" in text and "A1002" not in text and "Kaima" not in text
    with pytest.raises(InputError, match="no_such"):
        export_record(desk, PersonId(999))


def test_the_forecast_learns_from_the_log(desk: Desk, sent: BreachId) -> None:
    before = forecast(desk, sent)
    assert (before.told, before.asked) == (4, 0) and 39 < before.rate <= 40
    for _ in range(5):
        log_enquiry(desk, sent, draft(desk))
    day = before.hours[0].at.date()
    after = forecast(desk, sent, day)
    assert after.asked == 5 and after.rate > before.rate
    assert [hour.at.hour for hour in after.hours] == list(range(8, 17)), "the hours of service of a working day"
    expected = [sum(hour.expected for hour in each.hours) for each in (before, after)]
    assert 0 < expected[1] < 4 * after.rate / 1_000, "a share of those who ask at all"
    assert expected[1] / expected[0] == pytest.approx(after.rate / before.rate)
    assert after.peak >= max(hour.expected for hour in after.hours) and after.peak_at is not None


def test_an_import_taken_back_keeps_the_log_without_its_persons(
    desk: Desk, breach_id: BreachId, tmp_path: Path
) -> None:
    bring_in(desk, breach_id, a_register(tmp_path / "r.csv", ROWS))
    make_plan(desk, breach_id)
    log_enquiry(desk, breach_id, draft(desk, identity=Identity.STRONG, person_id=one(desk, breach_id, "A1001")))
    undo_import(desk, 1)  # type: ignore[arg-type]
    with desk.read() as queries:
        assert [line.person_id for line in queries.enquiries(breach_id)] == [None]


def test_everything_of_the_desk_is_refused_read_only(desk: Desk, sent: BreachId) -> None:
    """Looking is possible in a store that is open for reading only."""
    looking = replace(desk, read_only=True)
    person = one(desk, sent, "A1001")
    assert check_code(looking, sent, token(desk, person)).result is CodeResult.GENUINE
    assert export_record(looking, person)
