"""The clocks of a breach: up to three cards, the nearest first, and the others when asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from dpo_app.core.clocks.deadline import ClockState, Deadline
from dpo_app.gui import theme
from dpo_app.gui.widgets.clock_card import ClockCard, Share
from dpo_app.gui.widgets.parts import button, clear, label, row
from dpo_app.i18n import _

SHOWN = 3
NARROW, ONE_COLUMN = 900, 700


class ClockRow(QWidget):
    """Cards in rows of three, two or one by the width there is."""

    opened = Signal(str)
    reason_wanted = Signal(str)

    def __init__(self, aside: QWidget, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self._deadlines: tuple[Deadline, ...] = ()
        self._share: Share | None = None
        self._cards: list[ClockCard] = []
        self._all, self._columns = False, SHOWN
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(4))
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.px(12))
        box.addLayout(self._grid)
        self.more = button("", "link", "chevron-down", "more_clocks")
        self.more.clicked.connect(self._toggle)
        self.none = label("", "second", name="no_clocks")
        box.addLayout(row(self.none, self.more, None, aside))

    def set_clocks(self, deadlines: Sequence[Deadline], share: Share, nothing: str) -> None:
        """Show these; `nothing` is what is said when no law starts a clock."""
        self._deadlines, self._share = tuple(deadlines), share
        self.none.setText(nothing)
        self.none.setVisible(not deadlines)
        self._rebuild()

    def tick(self) -> None:
        """Bring every card to the present."""
        now = self._now()
        for card in self._cards:
            card.tick(now)

    def cards(self) -> list[ClockCard]:
        """Return the cards that are shown, in order."""
        return self._cards

    def _build(self) -> None:
        clear(self._grid)
        first = SHOWN if self._columns != 2 else 2
        shown = self._deadlines if self._all else self._deadlines[:first]
        self._cards = [ClockCard(each, self._share) for each in shown]
        for place, card in enumerate(self._cards):
            card.opened.connect(self.opened)
            card.reason_wanted.connect(self.reason_wanted)
            self._grid.addWidget(card, place // self._columns, place % self._columns)
        for place in range(SHOWN):
            self._grid.setColumnStretch(place, 1 if place < self._columns else 0)
        left = len(self._deadlines) - first
        self.more.setVisible(left > 0)
        said = _("Fewer clocks") if self._all else _("More clocks ({count})").format(count=left)
        self.more.setText(f"\u2002{said}")
        self.more.setAccessibleName(said)

    def _toggle(self) -> None:
        self._all = not self._all
        self._rebuild()

    def _rebuild(self) -> None:
        self._build()
        self.tick()

    def fit(self, width: int) -> None:
        """Take the number of columns for a width of the page."""
        columns = 1 if width < theme.px(ONE_COLUMN) else 2 if width < theme.px(NARROW) else SHOWN
        if columns != self._columns:
            self._columns = columns
            QTimer.singleShot(0, self._rebuild)


def is_shown(deadline: Deadline, now: datetime) -> bool:
    """Tell whether a clock has a card: not one that does not arise."""
    return deadline.state(now) is not ClockState.NOT_OWED
