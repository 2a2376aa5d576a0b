"""What a new revision has to keep besides the shape of its document; revisions of earlier versions stay readable."""

from __future__ import annotations

import re
from datetime import timedelta

from dpo_app.core.errors import InputError
from dpo_app.core.facts.breach import Revision
from dpo_app.core.facts.breach_document import document_from_revision
from dpo_app.core.facts.fact_catalogue import BY_KEY, is_empty, value_at
from dpo_app.core.facts.fact_choices import CommunicationDecision as Decision
from dpo_app.core.facts.fact_choices import Exemption, FactState, MeasureState

_EVIDENCE = re.compile(r"E[1-9]\d{0,8}")


def check_facts(revision: Revision) -> None:
    """Raise InputError with the field's path if facts contradict each other.

    "report_after_awareness": somebody's message, or a first report, later than the awareness it led to;
    "measure_done_later": a measure said to be done on a day after the facts are known; "measure_state_contradicts";
    "fact_unknown", "fact_twice", "fact_state_empty", "fact_state_has_value", "evidence_reference" for what is said
    about single facts; "exemption_reason" for an exemption of Art. 34(3) without a reason; "exemption_without_decision".
    """
    _check_awareness(revision)
    _check_measures(revision)
    _check_notes(revision)
    told = revision.communication
    if told.exemption is not None and told.decision is not Decision.EXEMPT:
        raise InputError("exemption_without_decision", field="communication.exemption")
    if told.exemption in tuple(Exemption) and len(told.reason.split()) < 3:
        raise InputError("exemption_reason", field="communication.reason")


def _check_awareness(revision: Revision) -> None:
    aware = revision.awareness
    for name in ("first_report_at", "told_at", "processor_aware_at"):
        instant = getattr(aware, name)
        if instant is not None and instant > aware.at:
            raise InputError("report_after_awareness", field=f"awareness.{name}")
    for place, event in enumerate(revision.events, 1):
        if event.at > revision.known_as_of:
            raise InputError("event_after_known", field=f"event[{place}].at")


def _check_measures(revision: Revision) -> None:
    # A day has no zone: the one after the instant's own is still the same day somewhere.
    last = revision.known_as_of.date() + timedelta(days=1)
    for place, measure in enumerate(revision.measures, 1):
        if measure.done_on is not None and measure.done_on > last:
            raise InputError("measure_done_later", field=f"measure[{place}].done_on")
        if measure.done_on is not None and measure.state not in (None, MeasureState.DONE):
            raise InputError("measure_state_contradicts", field=f"measure[{place}].state")


def _check_notes(revision: Revision) -> None:
    document = document_from_revision(revision)
    seen: set[str] = set()
    for place, note in enumerate(revision.facts, 1):
        path = f"fact[{place}]"
        spec = BY_KEY.get(note.key)
        if spec is None:
            raise InputError("fact_unknown", field=f"{path}.key", key=note.key)
        if note.key in seen:
            raise InputError("fact_twice", field=f"{path}.key", key=note.key)
        seen.add(note.key)
        empty = is_empty(value_at(document, note.key))
        if note.state in (FactState.KNOWN, FactState.ESTIMATED) and empty:
            raise InputError("fact_state_empty", field=f"{path}.state", key=note.key)
        holds = not empty and not (spec.choices is not None and value_at(document, note.key) in _NOTHING_YET)
        if note.state in (FactState.NOT_YET_KNOWN, FactState.NOT_APPLICABLE) and holds:
            raise InputError("fact_state_has_value", field=f"{path}.state", key=note.key)
        if any(not _EVIDENCE.fullmatch(each) for each in note.evidence):
            raise InputError("evidence_reference", field=f"{path}.evidence")


#: Choices that say that nothing is known: they go with *not yet known*.
_NOTHING_YET = ("unknown", "to_be_determined", "cannot_assess", "not_determined")
