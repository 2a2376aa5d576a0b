"""Runs of e-mails through a server on this computer: what leaves, what stops them, what the ledger says afterwards."""

from __future__ import annotations

import threading
import time
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dpo_app.core.delivery import Resolution
from dpo_app.core.errors import DeliveryError, InputError, JobCancelled, RuleError
from dpo_app.core.ids import BatchId, BreachId, PersonId
from dpo_app.core.letters.letter import token_ok
from dpo_app.core.mail.mail_server import MailServer, Security, SignIn
from dpo_app.core.mail.pacing import Limits
from dpo_app.core.mail.return_path import codes_in, token_of
from dpo_app.core.persons.channel import Channel
from dpo_app.core.proof.audit import AuditAction
from dpo_app.dispatch.smtp import Times
from dpo_app.documents.mail import MailRun
from dpo_app.messages import explain_pause
from dpo_app.services.enquiries.sent_message import sent_messages
from dpo_app.services.mail.arm_breach import arm_breach, disarm_breach
from dpo_app.services.mail.decide_returned import move_to_letter
from dpo_app.services.mail.email_run import find_interrupted, plan_to_send, release_held, stop_run
from dpo_app.services.mail.mail_settings import renew_token, save_mail_server
from dpo_app.services.mail.resolve_emails import read_server_log, resolve_emails
from dpo_app.services.mail.sending_watch import RunControl
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.mail import MailRow
from tests.approving import approve_notice
from tests.dispatch.kit import RULES, certified, quick, ready_to_send, send, server_at, standing, states
from tests.dispatch.postfix import free_port
from tests.dispatch.servers import Plan, serving

FOUR = [f"aino{n}@example.com" for n in range(1, 5)]


@pytest.fixture
def ready(desk: Desk, tmp_path: Path) -> BreachId:
    return ready_to_send(desk, tmp_path)


def test_everybody_gets_one_message_and_is_told(desk: Desk, ready: BreachId) -> None:
    with serving(extensions="DSN") as server:
        end = send(quick(desk), ready, server_at(server, connections=3), 4)
    assert (end.planned, end.counts["accepted"], end.paused) == (4, 4, "")
    assert sorted(server.recipients()) == FOUR
    for kept in server.kept:
        assert [each.addr_spec for each in kept.message["To"].addresses] == [kept.recipient]
        assert token_ok(kept.message["X-Notice-Ref"], ready)
        codes = [token_of(code, desk.token_key) for code in codes_in(kept.sender)]
        assert codes == [kept.message["X-Notice-Ref"]], "the return address is signed"
        assert "X-Unsent" not in kept.message
    assert any(b"ENVID=" in each and b"RET=HDRS" in each for each in server.commands)
    found = standing(desk, ready)
    assert (found.told, found.open, found.in_scope) == (4, 0, 4)
    with desk.read() as queries:
        person = queries.deliveries_by_tokens([server.kept[0].message["X-Notice-Ref"]]).popitem()[1].person_id
        assert [each.same for each in sent_messages(desk, queries, PersonId(person))] == [True]
    with desk.read() as queries:
        assert queries.batch(BatchId(1)).state == "sent"
        actions = [each.action for each in queries.trail.lines(limit=20)]
        assert {"sending_began", "emails_handed_over", "sending_ended"} <= set(actions)
    with pytest.raises(RuleError, match="nobody_to_write_to"):
        send(quick(desk), ready, server_at(server), 0)


def test_nothing_leaves_before_the_breach_is_armed(desk: Desk, ready: BreachId) -> None:
    disarm_breach(desk, ready)
    with serving() as server:
        with pytest.raises(RuleError, match="not_armed"):
            send(quick(desk), ready, server_at(server), 4)
        assert not server.commands and standing(desk, ready).open == 4
    for until in (timedelta(0), timedelta(days=40)):
        with pytest.raises(InputError, match="arming_until"):
            arm_breach(desk, ready, desk.clock.now() + until)


def test_taking_the_arming_back_stops_the_run_at_the_next_message(desk: Desk, ready: BreachId) -> None:
    with serving(Plan("dot", "none", 1, after=1)) as server:
        server.plan.said = lambda: disarm_breach(desk, ready)
        end = send(quick(desk), ready, server_at(server), 4)
    assert end.paused == "not_armed" and end.counts["accepted"] == 1
    assert len(server.kept) == 1 and standing(desk, ready).on_the_way == 3


