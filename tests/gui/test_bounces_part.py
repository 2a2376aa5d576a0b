"""Bounces, as the officer does it: read files, see reasons, agree once to the letter, decide by keys, take back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QPushButton, QTableWidget

from dpo_app.core.ids import BatchId, BreachId
from dpo_app.core.mail.return_path import address_with, signed_code
from dpo_app.gui.desktop import Desktop
from dpo_app.gui.pages.overview.next_steps import next_steps, read_found
from dpo_app.services.mail.export_emails import confirm_sent, export_emails
from dpo_app.services.ports.desk import Desk
from dpo_app.store import vault
from tests.dispatch.bounce_kit import a_bounce
from tests.dispatch.imap_server import PASSWORD, USER, imap_server
from tests.gui.conftest import Hand, ScriptedDialogs
from tests.gui.paged import a_desk, go_to


@pytest.fixture
def desk(opened: vault.OpenStore, tmp_path: Path) -> Desk:
    made = a_desk(opened, tmp_path, approved=True)
    assert export_emails(made, 1, tmp_path / "mail").planned == 2  # type: ignore[arg-type]
    confirm_sent(made, BatchId(1), 2)
    return made


@pytest.fixture
def back(desk: Desk) -> list[str]:
    """The return addresses of the two e-mails."""
    with desk.read() as queries:
        rows = list(queries.batch_rows(BatchId(1)))
    return [address_with("office@example.com", signed_code(row.token, desk.token_key)) for row in rows]


@pytest.fixture
def page(desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk, back: list[str]) -> Any:
    made = go_to(desktop, hand, opened, desk, "sending")
    hand.click("part_bounces")
    return made


def told(desk: Desk) -> int:
    with desk.read() as queries:
        return queries.standings(1, queries.newest_revision(1).id).told  # type: ignore[arg-type]


def quiet(desktop: Desktop, hand: Hand) -> None:
    hand.until(lambda: not desktop.runner.busy())


def test_from_the_folder_to_the_letter(
    desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs, desk: Desk, back: list[str], tmp_path: Path
) -> None:
    assert hand.text("bounces_summary") == "Nothing came back yet."
    box = tmp_path / "box"
    box.mkdir()
    for place, to in enumerate(back):
        (box / f"{place}.eml").write_bytes(a_bounce(to, number=place))
    dialogs.will("folder", box)
    hand.click("read_bounce_folder")
    table = hand.find(QTableWidget, "bounce_reasons")
    hand.until(lambda: table.rowCount() == 1 and not desktop.runner.busy())
    assert [table.item(0, column).text() for column in range(2)] == ["no such address", "2"]
    assert told(desk) == 0
    with desk.read() as queries:
        steps = [each.what for each in next_steps(read_found(desk, queries, BreachId(1)))]
    assert "Move 2 persons on to the letter" in steps and not any(each.startswith("Send ") for each in steps)
    move = hand.find(QPushButton, "move_to_letter")
    assert "Move 2 to letter" in move.text() and move.isEnabled()
    table.item(0, 0).setCheckState(Qt.CheckState.Unchecked)
    assert not move.isEnabled(), "what is not ticked is not moved"
    table.item(0, 0).setCheckState(Qt.CheckState.Checked)
    dialogs.will("confirm", True)
    hand.click("move_to_letter")
    hand.until(lambda: table.rowCount() == 0 and not desktop.runner.busy())
    hand.click("part_letters")
    assert int(hand.text("letter_number")) >= 4


def test_a_bounce_is_taken_back_from_the_list(
    desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs, desk: Desk, back: list[str], tmp_path: Path
) -> None:
    (tmp_path / "one.eml").write_bytes(a_bounce(back[0]))
    dialogs.will("open_file", tmp_path / "one.eml")
    hand.click("read_bounce_file")
    hand.until(lambda: hand.shown("bounced_who") and not desktop.runner.busy())
    hand.click("bounced_who")
    sheet = next(each for each in desktop.main.findChildren(QDialog, "bounced_sheet") if each.isVisible())
    table = sheet.findChild(QTableWidget, "bounced")
    hand.until(lambda: table.rowCount() == 1 and not desktop.runner.busy())
    assert "no such address" in table.item(0, 1).text() and "signed return address" in table.item(0, 2).text()
    dialogs.will("text", "the person answered")
    sheet.findChild(QPushButton, "bounced_back").click()
    hand.until(lambda: table.rowCount() == 0 and not desktop.runner.busy())
    assert told(desk) == 2
    sheet.accept()


def test_what_nobody_could_tie_is_read_and_decided_by_keys(
    desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs, desk: Desk, back: list[str], tmp_path: Path
) -> None:
    with desk.read() as queries:
        token = next(iter(queries.batch_rows(BatchId(1)))).token
    mbox = b"".join(
        b"From x Thu Oct  1 09:12:33 2026\n" + a_bounce("office@example.com", number=n) + b"\n" for n in range(4)
    )
    (tmp_path / "in.mbox").write_bytes(mbox)
    dialogs.will("open_file", tmp_path / "in.mbox")
    hand.click("read_bounce_file")
    inbox = hand.find(QTableWidget, "undecided_mail")
    hand.until(lambda: inbox.rowCount() == 4 and not desktop.runner.busy())
    assert "User unknown" in hand.find(QPlainTextEdit, "undecided_text").toPlainText()
    assert "no code of ours" in hand.text("undecided_why")
    QTest.keyClick(inbox, Qt.Key.Key_N)
    hand.until(lambda: inbox.rowCount() == 3 and not desktop.runner.busy())
    QTest.keyClick(inbox, Qt.Key.Key_A)
    hand.until(lambda: inbox.rowCount() == 2 and not desktop.runner.busy())
    for typed, rows in (("2222-2222-2222", 2), (token.lower(), 1)):
        dialogs.will("text", typed)
        QTest.keyClick(inbox, Qt.Key.Key_D)
        quiet(desktop, hand)
        hand.until(lambda wanted=rows: inbox.rowCount() == wanted and not desktop.runner.busy())  # type: ignore[misc]
        if rows == 2:
            assert "No e-mail of ours has this code" in hand.text("bounces_error")
    assert told(desk) == 1
    dialogs.will("confirm", True)
    hand.click("set_aside")
    hand.until(lambda: inbox.rowCount() == 0 and not desktop.runner.busy())
    assert "Nothing waits" in hand.text("undecided_why")


def test_the_mailbox_is_tried_kept_and_read(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk, back: list[str]
) -> None:
    assert not hand.find(QPushButton, "read_mailbox").isEnabled()
    with imap_server([a_bounce(back[1])]) as server:
        hand.click("mailbox_settings")
        sheet = next(each for each in desktop.main.findChildren(QDialog, "mailbox_dialog") if each.isVisible())

        def fill(**values: str) -> None:
            for name, value in values.items():
                sheet.findChild(QLineEdit, f"box_{name}").setText(value)

        sheet.protection.setCurrentIndex(2)
        fill(host="127.0.0.1", port=str(server.port), user=USER, secret="wrong")
        for secret, said in (("wrong", "refused the sign-in"), (PASSWORD, "It works: 1 message")):
            fill(secret=secret)
            sheet.findChild(QPushButton, "box_test").click()
            hand.until(lambda wanted=said: wanted in sheet.answer.text() and not desktop.runner.busy())  # type: ignore[misc]
        sheet.findChild(QPushButton, "box_save").click()
        hand.until(lambda: hand.find(QPushButton, "read_mailbox").isEnabled() and not desktop.runner.busy())
        hand.click("read_mailbox")
        hand.until(lambda: told(desk) == 1 and not desktop.runner.busy())
        hand.click("mailbox_settings")
        again = next(each for each in desktop.main.findChildren(QDialog, "mailbox_dialog") if each.isVisible())
        assert again.findChild(QLineEdit, "box_secret").text() == "", "the password is never shown"
        again.findChild(QPushButton, "box_forget").click()
        hand.until(lambda: not hand.find(QPushButton, "read_mailbox").isEnabled() and not desktop.runner.busy())
