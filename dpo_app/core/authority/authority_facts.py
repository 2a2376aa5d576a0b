"""What the program knows for the fields of a notice to an authority: from the facts, the ledger of persons, the
organisation, and the notices before.

Each function covers one part of the form and returns {key: Proposal}; `proposals` joins them. The state of a fact and
what is said about it (source, why it is open, by when it comes) go with its value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dpo_app.core.authority.authority_notice import AnswerState, Proposal, Value
from dpo_app.core.authority.authority_template import Origin
from dpo_app.core.facts import fact_choices as of
from dpo_app.core.facts.breach import Basis, Cause, Consequence, Count, DataCategory, MeasureKind, Revision
from dpo_app.core.facts.exposure import Certainty
from dpo_app.core.facts.fact_values import FactNote
from dpo_app.core.organisation import Organisation

_CAUSES = {
    Cause.MALICIOUS_EXTERNAL: "external_malicious", Cause.MALICIOUS_INTERNAL: "internal_malicious",
    Cause.MISTAKE_INTERNAL: "internal_not_malicious", Cause.MISTAKE_EXTERNAL: "external_not_malicious",
    Cause.TECHNICAL: "internal_not_malicious",
}  # fmt: skip
_DATA = {
    DataCategory.NAME: "basic", DataCategory.CONTACT: "contact", DataCategory.NATIONAL_ID: "identification",
    DataCategory.HEALTH: "health", DataCategory.PASSWORD: "credentials", DataCategory.ACCOUNT: "economic",
    DataCategory.CARD: "payment", DataCategory.FINANCIAL: "economic", DataCategory.LOCATION: "location",
    DataCategory.BIOMETRIC: "biometric", DataCategory.CRIMINAL: "criminal", DataCategory.RELIGION: "religious",
    DataCategory.SEX_LIFE: "sex_life", DataCategory.UNION: "union", DataCategory.GENETIC: "genetic",
    DataCategory.POLITICAL: "political", DataCategory.ETHNIC: "ethnic",
    DataCategory.OCCUPATIONAL_HEALTH: "employment_health", DataCategory.DOCUMENT: "official_documents",
    DataCategory.PROFILE: "profile",
}  # fmt: skip
_IMPACT = {
    Consequence.EXTORTION: ("disclosure", "harm"), Consequence.LOSS_OF_CONFIDENTIALITY: ("disclosure",),
    Consequence.DISTRESS: ("harm",), Consequence.PHYSICAL_HARM: ("harm",),
}  # fmt: skip
_TOLD = {
    of.CommunicationDecision.TOLD: "yes", of.CommunicationDecision.WILL_BE: "will_be",
    of.CommunicationDecision.INVESTIGATING: "investigation", of.CommunicationDecision.NO_HIGH_RISK: "no_high_risk",
    of.CommunicationDecision.EXEMPT: "no_34_3",
}  # fmt: skip
#: Choices of the facts that say that nothing is known yet: the field stays open.
_UNDETERMINED = frozenset({"to_be_determined", "under_assessment"})


@dataclass(frozen=True)
class Ledger:
    """What the ledger of persons tells: where everybody in scope stands with the parts of each standing, since when,
    in which countries, how many are minors, and which notice to persons is approved (reference, version, SHA-256)."""

    persons: int = 0
    in_scope: int = 0
    undetermined: int = 0
    standing: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    first_told_at: datetime | None = None
    countries: Mapping[str, int] = field(default_factory=dict)
    minors: int = 0
    notice: tuple[str, int, str] | None = None

    @property
    def told(self) -> int:
        """Return how many persons were told."""
        return self.standing.get("told", 0)


@dataclass(frozen=True)
class RiskView:
    """What the newest risk assessment says: the form's outcome and severity, the method with its score (in quarters)
    and level; "" while nobody has assessed the risk."""

    outcome: str = ""
    severity: str = ""
    method: str = ""
    quarters: int = 0
    level: str = ""


@dataclass(frozen=True)
class Known:
    """Everything a notice is filled from. `authorities_told` and `lead` are names; `crossing` None has to be judged."""

    facts: Revision
    organisation: Organisation
    ledger: Ledger
    actor: str
    risk: RiskView = RiskView()
    late_reason: str = ""
    earlier_number: str = ""
    crossing: bool | None = None
    lead: str = ""
    authorities_told: tuple[str, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """Return the organisation's time zone."""
        return ZoneInfo(self.organisation.time_zone)


