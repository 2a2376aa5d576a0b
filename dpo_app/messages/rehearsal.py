"""Why a message of a rehearsal would not leave, in words."""

from __future__ import annotations

from dpo_app.core.mail.smtp_reply import ReplyClass
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.messages.sending import REASONS


def left_out_reason(reason: str) -> str:
    """Return the words for a reason of the run's own: no address, no longer on the rung, and the like."""
    if reason in set(ReplyClass):
        return word(ReplyClass(reason))
    return _(REASONS[reason]) if reason in REASONS else reason


def why_left_out(reason: str, wrong: bool) -> str:
    """Return the words for one person; `wrong` if the guard found a difference, which `reason` then names."""
    if wrong:
        return _("does not say what the ledger says ({what})").format(what=reason)
    return left_out_reason(reason)
