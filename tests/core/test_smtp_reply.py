"""Codes and words of mail servers to what can be done about them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpo_app.core.delivery import FAILED_BY_EMAIL, MOVES, DeliveryEvent, DeliveryState, moved
from dpo_app.core.mail.smtp_reply import OURS, ReplyClass, Step, classify, enhanced_of, outcome_of

_C, _S = ReplyClass, Step
REPLIES = [
    # what providers and servers document, by their own words
    (550, "5.1.1 The email account that you tried to reach does not exist", _S.RCPT, _C.DEAD),
    (550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", _S.RCPT, _C.DEAD),
    (550, "No such user here", _S.RCPT, _C.DEAD), (550, "Mailbox unavailable", _S.RCPT, _C.DEAD),
    (553, "mailbox name not allowed", _S.RCPT, _C.DEAD), (556, "5.1.10 null MX", _S.RCPT, _C.DEAD),
    (550, "5.2.1 The email account is disabled", _S.RCPT, _C.DEAD),
    (550, "5.7.17 Mailbox owner has changed", _S.RCPT, _C.REASSIGNED),
    (552, "5.2.2 over quota", _S.DOT, _C.FULL), (452, "4.2.2 mailbox full", _S.DOT, _C.FULL),
    (452, "4.3.1 Insufficient system storage", _S.DOT, _C.TROUBLE), (552, "message exceeds storage", _S.DOT, _C.FULL),
    (450, "4.2.0 <x>: Recipient address rejected: Greylisted", _S.RCPT, _C.GREYLISTED),
    (451, "Greylisting in action, please come back later", _S.RCPT, _C.GREYLISTED),
    (450, "4.7.1 You have been greylisted", _S.RCPT, _C.GREYLISTED), (450, "please try again later", _S.RCPT, _C.GREYLISTED),
    (421, "4.7.0 Our system has detected an unusual rate of mail; rate limited", _S.DOT, _C.TOO_FAST),
    (432, "4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", _S.DOT, _C.TOO_FAST),
    (421, "4.3.2 too many concurrent connections", _S.GREETING, _C.TOO_FAST),
    (451, "4.7.500 Server busy, too many messages", _S.DOT, _C.TOO_FAST),
    (421, "4.3.0 Temporary System Problem", _S.DOT, _C.TROUBLE), (451, "4.3.0 queue file write error", _S.DOT, _C.TROUBLE),
    (450, "4.1.2 Domain not found", _S.RCPT, _C.TROUBLE), (454, "4.7.0 TLS not available", _S.STARTTLS, _C.POLICY),
    (450, "4.7.1 blocked by reputation", _S.RCPT, _C.POLICY), (550, "5.7.1 refused, listed at a block list", _S.DOT, _C.POLICY),
    (554, "5.7.1 Relay access denied", _S.RCPT, _C.POLICY), (550, "blocked as spam", _S.DOT, _C.POLICY),
    (550, "5.7.26 This mail is unauthenticated (SPF, DKIM)", _S.DOT, _C.TRUST),
    (550, "5.7.515 Access denied, sending domain does not meet the required level", _S.DOT, _C.TRUST),
    (550, "rejected by DMARC policy", _S.DOT, _C.TRUST), (535, "5.7.8 Bad credentials", _S.AUTH, _C.LOGIN),
    (535, "5.7.139 Authentication unsuccessful, basic authentication is disabled", _S.AUTH, _C.LOGIN),
    (530, "5.7.57 Client not authenticated", _S.MAIL, _C.LOGIN), (550, "5.7.30 Basic authentication is not supported", _S.AUTH, _C.LOGIN),
    (454, "4.7.0 Temporary authentication failure", _S.AUTH, _C.TROUBLE),
    (550, "5.7.60 Client does not have permissions to send as this sender", _S.DOT, _C.SETUP),
    (553, "sender address rejected", _S.MAIL, _C.SETUP), (550, "5.1.8 Sender denied", _S.MAIL, _C.SETUP),
    (500, "command unrecognised", _S.DATA, _C.PROTOCOL), (503, "5.5.1 bad sequence", _S.RCPT, _C.PROTOCOL),
    (552, "5.3.4 Message too big", _S.DOT, _C.CONTENT), (554, "5.6.0 malformed", _S.DOT, _C.CONTENT),
    (554, "5.4.6 routing loop", _S.DOT, _C.PATH), (554, "No SMTP service here", _S.GREETING, _C.PATH),
    (550, "no", _S.RCPT, _C.UNCLEAR), (554, "Transaction failed", _S.DOT, _C.UNCLEAR), (250, "2.0.0 ok", _S.DOT, _C.ACCEPTED),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "step", "kind"), REPLIES, ids=lambda value: str(value)[:30])
def test_a_reply_has_its_class(code: int, text: str, step: Step, kind: ReplyClass) -> None:
    assert classify(code, text, step) is kind


def test_an_enhanced_code_counts_only_if_it_agrees_with_the_basic_one() -> None:
    assert enhanced_of(550, "5.1.1 no") == "5.1.1"
    for code, text in ((550, "4.1.1 no"), (250, "5.1.1"), (550, "no 5.1.1"), (550, "5.1"), (550, "5.1.1.1 x")):
        assert enhanced_of(code, text) == ""


#: Nothing is left to send in these.
SETTLED = FAILED_BY_EMAIL | {
    DeliveryState.ACCEPTED, DeliveryState.CONFIRMED, DeliveryState.CANCELLED, DeliveryState.REFUSED,
    DeliveryState.REPORTED_SENT,
}  # fmt: skip


@given(st.integers(200, 599), st.text(max_size=80), st.sampled_from(Step), st.integers(0, 40), st.integers(0, 10**6))
def test_any_reply_leads_somewhere_the_table_of_moves_knows(
    code: int, text: str, step: Step, tries: int, seconds: int
) -> None:
    kind = classify(code, text, step)
    outcome = outcome_of(kind, code // 100 == 5, tries, timedelta(seconds=seconds))
    reached = {to for (state, _event), to in MOVES.items() if state is DeliveryState.HANDING_OVER}
    assert outcome.state in reached
    assert (outcome.wait is not None) == (outcome.state is DeliveryState.DEFERRED)
    if kind in OURS:
        assert outcome.state is DeliveryState.QUEUED, "nobody is marked for what is ours"
    if code // 100 == 4 and seconds < 48 * 3600:
        assert outcome.state not in (DeliveryState.REJECTED, DeliveryState.GIVEN_UP)


@given(st.lists(st.sampled_from(DeliveryEvent), max_size=30))
def test_no_chain_of_events_sends_what_is_settled_again_but_by_the_officer(events: list[DeliveryEvent]) -> None:
    state = DeliveryState.QUEUED
    for event in events:
        before, after = state, moved(state, event) or state
        if before is DeliveryState.UNKNOWN and after is DeliveryState.QUEUED:
            assert event is DeliveryEvent.SENT_AGAIN
        if before in SETTLED:
            assert after in SETTLED
        state = after


def test_waits_grow_until_it_is_given_up() -> None:
    day = timedelta(days=1)
    waits = [outcome_of(ReplyClass.TROUBLE, False, n, timedelta(0)).wait for n in range(1, 8)]
    assert [int(w.total_seconds() // 60) for w in waits if w] == [1, 5, 15, 60, 240, 240, 240]
    assert outcome_of(ReplyClass.TROUBLE, False, 3, 2 * day).state is DeliveryState.GIVEN_UP
    assert outcome_of(ReplyClass.FULL, False, 3, 2 * day).state is DeliveryState.DEFERRED
    assert outcome_of(ReplyClass.FULL, False, 3, 5 * day).state is DeliveryState.GIVEN_UP
