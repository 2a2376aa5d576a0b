"""A list people can work in: columns, filters kept by name, many at once, the clipboard on purpose."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QTableView

from dpo_app import bootstrap, settings
from dpo_app.core.facts.exposure import Certainty
from dpo_app.core.ids import BatchId, BreachId
from dpo_app.gui.desktop import Desktop
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.facts.record_breach import add_breach, revise_breach
from dpo_app.services.mail.export_emails import confirm_sent, export_emails
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.store import vault
from tests.approving import approve_notice
from tests.builders import W1, W2, a_register, a_revision, a_row, an_organisation
from tests.conftest import bring_in
from tests.gui.conftest import Hand, ScriptedDialogs

ROWS = [
    *(a_row(number) for number in range(1, 7)), a_row(7, Turvakielto="x", Sukunimi="Salainen"),
    a_row(8, Sukunimi="=1+1", Kieli="sv", Ensikäynti="1.1.2019"), a_row(9, Ensikäynti="1.1.2020"),
]  # fmt: skip


@pytest.fixture
def table(desktop: Desktop, hand: Hand, opened: vault.OpenStore, tmp_path: Path) -> Any:
    """The list of nine persons."""
    desk = bootstrap.build(opened, "Tester")
    save_organisation(desk, an_organisation())
    desk = bootstrap.build(opened, "Tester")
    breach_id = add_breach(desk, a_revision()).breach_id
    bring_in(desk, breach_id, a_register(tmp_path / "r.csv", ROWS))
    make_plan(desk, breach_id)
    desktop.use(opened, desk, opened.folder)
    hand.until(lambda: desktop.main.breach_id is not None and not desktop.runner.busy())
    hand.click("tab_persons")
    found = desktop.main.page("persons").table
    hand.until(lambda: found.model().rowCount() == 9 and not desktop.runner.busy())
    return found


@pytest.fixture
def quiet(desktop: Desktop, hand: Hand) -> Any:
    return lambda: hand.until(lambda: not desktop.runner.busy())


def act(hand: Hand, name: str, *path: str) -> None:
    """Choose an entry of a button's menu by its words."""
    menu = hand.find(QPushButton, name).menu()
    menu.aboutToShow.emit()
    for text in path[:-1]:
        menu = next(a.menu() for a in menu.actions() if a.text() == text)
    next(a for a in menu.actions() if a.text() == path[-1]).trigger()


def headings(table: QTableView) -> list[str]:
    model = table.model()
    return [str(model.headerData(n, Qt.Orientation.Horizontal)) for n in range(model.columnCount())]


def test_columns_are_chosen_and_kept(desktop: Desktop, hand: Hand, table: Any, quiet: Any) -> None:
    act(hand, "person_columns", "Language")
    act(hand, "person_columns", "Last event")
    act(hand, "person_columns", "Care")
    quiet()
    assert headings(table) == ["Name", "Exposure", "Channel", "Standing", "Care", "Language"]
    hand.until(lambda: "protected address" in {table.model().index(n, 4).data() for n in range(9)})
    assert settings.load().person_columns == ("name", "exposure", "channel", "standing", "care", "language")
    table.horizontalHeader().sectionClicked.emit(5)
    hand.until(lambda: table.model().index(8, 5).data() == "sv")
    table.horizontalHeader().sectionClicked.emit(4)
    quiet()
    assert table.horizontalHeader().sortIndicatorSection() == 5, "care is no order"


def test_filters_are_said_kept_and_removed(
    desktop: Desktop, hand: Hand, dialogs: ScriptedDialogs, table: Any, quiet: Any
) -> None:
    act(hand, "person_filter", "Exposure", "Possible")
    hand.until(lambda: table.model().rowCount() == 1)
    quiet()
    act(hand, "person_filter", "Language", "sv")
    hand.until(lambda: "Possible, language sv: 1 person" in all_texts(desktop))
    quiet()
    hand.type("person_search", "nobody")
    hand.until(lambda: table.model().rowCount() == 0)
    dialogs.will("text", "Swedish, possible")
    act(hand, "person_filter", "Keep this filter…")
    quiet()
    hand.type("person_search", "")
    act(hand, "person_filter", "Clear the filter")
    hand.until(lambda: table.model().rowCount() == 9)
    quiet()
    act(hand, "person_filter", "Swedish, possible")
    hand.until(lambda: table.model().rowCount() == 1)
    quiet()
    with desktop.office.desk.read() as queries:
        ((name, document),) = queries.saved_filters()
    assert name == "Swedish, possible" and document == {"exposures": ["possible"], "language": "sv"}
    desktop.main.page("persons").reload()
    quiet()
    act(hand, "person_filter", "Remove a kept filter", "Swedish, possible")
    quiet()
    with desktop.office.desk.read() as queries:
        assert queries.saved_filters() == []
    act(hand, "person_filter", "Told under an older revision, and owed more")
    hand.until(lambda: table.model().rowCount() == 0)
    quiet()


