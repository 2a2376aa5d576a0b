"""What the rest of the store knows that clocks hang on: the facts of the newest revision, and who was told.

A part of the program that learns of such things (a notice handed in, a risk judged) adds a function to `SOURCES`; the
officer's own records about a clock win over what a source says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from dpo_app.core.authority.authorities import AuthorityRegime
from dpo_app.core.clocks.clock_record import FOLLOW_UP
from dpo_app.core.clocks.deadline import Contract, Event
from dpo_app.core.clocks.regime import Anchor, FactName
from dpo_app.core.facts.breach import SavedRevision
from dpo_app.core.facts.fact_choices import EventKind, OwnRole
from dpo_app.core.ids import BreachId, RevisionId
from dpo_app.core.notices.notice import NoticePhase
from dpo_app.core.risk.risk import Owed
from dpo_app.services.lines import Standings
from dpo_app.services.ports.store import Queries

#: Events of the facts that start a clock, by the anchor of the rule packs.
_ANCHORS = {
    EventKind.DETECTED: Anchor.DETECTED, EventKind.PROCESSOR_AWARE: Anchor.PROCESSOR_AWARE,
    EventKind.HIGH_RISK_DETERMINED: Anchor.HIGH_RISK_DETERMINED, EventKind.CLASSIFIED_MAJOR: Anchor.CLASSIFIED_MAJOR,
    EventKind.MEASURES_AVAILABLE: Anchor.FIX_AVAILABLE, EventKind.CONTRACT_CLOCK: Anchor.CONTRACT_CLOCK,
}  # fmt: skip
#: Events of the facts by which a duty was met.
_DONE = {EventKind.INITIAL_SUBMITTED: "dora.initial", EventKind.INTERMEDIATE_SUBMITTED: "dora.intermediate"}
STATED_CONTRACT = "stated"


@dataclass
class Known:
    """What the store knows of one breach: facts for conditions, events that start clocks, duties that were met
    (`gdpr.art33_1`), hours of agreements."""

    breach_id: BreachId
    revisions: Sequence[SavedRevision]
    standings: Standings | None = None
    facts: dict[str, frozenset[str]] = field(default_factory=dict)
    anchors: dict[str, Event] = field(default_factory=dict)
    done: dict[str, Event] = field(default_factory=dict)
    contracts: list[Contract] = field(default_factory=list)

    def met(self, key: str, event: Event, again: bool = False) -> None:
        """Take a moment at which a duty was met; the earliest counts, or the latest for one that comes `again`."""
        kept = self.done.get(key)
        if kept is None or (event.at > kept.at if again else event.at < kept.at):
            self.done[key] = event

    def begun(self, anchor: Anchor, event: Event) -> None:
        """Take an event that starts clocks; the earliest counts."""
        kept = self.anchors.get(anchor)
        if kept is None or event.at < kept.at:
            self.anchors[anchor] = event


def stated(_queries: Queries, known: Known) -> None:
    """Take what the newest revision states: role, kinds of service, events, the decision about the persons."""
    saved = known.revisions[-1]
    facts, scope = saved.facts, saved.facts.scope
    if scope.role is not None:
        role = OwnRole.PROCESSOR if scope.role is OwnRole.PROCESSOR else OwnRole.CONTROLLER
        known.facts[FactName.ROLE] = frozenset({role.value})
    if scope.providers:
        known.facts[FactName.PROVIDER] = frozenset(each.value for each in scope.providers)
    if facts.communication.decision is not None:
        known.facts[FactName.COMMUNICATION] = frozenset({facts.communication.decision.value})
    for each in facts.events:
        event = Event(each.at, each.source, "", saved.author, saved.recorded_at)
        if each.kind in _ANCHORS:
            known.begun(_ANCHORS[each.kind], event)
        elif each.kind in _DONE:
            known.met(_DONE[each.kind], event)
    if facts.awareness.processor_aware_at is not None:
        known.begun(
            Anchor.PROCESSOR_AWARE, Event(facts.awareness.processor_aware_at, "", "", saved.author, saved.recorded_at)
        )
    if scope.contract_hours:
        anchor = Anchor.CONTRACT_CLOCK if Anchor.CONTRACT_CLOCK in known.anchors else Anchor.AWARENESS
        known.contracts.append(Contract(STATED_CONTRACT, scope.contract, "", scope.contract_hours, anchor))


def persons_told(queries: Queries, known: Known) -> None:
    """Art. 34 is met when everybody in scope was told or is excused, at the last event of a delivery."""
    standing = known.standings or queries.standings(known.breach_id, RevisionId(known.revisions[-1].id))
    if not standing.told or standing.told + standing.excused != standing.in_scope:
        return
    last = queries.last_delivery_at(known.breach_id)
    if last is not None:
        for key in ("gdpr.art34_1", "uk_gdpr.art34_1"):
            known.met(key, Event(last))


#: Which duty is met by the first notice to an authority under a law.
_FIRST_NOTICE = {
    AuthorityRegime.GDPR: "gdpr.art33_1", AuthorityRegime.UK_GDPR: "uk_gdpr.art33_1",
    AuthorityRegime.CH_FADP: "ch_fadp.art24_1",
}  # fmt: skip
_UNDER = {"UK": AuthorityRegime.UK_GDPR, "CH": AuthorityRegime.CH_FADP, "EU": AuthorityRegime.EU_BODIES}


def authorities_told(queries: Queries, known: Known) -> None:
    """Art. 33(1) is met when the first notice was handed in, 33(4) by each later one; a withdrawal meets nothing."""
    for each in queries.authority_told(known.breach_id):
        if each.withdraw:
            continue
        regime = _UNDER.get(each.authority, AuthorityRegime.GDPR)
        event = Event(each.at, f"{each.authority} {each.reference}".strip())
        if each.phase is NoticePhase.INITIAL and regime in _FIRST_NOTICE:
            known.met(_FIRST_NOTICE[regime], event)
        elif each.phase is not NoticePhase.INITIAL and regime is AuthorityRegime.GDPR:
            known.met(FOLLOW_UP, event, again=True)


def risk_judged(queries: Queries, known: Known) -> None:
    """What is owed follows from the newest assessment; a high risk is established with the first that says so."""
    found = queries.assessments(known.breach_id)
    if found:
        known.facts[FactName.RISK] = frozenset({found[-1].decided.value})
    for each in found:
        if each.decided is Owed.PERSONS:
            known.begun(Anchor.HIGH_RISK_DETERMINED, Event(each.made_at, each.made_by, "", each.made_by, each.made_at))


Source = Callable[[Queries, Known], None]
SOURCES: tuple[Source, ...] = (stated, risk_judged, persons_told, authorities_told)


def known_of(
    queries: Queries, breach_id: BreachId, revisions: Sequence[SavedRevision], standings: Standings | None = None
) -> Known:
    """Return what all sources know of a breach."""
    known = Known(breach_id, revisions, standings)
    for source in SOURCES:
        source(queries, known)
    return known
