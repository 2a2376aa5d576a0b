"""The recovery sheet (screens.md 5.3): get it on paper, type two lines back from there, say where it is kept."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from dpo_app.gui import theme
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.i18n import _

COVER_MS = 60_000
GROUPS = 3


def asked_lines(store_id: str, lines: int = 6) -> tuple[int, int]:
    """Return which two lines (from 0) are typed back: never the first, never neighbours, others for each store."""
    pairs = [(a, b) for a in range(1, lines) for b in range(a + 2, lines)]
    return pairs[int(store_id[:4], 16) % len(pairs)]


class SheetPicture(QWidget):
    """The sheet as it prints, small; its lines are bars until they are uncovered."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[str, ...] = ()
        self._face = ""
        self._shown = False
        self.setObjectName("sheet_picture")
        self.setFixedSize(theme.px(330), theme.px(430))

    def set_sheet(self, face: str, lines: tuple[str, ...]) -> None:
        """Show another sheet, covered."""
        self._face, self._lines = face, lines
        self.set_shown(False)

    def set_shown(self, shown: bool) -> None:
        """Uncover or cover the lines."""
        self._shown = shown and bool(self._lines)
        spoken = "; ".join(f"{n}: {line}" for n, line in enumerate(self._lines, 1)) if self._shown else ""
        self.setAccessibleName(_("The recovery sheet"))
        self.setAccessibleDescription(spoken or _("The lines are covered."))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return self.size()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("line"), 1))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        side, y = theme.px(24), theme.px(26)
        width = self.width() - 2 * side
        for role, text, tone in (("heading", _("Recovery sheet"), "text"), ("caption", self._face, "text_2")):
            painter.setFont(theme.font(role))
            painter.setPen(theme.color(tone))
            wrap = Qt.TextFlag.TextWordWrap
            box = QRectF(side, y, width, 2.5 * painter.fontMetrics().lineSpacing())
            y += round(painter.boundingRect(box, wrap, text).height()) + theme.px(4)
            painter.drawText(box, wrap, text)
        self._paint_prose(painter, side, y + theme.px(8), width)
        self._paint_lines(painter, side, y + theme.px(44), width)

    def _paint_prose(self, painter: QPainter, side: int, y: int, width: int) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("line"))
        for place, part in enumerate((1.0, 0.94, 0.6)):
            painter.drawRoundedRect(QRectF(side, y + place * theme.px(9), width * part, theme.px(4)), 2, 2)

    def _paint_lines(self, painter: QPainter, side: int, y: int, width: int) -> None:
        painter.setFont(theme.font("code"))
        step = max(theme.px(34), painter.fontMetrics().height() + theme.px(10))
        left = side + theme.px(22)
        group = (side + width - left) / GROUPS
        for place in range(len(self._lines) or 6):
            top = y + place * step
            painter.setPen(theme.color("text_2"))
            baseline = QPointF(side, top + painter.fontMetrics().ascent())
            painter.drawText(baseline, str(place + 1))
            parts = self._lines[place].split("-") if self._lines else [""] * GROUPS
            for number, part in enumerate(parts):
                x = left + number * group
                if self._shown:
                    painter.setPen(theme.color("text"))
                    painter.drawText(QPointF(x, baseline.y()), part)
                else:
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(theme.color("text_3"))
                    high = painter.fontMetrics().height()
                    painter.drawRoundedRect(QRectF(x, top, group - theme.px(10), high), 3, 3)
        painter.setPen(QPen(theme.color("line"), 1))
        under = y + 6 * step + theme.px(2) + 0.5
        painter.drawLine(QPointF(side, under), QPointF(side + width, under))