def test_the_number_must_be_the_one_that_would_be_sent(desk: Desk, ready: BreachId) -> None:
    with serving() as server:
        for typed in (0, 3, 5):
            with pytest.raises(RuleError, match="count_typed"):
                send(quick(desk), ready, server_at(server), typed)
        assert not server.commands
        with desk.read() as queries:
            assert queries.batches(ready) == []


def test_answers_move_each_person_where_they_belong(desk: Desk, tmp_path: Path) -> None:
    ready = ready_to_send(desk, tmp_path, 6)
    answers = {
        "aino1": [b"rcpt 550 5.1.1 <aino1@example.com>: no such user"], "aino2": [b"452 4.2.2 mailbox full"],
        "aino3": [b"550 5.7.1 refused by our policy"], "aino4": [b"rcpt 450 4.2.0 greylisted"], "aino5": [b"whatever"],
    }  # fmt: skip
    with serving(answers=answers) as server:
        end = send(quick(desk), ready, server_at(server), 6)
        assert end.counts | {"cancelled": 0} == {
            "accepted": 1, "rejected": 1, "deferred": 2, "held": 1, "unknown": 1, "waiting": 0, "cancelled": 0,
        }  # fmt: skip
        with desk.read() as queries:
            by_name = {each.token: each for each in queries.tried_lines(ready, [])}
            dead = next(each for each in by_name.values() if each.kind == "dead")
            assert "aino1" not in dead.reply and dead.enhanced == "5.1.1" and dead.step == "rcpt"
            full = next(each for each in by_name.values() if each.kind == "full")
            assert full.next_try_at is not None
            assert abs(full.next_try_at - full.at - timedelta(hours=4)) < timedelta(seconds=1)
        found = standing(desk, ready)
        assert (found.told, found.on_the_way, found.open, found.unknown) == (1, 2, 2, 1)
        assert move_to_letter(desk, ready).persons == 1, "refused at once counts like a bounce"
        with desk.read() as queries:
            newest = queries.newest_revision(ready).id
            assert queries.waiting(ready, newest, Channel.LETTER) == 1, "the dead address moves to a letter"
            assert queries.waiting(ready, newest, Channel.EMAIL) == 0, "nobody gets an e-mail again by itself"
        again = send(quick(desk), ready, server_at(server), 2)
        assert again.counts["accepted"] == 2
        assert release_held(desk, BatchId(1), "the filter was mended")[0] == 1
        assert send(quick(desk), ready, server_at(server), 1).counts["accepted"] == 1
    assert sorted(server.recipients()) == [f"aino{n}@example.com" for n in (2, 3, 4, 6)]


def test_unknown_outcomes_wait_for_the_officer(desk: Desk, tmp_path: Path) -> None:
    ready = ready_to_send(desk, tmp_path, 3)
    with serving(Plan("dot", "drop", -1, takes=True)) as server:
        end = send(quick(desk), ready, server_at(server), 3, rules=replace(RULES, unknowns=9))
        assert end.counts["unknown"] == 3 and standing(desk, ready).unknown == 3
        assert plan_to_send(desk, ready).planned == 0, "never sent again by itself"
        with desk.read() as queries:
            tokens = [each.token for each in queries.tried_lines(ready, [])]
        with pytest.raises(InputError, match="reason_needed"):
            resolve_emails(desk, ready, Resolution.AGAIN, " ", tokens[:1])
        with pytest.raises(InputError, match="no_such_code"):
            resolve_emails(desk, ready, Resolution.SENT, "", ["AAAA-AAAA-AAAA"])
        resolve_emails(desk, ready, Resolution.SENT, "", tokens[:1])
        with pytest.raises(RuleError, match="not_unknown"):
            resolve_emails(desk, ready, Resolution.SENT, "", tokens[:1])
        resolve_emails(desk, ready, Resolution.LETTER, "", tokens[1:2])
        resolve_emails(desk, ready, Resolution.AGAIN, "asked by phone: nothing came", tokens[2:])
        first = {each.recipient: each.data for each in server.kept}
        server.plan.times = 0
        assert send(quick(desk), ready, server_at(server), 1).counts["accepted"] == 1
    repeated = server.kept[-1]
    assert repeated.data == first[repeated.recipient], "the same bytes under the same id"
    found = standing(desk, ready)
    assert (found.told, found.open, found.unknown) == (2, 1, 0)


