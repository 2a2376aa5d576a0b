"""Persons who are twice in the register: found anew, decided side by side, merged, and taken apart again."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dpo_app.core.ids import BreachId, PersonId, grouped, merge_ref
from dpo_app.core.persons.linkage.verdict import ONE_PERSON, Verdict
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.persons.clean_part import CleanPart
from dpo_app.gui.widgets.pair_review import PairReview
from dpo_app.gui.widgets.parts import Card, button, label, row
from dpo_app.gui.widgets.plain_table import plain_table, put
from dpo_app.gui.words import moment, number
from dpo_app.i18n import _, ngettext
from dpo_app.services.persons.merge_persons import (
    RecordCount,
    count_records,
    keep_apart,
    link_register,
    merge_persons,
    merge_sure,
    reopen_last_pair,
    unmerge,
)
from dpo_app.services.persons.review_pairs import PairView, Review, review_pairs
from dpo_app.services.progress import Progress

SURE, PERHAPS, MERGED = range(3)


class CleanDuplicates(CleanPart):
    """Three lists: surely one, perhaps one, merged."""

    def __init__(self, office: Office, breach_id: BreachId) -> None:
        super().__init__(office, breach_id)
        self._kind = SURE
        self._merges: list[Any] = []
        kinds = Card(_("Kinds"))
        kinds.setFixedWidth(theme.px(232))
        self.kinds = []
        for place, (icon, role, name) in enumerate(
            (("circle-check", "ok", "twice_sure"), ("alert-triangle", "warn", "twice_perhaps"),
             ("users", "text_2", "twice_merged"))
        ):  # fmt: skip
            each = button("", "row", "", name)
            each.setIcon(theme.icon(icon, role))
            each.setCheckable(True)
            each.setFixedWidth(theme.px(200))
            each.clicked.connect(lambda _=False, p=place: self._show_kind(p))
            kinds.body.addWidget(each)
            self.kinds.append(each)
        kinds.body.addSpacing(theme.px(12))
        self.count = label("", "second", wrap=True, name="record_count")
        kinds.body.addWidget(self.count)
        kinds.body.addStretch(1)
        self.lists = QStackedWidget()
        self.review = PairReview(_("Nobody else in the register may be the same person."))
        self.review.decided.connect(self._decide)
        self.review.taken_back.connect(self._take_back)
        self.review.rest.hide()
        self.lists.addWidget(self.review)
        self.lists.addWidget(self._merged_list())
        holder = Card()
        holder.body.addWidget(self.lists)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(kinds)
        line.addWidget(holder, 1)

    def _merged_list(self) -> QWidget:
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        text = _("Two records each that are one person now. Taken apart, each has again what was sent to it.")
        box.addWidget(label(text, "second", wrap=True))
        self.table = plain_table([_("No"), _("Code that went"), _("Why"), _("When"), _("Who")], "merged")
        box.addWidget(self.table, 1)
        self.apart = button(_("Take apart"), "", "arrow-back-up", "unmerge")
        self.apart.setEnabled(False)
        self.apart.clicked.connect(self._unmerge)
        self.table.itemSelectionChanged.connect(lambda: self.apart.setEnabled(bool(self.table.selectedItems())))
        box.addLayout(row(self.apart, None))
        return holder

    def open(self) -> None:
        """Search the register anew."""
        desk, breach_id = self.office.desk, self.breach_id

        def work(progress: Progress) -> Any:
            return link_register(desk, breach_id, progress)

        self.led.emit(_("By numbers and ids, and by names, dates, addresses, mail and telephone with a score."), "")
        self.work(work, lambda found: self._found(found.sure), name=_("Comparing the records"))

    def _found(self, sure: int) -> None:
        self._kind = SURE if sure else PERHAPS
        self.reload()

    def _show_kind(self, place: int) -> None:
        self._kind = place
        self.reload()

    def reload(self) -> None:
        """Read the lists anew."""
        desk, breach_id, sure = self.office.desk, self.breach_id, self._kind == SURE

        def work(_progress: Progress) -> tuple[Review, dict[bool, int], RecordCount, Any]:
            counts = {kind: review_pairs(desk, breach_id, None, 1, kind).waiting for kind in (True, False)}
            review = review_pairs(desk, breach_id, None, 1, sure)
            with desk.read() as queries:
                merges = queries.links.merges(breach_id)
            return review, counts, count_records(desk, breach_id), merges

        self.work(work, lambda found: self._show(*found))

    def _show(self, review: Review, counts: dict[bool, int], records: RecordCount, merges: Any) -> None:
        for place, each in enumerate(self.kinds):
            each.setChecked(place == self._kind)
        self.kinds[SURE].setText(_("Surely the same   {count}").format(count=number(counts[True])))
        self.kinds[PERHAPS].setText(_("Perhaps the same   {count}").format(count=number(counts[False])))
        self.kinds[MERGED].setText(_("Merged   {count}").format(count=number(records.merged)))
        self.count.setText(records_in_words(records))
        self.lists.setCurrentIndex(self._kind == MERGED)
        self._merges = merges
        self.table.setRowCount(len(merges))
        for place, line in enumerate(merges):
            put(self.table, place, [merge_ref(line.id), grouped(line.code), line.reason, moment(line.merged_at),
                                    line.merged_by])  # fmt: skip
        self.review.show_review(review)
        self.review.rest.hide()
        text = _("Merge all {count}…").format(count=number(counts[True])) if self._kind == SURE and counts[True] else ""
        self.led.emit(
            _("By numbers and ids, and by names, dates, addresses, mail and telephone with a score. Every decision can be "
              "taken back."), text,
        )  # fmt: skip

    def act(self) -> None:
        """Merge all that are surely one person, for a reason."""
        desk, breach_id = self.office.desk, self.breach_id
        reason = self.office.dialogs.text(
            self, _("Merge all that are surely one person?"),
            _("Why? It stands in the audit trail, so name nobody."), _("same person, found by the program"),
        )  # fmt: skip
        if reason is None:
            return

        def work(progress: Progress) -> Any:
            return merge_sure(desk, breach_id, reason, progress)

        self.work(work, self._merged_all, write=True, name=_("Merging"))

    def _merged_all(self, found: tuple[int, int, Any]) -> None:
        merged, left, changes = found
        self.office.changed.emit(changes)
        text = _("{merged} merged; {left} left to you, for both were written to")
        self.office.toast.emit(text.format(merged=number(merged), left=number(left)))
        self.reload()

    def _decide(self, view: PairView, verdict: Verdict) -> None:
        desk = self.office.desk
        if verdict not in ONE_PERSON:
            self._change(lambda _p: keep_apart(desk, view.pair.id))
            return
        left, right = view.left.person, view.right.person
        assert left is not None and right is not None
        reason: str | None = _("same person, found by the officer")
        if view.left.written_to or view.right.written_to:
            reason = self.office.dialogs.text(
                self, _("Something was sent to one of them already"),
                _("Nothing of it is lost. Why are they one person? It stands in the audit trail, so name nobody."),
            )  # fmt: skip
        if reason is None:
            self.review.setEnabled(True)
            return
        said = reason
        self._change(
            lambda _p: merge_persons(
                desk, PersonId(left), PersonId(right), said, verdict=verdict, pair_id=view.pair.id, plan=False
            )
        )

    def _take_back(self) -> None:
        desk, breach_id = self.office.desk, self.breach_id
        self._change(lambda _p: reopen_last_pair(desk, breach_id))

    def _unmerge(self) -> None:
        desk, line = self.office.desk, self._merges[self.table.currentRow()]
        self._change(lambda _p: unmerge(desk, line.id, plan=False))

    def _change(self, work: Any) -> None:
        def then(_found: Any) -> None:
            self.dirty = True
            self.reload()

        self.work(work, then, write=True)

    def failed(self) -> None:
        """Let the officer decide otherwise."""
        self.review.setEnabled(True)


def records_in_words(count: RecordCount) -> str:
    """Return how records became persons as a sum."""
    return ngettext(
        "{records} record = {persons} persons + {repeated} repeated + {changed} that brought changes + {merged} merged + "
        "{rejected} rejected. A record is a row of a register; a person may have several.",
        "{records} records = {persons} persons + {repeated} repeated + {changed} that brought changes + {merged} merged + "
        "{rejected} rejected. A record is a row of a register; a person may have several.",
        count.records,
    ).format(
        records=number(count.records), persons=number(count.persons), repeated=number(count.repeated),
        changed=number(count.changed), merged=number(count.merged), rejected=number(count.rejected),
    )  # fmt: skip
