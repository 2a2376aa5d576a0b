"""The window under test: a program of its own, dialogs that answer by script, nothing left over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from dpo_app import bootstrap
from dpo_app.gui.app import application
from dpo_app.gui.ask_box import Check, some_text
from dpo_app.gui.desktop import Desktop
from dpo_app.gui.dialogs import Dialogs
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.settings import Settings
from dpo_app.store import vault
from tests.builders import PASSPHRASE, a_revision

LONG_MS = 20_000


class ScriptedDialogs(Dialogs):
    """Answers in the order given; fails on a question unasked or unanswered."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, Any]] = []
        self.reports: list[str] = []
        #: What was wrong with an answer; the officer then calls the box off.
        self.wrong: list[str] = []

    def will(self, question: str, answer: Any) -> None:
        """Prepare an answer to `question`: open_file, save_file, folder, confirm, text, tell."""
        self.answers.append((question, answer))

    def _answer(self, question: str) -> Any:
        assert self.answers, f"unanswered question: {question}"
        expected, answer = self.answers.pop(0)
        assert expected == question, f"asked {question}, the script expects {expected}"
        return answer

    def open_file(self, parent: QWidget, title: str, kinds: str) -> Path | None:
        return self._answer("open_file")

    def save_file(self, parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
        return self._answer("save_file")

    def folder(self, parent: QWidget, title: str) -> Path | None:
        return self._answer("folder")

    def confirm(self, parent: QWidget, title: str, text: str, action: str) -> bool:
        return self._answer("confirm")

    def text(
        self, parent: QWidget, title: str, prompt: str, value: str = "", check: Check = some_text, hidden: bool = False
    ) -> str | None:
        answer = self._answer("text")
        if answer is None or not (wrong := check(answer)):
            return answer
        self.wrong.append(wrong)
        return None

    def tell(self, parent: QWidget, title: str, text: str) -> None:
        self._answer("tell")

    def report(self, parent: QWidget | None, what: str, more: str, report: str) -> None:
        self.reports.append(report)


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return QApplication


@pytest.fixture
def dialogs() -> Iterator[ScriptedDialogs]:
    made = ScriptedDialogs()
    yield made
    assert not made.answers, f"never asked: {made.answers}"


@pytest.fixture
def desktop(
    qtbot: QtBot, qapp: QApplication, settings_home: Path, cheap: None, dialogs: ScriptedDialogs
) -> Iterator[Desktop]:
    """The program before its first window, in English and light."""
    application([])
    made = Desktop(Settings(language="en", appearance="light"), dialogs)
    yield made
    for window in (made.main, made.shell):
        if window is not None:
            window.close()
            window.deleteLater()
    made.close()
    # The sheet styles every window there is anew: those of tests before would make each start slower than the last.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not made.runner.busy()


class Hand:
    """Does what an officer does: finds by name, types, clicks, reads what is visible."""

    def __init__(self, qtbot: QtBot, desktop: Desktop) -> None:
        self.qtbot, self.desktop = qtbot, desktop

    @property
    def window(self) -> QWidget:
        """Return the window in front."""
        return self.desktop.main or self.desktop.shell

    def find(self, kind: type[Any], name: str) -> Any:
        """Return the visible widget of a name."""
        found = [each for each in self.window.findChildren(kind, name) if not each.isHidden()]
        assert found, f"nothing visible is called {name}"
        return found[-1]

    def shown(self, name: str) -> bool:
        """Tell whether something of that name can be seen."""
        return any(each.isVisible() for each in self.window.findChildren(QWidget, name))

    def type(self, name: str, text: str) -> None:
        """Empty a field and type into it."""
        field = self.find(QLineEdit, name)
        field.clear()
        self.qtbot.keyClicks(field, text)

    def click(self, name: str) -> None:
        """Press a button, as Space would."""
        button = self.find(QPushButton, name)
        assert button.isEnabled(), f"{name} cannot be pressed now"
        button.click()

    def text(self, name: str) -> str:
        """Return what a label or field says."""
        return str(self.find(QWidget, name).text())

    def until(self, ready: Callable[[], bool]) -> None:
        """Let the program work until something holds."""
        self.qtbot.waitUntil(ready, timeout=LONG_MS)


@pytest.fixture
def hand(qtbot: QtBot, desktop: Desktop) -> Hand:
    return Hand(qtbot, desktop)


@pytest.fixture
def open_window(desktop: Desktop, hand: Hand, tmp_path: Path) -> Desktop:
    """The window of a store with a breach."""
    folder = tmp_path / "clinic.dpo"
    store, lines = vault.create(folder, "Esimerkki Oy", PASSPHRASE)
    vault.confirm_recovery(store, {1: lines[1], 4: lines[4]})
    desk = bootstrap.build(store, "Tester")
    add_breach(desk, a_revision())
    desktop.use(store, desk, folder)
    hand.until(lambda: desktop.main.breach_id is not None and not desktop.runner.busy())
    return desktop
