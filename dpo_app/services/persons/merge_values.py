"""What one person has of two records: never less care, never a shorter time in the register, never half an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dpo_app.core.partial_date import parse_partial
from dpo_app.core.persons.linkage.verdict import Verdict
from dpo_app.core.persons.names import match_key, sort_key
from dpo_app.services.ports.staging import LETTER_NEEDS, PERSON_FIELDS

ADDRESS = ("care_of", "street", "postcode", "town", "country")
_DERIVED = ("sort_key", "match_key")
_FLAGS = ("deceased", "protected", *LETTER_NEEDS)
_APART = frozenset({*ADDRESS, *_DERIVED, *_FLAGS, "registered", "removed", "extra"})


def merged_changes(kept: Mapping[str, Any], gone: Mapping[str, Any], verdict: Verdict) -> dict[str, Any]:
    """Return what changes in `kept` when `gone` becomes part of it.

    Merged: what the first lacks comes from the second. Keep left: its values stay as they are. Keep right: what the
    second has takes their place. In every case a flag of care of either counts, and the time in the register is that
    of both together, for the data of one person was there from the first day to the last.
    """
    values = dict(kept)
    if verdict is not Verdict.KEEP_LEFT:
        over = verdict is Verdict.KEEP_RIGHT
        for name in PERSON_FIELDS:
            if name not in _APART and gone[name] and (over or not values[name]):
                values[name] = gone[name]
        if gone["street"] and (over or not values["street"]):
            values |= {name: gone[name] for name in ADDRESS}
        values["extra"] = {**gone["extra"], **kept["extra"]} if not over else {**kept["extra"], **gone["extra"]}
    values |= {name: bool(kept[name] or gone[name]) for name in _FLAGS}
    values |= _stay(kept, gone)
    values |= derived(values)
    return {name: values[name] for name in PERSON_FIELDS if values[name] != kept[name]}


def derived(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that follow from names and birth date."""
    family, given = values["family_name"], values["given_names"]
    return {"sort_key": sort_key(family, given), "match_key": match_key(family, given, values["born"])}


def _stay(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> dict[str, str]:
    """Return the time in the register of both: from the earlier start; open if either is still there."""
    starts = [each["registered"] for each in (kept, gone) if each["registered"]]
    ends = [each["removed"] for each in (kept, gone)]
    first = min(starts, key=lambda text: _edge(text, 0)) if starts else ""
    last = max(ends, key=lambda text: _edge(text, 1)) if all(ends) else ""
    return {"registered": first, "removed": last}


def _edge(text: str, end: int) -> Any:
    day = parse_partial(text)
    assert day is not None
    return (day.earliest, day.latest)[end]
