"""Which laws apply to a breach, and why; agreements with hours of their own; what is only proposed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from dpo_app import i18n
from dpo_app.core.clocks.clock_record import RecordKind
from dpo_app.core.clocks.regime import Anchor, FactName, Regime, Status
from dpo_app.core.errors import DpoError
from dpo_app.core.ids import BreachId
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.number_fields import NumberField
from dpo_app.gui.widgets.parts import Chip, button, clear, label, row, rule, scrolling
from dpo_app.gui.words import clock_words
from dpo_app.i18n import _
from dpo_app.messages import explain, word
from dpo_app.services.clocks.clocks import Clocks, clocks_of
from dpo_app.services.clocks.record_clock import (
    MOST_HOURS,
    choose_calendar,
    choose_law,
    record_contract,
    state_fact,
    take_back,
)


class LawsSheet(QDialog):
    """Every law whose rules are known, ticked if it applies; the reason of a choice is recorded with it."""

    def __init__(self, parent: QWidget, office: Office, breach_id: BreachId) -> None:
        super().__init__(parent)
        self.office, self.breach_id = office, breach_id
        self.setObjectName("laws_sheet")
        self.setWindowTitle(_("Laws and agreements"))
        self.setMinimumSize(theme.px(760), theme.px(620))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(12))
        box.addWidget(label(_("Which laws apply to this breach"), "title"))
        box.addWidget(label(_("What follows from country, role and kind of service is ticked already. What you change is "
                              "recorded with your reason."), "second", wrap=True))  # fmt: skip
        self.reason = QLineEdit()
        self.reason.setObjectName("law_reason")
        self.reason.setAccessibleName(_("Reason for a change"))
        self.reason.setPlaceholderText(_("Reason for a change, such as: essential entity under NIS2"))
        box.addWidget(self.reason)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, theme.px(8), 0)
        self._column.setSpacing(theme.px(8))
        box.addWidget(scrolling(inner), 1)
        self.error = label("", "error", wrap=True, name="law_error")
        box.addWidget(self.error)
        shut = button(_("Close"), "primary", name="laws_close")
        shut.clicked.connect(self.accept)
        box.addLayout(row(None, shut))
        self._read()

    def _read(self) -> None:
        desk, breach_id = self.office.desk, self.breach_id
        self.office.read(lambda queries: clocks_of(desk, queries, breach_id), self._show)

    def _show(self, clocks: Clocks) -> None:
        clear(self._column)
        packs = self.office.desk.regimes
        self._role(clocks)
        laws = [each for each in packs.regimes if not each.contract and each.status is Status.IN_FORCE]
        for regime in sorted(laws, key=lambda each: not _applies(each, clocks)):
            self._law(regime, clocks)
        self._contracts(clocks)
        for regime in packs.regimes:
            if regime.status is Status.PROPOSED:
                self._column.addWidget(rule())
                self._column.addLayout(
                    row(label(_said(regime.titles), "strong"), Chip(word(regime.status), "excused"), None)
                )
                self._column.addWidget(label(f"{_said(regime.applies_when)}. {regime.citation}", "second", wrap=True))
        for fault in packs.faults:
            text = _("A rule pack was left out: {fault}").format(fault=clock_words().fault(fault))
            self._column.addWidget(label(text, "error", wrap=True))
        self._column.addStretch(1)

    def _role(self, clocks: Clocks) -> None:
        self.role = QComboBox()
        self.role.setObjectName("role")
        self.role.setAccessibleName(_("We are"))
        for text, values in ((_("the controller"), ("controller",)), (_("a processor"), ("processor",)),
                             (_("controller and processor"), ("controller", "processor"))):  # fmt: skip
            self.role.addItem(text, values)
        now = clocks.facts.facts.get(FactName.ROLE, frozenset({"controller"}))
        self.role.setCurrentIndex(2 if len(now) > 1 else 1 if "processor" in now else 0)
        self.role.setEnabled(not self.office.desk.read_only)
        self.role.activated.connect(self._role_chosen)
        self._column.addLayout(row(label(_("In this breach we are"), "body"), self.role, None))
        self.calendar = QLineEdit("-".join(filter(None, (clocks.facts.country, clocks.facts.subdivision))))
        self.calendar.setObjectName("calendar")
        self.calendar.setAccessibleName(_("Public holidays of"))
        self.calendar.setFixedWidth(theme.px(90))
        self.calendar.setToolTip(_("A country such as FI, or a part of one such as DE-BY"))
        change = button(_("Count with these"), "", name="set_calendar")
        change.clicked.connect(self._calendar_chosen)
        change.setEnabled(not self.office.desk.read_only)
        words = label(_("Public holidays of"), "body")
        words.setToolTip(self.calendar.toolTip())
        self._column.addLayout(row(words, self.calendar, change, None))

    def _calendar_chosen(self) -> None:
        desk = self.office.desk
        country, _dash, part = self.calendar.text().strip().upper().partition("-")
        self._write(lambda: choose_calendar(desk, country, part))

    def _role_chosen(self, place: int) -> None:
        desk, breach_id, values, reason = self.office.desk, self.breach_id, self.role.itemData(place), self._why()
        self._write(lambda: state_fact(desk, breach_id, FactName.ROLE, tuple(values), reason))

    def _law(self, regime: Regime, clocks: Clocks) -> None:
        chosen = clocks.facts.chosen.get(regime.id)
        applies = _applies(regime, clocks)
        tick = QCheckBox(_said(regime.titles))
        tick.setObjectName(f"law_{regime.id}")
        tick.setChecked(applies)
        tick.setFont(theme.font("strong"))
        tick.setEnabled(not self.office.desk.read_only)
        tick.clicked.connect(lambda on, key=regime.id: self._chosen(key, on))
        line = row(tick, None)
        if chosen is not None:
            line.addWidget(Chip(_("your choice"), "info", "pencil"))
        elif applies:
            line.addWidget(Chip(_("by the facts"), "excused"))
        self._column.addWidget(rule())
        self._column.addLayout(line)
        self._column.addWidget(label(f"{_said(regime.applies_when)}.", "second", wrap=True))
        record = next(
            (r for r in clocks.records if r.current and r.kind is RecordKind.LAW and r.key == regime.id), None
        )
        caption = regime.citation
        if record is not None:
            caption = _("{citation}. {reason} ({who}, {when})").format(
                citation=regime.citation, reason=record.text, who=record.recorded_by,
                when=clock_words().moment(record.recorded_at, clocks.facts.zone),
            )  # fmt: skip
        self._column.addWidget(label(caption, "caption", wrap=True))

    def _chosen(self, key: str, on: bool) -> None:
        desk, breach_id, reason = self.office.desk, self.breach_id, self._why()
        self._write(lambda: choose_law(desk, breach_id, key, on, reason))

    def _contracts(self, clocks: Clocks) -> None:
        self._column.addWidget(rule())
        self._column.addWidget(label(_("Agreements with hours of their own"), "heading"))
        for each in clocks.facts.contracts:
            text = _("{partner}: {hours} h from {event}; {clause}").format(
                partner=each.partner, hours=each.hours, clause=each.clause or "–", event=word(Anchor(each.anchor)))  # fmt: skip
            gone = button(_("Take back"), "quiet", name=f"contract_{each.key}")
            gone.clicked.connect(lambda _=False, key=each.key: self._contract_back(key))
            gone.setEnabled(not self.office.desk.read_only)
            line = row(label(text, wrap=True), gone)
            line.setStretch(0, 1)
            self._column.addLayout(line)
        if self.office.desk.read_only:
            return
        grid = QGridLayout()
        self.partner, self.clause, self.hours = QLineEdit(), QLineEdit(), NumberField()
        self.hours.setRange(1, MOST_HOURS)
        self.hours.setValue(24)
        fields = ((_("Partner"), self.partner, "partner"), (_("Clause"), self.clause, "clause"),
                  (_("Within hours"), self.hours, "contract_hours"))  # fmt: skip
        for place, (name, field, key) in enumerate(fields):
            field.setObjectName(key)
            field.setAccessibleName(name)
            grid.addWidget(label(name, "second"), 0, place)
            grid.addWidget(field, 1, place)
        add = button(_("Add the agreement"), "", "plus", "add_contract")
        add.clicked.connect(self._add_contract)
        grid.addWidget(add, 1, 3, Qt.AlignmentFlag.AlignBottom)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 1)
        self._column.addLayout(grid)

    def _add_contract(self) -> None:
        desk, breach_id = self.office.desk, self.breach_id
        partner, clause, hours = self.partner.text(), self.clause.text(), self.hours.value()
        self._write(lambda: record_contract(desk, breach_id, partner, clause, hours))

    def _contract_back(self, key: str) -> None:
        desk, breach_id, reason = self.office.desk, self.breach_id, self._why()
        self._write(lambda: take_back(desk, breach_id, RecordKind.CONTRACT, key, reason))

    def _why(self) -> str:
        return self.reason.text()

    def _write(self, work: Callable[[], Any]) -> None:
        self.error.setText("")
        job = self.office.runner.write(lambda _progress: work())
        job.done.connect(self._saved)
        job.failed.connect(self._failed)

    def _saved(self, changes: Any) -> None:
        self.office.changed.emit(changes)
        self._read()

    def _failed(self, error: BaseException) -> None:
        """Say what is missing, put the ticks back, and lead to the reason."""
        self.error.setText(str(explain(error)) if isinstance(error, DpoError) else type(error).__name__)
        self.reason.setFocus()
        self._read()


def _applies(regime: Regime, clocks: Clocks) -> bool:
    chosen = clocks.facts.chosen.get(regime.id)
    return regime.governs(clocks.facts.facts) if chosen is None else chosen


def _said(texts: Any) -> str:
    return str(texts.get(i18n.current()) or texts["en"])
