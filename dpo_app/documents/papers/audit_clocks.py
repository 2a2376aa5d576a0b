"""The chapter on clocks: every duty with its arithmetic, whether it was met in time, and every awareness ever stated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from reportlab.platypus import Flowable

from dpo_app.core.clocks.clock_record import stated_awareness
from dpo_app.core.clocks.deadline import ClockState, Deadline
from dpo_app.core.facts.breach import SavedRevision
from dpo_app.documents.papers import paper
from dpo_app.messages import msgid
from dpo_app.messages.arithmetic import ClockWords


def clock_chapter(
    deadlines: Sequence[Deadline], revisions: Sequence[SavedRevision], zone: str, now: datetime, words: ClockWords
) -> list[Flowable]:
    """Return the content of the chapter."""
    _ = words._
    content: list[Flowable] = []
    stated = stated_awareness(revisions)
    if len(stated) > 1:
        content.append(paper.para(_("Awareness was stated more than once. The earliest drives until the officer decides "
                                    "with a reason."), "body"))  # fmt: skip
        rows = [(_("Stated"), _("Recorded"), _("By"))]
        rows += [
            (words.moment(each.at, zone), words.moment(each.recorded_at or each.at, zone), each.recorded_by)
            for each in stated
        ]
        content.append(paper.table(rows, (35, 35, 30)))
    for deadline in deadlines:
        state = deadline.state(now)
        if state is ClockState.NOT_OWED:
            continue
        content.append(paper.para(words.title(deadline), "h2"))
        steps = [(_("State"), _(msgid(state)))]
        for line in words.lines(deadline):
            text = _("{text} (this one drives)").format(text=line.text) if line.drives else line.text
            steps.append((line.name, text))
        if deadline.done is not None:
            steps.append((_("Met"), f"{words.moment(deadline.done.at, zone)} {deadline.done.source}".rstrip()))
        if deadline.late_by(now) and (deadline.reason or deadline.reason_if_late):
            steps.append((_("Reason for delay"), deadline.reason or _("still owed")))
        content.append(paper.table(steps, (24, 76), head=False))
    return content
