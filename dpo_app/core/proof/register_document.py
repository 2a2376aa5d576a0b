"""The register as a document for machines: JSON-LD with the terms of the Data Privacy Vocabulary 2.3, module
`data_breach` of its extension for the GDPR. What the vocabulary has no term for stands under our own names."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

from dpo_app.core.facts.breach import BreachKind, Count
from dpo_app.core.facts.fact_choices import Answer, Exemption, PartyRole
from dpo_app.core.notices.notice import NoticePhase
from dpo_app.core.proof.register import Notified, Register, RegisterEntry
from dpo_app.core.risk.risk import Owed

FORMAT = "dpo-register/1"
VOCABULARY = "https://w3id.org/dpv/legal/eu/gdpr#"
CONTEXT = {
    "eu-gdpr": VOCABULARY, "dct": "http://purl.org/dc/terms/", "@vocab": "urn:dpo-desk:register#",
    "title": "dct:title", "reference": "dct:identifier", "made_at": "dct:created",
}  # fmt: skip
_KINDS = {
    BreachKind.CONFIDENTIALITY: "ConfidentialityBreach", BreachKind.INTEGRITY: "IntegrityBreach",
    BreachKind.AVAILABILITY: "AvailabilityBreach",
}  # fmt: skip
_RISKS = {
    Owed.PERSONS: "DBIAIndicatesHighRisk", Owed.AUTHORITY: "DBIAIndicatesLowRisk",
    Owed.REGISTER_ONLY: "DBIAIndicatesNoRisk",
}  # fmt: skip
_OWED = {
    Owed.PERSONS: ("DPABreachNotificationNeeded", "DataSubjectBreachNotificationNeeded"),
    Owed.AUTHORITY: ("DPABreachNotificationNeeded",), Owed.REGISTER_ONLY: ("BreachNotificationNotNeeded",),
}  # fmt: skip
_EXEMPT = {
    Exemption.UNINTELLIGIBLE: "JustificationA33BreachedDataIneffective",
    Exemption.RISK_REMOVED: "JustificationA33RiskMitigated",
    Exemption.DISPROPORTIONATE: "JustificationA33DisproportionateEffort",
}  # fmt: skip
_NOTICES = {NoticePhase.INITIAL: "DPABreachInitialNotice"}


def document_of(register: Register) -> dict[str, Any]:
    """Return the document: plain values, stable order, no persons."""
    return {
        "@context": CONTEXT, "@type": _term("DataBreachRegister"), "format": FORMAT,
        "organisation": register.organisation, "made_at": _instant(register.made_at), "made_by": register.made_by,
        "program": f"DPO Desk {register.program}", "zone": register.zone,
        "audit": {"entries": register.trail_entries, "head": register.head},
        "breaches_in_store": register.total, "breaches": [_entry(each) for each in register.entries],
    }  # fmt: skip


def _entry(entry: RegisterEntry) -> dict[str, Any]:
    facts = entry.saved.facts
    types = ["DataBreach", *(_KINDS[kind] for kind in facts.kinds)]
    if facts.cross_border.concerned is Answer.YES:
        types.append("CrossBorderDataBreach")
    return {
        "@id": f"urn:dpo-desk:breach:{entry.reference}", "@type": [_term(each) for each in types],
        "breach": entry.reference, "reference": facts.reference, "title": facts.title, "controller": facts.controller,
        "revision": entry.saved.number, "revisions": entry.revisions, "known_as_of": _instant(facts.known_as_of),
        "occurred_from": _day(entry.occurred_from), "occurred_to": _day(entry.occurred_to),
        "aware_at": _instant(entry.aware_at), "kinds": list(facts.kinds), "cause": facts.cause.value,
        "summary": facts.summary, "data_categories": list(facts.categories), "persons": _count(facts.persons),
        "records": _count(facts.records), "consequences": list(facts.consequences),
        "consequences_text": facts.consequences_text, "risk": _risk(entry), "owed": _owed(entry),
        "notice_to_authority": _authority(entry), "persons_told": _persons(entry),
        "measures": [{"kind": m.kind.value, "state": m.standing.value, "text": m.text, "done_on": _day(m.done_on)}
                     for m in facts.measures],
        "processors": [p.name for p in facts.parties if p.role in (PartyRole.PROCESSOR, PartyRole.SUB_PROCESSOR)],
        "cross_border": facts.cross_border.concerned.value if facts.cross_border.concerned is not None else None,
        "status": "closed" if entry.closed_at is not None else "open", "closed_at": _instant(entry.closed_at),
        "report": _ref("DataBreachConcludingReport" if entry.closed_at is not None else "DataBreachOngoingReport"),
    }  # fmt: skip


def _risk(entry: RegisterEntry) -> dict[str, Any] | None:
    found = entry.assessment
    if found is None:
        return None
    return {
        "@type": _term(_RISKS[found.decided]), "outcome": found.decided.value, "by_method": found.outcome.value,
        "method": found.method, "level": found.level.value, "score": found.quarters / 4, "reason": entry.risk_reason,
        "revision": found.revision, "by": found.made_by, "at": _instant(found.made_at),
    }  # fmt: skip


def _owed(entry: RegisterEntry) -> list[dict[str, str]]:
    if entry.notified is Notified.BY_CONTROLLER:
        return [_ref("ControllerBreachNotificationNeeded")]
    return [_ref(each) for each in _OWED[entry.outcome]] if entry.outcome is not None else []


def _authority(entry: RegisterEntry) -> dict[str, Any]:
    duty, justifications = entry.duty, []
    if entry.notified is Notified.NOT_OWED and entry.outcome is Owed.REGISTER_ONLY:
        justifications.append(_ref("JustificationA33RiskUnlikely"))
    if entry.delay_reason and entry.delay:
        justifications.append(_ref("JustificationA33NotificationDelay"))
    return {
        "state": entry.notified.value, "due": _instant(duty.due if duty is not None else None),
        "met_at": _instant(entry.met.at if entry.met is not None else None),
        "hours_after_awareness": _hours(entry), "late_seconds": int(entry.delay.total_seconds()),
        "reason_for_delay": entry.delay_reason, "reason_not_notified": entry.risk_reason if not entry.met else "",
        "justification": justifications,
        "notices": [
            {"@type": _term(_NOTICES.get(each.phase, "DPAPhasedBreachNotice")), "authority": each.authority,
             "at": _instant(each.at), "phase": each.phase.value, "withdrawn": each.withdraw, "number": each.reference}
            for each in entry.told
        ],
    }  # fmt: skip


def _persons(entry: RegisterEntry) -> dict[str, Any]:
    told: dict[str, Any] = {
        "in_scope": entry.in_scope, "told": entry.persons_told, "excused": entry.persons_excused,
        "from": _day(entry.told_from), "to": _day(entry.told_to), "channels": list(entry.channels),
        "exemption": f"Art. 34(3)({entry.exemption.value})" if entry.exemption is not None else None,
        "reason": entry.exemption_reason,
    }  # fmt: skip
    if entry.persons_told:
        told["@type"] = _term("DataSubjectBreachNotice")
    if entry.exemption is not None:
        told["justification"] = [_ref(_EXEMPT[entry.exemption])]
    return told


def _hours(entry: RegisterEntry) -> float | None:
    if entry.met is None:
        return None
    return round((entry.met.at - entry.aware_at).total_seconds() / 3600, 2)


def _count(count: Count) -> dict[str, Any]:
    found: dict[str, Any] = {"basis": count.basis.value}
    values = (("minimum", count.minimum), ("count", count.value), ("maximum", count.maximum))
    return found | {name: value for name, value in values if value is not None}


def _term(name: str) -> str:
    return f"eu-gdpr:{name}"


def _ref(name: str) -> dict[str, str]:
    return {"@id": _term(name)}


def _day(value: date | None) -> str | None:
    return value.isoformat() if value is not None else None


def _instant(value: datetime | None) -> str | None:
    return value.astimezone(timezone.utc).isoformat().replace("+00:00", "Z") if value is not None else None
