"""Clocks on the Overview: what is due stands first, a click shows its arithmetic, what is late owes its reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSpinBox,
)

from dpo_app import bootstrap
from dpo_app.core.clocks.deadline import ClockState
from dpo_app.core.clocks.regime import PackFault, RulePacks
from dpo_app.core.facts.breach import Awareness
from dpo_app.core.ids import BreachId
from dpo_app.gui.desktop import Desktop
from dpo_app.services.clocks.clocks import clocks_of
from dpo_app.services.clocks.record_clock import give_reason, record_contract, record_done
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.facts.record_breach import add_breach, revise_breach
from dpo_app.store import vault
from tests.builders import a_revision, an_organisation
from tests.gui.conftest import Hand, ScriptedDialogs
from tests.gui.paged import go_to


def a_window(desktop: Desktop, hand: Hand, opened: vault.OpenStore, hours: float = 30) -> Any:
    """Return the Overview of a breach that became known some hours ago."""
    save_organisation(bootstrap.build(opened, "Tester"), an_organisation())
    desk = bootstrap.build(opened, "Tester")
    at = (datetime.now(UTC) - timedelta(hours=hours)).replace(microsecond=0)
    add_breach(desk, a_revision(awareness=Awareness(at, "Message"), known_as_of=at))
    page = go_to(desktop, hand, opened, desk, "overview")
    hand.until(lambda: bool(page.clocks.cards()))
    return page


def sheet(desktop: Desktop, hand: Hand, name: str) -> QDialog:
    """Return a sheet once it is open and has read what it shows."""
    hand.until(lambda: any(each.isVisible() for each in desktop.main.findChildren(QDialog, name)))
    found = [each for each in desktop.main.findChildren(QDialog, name) if each.isVisible()][-1]
    hand.until(lambda: not desktop.runner.busy() and len(said(found)) > 200)
    return found


def said(dialog: QDialog) -> str:
    return " | ".join(each.text() for each in dialog.findChildren(QLabel) if not each.isHidden())


def seen(dialog: QDialog, kind: type[Any], name: str) -> list[Any]:
    """Return what can be seen of that name: a sheet that reads itself anew makes its fields anew."""
    return [each for each in dialog.findChildren(kind, name) if each.isVisible()]


def kept(desktop: Desktop) -> dict[str, Any]:
    desk = desktop.office.desk
    with desk.read() as queries:
        return {each.key: each for each in clocks_of(desk, queries, BreachId(1)).deadlines}


def test_three_cards_the_nearest_first_and_more_on_demand(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore
) -> None:
    page = a_window(desktop, hand, opened)
    desktop.main.resize(1440, 900)
    record_contract(desktop.office.desk, BreachId(1), "Insurer", "7", 48)
    page._stale = True
    page.refresh()
    hand.until(lambda: len(page.clocks.cards()) == 3 and page.clocks.cards()[0].deadline.key == "contract.a1")
    assert page.clocks.cards()[1].deadline.key == "gdpr.art33_1"
    assert "left" in page.clocks.cards()[1].accessibleDescription()
    assert hand.text("more_clocks").strip() == "More clocks (1)"
    hand.click("more_clocks")
    hand.until(lambda: len(page.clocks.cards()) == 4)


def test_a_click_shows_the_arithmetic_and_the_calendar_file(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    page = a_window(desktop, hand, opened)
    hand.qtbot.mouseClick(page.clocks.cards()[0], Qt.MouseButton.LeftButton)
    box = sheet(desktop, hand, "clock_sheet")
    text = said(box)
    for part in ("GDPR, Art. 33(1)", "Regulation 1182/71", "drives", "Europe/Helsinki", "+ 72 h ="):
        assert part in text, part
    dialogs.will("save_file", tmp_path / "b.ics")
    box.findChild(QPushButton, "clock_ics").click()
    hand.until(lambda: (tmp_path / "b.ics").is_file())
    assert "BEGIN:VEVENT" in (tmp_path / "b.ics").read_text()
    box.findChild(QPushButton, "record_done").click()
    hand.until(lambda: kept(desktop)["gdpr.art33_1"].done is not None)
    hand.until(lambda: "Done" in said(box) and box.findChild(QPushButton, "record_done") is None)
    box.findChild(QPushButton, "clock_close").click()
    hand.until(lambda: page.clocks.cards()[0].deadline.done is not None)


def test_a_late_clock_asks_for_its_reason(desktop: Desktop, hand: Hand, opened: vault.OpenStore) -> None:
    page = a_window(desktop, hand, opened, hours=80)
    assert page.clocks.cards()[0].deadline.state(datetime.now(UTC)) is ClockState.LATE
    hand.until(lambda: hand.shown("step_0"))
    assert hand.text("step_0").strip() == "Write the reason"
    hand.click("step_0")
    box = sheet(desktop, hand, "clock_sheet")
    box.findChild(QPushButton, "save_reason").click()
    hand.until(lambda: "reason is needed" in box.findChild(QLabel, "clock_error").text())
    hand.qtbot.keyClicks(box.findChild(QPlainTextEdit, "late_reason"), "The mailbox was not read.")
    box.findChild(QPushButton, "save_reason").click()
    hand.until(lambda: kept(desktop)["gdpr.art33_1"].reason == "The mailbox was not read.")
    box.findChild(QPushButton, "clock_close").click()
    hand.until(lambda: not hand.shown("why_gdpr.art33_1"))


def test_a_corrected_awareness_is_decided_in_the_sheet(desktop: Desktop, hand: Hand, opened: vault.OpenStore) -> None:
    page = a_window(desktop, hand, opened)
    desk, first = desktop.office.desk, kept(desktop)["gdpr.art33_1"].anchor
    revise_breach(desk, BreachId(1), a_revision(
        awareness=Awareness(first + timedelta(hours=3), "Message", correction="Read later"), known_as_of=datetime.now(UTC)))  # fmt: skip
    page.open_clock("gdpr.art33_1")
    box = sheet(desktop, hand, "clock_sheet")
    hand.until(lambda: box.findChild(QRadioButton, "aware_1") is not None)
    box.findChild(QRadioButton, "aware_1").setChecked(True)
    hand.qtbot.keyClicks(box.findChild(QLineEdit, "aware_reason"), "Nobody had read it before.")
    box.findChild(QPushButton, "decide_awareness").click()
    hand.until(lambda: kept(desktop)["gdpr.art33_1"].anchor == first + timedelta(hours=3))
    box.findChild(QPushButton, "clock_close").click()


def test_an_event_starts_a_clock_that_waited(desktop: Desktop, hand: Hand, opened: vault.OpenStore) -> None:
    page = a_window(desktop, hand, opened)
    page.open_clock("gdpr.art34_1")
    box = sheet(desktop, hand, "clock_sheet")
    assert "When was a high risk to persons established?" in said(box)
    box.findChild(QPushButton, "record_event").click()
    hand.until(lambda: kept(desktop)["gdpr.art34_1"].event is not None)
    hand.until(lambda: box.findChild(QPushButton, "set_target") is not None)
    box.findChild(QPushButton, "set_target").click()
    hand.until(lambda: kept(desktop)["gdpr.art34_1"].target is not None)
    box.findChild(QPushButton, "clock_close").click()


def test_laws_are_chosen_with_a_reason_and_agreements_added(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore
) -> None:
    a_window(desktop, hand, opened)
    hand.click("laws")
    box = sheet(desktop, hand, "laws_sheet")
    assert box.findChild(QCheckBox, "law_gdpr").isChecked() and "proposed, not in force" in said(box)
    box.findChild(QCheckBox, "law_nis2").click()
    hand.until(lambda: "reason is needed" in box.findChild(QLabel, "law_error").text())
    hand.until(lambda: not desktop.runner.busy() and not box.findChild(QCheckBox, "law_nis2").isChecked())
    hand.qtbot.keyClicks(box.findChild(QLineEdit, "law_reason"), "Essential entity")
    box.findChild(QCheckBox, "law_nis2").click()
    hand.until(lambda: "nis2.early_warning" in kept(desktop))
    hand.until(lambda: not desktop.runner.busy() and "Essential entity" in said(box))
    hand.qtbot.keyClicks(box.findChild(QLineEdit, "partner"), "Insurer")
    box.findChild(QSpinBox, "contract_hours").setValue(36)
    box.findChild(QPushButton, "add_contract").click()
    hand.until(lambda: "contract.a1" in kept(desktop))
    box.findChild(QPushButton, "laws_close").click()


def test_the_list_shows_the_nearest_deadline_and_orders_by_it(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore
) -> None:
    a_window(desktop, hand, opened)
    at = datetime.now(UTC) - timedelta(hours=60)
    add_breach(desktop.office.desk, a_revision(title="Laptop", awareness=Awareness(at), known_as_of=at))
    desktop.main.reload()
    hand.until(lambda: len(desktop.main.breaches._entries) == 2)
    first = desktop.main.breaches._entries[0]
    assert first.breach_id == 2 and "Authority: 11 h 59 min left" in first.accessibleName()


def test_the_list_says_that_a_reason_is_owed(desktop: Desktop, hand: Hand, opened: vault.OpenStore) -> None:
    a_window(desktop, hand, opened, hours=80)
    desk = desktop.office.desk
    record_done(desk, BreachId(1), "gdpr.art33_1", datetime.now(UTC) - timedelta(minutes=1), "Receipt 1")
    desktop.main.reload()
    hand.until(lambda: "reason for the delay is owed" in desktop.main.breaches._entries[0].accessibleName())
    give_reason(desk, BreachId(1), "gdpr.art33_1", "The mailbox was not read.")
    desktop.main.reload()
    hand.until(lambda: "Everything due is done" in desktop.main.breaches._entries[0].accessibleName())


@pytest.mark.parametrize("width", [1024, 1280, 1440])
def test_nothing_is_cut_at_any_width(desktop: Desktop, hand: Hand, opened: vault.OpenStore, width: int) -> None:
    page = a_window(desktop, hand, opened)
    desktop.main.resize(width, 800)
    area = page.findChild(QScrollArea)
    hand.until(lambda: area.widget().minimumSizeHint().width() <= area.viewport().width())


def test_a_rule_pack_with_a_fault_is_named_at_the_start(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = bootstrap.rule_packs()
    faulty = RulePacks(whole.regimes, (PackFault("dora.toml", "rule[1].anchor", "not_choice", "awareness"),))
    monkeypatch.setattr(bootstrap, "rule_packs", lambda: faulty)
    page = a_window(desktop, hand, opened)
    hand.until(lambda: hand.shown("banner_text"))
    assert "dora.toml, rule[1].anchor: allowed: awareness" in hand.text("banner_text")
    assert page.clocks.cards(), "the other packs work"


def test_the_calendar_that_counts_is_chosen(desktop: Desktop, hand: Hand, opened: vault.OpenStore) -> None:
    a_window(desktop, hand, opened)
    hand.click("laws")
    box = sheet(desktop, hand, "laws_sheet")
    for typed, ready in (("XX", lambda: "no calendar" in box.findChild(QLabel, "law_error").text()),
                         ("DE-BY", lambda: kept(desktop)["gdpr.art33_1"].calendar == "DE-BY")):  # fmt: skip
        hand.until(lambda: not desktop.runner.busy() and bool(seen(box, QLineEdit, "calendar")))
        field = seen(box, QLineEdit, "calendar")[-1]
        field.clear()
        hand.qtbot.keyClicks(field, typed)
        seen(box, QPushButton, "set_calendar")[-1].click()
        hand.until(ready)
        hand.until(lambda: not desktop.runner.busy())
    box.findChild(QPushButton, "laws_close").click()
