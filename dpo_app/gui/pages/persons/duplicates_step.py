"""The import's step Duplicates: who is surely twice in the file or the register, and who perhaps is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dpo_app.core.errors import DpoError
from dpo_app.core.ids import BreachId, ImportId
from dpo_app.core.persons.linkage.verdict import Verdict
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.pair_review import PairReview, known_day
from dpo_app.gui.widgets.parts import Card, button, label, row
from dpo_app.gui.widgets.plain_table import plain_table, put
from dpo_app.gui.words import number
from dpo_app.i18n import _
from dpo_app.messages import explain
from dpo_app.services.persons.import_persons import Staged, duplicate_rows
from dpo_app.services.persons.link_import import LinkedImport, decide_pair, different_rest, reopen_last
from dpo_app.services.persons.review_pairs import Review, review_pairs
from dpo_app.services.progress import Progress

SHOWN = 300


class DuplicatesStep(QWidget):
    """Two lists behind two buttons; `changed` brings the import's counts anew, `failed` a sentence."""

    changed = Signal(object)
    failed = Signal(str)

    def __init__(self, office: Office, breach_id: BreachId) -> None:
        super().__init__()
        self.office, self.breach_id = office, breach_id
        self.import_id: ImportId | None = None
        self._pairs: dict[int, int] = {}
        kinds = Card(_("Kinds"))
        kinds.setFixedWidth(theme.px(232))
        self.sure_button = button("", "row", "", "kind_sure")
        self.perhaps_button = button("", "row", "", "kind_perhaps")
        for place, (each, icon, role) in enumerate(
            ((self.sure_button, "circle-check", "ok"), (self.perhaps_button, "alert-triangle", "warn"))
        ):
            each.setIcon(theme.icon(icon, role))
            each.setCheckable(True)
            each.setFixedWidth(theme.px(200))
            each.clicked.connect(lambda _=False, p=place: self.show_list(p))
            kinds.body.addWidget(each)
        kinds.body.addStretch(1)
        self.lists = QStackedWidget()
        self.lists.addWidget(self._sure_list())
        self.review = PairReview(_("Nobody else in this file or in the register may be the same person."))
        self.review.decided.connect(self._decide)
        self.review.taken_back.connect(lambda: self._work(lambda desk, i: reopen_last(desk, i)))
        self.review.rest_left.connect(self._leave_rest)
        self.lists.addWidget(self.review)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(kinds)
        holder = Card()
        holder.body.addWidget(self.lists)
        line.addWidget(holder, 1)

    def _sure_list(self) -> QWidget:
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        text = _(
            "Each of these rows becomes part of the record it repeats. Choose one that is somebody else after all."
        )
        box.addWidget(label(text, "second", wrap=True))
        self.table = plain_table([_("Row"), _("Name"), _("Born"), _("E-mail"), _("Is the same as")], "duplicates")
        self.table.itemSelectionChanged.connect(self._selected)
        box.addWidget(self.table, 1)
        self.apart = button(_("Different people"), "", "users", "take_apart")
        self.apart.clicked.connect(self._take_apart)
        self.apart.setEnabled(False)
        box.addLayout(row(self.apart, None))
        return holder

    def show_list(self, place: int) -> None:
        """Show the sure ones (0) or those to decide (1)."""
        self.lists.setCurrentIndex(place)
        self.sure_button.setChecked(place == 0)
        self.perhaps_button.setChecked(place == 1)
        if place == 1:
            self.review.setFocus()

    def show_linked(self, linked: LinkedImport) -> None:
        """Show what linkage found in an import."""
        self.import_id = linked.staged.import_id
        self.show_list(1 if linked.perhaps else 0)
        self.reload()

    def reload(self) -> None:
        """Read both lists anew."""
        desk, breach_id, import_id = self.office.desk, self.breach_id, self.import_id
        if import_id is None:
            return

        def work(_progress: Progress) -> tuple[Any, Review, dict[int, int]]:
            rows = duplicate_rows(desk, import_id, SHOWN)
            with desk.read() as queries:
                sure = queries.links.pairs(breach_id, import_id, verdicts=(Verdict.MERGED,), limit=10_000)
            pairs = {line.right_row: line.id for line in sure if line.right_row is not None}
            return rows, review_pairs(desk, breach_id, import_id, 1), pairs

        self.office.runner.run(work).done.connect(self._show)

    def _show(self, found: tuple[Any, Review, dict[int, int]]) -> None:
        rows, review, self._pairs = found
        self.table.setRowCount(len(rows))
        for place, (person, same_row, same_person) in enumerate(rows):
            v = person.values
            where = _("row {row}").format(row=same_row) if same_row else _("a person in the register")
            name = f"{v['family_name']}, {v['given_names']}"
            where = where if same_row or same_person else "–"
            put(self.table, place, [str(person.row), name, known_day(v["born"]), v["email"], where])
        self.sure_button.setText(_("Surely the same   {count}").format(count=number(len(rows))))
        self.perhaps_button.setText(_("Perhaps the same   {count}").format(count=number(review.waiting)))
        self.review.show_review(review)
        self._selected()

    def _chosen(self) -> int | None:
        item = self.table.item(self.table.currentRow(), 0) if self.table.selectedItems() else None
        return self._pairs.get(int(item.text())) if item is not None else None

    def _selected(self) -> None:
        self.apart.setEnabled(self._chosen() is not None)

    def _take_apart(self) -> None:
        pair_id = self._chosen()
        if pair_id is None:
            return

        def work(desk: Any, import_id: ImportId) -> Staged:
            reopen_last(desk, import_id, pair_id)
            return decide_pair(desk, pair_id, Verdict.DIFFERENT)

        self._work(work)

    def _decide(self, view: Any, verdict: Verdict) -> None:
        self._work(lambda desk, _import: decide_pair(desk, view.pair.id, verdict))

    def _leave_rest(self) -> None:
        sure = self.office.dialogs.confirm(
            self, _("Leave the rest as different people?"),
            _("Everybody stays a person of their own and gets a message of their own."), _("Leave them"),
        )  # fmt: skip
        if sure:
            self._work(different_rest)

    def _work(self, work: Callable[[Any, ImportId], Staged]) -> None:
        desk, import_id = self.office.desk, self.import_id
        if import_id is None:
            return
        job = self.office.runner.write(lambda _p: work(desk, import_id))
        job.done.connect(self.changed)
        job.done.connect(lambda _staged: self.reload())
        job.failed.connect(self._failed)

    def _failed(self, error: BaseException) -> None:
        self.review.setEnabled(True)
        if isinstance(error, DpoError):
            self.failed.emit(str(explain(error)))
