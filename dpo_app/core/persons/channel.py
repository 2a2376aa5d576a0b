"""The ladder of channels, and the rules of care that stand before it (design.md section 4)."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from dpo_app.core.persons.care import NO_CARE, CareOutcome, CareRule


class Channel(StrEnum):
    """The rung a person stands on: `officer` = a rule of care leaves it to a person, `none` = nothing is owed."""

    EMAIL = "email"
    LETTER = "letter"
    PUBLIC = "public"
    OFFICER = "officer"
    NONE = "none"


class ChannelReason(StrEnum):
    """Why somebody stands on their rung; `messages` has a sentence for each. Rules of care go by their own name."""

    HAS_EMAIL = "has_email"
    NO_EMAIL = "no_email"
    EMAIL_FAILED = "email_failed"
    NO_ADDRESS = "no_address"
    LETTER_FAILED = "letter_failed"
    NOT_EXPOSED = "not_exposed"
    PROTECTED = "protected"
    DECEASED = "deceased"
    DO_NOT_WRITE = "do_not_write"
    SUSPECT = "suspect"
    GUARDIANSHIP = "guardianship"
    CHILD = "child"
    MINOR = "minor"
    INSTITUTION = "institution"
    SHARED_MAIL = "shared_mail"
    ROLE_MAIL = "role_mail"
    STAFF = "staff"
    WISH = "wish"
    CHOSEN = "chosen"


class Rung(NamedTuple):
    """A person's channel and the reason for it."""

    channel: Channel
    reason: ChannelReason


def _named(rule: CareRule) -> ChannelReason:
    return ChannelReason(rule.value)


def choose_rung(
    *,
    in_scope: bool,
    has_email: bool,
    has_address: bool,
    email_failed: bool = False,
    letter_failed: bool = False,
    care: CareOutcome = NO_CARE,
) -> Rung:
    """Return the rung a person stands on: rules of care first, then e-mail, letter, public notice.

    A wish is respected where that rung can be stood on; the duty of Art. 34 stays where it cannot.
    """
    if not in_scope:
        return Rung(Channel.NONE, ChannelReason.NOT_EXPOSED)
    if care.officer is not None:
        return Rung(Channel.OFFICER, _named(care.officer))
    mail = has_email and not email_failed and care.no_email is None
    letter = has_address and not letter_failed
    if care.wish == Channel.LETTER and letter:
        return Rung(Channel.LETTER, ChannelReason.WISH)
    if care.wish == Channel.EMAIL and mail:
        return Rung(Channel.EMAIL, ChannelReason.WISH)
    if mail:
        return Rung(Channel.EMAIL, ChannelReason.HAS_EMAIL)
    if letter:
        if care.no_email is not None and has_email:
            return Rung(Channel.LETTER, _named(care.no_email))
        return Rung(Channel.LETTER, ChannelReason.EMAIL_FAILED if has_email else ChannelReason.NO_EMAIL)
    if care.no_email is not None and has_email:
        # Only the address that is not to be used is left: a person decides, a public notice is no answer to it.
        return Rung(Channel.OFFICER, _named(care.no_email))
    return Rung(Channel.PUBLIC, ChannelReason.LETTER_FAILED if has_address else ChannelReason.NO_ADDRESS)
