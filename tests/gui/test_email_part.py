"""E-mails in the window: server, arming, the typed number, the run as it goes, and a key for each undecided one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTime
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLabel, QLineEdit, QPushButton, QTableWidget, QTimeEdit

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.ids import BreachId
from dpo_app.core.mail.mail_account import MailAccount, Protection
from dpo_app.core.mail.mail_server import MailServer, Security, SignIn
from dpo_app.core.mail.pacing import Limits
from dpo_app.core.mail.sending_hours import SendingHours, hours_as_text
from dpo_app.core.proof.audit import AuditAction
from dpo_app.gui.desktop import Desktop
from dpo_app.gui.pages.sending.run_card import connecting
from dpo_app.services.mail.mail_settings import mail_server, save_mail_server
from dpo_app.services.mail.read_mailbox import save_mail_account
from dpo_app.services.ports.desk import Desk
from dpo_app.store import vault
from tests.dispatch.imap_server import PASSWORD, USER, imap_server
from tests.dispatch.kit import certified, quick
from tests.dispatch.servers import FaultyServer, Plan, serving
from tests.gui.conftest import Hand, ScriptedDialogs
from tests.gui.paged import a_desk, go_to, standing


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with serving() as made:
        yield made


@pytest.fixture
def desk(opened: vault.OpenStore, tmp_path: Path) -> Desk:
    return quick(a_desk(opened, tmp_path, approved=True))


@pytest.fixture
def page(desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk) -> Any:
    return go_to(desktop, hand, opened, desk, "sending")


def _keep(desk: Desk, server: FaultyServer, **changes: Any) -> None:
    made = MailServer("127.0.0.1", server.port, Security.PLAIN, connections=1)
    save_mail_server(desk, replace(made, **changes))


def _sheet(desktop: Desktop, hand: Hand, name: str) -> QDialog:
    hand.until(lambda: any(each.isVisible() for each in desktop.main.findChildren(QDialog, name)))
    return next(each for each in desktop.main.findChildren(QDialog, name) if each.isVisible())


def _arm(desktop: Desktop, hand: Hand) -> None:
    hand.click("arm")
    _sheet(desktop, hand, "arm_sheet").findChild(QPushButton, "arm_go").click()
    hand.until(lambda: hand.shown("disarm") and not desktop.runner.busy())


def _send(desktop: Desktop, hand: Hand) -> None:
    hand.click("send_emails")
    sheet = _sheet(desktop, hand, "send_sheet")
    hand.qtbot.keyClicks(sheet.findChild(QLineEdit, "send_typed"), "2")
    sheet.findChild(QPushButton, "send_go").click()


def test_the_server_is_tried_and_kept_in_the_sheet(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk, server: FaultyServer
) -> None:
    assert not hand.find(QPushButton, "send_emails").isEnabled()
    hand.click("mail_server")
    sheet = _sheet(desktop, hand, "server_sheet")
    host, go = sheet.findChild(QLineEdit, "server_host"), sheet.findChild(QPushButton, "server_go")
    error, found = sheet.findChild(QLabel, "server_error"), sheet.findChild(QLabel, "server_found")
    go.click()
    assert "missing" in error.text() and host.property("wrong"), "a server needs a name"
    host.setText("mail.example.com")
    security = sheet.findChild(object, "server_security")
    security.setCurrentIndex(security.findData(Security.PLAIN.value))
    assert sheet.findChild(object, "server_port").value() == 25
    go.click()
    assert "another computer" in error.text()
    host.setText("127.0.0.1")
    sheet.findChild(object, "server_port").setValue(server.port)
    sheet.findChild(QPushButton, "server_try").click()
    hand.until(lambda: "lets us in" in found.text())
    assert not server.kept, "nothing is sent by a try"
    sheet.findChild(QCheckBox, "hours_only").click()
    for place in range(7):
        sheet.findChild(QCheckBox, f"hours_day_{place}").setChecked(False)
    go.click()
    assert "hours" in error.text() and sheet.isVisible(), "on no day nothing would ever leave"
    for place in range(5):
        sheet.findChild(QCheckBox, f"hours_day_{place}").click()
    sheet.findChild(QTimeEdit, "hours_until").setTime(QTime(17, 30))
    go.click()
    hand.until(lambda: not sheet.isVisible() and not desktop.runner.busy())
    with desk.read() as queries:
        kept = mail_server(queries)
    assert kept is not None and (kept.host, kept.port) == ("127.0.0.1", server.port)
    assert hours_as_text(kept.hours) == "mon,tue,wed,thu,fri 08:00-17:30"
    hand.until(lambda: any("Mon–Fri 08:00–17:30" in each.text() for each in page.findChildren(QLabel)))


def test_outside_its_hours_a_run_says_when_it_goes_on(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk, server: FaultyServer
) -> None:
    later = desk.clock.now().astimezone(desk.zone) + timedelta(days=2)
    _keep(desk, server, hours=SendingHours((later.weekday(),), 480, 1200))
    _arm(desktop, hand)
    hand.click("send_emails")
    sheet = _sheet(desktop, hand, "send_sheet")
    said = " ".join(each.text() for each in sheet.findChildren(QLabel))
    assert "08:00–20:00; the first goes out" in said
    hand.qtbot.keyClicks(sheet.findChild(QLineEdit, "send_typed"), "2")
    sheet.findChild(QPushButton, "send_go").click()
    hand.until(lambda: "outside the hours of sending" in hand.text("run_ends"))
    assert not server.kept
    hand.click("run_pause")
    hand.until(lambda: hand.shown("run_resume") and not desktop.runner.busy())
    assert standing(desk).on_the_way == 2 and not server.kept


def test_a_rehearsal_shows_what_would_leave_and_leads_to_those_left_out(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk
) -> None:
    hand.click("rehearse_emails")
    sheet = _sheet(desktop, hand, "rehearsal_sheet")
    assert sheet.findChild(QLabel, "rehearsal_fact_0").text() == "2 of 2 e-mails"
    assert sheet.findChild(QTableWidget, "rehearsal_left_out") is None
    sheet.findChild(QPushButton, "rehearsal_close").click()
    with desk.begin() as uow:
        uow.queries._connection.exec_driver_sql("UPDATE person SET email = 'a@b.c, d@e.f' WHERE id = 4")
        uow.audit.record(AuditAction.VERIFIED, facts={"entries": 0})
        uow.commit()
    hand.until(lambda: not desktop.runner.busy())
    hand.click("rehearse_emails")
    sheet = _sheet(desktop, hand, "rehearsal_sheet")
    said = " ".join(each.text() for each in sheet.findChildren(QLabel))
    assert "1 of 2 e-mails" in said and "1: this is not one mail address" in said and "Finnish 1" in said
    table = sheet.findChild(QTableWidget, "rehearsal_left_out")
    assert table.rowCount() == 1 and "Aino" in table.item(0, 0).text()
    sheet.findChild(QPushButton, "rehearsal_open").click()
    hand.until(lambda: hand.shown("pane_more") and not desktop.runner.busy())
    assert standing(desk).on_the_way == 0 and standing(desk).told == 0


def test_armed_then_the_number_typed_then_told(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk, server: FaultyServer
) -> None:
    _keep(desk, server)
    page.reload()
    hand.until(lambda: not desktop.runner.busy())
    assert not hand.find(QPushButton, "send_emails").isEnabled(), "not armed"
    _arm(desktop, hand)
    hand.click("send_emails")
    sheet = _sheet(desktop, hand, "send_sheet")
    go, typed = sheet.findChild(QPushButton, "send_go"), sheet.findChild(QLineEdit, "send_typed")
    for wrong in ("", "1", "22"):
        typed.setText(wrong)
        assert not go.isEnabled()
    sheet.reject()
    _send(desktop, hand)
    hand.until(lambda: standing(desk).told == 2 and not desktop.runner.busy())
    assert sorted(server.recipients()) == ["aino1@example.com", "aino4@example.com"]
    hand.until(lambda: hand.text("run_share") == "100 %" and not desktop.runner.busy())
    assert "told 2" in hand.text("sum_line") and not hand.shown("run_resume")
    hand.click("run_accepted")
    hand.until(lambda: hand.find(QTableWidget, "tried").rowCount() == 2 and not desktop.runner.busy())
    hand.until(lambda: hand.shown("disarm"))
    hand.click("disarm")
    hand.until(lambda: hand.shown("arm") and not desktop.runner.busy())


def test_a_pause_says_what_waits_and_the_run_goes_on(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk, server: FaultyServer, dialogs: ScriptedDialogs
) -> None:
    _keep(desk, server)
    server.plan = Plan("dot", "none", 1)
    server.plan.said = lambda: page.parts["email"]._control.pause("officer")
    _arm(desktop, hand)
    _send(desktop, hand)
    hand.until(lambda: hand.shown("run_resume") and not desktop.runner.busy())
    assert "Paused by you" in hand.text("run_paused") and standing(desk).on_the_way == 1
    dialogs.will("text", None)
    hand.click("run_stop")
    hand.click("run_resume")
    hand.until(lambda: standing(desk).told == 2 and not desktop.runner.busy())


def test_a_run_whose_token_expired_goes_on_with_a_new_one(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk, tmp_path: Path
) -> None:
    mine = certified(tmp_path, "127.0.0.1")
    with serving(context=mine.context, implicit=True, login=("office", "fresh")) as server:
        _keep(
            desk,
            server,
            security=Security.TLS,
            authority=mine.authority,
            sign_in=SignIn.OAUTH,
            user="office",
            secret="stale",
        )
        _arm(desktop, hand)
        _send(desktop, hand)
        hand.until(lambda: hand.shown("run_token") and not desktop.runner.busy())
        assert "expired" in hand.text("run_paused") and not server.kept
        hand.click("run_token")
        sheet = _sheet(desktop, hand, "token_sheet")
        assert not sheet.findChild(QPushButton, "token_go").isEnabled()
        hand.qtbot.keyClicks(sheet.findChild(QLineEdit, "token_field"), "fresh")
        sheet.findChild(QPushButton, "token_go").click()
        hand.until(lambda: standing(desk).told == 2 and not desktop.runner.busy())


def test_a_run_that_is_stopped_for_good_leaves_the_rest_open(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk, server: FaultyServer, dialogs: ScriptedDialogs
) -> None:
    _keep(desk, server)
    server.plan = Plan("dot", "none", 1)
    server.plan.said = lambda: page.parts["email"]._control.pause("officer")
    _arm(desktop, hand)
    _send(desktop, hand)
    hand.until(lambda: hand.shown("run_stop") and not desktop.runner.busy())
    dialogs.will("text", "another text comes")
    hand.click("run_stop")
    hand.until(lambda: hand.text("email_number") == "1" and not desktop.runner.busy())
    assert standing(desk).told == 1 and not hand.shown("run_resume")
    assert (hand.text("run_share"), hand.text("run_done")) == ("50 %", "1 of 2 handled, ended")
    picture = page.parts["email"].run.bar.grab().toImage()
    ends = [picture.pixelColor(round(picture.width() * place), picture.height() // 2).name() for place in (0.25, 0.75)]
    assert ends[0] != ends[1], "half of the bar is empty"


def test_to_stop_for_good_is_asked_first_and_keeps_its_place(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk, server: FaultyServer, dialogs: ScriptedDialogs
) -> None:
    _keep(desk, server, limits=Limits(per_hour=1))
    _arm(desktop, hand)
    _send(desktop, hand)
    hand.until(lambda: "1 of 2" in hand.text("run_done"))
    card, stop = page.parts["email"].run, hand.find(QPushButton, "run_stop")
    place = card.width() - stop.geometry().right()
    for refused in (None, " "):
        dialogs.will("text", refused)
        hand.click("run_stop")
        assert desktop.live.running and not desktop.live.control.paused, "nothing ends without a reason"
    hand.click("run_pause")
    hand.until(lambda: hand.shown("run_resume") and not desktop.runner.busy())
    assert card.width() - stop.geometry().right() == place, "nothing else comes to stand where it was"
    hand.click("run_resume")
    hand.until(lambda: hand.shown("run_pause"))
    dialogs.will("text", "another text comes")
    hand.click("run_stop")
    hand.until(lambda: hand.text("run_done") == "1 of 2 handled, ended" and not desktop.runner.busy())
    assert "Stopped for good" in hand.text("run_paused") and hand.text("email_number") == "1"


def test_the_card_shows_the_run_that_waits_not_an_older_one_with_held_ones(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk, dialogs: ScriptedDialogs
) -> None:
    with serving(answers={"aino1": [b"550 5.7.26 not authenticated (DMARC)"]}) as server:
        _keep(desk, server, limits=Limits(per_hour=1))
        _arm(desktop, hand)
        _send(desktop, hand)
        hand.until(lambda: hand.shown("run_release") and not desktop.runner.busy())
        dialogs.will("text", "the records are mended")
        hand.click("run_stop")
        hand.until(lambda: hand.text("email_number") == "1" and not desktop.runner.busy())
        hand.click("send_emails")
        sheet = _sheet(desktop, hand, "send_sheet")
        hand.qtbot.keyClicks(sheet.findChild(QLineEdit, "send_typed"), "1")
        sheet.findChild(QPushButton, "send_go").click()
        hand.until(lambda: "Run L2" in hand.text("run_title") and hand.shown("run_pause"))
        hand.click("run_pause")
        hand.until(lambda: not desktop.runner.busy() and hand.shown("run_resume"))
        assert "Run L2" in hand.text("run_title") and "0 of 1" in hand.text("run_done")
        hand.click("email_files")
        table = hand.find(QTableWidget, "email_batches")
        said = {table.item(row, 0).text(): table.item(row, 3).text() for row in range(table.rowCount())}
        assert said == {"L2": "paused", "L1": "ended, held ones wait for you"}


def test_on_a_low_screen_the_card_scrolls_and_is_not_cut(desktop: Desktop, page: Any, hand: Hand, desk: Desk) -> None:
    with serving(
        answers={"aino1": [b"550 5.7.26 not authenticated (DMARC) " + b"see the rules of this receiver " * 5]}
    ) as server:
        _keep(desk, server)
        desktop.main.resize(1280, 760)
        _arm(desktop, hand)
        _send(desktop, hand)
        hand.until(lambda: hand.shown("run_paused") and not desktop.runner.busy())
        card = page.parts["email"].run
        for name in ("run_paused", "run_said", "run_state"):
            words = hand.find(QLabel, name)
            hand.until(lambda each=words: each.height() >= each.heightForWidth(each.width()))
        assert card.height() >= card.heightForWidth(card.width())


def test_undecided_ones_have_a_key_each(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk, server: FaultyServer, dialogs: ScriptedDialogs
) -> None:
    _keep(desk, server)
    server.plan = Plan("dot", "drop", -1, takes=True)
    _arm(desktop, hand)
    _send(desktop, hand)
    table = hand.find(QTableWidget, "tried")
    hand.until(lambda: table.rowCount() == 2 and not desktop.runner.busy())
    assert standing(desk).unknown == 2 and "no answer" in table.item(0, 3).text()
    table.selectRow(0)
    hand.qtbot.keyClick(table, Qt.Key.Key_S)
    hand.until(lambda: table.rowCount() == 1 and not desktop.runner.busy())
    assert standing(desk).told == 1
    server.plan.times = 0
    table.selectRow(0)
    dialogs.will("text", "asked by phone")
    hand.qtbot.keyClick(table, Qt.Key.Key_A)
    hand.until(lambda: hand.shown("run_resume") and not desktop.runner.busy())
    hand.click("run_resume")
    hand.until(lambda: standing(desk).told == 2 and not desktop.runner.busy())
    assert len(server.kept) == 3


def test_a_letter_instead_and_every_number_opens_its_list(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk, server: FaultyServer
) -> None:
    _keep(desk, server)
    server.answers = {"aino1": [b"rcpt 550 5.1.1 no such user"], "aino4": [b"what?"]}
    _arm(desktop, hand)
    _send(desktop, hand)
    table = hand.find(QTableWidget, "tried")
    hand.until(lambda: hand.text("run_share") == "100 %" and not desktop.runner.busy())
    assert table.rowCount() == 1
    hand.click("resolve_letter")
    hand.until(lambda: table.rowCount() == 0 and not desktop.runner.busy())
    hand.click("run_refused")
    hand.until(lambda: table.rowCount() == 2 and not desktop.runner.busy())
    said = table.item(0, 3).text() + table.item(1, 3).text()
    assert "no such address" in said and "aino1" not in said
    with desk.read() as queries:
        lines = queries.tried_lines(BreachId(1), [DeliveryState.REJECTED])
    assert {each.kind for each in lines} >= {"dead"}
    hand.click("tried_person")
    hand.until(lambda: hand.shown("pane_more") and not desktop.runner.busy())


def test_what_is_to_be_right_before_names_a_risk_not_assessed(desktop: Desktop, page: Any, hand: Hand) -> None:
    words = " ".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())
    assert "Risk not assessed" in words and "1 connections" not in words


def test_opening_the_lines_tells_how_often_it_was_tried() -> None:
    assert connecting(0) == "connecting"
    assert connecting(1).endswith("1 try so far") and connecting(3).endswith("3 tries so far")


def test_everything_on_the_part_has_a_name_and_takes_the_focus(page: Any) -> None:
    for each in page.parts["email"].findChildren(QPushButton):
        if not each.isHidden():
            assert each.accessibleName() and each.focusPolicy() & Qt.FocusPolicy.TabFocus, each.objectName()


def test_one_message_goes_to_oneself_before_the_breach_is_armed(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk, server: FaultyServer
) -> None:
    assert not hand.find(QPushButton, "trial_message").isEnabled(), "no server yet"
    assert "server" in hand.find(QPushButton, "trial_message").toolTip()
    _keep(desk, server)
    page.reload()
    hand.until(lambda: hand.find(QPushButton, "trial_message").isEnabled() and not desktop.runner.busy())
    hand.click("trial_message")
    sheet = _sheet(desktop, hand, "trial_sheet")
    address, go = sheet.findChild(QLineEdit, "trial_address"), sheet.findChild(QPushButton, "trial_go")
    error, found = sheet.findChild(QLabel, "trial_error"), sheet.findChild(QLabel, "trial_found")
    hand.until(lambda: address.text() == "tietosuoja@example.com")
    assert "approved notice, version 1" in sheet.findChild(QLabel, "trial_text").text()
    languages = sheet.findChild(QComboBox, "trial_language")
    languages.setCurrentIndex(languages.findData("sv"))
    address.setText("aino1@example.com")
    go.click()
    hand.until(lambda: "has this address" in error.text())
    assert not server.commands
    address.setText("tietosuoja@example.com")
    go.click()
    hand.until(lambda: "has taken the message" in found.text() and "under Trust" in found.text())
    hand.until(
        lambda: (
            found.height() >= found.heightForWidth(found.width()) and address.height() >= address.sizeHint().height()
        )
    )
    assert not error.isVisible() and not sheet.findChild(QPushButton, "trial_look").isVisible(), "no mailbox to look in"
    assert [each.message["Content-Language"] for each in server.kept] == ["sv"]
    assert server.recipients() == ["tietosuoja@example.com"] and standing(desk).told == 0


def test_the_trial_is_looked_for_in_the_mailbox(
    desktop: Desktop, page: Any, hand: Hand, desk: Desk, server: FaultyServer
) -> None:
    _keep(desk, server)
    with imap_server([]) as box:
        save_mail_account(desk, MailAccount("127.0.0.1", box.port, Protection.PLAIN, USER, PASSWORD))
        page.reload()
        hand.until(lambda: hand.find(QPushButton, "trial_message").isEnabled() and not desktop.runner.busy())
        hand.click("trial_message")
        sheet = _sheet(desktop, hand, "trial_sheet")
        go, look = sheet.findChild(QPushButton, "trial_go"), sheet.findChild(QPushButton, "trial_look")
        found = sheet.findChild(QLabel, "trial_found")
        hand.until(lambda: go.isEnabled())
        assert not look.isVisible(), "nothing to look for yet"
        go.click()
        hand.until(lambda: look.isVisible() and look.isEnabled())
        look.click()
        hand.until(lambda: "not in the mailbox" in found.text() and look.isEnabled())
        judged = b"Authentication-Results: mx.example.com; spf=pass; dkim=pass; dmarc=fail\r\n"
        box.folders["INBOX"].append(judged + server.kept[0].data)
        look.click()
        hand.until(lambda: "has arrived" in found.text())
        assert "SPF: pass" in found.text() and "DMARC: fail" in found.text()
