"""One line to the mail server in a thread of its own: takes members, makes and checks their messages, hands them over."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.digests import sha256_hex
from dpo_app.core.errors import DeliveryError, DpoError
from dpo_app.core.mail.mail_address import NeedsUtf8, NotOneAddress, wire_address
from dpo_app.core.mail.mail_server import SignIn
from dpo_app.core.mail.return_path import address_with, id_with, signed_code
from dpo_app.core.mail.smtp_reply import SLOWER, ReplyClass, Step, classify, enhanced_of, outcome_of
from dpo_app.core.persons.channel import Channel
from dpo_app.core.veil import veiled
from dpo_app.services.mail.export_emails import mail_row
from dpo_app.services.mail.mail_guard import MailGuard
from dpo_app.services.mail.run_terms import Item, domain_of, without_address
from dpo_app.services.mail.sending import Ledger, NotWritten, Written
from dpo_app.services.notices.message_plan import MessagePlan
from dpo_app.services.ports.dispatch import Envelope, LineFault, LineRefused, MailLine, Reply
from dpo_app.services.ports.journal import AtDot, Claim, Moved, Settled
from dpo_app.services.ports.mail import MailPress

#: A line that has had nothing to do for so long is closed: servers close theirs after a minute or more.
IDLE = 20.0
#: How often a message may be tried again at once when the line breaks before the dot.
AT_ONCE = 2
#: Faults that no waiting mends.
_HOPELESS = frozenset({"certificate", "no_starttls"})
#: What the rules of a run make of a state.
_OUTCOMES = {
    DeliveryState.ACCEPTED: "accepted", DeliveryState.HELD: "held", DeliveryState.QUEUED: "ours",
    DeliveryState.DEFERRED: "deferred",
}  # fmt: skip


@veiled
class Made(NamedTuple):
    """A message that was made, read again and found right."""

    data: bytes
    envelope: Envelope
    message_id: str
    sha256: str


class Ready(NamedTuple):
    """A member with its message, made while the one before was on the line."""

    item: Item
    made: Made


@veiled
class Answer(NamedTuple):
    """What became of a try: the state it leads to, when it is tried again, and what the server said at which step."""

    state: DeliveryState
    wait: timedelta | None
    reason: str
    step: Step
    code: int = 0
    enhanced: str = ""
    kind: str = ""
    said: str = ""


class NotArmed(Exception):  # noqa: N818
    """The breach is not armed any more: the dot is not sent."""


class Skip(Exception):  # noqa: N818
    """This member is not handed over: it moves to `state` for `reason`."""

    def __init__(self, state: DeliveryState, reason: str) -> None:
        super().__init__(reason)
        self.state, self.reason = state, reason


class Maker:
    """Makes messages of a run and has each checked."""

    def __init__(
        self, plan: MessagePlan, press: MailPress, guard: MailGuard, key: bytes, mailbox: str, signed_return: bool
    ) -> None:
        self._plan, self._press, self._guard, self._key = plan, press, guard, key
        self._mailbox, self._signed = mailbox, signed_return
        self._domain = plan.organisation.email.rpartition("@")[2]

    def make(self, item: Item) -> Made:
        """Return the message of a member. Raises Skip, DeliveryError("wrong_person", "mail_not_as_planned")."""
        waiting, line = item.waiting, item.ledger
        row = waiting.row
        if waiting.channel_now != Channel.EMAIL.value or line.protected or line.deceased:
            raise Skip(DeliveryState.CANCELLED, "plan_changed")
        try:
            recipient = wire_address(row.email)
        except NeedsUtf8:
            raise Skip(DeliveryState.REJECTED, ReplyClass.NO_SMTPUTF8.value) from None
        except NotOneAddress:
            raise Skip(DeliveryState.REJECTED, ReplyClass.BAD_ADDRESS.value) from None
        code = signed_code(row.token, self._key)
        envelope = Envelope(address_with(self._mailbox, code) if self._signed else self._mailbox, recipient, code)
        try:
            data = self._press.message(mail_row(self._plan, row))
        except DeliveryError as error:
            if error.code == "id_in_mail":
                raise Skip(DeliveryState.REJECTED, error.code) from None
            raise
        self._guard.check(data, envelope, line, row.number)
        digest = sha256_hex(data)
        if waiting.tries and waiting.sha256 != digest:
            # Its person's name or address is another one by now: what was promised was this text to that address.
            raise Skip(DeliveryState.CANCELLED, "changed")
        return Made(data, envelope, id_with(code, row.attempt, self._domain), digest)


class Worker(threading.Thread):
    """One line. Everything it does to the ledger goes through the journal's thread.

    While a message is on the line, the one after it is made. It is claimed when its turn has come, no sooner, by the same
    wait for the disk as the answer before it; what was made and does not get its turn is given back.
    """

    def __init__(self, number: int, ledger: Ledger, maker: Maker, line: MailLine) -> None:
        super().__init__(name=f"dpo-mail-{number}", daemon=True)
        self._ledger, self._maker, self._line = ledger, maker, line
        self._control = ledger.control
        self._is_open = False
        self._ahead: Ready | None = None
        self.bug: BaseException | None = None

    def run(self) -> None:
        """Work until nothing is left or the run was asked to stop."""
        try:
            self._work()
        except NotWritten:
            pass
        except BaseException as error:
            self.bug = error
            self._control.pause("bug")
        finally:
            if self._ahead is not None:
                self._ledger.queue.give_back(self._ahead.item)
            self._shut()

    def abort(self) -> None:
        """Cut the line: the store is about to close and cannot wait ten minutes for an answer. A message whose text was
        handed over then counts as unknown."""
        self._line.abort()

    def _work(self) -> None:
        queue = self._ledger.queue
        while not queue.over():
            ready, self._ahead = self._ahead, None
            item = ready.item if ready is not None else queue.take(IDLE)
            if item is None:
                self._shut()
                continue
            try:
                if not self._serve(item, ready):
                    return
            except BaseException:
                queue.done()
                raise

    def _serve(self, item: Item, ready: Ready | None) -> bool:
        """Handle one member; returns whether this line goes on."""
        ledger = self._ledger
        try:
            ready = ready or Ready(item, self._maker.make(item))
        except Skip as skip:
            ledger.note(Moved(item.waiting.delivery_id, skip.state, skip.reason))
            ledger.queue.done()
            return True
        except DpoError as error:
            ledger.queue.give_back(item)
            self._control.pause(error.code, f"{error.facts.get('number', '')} {error.facts.get('what', '')}".strip())
            return False
        ledger.tally.count_checked()
        if not self._ready_line():
            ledger.queue.give_back(item)
            return False
        # The answer to the message before was noted: it goes to the disk with this at the latest.
        if ledger.write(self._claim(ready)).wait():
            ledger.queue.done()
            return True
        self._hand(ready)
        return True

    def _look_ahead(self) -> None:
        """Make the next message while this one is on the line."""
        item = self._ledger.queue.take_ahead() if self._ahead is None else None
        if item is None:
            return
        try:
            self._ahead = Ready(item, self._maker.make(item))
        except Exception:
            # It fails again in its own turn, and is told there: nothing of it may be taken for a fault of this line.
            self._ledger.queue.give_back(item)

    def _claim(self, ready: Ready) -> Claim:
        waiting, made = ready.item.waiting, ready.made
        return Claim(
            waiting.delivery_id, waiting.tries + 1, self._ledger.task.server.name, made.message_id,
            made.envelope.sender, made.envelope.recipient, made.sha256,
        )  # fmt: skip

    # ---- the line ----------------------------------------------------------------------------------------------

    def _ready_line(self) -> bool:
        """Open the line if it is not; returns whether it is. Stops the run when it cannot be opened."""
        if self._is_open and self._line.reusable():
            return True
        self._shut()
        for wait in (*self._ledger.rules.patience, None):
            said = self._open()
            if said is None:
                return True
            self._ledger.tally.count_no_answer()
            if self._control.paused or (wait is not None and self._ledger.tally.open_lines):
                # The others have lines: the server does not want as many as we were told.
                return False
            if wait is None:
                self._control.pause("unreachable", said)
            elif self._control.wait(wait):
                return False
        return False

    def _open(self) -> str | None:
        """Try to open the line; returns None, or what was said instead."""
        try:
            self._line.open()
        except LineFault as fault:
            if fault.kind in _HOPELESS:
                self._control.pause(fault.kind, fault.detail)
            return f"{fault.kind} {fault.detail}".strip()
        except LineRefused as refused:
            reply = refused.reply
            said = f"{reply.code} {without_address(reply.text, '')}"
            if reply.final and reply.step is Step.AUTH:
                expired = self._ledger.task.server.sign_in is SignIn.OAUTH
                self._control.pause("token" if expired else ReplyClass.LOGIN.value, said)
            return said
        self._is_open = True
        self._ledger.tally.count_line(1, self._line.facts.protection)
        return None

    def _shut(self) -> None:
        self._line.close()
        if self._is_open:
            self._is_open = False
            self._ledger.tally.count_line(-1)

    # ---- one message -------------------------------------------------------------------------------------------

    def _hand(self, ready: Ready) -> None:
        item, made = ready.item, ready.made
        number, attempt = item.waiting.delivery_id, item.waiting.tries + 1
        at_dot: list[Written] = []
        try:
            # Written while the text is on its way, and waited for before the dot: by then it mostly is on the disk.
            reply = self._line.hand_over(
                made.envelope, made.data, lambda: at_dot.append(self._ledger.write(AtDot(number, attempt))),
                lambda: self._before_dot(number, at_dot),
            )  # fmt: skip
        except NotArmed:
            self._shut()
            self._settle(item, attempt, Answer(DeliveryState.QUEUED, None, "not_armed", Step.BODY))
            self._ledger.queue.give_back(again(item, made.sha256))
        except LineFault as fault:
            self._shut()
            self._broken(item, attempt, fault, made.sha256)
        except DeliveryError as error:
            self._shut()
            self._settle(item, attempt, Answer(DeliveryState.REJECTED, None, error.code, Step.MAIL, kind=error.code))
            self._ledger.queue.done()
        else:
            self._answered(item, attempt, reply)

    def _before_dot(self, number: int, at_dot: list[Written]) -> None:
        self._look_ahead()
        if any(number in each.wait() for each in at_dot):
            raise NotArmed

    def _broken(self, item: Item, attempt: int, fault: LineFault, digest: str) -> None:
        ledger, kind = self._ledger, ReplyClass.LINE.value
        if fault.step is Step.DOT:
            answer = Answer(DeliveryState.UNKNOWN, None, "no_answer", fault.step, kind=kind, said=fault.kind)
            self._settle(item, attempt, answer)
            ledger.tally.judge(kind, "unknown", "", fault.kind)
            ledger.queue.done()
            return
        ledger.tally.line_broke()
        if item.broken < AT_ONCE and not self._control.paused:
            answer = Answer(DeliveryState.QUEUED, None, kind, fault.step, kind=kind, said=fault.kind)
            self._settle(item, attempt, answer)
            ledger.queue.give_back(again(item, digest))
            return
        outcome = outcome_of(ReplyClass.LINE, False, attempt, self._since_first(item))
        answer = Answer(outcome.state, outcome.wait, kind, fault.step, kind=kind, said=fault.kind)
        self._settle(item, attempt, answer)
        ledger.queue.done()

    def _answered(self, item: Item, attempt: int, reply: Reply) -> None:
        ledger = self._ledger
        kind = classify(reply.code, reply.text, reply.step)
        outcome = outcome_of(kind, reply.final, attempt, self._since_first(item))
        said = without_address(reply.text, item.waiting.row.email)
        enhanced = enhanced_of(reply.code, reply.text)
        reason = "" if outcome.state is DeliveryState.ACCEPTED else kind.value
        answer = Answer(outcome.state, outcome.wait, reason, reply.step, reply.code, enhanced, kind.value, said)
        self._settle(item, attempt, answer)
        what = _OUTCOMES.get(outcome.state, "refused")
        if what == "accepted":
            ledger.queue.went_well()
        elif reply.code // 100 == 4 and kind in SLOWER:
            ledger.queue.slow_down()
        ledger.tally.judge(kind.value, what, domain_of(item.ledger.email), f"{reply.code} {said}")
        ledger.queue.done()

    def _since_first(self, item: Item) -> timedelta:
        first = item.waiting.first_try_at
        return self._ledger.desk.clock.now() - first if first is not None else timedelta(0)

    def _settle(self, item: Item, attempt: int, answer: Answer) -> None:
        """Hand the outcome to the journal. Nobody waits for it: until it is written the try counts as at its dot."""
        number = item.waiting.delivery_id
        at = self._ledger.desk.clock.now() + answer.wait if answer.wait is not None else None
        self._ledger.note(
            Settled(
                number, attempt, answer.state, at, answer.reason, answer.step.value, answer.code, answer.enhanced,
                answer.kind, answer.said,
            )
        )  # fmt: skip
        if at is not None:
            self._ledger.queue.later(number, at)


def again(item: Item, digest: str) -> Item:
    """Return a member for a second try at once, after a line that broke before the dot; `digest` is that of the bytes
    that were to be handed over."""
    waiting = item.waiting._replace(tries=item.waiting.tries + 1, sha256=digest)
    return replace(item, waiting=waiting, broken=item.broken + 1)
