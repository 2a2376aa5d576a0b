"""Enter in a dialog is its primary button or nothing at all; and what a field holds can be read."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QDialog, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from dpo_app.core.mail.mail_server import MailServer
from dpo_app.core.mail.pacing import Limits
from dpo_app.core.mail.sending_hours import hours_from_text
from dpo_app.gui import theme
from dpo_app.gui.app import application
from dpo_app.gui.desktop import Desktop
from dpo_app.gui.dialogs import Dialogs
from dpo_app.gui.pages.facts.breach_dialog import BreachDialog
from dpo_app.gui.pages.sending.email_checks import send_facts
from dpo_app.gui.pages.sending.send_sheets import SendSheet
from dpo_app.gui.pages.sending.server_sheet import ServerSheet
from dpo_app.gui.tokens import Scheme
from dpo_app.services.mail.mail_settings import ServerFindings
from tests.gui.conftest import Hand


def _silent_office() -> Any:
    def asked(*_args: Any) -> None:
        raise AssertionError("nothing may begin by Enter here")

    return SimpleNamespace(
        read=lambda _read, _show: None, desk=None, do=asked, dialogs=SimpleNamespace(open_file=asked)
    )


@pytest.fixture
def ground(qtbot: QtBot, qapp: Any) -> QWidget:
    application([])
    theme.apply(Scheme.LIGHT)
    made = QWidget()
    qtbot.addWidget(made)
    return made


def _open(qtbot: QtBot, made: QDialog) -> QDialog:
    made.open()
    qtbot.waitUntil(made.isVisible)
    return made


def test_enter_in_a_title_records_the_breach(open_window: Desktop, hand: Hand, qtbot: QtBot) -> None:
    """The text went and no breach was there: the dialog had taken Enter for Cancel."""
    sheet = BreachDialog(open_window.main, open_window.office)  # type: ignore[arg-type]
    numbers: list[int] = []
    sheet.made.connect(numbers.append)
    _open(qtbot, sheet)
    hand.until(lambda: sheet.controller.text() != "" or not open_window.runner.busy())
    sheet.controller.setText("Esimerkki Oy")
    qtbot.keyClicks(sheet.title, "Register copied")
    qtbot.keyClick(sheet.title, Qt.Key.Key_Return)
    hand.until(lambda: bool(numbers))
    assert sheet.result() == QDialog.DialogCode.Accepted


def test_enter_in_the_server_sheet_leads_to_no_side_button(ground: QWidget, qtbot: QtBot) -> None:
    sheet = _open(qtbot, ServerSheet(ground, _silent_office()))
    host, again = sheet.findChild(QLineEdit, "server_host"), sheet.findChild(QPushButton, "server_cancel")
    qtbot.keyClicks(host, "mail example")
    qtbot.keyClick(host, Qt.Key.Key_Return)
    assert sheet.isVisible() and sheet.error.text(), "Save was pressed and says what is wrong"
    again.setFocus()
    qtbot.keyClick(again, Qt.Key.Key_Return)
    assert sheet.isVisible(), "Enter is never Cancel"
    qtbot.keyClick(again, Qt.Key.Key_Space)
    assert not sheet.isVisible()


def test_the_server_sheet_names_the_field_that_is_wrong_and_the_authority_that_is_set(
    ground: QWidget, qtbot: QtBot
) -> None:
    sheet = ServerSheet(ground, _silent_office())
    _open(qtbot, sheet)
    off = sheet.findChild(QPushButton, "server_authority_off")
    assert not off.isVisible()
    sheet._show(MailServer("mail.example.com", authority="PEM", return_mailbox="office"))
    assert off.isVisible() and sheet.authority_set.text()
    sheet.go.click()
    assert "reports come back" in sheet.error.text() and sheet.mailbox.property("wrong")
    assert not sheet.host.property("wrong")
    sheet.mailbox.setText("")
    off.click()
    assert not off.isVisible() and sheet._ready() == MailServer("mail.example.com", return_mailbox="")
    assert not sheet.mailbox.property("wrong")
    sheet._tried(ServerFindings("mail.example.com:465", problem="login", said="535 no"))
    assert "paused" not in sheet.error.text() and "535 no" in sheet.error.text()
    sheet.close()


def test_enter_sends_only_once_the_number_is_right(ground: QWidget, qtbot: QtBot) -> None:
    sheet = SendSheet(ground, 277, lambda _at: [])
    sent: list[int] = []
    sheet.confirmed.connect(lambda count, _at, _locked: sent.append(count))
    _open(qtbot, sheet)
    qtbot.keyClicks(sheet.typed, "27")
    qtbot.keyClick(sheet.typed, Qt.Key.Key_Return)
    assert sheet.isVisible() and not sent
    qtbot.keyClicks(sheet.typed, "7")
    qtbot.keyClick(sheet.typed, Qt.Key.Key_Return)
    assert sent == [277] and not sheet.isVisible()


def test_to_begin_later_is_reckoned_from_then(ground: QWidget, qtbot: QtBot) -> None:
    """With hours 09-20 a run that begins at 20:41 is not done the same evening."""
    zone = ZoneInfo("Europe/Helsinki")
    now = datetime(2026, 11, 25, 19, 0, tzinfo=zone)
    server = MailServer("mail.example.com", limits=Limits(per_minute=60), hours=hours_from_text("09-20"))
    notice = SimpleNamespace(languages=["fi"], approved_at=None)
    found = {"mail_server": server, "approved": (1, notice), "arming": None, "sender": "office@example.com"}

    def said(later: datetime | None) -> str:
        return " ".join(how for _i, _r, _w, how in send_facts(found, 60, now, zone, later))

    assert "19:01" in said(None) and "open now" in said(None)
    late = said(datetime(2026, 11, 25, 20, 41, tzinfo=zone))
    assert "19:01" not in late and "open now" not in late and "09:01" in late
    asked: list[datetime | None] = []
    sheet = SendSheet(ground, 60, lambda at: asked.append(at) or [])  # type: ignore[func-returns-value]
    sheet.later.click()
    sheet.at.setDateTime(sheet.at.dateTime().addSecs(3600))
    assert asked[0] is None and None not in asked[1:] and len(set(asked)) == 3


def test_a_question_is_answered_by_enter_with_its_own_words(ground: QWidget, qtbot: QtBot) -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        qtbot.keyClick(box, Qt.Key.Key_Return)

    QTimer.singleShot(200, press)
    assert Dialogs().confirm(ground, "Sure?", "It is kept.", "Keep it")


@pytest.mark.parametrize("scheme", list(Scheme))
def test_what_a_number_field_holds_can_be_seen(ground: QWidget, qtbot: QtBot, scheme: Scheme) -> None:
    theme.apply(scheme)
    sheet = _open(qtbot, ServerSheet(ground, _silent_office()))
    sheet.hours.only.setChecked(True)  # type: ignore[attr-defined]
    for name in ("hours_from", "hours_until", "server_port", "server_minute"):
        field = sheet.findChild(QAbstractSpinBox, name)
        line = field.lineEdit()
        assert line.width() >= line.fontMetrics().horizontalAdvance(line.text()) + line.textMargins().left(), name
        assert line.textMargins().left() >= 4, "not on the border"
        full = field.grab().toImage()
        line.hide()
        assert full != field.grab().toImage(), f"{name}: the text is on the screen"
    sheet.close()
    theme.apply(Scheme.LIGHT)
