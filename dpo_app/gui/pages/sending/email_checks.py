"""What must be right before e-mails leave, as lines with a sign, and the facts of the sheet before a run."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.mail.mail_server import MailServer
from dpo_app.core.mail.sending_hours import HoursGate
from dpo_app.gui.pages.sending.hours_row import hours_words
from dpo_app.gui.pages.sending.sending_part import Check
from dpo_app.gui.words import duration, moment, number
from dpo_app.i18n import _, ngettext
from dpo_app.messages import word


def preflight(found: dict[str, Any], now: datetime, zone: tzinfo) -> list[Check]:
    """Return the lines of e-mail: sender, server, limits, arming, what waits for the officer."""
    rows: list[Check] = []
    server: MailServer | None = found["mail_server"]
    if found["sender"]:
        rows.append(("circle-check", "ok", _("Sender"), found["sender"]))
    else:
        rows.append(
            ("circle-x", "danger", _("The organisation has no mail address"), _("Fill it in under Organisation."))
        )
    if server is None:
        rows.append(("circle-x", "danger", _("No mail server is set."), _("Enter it, or write e-mails as files.")))
    else:
        how = ngettext("{protection}, {lines} connection", "{protection}, {lines} connections", server.connections)
        how = how.format(protection=word(server.security), lines=server.connections)
        rows.append(("circle-check", "ok", server.name, how))
        rows.append(_limits(server, found["waiting"]["email"], now, zone))
        if not server.hours.always:
            rows.append(_hours(server, now, zone))
    rows.append(_armed(found, now))
    if not found["risk_assessed"]:
        rows.append(
            (
                "alert-triangle",
                "warn",
                _("Risk not assessed"),
                _("Art. 34 asks for a high risk: write down why it is one."),
            )
        )
    unknown = found["email_states"].get(DeliveryState.UNKNOWN.value, 0)
    if unknown:
        what = ngettext("{count} unknown outcome", "{count} unknown outcomes", unknown).format(count=number(unknown))
        rows.append(("help-circle", "unknown", what, _("Decide in the list below: nothing is sent twice by itself.")))
    return rows


def _limits(server: MailServer, waiting: int, now: datetime, zone: tzinfo) -> Check:
    limits = server.limits
    if not limits.bound():
        return (
            "alert-triangle",
            "warn",
            _("No limit is set"),
            _("Ask your provider how many a minute and a day it allows."),
        )
    parts = [
        text.format(count=number(count))
        for text, count in (
            (_("{count} a minute"), limits.per_minute), (_("{count} an hour"), limits.per_hour),
            (_("{count} a day"), limits.per_day),
        )
        if count
    ]  # fmt: skip
    if not waiting:
        return ("clock-hour-4", "info", ", ".join(parts), _("as the server's limits are set"))
    until = server.hours.finished(waiting, limits, now, zone)
    ends = _("this run takes {time}, until about {when}").format(time=duration(until - now), when=moment(until))
    return ("clock-hour-4", "info", ", ".join(parts), ends)


def _hours(server: MailServer, now: datetime, zone: tzinfo) -> Check:
    opens = HoursGate(server.hours, zone).opens_at(now)
    said = _("the first goes out {when}").format(when=moment(opens)) if opens is not None else _("open now")
    return ("clock-hour-4", "info", _("Sent {hours}").format(hours=hours_words(server.hours)), said)


def _armed(found: dict[str, Any], now: datetime) -> Check:
    armed = found["arming"]
    if armed is not None and armed.holds(now):
        until = _("by {name} until {when}").format(name=armed.armed_by, when=moment(armed.until))
        return ("key", "warn", _("Armed for sending"), until)
    return ("circle-dashed", "text_2", _("Not armed"), _("Nothing is sent before the breach is armed."))


def send_facts(
    found: dict[str, Any], count: int, now: datetime, zone: tzinfo, later: datetime | None = None
) -> list[Check]:
    """Return what the sheet before a run says: to whom, text, from, armed, how long it takes; `later` is when it is to
    begin, if not at once."""
    now = later if later is not None and later > now else now
    server: MailServer = found["mail_server"]
    notice = found["approved"][1]
    armed, until = found["arming"], server.hours.finished(count, server.limits, now, zone)
    languages = ngettext("{count} language", "{count} languages", len(notice.languages)).format(
        count=len(notice.languages)
    )
    approved = _("approved {when}, unchanged; {languages}").format(
        when=moment(notice.approved_at) if notice.approved_at else "", languages=languages
    )
    sender = _("{address} by {server}, {protection}").format(
        address=found["sender"], server=server.name, protection=word(server.security)
    )
    if server.limits.bound():
        time = _("{time} at least: done about {when}").format(time=duration(until - now), when=moment(until))
    else:
        time = _("as fast as the server takes them: no limit is set")
    facts: list[Check] = [
        ("circle-check", "ok", _("Recipients"),
         ngettext(
            "{count} person whose rung is e-mail, one message, not twice",
            "{count} persons whose rung is e-mail, each one message, nobody twice", count).format(count=number(count))),
        ("circle-check", "ok", _("Text"), approved),
        ("circle-check", "ok", _("Sender"), sender),
        _armed_until(armed, until),
        ("clock-hour-4", "info", _("Takes"), time),
    ]  # fmt: skip
    if not server.hours.always:
        icon, role, _what, said = _hours(server, now, zone)
        if later is not None and HoursGate(server.hours, zone).opens_at(now) is None:
            said = _("open at {when}").format(when=moment(now))
        facts.append((icon, role, _("Sending hours"), f"{hours_words(server.hours)}; {said}"))
    return facts


def _armed_until(armed: Any, until: datetime) -> Check:
    """Return the line of the arming; one that ends before the run can be over is seen here, not in the night."""
    if armed is None:
        return ("circle-dashed", "text_2", _("Armed"), _("Not armed"))
    said = _("by {name} until {when}").format(name=armed.armed_by, when=moment(armed.until))
    if armed.until < until:
        return ("alert-triangle", "warn", _("Armed"), _("{armed}: it ends before the run").format(armed=said))
    return ("circle-check", "ok", _("Armed"), said)
