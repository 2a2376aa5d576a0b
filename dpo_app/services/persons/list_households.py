"""Which persons share an address or a mail address: shown to the officer; each of them gets a message of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from dpo_app.core.ids import BreachId, grouped
from dpo_app.core.persons.household import Shared, address_key, email_key
from dpo_app.core.veil import veiled
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import SILENT, Progress

STEP = 20_000


@veiled
class Household(NamedTuple):
    """A group: what they share and who they are, by number and code. A protected person in it is `protected`."""

    kind: Shared
    persons: tuple[int, ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    protected: bool


@dataclass(frozen=True)
class Households:
    """How many addresses and mail addresses are shared, by how many persons, and the largest groups."""

    addresses: int
    mails: int
    persons: int
    groups: tuple[Household, ...]


def households(desk: Desk, breach_id: BreachId, limit: int = 500, progress: Progress = SILENT) -> Households:
    """Return the groups of a breach, those that share a mail address first, then the largest. Raises JobCancelled."""
    by_mail: dict[str, list[int]] = {}
    by_address: dict[str, list[int]] = {}
    with desk.read() as queries:
        queries.breach_uid(breach_id)
        total = queries.count_persons(breach_id)
        for done, (number, street, postcode, town, email) in enumerate(queries.links.shared_values(breach_id)):
            if done % STEP == 0:
                progress.step(done, total)
            for key, groups in ((email_key(email), by_mail), (address_key(street, postcode, town), by_address)):
                if key:
                    groups.setdefault(key, []).append(number)
        mails, addresses = (_several(groups) for groups in (by_mail, by_address))
        concerned = {number for group in (*mails, *addresses) for number in group}
        chosen = [(Shared.EMAIL, group) for group in mails] + [(Shared.ADDRESS, group) for group in addresses]
        shown = chosen[:limit]
        values = queries.links.values(sorted({number for _kind, group in shown for number in group}))
    made = tuple(
        Household(
            kind, tuple(group), tuple(values[n]["code"] for n in group), tuple(_name(values[n]) for n in group),
            any(values[n]["protected"] for n in group),
        )
        for kind, group in shown
    )  # fmt: skip
    return Households(len(addresses), len(mails), len(concerned), made)


def _name(values: Mapping[str, Any]) -> str:
    return f"{values['given_names']} {values['family_name']}".strip() or grouped(values["code"])


def _several(groups: dict[str, list[int]]) -> list[list[int]]:
    return sorted((group for group in groups.values() if len(group) > 1), key=lambda group: (-len(group), group[0]))
