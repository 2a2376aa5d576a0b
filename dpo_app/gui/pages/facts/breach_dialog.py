"""A new breach with the little that is known in the first hour: the rest comes as revisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from dpo_app.core.clocks.deadline import authority_due
from dpo_app.core.errors import InputError
from dpo_app.core.facts.breach import Awareness, Revision
from dpo_app.gui import theme
from dpo_app.gui.faults import sentence
from dpo_app.gui.office import Office
from dpo_app.gui.pages.facts.revision_form import line_edit, moment_edit, moment_of
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.gui.words import full_moment
from dpo_app.i18n import _
from dpo_app.services.facts.record_breach import add_breach


class BreachDialog(QDialog):
    """Title, awareness, source; the deadline appears at once."""

    made = Signal(int)

    def __init__(self, parent: QWidget, office: Office) -> None:
        super().__init__(parent)
        self.office = office
        self.setObjectName("breach_dialog")
        self.setWindowTitle(_("New breach"))
        self.setMinimumWidth(theme.px(560))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(12))
        box.addWidget(label(_("What has happened?"), "title"))
        grid = QGridLayout()
        self.title = line_edit(name="breach_title")
        self.title.setPlaceholderText(_("Customer register copied from the patient system"))
        self.reference = line_edit("", 160, "breach_reference")
        self.controller = line_edit(name="breach_controller")
        self.aware = moment_edit(None, "breach_aware")
        self.how = line_edit(name="breach_how")
        self.source = line_edit(name="breach_source")
        rows = (
            (_("Title"), self.title), (_("Reference"), self.reference), (_("Controller"), self.controller),
            (_("When did you learn of it?"), self.aware), (_("How?"), self.how), (_("Who says so?"), self.source),
        )  # fmt: skip
        for place, (text, field) in enumerate(rows):
            name = label(text, "second")
            name.setBuddy(field)
            field.setAccessibleName(text)
            grid.addWidget(name, place, 0)
            grid.addWidget(field, place, 1)
        box.addLayout(grid)
        self.due = label("", "strong", wrap=True, name="breach_due")
        self.aware.dateTimeChanged.connect(self._show_due)
        box.addWidget(self.due)
        self.error = label("", "error", wrap=True, name="breach_error")
        box.addWidget(self.error)
        later, self.go = button(_("Cancel")), button(_("Record the breach"), "primary", "", "breach_go")
        later.clicked.connect(self.reject)
        self.go.clicked.connect(self._record)
        box.addLayout(row(None, later, self.go))
        self._show_due()
        office.read(lambda queries: queries.setting("organisation") or {}, self._prefill)

    def _prefill(self, organisation: dict[str, Any]) -> None:
        if not self.controller.text():
            self.controller.setText(organisation.get("name", ""))

    def _show_due(self) -> None:
        due = authority_due(datetime.fromisoformat(moment_of(self.aware)))
        self.due.setText(_("The authority must be told by {when} (Art. 33(1)).").format(when=full_moment(due)))

    def _record(self) -> None:
        aware = datetime.fromisoformat(moment_of(self.aware))
        desk = self.office.desk
        facts = Revision(
            title=self.title.text().strip(), reference=self.reference.text().strip(),
            controller=self.controller.text().strip(), known_as_of=desk.clock.now(),
            source=self.source.text().strip() or desk.actor, awareness=Awareness(aware, self.how.text().strip()),
        )  # fmt: skip
        missing = next((f for f, t in (("title", facts.title), ("controller", facts.controller)) if not t), "")
        if missing:
            self.error.setText(sentence(InputError("field_missing", field=missing)))
            return
        if aware > desk.clock.now():
            self.error.setText(sentence(InputError("in_future", field="awareness.at")))
            return
        self.go.setEnabled(False)
        job = self.office.runner.write(lambda _p: add_breach(desk, facts))
        job.done.connect(self._recorded)
        job.failed.connect(self._failed)

    def _recorded(self, made: Any) -> None:
        self.accept()
        self.made.emit(made.breach_id)

    def _failed(self, error: BaseException) -> None:
        self.go.setEnabled(True)
        self.error.setText(sentence(error))