@pytest.mark.parametrize(("answer", "why"), [
    (b"550 5.7.26 not authenticated (DMARC)", "trust"), (b"550 5.7.1 blocked by policy", "policy"),
    (b"550 no", "refusals"),
])  # fmt: skip
def test_a_run_stops_by_itself(desk: Desk, tmp_path: Path, answer: bytes, why: str) -> None:
    ready = ready_to_send(desk, tmp_path, 8)
    answers = {f"aino{n}": [answer] for n in range(1, 9)}
    with serving(answers=answers) as server:
        end = send(quick(desk), ready, server_at(server), 8, rules=replace(RULES, refusals=5))
    handled = {"trust": 1, "policy": 3, "refusals": 5}[why]
    assert end.paused == why and end.counts["waiting"] == 8 - handled
    assert end.counts["held" if why != "refusals" else "rejected"] == handled


def test_a_sender_who_is_refused_marks_nobody(desk: Desk, ready: BreachId) -> None:
    with serving(Plan("mail", "5xx", -1)) as server:
        end = send(quick(desk), ready, server_at(server), 4)
        assert end.paused == "setup" and end.counts["waiting"] == 4
        server.plan.times = 0
        assert send(quick(desk), ready, server_at(server, signed_return=False), None).counts["accepted"] == 4
    assert {each.sender for each in server.kept} == {"tietosuoja@example.com"}


def test_an_expired_token_pauses_the_run_and_a_new_one_lets_it_go_on(desk: Desk, tmp_path: Path) -> None:
    ready = ready_to_send(desk, tmp_path, 4)
    mine = certified(tmp_path, "127.0.0.1")
    with serving(context=mine.context, implicit=True, login=("office", "first-token")) as server:
        server.plan = Plan("mail", "drop", 1, after=2)
        server.plan.said = lambda: setattr(server, "login", ("office", "second-token"))
        profile = server_at(
            server,
            security=Security.TLS,
            authority=mine.authority,
            sign_in=SignIn.OAUTH,
            user="office",
            secret="first-token",
        )
        save_mail_server(desk, profile)
        end = send(quick(desk), ready, profile, 4)
        assert end.paused == "token" and end.counts["accepted"] == 2 and end.counts["waiting"] == 2
        assert "expired" in str(explain_pause(end.paused)) and end.said.startswith("535")
        renewed, _changes = renew_token(desk, "  second-\n token ")
        assert renewed == replace(profile, secret="second-token") and "second" not in repr(renewed)
        assert send(quick(desk), ready, renewed, None).counts["accepted"] == 2
        save_mail_server(desk, replace(profile, sign_in=SignIn.PASSWORD))
        with pytest.raises(InputError, match="no_token_wanted"):
            renew_token(desk, "third")
    assert sorted(server.recipients()) == FOUR


def test_pausing_ends_within_a_message_and_the_rest_goes_on_later(desk: Desk, tmp_path: Path) -> None:
    ready = ready_to_send(desk, tmp_path, 6)
    control = RunControl()
    with serving(Plan("dot", "none", 1, after=2)) as server:
        server.plan.said = control.pause
        end = send(quick(desk), ready, server_at(server), 6, control=control)
        assert end.paused == "officer" and end.counts["accepted"] == 2 and end.counts["waiting"] == 4
        assert plan_to_send(desk, ready).planned == 4
        with desk.read() as queries:
            tries = sorted(each.tries for each in queries.tried_lines(ready, []))
            assert tries == [0, 0, 0, 0, 1, 1] and not queries.running_tries(), "what was made ahead is given back"
        with pytest.raises(RuleError, match="count_typed"):
            send(quick(desk), ready, server_at(server), 6)
        assert send(quick(desk), ready, server_at(server), None).counts["accepted"] == 4
    assert sorted(server.recipients()) == [f"aino{n}@example.com" for n in range(1, 7)]


