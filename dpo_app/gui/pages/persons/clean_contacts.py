"""Doubtful contact data by kind, with what would mend it; taken in bulk or typed one by one, and taken back."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout

from dpo_app.core.ids import BreachId, grouped
from dpo_app.core.persons.contact_check import ContactProblem
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.persons.clean_part import CleanPart
from dpo_app.gui.widgets.parts import Card, EmptyState, button, clear, label
from dpo_app.gui.widgets.plain_table import narrow, plain_table, put
from dpo_app.gui.words import counted, number
from dpo_app.i18n import _, ngettext
from dpo_app.messages import word
from dpo_app.messages.contact import COLUMNS, WHY
from dpo_app.services.persons.correct_persons import Corrected, checked, correct_persons, undo_correction
from dpo_app.services.persons.find_problems import DoubtLine, Problems, find_problems
from dpo_app.services.progress import Progress

SHOWN = 300
ALL = 1_000_000


class CleanContacts(CleanPart):
    """Kinds at the left, persons of a kind at the right."""

    def __init__(self, office: Office, breach_id: BreachId) -> None:
        super().__init__(office, breach_id)
        self._kind: ContactProblem | None = None
        self._suggested = 0
        self._last: int | None = None
        kinds = Card(_("Kinds"))
        kinds.setFixedWidth(theme.px(330))
        self._kind_box = QVBoxLayout()
        self._kind_box.setSpacing(theme.px(2))
        kinds.body.addLayout(self._kind_box)
        kinds.body.addStretch(1)
        self.undo = button(_("Take the last correction back"), "quiet", "arrow-back-up", "contact_undo")
        self.undo.clicked.connect(self._undo)
        kinds.body.addWidget(self.undo)
        self.empty = EmptyState("circle-check", _("Nothing doubtful"), _("Everybody's contact data look right."))
        self.card = Card()
        self.title, self.why = label("", "heading"), label("", "second", wrap=True)
        self.card.body.addWidget(self.title)
        self.card.body.addWidget(self.why)
        self.table = plain_table([_("Person"), _("Column"), _("Now"), _("New value")], "contact_problems")
        narrow(self.table, 1)
        self.table.verticalHeader().setDefaultSectionSize(theme.px(44))
        self.card.body.addWidget(self.table, 1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(kinds)
        line.addWidget(self.card, 1)
        line.addWidget(self.empty, 1)
        self.empty.hide()

    def open(self) -> None:
        """Check everybody."""
        desk, breach_id, kind = self.office.desk, self.breach_id, self._kind

        def work(progress: Progress) -> tuple[Problems, Any]:
            found = find_problems(desk, breach_id, kind, SHOWN, progress)
            if not any(each.code is kind for each in found.kinds) and found.kinds:
                found = find_problems(desk, breach_id, found.kinds[0].code, SHOWN, progress)
            with desk.read() as queries:
                return found, queries.corrections.corrections(breach_id)

        self.work(work, lambda found: self._show(*found), name=_("Checking contact data"))

    def _show(self, found: Problems, corrections: Any) -> None:
        self._last = corrections[0].id if corrections else None
        self.undo.setEnabled(self._last is not None)
        clear(self._kind_box)
        self._kind = found.lines[0].doubt.code if found.lines else None
        for kind in found.kinds:
            text = f"{word(kind.code)}   {number(kind.persons)}"
            each = button(text, "row", "", f"doubt_{kind.code.value}")
            each.setIcon(theme.icon(*(("pencil", "accent") if kind.suggested else ("info-circle", "info"))))
            each.setCheckable(True)
            each.setChecked(kind.code is self._kind)
            each.setFixedWidth(theme.px(300))
            each.setToolTip(text)
            each.clicked.connect(partial(self._choose, kind.code))
            self._kind_box.addWidget(each)
        self._suggested = next((k.suggested for k in found.kinds if k.code is self._kind), 0)
        self.empty.setVisible(self._kind is None)
        self.card.setVisible(self._kind is not None)
        if self._kind is not None:
            self.title.setText(word(self._kind))
            self.why.setText(_(WHY[self._kind]))
        self._fill(found.lines)
        action = (
            counted("Take {count} suggestion…", "Take {count} suggestions…", self._suggested) if self._suggested else ""
        )
        text = ngettext("{count} person was checked.", "{count} persons were checked.", found.persons)
        lead = text.format(count=number(found.persons)) + " " + _("Nothing is changed until you say so.")
        self.led.emit(lead, action)

    def _fill(self, lines: tuple[DoubtLine, ...]) -> None:
        self.table.setRowCount(len(lines))
        for place, line in enumerate(lines):
            value = line.value or (_("Protected address") if line.protected else "–")
            put(self.table, place, [line.name or grouped(line.code), _(COLUMNS[line.doubt.column]), value, ""])
            suggestion = dict(line.doubt.suggestion)
            if len(suggestion) > 1:
                told = ", ".join(f"{_(COLUMNS[name])}: {text}" for name, text in suggestion.items())
                put(self.table, place, [line.name, _(COLUMNS[line.doubt.column]), value, told])
                continue
            column, text = next(iter(suggestion.items()), (line.doubt.column, ""))
            field = QLineEdit(text)
            field.setObjectName(f"becomes_{place}")
            field.setPlaceholderText(_("{column}: new value").format(column=_(COLUMNS[column])))
            field.setAccessibleName(_("{name}: new value").format(name=line.name or grouped(line.code)))
            field.returnPressed.connect(partial(self._typed, line, column, field))
            self.table.setCellWidget(place, 3, field)

    def _choose(self, kind: ContactProblem, _checked: bool = False) -> None:
        self._kind = kind
        self.open()

    def _typed(self, line: DoubtLine, column: str, field: QLineEdit) -> None:
        """Correct one person by what was typed; a protected one is asked about."""
        desk, breach_id, text = self.office.desk, self.breach_id, field.text()
        sure = not line.protected or self.office.dialogs.confirm(
            self, _("This person has a protected address"),
            _("The new value is kept, and still nothing is sent there in a batch."), _("Correct it"),
        )  # fmt: skip
        if not sure:
            return

        def work(_progress: Progress) -> Corrected:
            wanted = {line.person_id: {column: checked(column, text, desk)}}
            return correct_persons(desk, breach_id, wanted, protected_too=line.protected)

        self.work(work, self._corrected, write=True)

    def act(self) -> None:
        """Take the suggestions of the kind."""
        desk, breach_id, kind = self.office.desk, self.breach_id, self._kind
        sure = self.office.dialogs.confirm(
            self, counted("Take {count} suggestion?", "Take {count} suggestions?", self._suggested),
            _("Protected persons are left out. It can be taken back until something was sent with the new data."),
            _("Take them"),
        )  # fmt: skip
        if not sure or kind is None:
            return

        def work(progress: Progress) -> Corrected:
            found = find_problems(desk, breach_id, kind, ALL, progress)
            wanted = {line.person_id: dict(line.doubt.suggestion) for line in found.lines if line.doubt.suggestion}
            return correct_persons(desk, breach_id, wanted, progress=progress)

        self.work(work, self._corrected, write=True, name=_("Correcting"))

    def _corrected(self, done: Corrected) -> None:
        self.office.toast.emit(corrected_in_words(done))
        self.office.changed.emit(done.changes)
        self.open()

    def _undo(self) -> None:
        desk, last = self.office.desk, self._last
        if last is not None:
            self.work(lambda _p: undo_correction(desk, last), self._undone, write=True)

    def _undone(self, found: Any) -> None:
        text = ngettext("{count} person is as before", "{count} persons are as before", found.persons)
        self.office.toast.emit(text.format(count=number(found.persons)))
        self.office.changed.emit(found.changes)
        self.open()


def corrected_in_words(done: Corrected) -> str:
    """Return what a correction did, and who has a message in hand with the old data."""
    text = ngettext("{count} person corrected", "{count} persons corrected", done.persons)
    said = text.format(count=number(done.persons))
    if done.in_hand:
        said += "; " + counted(
            "{count} of them has a message in hand made with the old data: withdraw its batch and make it anew",
            "{count} of them have a message in hand made with the old data: withdraw its batch and make it anew",
            done.in_hand,
        )
    return said
