"""The ladder of channels, and the rules of care that stand before it (design.md section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Channel(StrEnum):
    """The rung a person stands on: `officer` = a rule of care leaves it to a person, `none` = nothing is owed."""

    EMAIL = "email"
    LETTER = "letter"
    PUBLIC = "public"
    OFFICER = "officer"
    NONE = "none"


class ChannelReason(StrEnum):
    """Why somebody stands on their rung; `messages` has a sentence for each."""

    HAS_EMAIL = "has_email"
    NO_EMAIL = "no_email"
    EMAIL_FAILED = "email_failed"
    NO_ADDRESS = "no_address"
    LETTER_FAILED = "letter_failed"
    NOT_EXPOSED = "not_exposed"
    PROTECTED = "protected"
    DECEASED = "deceased"
    CHILD = "child"
    MINOR = "minor"
    CHOSEN = "chosen"


@dataclass(frozen=True)
class CareRules:
    """Ages by country at which a person is written to themselves (domain/persons.md section 6)."""

    child_under: int = 15
    minor_under: int = 18


class Rung(NamedTuple):
    """A person's channel and the reason for it."""

    channel: Channel
    reason: ChannelReason


def choose_rung(
    *,
    in_scope: bool,
    protected: bool,
    deceased: bool,
    age: int | None,
    has_email: bool,
    has_address: bool,
    email_failed: bool = False,
    letter_failed: bool = False,
    rules: CareRules = CareRules(),  # noqa: B008 - frozen
) -> Rung:
    """Return the rung a person stands on: rules of care first, then e-mail, letter, public notice.

    `age` is in whole years on the day of planning, None if unknown. A minor from `child_under` on gets their own
    message, and the reason says so, so that the officer can see them.
    """
    if not in_scope:
        return Rung(Channel.NONE, ChannelReason.NOT_EXPOSED)
    if protected:
        return Rung(Channel.OFFICER, ChannelReason.PROTECTED)
    if deceased:
        return Rung(Channel.OFFICER, ChannelReason.DECEASED)
    if age is not None and age < rules.child_under:
        return Rung(Channel.OFFICER, ChannelReason.CHILD)
    if has_email and not email_failed:
        return Rung(Channel.EMAIL, ChannelReason.HAS_EMAIL)
    if has_address and not letter_failed:
        reason = ChannelReason.EMAIL_FAILED if has_email else ChannelReason.NO_EMAIL
        return Rung(Channel.LETTER, reason)
    reason = ChannelReason.LETTER_FAILED if has_address else ChannelReason.NO_ADDRESS
    return Rung(Channel.PUBLIC, reason)
