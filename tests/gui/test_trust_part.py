"""Trust, as the officer does it: check the sender, import a certificate, save the page; and the other ways out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QPlainTextEdit, QPushButton

from dpo_app.gui.desktop import Desktop
from dpo_app.services.mail.read_mailbox import save_mail_account
from dpo_app.services.ports.desk import Desk
from dpo_app.store import vault
from tests.dispatch.imap_server import imap_server
from tests.gui.conftest import Hand, ScriptedDialogs
from tests.gui.paged import a_desk, go_to
from tests.services.test_mail_trust import a_certificate
from tests.services.test_mailbox import PASSWORD, USER, MailAccount, Protection


@pytest.fixture
def desk(opened: vault.OpenStore, tmp_path: Path) -> Desk:
    return a_desk(opened, tmp_path, approved=True)


@pytest.fixture
def page(desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk) -> Any:
    return go_to(desktop, hand, opened, desk, "sending")


def words(page: Any) -> str:
    return " | ".join(each.text() for each in page.parts["trust"].findChildren(QLabel) if not each.isHidden())


def test_pasted_records_are_explained(desktop: Desktop, page: Any, hand: Hand) -> None:
    hand.click("part_trust")
    assert "Nothing was checked yet" in hand.text("trust_when")
    hand.click("trust_check")
    assert "Paste records or headers first" in hand.text("trust_error")
    hand.find(QPlainTextEdit, "trust_records").setPlainText('example.com TXT "v=spf1 ip4:192.0.2.10 -all"')
    hand.find(QPlainTextEdit, "trust_headers").setPlainText("Authentication-Results: mx; spf=pass; dmarc=fail")
    hand.type("trust_server", "192.0.2.10")
    hand.click("trust_check")
    hand.until(lambda: "allows the server 192.0.2.10" in words(page) and not desktop.runner.busy())
    assert "DMARC: fail" in words(page) and "has no DMARC policy" in words(page)


def test_the_name_server_is_asked_after_a_question_only(
    desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs
) -> None:
    hand.click("part_trust")
    dialogs.will("confirm", False)
    hand.click("trust_ask")
    assert not desktop.runner.busy() and "Nothing was checked yet" in hand.text("trust_when")


def test_a_certificate_comes_in_and_goes_out(
    desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs, tmp_path: Path, desk: Desk
) -> None:
    hand.click("part_trust")
    with desk.read() as queries:
        sender = queries.setting("organisation")["email"]
    (tmp_path / "own.p12").write_bytes(a_certificate(sender)[0])
    for password, said in (("wrong", "no certificate that this password opens"), ("seal", f"Signed as {sender}")):
        dialogs.will("open_file", tmp_path / "own.p12")
        dialogs.will("text", password)
        hand.click("seal_import")
        hand.until(lambda wanted=said: wanted in words(page) and not desktop.runner.busy())  # type: ignore[misc]
    hand.click("seal_forget")
    hand.until(lambda: "E-mails are not signed" in hand.text("seal_state") and not desktop.runner.busy())


def test_the_page_is_read_and_saved(
    desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    hand.click("part_trust")
    text = hand.find(QPlainTextEdit, "genuine_text")
    hand.until(lambda: "genuine" in text.toPlainText() and not desktop.runner.busy())
    hand.find(QComboBox, "genuine_language").setCurrentIndex(0)
    hand.until(lambda: "Näin viestimme" in text.toPlainText() and not desktop.runner.busy())
    dialogs.will("save_file", tmp_path / "aito.html")
    hand.click("genuine_save")
    hand.until(lambda: (tmp_path / "aito.html").is_file() and not desktop.runner.busy())
    assert '<html lang="fi">' in (tmp_path / "aito.html").read_text("utf-8")


def test_other_ways_out(
    desktop: Desktop, page: Any, hand: Hand, dialogs: ScriptedDialogs, tmp_path: Path, desk: Desk
) -> None:
    hand.click("part_email")

    def choose(name: str) -> None:
        hand.find(QPushButton, "other_ways").menu().findChild(QAction, name).trigger()

    dialogs.will("folder", tmp_path / "box")
    choose("way_mbox")
    hand.until(lambda: hand.shown("confirm_sent") and not desktop.runner.busy())
    assert len(list((tmp_path / "box").rglob("emails.mbox"))) == 1
    dialogs.will("text", "another way")
    hand.click("email_withdraw")
    hand.until(lambda: hand.text("email_number") == "2" and not desktop.runner.busy())
    with imap_server([]) as server:
        save_mail_account(desk, MailAccount("127.0.0.1", server.port, Protection.PLAIN, USER, PASSWORD))
        server.break_after_appends = 1
        dialogs.will("confirm", True)
        choose("way_drafts")
        hand.until(lambda: hand.shown("finish_drafts") and not desktop.runner.busy())
        server.break_after_appends = -1
        hand.click("finish_drafts")
        hand.until(lambda: hand.shown("confirm_sent") and not desktop.runner.busy())
        assert len(server.folders["Drafts"]) == 2
