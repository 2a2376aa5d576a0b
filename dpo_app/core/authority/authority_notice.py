"""A notice to an authority: the answers to the form's fields, what is missing, what changed, and its published form.

The answers are values, never sentences: numbers, options, instants with their zone, texts of the officer. Words for the
screen and the PDF come from the form's word files and the catalogues.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from enum import StrEnum
from typing import Any, NamedTuple

from dpo_app.core.authority.authority_template import FieldKind, Origin, Template, TemplateField
from dpo_app.core.notices.notice import NoticePhase, NoticeState

FORMAT = "dpo-authority-notice/1"
#: What a field holds: an option, text or instant; a number; several options; or a value with parts.
Value = str | int | tuple[str, ...] | Mapping[str, Any] | None


class AnswerState(StrEnum):
    """How a field stands. `open`: to be determined, which an incomplete notice may say; `missing`: it must be answered;
    `empty`: there is nothing to say."""

    KNOWN = "known"
    ESTIMATED = "estimated"
    OPEN = "not_yet_known"
    MISSING = "missing"
    EMPTY = "not_applicable"


class Completeness(StrEnum):
    """What a notice says of itself (field 4)."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    WITHDRAW = "withdraw"


class GapKind(StrEnum):
    """Why a field forbids approval."""

    UNANSWERED = "unanswered"
    OPEN_WITHOUT_REASON = "open_without_reason"
    OPEN_WITHOUT_DATE = "open_without_date"
    OPEN_AT_THE_END = "open_at_the_end"


@dataclass(frozen=True)
class Proposal:
    """What the program knows for a field before the officer says anything; `extra` are parts of the published form,
    such as what a number is made of."""

    value: Value
    state: AnswerState = AnswerState.KNOWN
    origin: Origin = Origin.FACTS
    source: str = ""
    reason: str = ""
    due: date | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Own:
    """What the officer says in a field: a value in the place of the program's, or that it is still open, why, and by
    when it will be known."""

    value: Value = None
    open: bool = False
    reason: str = ""
    due: date | None = None


@dataclass(frozen=True)
class Answer:
    """A field of a notice as it stands."""

    no: int
    key: str
    value: Value
    state: AnswerState
    origin: Origin
    source: str = ""
    reason: str = ""
    due: date | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def says_something(self) -> bool:
        """Tell whether the field has a value or says that it is open."""
        return self.state in (AnswerState.KNOWN, AnswerState.ESTIMATED, AnswerState.OPEN)


class Gap(NamedTuple):
    """A field that forbids approval, and why."""

    no: int
    key: str
    kind: GapKind


class Change(NamedTuple):
    """A field that says otherwise than in the notice before; None where it was not asked."""

    key: str
    was: Answer | None
    now: Answer | None


