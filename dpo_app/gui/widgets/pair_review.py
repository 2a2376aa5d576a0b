"""Two records side by side that may be one person: equal values grey, different ones strong, decided by four keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from dpo_app.core.partial_date import parse_partial
from dpo_app.core.persons.linkage.compare import Field, Level, level_of
from dpo_app.core.persons.linkage.verdict import Verdict
from dpo_app.core.persons.national_id import masked
from dpo_app.gui import theme
from dpo_app.gui.widgets.parts import Card, ElidingLabel, EmptyState, button, clear, label, row
from dpo_app.gui.words import day, number
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.messages.linkage import FIELDS
from dpo_app.services.persons.review_pairs import PairView, Review, Side

_KEYS = {
    Qt.Key.Key_Left: Verdict.KEEP_LEFT, Qt.Key.Key_Right: Verdict.KEEP_RIGHT, Qt.Key.Key_Down: Verdict.MERGED,
    Qt.Key.Key_Up: Verdict.DIFFERENT,
}  # fmt: skip


class PairReview(QWidget):
    """Shows one pair after the other; says what the officer decided and changes nothing itself."""

    decided = Signal(object, object)
    taken_back = Signal()
    rest_left = Signal()

    def __init__(self, nothing: str) -> None:
        super().__init__()
        self.setObjectName("pair_review")
        self.setAccessibleName(_("Perhaps the same person"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view: PairView | None = None
        self.head = label("", "heading", name="pair_head")
        self.why = label("", "second", wrap=True, name="pair_why")
        self.left, self.right = Card(), Card()
        self._sides = row(self.left, self.right, space=12)
        for place in (0, 1):
            self._sides.setStretch(place, 1)
        self.buttons: dict[Verdict, Any] = {}
        self.back = button(_("Take the last one back"), "quiet", "arrow-back-up", "pair_back")
        self.back.clicked.connect(self.taken_back)
        self.rest = button(_("Leave the rest as different people"), "quiet", "", "pair_rest")
        self.rest.clicked.connect(self.rest_left)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(8))
        self.empty = EmptyState("circle-check", _("No pair waits"), nothing)
        for each in (self.head, self.why):
            box.addWidget(each)
        box.addLayout(self._sides)
        box.addLayout(self._deciding())
        box.addWidget(self.empty)
        box.addLayout(row(self.back, None, self.rest))
        box.addStretch(1)

    def _deciding(self) -> Any:
        for verdict, text, name in (
            (Verdict.KEEP_LEFT, _("Keep left ←"), "pair_left"), (Verdict.MERGED, _("Merge ↓"), "pair_merge"),
            (Verdict.DIFFERENT, _("Different people ↑"), "pair_different"),
            (Verdict.KEEP_RIGHT, _("Keep right →"), "pair_right"),
        ):  # fmt: skip
            made = button(text, "", "", name)
            made.clicked.connect(lambda _=False, v=verdict: self._decide(v))
            self.buttons[verdict] = made
        return row(*self.buttons.values(), None)

    def show_review(self, review: Review) -> None:
        """Show the first pair that waits, and how many there are."""
        self.view = review.views[0] if review.views else None
        waiting = self.view is not None
        for each in (self.head, self.why, self.left, self.right, self.rest, *self.buttons.values()):
            each.setVisible(waiting)
        self.empty.setVisible(not waiting)
        self.back.setEnabled(review.decided > 0)
        self.setEnabled(True)
        if self.view is not None:
            self._show(self.view, review)
        self.setFocus()

    def _show(self, view: PairView, review: Review) -> None:
        text = _("Surely the same · {waiting} wait, {decided} decided")
        if not view.pair.sure:
            text = _("Perhaps the same · {waiting} wait, {decided} decided")
        self.head.setText(text.format(waiting=number(review.waiting), decided=number(review.decided)))
        self.why.setText(reasons(view.pair.likeness, view.pair.pattern))
        shared = view.left.values, view.right.values
        self._fill(self.left, view.left, shared)
        self._fill(self.right, view.right, shared)

    def _fill(self, card: Card, side: Side, both: Sequence[Mapping[str, Any]]) -> None:
        clear(card.body)
        card.body.addWidget(label(side_title(side), "strong"))
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for place, (name, text, same) in enumerate(_lines(side.values, both)):
            grid.addWidget(label(name, "caption"), place, 0, Qt.AlignmentFlag.AlignTop)
            value = ElidingLabel(text, "body" if same else "strong") if "@" in text else label(text, wrap=True)
            value.setFont(theme.font("body" if same else "strong"))
            if same:
                value.setProperty("role", "second")
            grid.addWidget(value, place, 1)
            grid.addWidget(QLabel() if same else label(_("differs"), "caption", tone="warn"), place, 2)
        grid.setColumnMinimumWidth(2, theme.px(52))
        card.body.addLayout(grid)
        card.body.addStretch(1)

    def _decide(self, verdict: Verdict) -> None:
        if self.view is not None and self.isEnabled():
            # Until the answer is kept and the next pair is there, a second key would be about another pair.
            self.setEnabled(False)
            self.decided.emit(self.view, verdict)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows decide, Backspace takes the last one back."""
        verdict = _KEYS.get(Qt.Key(event.key()))
        if verdict is not None:
            self._decide(verdict)
        elif event.key() == Qt.Key.Key_Backspace and self.back.isEnabled():
            self.taken_back.emit()
        else:
            super().keyPressEvent(event)


