"""Work out for every person how surely they are exposed and on which rung they stand, and keep it with the revision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from dpo_app.core.facts.breach import SavedRevision
from dpo_app.core.facts.exposure import IN_SCOPE, Exposure, ExposureReason, ExposureState, assess
from dpo_app.core.ids import BreachId, RevisionId
from dpo_app.core.partial_date import age_on, parse_partial
from dpo_app.core.persons.care import NO_CARE, CareFacts, CareOutcome, CareRule, CareRules, applying, outcome
from dpo_app.core.persons.channel import Channel, ChannelReason, Rung, choose_rung
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.lines import PlanRow, PlanSource
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import UnitOfWork
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
    with desk.begin() as uow:
        plan = plan_within(desk, uow, breach_id, progress)
        uow.commit()
    return plan


def plan_within(desk: Desk, uow: UnitOfWork, breach_id: BreachId, progress: Progress = SILENT) -> Plan:
    """Do what `make_plan` does inside a change that asks for it; the caller commits."""
    today = desk.clock.now().date()
    saved = uow.queries.newest_revision(breach_id)
    total = uow.queries.count_persons(breach_id)
    found: list[tuple[int, CareRule]] = []
    judge = CareJudge.of(desk, uow.queries.setting("staff_domains"), found)
    rows = plan_rows(saved, uow.persons.plan_sources(breach_id), today, progress, total, judge)
    # The stream reads `person`, the writes go to `person_plan`: one connection serves both.
    written = uow.persons.replace_plan(RevisionId(saved.id), rows)
    uow.care.replace_found(breach_id, found)
    exposure = uow.queries.exposure_counts(RevisionId(saved.id))
    channel = uow.queries.channel_counts(RevisionId(saved.id))
    uow.audit.record(
        AuditAction.PLAN_MADE,
        subjects=(uow.queries.breach_uid(breach_id),),
        facts={"revision": saved.number, "persons": written}
        | {f"exposure_{name}": count for name, count in exposure.items()}
        | {f"channel_{name}": count for name, count in channel.items()},
    )
    return Plan(saved.number, written, exposure, channel, Changes.of(breach_id, Topic.PLAN))


@dataclass
class CareJudge:
    """Asks the rules of care about each person; `found` takes (person, rule) of those they apply to."""

    rules: CareRules
    home_country: str
    staff_domains: frozenset[str]
    found: list[tuple[int, CareRule]]

    @classmethod
    def of(cls, desk: Desk, staff_domains: Any, found: list[tuple[int, CareRule]]) -> CareJudge:
        """Return the judge of a desk; `staff_domains` are the organisation's own mail domains as they are kept."""
        return cls(desk.care, desk.home_country, frozenset(map(str, staff_domains or ())), found)

    def outcome(self, source: PlanSource, age: int | None) -> CareOutcome:
        """Return what the rules do for a person, and note which apply."""
        staff_mail = source.email.rpartition("@")[2].lower() in self.staff_domains if source.email else False
        facts = CareFacts(
            source.protected, source.deceased, age, source.guardian, source.email, source.shared_mail, staff_mail,
            source.marks, source.wish, source.country or self.home_country,
        )  # fmt: skip
        applies = applying(facts, self.rules)
        if not applies:
            return NO_CARE
        self.found.extend((source.person_id, rule) for rule in applies)
        return outcome(applies, self.rules, wish=source.wish, mail_concerned=staff_mail)


def plan_rows(
    saved: SavedRevision, sources: Iterator[PlanSource], today: date, progress: Progress, total: int, judge: CareJudge
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
        rung = _rung(source, exposure, judge.outcome(source, age))
        yield PlanRow(
            source.person_id, exposure.state.value, exposure.windows, exposure.reason.value,
            rung.channel.value, rung.reason.value, age,
        )  # fmt: skip


def _rung(source: PlanSource, exposure: Exposure, care: CareOutcome) -> Rung:
    in_scope = exposure.state in IN_SCOPE
    if in_scope and source.channel_overrule:
        return Rung(Channel(source.channel_overrule), ChannelReason.CHOSEN)
    return choose_rung(
        in_scope=in_scope, has_email=bool(source.email), has_address=source.has_address,
        email_failed=source.email_failed, letter_failed=source.letter_failed, care=care,
    )  # fmt: skip
