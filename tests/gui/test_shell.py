"""The window of an open store: navigation, look, lock; the list of a million persons."""

from __future__ import annotations

import time
from array import array
from collections.abc import Sequence

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QInputDialog, QLineEdit, QTableView, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from dpo_app.gui.desktop import Desktop
from dpo_app.gui.faults import Bugs, report_of
from dpo_app.gui.models.person_model import IdRole, PersonModel
from dpo_app.gui.page_actions import page_menus
from dpo_app.services.lines import PersonLine
from tests.builders import PASSPHRASE
from tests.gui.conftest import Hand


def _action(window: QWidget, text: str) -> QAction:
    actions = (each for each in window.findChildren(QAction) if each.menu() is None)
    return next(each for each in actions if each.text().replace("&", "") == text)


def test_every_tab_opens_its_page_by_button_and_by_menu(open_window: Desktop, hand: Hand) -> None:
    for key in ("facts", "persons", "notices", "sending", "audit", "overview"):
        hand.click(f"tab_{key}")
        assert open_window.main.stack.currentWidget().key == key
        hand.until(lambda: not open_window.runner.busy())
    _action(open_window.main, "Persons").trigger()
    assert open_window.main.stack.currentWidget().key == "persons"
    hand.until(lambda: not open_window.runner.busy())


def test_a_menu_entry_goes_to_its_page_and_presses_the_control(open_window: Desktop, hand: Hand) -> None:
    _action(open_window.main, "New revision of the facts…").trigger()
    assert open_window.main.stack.currentWidget().key == "facts"
    hand.until(lambda: hand.shown("form_cancel"))
    hand.click("form_cancel")


def test_a_menu_entry_that_is_not_possible_now_says_so(open_window: Desktop, hand: Hand) -> None:
    said: list[str] = []
    open_window.office.toast.connect(said.append)
    _action(open_window.main, "Confirm posting…").trigger()
    assert open_window.main.stack.currentWidget().key == "sending"
    hand.until(lambda: bool(said))
    assert said == ["That is not possible here now."]


def test_each_entry_of_the_menus_has_a_control_on_its_page(open_window: Desktop, hand: Hand) -> None:
    for _title, entries in page_menus():
        for entry in entries:
            assert open_window.main.page(entry.page).findChild(QAbstractButton, entry.control), entry
    hand.until(lambda: not open_window.runner.busy())


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_each_menu_has_a_letter_of_its_own(open_window: Desktop, hand: Hand, language: str) -> None:
    first = open_window.main
    if language != "en":
        _action(first, {"fi": "Suomi", "sv": "Svenska"}[language]).trigger()
        hand.until(lambda: open_window.main is not first)
    titles = [each.text() for each in open_window.main.menuBar().actions()]
    letters = [title[title.index("&") + 1].casefold() for title in titles if "&" in title]
    assert len(set(letters)) == len(titles) == 9, titles
    hand.until(lambda: not open_window.runner.busy())


def test_every_control_has_a_name(open_window: Desktop, hand: Hand) -> None:
    for key in ("overview", "facts", "persons", "notices", "sending", "audit"):
        open_window.main.show_page(key)
        hand.until(lambda: not open_window.runner.busy())
    unnamed = [
        (type(each).__name__, each.objectName())
        for kind in (QAbstractButton, QLineEdit)
        for each in open_window.main.findChildren(kind)
        if each.isVisible() and each.focusPolicy() and not (each.accessibleName() or getattr(each, "text", str)())
    ]
    assert unnamed == []


def test_the_window_is_built_anew_in_another_language_and_look(open_window: Desktop, hand: Hand) -> None:
    hand.click("tab_facts")
    first = open_window.main
    _action(first, "Dark").trigger()
    hand.until(lambda: open_window.main is not first)
    hand.until(lambda: getattr(open_window.main.stack.currentWidget(), "key", "") == "facts")
    assert open_window.settings.appearance == "dark"
    second = open_window.main
    _action(second, "Larger").trigger()
    hand.until(lambda: open_window.main is not second)
    assert open_window.settings.text_percent == 110
    hand.until(lambda: not open_window.runner.busy())


def test_a_waiting_box_is_closed_before_the_lock(open_window: Desktop, hand: Hand) -> None:
    box = QInputDialog(open_window.main)
    box.open()
    open_window.lock()
    hand.until(lambda: open_window.main is None)
    assert hand.shown("passphrase")


def test_lock_during_a_job_leaves_no_job_and_the_store_can_be_opened_again(open_window: Desktop, hand: Hand) -> None:
    open_window.runner.run(lambda progress: [progress.step(0) for _ in iter(int, 1)])
    open_window.lock()
    hand.type("passphrase", PASSPHRASE)
    hand.click("unlock")
    hand.until(lambda: open_window.main is not None)
    with open_window.office.desk.read() as queries:
        assert queries.trail.count() >= 4


def test_a_bug_is_reported_once_and_without_data(qtbot: QtBot) -> None:
    shown: list[BaseException] = []
    bugs = Bugs(shown.append)
    for _again in range(2):
        try:
            raise ValueError("Virtanen, Maija")
        except ValueError as error:
            bugs._hook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: bool(shown))
    assert len(shown) == 1
    assert "Virtanen" not in report_of(shown[0], "1.0") and "ValueError" in report_of(shown[0], "1.0")


def _line(number: int) -> PersonLine:
    return PersonLine(number, "ABCD2345", f"Name{number}", "Aino", "1980", "fi", "possible", "email", "", "open", "", None,
                      False, False, None)  # fmt: skip


class _Pages:
    """Brings pages at once, and counts them."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.model = PersonModel(self.fetch)

    def fetch(self, ids: Sequence[int], place: int) -> None:
        self.asked.append(place)
        self.model.put_page(place, [_line(each) for each in ids], ids)


def test_the_model_keeps_the_toolkits_rules(qtmodeltester: ModelTester) -> None:
    pages = _Pages()
    pages.model.set_ids(array("q", range(1, 1000)))
    qtmodeltester.check(pages.model)


def test_a_million_rows_paint_and_scroll_without_fetching_them_all(qtbot: QtBot) -> None:
    pages = _Pages()
    table = QTableView()
    qtbot.addWidget(table)
    table.verticalHeader().setDefaultSectionSize(36)
    started = time.perf_counter()
    pages.model.set_ids(array("q", range(1, 1_000_001)))
    table.setModel(pages.model)
    table.resize(900, 600)
    table.show()
    qtbot.waitUntil(lambda: bool(pages.asked))
    table.grab()
    assert time.perf_counter() - started < 0.5
    for row in range(0, 1_000_000, 37_013):
        table.scrollTo(pages.model.index(row, 0))
        table.grab()
        qtbot.waitUntil(lambda r=row: pages.model.line(r) is not None)
    assert len(set(pages.asked)) < 120
    assert pages.model.index(999_999, 0).data(IdRole) == 1_000_000
