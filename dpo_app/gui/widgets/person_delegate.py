"""Paints a row of the person list: name with code and year, disc and word, icon and word, chip."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from dpo_app.core.delivery import Standing
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import grouped
from dpo_app.core.persons.channel import Channel
from dpo_app.gui import theme
from dpo_app.gui.models.person_model import LineRole, last_event, name_of
from dpo_app.gui.widgets.painters import CHANNEL_ICONS, STANDING_ICONS, disc
from dpo_app.messages import word
from dpo_app.services.lines import PersonLine

ROW, COMPACT = 44, 32


class PersonDelegate(QStyledItemDelegate):
    """Fonts, metrics and pictures are made once; the row is painted from its `PersonLine`."""

    def __init__(self) -> None:
        super().__init__()
        self.compact = False
        self._renew()
        theme.state.changed.connect(self._renew)

    def _renew(self) -> None:
        self._strong, self._body, self._small = theme.font("strong"), theme.font("body"), theme.font("caption")
        self._strong_m, self._body_m = QFontMetrics(self._strong), QFontMetrics(self._body)
        self._small_m = QFontMetrics(self._small)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:  # noqa: N802
        return QSize(100, theme.px(COMPACT if self.compact else ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        box: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(box, theme.color("selected" if selected else "surface"))
        if selected and index.column() == 0:
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), theme.color("accent"))
        painter.setPen(theme.color("line"))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        line: PersonLine | None = index.data(LineRole)
        inner = box.adjusted(theme.px(12), 0, -theme.px(6), 0)
        if line is None:
            painter.fillRect(QRect(inner.left(), inner.center().y() - 4, inner.width() // 2, 8), theme.color("line"))
        else:
            self._cell(painter, inner, line, index)
        painter.restore()

    def _cell(
        self, painter: QPainter, box: QRect, line: PersonLine, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        key = index.model().columns[index.column()]  # type: ignore[attr-defined]
        painted = {
            "name": self._name, "exposure": self._exposure, "channel": self._channel, "standing": self._standing,
            "last": self._last,
        }  # fmt: skip
        if key in painted:
            painted[key](painter, box, line)
        else:
            self._two(painter, box, str(index.data(Qt.ItemDataRole.DisplayRole)), "", False)

    def _two(self, painter: QPainter, box: QRect, first: str, second: str, strong: bool) -> None:
        metrics = self._strong_m if strong else self._body_m
        painter.setFont(self._strong if strong else self._body)
        painter.setPen(theme.color("text"))
        flags = Qt.TextFlag.TextSingleLine
        if self.compact or not second:
            text = metrics.elidedText(first, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | flags), text)
            return
        top = box.top() + (box.height() - metrics.height() - self._small_m.height()) // 2
        text = metrics.elidedText(first, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box.left(), top + metrics.ascent(), text)
        painter.setFont(self._small)
        painter.setPen(theme.color("text_3"))
        text = self._small_m.elidedText(second, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box.left(), top + metrics.height() + self._small_m.ascent(), text)

    def _name(self, painter: QPainter, box: QRect, line: PersonLine) -> None:
        young = line.age is not None and line.age < 18
        known = line.protected or line.deceased or young
        signs = [icon for icon, shown in (("user-shield", line.protected), ("flower", line.deceased), ("mood-kid", young),
                                          ("user-exclamation", bool(line.care) and not known)) if shown]  # fmt: skip
        second = " · ".join(filter(None, (grouped(line.code), line.birth_year)))
        wide = theme.px(20) * len(signs)
        self._two(painter, box.adjusted(0, 0, -wide, 0), name_of(line), second, True)
        x = box.right() - wide
        for icon in signs:
            painter.drawPixmap(x, box.center().y() - theme.px(9), theme.pixmap(icon, "warn", 18))
            x += theme.px(20)

    def _with_sign(self, painter: QPainter, box: QRect, picture: object, text: str) -> None:
        size = theme.px(16)
        painter.drawPixmap(box.left(), box.center().y() - size // 2 + 1, picture)  # type: ignore[call-overload]
        self._two(painter, box.adjusted(size + theme.px(6), 0, 0, 0), text, "", False)

    def _exposure(self, painter: QPainter, box: QRect, line: PersonLine) -> None:
        if line.exposure:
            self._with_sign(painter, box, disc(line.exposure), word(ExposureState(line.exposure)))

    def _channel(self, painter: QPainter, box: QRect, line: PersonLine) -> None:
        if line.channel:
            picture = theme.pixmap(CHANNEL_ICONS[line.channel], "text_2", 16)
            self._with_sign(painter, box, picture, word(Channel(line.channel)))

    def _standing(self, painter: QPainter, box: QRect, line: PersonLine) -> None:
        if not line.standing:
            return
        icon, filled = STANDING_ICONS[line.standing]
        text = word(Standing(line.standing))
        height = min(box.height() - 8, theme.px(24))
        width = min(box.width(), self._body_m.horizontalAdvance(text) + theme.px(36))
        chip = QRectF(box.left(), box.center().y() - height / 2 + 0.5, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(f"{line.standing}_bg"))
        painter.drawRoundedRect(chip, height / 2, height / 2)
        picture = theme.pixmap(icon, line.standing, 14, filled)
        painter.drawPixmap(int(chip.left()) + theme.px(8), int(chip.center().y()) - theme.px(7), picture)
        painter.setPen(QPen(theme.color(line.standing)))
        painter.setFont(self._body)
        words = chip.adjusted(theme.px(26), 0, -4, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), text)

    def _last(self, painter: QPainter, box: QRect, line: PersonLine) -> None:
        what, when = last_event(line)
        self._two(painter, box, what, when, False)
