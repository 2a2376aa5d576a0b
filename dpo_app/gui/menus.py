"""The menus of an open store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from dpo_app.gui.guide import FIRST_HOUR, WORDS
from dpo_app.gui.main_window import MainWindow
from dpo_app.gui.page_actions import add_page_menus
from dpo_app.gui.pages.authority.directory_sheet import DirectorySheet
from dpo_app.i18n import _


def _act(menu: QMenu, text: str, do: Callable[[], object], key: str = "", enabled: bool = True) -> QAction:
    made = menu.addAction(text)
    made.triggered.connect(lambda: do())
    if key:
        made.setShortcut(QKeySequence(key))
    made.setEnabled(enabled)
    return made


def build_menus(window: MainWindow, tabs: Sequence[tuple[str, str]]) -> None:
    """Fill the menu bar; `tabs` are keys and headings of the pages, in their order."""
    bar, writes = window.menuBar(), not window.office.desk.read_only
    file = bar.addMenu(_("&File"))
    _act(file, _("New breach…"), window.new_breach, "Ctrl+N", writes)
    _act(file, _("Open another store…"), window.other_wanted.emit, "Ctrl+O")
    file.addSeparator()
    _act(file, _("Import persons…"), window.import_persons, "Ctrl+I", writes)
    file.addSeparator()
    _act(file, _("Lock"), window.lock_wanted.emit, "Ctrl+L")
    _act(file, _("Quit"), window.close, "Ctrl+Q")
    edit = bar.addMenu(_("&Edit"))
    _act(edit, _("Find on this page"), window.find_here, "Ctrl+F")
    _act(edit, _("Organisation…"), window.organisation, "Ctrl+,", writes)
    _view(bar.addMenu(_("&View")), window, tabs)
    add_page_menus(bar, window.press)
    tools = bar.addMenu(_("&Tools"))
    _act(tools, _("Command search"), window.commands, "Ctrl+K")
    _act(tools, _("Reminders"), lambda: window.reminders.open())
    _act(tools, _("Register of breaches"), lambda: window.show_page("register"))
    _act(tools, _("Supervisory authorities…"), lambda: DirectorySheet(window, window.office).open())
    _act(tools, _("Verify the trail"), lambda: window.show_page("audit"))
    tools.addSeparator()
    _act(tools, _("Change the passphrase…"), window.passphrase_wanted.emit, enabled=writes)
    _act(tools, _("New recovery sheet…"), window.sheet_wanted.emit, enabled=writes)
    _act(tools, _("Quick unlock…"), window.quick_wanted.emit, enabled=writes)
    if not writes:
        _act(tools, _("Look at what is missing"), window.state_wanted.emit)
    help_menu = bar.addMenu(_("&Help"))
    _act(help_menu, _("What the law asks here"), window.law, "F1")
    _act(help_menu, _("The first hour"), lambda: window.guide(FIRST_HOUR))
    _act(help_menu, _("Guide"), window.guide, "Shift+F1")
    _act(help_menu, _("Words"), lambda: window.guide(WORDS))
    _act(help_menu, _("Keyboard"), window.keyboard, "Ctrl+?")
    _act(help_menu, _("About"), window.about)


def _view(view: QMenu, window: MainWindow, tabs: Sequence[tuple[str, str]]) -> None:
    _act(view, _("Breach list"), window.fold_list, "F9")
    _act(view, _("Next part of the window"), window.next_region, "F6")
    view.addSeparator()
    for place, (key, heading) in enumerate(tabs, 1):
        _act(view, heading, partial(window.show_page, key), f"Ctrl+{place}")
    view.addSeparator()
    looks = (("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark")))
    _choices(window, view.addMenu(_("Appearance")), "appearance", looks)
    sizes = view.addMenu(_("Text size"))
    _act(sizes, _("Larger"), lambda: window.look_wanted.emit("text", 10), "Ctrl++")
    _act(sizes, _("Smaller"), lambda: window.look_wanted.emit("text", -10), "Ctrl+-")
    _act(sizes, _("Normal"), lambda: window.look_wanted.emit("text", 0), "Ctrl+0")
    names = (("en", "English"), ("fi", "Suomi"), ("sv", "Svenska"))
    _choices(window, view.addMenu(_("Language")), "language", names)


def _choices(window: MainWindow, menu: QMenu, what: str, choices: Sequence[tuple[str, str]]) -> None:
    group = QActionGroup(window)
    for value, text in choices:
        made = menu.addAction(text)
        made.setCheckable(True)
        group.addAction(made)
        made.triggered.connect(lambda _=False, v=value: window.look_wanted.emit(what, v))
