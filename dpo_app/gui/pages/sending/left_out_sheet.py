"""Who gets no letter, person by person with the reason, and the way to each of them."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from dpo_app.core.ids import grouped
from dpo_app.core.persons.postal import AddressProblem
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.gui.widgets.plain_table import plain_table, put
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.services.lines import RefusedLine


def reason_word(code: str) -> str:
    """Return the word for why no letter can be made."""
    return word(AddressProblem(code)) if code in set(AddressProblem) else code


class LeftOutSheet(QDialog):
    """The list; a row opens the person. Names of protected persons are not in it."""

    def __init__(self, parent: QWidget, office: Office, lines: list[RefusedLine]) -> None:
        super().__init__(parent)
        self.office, self._lines = office, lines
        self.setObjectName("left_out_sheet")
        self.setWindowTitle(_("Letters left out"))
        self.setMinimumSize(theme.px(720), theme.px(420))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(12))
        box.addWidget(label(_("Letters left out"), "title"))
        box.addWidget(label(_("Work out the plan again: whoever cannot be written to moves to the next channel."),
                            "second", wrap=True))  # fmt: skip
        self.table = plain_table([_("Name"), _("Code"), _("Why")], "left_out")
        self.table.setAccessibleName(_("Letters left out"))
        self.table.setRowCount(len(lines))
        for place, line in enumerate(lines):
            put(self.table, place, [line.name or "–", grouped(line.code), reason_word(line.reason)])
        self.table.itemActivated.connect(lambda _item: self._open())
        box.addWidget(self.table, 1)
        go = button(_("Open the person"), "", "user", "left_out_open")
        go.clicked.connect(self._open)
        go.setEnabled(bool(lines))
        shut = button(_("Close"), name="left_out_close")
        shut.clicked.connect(self.accept)
        box.addLayout(row(None, shut, go))
        if lines:
            self.table.selectRow(0)

    def _open(self) -> None:
        place = self.table.currentRow()
        if 0 <= place < len(self._lines):
            self.accept()
            self.office.page_wanted.emit("persons", {"person": self._lines[place].person_id})
