"""Deadlines as an iCalendar file (RFC 5545): one event each, in UTC, with alarms; nothing personal in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from dpo_app.services.ports.reports import CalendarEvent

LINE = 75
ALARMS = (timedelta(hours=24), timedelta(hours=2))


class CalendarFile:
    """Writes calendar files."""

    def make(self, events: Iterable[CalendarEvent], made_at: datetime) -> bytes:
        """Return the file. Equal events give equal bytes but for their stamp."""
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//DPO Desk//Deadlines//EN", "CALSCALE:GREGORIAN",
                 "METHOD:PUBLISH"]  # fmt: skip
        for event in events:
            lines += _event(event, made_at)
        lines.append("END:VCALENDAR")
        return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _event(event: CalendarEvent, made_at: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT", f"UID:{event.uid}", f"SEQUENCE:{event.sequence}", f"DTSTAMP:{_utc(made_at)}",
        f"DTSTART:{_utc(event.at)}", f"SUMMARY:{_escaped(event.title)}", f"DESCRIPTION:{_escaped(event.text)}",
        "CLASS:CONFIDENTIAL", "TRANSP:TRANSPARENT",
    ]  # fmt: skip
    for before in ALARMS:
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(event.title)}",
                  f"TRIGGER:-PT{int(before.total_seconds() // 3600)}H", "END:VALARM"]  # fmt: skip
    return [*lines, "END:VEVENT"]


def _utc(value: datetime) -> str:
    return value.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    for sign in ("\\", ";", ","):
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Return a line folded after 75 octets, never inside a character (3.1)."""
    parts, size, begun = [""], 0, LINE
    for sign in line:
        width = len(sign.encode())
        if size + width > begun:
            parts.append("")
            size, begun = 0, LINE - 1
        parts[-1] += sign
        size += width
    return "\r\n ".join(parts)
