"""What changed between two revisions, as a value (design.md section 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from dpo_app.core.facts.breach import Revision
from dpo_app.core.facts.breach_document import document_from_revision


class ChangeKind(StrEnum):
    """How a fact differs."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class FactChange(NamedTuple):
    """One fact that differs. `key` is its path, for lists with the item's name (`window.copy of the register`);
    `old` and `new` are document values (text, number, list, mapping) or None."""

    kind: ChangeKind
    key: str
    old: Any
    new: Any


#: Stamps of the revision itself: they always differ and are shown in its heading.
_STAMPS = frozenset({"known_as_of", "source"})
#: Lists of tables, and the field that tells one item from another.
NAMED_LISTS = {
    "window": "name", "measure": "text", "event": "kind", "system": "name", "party": "name", "statement": "author",
    "report": "to", "fact": "key",
}  # fmt: skip


def _flatten(document: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in document.items():
        key = f"{prefix}{name}"
        if name in NAMED_LISTS and not prefix and isinstance(value, Sequence):
            for item in value:
                flat[_free(flat, f"{key}.{item[NAMED_LISTS[name]]}")] = item
        elif isinstance(value, Mapping) and not {"basis"} & set(value):
            flat.update(_flatten(value, f"{key}."))
        else:
            flat[key] = value
    return flat


def _free(flat: Mapping[str, Any], key: str) -> str:
    """Return the key, with a number if an item of that name came before: two statements of one author are two facts."""
    number = 1
    while (numbered := key if number == 1 else f"{key} ({number})") in flat:
        number += 1
    return numbered


def _empty(value: Any) -> bool:
    return value in (None, "", [], {}, False) or value == {"basis": "unknown"}


def facts_of(revision: Revision) -> dict[str, Any]:
    """Return every fact of a revision by its path, stamps left out, in the order of the Facts page."""
    flat = _flatten(document_from_revision(revision))
    return {key: value for key, value in flat.items() if key not in _STAMPS}


def differences(old: Revision, new: Revision) -> tuple[FactChange, ...]:
    """Return what `new` states otherwise than `old`, in the order of the facts; equal revisions give ()."""
    before, after = facts_of(old), facts_of(new)
    changes: list[FactChange] = []
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        if was == now or (_empty(was) and _empty(now)):
            continue
        if _empty(was):
            changes.append(FactChange(ChangeKind.ADDED, key, None, now))
        elif _empty(now):
            changes.append(FactChange(ChangeKind.REMOVED, key, was, None))
        else:
            changes.append(FactChange(ChangeKind.CHANGED, key, was, now))
    return tuple(changes)
