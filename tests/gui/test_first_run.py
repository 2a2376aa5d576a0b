"""From the first window to an open store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDateTime
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDateTimeEdit, QLineEdit, QPushButton

from dpo_app.gui.create_flow import folder_of
from dpo_app.gui.desktop import Desktop
from dpo_app.gui.pages.start.create_wizard import strength_in_words
from dpo_app.gui.pages.start.first_run_page import StartedClock
from dpo_app.gui.pages.start.recovery_step import RecoveryStep, asked_lines
from tests.builders import PASSPHRASE
from tests.gui.conftest import Hand, ScriptedDialogs


def _organisation(hand: Hand) -> None:
    hand.type("create_name", "Esimerkki Oy")
    hand.type("create_officer", "Maija Mallikas")
    hand.click("create_next")


def _passphrase(hand: Hand) -> None:
    hand.type("create_passphrase", PASSPHRASE)
    hand.type("create_again", PASSPHRASE)
    hand.click("create_next")
    hand.until(lambda: hand.shown("sheet_picture"))


def _typed_back(hand: Hand, desktop: Desktop) -> None:
    """Type the asked lines, read as an officer reads them: off the shown sheet."""
    hand.click("show_sheet")
    spoken = hand.find(RecoveryStep, "").picture.accessibleDescription()
    lines = {int(part.split(": ")[0]): part.split(": ")[1] for part in spoken.split("; ")}
    fields = [each for each in hand.window.findChildren(QLineEdit) if each.objectName().startswith("sheet_line_")]
    hand.until(lambda: all(each.isVisible() for each in fields))
    for field in fields:
        hand.type(field.objectName(), lines[int(field.objectName().rsplit("_", 1)[1])])


def test_the_wizard_makes_a_store_ready_for_persons(desktop: Desktop, hand: Hand) -> None:
    desktop.start(None)
    hand.click("create")
    _organisation(hand)
    _passphrase(hand)
    assert not hand.find(QPushButton, "create_next").isEnabled()
    _typed_back(hand, desktop)
    hand.type("sheet_place", "The safe")
    hand.click("create_next")
    hand.until(lambda: desktop.main is not None)
    desk = desktop.office.desk
    assert desk.ready_for_persons()
    with desk.read() as queries:
        assert queries.setting("organisation")["name"] == "Esimerkki Oy"
        assert queries.setting("recovery_sheet")["place"] == "The safe"
    assert folder_of("Esimerkki Oy").is_dir()


def test_the_clock_started_first_becomes_the_breach(desktop: Desktop, hand: Hand) -> None:
    desktop.start(None)
    hand.click("start_clock")
    assert "Say in a few words" in hand.text("clock_due")
    hand.type("clock_title", "Register copied")
    aware = datetime.now(UTC) - timedelta(hours=5)
    hand.find(QDateTimeEdit, "clock_aware").setDateTime(QDateTime.fromSecsSinceEpoch(int(aware.timestamp())))
    hand.click("start_clock")
    assert "Held in memory" in hand.text("clock_text")
    _organisation(hand)
    _passphrase(hand)
    assert "kept in the store" in hand.text("clock_text")
    hand.click("create_later")
    hand.until(lambda: desktop.main is not None)
    with desktop.office.desk.read() as queries:
        (line,) = queries.breaches()
    assert line.title == "Register copied" and abs(line.aware_at - aware) < timedelta(minutes=1)


def test_later_leaves_a_way_to_make_the_sheet_anew(desktop: Desktop, hand: Hand) -> None:
    desktop.start(None)
    hand.click("create")
    _organisation(hand)
    _passphrase(hand)
    hand.click("create_later")
    hand.until(lambda: desktop.main is not None)
    assert not desktop.office.desk.ready_for_persons()
    assert "recovery sheet" in hand.text("banner_text")
    desktop.main.sheet_wanted.emit()
    hand.until(lambda: hand.find(RecoveryStep, "").isEnabled())
    _typed_back(hand, desktop)
    hand.click("sheet_works")
    hand.until(lambda: desktop.office.desk.ready_for_persons())


def test_the_sheet_is_saved_once_and_never_over_a_file(
    desktop: Desktop, hand: Hand, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    desktop.start(None)
    hand.click("create")
    _organisation(hand)
    _passphrase(hand)
    path = tmp_path / "sheet.pdf"
    dialogs.will("save_file", path)
    hand.click("save_sheet")
    hand.until(path.exists)
    assert path.read_bytes().startswith(b"%PDF") and path.stat().st_mode & 0o077 == 0
    hand.until(lambda: "is written" in hand.text("sheet_note"))
    dialogs.will("save_file", path)
    hand.click("save_sheet")
    hand.until(lambda: hand.shown("create_error"))


def test_the_sheet_goes_to_a_printer(desktop: Desktop, hand: Hand, tmp_path: Path) -> None:
    desktop.start(None)
    hand.click("create")
    _organisation(hand)
    _passphrase(hand)
    hand.click("print_sheet")
    dialog = next(each for each in hand.window.findChildren(QPrintDialog) if each.isVisible())
    dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    dialog.printer().setOutputFileName(str(tmp_path / "printed.pdf"))
    dialog.accepted.emit(dialog.printer())
    dialog.reject()
    hand.until(lambda: "printer" in hand.text("sheet_note"))
    assert (tmp_path / "printed.pdf").read_bytes().startswith(b"%PDF")


def test_what_is_missing_is_said_and_gets_the_focus(desktop: Desktop, hand: Hand) -> None:
    desktop.start(None)
    hand.click("create")
    hand.click("create_next")
    assert "no name" in hand.text("create_error")
    _organisation(hand)
    hand.type("create_passphrase", "short")
    hand.click("create_next")
    assert "Too short" in hand.text("create_error")
    hand.type("create_passphrase", PASSPHRASE)
    hand.type("create_again", PASSPHRASE + "x")
    hand.click("create_next")
    assert "differ" in hand.text("create_error")
    assert not folder_of("Esimerkki Oy").exists()


def test_six_suggested_words_fill_both_fields(desktop: Desktop, hand: Hand) -> None:
    desktop.start(None)
    hand.click("create")
    _organisation(hand)
    hand.click("suggest_words")
    hand.until(lambda: bool(hand.text("create_passphrase")))
    words = hand.text("create_passphrase")
    assert len(words.split()) == 6 and words == hand.text("create_again")


def test_a_store_of_that_name_is_never_made_over(desktop: Desktop, hand: Hand) -> None:
    folder_of("Esimerkki Oy").mkdir(parents=True)
    desktop.start(None)
    hand.click("create")
    _organisation(hand)
    hand.type("create_passphrase", PASSPHRASE)
    hand.type("create_again", PASSPHRASE)
    hand.click("create_next")
    hand.until(lambda: hand.shown("create_error"))
    assert not any(folder_of("Esimerkki Oy").iterdir())


@pytest.mark.parametrize(("text", "tone"), [
    ("", "danger"), ("short", "danger"), ("aaaaaaaaaaaaaaaa", "danger"), ("abababababab", "danger"),
    ("correct horse battery staple", "ok"), ("munchkin prowler upstream crudeness squash unplanted", "ok"),
])  # fmt: skip
def test_strength_is_judged_on_the_low_side(text: str, tone: str) -> None:
    assert strength_in_words(text)[0] == tone


def test_asked_lines_are_two_apart_and_in_the_sheet() -> None:
    for start in range(0, 0x10000, 7):
        first, second = asked_lines(f"{start:04x}" + "0" * 28)
        assert 1 <= first < second - 1 <= 4


def test_a_late_clock_says_that_it_is_late() -> None:
    now = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
    assert "ended" in StartedClock(now - timedelta(hours=80), "x").sentence(now)
    assert "left" in StartedClock(now - timedelta(hours=8), "x").sentence(now)
