"""Record what starts and stops clocks: events, duties met, reasons for delay, the officer's dates, choices of law."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dpo_app.core.clocks.clock_record import ClockRecord, RecordKind, stated_awareness
from dpo_app.core.clocks.deadline import Deadline
from dpo_app.core.clocks.period import Unit
from dpo_app.core.clocks.regime import Anchor, FactName, Status
from dpo_app.core.clocks.workdays import calendar_of
from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BreachId
from dpo_app.core.proof.audit import AuditAction, Fact
from dpo_app.services.clocks.clocks import CALENDAR, clocks_of
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import Changes, Topic

MOST_HOURS = 8_760
#: Which values a fact may have that the officer states for the conditions of rules.
FACT_VALUES: Mapping[FactName, tuple[str, ...]] = {FactName.ROLE: ("controller", "processor")}


def record_anchor(desk: Desk, breach_id: BreachId, name: str, at: datetime, source: str) -> Changes:
    """Record an event that starts clocks. For awareness this decides which of the times that revisions state counts,
    and `source` is the reason. Raises InputError: "no_such_anchor", "in_future", "reason_needed",
    "awareness_not_stated"."""
    if name not in set(Anchor):
        raise InputError("no_such_anchor", anchor=name[:40], known=", ".join(Anchor))
    _not_in_future(desk, at)
    if name == Anchor.AWARENESS:
        _need(source)
        with desk.read() as queries:
            if all(each.at != at for each in stated_awareness(queries.revisions(breach_id))):
                raise InputError("awareness_not_stated")
    facts: dict[str, Fact] = {"event": name, "event_at": at.isoformat()}
    return _add(
        desk, breach_id, RecordKind.ANCHOR, name, AuditAction.ANCHOR_RECORDED, facts, "source", at=at, text=source
    )


def record_done(desk: Desk, breach_id: BreachId, duty: str, at: datetime, source: str) -> Changes:
    """Record that a duty was met: to whom and under which number stands in `source`. Raises InputError: "no_such_rule",
    "in_future", "done_before_start"."""
    deadline = duty_of(desk, breach_id, duty)
    _not_in_future(desk, at)
    if deadline.event is not None and at < deadline.event.at:
        raise InputError("done_before_start", field="at")
    facts: dict[str, Fact] = {"duty": deadline.key, "met_at": at.isoformat()}
    return _add(
        desk, breach_id, RecordKind.DONE, deadline.key, AuditAction.DUTY_MET, facts, "source", at=at, text=source
    )


def give_reason(desk: Desk, breach_id: BreachId, duty: str, reason: str) -> Changes:
    """Record why a duty was met late; the notice carries it (Art. 33(1)). Raises InputError: "no_such_rule",
    "reason_needed"."""
    deadline = duty_of(desk, breach_id, duty)
    _need(reason)
    facts: dict[str, Fact] = {"duty": deadline.key}
    return _add(
        desk, breach_id, RecordKind.REASON, deadline.key, AuditAction.DELAY_REASONED, facts, "reason", text=reason
    )


def set_target(desk: Desk, breach_id: BreachId, duty: str, at: datetime) -> Changes:
    """Set the officer's own date for a duty that the law gives no number. Raises InputError("no_such_rule"),
    RuleError("no_target_wanted")."""
    deadline = duty_of(desk, breach_id, duty)
    if deadline.period.unit is not Unit.UNDUE_DELAY:
        raise RuleError("no_target_wanted")
    facts: dict[str, Fact] = {"duty": deadline.key, "target_at": at.isoformat()}
    return _add(desk, breach_id, RecordKind.TARGET, deadline.key, AuditAction.TARGET_SET, facts, at=at)


def choose_law(desk: Desk, breach_id: BreachId, law: str, applies: bool, reason: str) -> Changes:
    """Record that a law applies to the breach or does not, with the reason. Raises InputError: "no_such_law",
    "reason_needed"; RuleError: "law_proposed", "law_not_in_force"."""
    known = {each.id: each for each in desk.regimes.regimes if not each.contract}
    if law not in known:
        raise InputError("no_such_law", law=law[:40], known=", ".join(known))
    if known[law].status is Status.PROPOSED:
        raise RuleError("law_proposed", law=known[law].titles["en"])
    _need(reason)
    with desk.read() as queries:
        aware = clocks_of(desk, queries, breach_id).facts.anchors[Anchor.AWARENESS].at
    if applies and not known[law].rules_on(aware.astimezone(ZoneInfo(desk.time_zone)).date()):
        raise RuleError("law_not_in_force", law=known[law].titles["en"], valid_from=known[law].valid_from.isoformat())
    facts: dict[str, Fact] = {"law": law, "choice": "applies" if applies else "does not apply"}
    return _add(
        desk, breach_id, RecordKind.LAW, law, AuditAction.LAW_CHOSEN, facts, "reason", text=reason,
        document={"applies": applies},
    )  # fmt: skip


def state_fact(desk: Desk, breach_id: BreachId, name: str, values: tuple[str, ...], reason: str) -> Changes:
    """State a fact that rules ask about, the role of the organisation; no values take it back. Raises InputError: "field_not_choice", "reason_needed"."""
    allowed = FACT_VALUES.get(FactName(name), ()) if name in set(FactName) else ()
    if not allowed or not set(values) <= set(allowed):
        raise InputError("field_not_choice", field=name[:40], choices=", ".join(allowed) or ", ".join(FACT_VALUES))
    _need(reason)
    facts: dict[str, Fact] = {"fact": name, "value": ", ".join(values) or "-"}
    return _add(
        desk, breach_id, RecordKind.FACT, name, AuditAction.CLOCK_FACT_SET, facts, "reason", text=reason,
        document={"values": list(values)},
    )  # fmt: skip


def record_contract(
    desk: Desk, breach_id: BreachId, partner: str, clause: str, hours: int, anchor: str = Anchor.AWARENESS
) -> Changes:
    """Record the hours of an agreement. Raises InputError: "field_missing", "contract_hours", "no_such_anchor"."""
    if not partner.strip():
        raise InputError("field_missing", field="partner")
    if isinstance(hours, bool) or not 1 <= hours <= MOST_HOURS:
        raise InputError("contract_hours", field="hours")
    if anchor not in set(Anchor):
        raise InputError("no_such_anchor", anchor=anchor[:40], known=", ".join(Anchor))
    with desk.read() as queries:
        kept = [each for each in queries.clock_records(breach_id) if each.kind is RecordKind.CONTRACT]
    numbers = [int(number[1]) for each in kept if (number := re.fullmatch(r"a(\d+)", each.key))]
    key = f"a{max(numbers, default=0) + 1}"
    document = {"partner": partner.strip(), "clause": clause.strip(), "hours": hours, "anchor": str(anchor)}
    facts: dict[str, Fact] = {"agreement": key, "hours": hours, "event": str(anchor)}
    return _add(
        desk, breach_id, RecordKind.CONTRACT, key, AuditAction.CONTRACT_RECORDED, facts, text=partner, document=document
    )


def take_back(desk: Desk, breach_id: BreachId, kind: RecordKind, key: str, reason: str) -> Changes:
    """Take a record back that was an error; it stays readable. Raises InputError: "reason_needed", "no_such_rule"."""
    _need(reason)
    with desk.read() as queries:
        found = [r for r in queries.clock_records(breach_id) if r.current and r.kind is kind and r.key == key]
    if not found:
        raise InputError("no_such_rule", rule=key[:60])
    facts: dict[str, Fact] = {"kind": kind.value, "duty": key}
    return _add(desk, breach_id, kind, key, AuditAction.CLOCK_TAKEN_BACK, facts, "reason", why=reason)


def choose_calendar(desk: Desk, country: str, subdivision: str) -> Changes:
    """Choose whose working days count; "" is the organisation's country again. Raises InputError: "no_calendar",
    "no_calendar_part"."""
    calendar_of(country or desk.home_country, subdivision)
    with desk.begin() as uow:
        uow.settings.put(CALENDAR, {"country": country, "subdivision": subdivision})
        uow.audit.record(AuditAction.SETTINGS_CHANGED, facts={"name": CALENDAR})
        uow.commit()
    return Changes.of(None, Topic.SETTINGS, Topic.CLOCKS)


def duty_of(desk: Desk, breach_id: BreachId, duty: str) -> Deadline:
    """Return the duty that a text names: `gdpr.art33_1`, or `art33_1` where only one law has it. Raises
    InputError("no_such_rule")."""
    with desk.read() as queries:
        found = clocks_of(desk, queries, breach_id).deadlines
    named = [each for each in found if each.key == duty] or [each for each in found if each.rule == duty]
    if len(named) != 1:
        raise InputError("no_such_rule", rule=duty[:60])
    return named[0]


def _add(
    desk: Desk, breach_id: BreachId, kind: RecordKind, key: str, action: AuditAction, facts: Mapping[str, Fact],
    remark: str = "", *, at: datetime | None = None, text: str = "", document: Mapping[str, Any] | None = None,
    why: str = "",
) -> Changes:  # fmt: skip
    """Keep a record; `remark` is what the trail calls its words (`text`, or `why` where the record keeps none)."""
    record = ClockRecord(
        kind,
        key,
        desk.actor,
        desk.clock.now(),
        at,
        desk.time_zone if at is not None else "",
        text.strip(),
        document or {},
    )
    with desk.begin() as uow:
        uid = uow.queries.breach_uid(breach_id)
        uow.clocks.add(breach_id, record)
        uow.audit.record(action, subjects=(uid,), facts=facts, remarks={remark: why or text} if remark else None)
        uow.commit()
    return Changes.of(breach_id, Topic.CLOCKS)


def _need(reason: str) -> None:
    if not reason.strip():
        raise InputError("reason_needed")


def _not_in_future(desk: Desk, at: datetime) -> None:
    if at.utcoffset() is None:
        raise InputError("field_without_zone", field="at")
    if at > desk.clock.now():
        raise InputError("in_future", field="at")
