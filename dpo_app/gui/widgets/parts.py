"""Small parts that every page uses: buttons, labels, cards, chips, banners, empty pages; one look each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from dpo_app.gui import theme
from dpo_app.gui.tokens import COLORS
from dpo_app.gui.widgets.mending import ErrorLabel
from dpo_app.i18n import _

EN_SPACE = "\u2002"


class _Button(QPushButton):
    """In a dialog Enter belongs to the primary button: any other, however the focus came to it, is pressed with Space."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and not self.isDefault() and isinstance(self.window(), QDialog):
            event.accept()
            return
        super().keyPressEvent(event)


def button(text: str, kind: str = "", icon: str = "", name: str = "", tip: str = "") -> QPushButton:
    """Return a button. The blank between icon and text is part of the text, and left out of the accessible name."""
    made = _Button(f"{EN_SPACE}{text}" if icon and text else text)
    made.setAutoDefault(False)
    made.setDefault(kind == "primary")
    if kind:
        made.setProperty("kind", kind)
    if icon:
        role = {"primary": "on_accent", "quiet": "accent", "link": "accent", "danger": "danger"}.get(kind, "text_2")
        made.setIcon(theme.icon(icon, role, 16))
        made.setIconSize(QSize(theme.px(16), theme.px(16)))
    made.setAccessibleName(text or tip)
    if tip:
        made.setToolTip(tip)
    if name:
        made.setObjectName(name)
    if kind != "card":
        made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def label(text: str = "", role: str = "body", *, wrap: bool = False, tone: str = "", name: str = "") -> QLabel:
    """Return a label in a role's font; `tone` colours it (danger, warn, ok, info, accent). An error goes by itself when
    a field of its window is changed."""
    made = ErrorLabel(text) if role == "error" else QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setFont(theme.font(role if role in ("figure", "number", "title", "heading", "strong", "medium", "caption",
                                             "code") else "body"))  # fmt: skip
    if role in ("caption", "second", "error"):
        made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    if name:
        made.setObjectName(name)
    return made


def sign(icon: str, role: str, size: int = 18, filled: bool = False) -> QLabel:
    """Return an icon as a label that takes no more room than it needs."""
    made = QLabel()
    made.setPixmap(theme.pixmap(icon, role, size, filled))
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def row(*items: QWidget | int | None, space: int = 8) -> QHBoxLayout:
    """Return a horizontal layout: widgets, fixed gaps (int), stretches (None)."""
    return _filled(QHBoxLayout(), items, space)


def column(*items: QWidget | int | None, space: int = 8) -> QVBoxLayout:
    """Return a vertical layout: widgets, fixed gaps (int), stretches (None)."""
    return _filled(QVBoxLayout(), items, space)


Box = TypeVar("Box", bound=QBoxLayout)


def _filled(box: Box, items: tuple[QWidget | int | None, ...], space: int) -> Box:
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(theme.px(space))
    for item in items:
        if item is None:
            box.addStretch(1)
        elif isinstance(item, int):
            box.addSpacing(theme.px(item))
        else:
            box.addWidget(item)
    return box


def rule() -> QFrame:
    """Return a dividing line."""
    made = QFrame()
    made.setProperty("rule", True)
    return made


