"""Persons: the ledger as a list, one person beside it, the register's import in its place while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QSplitter,
    QTableView,
    QWidget,
)

from dpo_app.core.delivery import Standing
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import BreachId
from dpo_app.core.persons.channel import Channel
from dpo_app.gui import theme
from dpo_app.gui.models.person_model import ALL_COLUMNS, PAGE, SORTED, PersonModel, column_words
from dpo_app.gui.office import Office
from dpo_app.gui.pages.page import Page
from dpo_app.gui.pages.persons.chosen_persons import ChosenPersons, listed_ids
from dpo_app.gui.pages.persons.clean_up import CleanUp, part_words
from dpo_app.gui.pages.persons.import_wizard import ImportWizard
from dpo_app.gui.pages.persons.person_filters import FilterMenu, sentence
from dpo_app.gui.pages.persons.person_pane import PersonPane
from dpo_app.gui.pages.persons.selection_bar import SelectionBar
from dpo_app.gui.widgets.flow_layout import FlowLayout
from dpo_app.gui.widgets.parts import Card, EmptyState, button, label, row
from dpo_app.gui.widgets.person_delegate import ROW, PersonDelegate
from dpo_app.gui.words import number
from dpo_app.i18n import _, ngettext
from dpo_app.messages import word
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.lines import PersonFilter
from dpo_app.services.notices.follow_up import draft_follow_up
from dpo_app.services.persons.import_persons import undo_import
from dpo_app.services.progress import Topic

_WIDTHS = {"exposure": 140, "channel": 140, "standing": 150, "last": 170, "care": 170, "registered": 120,
           "removed": 120}  # fmt: skip
_WIDTH = 100
TYPING_MS = 40


class PersonsPage(Page):
    """List, filters, search as you type, pane."""

    key = "persons"
    topics = frozenset({Topic.PERSONS, Topic.PLAN, Topic.DELIVERIES})

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._filter = PersonFilter()
        self._order, self._down = "name", False
        self._revision_id: Any = None
        self._serial = 0
        self._only: frozenset[int] | None = None
        self._windows: tuple[str, ...] = ()
        self.model = PersonModel(self._fetch)
        if office.person_columns:
            self.model.set_columns(office.person_columns)
        self.chosen = ChosenPersons(self, office, self._selected)
        self.list = self._list_card()
        self.pane = PersonPane(office)
        self.pane.closed.connect(self.pane.hide)
        self.pane.closed.connect(self._fold)
        self.pane.hide()
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(self.list)
        self.split.addWidget(self.pane)
        self.split.setStretchFactor(0, 1)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(theme.px(12))
        self.empty = EmptyState(
            "users", _("No persons yet"),
            _("Bring in the register as it was exported: CSV or spreadsheet, in any column order. Nothing counts until "
              "you have looked at it."),
            _("Import the register"), "table-import",
        )  # fmt: skip
        self.empty.pressed.connect(lambda: self.start_import())
        self.empty.hide()
        self.box.addWidget(self.split, 1)
        self.box.addWidget(self.empty, 1)
        self.wizard: ImportWizard | None = None
        self.clean: CleanUp | None = None

    def _list_card(self) -> Card:
        card = Card()
        self.search = QLineEdit()
        self.search.setObjectName("person_search")
        self.search.setPlaceholderText(_("Name, code, mail or number"))
        self.search.setAccessibleName(_("Name, code, mail or number"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(theme.icon("search", "text_3"), QLineEdit.ActionPosition.LeadingPosition)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._searched)
        self.search.textChanged.connect(lambda: self._typing.start())
        self.plan_button = button(_("Work out the plan"), "", "refresh", "make_plan")
        self.plan_button.clicked.connect(self._plan)
        export = button(_("Export…"), "quiet", "file-export", "export_persons")
        export.clicked.connect(self._export)
        self.undo = button(_("Undo import"), "quiet", "arrow-back-up", "undo_import")
        self.undo.clicked.connect(self._undo)
        self.undo.hide()
        bring = button(_("Import…"), "", "table-import", "import_persons")
        bring.clicked.connect(lambda: self.start_import())
        for each in (self.plan_button, bring, self.undo):
            each.setEnabled(not self.office.desk.read_only)
        line = QHBoxLayout()
        line.addWidget(self.search, 1)
        self.tidy = button(_("Clean up"), "", "adjustments", "clean_up")
        self.tidy.setMenu(self._tidy_menu())
        self.tidy.setEnabled(not self.office.desk.read_only)
        for each in (export, self.undo, self.tidy, self.plan_button, bring):
            line.addWidget(each)
        card.body.addLayout(line)
        self.count = label("", "second")
        card.body.addLayout(self._chip_line())
        card.body.addLayout(self._count_line())
        card.body.addWidget(self._table(), 1)
        self.bar = SelectionBar(not self.office.desk.read_only)
        self.bar.decided.connect(self.chosen.decide)
        self.bar.marked.connect(self.chosen.mark)
        self.bar.copy_wanted.connect(self.chosen.copy)
        self.bar.export_wanted.connect(self._export_chosen)
        self.bar.all_wanted.connect(self.table.selectAll)
        self.bar.none_wanted.connect(self.table.clearSelection)
        card.body.addWidget(self.bar)
        return card

    def _chip_line(self) -> FlowLayout:
        chips = FlowLayout()
        self._chips = QButtonGroup(self)
        for name in ("all", *(s.value for s in Standing), "care"):
            text = {"all": _("All"), "care": _("Care")}.get(name) or word(Standing(name))
            chip = button(text, "filter", name=f"filter_{name}")
            chip.setCheckable(True)
            self._chips.addButton(chip)
            chip.clicked.connect(lambda _=False, n=name: self._chip(n))
            chips.addWidget(chip)
        self._chips.buttons()[0].setChecked(True)
        return chips

    def _count_line(self) -> QHBoxLayout:
        line = row(self.count, None, space=4)
        line.setStretchFactor(self.count, 1)
        self.count.setWordWrap(True)
        self.follow = button(_("Draft a follow-up for them"), "primary", "file-text", "draft_follow_up")
        self.follow.clicked.connect(self._follow_up)
        self.follow.hide()
        line.addWidget(self.follow)
        self.filters = FilterMenu(self, self.office, self._filter_chosen)
        for text, icon, name, menu in (
            (_("Filter"), "adjustments", "person_filter", self.filters),
            (_("Columns"), "list-details", "person_columns", self._column_menu()),
        ):
            each = button(text, "quiet", icon, name)
            each.setMenu(menu)
            line.addWidget(each)
        return line

    def _follow_up(self) -> None:
        """Draft the second notice, for exactly those who are owed more, and go to it."""
        breach_id, desk = self.breach_id, self.office.desk
        if breach_id is not None:
            self.office.do(
                lambda _p: draft_follow_up(desk, breach_id), lambda _r: self.office.page_wanted.emit("notices", None),
                _("Drafting the follow-up"),
            )  # fmt: skip

    def _column_menu(self) -> QMenu:
        menu = QMenu(self)
        for key in ALL_COLUMNS[1:]:
            tick = menu.addAction(column_words()[key])
            tick.setCheckable(True)
            tick.setChecked(key in self.model.columns)
            tick.setData(key)
        menu.triggered.connect(lambda _action: self._columns(menu))
        return menu

    def _columns(self, menu: QMenu) -> None:
        """Show the columns that are ticked, and keep the choice for this user."""
        chosen = tuple(a.data() for a in menu.actions() if a.isChecked())
        self.model.set_columns(chosen)
        self._size_columns()
        self.office.person_columns = self.model.columns
        self.office.columns_chosen.emit(self.model.columns)

    def _size_columns(self) -> None:
        head = self.table.horizontalHeader()
        for place, key in enumerate(self.model.columns):
            if place:
                head.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
                head.resizeSection(place, theme.px(_WIDTHS.get(key, _WIDTH)))
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        if self._order in self.model.columns:
            turn = Qt.SortOrder.DescendingOrder if self._down else Qt.SortOrder.AscendingOrder
            head.setSortIndicator(self.model.columns.index(self._order), turn)

    def _selected(self) -> tuple[BreachId, list[int]] | None:
        """Return the breach and the persons chosen: all rows that match if all are, loaded or not."""
        return None if self.breach_id is None else (self.breach_id, self.model.ids_of(self._ranges()))

    def _ranges(self) -> list[tuple[int, int]]:
        """Return the chosen rows as ranges, both ends included: all of a million rows are one."""
        selection: Any = self.table.selectionModel().selection()
        return sorted({(part.top(), part.bottom()) for part in selection})

    def _selection(self) -> None:
        self.bar.show_count(sum(last - first + 1 for first, last in self._ranges()), self.model.rowCount())

    def _export_chosen(self) -> None:
        found = self._selected()
        if found is not None:
            self.chosen.export(found[0], self._filter, found[1])

    def _filter_chosen(self, wanted: PersonFilter) -> None:
        """Take a filter of the menu; what is typed stays."""
        self._only = None
        chip = "all"
        if len(wanted.standings) == 1 and not wanted.care:
            chip = next(iter(wanted.standings)).value
        elif wanted.care and not wanted.standings:
            chip = "care"
        found = self.findChild(QWidget, f"filter_{chip}")
        if found is not None:
            found.setChecked(True)  # type: ignore[attr-defined]
        self._filter = replace(wanted, text=self._filter.text)
        if self.breach_id is not None:
            self.reload()

    def _tidy_menu(self) -> QMenu:
        menu = QMenu(self)
        for key, text in part_words().items():
            menu.addAction(text, partial(self.start_clean_up, key))
        return menu

    def start_clean_up(self, part: str = "duplicates") -> None:
        """Put the cleaning of the register in the page's place."""
        if self.breach_id is None or self.wizard is not None or self.clean is not None or self.office.desk.read_only:
            return
        self.clean = CleanUp(self.office, self.breach_id, part)
        self.clean.finished.connect(self._clean_over)
        self.split.hide()
        self.box.addWidget(self.clean, 1)

    def _clean_over(self) -> None:
        if self.clean is not None:
            self.box.removeWidget(self.clean)
            self.clean.deleteLater()
            self.clean = None
        self.split.show()
        self.reload()

    def _table(self) -> QTableView:
        self.table = QTableView()
        self.table.setObjectName("person_table")
        self.table.setAccessibleName(_("Persons"))
        self.table.setModel(self.model)
        self.delegate = PersonDelegate()
        self.table.setItemDelegate(self.delegate)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setDefaultSectionSize(theme.px(ROW))
        self.table.setShowGrid(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        head = self.table.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionsClickable(True)
        head.setSortIndicatorShown(True)
        self._size_columns()
        head.sectionClicked.connect(self._sort)
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._selection())
        copy = QShortcut(QKeySequence.StandardKey.Copy, self.table, context=Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.chosen.copy)
        return self.table

    def open_breach(self, breach_id: BreachId) -> None:
        """Show a breach; cleaning another one is over."""
        if self.clean is not None and self.clean.breach_id != breach_id:
            self.clean.leave()
        super().open_breach(breach_id)

    def reload(self) -> None:
        """Read who matches, in order; the rows come as they are looked at."""
        breach_id = self.breach_id
        assert breach_id is not None
        self._serial += 1
        serial, wanted, order, down = self._serial, self._filter, self._order, self._down
        only = self._only
        self.filters.set_now(wanted)

        def first(queries: Any) -> tuple[Any, ...]:
            saved = queries.newest_revision(breach_id)
            ids = listed_ids(queries, breach_id, saved.id, wanted, order, down, only, PAGE)
            return serial, saved.id, ids, len(ids) or queries.count_persons(breach_id)

        def rest(queries: Any) -> tuple[Any, ...]:
            saved = queries.newest_revision(breach_id)
            ids = listed_ids(queries, breach_id, saved.id, wanted, order, down, only)
            runs = [run.id for run in queries.imports(breach_id) if run.state == "accepted"]
            known = (queries.saved_filters(), [w.name for w in saved.facts.windows], runs)
            numbers = {each.id: each.number for each in queries.revisions(breach_id)}
            return serial, ids, runs[-1] if runs else None, queries.is_planned(saved.id), known, numbers

        def then(found: tuple[Any, ...]) -> None:
            self._show(found)
            if serial == self._serial:
                self.office.read(rest, self._show_rest)

        # The first page is painted at once; the numbers of all the others follow.
        self.office.read(first, then)

    def _show(self, found: tuple[Any, ...]) -> None:
        serial, revision_id, ids, total = found
        if serial != self._serial or self.wizard is not None or self.clean is not None:
            return
        self._revision_id = revision_id
        self.empty.setVisible(total == 0)
        self.split.setVisible(total > 0)
        self.model.set_ids(ids)
        if len(ids) < PAGE:
            self._count(len(ids))

    def _show_rest(self, found: tuple[Any, ...]) -> None:
        serial, ids, last_import, planned, known, numbers = found
        if serial != self._serial or self.wizard is not None or self.clean is not None:
            return
        self._last_import = last_import
        self.filters.set_known(*known)
        self._windows = tuple(known[1])
        self.model.set_revisions(numbers)
        self.plan_button.setVisible(not planned)
        self.undo.setVisible(last_import is not None)
        self.model.grow_ids(ids)
        self._count(len(ids))

    def _count(self, count: int) -> None:
        text = ngettext("{count} person", "{count} persons", count).format(count=number(count))
        if not count and self._filter.text:
            text = _("Nobody matches “{text}”").format(text=self._filter.text)
        said = sentence(replace(self._filter, text=""), self._windows)
        if self._only is not None:
            said = ", ".join(filter(None, (_("those of the link"), said)))
        self.follow.setVisible(self._filter.owed and count > 0 and not self.office.desk.read_only)
        self.count.setText(f"{said}: {text}" if said and not (self._filter.text and not count) else text)
        self._selection()

    def _fetch(self, ids: Sequence[int], place: int) -> None:
        revision_id, wanted = self._revision_id, list(ids)
        self.office.read(
            lambda queries: (place, queries.person_lines(revision_id, wanted), wanted),
            lambda page: self.model.put_page(*page),
        )

    def _searched(self) -> None:
        self._set(text=self.search.text().strip())

    def _chip(self, name: str) -> None:
        standings = frozenset({Standing(name)}) if name in set(Standing) else frozenset()
        self._only = None
        self._set(standings=standings, care=name == "care", exposures=frozenset(), channels=frozenset(), owed=False)

    def _set(self, **changes: Any) -> None:
        self._filter = replace(self._filter, **changes)
        if self.breach_id is not None:
            self.reload()

    def _sort(self, column: int) -> None:
        order = self.model.columns[column]
        if order not in SORTED:
            self._size_columns()
            return
        self._down = not self._down if order == self._order else False
        self._order = order
        turn = Qt.SortOrder.DescendingOrder if self._down else Qt.SortOrder.AscendingOrder
        self.table.horizontalHeader().setSortIndicator(column, turn)
        self.reload()

    def _fold(self) -> None:
        """Give the name its room: a narrow list does without the last event."""
        narrow = self.pane.isVisible() and self.width() < theme.px(1300)
        for place, key in enumerate(self.model.columns):
            if key == "last":
                self.table.setColumnHidden(place, narrow)
            elif key in ("exposure", "channel", "standing"):
                self.table.horizontalHeader().resizeSection(place, theme.px(136 if key == "standing" else 126))

    def _chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        # While several are chosen, the arrows choose; the pane would come in their way.
        if current.isValid() and sum(last - first + 1 for first, last in self._ranges()) <= 1:
            self.pane.show()
            if self.split.sizes()[1] < 10:
                self.split.setSizes([self.split.width() - theme.px(384), theme.px(384)])
            self._fold()
            self.pane.open_person(self.model.person_id(current.row()), self._revision_id)

    def show_target(self, target: object) -> None:
        """Links here name a standing, exposure or channel, or ask for import or plan."""
        if self.clean is not None:
            self.clean.leave()
        if target == "import":
            self.start_import()
        elif target == "plan":
            self._plan()
        elif isinstance(target, dict):
            if "person" in target:
                self.pane.show()
                breach_id, person = self.breach_id, target["person"]
                assert breach_id is not None
                # The page itself may not have been read yet.
                self.office.read(
                    lambda queries: queries.newest_revision(breach_id).id,
                    lambda revision: self.pane.open_person(person, revision),
                )
                return
            name = target.get("standing", "all")
            chip = self.findChild(QWidget, f"filter_{name}")
            if chip is not None:
                chip.setChecked(True)  # type: ignore[attr-defined]
            self._only = frozenset(target["ids"]) if "ids" in target else None
            self._filter = PersonFilter(
                owed=bool(target.get("owed")),
                exposures=frozenset(map(ExposureState, filter(None, [target.get("exposure")]))),
                channels=frozenset(map(Channel, filter(None, [target.get("channel")]))),
                standings=frozenset(map(Standing, filter(None, [target.get("standing")]))),
            )
            if self.breach_id is not None:
                self.reload()

    def start_import(self, path: Path | None = None) -> None:
        """Put the import in the page's place; `path` was dropped or chosen elsewhere."""
        if self.breach_id is None or self.wizard is not None or self.office.desk.read_only:
            return
        if self.clean is not None:
            self.clean.leave()
        self.wizard = ImportWizard(self.office, self.breach_id)
        self.wizard.finished.connect(self._import_over)
        self.split.hide()
        self.empty.hide()
        self.box.addWidget(self.wizard, 1)
        if path is not None:
            self.wizard.choose(path)

    def _import_over(self) -> None:
        if self.wizard is not None:
            self.box.removeWidget(self.wizard)
            self.wizard.deleteLater()
            self.wizard = None
        self.reload()

    def _plan(self) -> None:
        breach_id, desk = self.breach_id, self.office.desk
        if breach_id is not None:
            self.office.do(lambda progress: make_plan(desk, breach_id, progress), None, _("Working out exposure"))

    def _undo(self) -> None:
        desk, import_id = self.office.desk, self._last_import
        sure = self.office.dialogs.confirm(
            self, _("Take the last import back?"),
            _("Its persons are removed and changed ones are as before. This is possible until something was sent."),
            _("Take it back"),
        )  # fmt: skip
        if sure and import_id is not None:
            self.office.do(lambda _p: undo_import(desk, import_id), None, _("Taking the import back"))

    def _export(self) -> None:
        if self.breach_id is not None:
            self.chosen.export(self.breach_id, self._filter, list(self._only) if self._only is not None else None)