def proposals(known: Known) -> dict[str, Proposal]:
    """Return what is known for each field, by key; a field of which nothing is known is left out."""
    found: dict[str, Proposal] = {}
    for part in (_heads, _organisation, _officer, _parties, _time, _nature, _persons, _data, _consequences, _measures,
                 _telling, _reports, _across):  # fmt: skip
        found |= part(known)
    return {key: each for key, each in found.items() if each.state is AnswerState.OPEN or each.value not in _NOTHING}


_NOTHING: tuple[Any, ...] = (None, "", ())


def _stated(
    known: Known, key: str, value: Value, *, origin: Origin = Origin.FACTS, extra: Mapping[str, Any] | None = None,
    estimated: bool = False,
) -> Proposal:  # fmt: skip
    """Return the proposal for the fact `key` with what the revision says about it."""
    note: FactNote | None = known.facts.fact(key)
    waits = note is not None and note.state is of.FactState.NOT_YET_KNOWN
    if waits or (isinstance(value, str) and value in _UNDETERMINED):
        return Proposal(None, AnswerState.OPEN, origin, note.source if note else "", note.reason if note else "",
                        note.due if note else None)  # fmt: skip
    unsure = estimated or (note is not None and note.state is of.FactState.ESTIMATED)
    return Proposal(value, AnswerState.ESTIMATED if unsure else AnswerState.KNOWN, origin, note.source if note else "",
                    extra=extra or {})  # fmt: skip


def _choice(known: Known, key: str, value: Any) -> Proposal:
    return _stated(known, key, value.value if value is not None else None)


def _several(known: Known, key: str, values: Iterable[Any]) -> Proposal:
    chosen = tuple(each.value for each in values)
    if chosen and set(chosen) <= _UNDETERMINED:
        return _stated(known, key, next(iter(chosen)))
    return _stated(known, key, tuple(each for each in chosen if each not in _UNDETERMINED))


def _heads(known: Known) -> dict[str, Proposal]:
    return {
        "earlier_id": Proposal(known.earlier_number, origin=Origin.NOTICE),
        "own_reference": _stated(known, "reference", known.facts.reference),
    }


def _organisation(known: Known) -> dict[str, Proposal]:
    own = known.organisation
    address = ", ".join(filter(None, (own.street, f"{own.postcode} {own.town}".strip(), own.country)))
    values: dict[str, Value] = {
        "id_kind": own.id_kind if own.business_id else "", "id": own.business_id,
        "controller": known.facts.controller or own.name,
        "controller_contact": ", ".join(filter(None, (address, own.phone, own.email))),
        "sector": own.sector or _sector(known.facts), "size": own.size, "activity": own.activity,
        "representative": own.representative or _party(known.facts, of.PartyRole.REPRESENTATIVE, "name"),
        "representative_contact": own.representative_contact
        or _party(known.facts, of.PartyRole.REPRESENTATIVE, "contact"),
    }  # fmt: skip
    return {key: Proposal(value, origin=Origin.ORGANISATION) for key, value in values.items()}


def _sector(facts: Revision) -> str:
    if facts.scope.sector is None:
        return ""
    return "public" if facts.scope.sector is of.Sector.PUBLIC else "private"


def _party(facts: Revision, role: of.PartyRole, name: str) -> str:
    return next((getattr(each, name) for each in facts.parties if each.role is role), "")


