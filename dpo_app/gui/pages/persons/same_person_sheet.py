"""Say of one person that they are another one of the register, too: found by name, code or number, merged for a reason."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QListWidget, QListWidgetItem, QWidget

from dpo_app.core.errors import DpoError
from dpo_app.core.ids import BreachId, PersonId, grouped
from dpo_app.core.persons.linkage.verdict import Verdict
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.persons.person_sheets import WAIT_MS, Sheet
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.i18n import _
from dpo_app.messages import explain
from dpo_app.services.lines import PersonLine, PersonView
from dpo_app.services.persons.merge_persons import Merged, merge_persons

SHOWN = 20


class SamePersonSheet(Sheet):
    """Merges the person of the pane with another one; nothing of what was sent to either is lost."""

    merged = Signal(object)

    def __init__(self, parent: QWidget, office: Office, view: PersonView, revision_id: Any) -> None:
        super().__init__(parent, _("The same person as another"), "same_sheet")
        self.office, self._view, self._revision = office, view, revision_id
        name = f"{view.line.given_names} {view.line.family_name}".strip()
        self.box.addWidget(label(f"{name} · {grouped(view.line.code)}", "second", wrap=True))
        self.box.addWidget(
            label(_("The other becomes part of this person. What was sent to either stays, and it can be taken back."),
                  "second", wrap=True)
        )  # fmt: skip
        self.search, self.reason = QLineEdit(), QLineEdit()
        self.found, self.values = QListWidget(), QComboBox()
        self.found.setMaximumHeight(theme.px(180))
        self.values.addItem(_("This person's; gaps are filled from the other"), Verdict.MERGED)
        self.values.addItem(_("The other's where both have one"), Verdict.KEEP_RIGHT)
        for field, own, text in (
            (self.search, "same_search", _("The other person: name, code or customer number")),
            (self.found, "same_found", _("Persons found")), (self.values, "same_values", _("Whose data count")),
            (self.reason, "same_reason", _("Why? Name nobody who is not concerned.")),
        ):  # fmt: skip
            field.setObjectName(own)
            field.setAccessibleName(text)
            self.box.addWidget(label(text, "caption"))
            self.box.addWidget(field)
        self.error = label("", "error", wrap=True, name="same_error")
        self.box.addWidget(self.error)
        later = button(_("Not now"), name="same_later")
        later.clicked.connect(self.reject)
        self.go = button(_("Merge"), "primary", "users", "same_go")
        self.go.clicked.connect(self._merge)
        self.box.addLayout(row(None, later, self.go))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self._search)
        self.search.textChanged.connect(lambda: self._timer.start())
        self.reason.textChanged.connect(self._look)
        self.found.itemSelectionChanged.connect(self._look)
        self.search.setFocus()
        self._look()

    def _search(self) -> None:
        text, breach_id, revision, own = (
            self.search.text(),
            BreachId(self._view.breach_id),
            self._revision,
            self._view.id,
        )

        def read(queries: Any) -> list[PersonLine]:
            numbers = [n for n in queries.find_persons(breach_id, text, SHOWN) if n != own] if text.strip() else []
            lines: list[PersonLine] = queries.person_lines(revision, numbers)
            return lines

        self.office.read(read, lambda lines: self._show(text, lines))

    def _show(self, text: str, lines: list[PersonLine]) -> None:
        if text != self.search.text():
            return
        self.found.clear()
        for line in lines:
            said = (f"{line.family_name}, {line.given_names}".strip(", "), line.birth_year, grouped(line.code))
            item = QListWidgetItem(" · ".join(filter(None, said)))
            item.setData(Qt.ItemDataRole.UserRole, line.id)
            self.found.addItem(item)
        if len(lines) == 1:
            self.found.setCurrentRow(0)
        self._look()

    def _look(self) -> None:
        ready = bool(self.found.selectedItems()) and bool(self.reason.text().strip())
        self.go.setEnabled(ready)
        self.go.setToolTip("" if ready else _("Choose the other person and give the reason"))

    def _merge(self) -> None:
        desk, kept, reason = self.office.desk, PersonId(self._view.id), self.reason.text()
        gone = PersonId(self.found.selectedItems()[0].data(Qt.ItemDataRole.UserRole))
        verdict = Verdict(self.values.currentData())
        self.go.setEnabled(False)
        job = self.office.do(
            lambda _p: merge_persons(desk, kept, gone, reason, verdict=verdict), self._done, _("Merging")
        )
        job.failed.connect(self._failed)

    def _done(self, made: Merged) -> None:
        self.accept()
        self.merged.emit(made)

    def _failed(self, error: BaseException) -> None:
        self.error.setText(str(explain(error)) if isinstance(error, DpoError) else type(error).__name__)
        self._look()