def reasons(likeness: int, pattern: int) -> str:
    """Return the score of a pair and what agrees and differs in words."""
    levels = {field: level_of(pattern, field) for field in Field}
    agree = [_in_words(field, level) for field, level in levels.items() if level not in _SILENT]
    differ = [_(FIELDS[field]) for field, level in levels.items() if level is Level.DIFFERENT]
    # Rounded down: nothing that the officer has to judge is called certain.
    text = _("Likeness {score}").format(score=f"{min(likeness, 999) // 10 / 100:.2f}")
    if agree:
        text += ". " + _("Agrees: {what}").format(what=", ".join(agree))
    if differ:
        text += ". " + _("Differs: {what}").format(what=", ".join(differ))
    return text + "."


_SILENT = (Level.MISSING, Level.DIFFERENT)


def _in_words(field: Field, level: Level) -> str:
    name = _(FIELDS[field])
    return name if level is Level.SAME else f"{name} ({word(level)})"


def side_title(side: Side) -> str:
    """Return what a side is: a row of the file or a person of the register."""
    if side.person is None:
        return _("Row {row} of the file").format(row=side.row)
    return _("In the register, written to") if side.written_to else _("In the register")


def _lines(values: Mapping[str, Any], both: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, bool]]:
    """Return (name, text, whether both sides have the same) of what is known on either side."""
    found = []
    for name, tell in _SHOWN:
        texts = [tell(each) for each in both]
        if any(texts):
            found.append((_(name), tell(values) or "–", texts[0] == texts[1]))
    return found


def known_day(text: str) -> str:
    """Return a day of a row as the language writes it; one of which only month or year is known as it stands."""
    known = parse_partial(text)
    return "" if known is None else day(known.earliest) if known.earliest == known.latest else text


def _post(values: Mapping[str, Any]) -> str:
    if values["protected"]:
        return _("Protected address") if values["street"] else ""
    town = f"{values['postcode']} {values['town']}".strip()
    return ", ".join(filter(None, (values["care_of"], values["street"], town, values["country"])))


_SHOWN: tuple[tuple[str, Callable[[Mapping[str, Any]], str]], ...] = (
    (FIELDS[Field.FAMILY], lambda v: v["family_name"]), (FIELDS[Field.GIVEN], lambda v: v["given_names"]),
    (FIELDS[Field.BORN], lambda v: known_day(v["born"])), (FIELDS[Field.NATIONAL_ID], lambda v: masked(v["national_id"])),
    (FIELDS[Field.NUMBER], lambda v: v["customer_number"]), (FIELDS[Field.ADDRESS], _post),
    (FIELDS[Field.EMAIL], lambda v: v["email"]), (FIELDS[Field.PHONE], lambda v: v["phone"]),
)  # fmt: skip