def _officer(known: Known) -> dict[str, Proposal]:
    """Return who reports: the data protection officer where there is one, else who works at the desk."""
    contact, own = known.facts.contact, known.organisation
    dpo = contact.dpo or own.dpo
    dpo_contact = contact.dpo_contact or ", ".join(filter(None, (own.phone, own.email)))
    values: dict[str, Value] = {
        "officer": dpo or contact.name or known.actor,
        "officer_contact": dpo_contact if dpo else contact.contact or dpo_contact,
        "function": "dpo" if dpo else "other" if contact.function else "", "function_other": contact.function,
        "has_dpo": "yes" if dpo else "no", "dpo": dpo, "dpo_contact": dpo_contact,
        "informant": "other" if contact.name and contact.name != dpo else "dpo" if dpo else "reporting_person",
        "informant_name": contact.name, "informant_function": contact.function, "informant_contact": contact.contact,
    }  # fmt: skip
    return {key: Proposal(value, origin=Origin.ORGANISATION) for key, value in values.items()}


def _parties(known: Known) -> dict[str, Proposal]:
    parties, note = known.facts.parties, known.facts.fact("party")
    if not parties:
        none = note is not None and note.state is of.FactState.NOT_APPLICABLE
        return {"other_parties": Proposal("no" if none else None)}
    return {
        "other_parties": _stated(known, "party", "yes"),
        "party_roles": _stated(known, "party", tuple(dict.fromkeys(each.role.value for each in parties))),
        "party_names": _stated(known, "party", {"lines": [each.name for each in parties]}),
        "party_contacts": _stated(known, "party", {"lines": [f"{p.name}: {p.contact}" for p in parties if p.contact]}),
    }


def _time(known: Known) -> dict[str, Proposal]:
    facts, aware = known.facts, known.facts.awareness
    found = {
        "aware_at": _stated(known, "awareness.at", _instant(known, aware.at)),
        "late_reason": _stated(known, "awareness.reason_for_delay", aware.reason_for_delay or known.late_reason),
        "discovered": _choice(known, "awareness.discovered_by", aware.discovered_by),
        "discovered_how": _stated(known, "awareness.how", aware.how),
        "told_us_on": _stated(
            known, "awareness.told_at", aware.told_at.astimezone(known.zone).date().isoformat() if aware.told_at else ""
        ),
        "timeline": _stated(known, "occurrence.remarks", _timeline(known)),
    }
    return found | (_windows(known) if facts.windows else _no_windows(known))


def _timeline(known: Known) -> Value:
    """Return the dated events of the breach with the officer's remarks, or nothing if there are none."""
    events = [
        {"at": _instant(known, each.at), "event": each.kind.value, "note": each.note} for each in known.facts.events
    ]
    remarks = known.facts.occurrence.remarks
    return {"events": sorted(events, key=lambda each: each["at"]), "remarks": remarks} if events or remarks else None


def _no_windows(known: Known) -> dict[str, Proposal]:
    kind = known.facts.occurrence.kind
    if kind is of.OccurrenceKind.CANNOT_TELL:
        return {"occurred": _stated(known, "occurrence.kind", kind.value)}
    return {"occurred": _stated(known, "window", "to_be_determined")}


def _windows(known: Known) -> dict[str, Proposal]:
    """Return when it occurred: from the first day of the first window to the last day of the last one."""
    windows, stated = known.facts.windows, known.facts.occurrence
    begin = min(each.begins_on for each in windows)
    ends = [each.ends_on for each in windows]
    last = None if None in ends else max(each for each in ends if each is not None)
    kind = "ongoing" if last is None else "one_day" if last == begin else "from_to"
    if stated.kind is not None and stated.kind.value not in _UNDETERMINED:
        kind = stated.kind.value
    unsure = stated.estimated or any(each.intrusion is not Certainty.CONFIRMED for each in windows)
    names = {"windows": [each.name for each in windows]}
    found = {
        "occurred": _stated(known, "occurrence.kind", kind, extra=names),
        "dates_estimated": Proposal("yes" if unsure else ""),
        "occurred_begin": _stated(
            known, "window", _instant(known, datetime.combine(begin, time.min, known.zone)), estimated=unsure,
            extra={"day_only": True},
        ),
    }  # fmt: skip
    if last is not None:
        # The end of a day is the beginning of the next one; said as the day.
        end = datetime.combine(last + timedelta(days=1), time.min, known.zone)
        found["occurred_end"] = _stated(known, "window", _instant(known, end), estimated=unsure,
                                        extra={"day_only": True, "last_day": last.isoformat()})  # fmt: skip
    return found