def test_a_stopped_run_leaves_its_persons_open_for_the_next(desk: Desk, ready: BreachId) -> None:
    control = RunControl()
    with serving(Plan("dot", "none", 1, after=1)) as server:
        server.plan.said = control.pause
        send(quick(desk), ready, server_at(server), 4, control=control)
        with pytest.raises(InputError, match="reason_needed"):
            stop_run(desk, BatchId(1), "")
        assert stop_run(desk, BatchId(1), "another text is coming")[0] == 3
        assert standing(desk, ready).open == 3
        approve_notice(desk, draft_notice(desk, ready)[0], "M")
        assert send(quick(desk), ready, server_at(server), 3).counts["accepted"] == 3
    assert sorted(server.recipients()) == FOUR
    attempts = sorted(each.message["Message-ID"].split("@")[0].rsplit(".", 1)[1] for each in server.kept)
    assert attempts == ["1", "2", "2", "2"]


def test_an_older_text_is_not_sent_once_a_newer_one_is_approved(desk: Desk, ready: BreachId) -> None:
    control = RunControl()
    with serving(Plan("dot", "none", 1, after=1)) as server:
        server.plan.said = control.pause
        send(quick(desk), ready, server_at(server), 4, control=control)
        approve_notice(desk, draft_notice(desk, ready)[0], "M")
        with pytest.raises(RuleError, match="run_outdated"):
            send(quick(desk), ready, server_at(server), None)
        assert len(server.kept) == 1


class _Tampered:
    """A press that puts somebody else's line into one message."""

    def __init__(self, real: Any, number: int, before: bytes, after: bytes) -> None:
        self.real, self.number, self.before, self.after = real, number, before, after

    def prepare(self, order: Any) -> Any:
        press, own = self.real.prepare(order), self

        class Press:
            def message(self, row: Any) -> bytes:
                data: bytes = press.message(row)
                return data.replace(own.before, own.after) if row.number == own.number else data

        return Press()


