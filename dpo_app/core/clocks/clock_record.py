"""What the officer records beside the facts so that clocks can be told: events, duties met, reasons, choices of law.

Records are added, never changed; the newest of a kind and key counts, an earlier one stays readable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from dpo_app.core.clocks.deadline import ClockFacts, Contract, Event
from dpo_app.core.clocks.regime import Anchor, FactName
from dpo_app.core.facts.breach import SavedRevision

FOLLOW_UP = "gdpr.art33_4"
_TOLD_KEYS = ("gdpr.art33_1", FOLLOW_UP)


class RecordKind(StrEnum):
    """What a record says; `key` names the anchor, the duty, the law, the fact or the agreement."""

    ANCHOR = "anchor"
    DONE = "done"
    REASON = "reason"
    TARGET = "target"
    LAW = "law"
    FACT = "fact"
    CONTRACT = "contract"


@dataclass(frozen=True)
class ClockRecord:
    """One record. An `at` of None and an empty document take the earlier one back."""

    kind: RecordKind
    key: str
    recorded_by: str
    recorded_at: datetime
    at: datetime | None = None
    zone: str = ""
    text: str = ""
    document: Mapping[str, Any] = field(default_factory=dict)
    current: bool = True


def driving_awareness(revisions: Sequence[SavedRevision], decided: ClockRecord | None) -> Event:
    """Return the awareness that starts the clocks: the earliest ever stated, until the officer decides with a reason
    which one holds. What a later revision states after that decision counts again."""
    stated = stated_awareness(revisions)
    if decided is not None and decided.at is not None:
        later = [each for each in stated if each.recorded_at is not None and each.recorded_at > decided.recorded_at]
        chosen = Event(decided.at, decided.text, decided.zone, decided.recorded_by, decided.recorded_at)
        stated = (chosen, *later)
    return min(stated, key=lambda each: each.at)


def stated_awareness(revisions: Sequence[SavedRevision]) -> tuple[Event, ...]:
    """Return every awareness that was stated, oldest first; one that a revision only repeats is not stated again."""
    events: list[Event] = []
    for saved in revisions:
        aware = saved.facts.awareness
        if not events or events[-1].at != aware.at:
            events.append(Event(aware.at, aware.how, "", saved.author, saved.recorded_at))
    return tuple(events)


def clock_facts(
    revisions: Sequence[SavedRevision], records: Sequence[ClockRecord], *, zone: str, country: str, subdivision: str = "",
    language: str = "", facts: Mapping[str, frozenset[str]] | None = None, done: Mapping[str, Event] | None = None,
    anchors: Mapping[str, Event] | None = None, contracts: Sequence[Contract] = (),
) -> ClockFacts:  # fmt: skip
    """Return what decides the clocks of one breach.

    `facts`, `done` and `anchors` are what other parts of the store know (risk, notices sent); a record of the officer
    about a fact wins over them, and of two moments at which a duty was met the earlier one counts.
    """
    current = [each for each in records if each.current]
    kept = {kind: {r.key: r for r in current if r.kind is kind} for kind in RecordKind}
    events = dict(anchors or {})
    events |= {key: event_of(r) for key, r in kept[RecordKind.ANCHOR].items() if r.at is not None}
    events[Anchor.AWARENESS] = driving_awareness(revisions, kept[RecordKind.ANCHOR].get(Anchor.AWARENESS))
    met = dict(done or {})
    for key, record in kept[RecordKind.DONE].items():
        if record.at is not None and (key not in met or record.at < met[key].at):
            met[key] = event_of(record)
    _new_facts(revisions, events, met)
    known: dict[str, frozenset[str]] = {
        FactName.COUNTRY: frozenset({country}),
        FactName.ROLE: frozenset({"controller"}),
        FactName.COMMUNICATION: frozenset({"open"}),
    }
    known |= {key: values for key, values in (facts or {}).items() if values}
    known |= {
        key: frozenset(r.document["values"])
        for key, r in kept[RecordKind.FACT].items()
        if r.document.get("values")
    }  # fmt: skip
    reasons = {key: r.text for key, r in kept[RecordKind.REASON].items()}
    stated = revisions[-1].facts.awareness.reason_for_delay
    if stated and not reasons.get("gdpr.art33_1"):
        reasons["gdpr.art33_1"] = stated
    return ClockFacts(
        anchors=events, done=met, reasons=reasons,
        targets={key: r.at for key, r in kept[RecordKind.TARGET].items() if r.at is not None},
        facts=known, chosen={key: bool(r.document["applies"]) for key, r in kept[RecordKind.LAW].items()},
        contracts=(*contracts, *(_contract(r) for r in kept[RecordKind.CONTRACT].values() if r.document)),
        zone=zone, country=country, subdivision=subdivision, language=language,
    )  # fmt: skip


def _new_facts(revisions: Sequence[SavedRevision], events: dict[str, Event], met: dict[str, Event]) -> None:
    """Start the follow-up of Art. 33(4) with the first revision that was saved after the authority was told last; a
    follow-up that was sent before it does not meet it. The officer's own record of the event stands."""
    told = [met[key].at for key in _TOLD_KEYS if key in met]
    follow_up = met.get(FOLLOW_UP)
    if told and Anchor.NEW_FACTS not in events:
        later = [saved for saved in revisions[1:] if saved.recorded_at > max(told)]
        if later:
            events[Anchor.NEW_FACTS] = Event(later[0].recorded_at, later[0].facts.source, "", later[0].author)
    begun = events.get(Anchor.NEW_FACTS)
    if follow_up is not None and begun is not None and follow_up.at < begun.at:
        del met[FOLLOW_UP]


def event_of(record: ClockRecord) -> Event:
    """Return the event of a record that has a time."""
    assert record.at is not None
    return Event(record.at, record.text, record.zone, record.recorded_by, record.recorded_at)


def _contract(record: ClockRecord) -> Contract:
    document = record.document
    return Contract(record.key, document["partner"], document["clause"], document["hours"], document["anchor"])
