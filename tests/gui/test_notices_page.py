"""The editor of a notice, as the officer uses it: write, undo, audiences, versions, reading as a person."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit, QPlainTextEdit, QPushButton

from dpo_app.core.notices.notice import NoticeState, SectionKey
from dpo_app.gui.desktop import Desktop
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.notices.write_notice import draft_notice, organisation_of
from dpo_app.services.ports.desk import Desk
from dpo_app.store import vault
from tests.approving import approve_notice
from tests.gui.conftest import Hand
from tests.gui.paged import a_desk, go_to, kept


@pytest.fixture
def desk(opened: vault.OpenStore, tmp_path: Path) -> Desk:
    return a_desk(opened, tmp_path, approved=False)


@pytest.fixture
def page(desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk) -> Any:
    draft_notice(desk, 1)  # type: ignore[arg-type]
    return go_to(desktop, hand, opened, desk, "notices")


def _action(page: Any, place: int, text: str) -> QAction:
    menu = page.findChild(QPushButton, f"section_menu_{place}").menu()
    return next(each for each in menu.actions() if each.text() == text)


def _place(page: Any, section: SectionKey, language: str = "fi") -> int:
    return next(n for n, t in enumerate(page.texts) if t.section is section and t.language == language)


def _quiet(desktop: Desktop, page: Any, hand: Hand) -> None:
    hand.until(lambda: not page._saving.isActive() and not page._typing.isActive() and not desktop.runner.busy())


def test_a_removed_text_comes_back_by_undo_and_goes_by_redo(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk
) -> None:
    whole = kept(desk).texts
    assert not hand.find(QPushButton, "undo").isEnabled(), "looking at a notice changes nothing"
    place = _place(page, SectionKey.GENUINE)
    _action(page, place, "Remove this text").trigger()
    _quiet(desktop, page, hand)
    assert len(kept(desk).texts) == len(whole) - 1
    assert not hand.find(QPushButton, "approve").isEnabled() and "⚠" in hand.text("check_line")
    hand.qtbot.keyClick(hand.find(QPushButton, "undo"), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    _quiet(desktop, page, hand)
    assert kept(desk).texts == whole
    assert hand.find(QPushButton, "approve").isEnabled()
    hand.click("redo")
    _quiet(desktop, page, hand)
    assert len(kept(desk).texts) == len(whole) - 1
    hand.click("undo")
    _quiet(desktop, page, hand)


def test_the_check_follows_what_the_organisation_says_of_itself(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk
) -> None:
    with desk.read() as queries:
        said = organisation_of(queries)
    desktop.office.do(lambda _p: save_organisation(desk, replace(said, phone="")))
    hand.until(lambda: not hand.find(QPushButton, "approve").isEnabled())
    assert "((phone))" in page.check_list.text()
    desktop.office.do(lambda _p: save_organisation(desk, said))
    hand.until(lambda: hand.find(QPushButton, "approve").isEnabled())


def test_what_is_typed_or_pasted_is_kept_and_undone(desktop: Desktop, page: Any, hand: Hand, desk: Desk) -> None:
    place = _place(page, SectionKey.CONTACT)
    before = page.texts[place].text
    field = page.findChild(QPlainTextEdit, f"text_{place}")
    field.setFocus()
    QGuiApplication.clipboard().setText("Soita <b>meille</b>.")
    field.selectAll()
    field.paste()
    _quiet(desktop, page, hand)
    assert kept(desk).texts[place].text == "Soita <b>meille</b>.", "mark-up is text"
    assert kept(desk).texts[place].wording == "", "own words are no reviewed wording"
    hand.click("undo")
    _quiet(desktop, page, hand)
    assert kept(desk).texts[place].text == before
    assert kept(desk).texts[place].wording.startswith("health-theft@")


def test_a_misspelt_placeholder_stops_the_approval(desktop: Desktop, page: Any, hand: Hand) -> None:
    place = _place(page, SectionKey.CONTACT)
    field = page.findChild(QPlainTextEdit, f"text_{place}")
    field.setPlainText("Soita ((fone)).")
    hand.until(lambda: "⚠" in hand.text("check_line"))
    assert not hand.find(QPushButton, "approve").isEnabled()
    hand.click("all_checks")
    assert "fone" in hand.text("check_list")
    _quiet(desktop, page, hand)


def test_audiences_are_chosen_from_the_menu(desktop: Desktop, page: Any, hand: Hand, desk: Desk) -> None:
    place = _place(page, SectionKey.CONSEQUENCES)
    _action(page, place, "Only in letters").trigger()
    _quiet(desktop, page, hand)
    _action(page, place, "Only for those under 18").trigger()
    _quiet(desktop, page, hand)
    audience = kept(desk).texts[place].audience
    assert audience.below_age == 18 and "letter" in audience.channels
    assert "⚠" in hand.text("check_line"), "those who read e-mails have no consequences now"
    _action(page, place, "For everybody").trigger()
    _quiet(desktop, page, hand)
    assert kept(desk).texts[place].audience.below_age is None and "⚠" not in hand.text("check_line")
    count = len(page.texts)
    _action(page, place, "Add a variant for another audience").trigger()
    _quiet(desktop, page, hand)
    assert len(page.texts) == count + 1


def test_reading_as_a_person_found_by_name(desktop: Desktop, page: Any, hand: Hand) -> None:
    hand.until(lambda: hand.shown("preview_page"))
    hand.type("preview_person", "sukunend")
    hand.until(lambda: page.preview._found.rowCount() == 1)
    hand.qtbot.keyClick(hand.find(QLineEdit, "preview_person"), Qt.Key.Key_Return)
    hand.until(lambda: "Sukunend" in hand.text("preview_reader") and hand.shown("preview_page"))
    paper = hand.find(QLabel, "preview_page")
    assert "Bästa Aino Sukunend" in paper.accessibleDescription(), "everybody reads their own language"
    hand.click("preview_email")
    hand.until(lambda: hand.shown("preview_mail") and not desktop.runner.busy())
    assert "hälsa" not in hand.find(QPlainTextEdit, "preview_mail").toPlainText()
    hand.click("preview_letter")
    hand.click("next_variant")
    hand.until(lambda: hand.shown("preview_page") and not desktop.runner.busy())


def test_older_versions_can_be_read_and_not_changed(desktop: Desktop, page: Any, hand: Hand, desk: Desk) -> None:
    assert not hand.shown("notice_picker")
    approve_notice(desk, 1, "Maija Mallikas")  # type: ignore[arg-type]
    page.reload()
    hand.until(lambda: hand.shown("new_version") and not desktop.runner.busy())
    hand.click("new_version")
    hand.until(lambda: hand.shown("notice_picker") and hand.shown("approve"))
    _quiet(desktop, page, hand)
    picker = hand.find(QComboBox, "notice_picker")
    assert [picker.itemText(n) for n in range(picker.count())] == ["Version 2 · Draft", "Version 1 · Approved"]
    picker.setCurrentIndex(1)
    picker.activated.emit(1)
    hand.until(lambda: page.notice.state is NoticeState.APPROVED and not desktop.runner.busy())
    assert not hand.shown("approve") and not hand.shown("undo")
    assert all(each.isReadOnly() for each in page.section_area.findChildren(QPlainTextEdit))
    assert kept(desk).sha256[:16] in page.sub.text()


def test_an_empty_breach_offers_a_draft(desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk) -> None:
    page = go_to(desktop, hand, opened, desk, "notices")
    hand.click("empty_action")
    hand.until(lambda: hand.shown("approve"))
    _quiet(desktop, page, hand)
    assert page.notice.languages == ("fi", "sv", "en")
    for each in page.findChildren(QPushButton):
        if not each.isHidden():
            assert each.accessibleName(), each.objectName()


def test_opening_the_approval_of_an_unedited_draft_records_no_edit(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk
) -> None:
    _quiet(desktop, page, hand)
    with desk.read() as queries:
        before = queries.trail.count()
    hand.click("approve")
    sheet = page.window().findChild(QDialog, "approve_sheet")
    _quiet(desktop, page, hand)
    sheet.reject()
    with desk.read() as queries:
        assert queries.trail.count() == before


def test_a_sentence_that_nobody_confirmed_is_asked_about_beside_it(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk
) -> None:
    place = _place(page, SectionKey.WHAT_WE_DID)
    field = page.findChild(QPlainTextEdit, f"text_{place}")
    field.setPlainText("((confirm: Salasanat on vaihdettu.)) ((confirm: Kaikki on hyvin.))")
    _quiet(desktop, page, hand)
    hand.until(lambda: not hand.find(QPushButton, "approve").isEnabled())
    page._language("fi")
    hand.click(f"claim_out_{place}_2")
    hand.click(f"claim_stands_{place}_1")
    _quiet(desktop, page, hand)
    assert kept(desk).texts[place].text == "Salasanat on vaihdettu."
    hand.until(lambda: hand.find(QPushButton, "approve").isEnabled())
    hand.click("undo")
    _quiet(desktop, page, hand)
    assert "((confirm: Salasanat" in kept(desk).texts[place].text
