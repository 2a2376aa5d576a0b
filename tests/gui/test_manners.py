"""How the window behaves everywhere: errors that go when they are mended, a focus that stays, pictures that end now."""

from __future__ import annotations

import ast
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDateEdit,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from dpo_app import gui, i18n
from dpo_app.core.errors import InputError
from dpo_app.core.facts.exposure import Certainty, Window
from dpo_app.core.facts.fact_catalogue import FactGroup
from dpo_app.gui.desktop import Desktop
from dpo_app.gui.pages.overview.next_steps import fact_steps
from dpo_app.gui.widgets.breach_list import BreachList
from dpo_app.gui.widgets.command_palette import CommandPalette
from dpo_app.gui.widgets.fact_editors import DayEditor
from dpo_app.gui.widgets.fact_rail import FactRail
from dpo_app.gui.widgets.mending import ErrorLabel
from dpo_app.gui.widgets.parts import label
from dpo_app.gui.widgets.window_timeline import WindowTimeline, describe
from dpo_app.gui.words import example_day, typed_day
from dpo_app.messages import explain
from dpo_app.messages.intake import encoding_name
from dpo_app.services.lines import BreachLine
from tests.builders import a_revision
from tests.gui.conftest import Hand


@pytest.fixture
def sheet(qtbot: Any) -> QWidget:
    """Two fields and an error."""
    made = QDialog()
    qtbot.addWidget(made)
    box = QVBoxLayout(made)
    made.name, made.on, made.kind = QLineEdit(), QDateEdit(), QComboBox()  # type: ignore[attr-defined]
    made.kind.addItems(["a", "b"])  # type: ignore[attr-defined]
    made.error = label("", "error")  # type: ignore[attr-defined]
    for each in (made.name, made.on, made.kind, made.error):  # type: ignore[attr-defined]
        box.addWidget(each)
    return made


@pytest.mark.parametrize("field", ["name", "on", "kind"])
def test_an_error_goes_when_a_field_is_changed(sheet: Any, field: str) -> None:
    assert isinstance(sheet.error, ErrorLabel)
    sheet.error.setText("The name is missing.")
    {"name": lambda: sheet.name.setText("x"), "on": lambda: sheet.on.setDate(date(2020, 1, 1)),
     "kind": lambda: sheet.kind.setCurrentIndex(1)}[field]()  # fmt: skip
    assert sheet.error.text() == ""
    sheet.name.setText("y")
    sheet.error.setText("Another one.")
    sheet.error.setText("And one more.")
    assert sheet.error.text() == "And one more."
    sheet.name.setText("z")
    assert sheet.error.text() == ""


def test_an_error_that_the_change_itself_brings_stays(sheet: Any) -> None:
    sheet.name.textChanged.connect(lambda text: sheet.error.setText("Too short." if len(text) < 3 else ""))
    for typed, said in (("a", "Too short."), ("ab", "Too short."), ("abc", "")):
        sheet.name.setText(typed)
        assert sheet.error.text() == said


def _banner(desktop: Desktop) -> str:
    found = [each for each in desktop.main.findChildren(QLabel, "banner_text") if each.isVisible()]
    return found[-1].text() if found else ""


def _refuse(_progress: Any) -> Any:
    raise InputError("in_future", field="on")


def test_a_banner_goes_when_the_same_work_succeeds(open_window: Desktop, hand: Hand) -> None:
    office = open_window.office
    open_window.main.show()
    before = _banner(open_window)
    office.do(_refuse, None, "Recording")
    hand.until(lambda: "“Day” lies in the future" in _banner(open_window))
    office.do(lambda _p: None, None, "Something else")
    hand.until(lambda: not open_window.runner.busy())
    assert "lies in the future" in _banner(open_window), "other work says nothing about it"
    office.do(lambda _p: None, None, "Recording")
    hand.until(lambda: _banner(open_window) == before)


def test_a_banner_goes_when_its_field_is_changed_by_hand(open_window: Desktop, hand: Hand) -> None:
    main = open_window.main
    main.show()
    hand.click("tab_enquiries")
    hand.until(lambda: not open_window.runner.busy())
    before = _banner(open_window)
    page = main.stack.currentWidget()
    field = next(each for each in page.findChildren(QLineEdit) if each.isVisible() and each.isEnabled())
    open_window.office.do(_refuse, None, "Recording")
    hand.until(lambda: "in the future" in _banner(open_window))
    field.setFocus()
    hand.qtbot.keyClicks(field, "x")
    hand.until(lambda: _banner(open_window) == before)


