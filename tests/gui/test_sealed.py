"""A locked window behind which a run of e-mails goes on: only if ticked, nothing shown, the same way in, closed at its end."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton, QTableWidget, QWidget

from dpo_app.core.mail.mail_server import MailServer, Security
from dpo_app.core.mail.pacing import Limits
from dpo_app.gui.desktop import Desktop
from dpo_app.services.lines import PersonLine
from dpo_app.services.mail.mail_settings import save_mail_server
from dpo_app.services.mail.run_lines import TriedLine
from dpo_app.services.ports.desk import Desk
from dpo_app.store import vault
from tests.builders import PASSPHRASE
from tests.dispatch.kit import quick
from tests.dispatch.servers import FaultyServer, serving
from tests.gui.conftest import Hand
from tests.gui.paged import a_desk, go_to
from tests.gui.test_email_part import _arm, _sheet


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with serving() as made:
        yield made


def _lines() -> list[object]:
    """Return the lists' lines of persons that anything in this process still holds."""
    gc.collect()
    return [each for each in gc.get_objects() if isinstance(each, TriedLine | PersonLine)]


@pytest.fixture(autouse=True)
def earlier() -> list[object]:
    """What tests before this one have left; held, so that nothing new is taken for it."""
    return _lines()


@pytest.fixture
def desk(opened: vault.OpenStore, tmp_path: Path, server: FaultyServer) -> Desk:
    made = quick(a_desk(opened, tmp_path, approved=True))
    # One an hour: the second message of the run waits.
    save_mail_server(
        made, MailServer("127.0.0.1", server.port, Security.PLAIN, connections=1, limits=Limits(per_hour=1))
    )
    return made


@pytest.fixture
def page(desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk) -> None:
    # Not returned: nothing of the test may keep it alive.
    go_to(desktop, hand, opened, desk, "sending")


def _begin(desktop: Desktop, hand: Hand, server: FaultyServer, *, ticked: bool) -> None:
    _arm(desktop, hand)
    hand.click("send_emails")
    sheet = _sheet(desktop, hand, "send_sheet")
    tick = sheet.findChild(QCheckBox, "send_while_locked")
    assert not tick.isChecked(), "off unless the officer wants it"
    if ticked:
        tick.click()
    hand.qtbot.keyClicks(sheet.findChild(QLineEdit, "send_typed"), "2")
    sheet.findChild(QPushButton, "send_go").click()
    hand.until(lambda: len(server.kept) == 1)
    hand.click("run_accepted")
    hand.until(lambda: hand.find(QTableWidget, "tried").rowCount() == 1)


def _unlock(hand: Hand, passphrase: str) -> None:
    field = hand.find(QLineEdit, "passphrase")
    field.clear()
    hand.qtbot.keyClicks(field, passphrase)
    hand.qtbot.keyClick(field, Qt.Key.Key_Return)


def _words(window: QWidget) -> str:
    texts = [each.text() for each in window.findChildren(QLabel)]
    for table in window.findChildren(QTableWidget):
        texts += [
            table.item(row, column).text()
            for row in range(table.rowCount()) for column in range(table.columnCount()) if table.item(row, column)
        ]  # fmt: skip
    return " ".join(texts)


