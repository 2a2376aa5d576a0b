"""Letters in the window: counted, proofed, priced, printed, printed again; layouts of one's own; the public notice."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTextBrowser,
)

from dpo_app.core.ids import BreachId, PersonId
from dpo_app.core.persons.care import CareRule
from dpo_app.core.persons.channel import Channel
from dpo_app.dispatch.hand_over import ClosedArchives
from dpo_app.gui import printing
from dpo_app.gui.desktop import Desktop
from dpo_app.gui.pages.notices.section_card import SectionCard
from dpo_app.gui.widgets.envelope_picture import EnvelopePicture
from dpo_app.services.desk.manage_store import decide
from dpo_app.services.letters.letter_layouts import known_layouts
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.persons.mark_care import mark_care
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import Changes, Topic
from dpo_app.store import vault
from tests.gui.conftest import Hand, ScriptedDialogs
from tests.gui.paged import a_desk, go_to, standing


@pytest.fixture
def desk(opened: vault.OpenStore, tmp_path: Path) -> Desk:
    return a_desk(opened, tmp_path, approved=True)


@pytest.fixture
def page(desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk) -> Any:
    found = go_to(desktop, hand, opened, desk, "sending")
    hand.click("part_letters")
    return found


def dialog(desktop: Desktop, hand: Hand, name: str) -> QDialog:
    hand.until(lambda: any(each.isVisible() for each in desktop.main.findChildren(QDialog, name)))
    return next(each for each in desktop.main.findChildren(QDialog, name) if each.isVisible())


def test_counted_priced_and_proofed(desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs) -> None:
    hand.click("plan_letters")
    hand.until(lambda: "price not known" in hand.text("letter_figures") and not desktop.runner.busy())
    assert "1 letter left out" in hand.text("letter_figures")
    dialogs.will("text", "home 50 2.75, europe 50 3.20")
    hand.click("letter_prices")
    hand.until(lambda: hand.text("letter_figures") == "" and not desktop.runner.busy())
    hand.click("plan_letters")
    hand.until(lambda: "5.50 EUR" in hand.text("letter_figures") and not desktop.runner.busy())
    dialogs.will("text", "moon 50")
    hand.click("letter_prices")
    # Said while the prices still stand in the box.
    hand.until(lambda: any("price list was not kept" in each for each in dialogs.wrong))
    hand.click("plan_letters")
    hand.until(lambda: hand.find(QPushButton, "letter_proofs").isEnabled() and not desktop.runner.busy())
    hand.click("letter_proofs")
    sheet = dialog(desktop, hand, "proof_sheet")
    hand.until(lambda: "of" in sheet.findChild(QLabel, "proof_page").text() and not desktop.runner.busy())
    picture = sheet.findChild(EnvelopePicture, "proof_picture")
    assert "always shows" in picture.accessibleDescription()
    sheet.findChild(QPushButton, "proof_close").click()


def test_printed_by_count_and_one_letter_again(
    desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs, desk: Desk, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    dialogs.will("folder", tmp_path / "letters")
    hand.click("make_letters")
    hand.until(lambda: hand.shown("confirm_printed") and not desktop.runner.busy())
    (released,) = (tmp_path / "letters").rglob("L1-letters.pdf")

    def to_file(_parent: Any, _title: str, then: Any) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "printed.pdf"))
        then(printer)

    monkeypatch.setattr(printing, "ask_printer", to_file)
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF-1.7 other")
    dialogs.will("open_file", other)
    hand.click("print_letters")
    hand.until(lambda: "not the one" in hand.text("letter_error") and not desktop.runner.busy())
    dialogs.will("open_file", released)
    hand.click("print_letters")
    hand.until(lambda: "queue" in hand.text("letter_figures") and not desktop.runner.busy())
    with pypdfium2.PdfDocument(released) as first, pypdfium2.PdfDocument(tmp_path / "printed.pdf") as second:
        assert len(first) == len(second)
        sheets = len(first)
    dialogs.will("text", "1")
    dialogs.will("text", "jam")
    dialogs.will("folder", tmp_path / "again")
    hand.click("reprint_letter")
    hand.until(lambda: (tmp_path / "again" / "L1-00001-reprint.pdf").is_file() and not desktop.runner.busy())
    dialogs.will("text", str(sheets + 1))
    hand.click("confirm_printed")
    hand.until(lambda: "You counted" in hand.text("letter_error") and not desktop.runner.busy())
    dialogs.will("text", str(sheets))
    hand.click("confirm_printed")
    hand.until(lambda: not hand.shown("confirm_printed") and hand.shown("confirm_posted") and not desktop.runner.busy())
    assert standing(desk).on_the_way > 0


def test_a_layout_of_ones_own_is_drawn_checked_and_offered(desktop: Desktop, page: Any, hand: Hand, desk: Desk) -> None:
    hand.click("letter_layouts")
    sheet = dialog(desktop, hand, "layout_dialog")
    faults = sheet.findChild(QLabel, "layout_faults")
    hand.until(lambda: faults.text().startswith("✓") and not desktop.runner.busy())
    top = sheet.findChild(QDoubleSpinBox, "figure_text_top")
    top.setValue(70)
    hand.until(lambda: "text can be seen" in faults.text() and not desktop.runner.busy())
    save = sheet.findChild(QPushButton, "layout_save")
    hand.qtbot.keyClicks(sheet.findChild(QLineEdit, "layout_name"), "Oma kuori")
    assert not save.isEnabled()
    top.setValue(92)
    hand.until(lambda: save.isEnabled() and not desktop.runner.busy())
    save.click()
    hand.until(lambda: sheet.findChild(QComboBox, "layout_choice").currentData() == "own-oma-kuori")
    hand.until(lambda: not desktop.runner.busy())
    sheet.findChild(QPushButton, "layout_close").click()
    choice = hand.find(QComboBox, "layout")
    hand.until(lambda: choice.findData("own-oma-kuori") >= 0 and not desktop.runner.busy())
    with desk.read() as queries:
        assert known_layouts(desk, queries)["own-oma-kuori"].first_top == 92


def test_the_public_notice_is_read_saved_and_recorded(
    desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs, desk: Desk, tmp_path: Path
) -> None:
    with desk.read() as queries:
        row = next(
            iter(queries.message_rows(BreachId(1), queries.newest_revision(BreachId(1)).id, Channel.LETTER, "fi"))
        )
    decide(desk, BreachId(1), [PersonId(row.person_id)], "channel", "public", "no letter wanted")
    hand.click("part_public")
    hand.click("tab_notices")
    hand.click("tab_sending")
    desktop.main.page("sending").changed(Changes.of(1, Topic.DELIVERIES))
    hand.until(lambda: hand.find(QPushButton, "public_published").isEnabled() and not desktop.runner.busy())
    assert hand.text("public_persons").startswith("1 person")
    assert len(hand.find(QTextBrowser, "public_text").toPlainText()) > 400
    dialogs.will("folder", tmp_path / "web")
    hand.click("public_export")
    hand.until(lambda: len(list((tmp_path / "web").rglob("notice-*.pdf"))) > 1 and not desktop.runner.busy())
    (tmp_path / "proof.png").write_bytes(b"\x89PNG a picture of the page")
    dialogs.will("text", date.today().isoformat())
    dialogs.will("text", "www.example.com")
    dialogs.will("open_file", tmp_path / "proof.png")
    before = standing(desk).told
    hand.click("public_published")
    hand.until(lambda: standing(desk).told == before + 1 and not desktop.runner.busy())
    hand.until(lambda: not hand.find(QPushButton, "public_published").isEnabled())


def test_encrypted_for_the_print_house(
    desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs, desk: Desk, tmp_path: Path
) -> None:
    assert not hand.shown("hand_over")
    dialogs.will("folder", tmp_path / "letters")
    hand.click("make_letters")
    hand.until(lambda: hand.shown("hand_over") and not desktop.runner.busy())
    dialogs.will("folder", tmp_path)
    dialogs.will("folder", tmp_path / "out")
    hand.click("hand_over")
    hand.until(lambda: "SHA256SUMS" in hand.text("letter_error") and not desktop.runner.busy())
    (folder,) = (tmp_path / "letters").rglob("L1")
    dialogs.will("folder", folder)
    dialogs.will("folder", tmp_path / "out")
    hand.click("hand_over")
    sheet = dialog(desktop, hand, "hand_over_sheet")
    said = sheet.findChild(QLabel, "hand_over_passphrase")
    passphrase = said.text()
    sheet.findChild(QPushButton, "hand_over_copy").click()
    assert QGuiApplication.clipboard().text() == passphrase
    seen = {
        name for name, _digest in ClosedArchives().digests(tmp_path / "out" / "L1-print-house.zip", passphrase, int)
    }
    assert "L1-letters.pdf" in seen and "manifest.csv" in seen
    sheet.findChild(QPushButton, "hand_over_close").click()
    assert said.text() == ""


def test_insertion_marks_are_put_into_a_layout_and_shown(
    desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs, desk: Desk, tmp_path: Path
) -> None:
    hand.click("letter_layouts")
    sheet = dialog(desktop, hand, "layout_dialog")
    faults = sheet.findChild(QLabel, "layout_faults")
    hand.until(lambda: "The whole address shows" in faults.text() and not desktop.runner.busy())
    proof = sheet.findChild(QPushButton, "layout_marks_proof")
    assert not proof.isVisible()
    sheet.findChild(QPushButton, "layout_marks").click()
    marks = dialog(desktop, hand, "marks_dialog")
    bars = marks.findChild(QPlainTextEdit, "marks_bars")
    bars.setPlainText("end_of_set here")
    marks.findChild(QPushButton, "marks_keep").click()
    assert "number" in marks.findChild(QLabel, "marks_wrong").text()
    bars.setPlainText("always 40\nend_of_set 44.2")
    marks.findChild(QPushButton, "marks_keep").click()
    hand.until(lambda: "can be seen in the window" in faults.text() and not desktop.runner.busy())
    sheet.findChild(QPushButton, "layout_marks").click()
    marks = dialog(desktop, hand, "marks_dialog")
    assert marks.findChild(QPlainTextEdit, "marks_bars").toPlainText() == "always 40\nend_of_set 44.2"
    marks.findChild(QPlainTextEdit, "marks_bars").setPlainText("always 160\nend_of_set 164.2")
    marks.findChild(QCheckBox, "marks_code").setChecked(True)
    marks.findChild(QDoubleSpinBox, "marks_code_x").setValue(193)
    marks.findChild(QDoubleSpinBox, "marks_code_y").setValue(262)
    marks.findChild(QPushButton, "marks_keep").click()
    hand.until(lambda: "The whole address shows" in faults.text() and not desktop.runner.busy())
    dialogs.will("save_file", tmp_path / "proof.pdf")
    proof.click()
    hand.until(lambda: (tmp_path / "proof.pdf").is_file() and not desktop.runner.busy())
    assert len(pypdfium2.PdfDocument(tmp_path / "proof.pdf")) == 6
    sheet.findChild(QLineEdit, "layout_name").setText("With marks")
    hand.until(sheet.findChild(QPushButton, "layout_save").isEnabled)
    sheet.findChild(QPushButton, "layout_save").click()
    hand.until(lambda: not desktop.runner.busy())
    with desk.read() as queries:
        kept = known_layouts(desk, queries)["own-with-marks"].marks
    assert kept is not None and kept.code == (193.0, 262.0, 0.4) and len(kept.bars) == 2
    sheet.findChild(QPushButton, "layout_close").click()


def test_a_further_language_in_the_same_envelope(
    desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs, desk: Desk, tmp_path: Path
) -> None:
    also = hand.find(QPushButton, "letter_also")
    acts = {act.data(): act for act in also.menu().actions()}
    assert {"fi", "sv"} <= set(acts) and "reader" in also.text()
    hand.click("plan_letters")
    hand.until(lambda: "2 sheets" in hand.text("letter_figures") and not desktop.runner.busy())
    acts["sv"].trigger()
    assert "Swedish" in also.text() and hand.text("letter_figures") == "", "what was counted no longer holds"
    dialogs.will("folder", tmp_path / "letters")
    hand.click("make_letters")
    hand.until(lambda: hand.shown("confirm_printed") and not desktop.runner.busy())
    with desk.read() as queries:
        (batch, *others) = queries.batches(BreachId(1))
    pages = sum(each.pages for each in (batch, *others))
    assert batch.facts["also"] == ["sv"] and pages > 2, (
        "the Finnish letter has a Swedish page, the Swedish one is as it was"
    )


def test_easy_language_is_written_and_said_where_it_is_missing(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore, tmp_path: Path
) -> None:
    desk = a_desk(opened, tmp_path, approved=False)
    notice_id, _ = draft_notice(desk, BreachId(1))
    mark_care(desk, BreachId(1), [PersonId(2)], CareRule.EASY_LANGUAGE, "asked by phone")
    found = go_to(desktop, hand, opened, desk, "notices")
    hand.until(lambda: bool(found.findChildren(SectionCard)) and not desktop.runner.busy())
    card = next(each for each in found.findChildren(SectionCard))
    (menu,) = card.findChildren(QMenu)
    act = next(each for each in menu.actions() if "easy language" in each.text())
    assert act.isCheckable() and not act.isChecked()
    act.trigger()
    hand.until(lambda: any(text.audience.easy for text in found.texts))
    found.save()
    hand.until(lambda: not desktop.runner.busy())
    with desk.read() as queries:
        assert any(text.audience.easy for text in queries.notice(notice_id).texts)
