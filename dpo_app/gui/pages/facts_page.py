"""Facts: what is known, as revisions that are never edited; a draft counts only when it is saved."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from dpo_app.core.breach import SavedRevision
from dpo_app.core.differences import ChangeKind, differences, facts_of
from dpo_app.core.exposure import EXPOSURE_ORDER
from dpo_app.core.ids import BreachId
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.page import Page
from dpo_app.gui.pages.revision_form import RevisionForm
from dpo_app.gui.widgets.painters import Disc
from dpo_app.gui.widgets.parts import Banner, Card, button, clear, label, row, rule, scrolling, sign
from dpo_app.gui.widgets.window_timeline import WindowTimeline
from dpo_app.gui.words import full_moment, number
from dpo_app.i18n import _, current, ngettext
from dpo_app.messages import word
from dpo_app.messages.facts import FactWords
from dpo_app.services.assess_exposure import make_plan
from dpo_app.services.progress import Changes, Topic
from dpo_app.services.record_breach import revise_breach

_SIGNS = {ChangeKind.ADDED: ("plus", "ok"), ChangeKind.CHANGED: ("arrows-exchange", "info"),
          ChangeKind.REMOVED: ("minus", "danger")}  # fmt: skip


class FactsPage(Page):
    """The newest revision, its differences to the one before, and who moves where."""

    key = "facts"
    topics = frozenset({Topic.FACTS, Topic.PLAN, Topic.PERSONS, Topic.DELIVERIES})

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.title = label("", "title")
        self.source = label("", "second", wrap=True)
        self.new = button(_("New revision…"), "primary", "plus", "new_revision")
        self.new.clicked.connect(self._edit)
        self.new.setEnabled(not office.desk.read_only)
        self.picker = QComboBox()
        self.picker.setObjectName("revision_picker")
        self.picker.setAccessibleName(_("Revision shown"))
        self.picker.activated.connect(self._pick)
        self.picker.hide()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.source)
        head = QHBoxLayout()
        head.addLayout(words, 1)
        head.addWidget(self.picker)
        head.addWidget(self.new)
        self.box.addLayout(head)
        self.note = QVBoxLayout()
        self.box.addLayout(self.note)
        self.area = scrolling(self._columns_widget())
        self.box.addWidget(self.area, 1)
        self.form: RevisionForm | None = None
        self._newest: SavedRevision | None = None
        self._picked: int | None = None

    def _columns_widget(self) -> QWidget:
        """Return the page's two columns: windows and facts, moves and what follows."""
        self._body = QWidget()
        self._columns = QGridLayout(self._body)
        self._columns.setContentsMargins(0, 0, theme.px(4), 0)
        self._columns.setSpacing(theme.px(12))
        self.timeline = WindowTimeline()
        self.windows = Card(_("Windows of intrusion"))
        self.windows.body.addWidget(self.timeline)
        self.facts = Card(_("Facts"))
        self._rows = QGridLayout()
        self._rows.setVerticalSpacing(theme.px(6))
        self._rows.setHorizontalSpacing(theme.px(16))
        self.facts.body.addLayout(self._rows)
        self.moves = Card(_("Who moves where"))
        self._matrix = QGridLayout()
        self.moves.body.addLayout(self._matrix)
        self.follows = Card(_("What follows"))
        self._follows = QVBoxLayout()
        self.follows.body.addLayout(self._follows)
        right = QVBoxLayout()
        right.setSpacing(theme.px(12))
        right.addWidget(self.moves)
        right.addWidget(self.follows)
        right.addStretch(1)
        for card in (self.moves, self.follows):
            card.setFixedWidth(theme.px(360))
        left = QVBoxLayout()
        left.setSpacing(theme.px(12))
        left.addWidget(self.windows)
        left.addWidget(self.facts)
        left.addStretch(1)
        self._columns.addLayout(left, 0, 0)
        self._columns.addLayout(right, 0, 1)
        self._columns.setColumnStretch(0, 1)
        return self._body

    def reload(self) -> None:
        """Read all revisions and what follows from the last one."""
        breach_id = self.breach_id
        assert breach_id is not None
        picked = self._picked

        def read(queries: Any) -> dict[str, Any]:
            revisions = queries.revisions(breach_id)
            place = next((n for n, each in enumerate(revisions) if each.number == picked), len(revisions) - 1)
            new, old = revisions[place], revisions[place - 1] if place else None
            return {
                "revisions": revisions, "new": new, "old": old, "persons": queries.count_persons(breach_id),
                "moves": queries.moves(old.id, new.id) if old else {},
                "owed": queries.told_and_owed_more(old.id, new.id) if old else 0,
                "exposure": queries.exposure_counts(new.id),
            }  # fmt: skip

        self.office.read(read, self._show)

    def _show(self, found: dict[str, Any]) -> None:
        new, old = found["new"], found["old"]
        self._newest = found["revisions"][-1]
        self._show_picker(found["revisions"], new)
        if old is None:
            self.title.setText(_("Revision {number}").format(number=new.number))
        else:
            self.title.setText(_("Revision {new} beside revision {old}").format(new=new.number, old=old.number))
        self.source.setText(
            _("Known as of {when} · source: {source} · recorded by {who}").format(
                when=full_moment(new.facts.known_as_of), source=new.facts.source, who=new.author
            )
        )
        self.timeline.set_windows(new.facts.windows, old=old.facts.windows if old else ())
        self._show_facts(new, old)
        self._show_moves(found)
        self._show_follows(found)

    def _show_picker(self, revisions: list[SavedRevision], shown: SavedRevision) -> None:
        self.picker.clear()
        for each in reversed(revisions):
            text = _("Revision {number}, known as of {when}")
            self.picker.addItem(text.format(number=each.number, when=full_moment(each.facts.known_as_of)), each.number)
        self.picker.setCurrentIndex(self.picker.findData(shown.number))
        self.picker.setVisible(len(revisions) > 1 and self.form is None)
        if self.form is None:
            clear(self.note)
            if shown is not revisions[-1]:
                text = _("This is what was known then. Revision {number} counts now.").format(
                    number=revisions[-1].number
                )
                self.note.addWidget(Banner("info", text, closable=False))

    def _pick(self, place: int) -> None:
        self._picked = None if place == 0 else self.picker.itemData(place)
        self.reload()

    def open_breach(self, breach_id: BreachId) -> None:
        """Show the newest revision of another breach."""
        if breach_id != self.breach_id:
            self._picked = None
        super().open_breach(breach_id)

    def _show_facts(self, new: SavedRevision, old: SavedRevision | None) -> None:
        clear(self._rows)
        words = FactWords(current(), self.office.desk.time_zone, _)
        changed = {each.key: each for each in differences(old.facts, new.facts)} if old else {}
        if self.facts.heading is not None and old is not None:
            total = len(facts_of(new.facts))
            self.facts.heading.setText(
                _("Facts · {changed} of {total} differ").format(changed=len(changed), total=total)
            )
        keys = list(dict.fromkeys((*changed, *facts_of(new.facts))))
        place = 0
        for key in keys:
            change = changed.get(key)
            value = facts_of(new.facts).get(key)
            if change is None and words.value(key, value) == "–":
                continue
            self._rows.addWidget(label(words.name(key), "second", wrap=True), place, 0, Qt.AlignmentFlag.AlignTop)
            if change is not None:
                self._rows.addLayout(self._change(change.kind), place, 1)
                before = label(words.value(key, change.old), "caption", wrap=True)
                struck = before.font()
                struck.setStrikeOut(change.old is not None)
                before.setFont(struck)
                self._rows.addWidget(before, place, 2, Qt.AlignmentFlag.AlignTop)
            text = label(words.value(key, change.new if change else value), "strong" if change else "body", wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._rows.addWidget(text, place, 3, Qt.AlignmentFlag.AlignTop)
            place += 1
        for column, stretch in ((0, 3), (1, 0), (2, 3 if changed else 0), (3, 6)):
            self._rows.setColumnStretch(column, stretch)

    @staticmethod
    def _change(kind: ChangeKind) -> QHBoxLayout:
        icon, role = _SIGNS[kind]
        mark = sign(icon, role, 16)
        return row(mark, label(word(kind), "medium", tone=role), None, space=4)

    def _show_moves(self, found: dict[str, Any]) -> None:
        clear(self._matrix)
        states = EXPOSURE_ORDER
        if found["old"] is None:
            for place, state in enumerate(states):
                self._matrix.addLayout(row(Disc(state.value), label(word(state)), None, space=6), place, 0)
                self._matrix.addWidget(label(number(found["exposure"][state.value]), "strong"), place, 1)
            if self.moves.heading is not None:
                self.moves.heading.setText(_("How surely exposed"))
            return
        if self.moves.heading is not None:
            self.moves.heading.setText(_("Who moves where"))
        for column, state in enumerate(states, 1):
            self._matrix.addWidget(Disc(state.value), 0, column, Qt.AlignmentFlag.AlignCenter)
        for place, before in enumerate(states, 1):
            self._matrix.addLayout(row(Disc(before.value), label(word(before), "caption"), None, space=4), place, 0)
            for column, after in enumerate(states, 1):
                count = found["moves"].get((before.value, after.value), 0)
                moved = count and before is not after
                cell = label(number(count), "strong" if moved else "caption", tone="warn" if moved else "")
                cell.setToolTip(f"{word(before)} → {word(after)}: {number(count)}")
                self._matrix.addWidget(cell, place, column, Qt.AlignmentFlag.AlignCenter)

    def _show_follows(self, found: dict[str, Any]) -> None:
        clear(self._follows)
        moved = sum(n for (a, b), n in found["moves"].items() if a and a != b)
        items: list[tuple[str, str, str]] = []
        if found["owed"]:
            text = ngettext("{count} person who was told is owed more", "{count} persons who were told are owed more",
                            found["owed"])  # fmt: skip
            items.append(("user-exclamation", "warn", text.format(count=number(found["owed"]))))
        if moved:
            text = ngettext("{count} person moves", "{count} persons move", moved)
            items.append(("users", "info", text.format(count=number(moved))))
        if found["old"] is not None:
            items.append(("history", "info", _("The authority is owed what changed (Art. 33(4)).")))
        if not items:
            items.append(("circle-check", "ok", _("This is the first revision; nothing follows from it yet.")))
        for icon, role, text in items:
            mark = sign(icon, role, 18)
            line = row(space=8)
            line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(label(text, wrap=True), 1)
            self._follows.addLayout(line)
        self._follows.addWidget(rule())
        self._follows.addWidget(
            label(_("Revisions are never edited. A correction is a new one."), "caption", wrap=True)
        )

    def _edit(self) -> None:
        if self._newest is None or self.form is not None:
            return
        self.form = RevisionForm(self._newest.facts, self.office)
        self.form.given_up.connect(self._close_form)
        self.form.finished.connect(self._save)
        self.area.hide()
        self.new.hide()
        self.picker.hide()
        clear(self.note)
        draft = _("Draft of revision {number}: nothing counts until you save it.").format(
            number=self._newest.number + 1
        )
        self.note.addWidget(Banner("info", draft, closable=False))
        self.box.addWidget(self.form, 1)

    def _close_form(self) -> None:
        if self.form is not None:
            self.box.removeWidget(self.form)
            self.form.deleteLater()
            self.form = None
        clear(self.note)
        self.area.show()
        self.new.show()
        self.picker.setVisible(self.picker.count() > 1)

    def _save(self, facts: Any) -> None:
        breach_id, desk = self.breach_id, self.office.desk
        assert breach_id is not None

        def work(progress: Any) -> Changes:
            revise_breach(desk, breach_id, facts)
            make_plan(desk, breach_id, progress)
            return Changes.of(breach_id, Topic.FACTS, Topic.PLAN, Topic.BREACHES)

        job = self.office.do(work, None, _("Saving the revision"))
        job.done.connect(lambda _result: self._saved())
        job.failed.connect(lambda error: self.form.show_error(error) if self.form else None)

    def _saved(self) -> None:
        self._picked = None
        self._close_form()

    def show_target(self, target: object) -> None:
        """Links here ask for a window to be added."""
        if target == "edit":
            self._edit()
