"""Two revisions side by side: old outlines under the new windows, facts struck out and added, who moves where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from dpo_app.core.facts.breach import SavedRevision
from dpo_app.core.facts.differences import ChangeKind, FactChange, differences, facts_of
from dpo_app.core.facts.exposure import EXPOSURE_ORDER
from dpo_app.gui import theme
from dpo_app.gui.widgets.painters import Disc
from dpo_app.gui.widgets.parts import Card, button, clear, label, row, rule, scrolling, sign
from dpo_app.gui.widgets.window_timeline import WindowTimeline
from dpo_app.gui.words import number, zone_name
from dpo_app.i18n import _, current, ngettext
from dpo_app.messages import word
from dpo_app.messages.facts import FactWords

SIGNS = {ChangeKind.ADDED: ("plus", "ok"), ChangeKind.CHANGED: ("arrows-exchange", "info"),
         ChangeKind.REMOVED: ("minus", "danger")}  # fmt: skip


def change_rows(grid: QGridLayout, changes: Sequence[FactChange], words: FactWords, first: int = 0) -> int:
    """Add a row for each change: sign and word, name, old struck out, new underlined; returns the next free row."""
    place = first
    for each in changes:
        icon, role = SIGNS[each.kind]
        mark = row(sign(icon, role, 16), label(word(each.kind), "medium", tone=role), None, space=4)
        grid.addLayout(mark, place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(words.name(each.key), "second", wrap=True), place, 1, Qt.AlignmentFlag.AlignTop)
        before = label(words.value(each.key, each.old), "caption", wrap=True)
        font = before.font()
        font.setStrikeOut(each.old is not None)
        before.setFont(font)
        grid.addWidget(before, place, 2, Qt.AlignmentFlag.AlignTop)
        after = label(words.value(each.key, each.new), "strong", wrap=True)
        font = after.font()
        font.setUnderline(each.kind is ChangeKind.ADDED)
        after.setFont(font)
        after.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(after, place, 3, Qt.AlignmentFlag.AlignTop)
        place += 1
    for column, stretch in ((0, 0), (1, 3), (2, 3), (3, 5)):
        grid.setColumnStretch(column, stretch)
    return place


def move_matrix(grid: QGridLayout, cells: Mapping[tuple[str, str], int]) -> None:
    """Fill a grid with who moves from which exposure to which; what moves stands out."""
    states = EXPOSURE_ORDER
    for column, state in enumerate(states, 1):
        head = Disc(state.value)
        head.setToolTip(word(state))
        grid.addWidget(head, 0, column, Qt.AlignmentFlag.AlignCenter)
        grid.setColumnMinimumWidth(column, theme.px(26))
    for place, before in enumerate(states, 1):
        grid.addLayout(row(Disc(before.value), label(word(before), "caption"), None, space=4), place, 0)
        for column, after in enumerate(states, 1):
            count = cells.get((before.value, after.value), 0)
            moved = count and before is not after
            cell = label(number(count), "strong" if moved else "caption", tone="warn" if moved else "")
            cell.setToolTip(f"{word(before)} → {word(after)}: {number(count)}")
            grid.addWidget(cell, place, column, Qt.AlignmentFlag.AlignCenter)
    grid.setColumnStretch(len(states) + 1, 1)


class DifferenceView(QWidget):
    """The comparison of a revision with the one before it; `follow_up_wanted` asks for the notices that it owes."""

    follow_up_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._all = False
        self._shown: tuple[SavedRevision, SavedRevision | None] | None = None
        self.timeline = WindowTimeline()
        self.windows = Card(_("Windows of intrusion"))
        self.windows.body.addWidget(self.timeline)
        self.more = button(_("Show all"), "link", name="all_facts")
        self.more.clicked.connect(self._toggle)
        self.facts = Card(_("Facts"), self.more)
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
        inner = QWidget()
        columns = QHBoxLayout(inner)
        columns.setContentsMargins(0, 0, theme.px(4), 0)
        columns.setSpacing(theme.px(12))
        left, right = QVBoxLayout(), QVBoxLayout()
        for side, cards in ((left, (self.windows, self.facts)), (right, (self.moves, self.follows))):
            side.setSpacing(theme.px(12))
            for card in cards:
                side.addWidget(card)
            side.addStretch(1)
        for card in (self.moves, self.follows):
            card.setFixedWidth(theme.px(360))
        columns.addLayout(left, 1)
        columns.addLayout(right)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(scrolling(inner))

    def show_found(self, found: dict[str, Any]) -> None:
        """Show what the page read: `new`, `old`, `moves`, `owed`, `exposure`, `told`."""
        new, old = found["new"], found["old"]
        self._shown = (new, old)
        self.timeline.set_windows(new.facts.windows, old=old.facts.windows if old else ())
        self._show_facts()
        clear(self._matrix)
        if old is None:
            for place, state in enumerate(EXPOSURE_ORDER):
                self._matrix.addLayout(row(Disc(state.value), label(word(state)), None, space=6), place, 0)
                self._matrix.addWidget(label(number(found["exposure"][state.value]), "strong"), place, 1)
        else:
            move_matrix(self._matrix, found["moves"])
        self._show_follows(found)

    def _toggle(self) -> None:
        self._all = not self._all
        self._show_facts()

    def _show_facts(self) -> None:
        assert self._shown is not None
        new, old = self._shown
        clear(self._rows)
        words = FactWords(current(), zone_name(), _)
        changes = differences(old.facts, new.facts) if old else ()
        facts = facts_of(new.facts)
        if self.facts.heading is not None:
            text = _("Facts · {changed} of {total} differ")
            self.facts.heading.setText(text.format(changed=len(changes), total=len(facts)))
        self.more.setText(_("Only what differs") if self._all else _("Show all {count}").format(count=len(facts)))
        place = change_rows(self._rows, changes, words)
        if self._all:
            changed = {each.key for each in changes}
            for key, value in facts.items():
                if key in changed or words.value(key, value) == "–":
                    continue
                self._rows.addWidget(label(words.name(key), "second", wrap=True), place, 1, Qt.AlignmentFlag.AlignTop)
                self._rows.addWidget(label(words.value(key, value), wrap=True), place, 3, Qt.AlignmentFlag.AlignTop)
                place += 1

    def _show_follows(self, found: dict[str, Any]) -> None:
        clear(self._follows)
        moved = sum(n for (a, b), n in found["moves"].items() if a and a != b)
        for icon, role, text in follow_lines(found["owed"], moved, found["told"] if found["old"] else ()):
            line_of(self._follows, icon, role, text)
        if found["owed"]:
            draft = button(_("Draft the follow-up"), "", "file-text", "draft_follow_up")
            draft.clicked.connect(self.follow_up_wanted)
            self._follows.addLayout(row(draft, None))
        self._follows.addWidget(rule())
        self._follows.addWidget(
            label(_("Revisions are never edited. A correction is a new one."), "caption", wrap=True)
        )


def line_of(box: QVBoxLayout, icon: str, role: str, text: str) -> None:
    """Add a sign and a sentence."""
    line = row(space=8)
    line.addWidget(sign(icon, role, 18), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(label(text, wrap=True), 1)
    box.addLayout(line)


def follow_lines(owed: int, moved: int, told: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return what follows from a revision: sign, tone and sentence."""
    items: list[tuple[str, str, str]] = []
    if owed:
        text = ngettext("{count} person who was told is owed more", "{count} persons who were told are owed more", owed)
        items.append(("user-exclamation", "warn", text.format(count=number(owed))))
    if told:
        text = _("A follow-up is owed to {authorities} (Art. 33(4)).")
        items.append(("history", "warn", text.format(authorities=", ".join(told))))
    if moved:
        text = ngettext("{count} person moves", "{count} persons move", moved)
        items.append(("users", "info", text.format(count=number(moved))))
    return items or [("circle-check", "ok", _("Nobody who was told is owed more, and no authority a follow-up."))]
