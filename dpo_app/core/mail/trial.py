"""What can become of a trial message that the officer sends to an address of their own."""

from __future__ import annotations

from enum import StrEnum


class TrialResult(StrEnum):
    """What the mail server made of it: `taken`; refused, for good or for now (`later`); handed over without an answer;
    or why nothing was handed over: the line broke before the end (`lost`) or could not be opened."""

    TAKEN = "taken"
    LATER = "later"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    LOST = "lost"
    CERTIFICATE = "certificate"
    NO_STARTTLS = "no_starttls"
    LOGIN = "login"
    UNREACHABLE = "unreachable"
