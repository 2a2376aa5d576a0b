"""A file of corrections against the persons who are there: what would change is shown before it counts."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QVBoxLayout

from dpo_app.core.ids import BreachId, grouped
from dpo_app.gui.office import Office
from dpo_app.gui.pages.persons.clean_contacts import corrected_in_words
from dpo_app.gui.pages.persons.clean_part import CleanPart
from dpo_app.gui.widgets.parts import Card, EmptyState, button, label, row
from dpo_app.gui.widgets.plain_table import narrow, plain_table, put
from dpo_app.gui.words import counted, number
from dpo_app.i18n import _, ngettext
from dpo_app.messages import word
from dpo_app.messages.contact import COLUMNS
from dpo_app.services.persons.correct_by_file import FileCorrections, correct_by_file, read_corrections
from dpo_app.services.persons.correct_persons import ChangeLine, Corrected

SHOWN = 1_000


class CleanCorrections(CleanPart):
    """Choose, look, apply."""

    def __init__(self, office: Office, breach_id: BreachId) -> None:
        super().__init__(office, breach_id)
        self.path: Path | None = None
        self.empty = EmptyState(
            "table-import", _("Choose a file of corrections"),
            _("With a column for the code, the customer number or the national id, and those that are to change. What the "
              "file lacks and cells that are empty stay as they are."),
        )  # fmt: skip
        self.card = Card()
        self.sum = label("", "heading", name="corrections_sum")
        other = button(_("Another file…"), "quiet", "folder-open", "corrections_other")
        other.clicked.connect(self._choose)
        self.card.body.addLayout(row(self.sum, None, other))
        self.protected_too = QCheckBox(_("Also contact data of persons with a protected address"))
        self.protected_too.setObjectName("protected_too")
        self.protected_too.toggled.connect(lambda _on: self._read())
        self.card.body.addWidget(self.protected_too)
        heads = [_("Row"), _("Person"), _("Before"), _("After"), _("Note")]
        self.table = plain_table(heads, "corrections")
        narrow(self.table, 0)
        self.card.body.addWidget(self.table, 1)
        self.card.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.empty, 1)
        box.addWidget(self.card, 1)

    def open(self) -> None:
        """Say what is to be chosen, or read the chosen file anew."""
        if self.path is None:
            self.led.emit(_("Nothing counts until you have looked at it, and nothing is sent."), _("Choose a file…"))
        else:
            self._read()

    def act(self) -> None:
        """Choose the file, or apply what is shown."""
        if self.path is None:
            self._choose()
            return
        desk, breach_id, path, too = self.office.desk, self.breach_id, self.path, self.protected_too.isChecked()
        self.work(
            lambda progress: correct_by_file(desk, breach_id, path, protected_too=too, progress=progress)[1],
            self._applied, write=True, name=_("Correcting"),
        )  # fmt: skip

    def _choose(self) -> None:
        kinds = _("Registers") + " (*.csv *.txt *.tsv *.xlsx *.xls *.ods);;" + _("All files") + " (*)"
        path = self.office.dialogs.open_file(self, _("Choose the corrections"), kinds)
        if path is not None:
            self.path = path
            self._read()

    def _read(self) -> None:
        desk, breach_id, path, too = self.office.desk, self.breach_id, self.path, self.protected_too.isChecked()
        if path is not None:
            self.work(
                lambda progress: read_corrections(desk, breach_id, path, protected_too=too, progress=progress),
                self._show, name=_("Reading the corrections"),
            )  # fmt: skip

    def _show(self, found: FileCorrections) -> None:
        preview = found.preview
        changed, left = preview.changed, preview.left_out
        self.empty.hide()
        self.card.show()
        text = ngettext(
            "{rows} row = {changed} changed + {unchanged} unchanged + {left} left out",
            "{rows} rows = {changed} changed + {unchanged} unchanged + {left} left out",
            found.rows,
        )
        self.sum.setText(
            text.format(rows=number(found.rows), changed=number(len(changed)), unchanged=number(preview.unchanged),
                        left=number(len(left)))
        )  # fmt: skip
        lines = preview.lines[:SHOWN]
        self.table.setRowCount(len(lines))
        for place, line in enumerate(lines):
            why = word(line.left_out) if line.left_out is not None else ""
            if line.shares_mail and not why:
                why = _("changes, but others have this mail address too")
            person = line.name or (grouped(line.code) if line.code else "–")
            put(self.table, place, [str(line.row), person, _values(line, before=True), _values(line), why])
        name = self.path.name if self.path is not None else ""
        count = len(changed)
        action = counted("Apply {count} correction", "Apply {count} corrections", count) if count else ""
        self.led.emit(_("{file}: nothing counts until you apply it, and nothing is sent.").format(file=name), action)

    def failed(self) -> None:
        """A file that cannot be read is chosen anew."""
        if self.card.isHidden():
            self.path = None

    def _applied(self, done: Corrected) -> None:
        self.office.toast.emit(corrected_in_words(done))
        self.office.changed.emit(done.changes)
        self.path = None
        self.card.hide()
        self.empty.show()
        self.open()


def _values(line: ChangeLine, before: bool = False) -> str:
    values = line.before if before else line.after
    shown = [
        f"{_(COLUMNS[name])}: {'' if value is None else value or '–'}"
        for name, value in values.items()
        if name in COLUMNS
    ]
    return ", ".join(shown) if not (line.protected and before) else _("Protected address")
