"""The groups of facts at the left: each complete, open with how many, or changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from dpo_app.core.facts.fact_catalogue import FactGroup
from dpo_app.gui import theme
from dpo_app.gui.widgets.parts import EN_SPACE, button
from dpo_app.i18n import _
from dpo_app.messages import word

LEAST = 216


class FactRail(QWidget):
    """Buttons, one for each group; `chosen` tells the group."""

    chosen = Signal(str)
    widened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        self._group = QButtonGroup(self)
        self._buttons: dict[FactGroup, QPushButton] = {}
        for group in FactGroup:
            each = button(word(group), "rail", "circle-dashed", f"rail_{group.value}")
            each.setCheckable(True)
            each.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            each.setIconSize(QSize(theme.px(14), theme.px(14)))
            each.clicked.connect(lambda _=False, g=group: self.chosen.emit(g.value))
            self._group.addButton(each)
            self._buttons[group] = each
            box.addWidget(each)
        box.addStretch(1)
        self._make_room()

    def show_group(self, group: FactGroup) -> None:
        """Mark the group that is shown."""
        self._buttons[group].setChecked(True)

    def set_states(self, open_: Mapping[FactGroup, int], changed: Collection[FactGroup]) -> None:
        """Show how each group stands: what is open counts more than what changed."""
        for group, each in self._buttons.items():
            count = open_.get(group, 0)
            if count:
                text, icon, tone = f"{word(group)} ({count})", "alert-triangle", "warn"
                said = _("{group}: {count} open").format(group=word(group), count=count)
            elif group in changed:
                text, icon, tone = word(group), "pencil", "info"
                said = _("{group}: changed").format(group=word(group))
            else:
                text, icon, tone = word(group), "circle-check", "ok"
                said = _("{group}: complete").format(group=word(group))
            each.setText(f"{EN_SPACE}{text}")
            each.setIcon(theme.icon(icon, tone, 14))
            each.setAccessibleName(said)
            each.setToolTip(said)
        self._make_room()

    def _make_room(self) -> None:
        """Be as wide as the longest heading: in another language it is another one."""
        self.setFixedWidth(max(theme.px(LEAST), *(each.sizeHint().width() for each in self._buttons.values())))
        self.widened.emit(self.width())
