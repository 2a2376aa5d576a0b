"""The import's step Problems: the kinds with their counts, the rows of one kind, each corrected in its place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dpo_app.core.persons.intake import ProblemCode
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.parts import Card, button, clear, label, row
from dpo_app.gui.widgets.plain_table import plain_table, put
from dpo_app.gui.words import number
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.messages.intake import REASONS
from dpo_app.services.persons.import_persons import Staged, problem_rows

SHOWN = 300


class ProblemsStep(QWidget):
    """`corrected` carries {row: {heading: value}}."""

    corrected = Signal(object)

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self._headings: list[str] = []
        self._staged: Staged | None = None
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        kinds = Card(_("Kinds"))
        kinds.setFixedWidth(theme.px(270))
        self._kind_box = QVBoxLayout()
        self._kind_box.setSpacing(theme.px(2))
        kinds.body.addLayout(self._kind_box)
        kinds.body.addStretch(1)
        self.card = Card()
        self.title = label("", "heading")
        self.empty_all = button(_("Empty all of them"), "quiet", "x", "empty_all")
        self.empty_all.clicked.connect(self._empty_all)
        self.card.body.addLayout(row(self.title, None, self.empty_all))
        self.table = plain_table([_("Row"), _("Column"), _("In the file"), _("Why"), _("Becomes")], "problems")
        self.card.body.addWidget(self.table, 1)
        line.addWidget(kinds)
        line.addWidget(self.card, 1)

    def show_staged(self, staged: Staged, headings: Sequence[str]) -> None:
        """Show the kinds of problems of an import, and the rows of the first one."""
        self._staged, self._headings = staged, list(headings)
        clear(self._kind_box)
        for code, severity, count in staged.kinds:
            icon, role = {"stop": ("alert-octagon", "danger"), "note": ("alert-triangle", "warn")}.get(
                severity, ("info-circle", "info")
            )
            each = button(f"{word(ProblemCode(code))}   {number(count)}", "row", "", f"kind_{code}")
            each.setIcon(theme.icon(icon, role))
            each.setFixedWidth(theme.px(240))
            each.clicked.connect(partial(self._show_kind, code))
            self._kind_box.addWidget(each)
        self.card.setVisible(bool(staged.kinds))
        if staged.kinds:
            self._show_kind(staged.kinds[0][0])

    def _show_kind(self, code: str, _checked: bool = False) -> None:
        desk, staged = self.office.desk, self._staged
        assert staged is not None
        import_id = staged.import_id
        self.title.setText(word(ProblemCode(code)))
        job = self.office.runner.run(lambda _p: problem_rows(desk, import_id, code, limit=SHOWN))
        job.done.connect(self._show_problems)

    def _show_problems(self, lines: list[Any]) -> None:
        self.table.setRowCount(len(lines))
        for place, line in enumerate(lines):
            at = self._headings.index(line.column) if line.column in self._headings else -1
            value = line.cells[at] if 0 <= at < len(line.cells) else ""
            put(self.table, place, [str(line.row), line.column or "–", value, _(REASONS[ProblemCode(line.code)]), ""])
            if at >= 0:
                field = QLineEdit()
                field.setPlaceholderText(_("new value, or empty"))
                field.setAccessibleName(_("Row {row}, {column}").format(row=line.row, column=line.column))
                field.returnPressed.connect(partial(self._correct, line.row, line.column, field))
                self.table.setCellWidget(place, 4, field)

    def _correct(self, row_number: int, column: str, field: QLineEdit) -> None:
        self.corrected.emit({row_number: {column: field.text()}})

    def _empty_all(self) -> None:
        corrections: dict[int, dict[str, str]] = {}
        for place in range(self.table.rowCount()):
            at, column = self.table.item(place, 0), self.table.item(place, 1)
            if at is not None and column is not None and column.text() != "–":
                corrections.setdefault(int(at.text()), {})[column.text()] = ""
        if corrections:
            self.corrected.emit(corrections)
