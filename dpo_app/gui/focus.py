"""Keeps the keyboard on the page: a control that goes grey or vanishes while it has the focus would hand it to whatever
comes next in the window, which is another part of it."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, SignalInstance
from PySide6.QtWidgets import QWidget


class FocusKeeper(QObject):
    """Watches a window's pages; `page` tells which one is shown, `idle` that work is over and controls may work again.

    The focus is put right once Qt is done with what took it: amid the hiding of a part it may not be moved.
    """

    def __init__(self, window: QWidget, page: Callable[[], QWidget | None], idle: SignalInstance) -> None:
        super().__init__(window)
        self._window, self._page = window, page
        self._lost: QWidget | None = None
        self._held: QWidget | None = None
        self._last: QWidget | None = None
        idle.connect(self._give_back)

    def moved_to(self, now: QWidget) -> None:
        """Take note of who has the focus now; the window's own filter of events tells it."""
        page, old = self._page(), _alive(self._last)
        if page is None or now.window() is not self._window:
            return
        self._last = now
        if old is None or old is now or not page.isAncestorOf(old) or (old.isEnabled() and old.isVisible()):
            return
        self._lost, self._held = old, now
        QTimer.singleShot(0, self, self._put_right)

    def _put_right(self) -> None:
        """Bring the focus back to the page if it left it, unless somebody has moved it on meanwhile."""
        page, lost = self._page(), _alive(self._lost)
        if page is None or self._window.focusWidget() is not _alive(self._held):
            return
        held = self._window.focusWidget()
        if held is None or not (held is page or page.isAncestorOf(held)):
            self._held = (_next(lost, page) if lost is not None else None) or page
            self._held.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give_back(self) -> None:
        """Give the focus back to a control that works again, unless somebody went on meanwhile."""
        lost, held = _alive(self._lost), _alive(self._held)
        self._lost = self._held = None
        if lost is None or not lost.isEnabled() or not lost.isVisible() or self._window.focusWidget() is not held:
            return
        lost.setFocus(Qt.FocusReason.OtherFocusReason)


def _alive(widget: QWidget | None) -> QWidget | None:
    return widget if widget is not None and shiboken6.isValid(widget) else None


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
