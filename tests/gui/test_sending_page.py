"""Sending, as the officer does it: what will be made and for whom, batches, posting, e-mails, envelopes that come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QTableView, QTableWidget, QWidget

from dpo_app.core.errors import JobCancelled
from dpo_app.core.ids import NoticeId
from dpo_app.core.notices.notice import NoticePhase
from dpo_app.gui.desktop import Desktop
from dpo_app.gui.pages.sending import letters_part
from dpo_app.services.letters.make_letters import make_letters
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from dpo_app.store import vault
from tests.approving import approve_notice
from tests.gui.conftest import Hand, ScriptedDialogs
from tests.gui.paged import a_desk, go_to, standing


@pytest.fixture
def desk(opened: vault.OpenStore, tmp_path: Path) -> Desk:
    return a_desk(opened, tmp_path, approved=True)


@pytest.fixture
def page(desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk) -> Any:
    return go_to(desktop, hand, opened, desk, "sending")


def _sheet(desktop: Desktop, hand: Hand, name: str) -> QDialog:
    hand.until(lambda: any(each.isVisible() for each in desktop.main.findChildren(QDialog, name)))
    return next(each for each in desktop.main.findChildren(QDialog, name) if each.isVisible())


def _checks(page: Any) -> str:
    return " | ".join(each.text() for each in page.findChildren(QLabel) if not each.isHidden())


def test_letters_to_make_leave_out_the_refused_who_are_named(
    desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    assert (hand.text("letter_number"), hand.text("email_number")) == ("3", "2")
    hand.click("part_letters")
    dialogs.will("folder", tmp_path / "letters")
    hand.click("make_letters")
    hand.until(lambda: hand.text("letter_number") == "0")
    hand.until(lambda: not desktop.runner.busy())
    assert not hand.find(QPushButton, "make_letters").isEnabled()
    hand.until(lambda: "1 letter left out" in _checks(page))
    hand.click("left_out_who")
    sheet = _sheet(desktop, hand, "left_out_sheet")
    table = sheet.findChild(QTableWidget, "left_out")
    assert table.rowCount() == 1
    assert table.item(0, 0).text().startswith("Abc") and "cannot be printed" in table.item(0, 2).text()
    sheet.findChild(QPushButton, "left_out_open").click()
    hand.until(lambda: hand.shown("pane_more") and not desktop.runner.busy())
    assert desktop.main.page("persons").isVisible()


def test_who_will_get_a_letter_can_be_seen(desktop: Desktop, page: Any, hand: Hand) -> None:
    hand.click("letter_who")
    hand.until(lambda: hand.shown("person_table") and hand.find(QTableView, "person_table").model().rowCount() == 3)
    hand.until(lambda: not desktop.runner.busy())


def test_batches_keep_their_text_and_the_choice_stays(
    desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs, desk: Desk, tmp_path: Path
) -> None:
    hand.click("part_letters")
    dialogs.will("folder", tmp_path / "letters")
    hand.click("make_letters")
    hand.until(lambda: hand.shown("confirm_posted") and not desktop.runner.busy())
    assert "Text: version 1" in hand.text("letter_batch_detail") and "Tester" in hand.text("letter_batch_detail")
    assert hand.find(QTableWidget, "letter_batches").rowCount() == 1
    hand.click("part_email")
    for again in ("first", "second"):
        dialogs.will("folder", tmp_path / again)
        hand.click("make_emails")
        hand.until(lambda: hand.shown("confirm_sent") and not desktop.runner.busy())
        if again == "first":
            dialogs.will("text", "wrong mailbox")
            hand.click("email_withdraw")
            hand.until(lambda: hand.text("email_number") == "2" and not desktop.runner.busy())
    table = hand.find(QTableWidget, "email_batches")
    assert table.rowCount() == 2 and table.currentRow() == 0 and "L3" in table.item(0, 0).text()
    table.selectRow(1)
    approve_notice(desk, draft_notice(desk, 1, phase=NoticePhase.FOLLOW_UP)[0], "M")  # type: ignore[arg-type]
    page.reload()
    hand.until(lambda: not desktop.runner.busy())
    assert table.currentRow() == 1, "what the officer looks at stays"
    hand.click("email_read_text")
    hand.until(lambda: hand.shown("notice_picker") and not desktop.runner.busy())
    assert desktop.main.page("notices").notice_id == NoticeId(1)


def test_emails_are_confirmed_by_their_number_and_withdrawn_with_a_reason(
    desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs, desk: Desk, tmp_path: Path
) -> None:
    dialogs.will("folder", tmp_path / "mail")
    hand.click("make_emails")
    hand.until(lambda: hand.shown("confirm_sent") and not desktop.runner.busy())
    dialogs.will("text", "two")
    hand.click("confirm_sent")
    assert "no number" in dialogs.wrong[-1]
    dialogs.will("text", "1")
    hand.click("confirm_sent")
    hand.until(lambda: "2" in hand.text("email_error") and not desktop.runner.busy())
    assert standing(desk).told == 0
    dialogs.will("text", "")
    hand.click("email_withdraw")
    assert len(dialogs.wrong) == 2, "a reason is asked for before the box closes"
    dialogs.will("text", "wrong mailbox")
    hand.click("email_withdraw")
    hand.until(lambda: hand.text("email_number") == "2" and not desktop.runner.busy())
    dialogs.will("folder", tmp_path / "again")
    hand.click("make_emails")
    hand.until(lambda: hand.shown("confirm_sent") and not desktop.runner.busy())
    dialogs.will("text", " 2 ")
    hand.click("confirm_sent")
    hand.until(lambda: standing(desk).told == 2 and not desktop.runner.busy())
    assert "told 2" in hand.text("sum_line")


def test_a_question_left_unanswered_changes_nothing(
    desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs, desk: Desk, tmp_path: Path
) -> None:
    hand.click("part_letters")
    dialogs.will("folder", None)
    hand.click("make_letters")
    make_letters(desk, 1, tmp_path / "l")  # type: ignore[arg-type]
    page.reload()
    hand.until(lambda: hand.shown("confirm_posted") and not desktop.runner.busy())
    for name in ("confirm_posted", "letter_withdraw"):
        dialogs.will("text", None)
        hand.click(name)
    assert standing(desk).on_the_way == 2


def test_a_stopped_run_says_what_is_left(
    desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = letters_part.make_letters

    class Stops:
        """Goes on while letters are measured, and stops when they are printed."""

        calls = 0

        def step(self, done: int, total: int | None = None) -> None:
            self.calls += 1
            if self.calls > 1:
                raise JobCancelled

    monkeypatch.setattr(letters_part, "make_letters", lambda *a, progress, **k: real(*a, progress=Stops(), **k))
    hand.click("part_letters")
    dialogs.will("folder", tmp_path / "letters")
    hand.click("make_letters")
    hand.until(lambda: "Stopped" in hand.text("letter_error") and hand.shown("finish_batch"))
    hand.until(lambda: not desktop.runner.busy())
    monkeypatch.undo()
    dialogs.will("folder", tmp_path / "letters")
    hand.click("finish_batch")
    hand.until(lambda: hand.shown("confirm_posted") and not desktop.runner.busy())


def test_everything_can_be_reached_by_keys_and_has_a_name(page: Any) -> None:
    for each in page.findChildren(QPushButton):
        if not each.isHidden():
            assert each.accessibleName() and each.focusPolicy() & Qt.FocusPolicy.TabFocus, each.objectName()
    assert all(each.accessibleName() for each in page.findChildren(QWidget, "layout"))
