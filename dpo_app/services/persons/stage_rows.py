"""A parsed row as it is staged, and which rows are surely the same person (domain/persons.md section 5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dpo_app.core.ids import PERSON_CODE_LENGTH, BreachId, ImportId
from dpo_app.core.partial_date import format_partial
from dpo_app.core.persons.intake import ParsedRow, ProblemCode, Severity
from dpo_app.core.persons.names import contradict, match_key, name_tokens, sort_key
from dpo_app.core.persons.person import Person
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.staging import PERSON_FIELDS

#: Keys that make two records surely the same person, strongest first.
_KEYS = ("customer_number", "national_id", "match_key")
_EMPTY = Person()


def person_values(person: Person) -> dict[str, Any]:
    """Return a person by the column names that a staged row and a person share."""
    born = format_partial(person.born)
    address = person.address
    return {
        "customer_number": person.customer_number, "family_name": person.family_name,
        "given_names": person.given_names, "sort_key": sort_key(person.family_name, person.given_names),
        "match_key": match_key(person.family_name, person.given_names, born),
        "national_id": person.national_id, "born": born, "language": person.language, "email": person.email,
        "phone": person.phone, "care_of": address.care_of, "street": address.street,
        "postcode": address.postcode, "town": address.town, "country": address.country,
        "registered": format_partial(person.registered), "removed": format_partial(person.removed),
        "deceased": person.deceased, "protected": person.protected, "guardian": person.guardian,
        "extra": person.extra, "large_print": person.large_print, "easy_language": person.easy_language,
    }  # fmt: skip


def staged_row(
    desk: Desk, import_id: ImportId, parsed: ParsedRow, cells: Sequence[str], seen: dict[int, int]
) -> dict[str, Any]:
    """Return every column of a staged row; `seen` maps hashes of keys to the first row that had them.

    A row that shares a key with an earlier one is staged as a duplicate for now; `find_duplicates` looks twice.
    """
    values = person_values(parsed.person or _EMPTY)
    outcome, same_as = "new", None
    if parsed.person is None:
        outcome = "rejected"
    else:
        for key in _KEYS:
            if values[key]:
                first = seen.setdefault(hash((key, values[key])), parsed.row)
                if first != parsed.row and same_as is None:
                    outcome, same_as = "duplicate", first
    noted = [p.code.value for p in parsed.problems if p.severity is not Severity.INFO]
    return values | {
        "import_id": import_id, "row_number": parsed.row, "outcome": outcome, "same_as_row": same_as,
        "same_as_person": None, "cells": list(cells) if parsed.problems else None,
        "code": desk.ids.code(PERSON_CODE_LENGTH), "uid": desk.ids.random_bytes(16),
        "key": desk.ids.random_bytes(32), "noted": ",".join(dict.fromkeys(noted)),
    }  # fmt: skip


def find_duplicates(staging: Any, import_id: ImportId, breach_id: BreachId) -> None:
    """Look twice at rows that share a key: merge those who are surely the same, note the others and keep both; then
    compare with the register."""
    # Three records may share keys pairwise: what the third has goes to the first, not to the second that stays out.
    kept: dict[int, int] = {}
    for chunk in _chunks(staging.candidate_pairs(import_id), 500):
        numbers = sorted({number for pair in chunk for number in pair} | {kept.get(first, first) for _, first in chunk})
        persons = staging.persons(import_id, numbers)
        outcomes: list[dict[str, Any]] = []
        problems: list[dict[str, Any]] = []
        for row, met in chunk:
            first = kept.get(met, met)
            older, newer = persons[first].values, persons[row].values
            veto = vetoed(older, newer)
            if veto is None:
                kept[row] = first
                outcomes.append({"row_number": first, **_filled_from(older, newer)})
                persons[first].values.update(_filled_from(older, newer))
            else:
                outcomes.append({"row_number": row, "outcome": "new", "same_as_row": None})
                problems.append(_problem(import_id, row, veto))
        staging.set_outcomes(import_id, [each for each in outcomes if len(each) > 1])
        staging.add_rows([], problems)
    _compare_with_register(staging, import_id, breach_id)


def vetoed(older: dict[str, Any], newer: dict[str, Any]) -> ProblemCode | None:
    """Return why two records that share a key are not the same person after all, or None."""
    apart = older["national_id"] and newer["national_id"] and older["national_id"] != newer["national_id"]
    names = (
        name_tokens(older["family_name"], older["given_names"]),
        name_tokens(newer["family_name"], newer["given_names"]),
    )
    if apart:
        return ProblemCode.NUMBER_SHARED
    if contradict(*names):
        same_id = older["national_id"] and older["national_id"] == newer["national_id"]
        return ProblemCode.NATIONAL_ID_SHARED if same_id else ProblemCode.NUMBER_SHARED
    return None


def _filled_from(older: dict[str, Any], newer: dict[str, Any]) -> dict[str, Any]:
    """Return what the first record lacks and the second has; care flags count from either."""
    return {
        name: newer[name]
        for name in PERSON_FIELDS
        if name not in ("extra", "sort_key", "match_key") and not older[name] and newer[name]
    }


def _compare_with_register(staging: Any, import_id: ImportId, breach_id: BreachId) -> None:
    pairs: dict[int, int] = {}
    for row, person_id, _key in staging.matches_in_register(import_id, breach_id):
        pairs.setdefault(row, person_id)
    for chunk in _chunks(sorted(pairs.items()), 500):
        staged = staging.persons(import_id, [row for row, _ in chunk])
        known = staging.registered([person_id for _, person_id in chunk])
        outcomes, problems = [], []
        for row, person_id in chunk:
            older, newer = known[person_id], staged[row].values
            veto = vetoed(older, newer)
            if veto is not None:
                problems.append(_problem(import_id, row, veto))
                continue
            outcome = "changed" if staging.changed_fields(older, newer) else "duplicate"
            outcomes.append({"row_number": row, "outcome": outcome, "same_as_person": person_id})
        staging.set_outcomes(import_id, outcomes)
        staging.add_rows([], problems)


def _problem(import_id: ImportId, row: int, code: ProblemCode) -> dict[str, Any]:
    return {
        "import_id": import_id, "row_number": row, "column": "", "code": code.value,
        "severity": Severity.NOTE.value,
    }  # fmt: skip


def _chunks(items: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