def test_a_ticked_run_goes_on_behind_the_lock_and_is_there_again(
    desktop: Desktop,
    page: None,
    hand: Hand,
    server: FaultyServer,
    opened: vault.OpenStore,
    earlier: list[object],
) -> None:
    _begin(desktop, hand, server, ticked=True)
    assert "Sukunen" in _words(desktop.main) and hand.find(QCheckBox, "run_while_locked").isChecked()
    control = desktop.live.control
    began = time.monotonic()
    desktop.lock()
    assert time.monotonic() - began < 2.0
    assert desktop.main is None and hand.shown("passphrase") and "stay in memory" in hand.text("unlock_note")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for window in QApplication.topLevelWidgets():
        assert "Sukunen" not in _words(window), window.objectName()
    known = {id(each) for each in earlier}
    assert not [each for each in _lines() if id(each) not in known], "no list of a page outlives it"
    assert control is not None and not control.paused and opened.root, "the run lives"

    _unlock(hand, "quite another sentence")
    hand.until(lambda: "1 of 5" in hand.text("unlock_error"))
    assert desktop.main is None and not control.paused
    _unlock(hand, PASSPHRASE)
    hand.until(lambda: desktop.main is not None and hand.shown("run_pause"))
    assert desktop.live.control is control and hand.find(QCheckBox, "run_while_locked").isChecked()
    with desktop.office.desk.read() as queries:
        lines = queries.trail.lines(limit=4)
    assert [each.action for each in lines][:2] == ["unlocked", "locked_while_sending"]
    assert lines[0].facts["failed"] == 1
    hand.click("run_pause")
    hand.until(lambda: hand.shown("run_resume") and not desktop.runner.busy())
    assert not desktop.live.running and len(server.kept) == 1


def test_when_the_run_ends_behind_the_lock_the_store_is_closed(
    desktop: Desktop, page: None, hand: Hand, server: FaultyServer, opened: vault.OpenStore
) -> None:
    _begin(desktop, hand, server, ticked=True)
    control = desktop.live.control
    desktop.lock()
    assert control is not None
    control.pause("refusals", "made up")
    hand.until(lambda: not opened.root)
    hand.until(lambda: "has ended" in hand.text("unlock_note"))
    assert desktop.sealed is None
    _unlock(hand, PASSPHRASE)
    hand.until(lambda: desktop.main is not None and hand.shown("run_resume"))
    hand.until(lambda: hand.shown("run_paused"))
    assert desktop.opened is not opened and "refused many" in hand.text("run_paused")


def test_without_the_tick_a_lock_pauses_the_run_and_forgets_the_key(
    desktop: Desktop, page: None, hand: Hand, server: FaultyServer, opened: vault.OpenStore
) -> None:
    _begin(desktop, hand, server, ticked=False)
    began = time.monotonic()
    desktop.lock()
    hand.until(lambda: not opened.root)
    assert time.monotonic() - began < 2.0 and desktop.sealed is None
    assert "paused by the lock" in hand.text("unlock_note"), "the lock says what it did"
    _unlock(hand, PASSPHRASE)
    hand.until(lambda: desktop.main is not None and hand.shown("run_resume"))
    hand.until(lambda: hand.shown("run_paused"))
    assert "Paused when the window was locked" in hand.text("run_paused") and len(server.kept) == 1


def test_the_tick_can_be_taken_back_while_it_runs(
    desktop: Desktop, page: None, hand: Hand, server: FaultyServer, opened: vault.OpenStore
) -> None:
    _begin(desktop, hand, server, ticked=True)
    hand.find(QCheckBox, "run_while_locked").click()
    desktop.lock()
    hand.until(lambda: not opened.root)
    assert desktop.sealed is None


def test_closing_the_program_behind_the_lock_pauses_the_run(
    desktop: Desktop, page: None, hand: Hand, server: FaultyServer, opened: vault.OpenStore
) -> None:
    _begin(desktop, hand, server, ticked=True)
    control = desktop.live.control
    desktop.lock()
    desktop.close()
    assert control is not None and control.paused and not opened.root and len(server.kept) == 1


def test_another_language_shows_the_run_that_is_under_way(
    desktop: Desktop, page: None, hand: Hand, server: FaultyServer
) -> None:
    _begin(desktop, hand, server, ticked=False)
    control = desktop.live.control
    main = desktop.main
    desktop.main.look_wanted.emit("language", "sv")
    hand.until(lambda: desktop.main is not main and hand.shown("run_pause"))
    assert desktop.live.control is control and not hand.shown("run_resume")
    hand.click("run_pause")
    hand.until(lambda: hand.shown("run_resume") and not desktop.runner.busy())
