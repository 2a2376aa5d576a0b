"""Who counts as not reached by e-mail and by which message; each can be taken back with a reason."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QAbstractItemView, QDialog, QVBoxLayout, QWidget

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.ids import BreachId
from dpo_app.core.mail.bounce import BounceReason, MailKind, Proof
from dpo_app.gui import theme
from dpo_app.gui.faults import sentence
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.gui.widgets.plain_table import plain_table, put
from dpo_app.gui.words import moment
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.services.mail.decide_returned import take_back_bounce
from dpo_app.services.mail.read_returned import APPLIED

_SHOWN = 1_000


class BouncedSheet(QDialog):
    """The list behind the number."""

    def __init__(self, parent: QWidget, office: Office, breach_id: BreachId) -> None:
        super().__init__(parent)
        self.office, self._breach_id = office, breach_id
        self._lines: list[Any] = []
        self.setObjectName("bounced_sheet")
        self.setWindowTitle(_("Not delivered"))
        self.setMinimumSize(theme.px(820), theme.px(480))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(12))
        box.addWidget(label(_("Not delivered"), "title"))
        self.table = plain_table([_("Person"), _("Reason"), _("Tied by"), _("Read")], "bounced")
        self.table.setAccessibleName(_("Not delivered"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.itemSelectionChanged.connect(self._chosen)
        box.addWidget(self.table, 1)
        self.error = label("", "error", wrap=True, name="bounced_error")
        box.addWidget(self.error)
        self.open_person = button(_("Open the person"), "", "user", "bounced_open")
        self.open_person.clicked.connect(self._open)
        self.back = button(_("It was wrong: take it back…"), "danger", "arrow-back-up", "bounced_back")
        self.back.clicked.connect(self._take_back)
        shut = button(_("Close"), name="bounced_close")
        shut.clicked.connect(self.accept)
        box.addLayout(row(self.open_person, self.back, None, shut))
        self._read()

    def _read(self) -> None:
        breach_id = self._breach_id
        self.office.read(lambda queries: queries.returned_lines(breach_id, (APPLIED,), _SHOWN), self._show)

    def _show(self, lines: list[Any]) -> None:
        self._lines = [line for line in lines if line.delivery_state == DeliveryState.BOUNCED]
        self.table.setRowCount(len(self._lines))
        for place, line in enumerate(self._lines):
            why = word(BounceReason(line.reason)) if line.reason else word(MailKind(line.kind))
            who = line.name or line.person_code
            put(self.table, place, [who, f"{why} {line.status}".strip(), word(Proof(line.proof)), moment(line.read_at)])
        if self._lines:
            self.table.selectRow(0)
        self._chosen()

    def _line(self) -> Any:
        place = self.table.currentRow()
        return self._lines[place] if 0 <= place < len(self._lines) else None

    def _chosen(self) -> None:
        there = self._line() is not None
        self.open_person.setEnabled(there)
        self.back.setEnabled(there and not self.office.desk.read_only)

    def _open(self) -> None:
        line = self._line()
        if line is not None:
            self.office.page_wanted.emit("persons", {"person": line.person_id})
            self.accept()

    def _take_back(self) -> None:
        desk, line = self.office.desk, self._line()
        if line is None:
            return
        reason = self.office.dialogs.text(
            self, _("Take it back"), _("Why was it wrong? For example: the person answered.")
        )
        if reason is None:
            return
        self.error.setText("")
        job = self.office.do(lambda _p: take_back_bounce(desk, line.id, reason), lambda _r: self._read())
        job.failed.connect(lambda error: self.error.setText(sentence(error)))
