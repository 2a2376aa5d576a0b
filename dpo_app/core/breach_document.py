"""A revision as a document of plain values, and back: one shape for the TOML file, the form and the store.

Every refusal is an `InputError` that names the field by its path, such as `window[2].to`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from dpo_app.core.breach import (
    Awareness,
    Basis,
    BreachKind,
    Cause,
    Consequence,
    Count,
    DataCategory,
    Measure,
    MeasureKind,
    Revision,
)
from dpo_app.core.errors import InputError
from dpo_app.core.exposure import Certainty, Window

Member = TypeVar("Member", bound=StrEnum)

_TOP = frozenset(
    {
        "title", "reference", "controller", "known_as_of", "source", "awareness", "nature", "window", "data",
        "consequences", "measure", "note",
    }
)  # fmt: skip


class _Reader:
    """Reads one table of a document and knows its path, so that an error can name the field."""

    def __init__(self, table: Any, path: str, known: frozenset[str]) -> None:
        if not isinstance(table, Mapping):
            raise InputError("field_not_table", field=path)
        strange = sorted(set(table) - known)
        if strange:
            raise InputError("field_unknown", field=self._join(path, strange[0]))
        self._table, self._path = table, path

    @staticmethod
    def _join(path: str, name: str) -> str:
        return f"{path}.{name}" if path else name

    def path(self, name: str) -> str:
        return self._join(self._path, name)

    def raw(self, name: str) -> Any:
        return self._table.get(name)

    def text(self, name: str, *, required: bool = False) -> str:
        value = self._table.get(name, "")
        if not isinstance(value, str):
            raise InputError("field_not_text", field=self.path(name))
        if required and not value.strip():
            raise InputError("field_missing", field=self.path(name))
        return value.strip()

    def day(self, name: str) -> date | None:
        value = self._table.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                raise InputError("field_not_date", field=self.path(name)) from None
        if isinstance(value, datetime) or not isinstance(value, date):
            raise InputError("field_not_date", field=self.path(name))
        return value

    def instant(self, name: str) -> datetime:
        value = self._table.get(name)
        if value is None or value == "":
            raise InputError("field_missing", field=self.path(name))
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                raise InputError("field_not_instant", field=self.path(name)) from None
        if not isinstance(value, datetime):
            raise InputError("field_not_instant", field=self.path(name))
        if value.utcoffset() is None:
            raise InputError("field_without_zone", field=self.path(name))
        return value

    def member(self, kind: type[Member], name: str, default: Member | None = None) -> Member:
        value = self._table.get(name)
        if value is None and default is not None:
            return default
        return self._member(kind, value, self.path(name))

    def members(self, kind: type[Member], name: str) -> tuple[Member, ...]:
        values = self._table.get(name, [])
        if not isinstance(values, (list, tuple)):
            raise InputError("field_not_list", field=self.path(name))
        return tuple(dict.fromkeys(self._member(kind, value, self.path(name)) for value in values))

    @staticmethod
    def _member(kind: type[Member], value: Any, path: str) -> Member:
        try:
            return kind(value)
        except ValueError:
            raise InputError("field_not_choice", field=path, choices=", ".join(kind)) from None


def _tables(document: Mapping[str, Any], name: str) -> list[Any]:
    value = document.get(name, [])
    if not isinstance(value, (list, tuple)):
        raise InputError("field_not_list", field=name)
    return list(value)


def _window(table: Any, number: int) -> Window:
    known = frozenset({"name", "from", "to", "intrusion", "disclosure", "identifiable", "note"})
    read = _Reader(table, f"window[{number}]", known)
    begins_on, ends_on = read.day("from"), read.day("to")
    if begins_on is None:
        raise InputError("field_missing", field=read.path("from"))
    if ends_on is not None and ends_on < begins_on:
        raise InputError("window_ends_before", field=read.path("to"))
    identifiable = read.raw("identifiable")
    if identifiable not in (None, True, False):
        raise InputError("field_not_flag", field=read.path("identifiable"))
    return Window(
        name=read.text("name", required=True),
        begins_on=begins_on,
        ends_on=ends_on,
        intrusion=read.member(Certainty, "intrusion"),
        disclosure=read.member(Certainty, "disclosure"),
        identifiable=True if identifiable is None else bool(identifiable),
        note=read.text("note"),
    )


def _count(table: Any, path: str) -> Count:
    if table is None:
        return Count()
    read = _Reader(table, path, frozenset({"count", "basis"}))
    basis = read.member(Basis, "basis", Basis.UNKNOWN)
    value = read.raw("count")
    if basis is Basis.UNKNOWN:
        return Count()
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InputError("field_not_number", field=read.path("count"))
    return Count(value, basis)


def _measure(table: Any, number: int) -> Measure:
    read = _Reader(table, f"measure[{number}]", frozenset({"kind", "done_on", "text"}))
    return Measure(read.member(MeasureKind, "kind"), read.text("text", required=True), read.day("done_on"))


def revision_from_document(document: Mapping[str, Any]) -> Revision:
    """Return the revision that `document` states.

    Raises InputError with the field's path: unknown or missing fields, wrong kinds of value, a time without zone, a
    window that ends before it begins, two windows of one name, awareness before the first intrusion or after the date
    as of which the facts are known.
    """
    top = _Reader(document, "", _TOP)
    aware = _Reader(top.raw("awareness") or {}, "awareness", frozenset({"at", "how", "reason_for_delay"}))
    nature = _Reader(top.raw("nature") or {}, "nature", frozenset({"kinds", "cause", "summary"}))
    data = _Reader(top.raw("data") or {}, "data", frozenset({"categories", "persons", "records"}))
    follow = _Reader(top.raw("consequences") or {}, "consequences", frozenset({"likely", "text"}))
    revision = Revision(
        title=top.text("title", required=True),
        reference=top.text("reference"),
        controller=top.text("controller", required=True),
        known_as_of=top.instant("known_as_of"),
        source=top.text("source", required=True),
        awareness=Awareness(aware.instant("at"), aware.text("how"), aware.text("reason_for_delay")),
        kinds=nature.members(BreachKind, "kinds"),
        cause=nature.member(Cause, "cause", Cause.UNKNOWN),
        summary=nature.text("summary"),
        windows=tuple(_window(t, i) for i, t in enumerate(_tables(document, "window"), 1)),
        categories=data.members(DataCategory, "categories"),
        persons=_count(data.raw("persons"), "data.persons"),
        records=_count(data.raw("records"), "data.records"),
        consequences=follow.members(Consequence, "likely"),
        consequences_text=follow.text("text"),
        measures=tuple(_measure(t, i) for i, t in enumerate(_tables(document, "measure"), 1)),
        note=top.text("note"),
    )
    _check_whole(revision)
    return revision


def _check_whole(revision: Revision) -> None:
    names = [window.name for window in revision.windows]
    if len(set(names)) < len(names):
        raise InputError("window_name_twice", field="window")
    if revision.awareness.at > revision.known_as_of:
        raise InputError("awareness_after_known", field="awareness.at")
    if revision.windows and revision.awareness.at.date() < min(w.begins_on for w in revision.windows):
        raise InputError("awareness_before_breach", field="awareness.at")


def document_from_revision(revision: Revision) -> dict[str, Any]:
    """Return the document of a revision: plain values only, dates and instants in ISO 8601, ready for JSON.

    `revision_from_document(document_from_revision(r)) == r` for every valid revision (a property test).
    """
    return {
        "title": revision.title,
        "reference": revision.reference,
        "controller": revision.controller,
        "known_as_of": revision.known_as_of.isoformat(),
        "source": revision.source,
        "awareness": {
            "at": revision.awareness.at.isoformat(),
            "how": revision.awareness.how,
            "reason_for_delay": revision.awareness.reason_for_delay,
        },
        "nature": {
            "kinds": [kind.value for kind in revision.kinds],
            "cause": revision.cause.value,
            "summary": revision.summary,
        },
        "window": [_window_document(window) for window in revision.windows],
        "data": {
            "categories": [category.value for category in revision.categories],
            "persons": _count_document(revision.persons),
            "records": _count_document(revision.records),
        },
        "consequences": {
            "likely": [consequence.value for consequence in revision.consequences],
            "text": revision.consequences_text,
        },
        "measure": [
            {"kind": m.kind.value, "text": m.text, "done_on": m.done_on.isoformat() if m.done_on else ""}
            for m in revision.measures
        ],
        "note": revision.note,
    }


def _window_document(window: Window) -> dict[str, Any]:
    return {
        "name": window.name,
        "from": window.begins_on.isoformat(),
        "to": window.ends_on.isoformat() if window.ends_on else "",
        "intrusion": window.intrusion.value,
        "disclosure": window.disclosure.value,
        "identifiable": window.identifiable,
        "note": window.note,
    }


def _count_document(count: Count) -> dict[str, Any]:
    if count.value is None:
        return {"basis": count.basis.value}
    return {"count": count.value, "basis": count.basis.value}
