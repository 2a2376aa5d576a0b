"""A better address for somebody whose letter came back: as they have it now, to be changed, with the reason."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QDialog, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from dpo_app.core.errors import DpoError
from dpo_app.core.ids import BreachId, PersonId, RevisionId
from dpo_app.core.persons.address import PostalAddress
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.i18n import _
from dpo_app.messages import explain
from dpo_app.services.persons.correct_address import CorrectedAddress, correct_address


class AddressDialog(QDialog):
    """Writes the address and queues the letter again; nothing is sent by it."""

    def __init__(self, parent: QWidget, office: Office, breach_id: BreachId, person_id: int) -> None:
        super().__init__(parent)
        self.office, self._breach_id, self._person_id = office, breach_id, PersonId(person_id)
        self.setObjectName("address_dialog")
        self.setWindowTitle(_("Better address"))
        self.setMinimumWidth(theme.px(460))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        self.who = label("", "title", name="address_who")
        box.addWidget(self.who)
        box.addWidget(label(_("The letter is made again as a new attempt with its own code."), "second", wrap=True))
        form = QFormLayout()
        self.fields: dict[str, QLineEdit] = {}
        for name, title in (
            ("care_of", _("c/o")), ("street", _("Street or box")), ("postcode", _("Postcode")), ("town", _("Town")),
            ("country", _("Country, two letters")), ("reason", _("Where this address comes from")),
        ):  # fmt: skip
            field = QLineEdit()
            field.setObjectName(f"address_{name}")
            field.setAccessibleName(title)
            self.fields[name] = field
            form.addRow(title, field)
        box.addLayout(form)
        self.error = label("", "error", wrap=True, name="address_error")
        box.addWidget(self.error)
        self.save = button(_("Save and write again"), "primary", "mailbox", "address_save")
        self.save.clicked.connect(self._save)
        shut = button(_("Not now"), name="address_close")
        shut.clicked.connect(self.reject)
        box.addLayout(row(None, shut, self.save))
        self.save.setEnabled(False)
        office.read(self._read, self._show)

    def _read(self, queries: Any) -> Any:
        revision = RevisionId(queries.newest_revision(self._breach_id).id)
        return queries.person(self._person_id, revision)

    def _show(self, found: Any) -> None:
        own: PostalAddress = found.address
        for name in ("care_of", "street", "postcode", "town", "country"):
            self.fields[name].setText(getattr(own, name))
        self.who.setText(f"{found.line.family_name}, {found.line.given_names}".strip(", "))
        self.save.setEnabled(True)
        self.fields["street"].setFocus()
        self.fields["street"].selectAll()

    def _save(self) -> None:
        values = {name: " ".join(field.text().split()) for name, field in self.fields.items()}
        reason = values.pop("reason")
        values["country"] = values["country"].upper()
        desk, breach_id, person_id = self.office.desk, self._breach_id, self._person_id
        self.save.setEnabled(False)
        job = self.office.do(
            lambda _p: correct_address(desk, breach_id, person_id, PostalAddress(**values), reason), self._saved
        )
        job.failed.connect(self._failed)

    def _saved(self, _found: CorrectedAddress) -> None:
        self.office.toast.emit(_("The address was saved; a letter waits to be made again."))
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self.save.setEnabled(True)
        self.error.setText(str(explain(error)) if isinstance(error, DpoError) else type(error).__name__)
