"""Keeps the keyboard on the page: a control that goes grey or vanishes while it has the focus would hand it to whatever
comes next in the window, which is another part of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget


class FocusKeeper(QObject):
    """Watches a window's pages; `page` tells which one is shown."""

    def __init__(self, window: QWidget, page: Callable[[], QWidget | None]) -> None:
        super().__init__(window)
        self._page = page
        self._lost: QWidget | None = None
        self._held: QWidget | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_moved)

    def _on_moved(self, old: QWidget | None, now: QWidget | None) -> None:
        page = self._page()
        if self._lost is not None and now is not self._held:
            self._forget()
        if old is None or page is None or not page.isAncestorOf(old) or (old.isEnabled() and old.isVisible()):
            return
        if now is not None and now.window() is not page.window():
            return
        stays = now is not None and (now is page or page.isAncestorOf(now))
        self._held = now if stays else _next(old, page) or page
        self._lost = old
        old.installEventFilter(self)
        old.destroyed.connect(self._forget)
        if self._held is not None and not stays:
            self._held.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Give the focus back to a control that works again, unless somebody went on meanwhile."""
        if event.type() == QEvent.Type.EnabledChange and watched is self._lost:
            lost = self._lost
            if lost is not None and lost.isEnabled() and lost.isVisible():
                self._forget()
                lost.setFocus(Qt.FocusReason.OtherFocusReason)
        return False

    def _forget(self, _gone: object = None) -> None:
        if self._lost is not None and _gone is None:
            self._lost.removeEventFilter(self)
        self._lost = self._held = None


def _next(old: QWidget, page: QWidget) -> QWidget | None:
    """Return the control of the page that follows one, around its end; None if there is none."""
    each = old.nextInFocusChain()
    while each is not None and each is not old:
        if (
            page.isAncestorOf(each)
            and each.isEnabled()
            and each.isVisible()
            and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        ):
            return each
        each = each.nextInFocusChain()
    return None