@dataclass(frozen=True)
class AuthorityNotice:
    """A notice to one authority, written from one revision. Immutable once approved.

    `number` counts the notices of a breach to all authorities; `earlier` is the notice it follows (its row, 0 for none).
    `answers` and `texts` (by key, in the notice's language) are frozen at approval; before, answers are computed.
    """

    breach_id: int
    revision_id: int
    number: int
    authority: str
    language: str
    template: str
    phase: NoticePhase = NoticePhase.INITIAL
    withdraw: bool = False
    state: NoticeState = NoticeState.DRAFT
    earlier: int = 0
    own: Mapping[str, Own] = field(default_factory=dict)
    approved_by: str = ""
    approved_at: datetime | None = None
    sha256: str = ""
    answers: tuple[Answer, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Filled:
    """The answers to every field that is asked, in the template's order, and what forbids approval."""

    answers: tuple[Answer, ...]
    gaps: tuple[Gap, ...]
    completeness: Completeness

    def get(self, key: str) -> Answer | None:
        """Return the answer to a field, None if it is not asked."""
        return next((each for each in self.answers if each.key == key), None)

    @property
    def open(self) -> tuple[Answer, ...]:
        """Return the fields that stay to be determined."""
        return tuple(each for each in self.answers if each.state is AnswerState.OPEN)


def fill(
    template: Template, proposals: Mapping[str, Proposal], own: Mapping[str, Own], facts: Mapping[str, str],
    phase: NoticePhase, withdraw: bool,
) -> Filled:  # fmt: skip
    """Return the answers to the fields that are asked, in order, and what is missing.

    Proposals for `type` and `subtype` come from the phase; `subtype` is complete only if nothing is open.
    """
    answers: list[Answer] = []
    values: dict[str, frozenset[str]] = {}
    heads = {
        "type": "new" if phase is NoticePhase.INITIAL else "follow_up",
        "subtype": Completeness.WITHDRAW.value if withdraw else Completeness.INCOMPLETE.value,
    }
    for each in template.fields:
        if withdraw and each.no not in template.withdrawal:
            continue
        if not all(condition.holds(values, facts) for condition in each.when):
            continue
        if each.key in heads:
            made = Answer(each.no, each.key, heads[each.key], AnswerState.KNOWN, Origin.NOTICE)
        else:
            made = _answer(each, proposals.get(each.key), own.get(each.key))
        answers.append(made)
        values[each.key] = _chosen(made.value)
    gaps = _gaps(template, answers, phase)
    unfinished = any(each.state is AnswerState.OPEN for each in answers) or bool(gaps)
    completeness = Completeness.WITHDRAW if withdraw else (
        Completeness.INCOMPLETE if unfinished else Completeness.COMPLETE
    )  # fmt: skip
    whole = tuple(
        Answer(a.no, a.key, completeness.value, a.state, a.origin) if a.key == "subtype" else a for a in answers
    )
    return Filled(whole, gaps, completeness)


def _answer(asked: TemplateField, known: Proposal | None, own: Own | None) -> Answer:
    """Return a field's answer: the officer's own words, else what the program knows, else what it lacks."""
    if own is not None and own.open:
        return Answer(asked.no, asked.key, None, AnswerState.OPEN, Origin.WORDS, "", own.reason, own.due)
    if own is not None and own.value not in (None, "", ()):
        return Answer(asked.no, asked.key, own.value, AnswerState.KNOWN, Origin.WORDS)
    if known is not None and known.state is AnswerState.OPEN and asked.open:
        return Answer(asked.no, asked.key, None, AnswerState.OPEN, known.origin, known.source, known.reason, known.due,
                      known.extra)  # fmt: skip
    if known is not None and known.value not in (None, "", ()):
        return Answer(asked.no, asked.key, known.value, known.state, known.origin, known.source, extra=known.extra)
    state = AnswerState.MISSING if asked.required else AnswerState.EMPTY
    return Answer(asked.no, asked.key, None, state, known.origin if known else asked.origin)


def _chosen(value: Value) -> frozenset[str]:
    if isinstance(value, tuple):
        return frozenset(value)
    return frozenset({value}) if isinstance(value, str) else frozenset()


def _gaps(template: Template, answers: Sequence[Answer], phase: NoticePhase) -> tuple[Gap, ...]:
    """Return what forbids approval. What is open needs a reason and a date by which it will come; in a final notice,
    after which nothing comes, a reason alone."""
    known, gaps = template.by_number(), []
    for each in answers:
        if each.state is AnswerState.MISSING:
            gaps.append(Gap(each.no, each.key, GapKind.UNANSWERED))
        elif each.state is AnswerState.OPEN:
            if not known[each.no].open:
                gaps.append(Gap(each.no, each.key, GapKind.UNANSWERED))
            elif not each.reason.strip():
                final = phase is NoticePhase.FINAL
                gaps.append(Gap(each.no, each.key, GapKind.OPEN_AT_THE_END if final else GapKind.OPEN_WITHOUT_REASON))
            elif each.due is None and phase is not NoticePhase.FINAL:
                gaps.append(Gap(each.no, each.key, GapKind.OPEN_WITHOUT_DATE))
    return tuple(gaps)


def changes_since(before: Sequence[Answer], now: Sequence[Answer]) -> tuple[Change, ...]:
    """Return what the later answers say otherwise, in the order of the form; identity of a notice (type, subtype, the
    authority's number) is no change, nor that only a first notice says why it is late."""
    skipped = {"type", "subtype", "earlier_id", "withdrawal_reason", "late_reason"}
    old, new = ({each.key: each for each in answers} for answers in (before, now))
    numbers = {each.key: each.no for each in (*before, *now)}
    found = []
    for key in sorted(numbers, key=lambda each: numbers[each]):
        was, is_now = old.get(key), new.get(key)
        if key not in skipped and _said(was) != _said(is_now):
            found.append(Change(key, was, is_now))
    return tuple(found)


def _said(answer: Answer | None) -> Any:
    if answer is None or not answer.says_something:
        return None
    return json.dumps([_plain(answer.value), answer.state.value, answer.reason, str(answer.due or "")], sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return list(value) if isinstance(value, tuple) else value


def answer_document(answer: Answer, text: str = "") -> dict[str, Any]:
    """Return a field in its published form: only what it has."""
    document: dict[str, Any] = {"no": answer.no, "key": answer.key, "value": _plain(answer.value),
                                "state": answer.state.value, "origin": answer.origin.value}  # fmt: skip
    if text:
        document["text"] = text
    if answer.source:
        document["source"] = answer.source
    if answer.reason:
        document["reason"] = answer.reason
    if answer.due is not None:
        document["due"] = answer.due.isoformat()
    for key, value in answer.extra.items():
        document[key] = _plain(value)
    return document


_OWN_KEYS = frozenset({"no", "key", "value", "state", "origin", "text", "source", "reason", "due"})


def answer_from_document(document: Mapping[str, Any]) -> Answer:
    """Return the answer of a kept document."""
    value = document["value"]
    due = document.get("due")
    return Answer(
        document["no"], document["key"], tuple(value) if isinstance(value, list) else value,
        AnswerState(document["state"]), Origin(document["origin"]), document.get("source", ""),
        document.get("reason", ""), date.fromisoformat(due) if due else None,
        {key: value for key, value in document.items() if key not in _OWN_KEYS},
    )  # fmt: skip


def own_document(own: Own) -> dict[str, Any]:
    """Return what the officer said in a field as plain values."""
    return {"value": _plain(own.value), "open": own.open, "reason": own.reason,
            "due": own.due.isoformat() if own.due else ""}  # fmt: skip


def own_from_document(document: Mapping[str, Any]) -> Own:
    """Return what the officer said in a field."""
    value = document["value"]
    return Own(tuple(value) if isinstance(value, list) else value, document["open"], document["reason"],
               date.fromisoformat(document["due"]) if document["due"] else None)  # fmt: skip


class Frame(NamedTuple):
    """What a published notice says around its fields: own reference, revision and its time, the authority's number of
    the earlier notice, what changed since which revision (0: nothing to compare with), attachments, head of the trail."""

    reference: str
    revision: int
    known_as_of: datetime
    changed_revision: int = 0
    changed: tuple[int, ...] = ()
    attachments: tuple[Mapping[str, str], ...] = ()
    audit_head: str = ""


def notice_document(
    notice: AuthorityNotice, filled: Filled, texts: Mapping[str, str], frame: Frame
) -> dict[str, Any]:  # fmt: skip
    """Return a notice in its published form (resources/forms/dpo-authority-notice-1.schema.json). No personal data of
    the persons concerned is in it."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "template": notice.template,
        "authority": notice.authority,
        "language": notice.language,
        "phase": notice.phase.value,
        "completeness": filled.completeness.value,
        "reference": frame.reference,
        "revision": frame.revision,
        "known_as_of": frame.known_as_of.astimezone(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "fields": [answer_document(each, texts.get(each.key, "")) for each in filled.answers if each.says_something],
    }
    if frame.changed_revision:
        document["changed_since"] = {"revision": frame.changed_revision, "fields": list(frame.changed)}
    document["attachments"] = [dict(each) for each in frame.attachments]
    if frame.audit_head:
        document["audit_head"] = frame.audit_head
    return document


def canonical(document: Mapping[str, Any]) -> bytes:
    """Return the bytes that are hashed and handed out: JSON in NFC, keys in the order of the published form."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return (unicodedata.normalize("NFC", text) + "\n").encode()


def parsed_own(asked: TemplateField, text: str) -> Value:
    """Return what was typed for a field as its value: options by their keys, parted by commas.

    Raises ValueError with the code of what is wrong: "option", "number", "date", "instant".
    """
    text = text.strip()
    if asked.kind is FieldKind.TEXT:
        return text
    if asked.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        chosen = tuple(part.strip() for part in text.split(",") if part.strip())
        if any(part not in asked.options for part in chosen) or (asked.kind is FieldKind.CHOICE and len(chosen) > 1):
            raise ValueError("option")
        return chosen if asked.kind is FieldKind.CHOICES else (chosen[0] if chosen else None)
    if asked.kind is FieldKind.NUMBER:
        plain = "".join(text.split())
        if not plain.isascii() or not plain.isdigit():
            raise ValueError("number")
        return int(plain)
    try:
        if asked.kind is FieldKind.DATE:
            return date.fromisoformat(text).isoformat()
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(asked.kind.value) from None
    if instant.utcoffset() is None:
        raise ValueError("instant")
    return instant.isoformat()
