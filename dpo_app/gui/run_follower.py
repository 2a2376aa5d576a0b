"""Keeps what the window says of persons no older than some seconds while e-mails go out: a run tells of no single one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer

from dpo_app.gui.office import Office
from dpo_app.gui.pages.overview.overview_page import OverviewPage
from dpo_app.services.progress import Changes, Topic

EVERY_MS = 5_000


class RunFollower(QTimer):
    """Reads the list at the left and the Overview anew; the page Sending looks for itself."""

    def __init__(self, window: Any, office: Office) -> None:
        super().__init__(window)
        self._window, self._office = window, office
        self.timeout.connect(self.follow)
        self.start(EVERY_MS)

    def follow(self) -> None:
        """Read anew if a run is under way and somebody sees it."""
        if not self._office.live.running or not self._window.isVisible():
            return
        page = self._window.stack.currentWidget()
        if isinstance(page, OverviewPage):
            page.changed(Changes.of(self._office.live.breach_id, Topic.DELIVERIES))
        self._window.reload()
