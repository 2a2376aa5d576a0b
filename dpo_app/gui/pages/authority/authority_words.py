"""What the Authority page says in words: before there is a notice, under its title, on its one primary button."""

from __future__ import annotations

from typing import NamedTuple

from dpo_app.core.authority.authority_notice import AuthorityNotice
from dpo_app.core.authority.authority_template import WebForm
from dpo_app.core.notices.notice import NoticePhase
from dpo_app.gui.models.form_fields import is_draft
from dpo_app.gui.words import day, full_moment
from dpo_app.i18n import _, ngettext, pgettext
from dpo_app.messages import word
from dpo_app.services.authority.authority_case import Case
from dpo_app.services.authority.authority_view import AuthorityView


class Beginning(NamedTuple):
    """What the page says before there is a notice; `assess` tells that the risk is to be assessed first."""

    heading: str
    why: str
    assess: bool


def beginning(view: AuthorityView) -> Beginning:
    """Return what to say while there is no notice."""
    if view.nothing_owed and view.assessment is not None:
        why = _("The risk was judged unlikely on {day}. The register keeps that with its reasons.")
        return Beginning(
            _("Nothing is owed to an authority"), why.format(day=full_moment(view.assessment.made_at)), False
        )
    if view.assessment is None:
        why = _("Whether an authority is owed a notice depends on it. Where time is short, the first notice can be "
                "drafted all the same: what is not known yet may stay open.")  # fmt: skip
        return Beginning(_("Assess the risk first"), why, True)
    why = _("The form is filled from the facts and the register of persons. You read it, add what only you know, and hand "
            "it in.")  # fmt: skip
    return Beginning(_("Nobody has been told yet"), why, False)


def under_title(case: Case, view: AuthorityView | None) -> str:
    """Return the line under the title: revision, completeness, what happened to it, when it is due."""
    notice = case.notice
    parts = [_("From revision {number}").format(number=case.saved.number), word(case.filled.completeness)]
    if case.handed_in_at is not None:
        parts.append(_("handed in {when}").format(when=full_moment(case.handed_in_at)))
    elif notice.approved_at is not None:
        parts.append(_("approved {when} by {who}").format(when=full_moment(notice.approved_at), who=notice.approved_by))
    elif notice.phase is NoticePhase.INITIAL and view is not None and view.clock is not None and view.clock.due:
        parts.append(_("due {when}").format(when=full_moment(view.clock.due)))
    if notice.sha256:
        parts.append(notice.sha256[:16])
    return " · ".join(parts)


def phase_word(notice: AuthorityNotice) -> str:
    """Return what a notice is to an authority: the first one, a follow-up, the final one, a withdrawal."""
    if notice.withdraw:
        return _("Withdrawal")
    return {
        NoticePhase.INITIAL: pgettext("authority", "First notice"),
        NoticePhase.FOLLOW_UP: pgettext("authority", "Follow-up"),
        NoticePhase.FINAL: pgettext("authority", "Final notice"),
    }[notice.phase]


class Act(NamedTuple):
    """The one primary button: its text, whether it can be pressed, and why not."""

    text: str
    enabled: bool
    tip: str


def next_act(case: Case) -> Act:
    """Return what is next for a notice: approve, record as handed in, follow up."""
    if is_draft(case):
        approve, gaps = _("Approve and export…"), len(case.filled.gaps)
        if case.outdated:
            return Act(approve, False, _("It was written from older facts: take the newest over first"))
        tip = ngettext("{count} field is not settled yet", "{count} fields are not settled yet", gaps)
        return Act(approve, not gaps, tip.format(count=gaps) if gaps else "")
    if case.handed_in_at is None:
        return Act(_("Record as handed in…"), True, "")
    over = case.notice.withdraw or case.notice.phase is NoticePhase.FINAL
    return Act(_("Write a follow-up"), not over, _("Nothing follows a final notice or a withdrawal") if over else "")


def form_note(form: WebForm) -> str:
    """Return what is known of the order of the fields."""
    if form.verified_on is not None:
        return _("In the order of: {form}, compared on {day}").format(form=form.title, day=day(form.verified_on))
    return _("In the order of: {form}. Nobody has compared it with the form, the order may differ.").format(
        form=form.title
    )
