"""The register of breaches: all of them, also those that were not notified, with the reasons; filtered and written as a
file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dpo_app.core.facts.breach import Cause
from dpo_app.core.proof.register import Notified, Register, RegisterEntry, RegisterFilter
from dpo_app.core.risk.risk import Owed
from dpo_app.files import write_bytes
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.page import Page
from dpo_app.gui.widgets.parts import Card, button, clear, label, row, scrolling
from dpo_app.gui.widgets.plain_table import plain_table, put
from dpo_app.gui.words import day, local, number
from dpo_app.i18n import _, current, ngettext
from dpo_app.messages import word
from dpo_app.services.progress import Topic
from dpo_app.services.proof.export_register import RegisterForm, export_register, register_of, register_words

TYPING_MS = 250
NARROW, PANE, PANE_NARROW, NAMES = 1100, 368, 330, 110
_KINDS = {
    RegisterForm.PDF: "PDF (*.pdf)", RegisterForm.XLSX: "Excel (*.xlsx)", RegisterForm.CSV: "CSV (*.csv)",
    RegisterForm.JSON: "JSON (*.json)",
}  # fmt: skip
#: Columns of the list, by the key of the register's own.
_SHOWN = ("reference", "title", "aware", "notified", "told", "status")


class RegisterPage(Page):
    """List, filter, the whole entry beside it, and four forms of file."""

    key = "register"
    topics = frozenset({Topic.BREACHES, Topic.FACTS, Topic.CLOCKS, Topic.DELIVERIES, Topic.PLAN, Topic.SETTINGS})

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._register: Register | None = None
        pdf = button(_("PDF for an inspection…"), "primary", "file-type-pdf", "register_pdf")
        pdf.clicked.connect(lambda: self._export(RegisterForm.PDF))
        top = row(label(_("Register of breaches"), "title"), None)
        for form, text in ((RegisterForm.XLSX, "XLSX…"), (RegisterForm.CSV, "CSV…"), (RegisterForm.JSON, "JSON…")):
            each = button(text, "", "file-export", f"register_{form.value}")
            each.clicked.connect(lambda _=False, f=form: self._export(f))
            top.addWidget(each)
        top.addWidget(pdf)
        self.box.addLayout(top)
        self.box.addLayout(self._filters())
        self.count = label("", "second", name="register_count")
        self.box.addWidget(self.count)
        line = QHBoxLayout()
        line.setSpacing(theme.px(12))
        self.table = plain_table([_("Reference"), _("Title"), _("Aware since"), _("Authority"), _("Told"),
                                  _("Status")], "register_table")  # fmt: skip
        self.table.setAccessibleName(_("Register of breaches"))
        self.table.setWordWrap(False)
        head = self.table.horizontalHeader()
        for place, width in ((0, 96), (2, 104), (3, 176), (4, 112), (5, 72)):
            head.setSectionResizeMode(place, head.ResizeMode.Fixed)
            head.resizeSection(place, theme.px(width))
        self.table.itemSelectionChanged.connect(self._entry)
        self.table.itemActivated.connect(lambda _item: self._open())
        holder = Card()
        holder.body.addWidget(self.table)
        line.addWidget(holder, 1)
        line.addWidget(self._pane())
        self.box.addLayout(line, 1)

    def _filters(self) -> QHBoxLayout:
        self.text = QLineEdit()
        self.text.setObjectName("register_text")
        self.text.setAccessibleName(_("Filter the register"))
        self.text.setPlaceholderText(_("Title, reference, system or party"))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.reload)
        self.text.textChanged.connect(lambda _text: self._typing.start())
        self.year = self._choice("register_year", _("Year of awareness"), _("All years"), ())
        self.outcome = self._choice("register_outcome", _("Outcome of the risk"), _("Every outcome"), Owed)
        self.notified = self._choice("register_notified", _("Notice to the authority"), _("Notified or not"), Notified)
        self.cause = self._choice("register_cause", _("Cause"), _("Every cause"), Cause)
        line = row(self.text, self.year, self.notified, self.outcome, self.cause)
        line.setStretch(0, 1)
        return line

    def _choice(self, name: str, accessible: str, every: str, members: Any) -> QComboBox:
        made = QComboBox()
        made.setObjectName(name)
        made.setAccessibleName(accessible)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(12)
        made.addItem(every, None)
        for member in members:
            made.addItem(word(member), member)
        made.currentIndexChanged.connect(lambda _place: self.reload())
        return made

    def _pane(self) -> Card:
        self.go = button(_("Open the breach"), "", "arrow-right", "register_open")
        self.go.clicked.connect(self._open)
        card = self._card = Card(_("Entry"), self.go)
        inner = QWidget()
        self._fields = QVBoxLayout(inner)
        self._fields.setContentsMargins(0, 0, theme.px(4), 0)
        card.body.addWidget(scrolling(inner), 1)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        narrow = self.width() < theme.px(NARROW)
        self._card.setFixedWidth(theme.px(PANE_NARROW if narrow else PANE))
        for place in (4, 5):
            self.table.setColumnHidden(place, narrow)

    @property
    def wanted(self) -> RegisterFilter:
        """Return what is asked for."""
        return RegisterFilter(
            self.year.currentData(), self.outcome.currentData(), self.notified.currentData(), self.cause.currentData(),
            self.text.text(),
        )  # fmt: skip

    def reload(self) -> None:
        """Read the register."""
        desk, wanted = self.office.desk, self.wanted
        self.office.read(lambda queries: register_of(desk, queries, wanted, current()), self._show)

    def _show(self, register: Register) -> None:
        kept = self._chosen()
        self._register = register
        text = ngettext("{all} breach", "{all} breaches", register.total)
        if self.wanted.is_set:
            text = ngettext("{count} of {all} breach", "{count} of {all} breaches", register.total)
        self.count.setText(text.format(count=number(len(register.entries)), all=number(register.total)))
        if not self.wanted.is_set:
            self._years(register)
        words = register_words(register)
        self.table.setRowCount(len(register.entries))
        for place, entry in enumerate(register.entries):
            cells = {cell.key: cell.text for cell in words.cells(entry)}
            cells["notified"], cells["aware"] = word(entry.notified), day(local(entry.aware_at).date())
            cells["status"] = _("closed") if entry.closed_at is not None else _("open")
            cells["told"] = f"{number(entry.persons_told)} / {number(entry.in_scope)}" if entry.in_scope else "–"
            put(self.table, place, [cells[key] for key in _SHOWN])
        same = [n for n, each in enumerate(register.entries) if kept is not None and each.id == kept.id]
        if register.entries:
            self.table.selectRow(same[0] if same else 0)
        self._entry()

    def _years(self, register: Register) -> None:
        years = sorted({each.aware_at.year for each in register.entries}, reverse=True)
        if [self.year.itemData(n) for n in range(1, self.year.count())] == years:
            return
        self.year.blockSignals(True)
        while self.year.count() > 1:
            self.year.removeItem(1)
        for each in years:
            self.year.addItem(str(each), each)
        self.year.blockSignals(False)

    def _chosen(self) -> RegisterEntry | None:
        place = self.table.currentRow()
        entries = self._register.entries if self._register is not None else ()
        return entries[place] if 0 <= place < len(entries) else None

    def _entry(self) -> None:
        entry = self._chosen()
        clear(self._fields)
        self.go.setEnabled(entry is not None)
        if entry is None or self._register is None:
            self._fields.addWidget(label(_("No breach fits the filter."), "second", wrap=True))
            self._fields.addStretch(1)
            return
        grid = QGridLayout()
        grid.setVerticalSpacing(theme.px(8))
        grid.setColumnMinimumWidth(0, theme.px(NAMES))
        grid.setColumnStretch(1, 1)
        for place, cell in enumerate(register_words(self._register).cells(entry)):
            grid.addWidget(label(cell.heading, "caption", wrap=True), place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(cell.text, wrap=True, name=f"entry_{cell.key}"), place, 1)
        self._fields.addLayout(grid)
        self._fields.addStretch(1)

    def _open(self) -> None:
        entry = self._chosen()
        if entry is not None:
            self.office.breach_wanted.emit(entry.id, "overview", None)

    def _export(self, form: RegisterForm) -> None:
        path = self.office.dialogs.save_file(self, _("Save the register"), f"register.{form.value}", _KINDS[form])
        if path is None:
            return
        said = _("Register saved as {name}")
        self.office.do(self._writes(path, form), lambda name: self.office.toast.emit(said.format(name=name)),
                       _("Writing the register"), long=True)  # fmt: skip

    def _writes(self, path: Path, form: RegisterForm) -> Callable[[Any], str]:
        desk, wanted, language = self.office.desk, self.wanted, current()

        def work(progress: Any) -> str:
            write_bytes(path, export_register(desk, form, wanted, language, progress))
            return path.name

        return work
