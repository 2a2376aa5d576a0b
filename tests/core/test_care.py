"""Rules of care stand before the ladder: which apply, what they do together, and that the shipped rules are whole."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpo_app import paths
from dpo_app.core.persons.care import (
    NO_CARE,
    CareEffect,
    CareFacts,
    CareOutcome,
    CareRule,
    applying,
    outcome,
    rules_from,
)
from dpo_app.core.persons.channel import Channel, ChannelReason, choose_rung

DOCUMENT = tomllib.loads((paths.resources() / "care" / "rules.toml").read_text("utf-8"))
RULES = rules_from(DOCUMENT)
facts = st.builds(
    CareFacts, protected=st.booleans(), deceased=st.booleans(), age=st.none() | st.integers(0, 110),
    guardian=st.booleans(), email=st.sampled_from(["", "info@example.com", "a.b@example.com"]),
    shared_mail=st.booleans(), staff_mail=st.booleans(), marks=st.frozensets(st.sampled_from(CareRule)),
    wish=st.sampled_from(["", "email", "letter"]),
)  # fmt: skip


def test_every_rule_has_a_law_and_only_protection_stays_out_of_files() -> None:
    assert all(card.laws for card in RULES.cards.values())
    assert [rule for rule, card in RULES.cards.items() if not card.in_files] == [CareRule.PROTECTED]
    protected = {law.country for law in RULES.cards[CareRule.PROTECTED].laws}
    assert protected >= {"FI", "SE", "NO", "DE"}


@pytest.mark.parametrize("broken", ["missing", "twice", "unknown"])
def test_rules_that_are_not_whole_are_refused(broken: str) -> None:
    rule = list(DOCUMENT["rule"])
    if broken == "missing":
        rule = rule[1:]
    else:
        rule.append(rule[0] if broken == "twice" else {**rule[0], "id": "nobody"})
    with pytest.raises(ValueError):
        rules_from({**DOCUMENT, "rule": rule})


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (CareFacts(age=14), {CareRule.CHILD}), (CareFacts(age=15), {CareRule.MINOR}),
        (CareFacts(age=17, guardian=True), {CareRule.MINOR}), (CareFacts(age=18), set()),
        (CareFacts(age=40, guardian=True), {CareRule.GUARDIANSHIP}),
        (CareFacts(age=None, guardian=True), {CareRule.GUARDIANSHIP}), (CareFacts(age=None), set()),
        (CareFacts(email="Info@example.com"), {CareRule.ROLE_MAIL}),
        (CareFacts(email="informatiker@example.com"), set()),
        (CareFacts(wish="letter"), {CareRule.WISH}),
        (CareFacts(protected=True, deceased=True, age=3), {CareRule.PROTECTED, CareRule.DECEASED, CareRule.CHILD}),
    ],
)  # fmt: skip
def test_which_rules_apply(own: CareFacts, expected: set[CareRule]) -> None:
    assert set(applying(own, RULES)) == expected


@given(own=facts, mail=st.booleans(), address=st.booleans())
def test_a_rule_that_asks_the_officer_always_does(own: CareFacts, mail: bool, address: bool) -> None:
    found = applying(own, RULES)
    done = outcome(found, RULES, wish=own.wish, mail_concerned=own.staff_mail)
    rung = choose_rung(in_scope=True, has_email=mail, has_address=address, care=done)
    asks = [rule for rule in found if RULES.cards[rule].effect is CareEffect.OFFICER]
    if asks:
        assert rung == (Channel.OFFICER, ChannelReason(asks[0].value))
    elif own.staff_mail:
        assert rung.channel is not Channel.EMAIL
    assert choose_rung(in_scope=False, has_email=mail, has_address=address, care=done).channel is Channel.NONE


@given(wish=st.sampled_from(["email", "letter"]), mail=st.booleans(), address=st.booleans(), failed=st.booleans())
def test_a_wish_is_respected_where_it_can_be(wish: str, mail: bool, address: bool, failed: bool) -> None:
    care = CareOutcome(wish=wish)
    rung = choose_rung(in_scope=True, has_email=mail, has_address=address, email_failed=failed, care=care)
    can = {"email": mail and not failed, "letter": address}
    assert (rung.reason is ChannelReason.WISH) == can[wish]
    if can[wish]:
        assert rung.channel == wish
    else:
        plain = choose_rung(in_scope=True, has_email=mail, has_address=address, email_failed=failed, care=NO_CARE)
        assert rung == plain


def test_a_work_address_alone_is_no_way_to_write() -> None:
    care = CareOutcome(no_email=CareRule.STAFF)
    assert choose_rung(in_scope=True, has_email=True, has_address=True, care=care) == ("letter", "staff")
    assert choose_rung(in_scope=True, has_email=True, has_address=False, care=care) == ("officer", "staff")
    assert choose_rung(in_scope=True, has_email=False, has_address=False, care=care) == ("public", "no_address")
