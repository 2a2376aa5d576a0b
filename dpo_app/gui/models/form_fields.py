"""The fields of a notice in the order of the authority's form: what is shown, what is copied, what has to be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from dpo_app.core.authority.authority_notice import Answer, AnswerState, Gap
from dpo_app.core.notices.notice import NoticeState
from dpo_app.services.authority.authority_case import Case

Marks = dict[str, tuple[str, datetime]]


class CopyState(StrEnum):
    """Whether a field was copied into the form, and whether it still says the same."""

    NOT = "not"
    COPIED = "copied"
    CHANGED = "changed"


class FormField(NamedTuple):
    """A field as the page and the assistant show it. `place` is section and position, such as `4.2`; `was` is what the
    notice before said, None if nothing changed; `clip` is what is copied; `program` what the program
    would say where the officer's words stand, "" for nothing."""

    key: str
    no: int
    place: str
    section: int
    name: str
    text: str
    clip: str
    answer: Answer
    gap: Gap | None
    was: str | None
    may_stay_open: bool
    program: str

    def copy_state(self, marks: Mapping[str, tuple[str, datetime]]) -> CopyState:
        """Return whether it was copied."""
        if self.key not in marks:
            return CopyState.NOT
        return CopyState.COPIED if marks[self.key][0] == self.clip else CopyState.CHANGED


class FormPart(NamedTuple):
    """A section of the form with the fields that are asked."""

    title: str
    fields: tuple[FormField, ...]

    @property
    def open(self) -> int:
        """Return how many fields forbid approval."""
        return sum(each.gap is not None for each in self.fields)

    @property
    def changed(self) -> int:
        """Return how many fields say otherwise than in the notice before."""
        return sum(each.was is not None for each in self.fields)


def parts_of(case: Case) -> tuple[FormPart, ...]:
    """Return the sections of the authority's form in their order, each with the fields that are asked."""
    answers = {each.no: each for each in case.filled.answers}
    gaps = {gap.no: gap for gap in case.filled.gaps}
    changes = {each.key: each for each in case.changes}
    fields = case.template.by_number()
    parts: list[FormPart] = []
    for section in case.form.sections:
        asked = [answers[no] for no in section.fields if no in answers]
        if not asked:
            continue
        number = len(parts) + 1
        made = []
        for place, answer in enumerate(asked, 1):
            was = None
            if answer.key in changes:
                was = (case.before or {}).get(answer.key, "")
            text = case.texts.get(answer.key, "")
            made.append(
                FormField(
                    answer.key, answer.no, f"{number}.{place}", number, case.words.fields[answer.key], text,
                    clip_of(answer, text), answer, gaps.get(answer.no), was, fields[answer.no].open,
                    case.program.get(answer.key, ""),
                )
            )  # fmt: skip
        parts.append(FormPart(section.title, tuple(made)))
    return tuple(parts)


def clip_of(answer: Answer, text: str) -> str:
    """Return what a field of a web form takes: a number without signs between its digits, everything else as said."""
    value = answer.value
    if isinstance(value, int):
        return str(value)
    return text


def to_copy(parts: tuple[FormPart, ...]) -> list[FormField]:
    """Return the fields that have something to copy, in order."""
    return [each for part in parts for each in part.fields if each.clip and each.answer.state is not AnswerState.OPEN]


def is_draft(case: Case) -> bool:
    """Tell whether the officer may still write in a notice."""
    return case.notice.state is NoticeState.DRAFT
