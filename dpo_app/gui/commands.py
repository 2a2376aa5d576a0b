"""The list of commands that the menus make: for command search and the list of shortcuts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QMenuBar

#: Text, shortcut, what it does.
Command = tuple[str, str, Callable[[], None]]


def commands_of(bar: QMenuBar) -> list[Command]:
    """Return what the menus can do now, those of submenus left out."""
    found: list[Command] = []
    for top in bar.actions():
        menu = top.menu()
        if not isinstance(menu, QMenu):
            continue
        for action in menu.actions():
            if action.text() and action.isEnabled() and action.menu() is None:
                found.append((action.text().replace("&", ""), action.shortcut().toString(), action.trigger))
    return found