class RecoveryStep(QWidget):
    """Emits what is wanted of the sheet; `confirmed` carries {line from 0: text} and where it is kept."""

    print_wanted = Signal()
    save_wanted = Signal()
    confirmed = Signal(object, str)
    ready_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[str, ...] = ()
        self.picture = SheetPicture()
        self.typed: dict[int, QLineEdit] = {}
        self._ticks: dict[int, QLabel] = {}
        self._cover = QTimer(self)
        self._cover.setSingleShot(True)
        self._cover.setInterval(COVER_MS)
        self._cover.timeout.connect(self.cover)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.applicationStateChanged.connect(self._on_state)
        column = QVBoxLayout()
        column.setSpacing(theme.px(8))
        column.addWidget(label(_("The recovery sheet"), "title"))
        column.addWidget(label(_("It opens the store when the passphrase is forgotten. Whoever has it can read everything: "
                                 "a safe, not the desk."), "second", wrap=True))  # fmt: skip
        self._part(column, "1", _("Print it or write it down"))
        self.print = button(_("Print…"), "", "printer", "print_sheet")
        self.save = button(_("Save as PDF…"), "", "file-type-pdf", "save_sheet")
        self.show_lines = button(_("Show on the screen"), "", "eye", "show_sheet")
        self.print.clicked.connect(self.print_wanted)
        self.save.clicked.connect(self.save_wanted)
        self.show_lines.clicked.connect(self._toggle)
        column.addLayout(row(self.print, self.save, self.show_lines, None))
        self.note = label("", "caption", wrap=True, name="sheet_note")
        column.addWidget(self.note)
        self.ask = self._part(column, "2", "")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(8))
        self._grid.setColumnStretch(3, 1)
        column.addLayout(self._grid)
        self._part(column, "3", _("Where will you keep it?"))
        self.place = QLineEdit()
        self.place.setObjectName("sheet_place")
        self.place.setAccessibleName(_("Where will you keep it?"))
        self.place.setPlaceholderText(_("The safe on the second floor"))
        self.place.setMaximumWidth(theme.px(360))
        column.addWidget(self.place)
        column.addWidget(label(_("A note for yourself, encrypted in the store. Until the sheet works no persons can be "
                                 "brought in."), "caption", wrap=True))  # fmt: skip
        column.addStretch(1)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(32))
        box.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(column, 1)

    @staticmethod
    def _part(column: QVBoxLayout, number: str, text: str) -> QLabel:
        column.addSpacing(theme.px(12))
        words = label(text, "strong", wrap=True)
        line = row(label(number, "heading", tone="accent"), words)
        line.setStretch(1, 1)
        column.addLayout(line)
        return words

    def set_sheet(self, face: str, lines: tuple[str, ...], asked: tuple[int, int]) -> None:
        """Show the sheet of a store just made, and ask for two of its lines."""
        self._lines = lines
        self.picture.set_sheet(face, lines)
        first, second = asked[0] + 1, asked[1] + 1
        self.ask.setText(
            _("Type lines {first} and {second} as they stand on the paper").format(first=first, second=second)
        )
        for place, number in enumerate(asked):
            field = QLineEdit()
            field.setObjectName(f"sheet_line_{number + 1}")
            field.setAccessibleName(_("Line {number}").format(number=number + 1))
            field.setPlaceholderText("XXXX-XXXX-XXXX")
            field.setFont(theme.font("code"))
            field.setFixedWidth(theme.px(220))
            field.textEdited.connect(lambda _t: self._look())
            tick = QLabel()
            tick.setFixedSize(theme.px(18), theme.px(18))
            name = label(str(number + 1), "body")
            name.setBuddy(field)
            self._grid.addWidget(name, place, 0)
            self._grid.addWidget(field, place, 1)
            self._grid.addWidget(tick, place, 2)
            self.typed[number], self._ticks[number] = field, tick
        self.setTabOrder(self.show_lines, self.typed[asked[0]])
        self.setTabOrder(self.typed[asked[0]], self.typed[asked[1]])
        self.setTabOrder(self.typed[asked[1]], self.place)
        self._look()

    def _same(self, number: int) -> bool:
        typed = "".join(sign for sign in self.typed[number].text().upper() if sign.isalnum())
        return typed == self._lines[number].replace("-", "")

    def _look(self) -> None:
        """Tick the lines that are right; what is typed while the sheet is shown would prove nothing, so it is covered."""
        if any(field.text() for field in self.typed.values()):
            self.cover()
        for number, tick in self._ticks.items():
            right = self._same(number)
            tick.setPixmap(theme.pixmap("circle-check", "ok", 18, True)) if right else tick.clear()
            tick.setAccessibleName(_("right") if right else "")
            whole = len(self.typed[number].text().replace("-", "").replace(" ", "")) >= 12
            theme.set_state(self.typed[number], "wrong", whole and not right)
        self.ready_changed.emit(self.ready)

    @property
    def ready(self) -> bool:
        """Tell whether both lines are right."""
        return bool(self.typed) and all(self._same(number) for number in self.typed)

    def give(self) -> None:
        """Hand over what was typed."""
        self.confirmed.emit({number: field.text() for number, field in self.typed.items()}, self.place.text())

    def _toggle(self) -> None:
        if self._cover.isActive():
            self.cover()
            return
        self.picture.set_shown(True)
        self.show_lines.setText("\u2002" + _("Cover it"))
        self.show_lines.setAccessibleName(_("Cover it"))
        self.note.setText(_("Covered again after a minute, or when you go to another window."))
        self._cover.start()

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state is not Qt.ApplicationState.ApplicationActive and self._cover.isActive():
            self.cover()

    def cover(self) -> None:
        """Cover the lines again."""
        self._cover.stop()
        self.picture.set_shown(False)
        self.show_lines.setText("\u2002" + _("Show on the screen"))
        self.show_lines.setAccessibleName(_("Show on the screen"))
        if self.note.text():
            self.note.setText("")

    def say(self, text: str) -> None:
        """Say what became of the print or the file."""
        self.note.setText(text)

    def forget(self) -> None:
        """Let go of the lines."""
        self._lines = ()
        for field in self.typed.values():
            field.clear()
        self.picture.set_sheet("", ())
