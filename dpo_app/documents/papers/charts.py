"""Pictures of the audit PDF: intrusion windows on a timeline, shares of standings, deliveries by day.

Fill tells how surely data was seen (solid, broad stripes, thin stripes), outline how surely somebody was inside (solid,
dashed, dotted): the same in grey print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from reportlab.graphics.shapes import Drawing, Group, Line, Rect, String
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import Flowable

from dpo_app.core.facts.exposure import Certainty, Window
from dpo_app.documents.papers import paper
from dpo_app.documents.papers.tagging import Picture
from dpo_app.messages import msgid

_FILL = {
    Certainty.CONFIRMED: HexColor("#A61B1B"),
    Certainty.LIKELY: HexColor("#9A4508"),
    Certainty.POSSIBLE: HexColor("#775700"),
}
_TINT = {
    Certainty.CONFIRMED: HexColor("#FBE7E6"),
    Certainty.LIKELY: HexColor("#FDEBDD"),
    Certainty.POSSIBLE: HexColor("#FBF1D3"),
}
_STANDING = {
    "told": HexColor("#176B41"), "on_the_way": HexColor("#0B6E8C"), "open": HexColor("#8A5500"),
    "unknown": HexColor("#9B2C7E"), "excused": HexColor("#566073"),
}  # fmt: skip
_FONT = "NotoSans"


def _stripes(group: Group, x: float, y: float, w: float, h: float, step: float, pen: float, color: Color) -> None:
    """Draw rising stripes clipped to a box, by cutting each line at the box's edges."""
    start = x - h
    while start < x + w:
        x1, y1, x2, y2 = start, y, start + h, y + h
        if x1 < x:
            y1, x1 = y + (x - start), x
        if x2 > x + w:
            y2, x2 = y + (x + w - start), x + w
        if x2 > x1:
            group.add(Line(x1, y1, x2, y2, strokeColor=color, strokeWidth=pen))
        start += step


def _plate(drawing: Drawing, x: float, y: float, text: str, size: float, color: Color) -> None:
    """Write words on a white plate, so that grid lines do not run through them."""
    width = pdfmetrics.stringWidth(text, _FONT, size)
    x = max(0.0, min(x, paper.WIDTH - width - 1))
    drawing.add(Rect(x - 1, y - 2, width + 2, size + 2, fillColor=white, strokeColor=None))
    drawing.add(String(x, y, text, fontName=_FONT, fontSize=size, fillColor=color))