def all_texts(desktop: Desktop) -> str:
    return "\n".join(each.text() for each in desktop.main.page("persons").findChildren(QLabel) if each.isVisible())


def test_many_at_once(desktop: Desktop, hand: Hand, dialogs: ScriptedDialogs, table: Any, quiet: Any) -> None:
    assert not hand.shown("selection_bar")
    table.selectAll()
    hand.until(lambda: hand.shown("selection_bar"))
    assert hand.text("selection_count") == "All 9 that match"
    dialogs.will("text", "letters for all")
    act(hand, "selected_channel", "Letter")
    quiet()
    hand.until(lambda: "1 of them has a protected address" in banner(desktop))
    hand.type("person_search", "aino")
    hand.until(lambda: table.model().rowCount() == 9 or table.model().rowCount() < 9)
    quiet()
    table.clearSelection()
    table.selectRow(0)
    table.selectionModel().select(
        table.model().index(1, 0),
        table.selectionModel().SelectionFlag.Select | table.selectionModel().SelectionFlag.Rows,
    )
    assert hand.text("selection_count") == "2 persons chosen"
    dialogs.will("text", "checked by telephone")
    act(hand, "selected_exposure", "Not exposed")
    quiet()
    with desktop.office.desk.read() as queries:
        counts = queries.exposure_counts(queries.newest_revision(1).id)
    assert counts["not_exposed"] == 3


def banner(desktop: Desktop) -> str:
    return " ".join(each.text() for each in desktop.main.findChildren(QLabel, "banner_text") if each.isVisible())


def test_copy_is_on_purpose_with_headings_and_without_the_protected(
    desktop: Desktop, hand: Hand, table: Any, quiet: Any
) -> None:
    QGuiApplication.clipboard().clear()
    table.selectAll()
    quiet()
    assert QGuiApplication.clipboard().text() == ""
    hand.click("selected_copy")
    hand.until(lambda: QGuiApplication.clipboard().text() != "")
    quiet()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0].startswith("Reference\tFamily name\tGiven names") and len(lines) == 9
    assert not any("Salainen" in line for line in lines)
    assert any("\t'=1+1\t" in line for line in lines), "no formula reaches a spreadsheet"
    with desktop.office.desk.read() as queries:
        assert queries.trail.lines(limit=1)[0].action == "copied"
    QGuiApplication.clipboard().clear()


def test_a_link_shows_exactly_its_persons(desktop: Desktop, hand: Hand, table: Any, quiet: Any) -> None:
    desktop.main.show_page("persons", {"ids": [2, 5]})
    hand.until(lambda: table.model().rowCount() == 2)
    quiet()
    assert isinstance(hand.find(QPushButton, "person_filter").menu(), QMenu)
    hand.click("filter_all")
    hand.until(lambda: table.model().rowCount() == 9)
    quiet()


def test_those_owed_more_get_a_draft_of_their_own(
    desktop: Desktop, hand: Hand, table: Any, quiet: Any, tmp_path: Path
) -> None:
    desk = desktop.office.desk
    notice_id, _ = draft_notice(desk, BreachId(1))
    approve_notice(desk, notice_id, "Maija Mallikas")
    made = export_emails(desk, BreachId(1), tmp_path / "mail")
    confirm_sent(desk, BatchId(1), made.planned)
    revise_breach(desk, BreachId(1), a_revision(windows=(W1, replace(W2, disclosure=Certainty.CONFIRMED))))
    make_plan(desk, BreachId(1))
    desktop.main.show_page("overview")
    desktop.main.page("overview").reload()
    hand.until(lambda: "1 person who was told is owed more" in said(desktop))
    quiet()
    desktop.main.show_page("persons", {"owed": True})
    hand.until(lambda: hand.shown("draft_follow_up") and table.model().rowCount() == 1)
    quiet()
    hand.click("draft_follow_up")
    hand.until(lambda: desktop.main.stack.currentWidget() is desktop.main.page("notices"))
    quiet()
    with desk.read() as queries:
        assert list(queries.recipient_ids(queries.notices(BreachId(1))[-1][0])) == [8]


def said(desktop: Desktop) -> str:
    return " ".join(each.text() for each in desktop.main.page("overview").findChildren(QLabel))