@pytest.mark.parametrize(("before", "after"), [
    (b"aino2@example.com", b"aino3@example.com"), (b"Aino Sukunenc", b"Aino Sukunend"),
    (b"X-Notice-Ref: ", b"X-Notice-Ref: A"),
    (b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\r\nBcc: aino3@example.com\r\n"),
    (b"Hyv=C3=A4 Aino", b"Huv=C3=A4 Aino"),
])  # fmt: skip
def test_one_message_that_is_not_its_persons_stops_the_run(
    desk: Desk, ready: BreachId, before: bytes, after: bytes
) -> None:
    tampered = replace(quick(desk), mail=_Tampered(desk.mail, 2, before, after))
    with serving() as server:
        end = send(tampered, ready, server_at(server), 4)
        assert end.paused == "wrong_person" and end.said.startswith("2 ")
        assert server.recipients() == ["aino1@example.com"]
        assert end.counts["waiting"] == 3
        assert send(quick(desk), ready, server_at(server), None).counts["accepted"] == 3
    assert sorted(server.recipients()) == FOUR


@pytest.mark.parametrize("address", [
    "a@example.com,b@example.com", "a@example.com; b@example.com", "ääni@example.com", "a b@example.com", "<a@example.com>",
])  # fmt: skip
def test_what_is_not_one_address_gets_no_message(desk: Desk, tmp_path: Path, address: str) -> None:
    ready = ready_to_send(desk, tmp_path, 2)
    with desk.begin() as uow:
        uow.queries._connection.exec_driver_sql("UPDATE person SET email = ? WHERE id = 1", (address,))
        uow.audit.record(AuditAction.VERIFIED, facts={"entries": 0})
        uow.commit()
    with serving() as server:
        end = send(quick(desk), ready, server_at(server), 2)
    assert end.counts["accepted"] == 1 and end.counts["rejected"] == 1
    assert server.recipients() == ["aino2@example.com"]


def test_names_with_encoded_words_and_quotes_stay_names(desk: Desk, tmp_path: Path) -> None:
    for name in (
        "=?utf-8?q?Bcc:?=",
        'A"b\\c',
        "Åsa-Örjan Ääkköstie-Pitkänimisen-Kaimanpoika",
        "Li, Na",
        "Zoë <x@y.fi>",
    ):
        folder = tmp_path / str(abs(hash(name)))
        folder.mkdir()
        ready = ready_to_send(desk, folder, 1, Sukunimi=name)
        with serving() as server:
            end = send(quick(desk), ready, server_at(server), 1)
        assert end.counts["accepted"] == 1, (name, end.paused, end.said)
        assert server.recipients() == ["aino1@example.com"]
        assert set(server.kept[0].message.keys()).isdisjoint({"Bcc", "Cc"})


def test_the_line_is_opened_again_when_the_server_ends_it(desk: Desk, tmp_path: Path) -> None:
    ready = ready_to_send(desk, tmp_path, 5)
    with serving(Plan("mail", "drop", 2)) as server:
        end = send(quick(desk), ready, server_at(server), 5)
    assert end.counts["accepted"] == 5 and len(server.kept) == 5


def test_a_server_that_asks_to_slow_down_is_heeded(desk: Desk, tmp_path: Path) -> None:
    ready = ready_to_send(desk, tmp_path, 3)
    control = RunControl()
    with serving(answers={"aino1": [b"451 4.7.1 too many messages, slow down"]}) as server:
        end = send(quick(desk), ready, server_at(server, limits=Limits(60_000)), 3, control=control)
    assert end.counts["deferred"] == 1 and end.counts["accepted"] == 2 and control.view.slowed


def test_limits_count_what_left_before_the_pause(desk: Desk, ready: BreachId) -> None:
    control = RunControl()
    with serving() as server:
        limited = server_at(server, limits=Limits(per_hour=3))
        timer = threading.Timer(1.5, control.pause)
        timer.start()
        end = send(quick(desk), ready, limited, 4, control=control)
        timer.join()
        assert end.counts["accepted"] == 3
        again = RunControl()
        timer = threading.Timer(0.5, again.pause)
        timer.start()
        assert send(quick(desk), ready, limited, None, control=again).counts["accepted"] == 0
        timer.join()
    assert len(server.kept) == 3


def test_a_run_can_be_set_for_later(desk: Desk, ready: BreachId) -> None:
    with serving() as server:
        at = desk.clock.now() + timedelta(seconds=1)
        end = send(quick(desk), ready, server_at(server), 4, starts_at=at)
        assert end.counts["accepted"] == 4 and desk.clock.now() >= at
        control = RunControl()
        control.pause()
    assert len(server.kept) == 4


def test_the_servers_log_settles_what_nobody_knew(desk: Desk, ready: BreachId) -> None:
    with serving(Plan("dot", "drop", -1, takes=True)) as server:
        send(quick(desk), ready, server_at(server), 4, rules=replace(RULES, unknowns=9))
    ids = {each.recipient: each.message["Message-ID"] for each in server.kept}
    log = [
        f"Nov 26 12:00:01 mx postfix/cleanup[11]: 4ABC1: message-id={ids['aino1@example.com']}",
        f"Nov 26 12:00:01 mx postfix/cleanup[11]: 4ABC1D: message-id={ids['aino1@example.com']}",
        "Nov 26 12:00:01 mx postfix/qmgr[12]: 4ABC1D: from=<x@example.com>, size=9, nrcpt=1 (queue active)",
        "Nov 26 12:00:02 mx postfix/smtp[13]: 4ABC1D: to=<aino1@example.com>, relay=x, dsn=2.0.0, status=sent (250 ok)",
        f"Nov 26 12:00:01 mx postfix/cleanup[11]: 4ABC2D: message-id={ids['aino2@example.com']}",
        f"Nov 26 12:00:01 mx postfix/cleanup[11]: 4ABC3D: message-id={ids['aino3@example.com'].replace('.1@', '.2@')}",
        "Nov 26 12:00:01 mx postfix/qmgr[12]: 4ABC3D: from=<x@example.com>, size=9, nrcpt=1 (queue active)",
        "Nov 26 12:00:02 mx postfix/smtp[13]: 4ABC3D: to=<a@b.c>, relay=x, dsn=5.1.1, status=bounced (550 no)",
        "Nov 26 12:00:01 mx postfix/cleanup[11]: 4ABC4D: message-id=<forged.aaaaaaaa.1@example.com>",
        "Nov 26 12:00:01 mx postfix/qmgr[12]: 4ABC4D: from=<x@example.com>, size=9, nrcpt=1 (queue active)",
    ]  # fmt: skip
    found = read_server_log(desk, ready, log)
    assert (found.ours, found.settled, found.refused) == (2, 2, 1), "named by cleanup alone is not in the queue"
    assert states(desk, ready) == {"accepted": 1, "bounced": 1, "unknown": 2}
    assert read_server_log(desk, ready, log).settled == 0


def test_nothing_to_find_after_a_run_that_ended(desk: Desk, ready: BreachId) -> None:
    with serving() as server:
        send(quick(desk), ready, server_at(server), 4)
    assert find_interrupted(desk) == {"waiting": 0, "unknown": 0}


def test_a_fault_nobody_foresaw_lets_every_line_go(desk: Desk, ready: BreachId) -> None:
    class Broken:
        def write(self, *_lines: Any) -> frozenset[int]:
            time.sleep(0.5)  # by then the other lines wait for their claims, too
            raise RuntimeError

    broken = replace(quick(desk), journal=lambda breach_id: nullcontext(Broken()))
    with serving() as server:
        with pytest.raises(RuntimeError):
            send(broken, ready, server_at(server, connections=3), 4)
        assert not server.kept
    assert not [each.name for each in threading.enumerate() if each.name.startswith("dpo-mail")]


def test_a_lock_does_not_wait_ten_minutes_for_an_answer(desk: Desk, ready: BreachId) -> None:
    class Locks:
        def step(self, done: int, total: int | None = None) -> None:
            if server.handled:
                raise JobCancelled

    patient = quick(desk, Times(60, 60, 60, 60, 60, 600))
    with serving(Plan("dot", "hang", -1)) as server:
        end = send(patient, ready, server_at(server), 4, progress=Locks())
    assert end.paused == "officer" and end.counts["unknown"] == 1 and end.counts["waiting"] == 3


def test_a_server_that_is_down_is_counted_and_stops_the_run(desk: Desk, ready: BreachId) -> None:
    seen: list[int] = []

    class Looks(RunControl):
        def wait(self, seconds: float) -> bool:
            time.sleep(0.3)  # the picture of a run is renewed five times a second
            seen.append(self.view.no_answer)
            return super().wait(seconds)

    control = Looks()
    profile = MailServer("127.0.0.1", free_port(), Security.PLAIN, connections=1)
    end = send(quick(desk), ready, profile, 4, control=control)
    assert end.paused == "unreachable" and end.counts["waiting"] == 4
    assert seen == [1, 2] and control.view.no_answer == 3


def test_a_message_that_cannot_be_made_is_told_in_its_own_turn(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = ready_to_send(desk, tmp_path, 3)
    made: list[int] = []
    whole = MailRun.message

    def fails_at_the_second(self: MailRun, row: MailRow) -> bytes:
        made.append(row.number)
        if row.number == 2:
            raise DeliveryError("mail_not_as_planned", retryable=False, number=2)
        return whole(self, row)

    monkeypatch.setattr(MailRun, "message", fails_at_the_second)
    with serving() as server:
        end = send(quick(desk), ready, server_at(server), 3)
    assert end.paused == "mail_not_as_planned" and end.counts["accepted"] == 1 and end.counts["waiting"] == 2
    assert len(server.kept) == 1 and made == [1, 2, 2], "made ahead, given back, and told when its turn came"


def test_nothing_is_made_ahead_under_a_limit(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = ready_to_send(desk, tmp_path, 3)
    order: list[str] = []
    whole = MailRun.message
    monkeypatch.setattr(MailRun, "message", lambda self, row: order.append("made") or whole(self, row))
    with serving(Plan("dot", "none", -1)) as server:
        server.plan.said = lambda: order.append("dot")
        profile = server_at(server, limits=Limits(per_minute=600))
        assert send(quick(desk), ready, profile, 3).counts["accepted"] == 3
    assert order == ["made", "dot"] * 3
