"""Intrusion windows over months: fill tells how surely data was seen, outline how surely somebody was inside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from babel.dates import get_month_names
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dpo_app.core.facts.exposure import Window
from dpo_app.gui import theme
from dpo_app.gui.widgets.painters import DISCLOSURE_PATTERN, INTRUSION_LINE, fill_pattern
from dpo_app.gui.words import day, locale
from dpo_app.i18n import _
from dpo_app.messages import word


def describe(window: Window) -> str:
    """Return a window in one sentence, for tooltip and screen reader."""
    when = _("{first} to {last}") if window.ends_on else _("from {first}, going on")
    span = when.format(first=day(window.begins_on), last=day(window.ends_on) if window.ends_on else "")
    text = _("{name}, {span}. Inside: {intrusion}. Data seen: {disclosure}.").format(
        name=window.name, span=span, intrusion=word(window.intrusion), disclosure=word(window.disclosure)
    )
    return text if window.identifiable else text + " " + _("Nobody can tell whose.")


def _open_end(box: QRectF, radius: float) -> QPainterPath:
    """Return the outline of a window that goes on: its right side is open, with a point to what is to come."""
    path = QPainterPath(QPointF(box.right(), box.top()))
    path.lineTo(box.left() + radius, box.top())
    path.quadTo(box.left(), box.top(), box.left(), box.top() + radius)
    path.lineTo(box.left(), box.bottom() - radius)
    path.quadTo(box.left(), box.bottom(), box.left() + radius, box.bottom())
    path.lineTo(box.right(), box.bottom())
    tip = min(6.0, box.height() / 3)
    path.moveTo(box.right() + 1, box.center().y() - tip)
    path.lineTo(box.right() + 1 + tip, box.center().y())
    path.lineTo(box.right() + 1, box.center().y() + tip)
    return path


class WindowTimeline(QWidget):
    """All windows of a revision, or with `stay` a small one with one person's time in the register."""

    def __init__(self, small: bool = False) -> None:
        super().__init__()
        self._small = small
        self._windows: Sequence[Window] = ()
        self._old: dict[str, Window] = {}
        self._marks: Sequence[tuple[date, str]] = ()
        self._stay: tuple[date | None, date | None] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.state.changed.connect(self.updateGeometry)

    def set_windows(
        self, windows: Sequence[Window], marks: Sequence[tuple[date, str]] = (), old: Sequence[Window] = ()
    ) -> None:
        """Show windows, marks (day, word) on the base line, and outlines of an older revision under them."""
        self._windows, self._marks = windows, marks
        self._old = {each.name: each for each in old}
        text = " ".join(map(describe, windows)) or _("No window of intrusion yet.")
        self.setAccessibleName(text)
        self.setToolTip("\n".join(map(describe, windows)))
        self.updateGeometry()
        self.update()

    def set_stay(self, first: date | None, last: date | None) -> None:
        """Show the time in which a person's data was in the register."""
        self._stay = (first, last)
        self.updateGeometry()
        self.update()

    def _line(self) -> int:
        return QFontMetrics(theme.font("caption")).height()

    def _bar(self) -> int:
        return self._line() + 2 if self._small else 2 * self._line() + 2

    def sizeHint(self) -> QSize:  # noqa: N802
        rows = 1 if self._small else max(1, len(self._windows))
        extra = self._line() * 2 if self._stay else self._line() + 8 if self._marks else 6
        return QSize(theme.px(260), 2 * self._line() + 8 + rows * (self._bar() + 8) + extra)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(theme.px(200), self.sizeHint().height())

    def _range(self) -> tuple[date, date]:
        first = min(w.begins_on for w in self._windows)
        last = max(w.ends_on or date.today() for w in self._windows)
        last = max([last, *(d for d, _ in self._marks)]) if not self._small else last
        span = max(60, (last - first).days)
        begin = (first - timedelta(days=max(31, span // 8))).replace(day=1)
        return begin, last + timedelta(days=max(45, span // 3 if self._small else span))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        if not self._windows:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        begin, end = self._range()
        days = max(1, (end - begin).days)

        def x_of(when: date) -> float:
            return (when - begin).days / days * (self.width() - 1)

        self._grid(painter, begin, end, x_of)
        top = 2.0 * self._line() + 8
        for window in self._windows:
            self._window(painter, window, x_of, top)
            if not self._small:
                top += self._bar() + 8
        if self._small:
            top += self._bar() + 8
        if self._stay:
            self._draw_stay(painter, x_of, top, begin, end)
        for when, text in self._marks:
            self._mark(painter, x_of(when), top, text)

    def _grid(self, painter: QPainter, begin: date, end: date, x_of: object) -> None:
        painter.setFont(theme.font("caption"))
        line = self._line()
        names = get_month_names("abbreviated", context="stand-alone", locale=locale())
        months = (end.year - begin.year) * 12 + end.month - begin.month + 1
        room = self.width() / max(1, months)
        widest = max(painter.fontMetrics().horizontalAdvance(names[n].rstrip(".")) for n in range(1, 13)) + theme.px(6)
        step = next((each for each in (1, 2, 3, 6) if each * room > widest), 12)
        month, shown_year = begin, 0
        while month <= end:
            x = x_of(month)  # type: ignore[operator]
            if (month.month - 1) % step == 0 or month == begin and step == 1:
                painter.setPen(QPen(theme.color("line"), 1))
                painter.drawLine(int(x), 2 * line + 2, int(x), self.height() - line)
                painter.setPen(theme.color("text_2"))
                if month.year != shown_year:
                    painter.setFont(theme.font("strong"))
                    painter.drawText(int(x) + 3, line - 3, str(month.year))
                    painter.setFont(theme.font("caption"))
                    shown_year = month.year
                if step < 12:
                    painter.drawText(int(x) + 3, 2 * line - 2, names[month.month].rstrip("."))
            month = (month.replace(day=1) + timedelta(days=32)).replace(day=1)

    def _box(self, window: Window, x_of: object, top: float) -> QRectF:
        """Return where a window is drawn; one that goes on reaches until now and no further."""
        left = x_of(window.begins_on)  # type: ignore[operator]
        right = x_of((window.ends_on or max(window.begins_on, date.today())) + timedelta(days=1))  # type: ignore[operator]
        return QRectF(left + 0.5, top + 0.5, max(6.0, right - left - 1), self._bar() - 1)

    def _window(self, painter: QPainter, window: Window, x_of: object, top: float) -> None:
        box = self._box(window, x_of, top)
        role = window.disclosure.value
        old = self._old.get(window.name)
        if old is not None and (old.begins_on, old.ends_on) != (window.begins_on, window.ends_on):
            was = self._box(old, x_of, top)
            painter.setPen(QPen(theme.color("text_3"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(was.left(), top - 3, was.width(), self._bar() + 6))
        fill_pattern(painter, box, role, DISCLOSURE_PATTERN[window.disclosure], 5)
        painter.setPen(QPen(theme.color(f"{role}_fill"), 1.8, INTRUSION_LINE[window.intrusion]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if window.ends_on is None:
            painter.drawPath(_open_end(box, 5))
        else:
            painter.drawRoundedRect(box, 5, 5)
        if not self._small:
            self._words(painter, window, box)

    def _words(self, painter: QPainter, window: Window, box: QRectF) -> None:
        """Write beside the bar, right of it if there is room, else left; on a plate, never on stripes."""
        first, second = lines_of(window)
        strong, small = QFontMetrics(theme.font("strong")), QFontMetrics(theme.font("caption"))
        wide = max(strong.horizontalAdvance(first), small.horizontalAdvance(second)) + 6
        room = self.width() - box.right() - 10
        x = box.right() + (8 if window.ends_on else 14)
        if room < wide and box.left() - 10 > room:
            x = max(0.0, box.left() - 8 - min(wide, box.left() - 8))
            room = box.left() - 8 - x
        room = min(room, wide)
        painter.fillRect(QRectF(x - 2, box.top(), room + 4, box.height()), theme.color("surface"))
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font("strong"))
        elide = Qt.TextElideMode.ElideRight
        painter.drawText(int(x), int(box.top() + strong.ascent()), strong.elidedText(first, elide, int(room)))
        painter.setPen(theme.color("text_2"))
        painter.setFont(theme.font("caption"))
        baseline = int(box.top() + strong.height() + small.ascent() - 1)
        painter.drawText(int(x), baseline, small.elidedText(second, elide, int(room)))

    def _draw_stay(self, painter: QPainter, x_of: object, top: float, begin: date, end: date) -> None:
        assert self._stay is not None
        first, last = self._stay
        y = int(top + 4)
        left = max(0.0, x_of(first)) if first else 0.0  # type: ignore[operator]
        right = min(self.width() - 1.0, x_of(last or date.today()))  # type: ignore[operator]
        pen = QPen(theme.color("text_2"), 3, Qt.PenStyle.SolidLine if first else Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.drawLine(int(left), y, int(max(left, right)), y)
        painter.setPen(theme.color("text_2"))
        painter.setFont(theme.font("caption"))
        if first is None:
            text = _("nobody knows since when")
        elif last is None:
            text = _("in the register since {day}").format(day=day(first))
        else:
            text = _("in the register {first} to {last}").format(first=day(first), last=day(last))
        painter.drawText(0, y + self._line() + 2, text)

    def _mark(self, painter: QPainter, x: float, top: float, text: str) -> None:
        line = self._line()
        painter.setPen(QPen(theme.color("ok"), 1.4, Qt.PenStyle.DashLine))
        painter.drawLine(int(x), 2 * line + 2, int(x), int(top + 2))
        painter.setPen(theme.color("text_2"))
        painter.setFont(theme.font("caption"))
        wide = QFontMetrics(theme.font("caption")).horizontalAdvance(text)
        painter.drawText(int(min(max(0.0, x - wide / 2), self.width() - wide)), int(top + line), text)


def lines_of(window: Window) -> tuple[str, str]:
    """Return the two lines beside a bar, about as long as each other: name, and what is certain of it."""
    said = _("Inside: {intrusion} · Data: {disclosure}").format(
        intrusion=word(window.intrusion), disclosure=word(window.disclosure)
    )
    whose = "" if window.identifiable else " · " + _("nobody can tell whose")
    return window.name + whose, said
