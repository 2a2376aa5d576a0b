"""Pictures of the audit PDF: intrusion windows on a timeline, shares of standings, deliveries by day.

Fill tells how surely data was seen (solid, broad stripes, thin stripes), outline how surely somebody was inside (solid,
dashed, dotted): the same in grey print.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from reportlab.graphics.shapes import Drawing, Group, Line, Rect, String
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.units import mm

from dpo_app.core.exposure import Certainty, Window
from dpo_app.documents import paper

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


def timeline(
    windows: Sequence[Window], aware_on: date, words: Callable[[str], str], day: Callable[[date], str]
) -> Drawing:
    """Return the windows of intrusion as bars over months, with the day of awareness."""
    paper.prepare()
    width, row = paper.WIDTH, 13 * mm
    height = 12 * mm + row * max(1, len(windows)) + 8 * mm
    drawing = Drawing(width, height)
    if not windows:
        drawing.add(String(0, height / 2, words("No window of intrusion is known yet"), fontName=_FONT, fontSize=9))
        return drawing
    begin = min(w.begins_on for w in windows).replace(day=1) - timedelta(days=15)
    last = max(w.ends_on or aware_on for w in windows) + timedelta(days=60)
    days = max(1, (last - begin).days)

    def x_of(when: date) -> float:
        return max(0.0, min(1.0, (when - begin).days / days)) * width

    month = begin.replace(day=1)
    step = max(1, days // 30 // 12)
    while month <= last:
        if month >= begin and (month.month - 1) % step == 0:
            x = x_of(month)
            drawing.add(Line(x, 6 * mm, x, height - 9 * mm, strokeColor=paper.LINE, strokeWidth=0.4))
            label = f"{month.month}/{month.year}" if month.month == 1 or step > 1 else str(month.month)
            drawing.add(String(x + 1, height - 7 * mm, label, fontName=_FONT, fontSize=7, fillColor=paper.GREY))
        month = (month + timedelta(days=32)).replace(day=1)
    for number, window in enumerate(windows):
        top = height - 10 * mm - number * row
        x1, x2 = x_of(window.begins_on), x_of(window.ends_on or last)
        _bar(drawing, x1, top - 6 * mm, max(2 * mm, x2 - x1), 6 * mm, window)
        sure = words("inside: {intrusion}, data: {disclosure}").format(
            intrusion=words(window.intrusion.value), disclosure=words(window.disclosure.value)
        )
        end = day(window.ends_on) if window.ends_on else "…"
        text = f"{window.name}: {day(window.begins_on)} – {end}; {sure}"
        if not window.identifiable:
            text += "; " + words("nobody can tell whose")
        drawing.add(String(0, top - 9.5 * mm, text, fontName=_FONT, fontSize=7.5, fillColor=paper.INK))
    return drawing


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


def shares_bar(parts: Sequence[tuple[str, int]]) -> Drawing:
    """Return the bar of standings; any part that is not zero can be seen."""
    drawing = Drawing(paper.WIDTH, 8 * mm)
    total = sum(count for _, count in parts)
    if total == 0:
        drawing.add(Rect(0, 1 * mm, paper.WIDTH, 6 * mm, fillColor=paper.TINT, strokeColor=paper.LINE))
        return drawing
    least, gap = 1.6 * mm, 0.6 * mm
    shown = [(name, count) for name, count in parts if count]
    free = paper.WIDTH - gap * (len(shown) - 1) - least * len(shown)
    x = 0.0
    for name, count in shown:
        width = least + free * count / total
        group = Group(Rect(x, 1 * mm, width, 6 * mm, fillColor=_STANDING[name], strokeColor=None))
        if name == "on_the_way":
            _stripes(group, x, 1 * mm, width, 6 * mm, 6, 1.6, white)
        elif name == "open":
            group = Group(Rect(x, 1 * mm, width, 6 * mm, fillColor=white, strokeColor=_STANDING[name]))
            _stripes(group, x, 1 * mm, width, 6 * mm, 4, 0.5, _STANDING[name])
        drawing.add(group)
        x += width + gap
    return drawing


def deliveries_chart(
    sent: Sequence[tuple[date, str, str, int]], words: Callable[[str], str], day: Callable[[date], str]
) -> Drawing:
    """Return messages that went out by day and channel, as bars beside each other, with numbers."""
    out_states = {"exported", "reported_sent", "accepted", "posted", "batched"}
    per: dict[date, dict[str, int]] = {}
    for when, channel, state, count in sent:
        if state in out_states:
            own = per.setdefault(when, {})
            own[channel] = max(own.get(channel, 0), count)
    days = sorted(per)[-20:]
    drawing = Drawing(paper.WIDTH, 46 * mm)
    if not days:
        return drawing
    most = max(max(per[d].values()) for d in days)
    slot = min(30 * mm, paper.WIDTH / len(days))
    colors = {"email": HexColor("#4347B8"), "letter": HexColor("#0B6E8C"), "public": HexColor("#566073")}
    for number, when in enumerate(days):
        x = number * slot
        for place, (channel, count) in enumerate(sorted(per[when].items())):
            h = max(0.6 * mm, 26 * mm * count / most)
            w = slot / 2.6
            drawing.add(Rect(x + place * (w + 1), 10 * mm, w, h, fillColor=colors.get(channel), strokeColor=None))
            drawing.add(String(x + place * (w + 1), 11 * mm + h, str(count), fontName=_FONT, fontSize=7))
        drawing.add(String(x, 6 * mm, day(when), fontName=_FONT, fontSize=7, fillColor=paper.GREY))
    drawing.add(Line(0, 10 * mm, paper.WIDTH, 10 * mm, strokeColor=paper.LINE, strokeWidth=0.5))
    x = 0.0
    for channel in sorted({c for d in days for c in per[d]}):
        drawing.add(Rect(x, 1 * mm, 3 * mm, 3 * mm, fillColor=colors.get(channel), strokeColor=None))
        name = {"email": words("E-mail"), "letter": words("Letter")}.get(channel, channel)
        drawing.add(String(x + 4 * mm, 1.3 * mm, name, fontName=_FONT, fontSize=7.5))
        x += 30 * mm
    return drawing
