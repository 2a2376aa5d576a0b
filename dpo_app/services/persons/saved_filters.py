"""Filters of the person list, kept in the store by name. What was typed into the search is never kept."""

from __future__ import annotations

from typing import Any

from dpo_app.core.delivery import Standing
from dpo_app.core.errors import InputError
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.persons.care import CareRule
from dpo_app.core.persons.channel import Channel
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.lines import PersonFilter
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import Changes, Topic

MOST_SIGNS = 60
_SETS: dict[str, Any] = {
    "exposures": ExposureState, "channels": Channel, "standings": Standing, "care_rules": CareRule,
}  # fmt: skip
_PLAIN = ("care", "language", "import_id", "window", "born_after", "owed")


def filter_document(wanted: PersonFilter) -> dict[str, Any]:
    """Return a filter as plain values, without what was typed."""
    document: dict[str, Any] = {name: sorted(getattr(wanted, name)) for name in _SETS if getattr(wanted, name)}
    return document | {name: getattr(wanted, name) for name in _PLAIN if getattr(wanted, name) not in (None, "", False)}


def filter_of(document: dict[str, Any]) -> PersonFilter:
    """Return the filter of a document; values that this version does not know are left out."""
    values: dict[str, Any] = {
        name: frozenset(kind(each) for each in document.get(name, ()) if each in set(kind))
        for name, kind in _SETS.items()
    }
    return PersonFilter(**values, **{name: document[name] for name in _PLAIN if name in document})


def save_filter(desk: Desk, name: str, wanted: PersonFilter) -> Changes:
    """Keep a filter under a name, in the place of an older one. Raises InputError: "filter_name", "filter_empty"."""
    name = name.strip()
    if not name or len(name) > MOST_SIGNS:
        raise InputError("filter_name", most=MOST_SIGNS)
    document = filter_document(wanted)
    if not document:
        raise InputError("filter_empty")
    with desk.begin() as uow:
        uow.settings.put_filter(name, document)
        uow.audit.record(AuditAction.FILTER_SAVED)
        uow.commit()
    return Changes.of(None, Topic.SETTINGS)


def remove_filter(desk: Desk, name: str) -> Changes:
    """Forget a filter. Raises InputError("no_such_filter")."""
    with desk.begin() as uow:
        if not uow.settings.drop_filter(name):
            raise InputError("no_such_filter")
        uow.audit.record(AuditAction.FILTER_REMOVED)
        uow.commit()
    return Changes.of(None, Topic.SETTINGS)
