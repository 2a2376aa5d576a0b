"""What a page is: it shows one breach, decides what it reloads, and emits intent."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dpo_app.core.ids import BreachId
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.services.progress import Changes, Topic


class Page(QWidget):
    """Base of the pages behind the tabs.

    `topics` are what the page shows: it is reloaded when a change touches one of them. A page that is not visible
    remembers that it is stale and reloads when it is shown.
    """

    key: ClassVar[str] = ""
    topics: ClassVar[frozenset[Topic]] = frozenset()

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.breach_id: BreachId | None = None
        self._stale = True
        self.box = QVBoxLayout(self)
        side, top = theme.px(24), theme.px(16)
        self.box.setContentsMargins(side, top, side, top)
        self.box.setSpacing(theme.px(12))

    def open_breach(self, breach_id: BreachId) -> None:
        """Show a breach."""
        if breach_id != self.breach_id:
            self.breach_id = breach_id
            self._stale = True
        self.refresh()

    def changed(self, changes: Changes) -> None:
        """Decide whether a change concerns this page."""
        ours = changes.breach_id is None or changes.breach_id == self.breach_id
        if ours and self.topics & changes.topics:
            self._stale = True
            if self.isVisible():
                self.refresh()

    def refresh(self) -> None:
        """Reload if anything changed since the last time."""
        if self._stale and self.breach_id is not None:
            self._stale = False
            self.reload()

    def reload(self) -> None:
        """Read what the page shows and show it; overridden by every page."""

    def place(self) -> object:
        """Return the target that brings one back to where one is on this page; None for its beginning."""
        return None

    def show_target(self, target: object) -> None:
        """Take what a link elsewhere pointed at: a filter, a notice, a batch."""
