"""Work out for every person how surely they are exposed and on which rung they stand, and keep it with the revision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dpo_app.core.audit import AuditAction
from dpo_app.core.breach import SavedRevision
from dpo_app.core.channel import Channel, ChannelReason, Rung, choose_rung
from dpo_app.core.exposure import IN_SCOPE, Exposure, ExposureReason, ExposureState, assess
from dpo_app.core.ids import BreachId, RevisionId
from dpo_app.core.partial_date import age_on, parse_partial
from dpo_app.services.lines import PlanRow, PlanSource
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import SILENT, Changes, Progress, Topic

STEP = 5_000


@dataclass(frozen=True)
class Plan:
    """Counts by exposure and channel; each sums to `persons`."""

    revision: int
    persons: int
    exposure: dict[str, int]
    channel: dict[str, int]
    changes: Changes


def make_plan(desk: Desk, breach_id: BreachId, progress: Progress = SILENT) -> Plan:
    """Assess every person of a breach under its newest revision and keep exposure and rung, in one transaction.

    A person at a time in the pure functions, but streamed: a million persons pass in chunks. Raises
    InputError("no_such_breach"), JobCancelled.
    """
    today = desk.clock.now().date()
    with desk.begin() as uow:
        saved = uow.queries.newest_revision(breach_id)
        total = uow.queries.count_persons(breach_id)
        rows = plan_rows(saved, uow.persons.plan_sources(breach_id), today, progress, total)
        # The stream reads `person`, the writes go to `person_plan`: one connection serves both.
        written = uow.persons.replace_plan(RevisionId(saved.id), rows)
        exposure = uow.queries.exposure_counts(RevisionId(saved.id))
        channel = uow.queries.channel_counts(RevisionId(saved.id))
        uow.audit.record(
            AuditAction.PLAN_MADE,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"revision": saved.number, "persons": written}
            | {f"exposure_{name}": count for name, count in exposure.items()}
            | {f"channel_{name}": count for name, count in channel.items()},
        )
        uow.commit()
    return Plan(saved.number, written, exposure, channel, Changes.of(breach_id, Topic.PLAN))


def plan_rows(
    saved: SavedRevision, sources: Iterator[PlanSource], today: date, progress: Progress, total: int
) -> Iterator[PlanRow]:
    """Yield the plan of each person; equal dates are assessed once."""
    known: dict[tuple[str, str], Exposure] = {}
    for done, source in enumerate(sources):
        if done % STEP == 0:
            progress.step(done, total)
        dates = (source.registered, source.removed)
        exposure = known.get(dates)
        if exposure is None:
            exposure = assess(saved.facts.windows, *map(parse_partial, dates))
            known[dates] = exposure
        if source.exposure_overrule:
            exposure = Exposure(ExposureState(source.exposure_overrule), exposure.windows, ExposureReason.OVERRULED)
        age = age_on(source.born, today)
        rung = _rung(source, exposure, age)
        yield PlanRow(
            source.person_id, exposure.state.value, exposure.windows, exposure.reason.value,
            rung.channel.value, rung.reason.value, age,
        )  # fmt: skip


def _rung(source: PlanSource, exposure: Exposure, age: int | None) -> Rung:
    in_scope = exposure.state in IN_SCOPE
    if in_scope and source.channel_overrule:
        return Rung(Channel(source.channel_overrule), ChannelReason.CHOSEN)
    return choose_rung(
        in_scope=in_scope, protected=source.protected, deceased=source.deceased, age=age,
        has_email=source.has_email, has_address=source.has_address, email_failed=source.email_failed,
        letter_failed=source.letter_failed,
    )  # fmt: skip
