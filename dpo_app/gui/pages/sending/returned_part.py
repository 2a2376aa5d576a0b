"""The desk for letters that came back: scan or type the code, a digit sets the reason, the answer in one large line.

Codes are put into a queue and recorded one after the other, so that the hand never waits for the store.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from dpo_app.core.delivery import FOLLOWS, RETURN_KEYS, ReturnFollows, ReturnReason
from dpo_app.core.errors import DpoError, InputError
from dpo_app.core.ids import TOKEN_LENGTH, BreachId, plain_code
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.persons.address_dialog import AddressDialog
from dpo_app.gui.widgets.flow_layout import FlowLayout
from dpo_app.gui.widgets.parts import Card, button, label, row
from dpo_app.gui.widgets.plain_table import plain_table, put
from dpo_app.gui.widgets.scan_field import ScanField
from dpo_app.gui.words import local, moment, number
from dpo_app.i18n import _, ngettext
from dpo_app.messages import explain, word
from dpo_app.services.letters.record_returned import Returned, ReturnedLetter, record_listed, take_back_returned
from dpo_app.services.letters.returned_pile import LISTS, PICTURES, Pile, record_pile

KEPT_LINES = 20
#: A pace is said from so many letters and seconds on: one letter is none.
PACE_LETTERS, PACE_SECONDS = 5, 30.0
_ALL_REASONS = (*RETURN_KEYS, *(each for each in ReturnReason if each not in RETURN_KEYS))


class _Scan(NamedTuple):
    code: str
    reason: ReturnReason


class ReturnedPart(QWidget):
    """Never needs the mouse: Enter counts, a digit is the reason, Ctrl+Z takes the last one back."""

    stale = Signal()

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.breach_id: BreachId | None = None
        self.reason = ReturnReason.UNKNOWN
        self._eaten: tuple[str, ReturnReason] | None = None
        self._queue: deque[_Scan] = deque()
        self._busy = False
        self._done: list[ReturnedLetter] = []
        self._shown: list[ReturnedLetter] = []
        self._began = 0.0
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(12))
        box.addWidget(self._desk_card())
        box.addWidget(self._figures_card())
        box.addWidget(self._list_card(), 1)

    def _desk_card(self) -> Card:
        card = Card()
        card.body.addLayout(row(
            label(_("Scan or type the code on the letter"), "heading"), None,
            label(_("Enter counts it · a digit sets the reason · Ctrl+Z takes the last one back"), "second"),
        ))  # fmt: skip
        self.code = ScanField("returned_code")
        self.code.setMinimumHeight(theme.px(44))
        self.code.scanned.connect(self._scanned)
        self.code.digit.connect(self._digit)
        self.code.taken_back.connect(self._take_back)
        self.answer = label("", "heading", wrap=True, name="returned_answer")
        self.answer.setMinimumHeight(theme.px(44))
        line = QHBoxLayout()
        line.setSpacing(theme.px(12))
        line.addWidget(self.code, 2)
        line.addWidget(self.answer, 3)
        card.body.addLayout(line)
        reasons = QWidget()
        flow = FlowLayout(reasons)
        flow.addWidget(label(_("Reason"), "second"))
        self._group = QButtonGroup(self)
        for place, each in enumerate(_ALL_REASONS):
            text = f"{place + 1}  {word(each)}" if place < len(RETURN_KEYS) else word(each)
            chip = button(text, "filter", name=f"reason_{each.value}")
            chip.setCheckable(True)
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            chip.clicked.connect(partial(self._choose, each))
            self._group.addButton(chip, place)
            flow.addWidget(chip)
        self._group.button(0).setChecked(True)
        card.body.addWidget(reasons)
        self.pile = button(_("Read pictures or a list…"), "link", "scan", "returned_pile")
        self.pile.clicked.connect(self._pile)
        self.note = label("", "second", wrap=True, name="returned_note")
        card.body.addLayout(row(self.note, None, self.pile))
        return card

    def _figures_card(self) -> Card:
        card = Card()
        line = QHBoxLayout()
        self.figures: dict[str, Any] = {}
        for name, title in (
            ("returned", _("Returned")), ("again", _("Next: letter again")), ("public", _("Next: public")),
            ("officer", _("You decide")), ("pace", _("Pace, an hour")),
        ):  # fmt: skip
            figure = label("–" if name == "pace" else "0", "number", name=f"back_{name}")
            self.figures[name] = figure
            column = QVBoxLayout()
            column.addWidget(label(title, "second"))
            column.addWidget(figure)
            line.addLayout(column, 1)
        card.body.addLayout(line)
        self.share = label("", "second", name="back_share")
        card.body.addWidget(self.share)
        return card

    def _list_card(self) -> Card:
        card = Card()
        heads = [_("Time"), _("Code"), _("Person"), _("Result"), _("What follows")]
        self.list = plain_table(heads, "returned_list")
        self.list.setAccessibleName(_("Recorded here"))
        for narrow in range(2):
            self.list.horizontalHeader().setSectionResizeMode(narrow, QHeaderView.ResizeMode.ResizeToContents)
        self.list.itemSelectionChanged.connect(self._selected)
        card.body.addWidget(self.list, 1)
        self.take_back = button(_("Take back"), "", "arrow-back-up", "returned_take_back")
        self.take_back.clicked.connect(self._take_back)
        self.person = button(_("Open the person"), "", "users", "returned_person")
        self.person.clicked.connect(self._open_person)
        self.address = button(_("Better address…"), "", "mailbox", "better_address")
        self.address.clicked.connect(self._better_address)
        card.body.addLayout(row(None, self.take_back, self.person, self.address))
        self._selected()
        return card

    def show_found(self, found: dict[str, Any]) -> None:
        """Show what the page read."""
        back = found["letters_back"]
        posted = back.get("", 0)
        by = {follows: sum(n for reason, n in back.items() if reason and FOLLOWS.get(ReturnReason(reason)) is follows)
              for follows in ReturnFollows}  # fmt: skip
        returned = sum(by.values())
        values = {
            "returned": returned, "again": by[ReturnFollows.ASK] + by[ReturnFollows.CORRECT],
            "public": by[ReturnFollows.PUBLIC], "officer": by[ReturnFollows.OFFICER] + by[ReturnFollows.OURS],
        }  # fmt: skip
        for name, value in values.items():
            self.figures[name].setText(number(value))
        share = _("{returned} of {posted} posted letters so far").format(
            returned=number(returned), posted=number(posted)
        )
        self.share.setText(share)
        free = posted > 0 and not self.office.desk.read_only
        for each in (self.code, self.pile):
            each.setEnabled(free)
        if not free:
            self.answer.setText(_("No letter has been posted yet."))

    def showEvent(self, event: Any) -> None:  # noqa: N802
        """Begin where the scanner types."""
        super().showEvent(event)
        self.code.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Alt and a digit is a reason wherever the focus is."""
        place = event.key() - Qt.Key.Key_1
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and 0 <= place < len(RETURN_KEYS):
            self._choose(RETURN_KEYS[place])
        else:
            super().keyPressEvent(event)

    def _choose(self, reason: ReturnReason, _checked: bool = False) -> None:
        self.reason = reason
        chip: QAbstractButton = self._group.button(_ALL_REASONS.index(reason))
        chip.setChecked(True)
        self.code.setFocus()

    def _digit(self, digit: int) -> None:
        self._eaten = (str(digit), self.reason)
        self._choose(RETURN_KEYS[digit - 1])

    def _scanned(self, text: str) -> None:
        plain = plain_code(text)
        if self._eaten is not None and len(plain) == TOKEN_LENGTH - 1:
            # Typed by a slow hand: the digit was no reason, the code begins with it.
            digit, before = self._eaten
            text = f"{digit}{plain}"
            self._choose(before)
        self._eaten = None
        self._began = self._began or time.monotonic()
        self._queue.append(_Scan(text, self.reason))
        self._next()

    def _next(self) -> None:
        """Record all that was scanned meanwhile, in one go."""
        if self._busy or not self._queue:
            return
        self._busy = True
        scans, desk = list(self._queue), self.office.desk
        self._queue.clear()
        job = self.office.do(lambda _p: record_listed(desk, scans), partial(self._show, [s.reason for s in scans]))
        job.failed.connect(self._failed)

    def _show(self, reasons: list[ReturnReason], found: Returned) -> None:
        self._busy = False
        for letter, reason in zip(found.letters, reasons, strict=True):
            self._add(letter, reason)
        self._next()

    def _add(self, letter: ReturnedLetter, reason: ReturnReason) -> None:
        self.answer.setText(self._words(letter))
        new = not letter.problem and not letter.again
        if new:
            self._done.append(letter)
            self.figures["pace"].setText(pace_words(len(self._done), time.monotonic() - self._began))
        result = f"✓ {word(reason)}" if new else self._words(letter)
        if letter.problem:
            result = f"✕ {explain(InputError(letter.problem)).what}"
        follows = word(letter.follows) if letter.follows is not None else _("nothing was changed")
        self.list.insertRow(0)
        now = f"{local(datetime.now(timezone.utc)):%H:%M:%S}"
        put(self.list, 0, [now, letter.token, letter.name or letter.person_code, result, follows])
        self._shown.insert(0, letter)
        del self._shown[KEPT_LINES:]
        while self.list.rowCount() > KEPT_LINES:
            self.list.removeRow(self.list.rowCount() - 1)

    def _words(self, letter: ReturnedLetter) -> str:
        who = letter.name or letter.person_code
        if letter.problem:
            return f"✕ {explain(InputError(letter.problem))}"
        if letter.again and letter.at is not None:
            return "▲ " + _("Already recorded for {name}: {when}").format(name=who, when=moment(letter.at))
        place = _("batch {batch}, letter {letter}").format(batch=letter.batch, letter=letter.number)
        follows = word(letter.follows) if letter.follows is not None else ""
        return "✓ " + _("Known: {name}").format(name=who) + f" · {place} · {follows}".removesuffix(" · ")

    def _failed(self, error: BaseException) -> None:
        self._busy = False
        self.answer.setText(f"✕ {explain(error)}" if isinstance(error, DpoError) else f"✕ {type(error).__name__}")
        self._next()

    def _chosen(self) -> ReturnedLetter | None:
        place = self.list.currentRow()
        return self._shown[place] if 0 <= place < len(self._shown) else None

    def _selected(self) -> None:
        letter = self._chosen()
        known = letter is not None and letter.person_id > 0
        self.person.setEnabled(known)
        self.address.setEnabled(known and not self.office.desk.read_only)
        self.take_back.setEnabled(known and not self.office.desk.read_only)

    def _take_back(self) -> None:
        chosen, desk = self._chosen(), self.office.desk
        letter = chosen if chosen is not None and chosen.person_id else (self._done[-1] if self._done else None)
        if letter is None:
            return
        job = self.office.do(lambda _p: take_back_returned(desk, [letter.token]), self._taken)
        job.failed.connect(self._failed)

    def _taken(self, found: Returned) -> None:
        letter = found.letters[0]
        if letter.problem:
            self.answer.setText(f"✕ {explain(InputError(letter.problem))}")
            return
        self._done = [each for each in self._done if each.token != letter.token]
        self.answer.setText(
            "↶ " + _("Taken back: {name} counts as posted again").format(name=letter.name or letter.person_code)
        )
        for place, shown in enumerate(self._shown):
            if shown.token == letter.token:
                values = (letter.token, letter.name or letter.person_code, _("taken back"), "")
                put(self.list, place, ["", *values])
        self.list.clearSelection()
        self.list.setCurrentCell(-1, -1)
        self.code.setFocus()

    def _open_person(self) -> None:
        letter = self._chosen()
        if letter is not None:
            self.office.page_wanted.emit("persons", {"person": letter.person_id})

    def _better_address(self) -> None:
        letter = self._chosen()
        if letter is not None and self.breach_id is not None:
            AddressDialog(self.window(), self.office, self.breach_id, letter.person_id).open()

    def _pile(self) -> None:
        kinds = " ".join(f"*{each}" for each in (*PICTURES, *LISTS))
        path = self.office.dialogs.open_file(self, _("Pictures of envelopes, or a list from the post"), kinds)
        if path is None:
            return
        desk, reason = self.office.desk, self.reason
        self.note.setText(_("Reading…"))
        job = self.office.do(
            lambda progress: record_pile(desk, [Path(path)], reason, progress), partial(self._read, reason),
            _("Reading returned letters"), long=True,
        )  # fmt: skip
        job.failed.connect(self._pile_failed)

    def _pile_failed(self, error: BaseException) -> None:
        self.note.setText(str(explain(error)) if isinstance(error, DpoError) else type(error).__name__)

    def _read(self, reason: ReturnReason, pile: Pile) -> None:
        for letter in pile.returned.letters[-KEPT_LINES:]:
            self._add(replace(letter), reason)
        parts = [
            ngettext("{count} letter came back", "{count} letters came back", pile.returned.returned)
            .format(count=number(pile.returned.returned)),
            _("{count} recorded before").format(count=number(pile.returned.again)),
            _("{count} unknown").format(count=number(sum(bool(each.problem) for each in pile.returned.letters))),
        ]  # fmt: skip
        if pile.without:
            pages = ", ".join(f"{name} {page}" for name, page in pile.without[:10])
            parts.append(_("no code was found on: {pages}").format(pages=pages))
        self.note.setText(" · ".join(parts))


def pace_words(letters: int, seconds: float) -> str:
    """Return how many letters an hour that is; a dash before there is enough to tell by."""
    if letters < PACE_LETTERS or seconds < PACE_SECONDS:
        return "–"
    return number(round(letters * 3_600 / seconds))
