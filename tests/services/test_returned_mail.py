"""E-mail that comes back, through a real store: who is moved, by what proof, and what the officer can take back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dpo_app.core.errors import InputError, JobCancelled, RuleError
from dpo_app.core.ids import BatchId, BreachId, PersonId, RevisionId
from dpo_app.core.mail.bounce import BounceReason, MailKind
from dpo_app.core.mail.return_path import address_with, signed_code
from dpo_app.core.persons.channel import Channel
from dpo_app.gui.pages.sending.bounces_part import reading_words
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.mail.decide_returned import (
    Verdict,
    decide_mail,
    dismiss_rest,
    failed_by_class,
    move_to_letter,
    take_back_bounce,
)
from dpo_app.services.mail.export_emails import confirm_sent, export_emails
from dpo_app.services.mail.read_returned import CameBack, read_returned
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from tests.approving import approve_notice
from tests.builders import a_register, a_row
from tests.conftest import bring_in
from tests.dispatch.bounce_kit import a_bounce, corpus

MAILBOX = "tietosuoja@example.com"
ROWS = [a_row(n) for n in range(1, 7)] + [a_row(7, Katuosoite=""), a_row(8, Turvakielto="1")]


@pytest.fixture
def sent(desk: Desk, breach_id: BreachId, tmp_path: Path) -> BreachId:
    """A breach with seven e-mails that another program sent."""
    bring_in(desk, breach_id, a_register(tmp_path / "register.csv", ROWS))
    make_plan(desk, breach_id)
    approve_notice(desk, draft_notice(desk, breach_id)[0], "Maija Mallikas")
    made = export_emails(desk, breach_id, tmp_path / "e")
    assert made.planned == 7
    confirm_sent(desk, BatchId(1), 7)
    return breach_id


def tokens(desk: Desk) -> list[str]:
    """Return the codes of the e-mails, by place."""
    with desk.read() as queries:
        return [row.token for row in queries.batch_rows(BatchId(1))]


def to(desk: Desk, place: int) -> str:
    return address_with(MAILBOX, signed_code(tokens(desk)[place], desk.token_key))


def states(desk: Desk, breach_id: BreachId) -> dict[str, int]:
    with desk.read() as queries:
        return queries.email_counts(breach_id)


def standing(desk: Desk, breach_id: BreachId) -> dict[str, int]:
    with desk.read() as queries:
        found = queries.standings(breach_id, queries.newest_revision(breach_id).id)
    assert found.told + found.on_the_way + found.open + found.unknown + found.excused == found.in_scope
    return {name: getattr(found, name) for name in ("told", "open", "unknown", "on_the_way")}


def undecided(desk: Desk, breach_id: BreachId) -> list[Any]:
    with desk.read() as queries:
        return queries.returned_lines(breach_id, ("undecided",))


def read(desk: Desk, *messages: bytes) -> CameBack:
    return read_returned(desk, messages, "file")


def test_a_bounce_with_our_code_opens_its_person_and_no_other(desk: Desk, sent: BreachId) -> None:
    found = read(desk, a_bounce(to(desk, 0)), a_bounce(to(desk, 1), "552 5.2.2 mailbox full", number=2))
    assert (found.messages, found.bounced, found.undecided) == (2, 2, 0)
    assert dict(found.reasons) == {"dead_address": 1, "full": 1}
    assert states(desk, sent) == {"bounced": 2, "reported_sent": 5}
    assert standing(desk, sent)["told"] == 5
    with desk.read() as queries:
        line = queries.person_deliveries(PersonId(1))[0]
        last = queries.trail.lines(limit=1)[0]
    assert (line.state, line.reason) == ("bounced", "dead_address")
    assert last.action == "mail_came_back" and last.facts["bounced"] == 2 and last.subjects == 1


def test_reading_twice_changes_nothing_and_writes_nothing(desk: Desk, sent: BreachId) -> None:
    messages = [a_bounce(to(desk, 0)), a_bounce(to(desk, 1), action="delayed"), a_bounce(MAILBOX, number=9)]
    read(desk, *messages)
    with desk.read() as queries:
        before = (queries.trail.count(), queries.returned_counts(sent))
    again = read(desk, *messages, messages[0].replace(b"\n", b"\r\n"))
    assert (again.messages, again.again, again.bounced) == (4, 4, 0)
    with desk.read() as queries:
        assert (queries.trail.count(), queries.returned_counts(sent)) == before


def test_a_forged_bounce_changes_nothing_but_stands_before_the_officer(desk: Desk, sent: BreachId) -> None:
    token = tokens(desk)[0].lower()
    forged = [
        a_bounce(f"tietosuoja+{token}22222222@example.com"),
        a_bounce(f"tietosuoja+{token}@example.com", number=2),
        a_bounce(address_with(MAILBOX, signed_code(tokens(desk)[0], b"another key" * 3)), number=3),
        a_bounce(MAILBOX, number=4) + b"X-Notice-Ref: " + tokens(desk)[0].encode(),
    ]
    found = read(desk, *forged)
    assert (found.bounced, found.undecided) == (0, 4)
    assert states(desk, sent) == {"reported_sent": 7}
    assert sorted(line.proof for line in undecided(desk, sent)) == ["forged", "forged", "none", "none"]


def test_the_address_alone_is_a_suggestion(desk: Desk, sent: BreachId) -> None:
    found = read(desk, a_bounce(MAILBOX).replace(b"x@posti.example", b"AINO3@example.com"))
    assert (found.bounced, found.undecided) == (0, 1)
    (line,) = undecided(desk, sent)
    assert (line.proof, line.person_id, line.kind) == ("address", 3, "bounced") and "User unknown" in line.text
    decide_mail(desk, line.id, Verdict.BOUNCED)
    assert states(desk, sent) == {"bounced": 1, "reported_sent": 6}
    with pytest.raises(RuleError, match="mail_decided"):
        decide_mail(desk, line.id, Verdict.NOTHING)
    with desk.read() as queries:
        assert queries.returned_line(line.id).text == "", "what is decided is no longer kept"


def test_other_reports(desk: Desk, sent: BreachId) -> None:
    wanted = {"delivered": "confirmed", "relayed": "reported_sent", "delayed": "reported_sent"}
    read(desk, *(a_bounce(to(desk, n), "250 2.0.0 ok", action) for n, action in enumerate(wanted)))
    with desk.read() as queries:
        assert [queries.person_deliveries(PersonId(n))[0].state for n in (1, 2, 3)] == list(wanted.values())
    assert standing(desk, sent)["told"] == 7


def test_after_a_confirmation_a_bounce_is_for_the_officer(desk: Desk, sent: BreachId) -> None:
    found = read(desk, a_bounce(to(desk, 0), "250 2.0.0 ok", "delivered"), a_bounce(to(desk, 0), number=2))
    assert (found.bounced, found.undecided) == (0, 1) and states(desk, sent)["confirmed"] == 1
    decide_mail(desk, undecided(desk, sent)[0].id, Verdict.BOUNCED)
    assert states(desk, sent)["bounced"] == 1


def test_a_very_late_bounce_is_for_the_officer(desk: Desk, sent: BreachId, monkeypatch: pytest.MonkeyPatch) -> None:
    later = desk.clock.now() + timedelta(days=91)
    monkeypatch.setattr(type(desk.clock), "now", lambda _self: later)
    assert read(desk, a_bounce(to(desk, 0))).undecided == 1
    assert states(desk, sent) == {"reported_sent": 7}


def test_automatic_answers_and_strangers_mail_move_nobody(desk: Desk, sent: BreachId) -> None:
    auto = next(each for each in corpus() if each.kind == "auto_reply")
    own = auto.data.replace(auto.token.lower().encode(), b"x" * 12)
    found = read(desk, own, b"From: shop@shop.example\nSubject: Sale\n\nBuy.\n")
    assert found.not_ours == 2 and found.bounced == 0 and not undecided(desk, sent)


def test_a_reading_names_every_message_and_what_is_none(desk: Desk, sent: BreachId) -> None:
    bounce = a_bounce(to(desk, 0))
    question = b"From: a@stranger.example\nSubject: A question\n\nAm I among them?\n"
    found = read(desk, bounce, bounce, question, b"\x89PNG\r\n\x1a\n" + b"\x00\x01IHDR" * 200)
    assert found.kinds == {"bounced": 1, "answer": 1, "no_message": 1}
    assert found.messages == found.again + found.kinds.total() == 4
    assert found.not_ours == 1, "a question is named, a picture is none"
    words = reading_words(found)
    assert "no e-mail at all 1" in words and "read before 1" in words and "1 carries no code of ours" in words


def test_the_ladder_goes_on_only_with_the_officers_consent(desk: Desk, sent: BreachId) -> None:
    read(
        desk, a_bounce(to(desk, 0)), a_bounce(to(desk, 1), number=2), a_bounce(to(desk, 6), number=3),
        a_bounce(to(desk, 2), "554 5.7.1 spam", number=4),
    )  # fmt: skip
    make_plan(desk, sent)
    with desk.read() as queries:
        revision = RevisionId(queries.newest_revision(sent).id)
        assert queries.channel_counts(revision)["email"] == 7, "nobody moves by themselves"
        classes = failed_by_class(queries, sent)
    assert classes == [(BounceReason.DEAD_ADDRESS, 3, ("dead_address",)), (BounceReason.POLICY, 1, ("policy",))]
    with pytest.raises(RuleError, match="failed_count_differs"):
        move_to_letter(desk, sent, [BounceReason.DEAD_ADDRESS], confirmed=2)
    moved = move_to_letter(desk, sent, [BounceReason.DEAD_ADDRESS], confirmed=3)
    assert moved.persons == 3
    with desk.read() as queries:
        counts = queries.channel_counts(revision)
        assert queries.waiting(sent, revision, Channel.LETTER) == 2
        assert queries.waiting(sent, revision, Channel.EMAIL) == 0, "nobody gets a second e-mail by itself"
        assert failed_by_class(queries, sent) == [(BounceReason.POLICY, 1, ("policy",))]
        actions = [line.action for line in queries.trail.lines(limit=3)]
    assert (counts["email"], counts["letter"], counts["public"]) == (4, 2, 1), "no address: the public notice"
    assert {"ladder_moved", "plan_made"} <= set(actions)
    with pytest.raises(RuleError, match="nobody_to_move"):
        move_to_letter(desk, sent, [BounceReason.DEAD_ADDRESS])


def test_a_wrong_bounce_is_taken_back_with_its_move(desk: Desk, sent: BreachId) -> None:
    read(desk, a_bounce(to(desk, 0)))
    move_to_letter(desk, sent)
    with desk.read() as queries:
        (line,) = queries.returned_lines(sent, ("applied",))
    with pytest.raises(InputError, match="field_missing"):
        take_back_bounce(desk, line.id, " ")
    take_back_bounce(desk, line.id, "the person answered")
    assert states(desk, sent) == {"reported_sent": 7}
    with desk.read() as queries:
        assert queries.channel_counts(RevisionId(queries.newest_revision(sent).id))["email"] == 7
    with pytest.raises(RuleError, match="mail_not_applied"):
        take_back_bounce(desk, line.id, "again")


def test_three_keys_for_what_could_not_be_read(desk: Desk, sent: BreachId) -> None:
    odd = b"From: MAILER-DAEMON@mx.example\nSubject: Notice\nTo: %s\nMessage-ID: <%d@mx>\n\nSomething about %s.\n"
    read(desk, *(odd % (MAILBOX.encode(), n, tokens(desk)[n].encode()) for n in range(3)))
    lines = sorted(undecided(desk, sent), key=lambda line: line.id)
    assert [line.kind for line in lines] == [MailKind.UNREADABLE] * 3 and tokens(desk)[0] in lines[0].text
    with pytest.raises(RuleError, match="mail_needs_code"):
        decide_mail(desk, lines[0].id, Verdict.BOUNCED)
    with pytest.raises(RuleError, match="mail_no_code"):
        decide_mail(desk, lines[0].id, Verdict.BOUNCED, "2222-2222-2222")
    decide_mail(desk, lines[0].id, Verdict.BOUNCED, f"{tokens(desk)[0][:4]}-{tokens(desk)[0][4:]}".lower())
    decide_mail(desk, lines[1].id, Verdict.NOTHING)
    decide_mail(desk, lines[2].id, Verdict.ANSWER)
    assert not undecided(desk, sent) and states(desk, sent) == {"bounced": 1, "reported_sent": 6}


def test_mail_of_others_is_set_aside_in_one_step(desk: Desk, sent: BreachId) -> None:
    read(desk, *(a_bounce(MAILBOX, number=n) for n in range(5)))
    assert dismiss_rest(desk, sent)[0] == 5 and not undecided(desk, sent)
    with pytest.raises(RuleError, match="nothing_to_dismiss"):
        dismiss_rest(desk, sent)


def test_a_reading_that_is_stopped_goes_on_where_it_was(desk: Desk, sent: BreachId) -> None:
    class Stops:
        def step(self, done: int, total: int | None = None) -> None:
            raise JobCancelled

    messages = [a_bounce(to(desk, n % 7), number=n) for n in range(1200)]
    with pytest.raises(JobCancelled):
        read_returned(desk, messages, "file", Stops())
    assert states(desk, sent) == {"bounced": 7}
    found = read(desk, *messages)
    assert (found.again, found.messages, found.bounced) == (500, 1200, 0)