def _instant(known: Known, value: datetime) -> str:
    return value.astimezone(known.zone).isoformat(timespec="seconds")


def _nature(known: Known) -> dict[str, Proposal]:
    facts = known.facts
    strongest = {each.disclosure for each in facts.windows}
    from_windows = (
        "exfiltrated" if Certainty.CONFIRMED in strongest else "likely" if Certainty.LIKELY in strongest
        else "cannot_assess" if strongest else None
    )  # fmt: skip
    stated = facts.confidentiality.value if facts.confidentiality else from_windows
    proven = [each.name for each in facts.windows if each.disclosure is Certainty.CONFIRMED]
    incidents = [each.value for each in facts.incidents]
    first = "hacking" if incidents[:1] == ["credential_stuffing"] else (incidents[0] if incidents else "")
    cause = _CAUSES.get(facts.cause, "")
    return {
        "kinds": _several(known, "nature.kinds", facts.kinds),
        "confidentiality": _stated(known, "nature.confidentiality", stated,
                                   extra={"windows": proven} if proven and stated == "exfiltrated" else {}),
        "unintelligible": _choice(known, "nature.protection", facts.protection),
        "integrity": _choice(known, "nature.integrity", facts.integrity),
        "availability": _choice(known, "nature.availability", facts.availability),
        "incident": _stated(known, "nature.incidents", first, extra={"all": incidents} if len(incidents) > 1 else {}),
        "cause": _stated(known, "nature.cause", cause or "to_be_determined"),
        "summary": _stated(known, "nature.summary", "\n".join(filter(None, (facts.summary, facts.incident_text)))),
        "systems": _stated(known, "system", {"lines": [
            ", ".join(filter(None, (each.name, each.place, each.country))) for each in facts.systems
        ]} if facts.systems else None),
    }  # fmt: skip


def _number(count: Count) -> Value:
    """Return a count as the form takes it: the figure, or its range if one is stated."""
    if count.value is None or (count.minimum is None and count.maximum is None):
        return count.value
    return {"minimum": count.minimum, "estimate": count.value, "maximum": count.maximum}


def _counted(known: Known, key: str, count: Count, basis_key: str, number_key: str) -> dict[str, Proposal]:
    if count.basis is Basis.UNKNOWN:
        return {basis_key: _stated(known, key, "to_be_determined")}
    basis = {Basis.EXACT: "exact", Basis.ESTIMATE: "approximate", Basis.UNDETERMINABLE: "cannot_be_determined"}
    rough = count.basis is Basis.ESTIMATE
    return {
        basis_key: _stated(known, key, basis[count.basis]),
        number_key: _stated(known, key, _number(count), estimated=rough),
    }


def _persons(known: Known) -> dict[str, Proposal]:
    """Return whose data it is. What the ledger counted is not typed again; an officer's other number stands beside."""
    facts, ledger = known.facts, known.ledger
    groups = tuple(each.value for each in facts.concerned.groups)
    if groups and ledger.minors and "minors" not in groups:
        groups += ("minors",)
    found = {"person_categories": _stated(known, "persons.groups", groups)}
    described: dict[str, Any] = {"text": facts.concerned.text, "vulnerable": facts.concerned.vulnerable_text}
    if ledger.in_scope:
        described |= {"in_scope": ledger.in_scope, "minors": ledger.minors}
        exact = not ledger.undetermined and all(each.identifiable for each in facts.windows)
        extra: dict[str, Any] = {"counted": True}
        if facts.persons.value is not None and facts.persons.value != ledger.in_scope:
            extra["stated_in_facts"] = facts.persons.value
        found["persons_basis"] = Proposal("exact" if exact else "approximate", origin=Origin.LEDGER)
        found["persons"] = Proposal(
            ledger.in_scope, AnswerState.KNOWN if exact else AnswerState.ESTIMATED, Origin.LEDGER, extra=extra
        )
    else:
        found |= _counted(known, "data.persons", facts.persons, "persons_basis", "persons")
    if any(described.values()):
        found["persons_described"] = _stated(known, "persons.text", described, origin=Origin.LEDGER)
    return found


