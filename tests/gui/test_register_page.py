"""The register at the foot of the breach list, and the bell."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QDialog, QPushButton, QTableWidget

from dpo_app.core.facts.breach import Awareness
from dpo_app.core.ids import BreachId
from dpo_app.core.proof.register import Notified
from dpo_app.gui.desktop import Desktop
from dpo_app.services.clocks.record_clock import record_done
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.store import vault
from tests.builders import a_revision
from tests.gui.conftest import Hand, ScriptedDialogs
from tests.gui.test_clocks import a_window


def two(desktop: Desktop, hand: Hand, opened: vault.OpenStore) -> None:
    """Open a window with a breach that is due and one that was told."""
    a_window(desktop, hand, opened)
    desk, at = desktop.office.desk, datetime.now(UTC) - timedelta(hours=90)
    add_breach(desk, a_revision(title="Laptop", reference="2026/7", awareness=Awareness(at), known_as_of=at))
    record_done(desk, BreachId(2), "gdpr.art33_1", at + timedelta(hours=5), "Receipt 1")
    desktop.main.reload()
    hand.until(lambda: len(desktop.main.breaches._entries) == 2 and not desktop.runner.busy())


def test_the_register_is_filtered_opened_and_written(
    desktop: Desktop, hand: Hand, opened: vault.OpenStore, dialogs: ScriptedDialogs, tmp_path: Path
) -> None:
    two(desktop, hand, opened)
    hand.click("to_register")
    hand.until(lambda: hand.shown("register_count") and hand.text("register_count") == "2 breaches")
    assert not hand.shown("tab_facts"), "no breach in the heading of a page over all"
    box = hand.find(QComboBox, "register_notified")
    box.setCurrentIndex(box.findData(Notified.IN_TIME))
    hand.until(lambda: hand.text("register_count") == "1 of 2 breaches")
    table = hand.find(QTableWidget, "register_table")
    assert (table.item(0, 0).text(), table.item(0, 3).text()) == ("2026/7", "notified in time")
    hand.until(lambda: hand.shown("entry_notified") and "after awareness" in hand.text("entry_notified"))
    for form in ("json", "csv", "xlsx", "pdf"):
        dialogs.will("save_file", tmp_path / f"register.{form}")
        hand.click(f"register_{form}")
        hand.until(lambda: (tmp_path / f"register.{form}").is_file() and not desktop.runner.busy())  # noqa: B023
    assert len(json.loads((tmp_path / "register.json").read_text())["breaches"]) == 1
    hand.click("register_open")
    hand.until(lambda: desktop.main.breach_id == 2 and hand.shown("tab_facts"))


def test_the_bell_counts_and_leads_to_the_clock(desktop: Desktop, hand: Hand, opened: vault.OpenStore) -> None:
    two(desktop, hand, opened)
    hand.until(lambda: desktop.main.reminders.bell.text().strip() == "1")
    desktop.main.open_breach(2)
    hand.click("bell")
    hand.until(lambda: any(each.isVisible() for each in desktop.main.findChildren(QDialog, "reminder_sheet")))
    box = [each for each in desktop.main.findChildren(QDialog, "reminder_sheet") if each.isVisible()][-1]
    assert box.findChild(QPushButton, "reminder_0").accessibleName() == "Open Authority, first notice"
    box.findChild(QPushButton, "reminder_0").click()
    hand.until(lambda: desktop.main.breach_id == 1)
    hand.until(lambda: any(each.isVisible() for each in desktop.main.findChildren(QDialog, "clock_sheet")))
    hand.until(lambda: not desktop.runner.busy())
    for each in desktop.main.findChildren(QDialog, "clock_sheet"):
        each.close()


def test_the_word_of_a_reminder_names_no_breach(desktop: Desktop, hand: Hand, opened: vault.OpenStore) -> None:
    a_window(desktop, hand, opened, hours=71.99)
    said: list[str] = []
    desktop.office.toast.connect(said.append)
    reminders = desktop.main.reminders
    reminders._looked_at = datetime.now(UTC) - timedelta(hours=3)
    reminders.look()
    hand.until(lambda: bool(said))
    assert said[0].startswith("Something is due ") and "Register copied" not in said[0]
    reminders.look()
    hand.until(lambda: not desktop.runner.busy())
    assert len(said) == 1, "each mark is said once"