class Card(QFrame):
    """A surface with rounded corners; `body` is its column."""

    def __init__(self, title: str = "", aside: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self.body = QVBoxLayout(self)
        side, top = theme.px(16), theme.px(12)
        self.body.setContentsMargins(side, top, side, top)
        self.body.setSpacing(theme.px(8))
        self.heading: QLabel | None = None
        if title or aside is not None:
            self.heading = label(title, "heading")
            line = row(self.heading, None)
            if aside is not None:
                line.addWidget(aside)
            self.body.addLayout(line)


class Chip(QFrame):
    """A sign and a word on the state's tint; never the colour alone."""

    def __init__(self, text: str, role: str, icon: str = "", filled: bool = False, sign: QWidget | None = None) -> None:
        super().__init__()
        self._role, self._icon, self._filled = role, icon, filled
        self._sign = QLabel() if sign is None else sign
        self._text = label(text, "medium")
        box = QHBoxLayout(self)
        box.setContentsMargins(theme.px(8), theme.px(2), theme.px(10), theme.px(2))
        box.setSpacing(theme.px(4))
        if icon or sign is not None:
            box.addWidget(self._sign)
        box.addWidget(self._text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        self._paint()
        theme.state.changed.connect(self._paint)

    def _paint(self) -> None:
        ink = self._role if self._role in COLORS else "text_2"
        theme.ink(self._text, ink)
        if self._icon and isinstance(self._sign, QLabel):
            self._sign.setPixmap(theme.pixmap(self._icon, ink, 14, self._filled))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(f"{self._role}_bg" if f"{self._role}_bg" in COLORS else "sunken"))
        radius = min(12.0, self.height() / 2)
        painter.drawRoundedRect(self.rect(), radius, radius)


class ElidingLabel(QLabel):
    """A label that shows as much as fits, the whole in its tooltip: for everything that a user names. With more lines
    than one it breaks between words first."""

    def __init__(self, text: str = "", role: str = "body", lines: int = 1) -> None:
        super().__init__()
        self._whole, self._lines = "", lines
        self.setFont(theme.font(role))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if lines > 1:
            self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            self.setFixedHeight(lines * self.fontMetrics().lineSpacing())
        self.set_whole(text)

    def set_whole(self, text: str) -> None:
        """Show another text."""
        self._whole = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._elide()

    def _elide(self) -> None:
        width, fonts = max(20, self.width()), self.fontMetrics()
        shown: list[str] = []
        rest = self._whole
        while rest and len(shown) < self._lines - 1 and fonts.horizontalAdvance(rest) > width:
            words = rest.split(" ")
            fit = next((n for n in range(len(words) - 1, 0, -1)
                        if fonts.horizontalAdvance(" ".join(words[:n])) <= width), 0)  # fmt: skip
            if not fit:
                break
            shown.append(" ".join(words[:fit]))
            rest = " ".join(words[fit:])
        shown.append(fonts.elidedText(rest, Qt.TextElideMode.ElideRight, width))
        self.setText("\n".join(shown))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._elide()


class _Saying(QLabel):
    """The words beside a box or a round button; pressed, they press it."""

    def __init__(self, text: str, control: QAbstractButton) -> None:
        super().__init__(text)
        self._control = control
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._control.isEnabled():
            self._control.click()


def saying(control: QAbstractButton, text: str) -> QHBoxLayout:
    """Return a box or round button with words that wrap: its own text would be cut where the column is narrow."""
    control.setText("")
    control.setAccessibleName(text)
    control.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    line = row(space=4)
    line.addWidget(control, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(_Saying(text, control), 1)
    return line


class Banner(QFrame):
    """One or two sentences between header and page, with at most two text buttons."""

    closed = Signal()

    def __init__(self, tone: str, what: str, more: str = "", actions: tuple[tuple[str, Callable[[], None]], ...] = (),
                 closable: bool = True) -> None:  # fmt: skip
        super().__init__()
        self.setObjectName("banner")
        self.setProperty("tint", tone)
        icon = {"danger": "alert-octagon", "warn": "alert-triangle", "ok": "circle-check"}.get(tone, "info-circle")
        sign = QLabel()
        sign.setPixmap(theme.pixmap(icon, tone if tone in COLORS else "accent", 18))
        words = label("", wrap=True, name="banner_text")
        words.setTextFormat(Qt.TextFormat.RichText)
        words.setText(f"<b>{_escaped(what)}</b> {_escaped(more)}")
        words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        box = QHBoxLayout(self)
        box.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(8))
        box.setSpacing(theme.px(8))
        box.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(words, 1)
        for place, (text, act) in enumerate(actions):
            each = button(text, "quiet", name=f"banner_act_{place}")
            each.clicked.connect(act)
            box.addWidget(each)
        if closable:
            shut = button("", "quiet", "x", "banner_close", _("Close"))
            shut.clicked.connect(self.close)
            shut.clicked.connect(self.closed)
            box.addWidget(shut, 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(f"{what} {more}")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class EmptyState(QWidget):
    """What a page says while there is nothing: icon, heading, sentence, the button that changes it; `other` is a quiet
    second way."""

    pressed = Signal()
    other_pressed = Signal()

    def __init__(
        self, icon: str, heading: str, sentence: str, action: str = "", action_icon: str = "", other: str = ""
    ) -> None:
        super().__init__()
        sign = QLabel()
        sign.setPixmap(theme.pixmap(icon, "text_3", 40))
        title = label(heading, "heading")
        words = label(sentence, "second", wrap=True)
        # A wrapped label that is centred gets the height of one line unless it is told how many there are.
        words.setFixedWidth(theme.px(460))
        words.setMinimumHeight(words.heightForWidth(theme.px(460)))
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box = QVBoxLayout(self)
        box.setSpacing(theme.px(8))
        box.addStretch(1)
        for each in (sign, title, words):
            box.addWidget(each, 0, Qt.AlignmentFlag.AlignHCenter)
        if action:
            self.button = button(action, "primary", action_icon, "empty_action")
            self.button.clicked.connect(self.pressed)
            box.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        if other:
            self.other = button(other, "quiet", name="empty_other")
            self.other.clicked.connect(self.other_pressed)
            box.addWidget(self.other, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(2)


def scrolling(inner: QWidget) -> QScrollArea:
    """Return a vertical scroll area around a page's content."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFrameShape(QFrame.Shape.NoFrame)
    inner.setObjectName("scroll_inner")
    area.setWidget(inner)
    area.viewport().setAutoFillBackground(False)
    return area


def clear(layout: QLayout) -> None:
    """Take everything out of a layout; its widgets go."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            continue
        widget = item.widget()
        inner = item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)