def _data(known: Known) -> dict[str, Proposal]:
    facts = known.facts
    types = tuple(dict.fromkeys(_DATA.get(each, "additional") for each in facts.categories))
    described = {"categories": [each.value for each in facts.categories], "text": facts.data_text}
    return {
        "data_types": _stated(known, "data.categories", types),
        "data_described": _stated(known, "data.text", described if any(described.values()) else None),
    } | _counted(known, "data.records", facts.records, "records_basis", "records")


def _consequences(known: Known) -> dict[str, Proposal]:
    facts = known.facts
    impact = [key for each in facts.consequences for key in _IMPACT.get(each, (each.value,))]
    text = facts.consequences_text
    found = {
        f"{kind}_effects": _several(known, f"consequences.{kind}", getattr(facts, f"{kind}_consequences"))
        for kind in ("confidentiality", "integrity", "availability")
    }
    for kind in ("confidentiality", "integrity", "availability"):
        found[f"{kind}_effects_other"] = _stated(known, "consequences.text", text)
    return found | {
        "impact": _stated(known, "consequences.likely", tuple(dict.fromkeys(impact))),
        "impact_other": _stated(known, "consequences.text", text),
        "severity": _severity(known), "risk_outcome": Proposal(known.risk.outcome),
        "risk_method": Proposal(
            {"method": known.risk.method, "score": known.risk.quarters / 4, "level": known.risk.level}
            if known.risk.method else None
        ),
    }  # fmt: skip


def _severity(known: Known) -> Proposal:
    """Return how severe it is: as the facts state it, else as the risk was assessed."""
    if known.facts.severity is None and known.risk.severity:
        return Proposal(known.risk.severity, AnswerState.ESTIMATED)
    return _choice(known, "consequences.severity", known.facts.severity)


def _measures(known: Known) -> dict[str, Proposal]:
    """Return what was done and what will be; nothing planned is told as done."""
    facts = known.facts
    standing = {
        of.MeasureState.DONE: "done", of.MeasureState.UNDER_WAY: "under_way", of.MeasureState.PLANNED: "planned",
    }  # fmt: skip
    lines = [
        {"text": each.text, "state": standing[each.standing], "on": _day(each.done_on or each.planned_on)}
        for each in facts.measures
        if each.standing in standing
    ]
    preventing = [each for each in facts.measures if each.kind is MeasureKind.PREVENT and each.standing in standing]
    kinds = tuple(dict.fromkeys(each.safeguard.value if each.safeguard else "other" for each in preventing))
    others = [each.text for each in preventing if each.safeguard in (None, of.Safeguard.OTHER)]
    before = tuple(
        dict.fromkeys(
            each.value if each.value not in ("anonymisation", "changed_process", "erasure") else "other"
            for each in facts.before.kinds
        )
    )
    return {
        "measures_before": _stated(known, "before.kinds", before),
        "measures_before_other": _stated(known, "before.text", facts.before.text),
        "measures_taken": _stated(known, "measure", {"measures": lines} if lines else None),
        "measures_prevent": _stated(known, "measure", kinds),
        "measures_prevent_other": _stated(known, "measure", {"lines": others} if others else None),
    }


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _telling(known: Known) -> dict[str, Proposal]:
    """Return who was told, since when, by what means, and why not all: the ledger answers, the decision of the facts
    where it has nothing to say."""
    facts, ledger = known.facts, known.ledger
    decided = facts.communication
    under_way = ledger.told or ledger.standing.get("on_the_way", 0)
    if ledger.told:
        told = Proposal("yes", origin=Origin.LEDGER)
    elif decided.decision is not None:
        told = _stated(known, "communication.decision", _TOLD[decided.decision])
    elif ledger.notice or under_way:
        told = Proposal("will_be", origin=Origin.LEDGER)
    else:
        told = _stated(known, "communication.decision", "to_be_determined")
    computed = {"in_scope": ledger.in_scope, **ledger.standing}
    whole = ledger.told == ledger.in_scope
    first = ledger.first_told_at
    found = {
        "persons_told": told,
        "told_since": Proposal(first.astimezone(known.zone).date().isoformat() if first else "", origin=Origin.LEDGER),
        "told_from": _stated(known, "communication.planned_on", _day(decided.planned_on) or "to_be_determined"),
        "exemption": _choice(known, "communication.exemption", decided.exemption),
        "exemption_reason": _stated(known, "communication.reason", decided.reason),
        "all_told": Proposal("yes" if whole else "no", origin=Origin.LEDGER, extra={"computed": computed}),
        "not_all_why": Proposal(_not_told(ledger), origin=Origin.LEDGER),
        "means": Proposal(_means(ledger) or ("individual",), origin=Origin.LEDGER),
    }
    if ledger.notice is not None:
        reference, version, sha256 = ledger.notice
        content = {"notice": reference, "version": version, "sha256": sha256}
        found["told_content"] = Proposal(content, origin=Origin.LEDGER)
    return found


