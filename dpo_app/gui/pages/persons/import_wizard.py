"""Bringing a register in, step by step: file, columns, problems, duplicates, accept. Nothing counts before the last."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dpo_app.core.errors import DpoError
from dpo_app.core.ids import BreachId
from dpo_app.core.persons.columns import Column, Sureness
from dpo_app.core.persons.intake import ProblemCode
from dpo_app.files import write_bytes
from dpo_app.gui import theme
from dpo_app.gui.jobs import Job
from dpo_app.gui.office import Office
from dpo_app.gui.pages.persons.duplicates_step import DuplicatesStep
from dpo_app.gui.pages.persons.problems_step import ProblemsStep
from dpo_app.gui.widgets.parts import Card, EmptyState, button, label, row
from dpo_app.gui.widgets.plain_table import plain_table, put
from dpo_app.gui.words import counted, number
from dpo_app.i18n import _, ngettext
from dpo_app.messages import explain, word
from dpo_app.messages.intake import ENCODINGS, encoding_name
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.persons.import_persons import (
    FileView,
    Staged,
    accept_import,
    correct_rows,
    discard_import,
    inspect_file,
    problem_rows,
    stage_import,
)
from dpo_app.services.persons.link_import import LinkedImport, link_import
from dpo_app.services.progress import Changes, Topic

FILE, COLUMNS, PROBLEMS, DUPLICATES, ACCEPT = range(5)
SHOWN = 300


class ImportWizard(QWidget):
    """The import in the page's place; emits `finished` when it is over, accepted or not."""

    finished = Signal()

    def __init__(self, office: Office, breach_id: BreachId) -> None:
        super().__init__()
        self.office, self.breach_id = office, breach_id
        self.path: Path | None = None
        self.view: FileView | None = None
        self.staged: Staged | None = None
        self._job: Job | None = None
        self._linked = False
        self._options: dict[str, Any] = {}
        self._steps: list[QPushButton] = []
        rail = self._rail()
        self.title, self.lead = label("", "title"), label("", "second", wrap=True)
        self.error = label("", "error", wrap=True, name="import_error")
        self.pages = QStackedWidget()
        self.problems_step = ProblemsStep(office)
        self.problems_step.corrected.connect(self._apply)
        self.problems = self.problems_step.table
        self.duplicates_step = DuplicatesStep(office, breach_id)
        self.duplicates_step.changed.connect(self._counted)
        self.duplicates_step.failed.connect(self.error.setText)
        for page in (
            self._file_page(), self._columns_page(), self.problems_step, self.duplicates_step, self._accept_page(),
        ):  # fmt: skip
            self.pages.addWidget(page)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.hide()
        self.cancel = button(_("Cancel the import"), name="import_cancel")
        self.cancel.clicked.connect(self._cancel)
        self.sum = label("", "second", name="import_sum")
        self.back = button(_("Back"), name="import_back")
        self.back.clicked.connect(lambda: self._go(self.pages.currentIndex() - 1))
        self.next = button(_("Choose a file…"), "primary", "", "import_next")
        self.next.clicked.connect(self._next)
        foot = row(self.cancel, None, self.sum, self.back, self.next)
        right = QVBoxLayout()
        for each in (self.title, self.lead, self.error):
            right.addWidget(each)
        right.addWidget(self.pages, 1)
        right.addWidget(self.bar)
        right.addLayout(foot)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(12))
        box.addWidget(rail)
        box.addLayout(right, 1)
        self._go(FILE)

    def _rail(self) -> Card:
        rail = Card()
        rail.setFixedWidth(theme.px(200))
        for text in (_("File"), _("Columns"), _("Problems"), _("Duplicates"), _("Accept")):
            step = button(text, "row", "circle-dashed")
            step.setCheckable(True)
            step.setEnabled(False)
            step.setFixedWidth(theme.px(168))
            self._steps.append(step)
            rail.body.addWidget(step)
        rail.body.addStretch(1)
        return rail

    def _file_page(self) -> QWidget:
        empty = EmptyState("table-import", _("Drop the register here or choose it"),
                           _("CSV in any encoding, XLSX, XLS or ODS, with the columns in any order. The file stays as it "
                             "is; nothing is sent anywhere."))  # fmt: skip
        self.encoding = QComboBox()
        for text, value in ((_("Encoding: recognise"), ""), *((name, value) for value, name in ENCODINGS.items())):
            self.encoding.addItem(text, value)
        self.delimiter = QComboBox()
        for text, value in ((_("Between columns: recognise"), ""), (_("Semicolon"), ";"), (_("Comma"), ","),
                            (_("Tabulator"), "\t"), (_("Bar"), "|")):  # fmt: skip
            self.delimiter.addItem(text, value)
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.addWidget(empty, 1)
        box.addLayout(row(None, self.encoding, self.delimiter, None))
        return holder

    def _columns_page(self) -> QWidget:
        self.columns = plain_table(
            [_("In the file"), _("First values"), _("Becomes"), _("How sure"), _("Check")], "columns"
        )
        return self.columns

    def _accept_page(self) -> QWidget:
        card = Card()
        self.accept_text = label("", "number", wrap=True)
        self.accept_more = label("", "second", wrap=True)
        self.keep = QLineEdit()
        self.keep.setPlaceholderText(_("Name, if the columns should be known next time"))
        self.keep.setObjectName("profile_name")
        self.keep.setFixedWidth(theme.px(360))
        self.save_sheet = button(_("Save problems as a sheet…"), "", "file-export", "save_problems")
        self.save_sheet.clicked.connect(self._save_problems)
        card.body.addWidget(self.accept_text)
        card.body.addWidget(self.accept_more)
        card.body.addSpacing(theme.px(12))
        card.body.addWidget(label(_("Remember these columns as"), "second"))
        card.body.addWidget(self.keep)
        card.body.addWidget(self.save_sheet)
        card.body.addStretch(1)
        return card

    def _go(self, step: int) -> None:
        """Show a step and what its one button does."""
        self.pages.setCurrentIndex(step)
        for place, each in enumerate(self._steps):
            each.setChecked(place == step)
            each.setEnabled(place <= step)
            done = place < step
            each.setIcon(theme.icon("circle-check" if done else "circle-dashed", "ok" if done else "text_2", 18, done))
        titles = (_("Which file?"), _("What are its columns?"), self._problem_words(), _("Who is in it twice?"),
                  _("Bring them in?"))  # fmt: skip
        leads = (
            _("As it was exported. Nothing counts until you have looked at it."),
            _("Correct what was not recognised. A column may stay as it is or be left out."),
            _("Correct them here, or go on: rows that stop stay out and can be saved as a sheet."),
            _(
                "By numbers and ids, and by names, dates, addresses, mail and telephone with a score. Every decision can be "
                "taken back."
            ),
            _("One step, whole or not at all; it can be undone until something was sent."),
        )
        staged = self.staged
        buttons = (_("Choose a file…"), _("Go on to problems"), _("Go on to duplicates"), _("Go on"),
                   counted("Accept {count} person", "Accept {count} persons", staged.new + staged.changed if staged else 0))  # fmt: skip
        self.title.setText(titles[step])
        self.lead.setText(leads[step])
        self.next.setText(buttons[step])
        self.next.setAccessibleName(buttons[step])
        self.back.setVisible(step > COLUMNS)
        self.back.setEnabled(step not in (PROBLEMS,))
        self.sum.setText(self._sum_words() if staged else "")
        self.error.setText("")
        if step == ACCEPT and staged:
            self.accept_text.setText(self._sum_words())
            again = _("The same file was brought in before as {id}.").format(id=staged.again) if staged.again else ""
            self.accept_more.setText(again)

    def _sum_words(self) -> str:
        s = self.staged
        assert s is not None
        return ngettext(
            "{rows} row = {new} new + {changed} changed + {duplicate} duplicate + {rejected} rejected",
            "{rows} rows = {new} new + {changed} changed + {duplicate} duplicate + {rejected} rejected", s.rows,
        ).format(
            rows=number(s.rows), new=number(s.new), changed=number(s.changed), duplicate=number(s.duplicate),
            rejected=number(s.rejected),
        )  # fmt: skip

    def _problem_words(self) -> str:
        if self.staged is None or not self.staged.rejected:
            return _("Every row can become a person")
        return ngettext(
            "{count} of {rows} row cannot become a person yet",
            "{count} of {rows} rows cannot become persons yet",
            self.staged.rows,
        ).format(count=number(self.staged.rejected), rows=number(self.staged.rows))

    def _next(self) -> None:
        step = self.pages.currentIndex()
        if step == FILE:
            kinds = _("Registers") + " (*.csv *.txt *.tsv *.xlsx *.xls *.ods);;" + _("All files") + " (*)"
            path = self.office.dialogs.open_file(self, _("Choose the register"), kinds)
            if path is not None:
                self.choose(path)
        elif step == COLUMNS:
            self._stage()
        elif step == PROBLEMS and not self._linked:
            self._link()
        elif step == ACCEPT:
            self._accept()
        else:
            self._go(step + 1)

    def choose(self, path: Path) -> None:
        """Look at a file: what it is and what its columns probably are."""
        desk, breach_id = self.office.desk, self.breach_id
        self.path = path
        chosen = {"encoding": self.encoding.currentData(), "delimiter": self.delimiter.currentData()}
        self._options = {name: value for name, value in chosen.items() if value}
        options = self._options
        self._work(lambda _p: inspect_file(desk, breach_id, path, options), self._show_columns)

    def _work(self, work: Any, then: Any, name: str = "") -> None:
        self.error.setText("")
        self.next.setEnabled(False)
        self.bar.setRange(0, 0)
        self.bar.show()
        self._job = self.office.runner.run(work, name or _("Reading the register"))
        self._job.stepped.connect(lambda done, total: self._stepped(done, total, name))
        self._job.done.connect(lambda _r: self._settled())
        self._job.done.connect(then)
        self._job.failed.connect(self._failed)

    def _stepped(self, done: int, total: int, name: str) -> None:
        if total:
            self.bar.setRange(0, total)
            self.bar.setValue(done)
        self.sum.setText(name or counted("{count} row read", "{count} rows read", done))

    def _settled(self) -> None:
        self.bar.hide()
        self.next.setEnabled(True)
        self._job = None

    def _failed(self, error: BaseException) -> None:
        self._settled()
        if isinstance(error, DpoError):
            self.error.setText(str(explain(error)))

    def _show_columns(self, view: FileView) -> None:
        self.view = view
        self._go(COLUMNS)
        head = view.head
        how = head.sheet or f"{encoding_name(head.encoding)}, “{head.delimiter}”"
        known = sum(each.column is not Column.EXTRA for each in view.proposals)
        self.title.setText(_("{known} of {all} columns recognised").format(known=known, all=len(view.proposals)))
        text = _("{file}: {how}, headings in row {row}.").format(file=self.path.name if self.path else "", how=how,
                                                                 row=head.header_row)  # fmt: skip
        if head.hidden_sheets:
            text += " " + counted(
                "{count} hidden sheet was left out.", "{count} hidden sheets were left out.", head.hidden_sheets
            )
        self.lead.setText(text)
        self.columns.setRowCount(len(view.proposals))
        for place, each in enumerate(view.proposals):
            check = (
                _("{fitting} of {filled} fit").format(fitting=each.fitting, filled=each.filled) if each.filled else "–"
            )
            put(self.columns, place, [each.heading, ", ".join(each.samples), "", word(each.sureness), check])
            choice = QComboBox()
            choice.setAccessibleName(each.heading)
            for column in Column:
                choice.addItem(word(column), column.value)
            kept = view.profile.get(each.heading, each.column.value)
            choice.setCurrentIndex(choice.findData(kept))
            self.columns.setCellWidget(place, 2, choice)
            if each.sureness in (Sureness.ASK, Sureness.TWICE, Sureness.NONE):
                item = self.columns.item(place, 3)
                if item is not None:
                    item.setForeground(theme.color("warn"))

    def _chosen_columns(self) -> dict[str, str]:
        assert self.view is not None
        chosen = {}
        for place, each in enumerate(self.view.proposals):
            widget = self.columns.cellWidget(place, 2)
            assert isinstance(widget, QComboBox)
            if widget.currentData() != each.column.value or each.sureness in (Sureness.ASK, Sureness.TWICE):
                chosen[each.heading] = widget.currentData()
        return chosen

    def _stage(self) -> None:
        desk, breach_id, path, view = self.office.desk, self.breach_id, self.path, self.view
        chosen, options = self._chosen_columns(), self._options
        assert path is not None
        self._work(
            lambda progress: stage_import(desk, breach_id, path, view, chosen, options, progress), self._show_staged
        )

    def _show_staged(self, staged: Staged) -> None:
        self.staged, self._linked = staged, False
        self._go(PROBLEMS)
        assert self.view is not None
        self.problems_step.show_staged(staged, self.view.head.headings)

    def _apply(self, corrections: dict[int, dict[str, str]]) -> None:
        desk, staged = self.office.desk, self.staged
        assert staged is not None
        import_id = staged.import_id
        self._work(lambda _p: correct_rows(desk, import_id, corrections), self._show_staged)

    def _link(self) -> None:
        """Look for persons who stand twice; passes are told, not rows."""
        desk, staged = self.office.desk, self.staged
        assert staged is not None
        import_id = staged.import_id
        self._work(
            lambda progress: link_import(desk, import_id, progress), self._show_linked, _("Comparing the records")
        )

    def _show_linked(self, linked: LinkedImport) -> None:
        self._counted(linked.staged)
        self._linked = True
        self._go(DUPLICATES)
        self.duplicates_step.show_linked(linked)

    def _counted(self, staged: Staged) -> None:
        """Show the counts as the decisions change them."""
        before = self.staged
        self.staged = replace(staged, again=before.again if before else "")
        self.sum.setText(self._sum_words())

    def _accept(self) -> None:
        desk, staged, breach_id = self.office.desk, self.staged, self.breach_id
        assert staged is not None
        profile, import_id = self.keep.text().strip(), staged.import_id

        def work(progress: Any) -> Changes:
            accept_import(desk, import_id, profile)
            make_plan(desk, breach_id, progress)
            return Changes.of(breach_id, Topic.PERSONS, Topic.PLAN)

        self._work(work, self._accepted)

    def _accepted(self, changes: Changes) -> None:
        staged = self.staged
        assert staged is not None
        self.staged = None
        self.office.toast.emit(
            counted("{count} person is in the register", "{count} persons are in the register", staged.new)
        )
        self.finished.emit()
        self.office.changed.emit(changes)

    def _save_problems(self) -> None:
        desk, staged, view = self.office.desk, self.staged, self.view
        path = self.office.dialogs.save_file(self, _("Save the problems"), "problems.xlsx", "XLSX (*.xlsx)")
        if path is None or staged is None or view is None:
            return
        headings = [_("Row"), _("Column"), _("Problem"), *view.head.headings]
        import_id = staged.import_id

        def work(_progress: Any) -> int:
            lines = problem_rows(desk, import_id, severity="stop", limit=1_000_000)
            rows = [(x.row, x.column, word(ProblemCode(x.code)), *x.cells) for x in lines]
            write_bytes(path, desk.sheets.xlsx(headings, rows))
            return len(rows)

        self.office.do(work, lambda n: self.office.toast.emit(counted("{count} row saved", "{count} rows saved", n)))

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            return
        staged, desk = self.staged, self.office.desk
        if staged is not None:
            self.office.do(lambda _p: discard_import(desk, staged.import_id))
        self.finished.emit()
