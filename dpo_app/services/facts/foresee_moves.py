"""What would move before it is accepted: a revision that is not saved yet, or other dates of persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dpo_app.core.errors import InputError
from dpo_app.core.facts.breach import DataCategory, Revision, SavedRevision
from dpo_app.core.facts.exposure import IN_SCOPE, Exposure, ExposureState, Window, assess
from dpo_app.core.facts.moves import Known, OwedReason, named, overruled, owed_more
from dpo_app.core.ids import BreachId, PersonId, RevisionId
from dpo_app.core.partial_date import parse_partial
from dpo_app.services.lines import ToldGroup
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries

STEP = 5_000


@dataclass(frozen=True)
class Moves:
    """Who would move: {(exposure before, exposure after): persons}; "" before means *not worked out yet*. `owed` are
    those who were told and would be owed more, by reason. Every cell sums to `persons`."""

    persons: int
    cells: Mapping[tuple[str, str], int]
    owed: Mapping[OwedReason, int]

    @property
    def moved(self) -> int:
        """Return how many would have another exposure than now."""
        return sum(count for (before, after), count in self.cells.items() if before != after)

    @property
    def in_scope(self) -> tuple[int, int]:
        """Return how many are in scope now and would be."""
        scope = {state.value for state in IN_SCOPE}
        before = sum(count for (old, _), count in self.cells.items() if old in scope)
        return before, sum(count for (_, new), count in self.cells.items() if new in scope)


def _assessor(windows: tuple[Window, ...]) -> Callable[[str, str], Exposure]:
    known: dict[tuple[str, str], Exposure] = {}

    def of(registered: str, removed: str) -> Exposure:
        found = known.get((registered, removed))
        if found is None:
            found = assess(windows, parse_partial(registered), parse_partial(removed))
            known[registered, removed] = found
        return found

    return of


def foresee_revision(desk: Desk, breach_id: BreachId, facts: Revision) -> Moves:
    """Return who would move where if a revision with these facts were saved; nothing is kept."""
    with desk.read() as queries:
        newest = queries.newest_revision(breach_id)
        groups = queries.date_groups(breach_id, RevisionId(newest.id))
        told = queries.told_groups(breach_id, RevisionId(newest.id))
        revisions = {saved.id: saved for saved in queries.revisions(breach_id)}
    of = _assessor(facts.windows)
    cells: Counter[tuple[str, str]] = Counter()
    for group in groups:
        after = group.exposure if group.overruled else of(group.registered, group.removed).state.value
        cells[group.exposure, after] += group.persons
    owed: Counter[OwedReason] = Counter()
    for each in told:
        kept = ExposureState(each.after) if each.overruled and each.after else None
        found = overruled(of(each.registered, each.removed), kept)
        reason = owed_of(each, named(found.state, found.windows, facts.windows), revisions, frozenset(facts.categories))
        if reason is not None:
            owed[reason] += each.persons
    return Moves(sum(cells.values()), dict(cells), dict(owed))


def owed_of(
    group: ToldGroup, now: Known, revisions: Mapping[int, SavedRevision], categories: frozenset[DataCategory]
) -> OwedReason | None:
    """Return why a group of those who were told is owed more, if it is exposed as `now` says."""
    source = revisions[group.told_revision].facts
    told = None
    if group.before is not None:
        windows = revisions[group.plan_revision].facts.windows
        told = named(ExposureState(group.before), group.before_windows or 0, windows)
    spoken_of = frozenset(window.name for window in source.windows)
    return owed_more(told, now, spoken_of, bool(categories - frozenset(source.categories)))


@dataclass(frozen=True)
class DateMove:
    """What other dates would do to one person. `owed` is the reason they would be owed more, None if not told or not."""

    person_id: PersonId
    before: str
    after: Exposure
    owed: OwedReason | None


def foresee_dates(desk: Desk, breach_id: BreachId, dates: Mapping[PersonId, tuple[str, str]]) -> list[DateMove]:
    """Return what other dates (`registered`, `removed` as YYYY, YYYY-MM or YYYY-MM-DD, "" for none) would do to
    persons; nothing is kept. Raises InputError("no_such_person"), InputError("date_form")."""
    with desk.read() as queries:
        return [date_move(queries, breach_id, person, *own) for person, own in dates.items()]


def date_move(queries: Queries, breach_id: BreachId, person: PersonId, registered: str, removed: str) -> DateMove:
    """Return what other dates would do to one person."""
    newest = queries.newest_revision(breach_id)
    view = queries.person(person, RevisionId(newest.id))
    try:
        found = assess(newest.facts.windows, parse_partial(registered), parse_partial(removed))
    except ValueError:
        raise InputError("date_form") from None
    if view.exposure_reason == "overruled":
        found = overruled(found, ExposureState(view.line.exposure))
    owed = None
    revisions = {saved.id: saved for saved in queries.revisions(breach_id)}
    for group in queries.told_group_of(breach_id, RevisionId(newest.id), person):
        now = named(found.state, found.windows, newest.facts.windows)
        owed = owed_of(group, now, revisions, frozenset(newest.facts.categories))
    return DateMove(person, view.line.exposure, found, owed)