def _months(begin: date, last: date) -> list[date]:
    """Return the first days of months that get a line: as many as have room for their names."""
    months = (last.year - begin.year) * 12 + last.month - begin.month + 1
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60, 120) if months <= 13 * s), 240)
    first = begin.year * 12 + begin.month - 1
    every = [n for n in range(first - first % step, first + months + 1) if n % step == 0]
    return [d for d in (date(n // 12, n % 12 + 1, 1) for n in every) if begin <= d <= last]


def timeline(
    windows: Sequence[Window], aware_on: date, words: Callable[[str], str], day: Callable[[date], str]
) -> Flowable:
    """Return the windows of intrusion as bars over months, with the day of awareness."""
    paper.prepare()
    width, row, foot = paper.WIDTH, 14 * mm, 8 * mm
    height = 9 * mm + row * max(1, len(windows)) + foot
    if not windows:
        drawing = Drawing(width, 10 * mm)
        nothing = words("No window of intrusion is known yet")
        drawing.add(String(0, 4 * mm, nothing, fontName=_FONT, fontSize=9))
        return Picture(drawing, nothing)
    drawing = Drawing(width, height)
    begin = min(min(w.begins_on for w in windows), aware_on) - timedelta(days=20)
    last = max(*(w.ends_on or aware_on for w in windows), aware_on) + timedelta(days=20)
    days = max(1, (last - begin).days)

    def x_of(when: date) -> float:
        return float(max(0.0, min(1.0, (when - begin).days / days)) * width)

    for month in _months(begin, last):
        x = x_of(month)
        drawing.add(Line(x, foot, x, height - 6 * mm, strokeColor=paper.LINE, strokeWidth=0.4))
        label = f"{month.month}/{month.year}"
        half = pdfmetrics.stringWidth(label, _FONT, 7) / 2
        drawing.add(String(min(max(0.0, x - half), width - 2 * half), height - 5 * mm, label, fontName=_FONT,
                           fontSize=7, fillColor=paper.GREY))  # fmt: skip
    drawing.add(Line(0, foot, width, foot, strokeColor=paper.INK, strokeWidth=0.6))
    aware = x_of(aware_on)
    drawing.add(Line(aware, foot - 2 * mm, aware, height - 6 * mm, strokeColor=paper.ACCENT, strokeWidth=1))
    said = f"{words('Aware since')} {day(aware_on)}"
    _plate(drawing, aware - pdfmetrics.stringWidth(said, _FONT, 7.5) / 2, foot - 5.5 * mm, said, 7.5, paper.ACCENT)
    for number, window in enumerate(windows):
        top = height - 8 * mm - number * row
        x1, x2 = x_of(window.begins_on), x_of((window.ends_on or last) + timedelta(days=1))
        _bar(drawing, x1, top - 6 * mm, max(2 * mm, x2 - x1), 6 * mm, window)
        _plate(drawing, x1, top - 10 * mm, _shortened(_caption(window, words, day)), 7.5, paper.INK)
    return Picture(drawing, ". ".join((*(_caption(window, words, day) for window in windows), said)))


def _caption(window: Window, words: Callable[[str], str], day: Callable[[date], str]) -> str:
    sure = words("inside: {intrusion}, data: {disclosure}").format(
        intrusion=words(msgid(window.intrusion)), disclosure=words(msgid(window.disclosure))
    )
    end = day(window.ends_on) if window.ends_on else "…"
    parts = [f"{window.name}: {day(window.begins_on)} – {end}", sure]
    if not window.identifiable:
        parts.append(words("nobody can tell whose"))
    return "; ".join(parts)


def _shortened(text: str) -> str:
    while pdfmetrics.stringWidth(text, _FONT, 7.5) > paper.WIDTH - 2:
        text = text[:-2].rstrip("…") + "…"
    return text


def _bar(drawing: Drawing, x: float, y: float, w: float, h: float, window: Window) -> None:
    color, tint = _FILL[window.disclosure], _TINT[window.disclosure]
    solid = window.disclosure is Certainty.CONFIRMED
    group = Group(Rect(x, y, w, h, fillColor=color if solid else tint, strokeColor=None))
    if not solid:
        broad = window.disclosure is Certainty.LIKELY
        _stripes(group, x, y, w, h, 5 if broad else 7, 2.2 if broad else 0.8, color)
    dash = {Certainty.CONFIRMED: None, Certainty.LIKELY: [4, 2], Certainty.POSSIBLE: [1, 2]}[window.intrusion]
    group.add(Rect(x, y, w, h, fillColor=None, strokeColor=color, strokeWidth=1.1, strokeDashArray=dash))
    drawing.add(group)


def _share(x: float, y: float, w: float, h: float, name: str) -> Group:
    group = Group(Rect(x, y, w, h, fillColor=_STANDING[name], strokeColor=None))
    if name == "on_the_way":
        _stripes(group, x, y, w, h, 6, 1.6, white)
    elif name == "open":
        group = Group(Rect(x, y, w, h, fillColor=white, strokeColor=_STANDING[name], strokeWidth=0.8))
        _stripes(group, x, y, w, h, 4, 0.5, _STANDING[name])
    return group


def shares_bar(parts: Sequence[tuple[str, str, int]]) -> Flowable:
    """Return the bar of (standing, its word, persons) with its key; any part that is not zero can be seen."""
    paper.prepare()
    drawing = Drawing(paper.WIDTH, 14 * mm)
    shown = [(name, count) for name, _, count in parts if count]
    total = sum(count for _, count in shown)
    said = ", ".join(f"{label}: {count}" for _, label, count in parts)
    if total == 0:
        drawing.add(Rect(0, 7 * mm, paper.WIDTH, 6 * mm, fillColor=paper.TINT, strokeColor=paper.LINE))
        return Picture(drawing, said)
    least, gap = 1.6 * mm, 0.6 * mm
    free = paper.WIDTH - gap * (len(shown) - 1) - least * len(shown)
    x = 0.0
    for name, count in shown:
        width = least + free * count / total
        drawing.add(_share(x, 7 * mm, width, 6 * mm, name))
        x += width + gap
    x = 0.0
    for name, label, _ in parts:
        drawing.add(_share(x, 1.2 * mm, 3 * mm, 3 * mm, name))
        drawing.add(String(x + 4.2 * mm, 1.5 * mm, label, fontName=_FONT, fontSize=7.5, fillColor=paper.INK))
        x += 4.2 * mm + pdfmetrics.stringWidth(label, _FONT, 7.5) + 6 * mm
    return Picture(drawing, said)


#: The state that says when a message left, by channel: a message is counted once.
_LEFT = {"letter": "posted", "email": "exported"}
_CHANNEL = {"email": HexColor("#4347B8"), "letter": HexColor("#0B6E8C"), "public": HexColor("#566073")}
MOST_DAYS = 20


def left_by_day(sent: Sequence[tuple[date, str, str, int]]) -> dict[date, dict[str, int]]:
    """Return {day: {channel: messages}} of the day a message left the house: letters posted, e-mails written."""
    per: dict[date, dict[str, int]] = {}
    for when, channel, state, count in sent:
        if _LEFT.get(channel, "published") == state:
            own = per.setdefault(when, {})
            own[channel] = own.get(channel, 0) + count
    return dict(sorted(per.items()))


def deliveries_chart(
    per: Mapping[date, Mapping[str, int]], name: Callable[[str], str], day: Callable[[date], str],
    number: Callable[[int], str],
) -> Flowable:  # fmt: skip
    """Return messages that left by day and channel, as bars beside each other: the newest MOST_DAYS days."""
    paper.prepare()
    days = sorted(per)[-MOST_DAYS:]
    drawing = Drawing(paper.WIDTH, 46 * mm)
    channels = sorted({c for d in days for c in per[d]})
    most = max(count for d in days for count in per[d].values())
    slot = min(34 * mm, paper.WIDTH / len(days))
    width = min(11 * mm, slot / (len(channels) + 0.6))
    for place, when in enumerate(days):
        x = place * slot
        for side, channel in enumerate(c for c in channels if c in per[when]):
            count, left = per[when][channel], x + side * (width + 1)
            h = max(0.6 * mm, 26 * mm * count / most)
            drawing.add(Rect(left, 12 * mm, width, h, fillColor=_CHANNEL.get(channel), strokeColor=None))
            if width > 6 * mm:
                drawing.add(String(left + width / 2, 13 * mm + h, number(count), fontName=_FONT, fontSize=7,
                                   textAnchor="middle"))  # fmt: skip
        if place % max(1, round(18 * mm / slot)) == 0:
            drawing.add(String(x, 8 * mm, day(when), fontName=_FONT, fontSize=7, fillColor=paper.GREY))
    drawing.add(Line(0, 12 * mm, paper.WIDTH, 12 * mm, strokeColor=paper.INK, strokeWidth=0.6))
    x = 0.0
    for channel in channels:
        drawing.add(Rect(x, 1 * mm, 3 * mm, 3 * mm, fillColor=_CHANNEL.get(channel), strokeColor=None))
        drawing.add(String(x + 4.2 * mm, 1.3 * mm, name(channel), fontName=_FONT, fontSize=7.5))
        x += 10 * mm + pdfmetrics.stringWidth(name(channel), _FONT, 7.5)
    said = (f"{day(d)}: {name(channel)} {number(count)}" for d in days for channel, count in per[d].items())
    return Picture(drawing, "; ".join(said))
