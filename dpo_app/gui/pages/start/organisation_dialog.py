"""What notices, letters and e-mails say about the sender."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from dpo_app.core.organisation import CHOICES, Organisation
from dpo_app.gui import theme, words
from dpo_app.gui.faults import sentence
from dpo_app.gui.office import Office
from dpo_app.gui.pages.facts.revision_form import line_edit
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.i18n import _, current
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.progress import Changes

_FIELD_OF = {
    "organisation_country": "country", "organisation_language": "language", "organisation_zone": "time_zone",
    "organisation_email": "email", "organisation_web_page": "web_page",
}  # fmt: skip


class OrganisationDialog(QDialog):
    """The fields of the organisation, saved in one step."""

    def __init__(self, parent: QWidget, office: Office) -> None:
        super().__init__(parent)
        self.office = office
        self.setObjectName("organisation_dialog")
        self.setWindowTitle(_("Organisation"))
        self.setMinimumWidth(theme.px(860))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.addWidget(label(_("Organisation"), "title"))
        box.addWidget(label(_("The return line shows in the envelope's window: keep it neutral."), "second", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(16))
        for column in (1, 3):
            grid.setColumnStretch(column, 1)
        names = {
            "name": _("Name"), "street": _("Street"), "postcode": _("Postcode"), "town": _("Town"),
            "country": _("Country (two letters)"), "language": _("Language (two letters)"), "phone": _("Telephone"),
            "hours": _("Hours"), "email": _("E-mail address"), "web_page": _("Web page of the notice"),
            "dpo": _("Data protection officer"), "signatory": _("Signs the notices"), "return_line": _("Return line"),
            "time_zone": _("Time zone"),
        }  # fmt: skip
        self._kept: dict[str, str] = {}
        self.fields: dict[str, QLineEdit] = {}
        self.choices: dict[str, QComboBox] = {}
        self._fill(grid, names)
        box.addLayout(grid)
        box.addWidget(label(_("What authorities ask"), "heading"))
        asked = QGridLayout()
        asked.setHorizontalSpacing(theme.px(16))
        for column in (1, 3):
            asked.setColumnStretch(column, 1)
        self._fill(asked, {
            "business_id": _("Identifier"), "id_kind": _("Kind of identifier"), "sector": _("Sector"), "size": _("Size"),
            "activity": _("Line of business (NACE)"), "land": _("Region of the seat (NW, AX)"),
            "representative": _("Representative in the EEA"), "representative_contact": _("Its contact details"),
        })  # fmt: skip
        box.addLayout(asked)
        self.error = label("", "error", wrap=True, name="organisation_error")
        self.error.hide()
        box.addWidget(self.error)
        later, go = button(_("Cancel")), button(_("Save"), "primary", "device-floppy", "organisation_go")
        later.clicked.connect(self.reject)
        go.clicked.connect(self._save)
        box.addLayout(row(None, later, go))
        office.read(lambda queries: queries.setting("organisation") or {}, self._show)

    def _fill(self, grid: QGridLayout, names: dict[str, str]) -> None:
        """Put the fields into a grid of two columns; those with a list of choices become drop-downs."""
        words = self.office.desk.forms.words(current()).options
        for place, (key, text) in enumerate(names.items()):
            field: QLineEdit | QComboBox
            if key in CHOICES:
                field = QComboBox()
                field.addItem("–", "")
                for each in CHOICES[key]:
                    field.addItem(words[key][each], each)
                self.choices[key] = field
            else:
                field = line_edit()
                self.fields[key] = field
            field.setObjectName(f"organisation_{key}")
            field.setAccessibleName(text)
            grid.addWidget(label(text, "second"), place // 2, place % 2 * 2)
            grid.addWidget(field, place // 2, place % 2 * 2 + 1)

    def _show(self, document: dict[str, Any]) -> None:
        self._kept = Organisation.from_document(document).to_document()
        for key, field in self.fields.items():
            field.setText(self._kept[key])
        for key, choice in self.choices.items():
            choice.setCurrentIndex(max(0, choice.findData(self._kept[key])))

    def _save(self) -> None:
        desk = self.office.desk
        typed = {key: field.text().strip() for key, field in self.fields.items()}
        chosen = {key: choice.currentData() for key, choice in self.choices.items()}
        made = Organisation.from_document(self._kept | typed | chosen)
        self.error.hide()
        job = self.office.runner.write(lambda _p: save_organisation(desk, made))
        job.done.connect(self._saved)
        job.failed.connect(self._failed)

    def _saved(self, changes: Changes) -> None:
        words.use_zone(self.fields["time_zone"].text().strip())
        self.office.changed.emit(changes)
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self.error.setText(sentence(error))
        self.error.show()
        field = self.fields.get(_FIELD_OF.get(getattr(error, "code", ""), ""))
        if field is not None:
            field.setFocus()
            field.selectAll()
