"""The lists behind the figures of e-mail: unknown ones with a key for each decision, deferred, refused, held, last ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHeaderView, QPushButton, QWidget

from dpo_app.core.delivery import DeliveryState, Resolution
from dpo_app.core.ids import BreachId, PersonId, grouped
from dpo_app.core.mail.smtp_reply import ReplyClass
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.flow_layout import FlowLayout
from dpo_app.gui.widgets.parts import Card, button, label, row
from dpo_app.gui.widgets.plain_table import plain_table, put
from dpo_app.gui.words import moment, number
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.messages.sending import REASONS
from dpo_app.services.mail.run_lines import TriedLine

_S = DeliveryState
LISTS: dict[str, tuple[DeliveryState, ...]] = {
    "unknown": (_S.UNKNOWN,), "deferred": (_S.DEFERRED,), "refused": (_S.REJECTED, _S.GIVEN_UP, _S.REFUSED),
    "bounced": (_S.BOUNCED, _S.MISDELIVERED), "held": (_S.HELD,), "waiting": (_S.QUEUED, _S.HANDING_OVER), "accepted": (_S.ACCEPTED, _S.CONFIRMED),
}  # fmt: skip
KEYS = {Qt.Key.Key_S: Resolution.SENT, Qt.Key.Key_A: Resolution.AGAIN, Qt.Key.Key_L: Resolution.LETTER}
MOST = 500


def why(line: TriedLine) -> str:
    """Return in words why a delivery is where it is."""
    if line.state == DeliveryState.UNKNOWN.value:
        key = line.kind if line.kind in REASONS else "no_answer"
        return _(REASONS[key])
    if line.kind in set(ReplyClass):
        return word(ReplyClass(line.kind))
    return _(REASONS[line.kind]) if line.kind in REASONS else ""


class TriedLists(Card):
    """Chips over one table. `wanted` asks for the rows of a list, `decided` for a decision about one or all (None)."""

    wanted = Signal(str)
    decided = Signal(object, str)

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.chosen = "unknown"
        self._lines: list[TriedLine] = []
        self.breach_id: BreachId | None = None
        self._names = {
            "unknown": _("Unknown"), "deferred": _("Deferred"), "refused": _("Refused"), "bounced": _("Came back"), "held": _("Held"),
            "waiting": _("Waiting"), "accepted": _("Last messages"),
        }  # fmt: skip
        self._group = QButtonGroup(self)
        self.chips: dict[str, QPushButton] = {}
        # Seven chips break into two rows where the window is narrow.
        chips = QWidget()
        line = FlowLayout(chips)
        for name, text in self._names.items():
            chip = button(text, "filter", name=f"list_{name}")
            chip.setCheckable(True)
            chip.clicked.connect(lambda _on=False, each=name: self.choose(each))
            self._group.addButton(chip)
            self.chips[name] = chip
            line.addWidget(chip)
        self.body.addWidget(chips)
        self.note = label("", "second", wrap=True, name="list_note")
        self.body.addWidget(self.note)
        self.table = plain_table([_("Name"), _("Person's code"), _("When"), _("What the server said")], "tried")
        self.table.setAccessibleName(_("E-mails of the list"))
        for narrow in (1, 2):
            self.table.horizontalHeader().setSectionResizeMode(narrow, QHeaderView.ResizeMode.ResizeToContents)
        self.table.itemSelectionChanged.connect(self._selected)
        self.table.keyPressEvent = self._key  # type: ignore[method-assign]
        self.body.addWidget(self.table, 1)
        self.acts = {
            Resolution.SENT: button(_("Count as sent  S"), "", "check", "resolve_sent"),
            Resolution.AGAIN: button(_("Send again…  A"), "", "refresh", "resolve_again"),
            Resolution.LETTER: button(_("Letter  L"), "", "mailbox", "resolve_letter"),
        }
        for how, each in self.acts.items():
            each.clicked.connect(lambda _on=False, wanted=how: self._decide(wanted))
        self.person = button(_("Open the person"), "link", "user", "tried_person")
        self.person.clicked.connect(self._open)
        self.every = button(_("All of them…"), "link", "users", "resolve_every")
        self.every.clicked.connect(lambda: self.decided.emit(None, ""))
        self.body.addLayout(row(self.person, self.every, None, *self.acts.values()))
        self.chips["unknown"].setChecked(True)
        self._selected()

    def choose(self, name: str) -> None:
        """Show a list."""
        self.chosen = name
        self.chips[name].setChecked(True)
        self.wanted.emit(name)

    def show_lines(self, lines: list[TriedLine], counts: dict[str, int]) -> None:
        """Show the rows of the chosen list, and the numbers of all."""
        kept = self._current()
        self._lines = lines
        for name, chip in self.chips.items():
            text = self._names[name]
            chip.setText(text if name == "accepted" else f"{text} {number(counts.get(name, 0))}")
            chip.setAccessibleName(chip.text())
        self.table.setRowCount(len(lines))
        for place, each in enumerate(lines):
            name = each.name or _("protected person")
            put(self.table, place, [name, grouped(each.person_code), moment(each.at), self._said(each)])
        notes = {
            "unknown": _("The line broke after the text was handed over, or the program ended. Nothing is sent twice by "
                         "itself."),
            "held": _("Refused by a rule against the sender: not the persons' fault, so nothing is marked at them."),
        }  # fmt: skip
        self.note.setText(notes.get(self.chosen, "") if lines else _("Nobody is in this list."))
        if counts.get(self.chosen, 0) > len(lines) > 0:
            self.note.setText(_("The newest {count} of them.").format(count=number(len(lines))))
        self.note.setVisible(bool(self.note.text()))
        if lines:
            same = next((n for n, x in enumerate(lines) if kept and x.delivery_id == kept.delivery_id), 0)
            self.table.selectRow(same)
        self._selected()

    @staticmethod
    def _said(line: TriedLine) -> str:
        parts = [why(line)]
        if line.next_try_at is not None:
            parts.append(_("next try {when}").format(when=moment(line.next_try_at)))
        if line.code:
            parts.append(f"{line.code} {line.reply}".strip())
        return " · ".join(part for part in parts if part)

    def _current(self) -> TriedLine | None:
        place = self.table.currentRow()
        return self._lines[place] if 0 <= place < len(self._lines) else None

    def _selected(self) -> None:
        line, free = self._current(), not self.office.desk.read_only
        unknown = self.chosen == "unknown" and line is not None and free
        held = self.chosen == "held" and line is not None and free
        for how, each in self.acts.items():
            each.setVisible(unknown or (held and how is Resolution.LETTER))
        self.every.setVisible(unknown and len(self._lines) > 1)
        self.person.setVisible(line is not None)

    def _key(self, event: QKeyEvent) -> None:
        how = KEYS.get(Qt.Key(event.key())) if event.modifiers() == Qt.KeyboardModifier.NoModifier else None
        if how is not None and self.acts[how].isVisible():
            self._decide(how)
            event.accept()
            return
        type(self.table).keyPressEvent(self.table, event)

    def _decide(self, how: Resolution) -> None:
        line = self._current()
        if line is not None:
            self.decided.emit(line.token, how.value)

    def _open(self) -> None:
        line = self._current()
        if line is not None:
            self.office.page_wanted.emit("persons", {"person": PersonId(line.person_id)})


def reader(breach_id: BreachId, name: str) -> Callable[[Any], list[TriedLine]]:
    """Return what reads a list from the store."""
    states = LISTS[name]
    return lambda queries: queries.tried_lines(breach_id, list(states), None, MOST)
