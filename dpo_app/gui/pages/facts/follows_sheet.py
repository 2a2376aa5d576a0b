"""What follows before a draft counts: facts that differ, persons who move, who is owed more."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from dpo_app.gui import theme
from dpo_app.gui.pages.facts.difference_view import change_rows, follow_lines, line_of, move_matrix
from dpo_app.gui.widgets.parts import Card, button, label, row, scrolling
from dpo_app.gui.words import number, zone_name
from dpo_app.i18n import _, current
from dpo_app.messages.facts import FactWords
from dpo_app.services.facts.revision_effects import Effects


class FollowsSheet(QDialog):
    """Says what a revision would change; only its primary button saves it."""

    agreed = Signal()

    def __init__(self, parent: QWidget, revision: int, effects: Effects) -> None:
        super().__init__(parent)
        self.setObjectName("follows_sheet")
        self.setWindowTitle(_("What follows"))
        self.setMinimumSize(theme.px(880), theme.px(600))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(12))
        box.addWidget(label(_("What follows from revision {number}").format(number=revision), "title"))
        box.addWidget(label(_("Nothing counts yet. Read what it changes, then save it."), "second"))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, theme.px(6), 0)
        column.setSpacing(theme.px(12))
        column.addWidget(self._facts(effects))
        column.addWidget(self._persons(effects))
        column.addWidget(self._owed(effects))
        column.addStretch(1)
        box.addWidget(scrolling(inner), 1)
        back = button(_("Back to the draft"), name="follows_back")
        back.clicked.connect(self.reject)
        save = button(_("Save revision {number}").format(number=revision), "primary", "device-floppy", "follows_save")
        save.clicked.connect(self.agreed)
        save.clicked.connect(self.accept)
        save.setEnabled(bool(effects.changes))
        box.addLayout(row(None, back, save))

    @staticmethod
    def _facts(effects: Effects) -> Card:
        card = Card(_("Facts that differ: {count}").format(count=len(effects.changes)))
        grid = QGridLayout()
        grid.setVerticalSpacing(theme.px(6))
        grid.setHorizontalSpacing(theme.px(16))
        change_rows(grid, effects.changes, FactWords(current(), zone_name(), _))
        card.body.addLayout(grid)
        return card

    @staticmethod
    def _persons(effects: Effects) -> Card:
        moves = effects.moves
        card = Card(
            _("Persons who move: {count} of {all}").format(count=number(moves.moved), all=number(moves.persons))
        )
        grid = QGridLayout()
        move_matrix(grid, moves.cells)
        card.body.addLayout(grid)
        before, after = moves.in_scope
        text = _("In scope: {before} now, {after} then.").format(before=number(before), after=number(after))
        card.body.addWidget(label(text, "second", wrap=True))
        return card

    @staticmethod
    def _owed(effects: Effects) -> Card:
        card = Card(_("What is owed"))
        lines = QVBoxLayout()
        told = effects.authorities if effects.notified else ()
        for icon, role, text in follow_lines(sum(effects.moves.owed.values()), effects.moves.moved, told):
            line_of(lines, icon, role, text)
        if effects.notified:
            text = _("Facts that the authority's form asks for: {count} differ.").format(count=effects.notified)
            line_of(lines, "info-circle", "info", text)
        if effects.assessed:
            line_of(lines, "scale", "warn", _("The risk was assessed on older facts: look at it again."))
        card.body.addLayout(lines)
        return card
