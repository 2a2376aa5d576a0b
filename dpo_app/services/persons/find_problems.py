"""What is doubtful about the contact data of a register, by kind with counts, and what would mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dpo_app.core.ids import BreachId
from dpo_app.core.persons.contact_check import ContactProblem, Doubt, Knowledge, doubts
from dpo_app.core.veil import veiled
from dpo_app.services.ports.corrections import CorrectionQueries
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import SILENT, Progress

STEP = 5_000


@veiled
class DoubtLine(NamedTuple):
    """A doubt about one person. `value` is what stands there now; a protected person's address is left out of it."""

    person_id: int
    code: str
    name: str
    doubt: Doubt
    value: str
    protected: bool


@dataclass(frozen=True)
class Kind:
    """How many persons a kind of problem concerns, and for how many there is a suggestion."""

    code: ContactProblem
    persons: int
    suggested: int


@dataclass(frozen=True)
class Problems:
    """What was found among so many persons; `lines` are of the kind that was asked for."""

    persons: int
    kinds: tuple[Kind, ...]
    lines: tuple[DoubtLine, ...] = field(repr=False)


def knowledge(desk: Desk, queries: CorrectionQueries, breach_id: BreachId) -> Knowledge:
    """Return what is the same for all persons of a breach while they are checked."""
    shared = queries.shared_mails(breach_id)
    return Knowledge(desk.country_rules, desk.mail_domains, desk.home_country, desk.clock.now().date(), shared)


def find_problems(
    desk: Desk, breach_id: BreachId, kind: ContactProblem | None = None, limit: int = 500,
    progress: Progress = SILENT,
) -> Problems:  # fmt: skip
    """Check everybody's contact data. `kind` asks for the lines of one kind, at most `limit`; without it there are
    lines of every kind. Nothing is changed. Raises InputError("no_such_breach"), JobCancelled."""
    counts: dict[ContactProblem, list[int]] = {}
    lines: list[DoubtLine] = []
    with desk.read() as queries:
        queries.breach_uid(breach_id)
        total = queries.count_persons(breach_id)
        know = knowledge(desk, queries.corrections, breach_id)
        for done, (number, values) in enumerate(queries.corrections.contact_values(breach_id)):
            if done % STEP == 0:
                progress.step(done, total)
            for doubt in doubts(values, know):
                count = counts.setdefault(doubt.code, [0, 0])
                count[0] += 1
                count[1] += bool(doubt.suggestion)
                if len(lines) < limit and kind in (None, doubt.code):
                    lines.append(_line(number, values, doubt))
    order = list(ContactProblem)
    kinds = [Kind(code, *count) for code, count in counts.items()]
    kinds.sort(key=lambda each: (-each.suggested, -each.persons, order.index(each.code)))
    return Problems(total, tuple(kinds), tuple(lines))


_ADDRESS = frozenset({"care_of", "street", "postcode", "town", "country"})


def _line(number: int, values: Mapping[str, Any], doubt: Doubt) -> DoubtLine:
    name = ", ".join(filter(None, (values["family_name"], values["given_names"])))
    protected = bool(values["protected"])
    hidden = protected and doubt.column in _ADDRESS
    return DoubtLine(number, values["code"], name, doubt, "" if hidden else str(values[doubt.column]), protected)