def _not_told(ledger: Ledger) -> Value:
    """Return why not all have been told: {standing: {reason: persons}} of everybody else; they sum to the rest."""
    rest = {
        name: dict(ledger.parts.get(name, {}))
        for name in ("on_the_way", "open", "unknown", "excused")
        if ledger.standing.get(name)
    }
    return {"not_told": rest} if rest else None


def _means(ledger: Ledger) -> tuple[str, ...]:
    channels = {part.partition(".")[0] for name in ("told", "on_the_way") for part in ledger.parts.get(name, {})}
    means = ["individual"] if channels & {"email", "letter"} else []
    if "public" in channels or any("public" in part for part in ledger.parts.get("excused", {})):
        means.append("public")
    return tuple(means)


def _reports(known: Known) -> dict[str, Proposal]:
    reporting, reports = known.facts.reporting, known.facts.reports
    lines = [" · ".join(filter(None, (each.to, _day(each.made_on), each.reference))) for each in reports]
    others = reporting.others.value if reporting.others in (of.Answer.YES, of.Answer.NO) else ""
    return {
        "police": _choice(known, "reporting.police", reporting.police),
        "other_authorities": _stated(known, "reporting.others", others),
        "other_authorities_which": _stated(known, "report", {"lines": lines} if lines else None),
    }


def _across(known: Known) -> dict[str, Proposal]:
    stated, ledger = known.facts.cross_border, known.ledger
    crossing = {True: "yes", False: "no", None: ""}[known.crossing]
    if stated.concerned in (of.Answer.YES, of.Answer.NO):
        crossing = stated.concerned.value
    counts: dict[str, Any] = {each.country: _number(each.count) for each in stated.persons_by_country}
    if ledger.in_scope:
        counts = {country or "?": count for country, count in sorted(ledger.countries.items()) if count}
    told = {"lines": list(known.authorities_told or stated.authorities_told)}
    places = Proposal({"countries": [each for each in counts if each != "?"]} if counts else None, origin=Origin.LEDGER)
    numbers = Proposal({"by_country": counts} if counts else None, origin=Origin.LEDGER)
    authorities = Proposal(told if told["lines"] else None, origin=Origin.NOTICE)
    several = "yes" if len([each for each in counts if each != "?"]) > 1 else "no" if counts else ""
    states = stated.states or ((known.organisation.country,) if known.organisation.country else ())
    return {
        "cross_border": _stated(known, "cross_border.concerned", crossing),
        "lead_authority": Proposal(known.lead), "establishments": Proposal({"countries": list(states)}),
        "states_of_persons": places, "persons_by_state": numbers, "authorities_told": authorities,
        "outside_several_states": Proposal(several, origin=Origin.LEDGER), "outside_states_of_persons": places,
        "outside_persons_by_state": numbers, "outside_authorities_told": authorities,
    }  # fmt: skip