def test_the_focus_stays_on_the_page_when_its_button_goes_grey(open_window: Desktop, hand: Hand) -> None:
    main = open_window.main
    main.show()
    main.activateWindow()
    hand.click("tab_facts")
    hand.until(lambda: not open_window.runner.busy())
    page = main.stack.currentWidget()
    buttons = [
        each
        for each in page.findChildren(QPushButton)
        if each.isVisible() and each.isEnabled() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    last = buttons[-1]
    last.setFocus()
    assert last.hasFocus()
    for each in page.findChildren(QWidget):
        each.setFocusPolicy(each.focusPolicy() if each in buttons else Qt.FocusPolicy.NoFocus)
    for each in buttons:
        each.setEnabled(False)

    def stays() -> bool:
        focused = main.focusWidget()
        return focused is not None and (focused is page or page.isAncestorOf(focused))

    hand.until(stays)
    last.setEnabled(True)
    open_window.office.read(lambda _queries: None, lambda _nothing: None)
    hand.until(last.hasFocus)


def test_a_window_that_goes_on_is_drawn_until_now(qtbot: Any) -> None:
    today = date.today()
    window = Window("on", today - timedelta(days=400), None, Certainty.CONFIRMED, Certainty.LIKELY)
    timeline = WindowTimeline()
    qtbot.addWidget(timeline)
    timeline.resize(1000, 200)
    timeline.set_windows([window])
    begin, end = timeline._range()

    def x_of(when: date) -> float:
        return (when - begin).days / (end - begin).days * 999

    assert end > today + timedelta(days=300), "the words need room beside it"
    assert timeline._box(window, x_of, 0).right() == pytest.approx(x_of(today + timedelta(days=1)), abs=1.5)
    assert "going on" in describe(window) and "to until" not in describe(window)
    assert not timeline.grab().isNull()


def test_the_search_says_in_words_that_nothing_matches(open_window: Desktop, hand: Hand) -> None:
    main = open_window.main
    main.show()
    main.commands()
    palette = main.findChild(CommandPalette)
    field, none = palette.findChild(QLineEdit, "command_field"), palette.findChild(QLabel, "command_none")
    assert not none.isVisible() and palette.list.count()
    hand.qtbot.keyClicks(field, "qqqqq")
    hand.until(lambda: none.isVisible() and none.text().startswith("Nothing matches"))
    assert not palette.list.isVisible()
    field.clear()
    assert palette.list.isVisible() and not none.isVisible()
    palette.reject()
    hand.until(lambda: not open_window.runner.busy())


def test_a_toast_covers_no_control(open_window: Desktop, hand: Hand) -> None:
    main = open_window.main
    main.resize(1200, 760)
    main.show()
    for tab in ("overview", "facts", "persons", "sending"):
        hand.click(f"tab_{tab}")
        hand.until(lambda: not open_window.runner.busy())
        main.toast.say("Text removed. Ctrl+Z brings it back.")
        place = QRect(main.toast.pos(), main.toast.size())
        covered = [
            each.objectName()
            for each in main.findChildren(QAbstractButton)
            if each.isVisible() and place.intersects(QRect(each.mapTo(main, QPoint(0, 0)), each.size()))
        ]
        assert not covered, (tab, covered)
        assert main.rect().contains(place)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_headings_of_groups_and_entries_of_the_list_are_not_cut(qtbot: Any, qapp: Any, language: str) -> None:
    i18n.use(language)
    try:
        rail = FactRail()
        qtbot.addWidget(rail)
        rail.set_states(dict.fromkeys(FactGroup, 12), ())
        rail.show()
        for each in rail.findChildren(QPushButton):
            assert each.width() >= each.sizeHint().width(), each.text()
        listed = BreachList()
        qtbot.addWidget(listed)
        listed.setFixedWidth(236)
        line = BreachLine(1, "A title of a breach that is longer than one line", "2026-09/3", "Esimerkkiklinikka Oy, Helsinki",
                          1, 1, datetime(2026, 9, 28, tzinfo=UTC), datetime(2026, 9, 28, tzinfo=UTC), None)  # fmt: skip
        listed.set_items(
            [(line, "Tietosuojavaltuutettu: 71 h 59 min jäljellä, sitten myöhässä", "danger", "clock-hour-4", {})], 1
        )
        listed.show()
        entry = listed.findChild(QPushButton, "breach_1")
        for each in entry.findChildren(QLabel):
            assert each.geometry().right() <= entry.width(), each.text()
        assert entry.width() <= 236
    finally:
        i18n.use("en")


def test_hints_show_a_day_that_is_not_over(monkeypatch: pytest.MonkeyPatch) -> None:
    assert typed_day(example_day()) == date.today()
    assert typed_day(example_day(7)) == date.today() + timedelta(days=7)


def test_no_screen_has_a_date_of_its_own() -> None:
    found = []
    for path in Path(gui.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        found += [
            f"{path.name}: {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
            if re.search(r"\b\d{1,2}\.\d{1,2}\.20\d\d\b|\b20\d\d-\d\d-\d\d\b", node.value)
        ]
    assert found == []


def test_an_encoding_is_called_as_officers_know_it() -> None:
    assert [encoding_name(each) for each in ("utf-8-sig", "utf-8", "cp1252", "latin-9")] == [
        "UTF-8", "UTF-8", "Windows-1252", "latin-9",
    ]  # fmt: skip
    assert "utf-8-sig" not in str(explain(InputError("encoding_wrong", encoding="utf-8-sig", row=3)))


def test_a_window_to_add_opens_the_draft_at_its_group(open_window: Desktop, hand: Hand) -> None:
    main = open_window.main
    main.show()
    step = fact_steps({"saved": SimpleNamespace(facts=a_revision(windows=()))})[0]
    open_window.office.page_wanted.emit(step.page, step.target)
    hand.until(lambda: hand.shown("add_window") and not open_window.runner.busy())
    form = main.page("facts").form
    form.findChild(QPushButton, "add_window").click()
    ends = [each for each in form.findChildren(DayEditor) if each.tick.text() == "goes on"][-1]
    assert ends.tick.isChecked() and not ends.field.isEnabled(), "no day beside 'goes on'"
    ends.tick.setChecked(False)
    assert ends.field.isEnabled()
    hand.click("form_cancel")
    hand.until(lambda: not open_window.runner.busy())
