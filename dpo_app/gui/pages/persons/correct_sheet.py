"""Correct what the register says of one person: name, birth, numbers, language, contact data."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLineEdit, QWidget

from dpo_app.core.errors import DpoError
from dpo_app.core.ids import BreachId, PersonId
from dpo_app.core.persons.correction import LeftOut
from dpo_app.core.proof.audit import AuditAction
from dpo_app.gui.office import Office
from dpo_app.gui.pages.persons.person_sheets import Sheet
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.i18n import _
from dpo_app.messages import explain, word
from dpo_app.messages.contact import COLUMNS
from dpo_app.services.desk.manage_store import note
from dpo_app.services.lines import PersonView
from dpo_app.services.persons.correct_persons import Corrected, checked, correct_persons, preview

OWN = ("family_name", "given_names", "born", "customer_number", "language")
CONTACT = ("email", "phone", "care_of", "street", "postcode", "town", "country")


class CorrectSheet(Sheet):
    """Writes what differs, as a correction of its own that can be taken back. Contact data of somebody with a protected
    address stay hidden until they are asked for, which is an entry of the trail."""

    corrected = Signal(object)

    def __init__(self, parent: QWidget, office: Office, view: PersonView) -> None:
        super().__init__(parent, _("Correct name or contact data"), "correct_sheet")
        self.office, self._view = office, view
        self._before = _values_of(view)
        self.fields: dict[str, QLineEdit] = {}
        form = QFormLayout()
        for name in (*OWN, *CONTACT):
            field = QLineEdit()
            field.setObjectName(f"correct_{name}")
            field.setAccessibleName(_(COLUMNS[name]))
            field.textChanged.connect(self._look)
            self.fields[name] = field
            form.addRow(_(COLUMNS[name]), field)
        self.box.addLayout(form)
        self.protected_too = QCheckBox(_("Show and correct the protected contact data, too"))
        self.protected_too.setObjectName("correct_protected")
        self.protected_too.toggled.connect(self._uncover)
        self.box.addWidget(self.protected_too)
        self.protected_too.setVisible(view.line.protected)
        self.error = label("", "error", wrap=True, name="correct_error")
        self.box.addWidget(self.error)
        later = button(_("Not now"), name="correct_later")
        later.clicked.connect(self.reject)
        self.go = button(_("Correct"), "primary", "check", "correct_go")
        self.go.clicked.connect(self._correct)
        self.box.addLayout(row(None, later, self.go))
        self._fill(OWN)
        if view.line.protected:
            for name in CONTACT:
                self.fields[name].setEnabled(False)
        else:
            self._fill(CONTACT)
        self._look()

    def _fill(self, names: tuple[str, ...]) -> None:
        for name in names:
            self.fields[name].setText(self._before[name])

    def _uncover(self) -> None:
        """Show protected contact data once; from then on they may be changed."""
        desk = self.office.desk
        self.office.do(lambda _p: note(desk, AuditAction.ADDRESS_SHOWN))
        self.protected_too.setEnabled(False)
        for name in CONTACT:
            self.fields[name].setEnabled(True)
        self._fill(CONTACT)

    def _wanted(self) -> dict[str, str]:
        shown = OWN if self._view.line.protected and not self.protected_too.isChecked() else (*OWN, *CONTACT)
        texts = {name: self.fields[name].text().strip() for name in shown}
        return {name: text for name, text in texts.items() if text != self._before[name]}

    def _look(self) -> None:
        ready = bool(self._wanted())
        self.go.setEnabled(ready)
        self.go.setToolTip("" if ready else _("Change something first"))

    def _correct(self) -> None:
        desk, texts, too = self.office.desk, self._wanted(), self.protected_too.isChecked()
        breach_id, person = BreachId(self._view.breach_id), PersonId(self._view.id)

        def work(_progress: Any) -> LeftOut | Corrected:
            wanted: dict[int, dict[str, Any]] = {
                person: {name: checked(name, text, desk) for name, text in texts.items()}
            }
            left = preview(desk, breach_id, wanted, protected_too=too).left_out
            if left and left[0].left_out is not None:
                return left[0].left_out
            return correct_persons(desk, breach_id, wanted, protected_too=too)

        self.go.setEnabled(False)
        job = self.office.do(work, self._done, _("Correcting"))
        job.failed.connect(self._failed)

    def _done(self, found: LeftOut | Corrected) -> None:
        if isinstance(found, LeftOut):
            self.error.setText(_("Not corrected: {why}.").format(why=word(found)))
            self._look()
            return
        self.accept()
        self.corrected.emit(found)

    def _failed(self, error: BaseException) -> None:
        self.error.setText(str(explain(error)) if isinstance(error, DpoError) else type(error).__name__)
        self._look()


def _values_of(view: PersonView) -> dict[str, str]:
    own, address = view.line, view.address
    return {
        "family_name": own.family_name, "given_names": own.given_names, "born": view.born,
        "customer_number": view.customer_number, "language": own.language, "email": view.email, "phone": view.phone,
        "care_of": address.care_of, "street": address.street, "postcode": address.postcode, "town": address.town,
        "country": address.country,
    }  # fmt: skip
