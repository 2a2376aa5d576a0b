"""Lists of facts as rows that are added and removed: windows, events, systems, measures, parties, statements, reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from dpo_app.core.facts import fact_choices as of
from dpo_app.core.facts.breach import MeasureKind
from dpo_app.core.facts.exposure import Certainty
from dpo_app.gui import theme
from dpo_app.gui.widgets.fact_editors import (
    ChoiceEditor,
    CountryEditor,
    DayEditor,
    Editor,
    FlagEditor,
    InstantEditor,
    LongTextEditor,
    TextEditor,
)
from dpo_app.gui.widgets.flow_layout import FlowLayout
from dpo_app.gui.widgets.parts import button, column, label, row
from dpo_app.i18n import _
from dpo_app.messages.field_words import PARTS

#: Key in the document, heading, and what makes the editor from value and object name.
Part = tuple[str, str, Callable[[Any, str], Editor]]


def _text(width: int = 0) -> Callable[[Any, str], Editor]:
    return lambda value, name: TextEditor(value, name, width)


def _choice(kind: Any, blank: bool = False) -> Callable[[Any, str], Editor]:
    return lambda value, name: ChoiceEditor(value, name, kind, blank)


def _moment(value: Any, name: str) -> Editor:
    return InstantEditor(value, name, required=True)


def parts_of(kind: str) -> tuple[Part, ...]:
    """Return the fields of a row, in order, with the labels that errors name them by."""
    return tuple((key, _(PARTS[kind][key]), maker) for key, maker in _MAKERS[kind].items())


_MAKERS: dict[str, dict[str, Callable[[Any, str], Editor]]] = {
    "window": {
        "name": _text(200), "from": lambda v, n: DayEditor(v, n, required=True),
        "to": lambda v, n: DayEditor(v, n, _("goes on")), "intrusion": _choice(Certainty),
        "disclosure": _choice(Certainty), "identifiable": lambda v, n: FlagEditor(True if v is None else v, n),
        "note": _text(420),
    },
    "event": {"kind": _choice(of.EventKind), "at": _moment, "source": _text(200), "note": _text(420)},
    "system": {"name": _text(200), "place": _text(160), "country": CountryEditor, "note": _text(420)},
    "measure": {
        "text": LongTextEditor, "kind": _choice(MeasureKind), "state": _choice(of.MeasureState, True),
        "done_on": DayEditor, "planned_on": DayEditor, "safeguard": _choice(of.Safeguard, True), "owner": _text(160),
    },
    "party": {
        "name": _text(220), "role": _choice(of.PartyRole), "contact": _text(220), "country": CountryEditor,
        "note": _text(420),
    },
    "statement": {
        "author": _text(200), "kind": _choice(of.StatementKind), "made_on": DayEditor, "source": _text(200),
        "text": LongTextEditor,
    },
    "report": {"to": _text(220), "made_on": DayEditor, "reference": _text(160), "note": _text(420)},
}  # fmt: skip


def add_words(kind: str) -> str:
    """Return what the button says that adds a row."""
    return {
        "window": _("Add a window"), "event": _("Add an event"), "system": _("Add a system or place"),
        "measure": _("Add a measure"), "party": _("Add a party"), "statement": _("Add a statement"),
        "report": _("Add a report"),
    }[kind]  # fmt: skip


class RowsEditor(Editor):
    """The rows of one list; `value` is the list of tables."""

    def __init__(self, value: Any, kind: str) -> None:
        super().__init__()
        self._kind, self._made = kind, 0
        self._rows: list[tuple[dict[str, Editor], QWidget]] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(theme.px(8))
        add = button(add_words(kind), "", "plus", f"add_{kind}")
        add.clicked.connect(self._add_empty)
        self._box.addLayout(row(add, None))
        for table in value or []:
            self._add(table)

    def _add_empty(self) -> None:
        self._add({})
        self.changed.emit()

    def _add(self, table: dict[str, Any]) -> None:
        self._made += 1
        frame = QFrame()
        frame.setProperty("tint", "sunken")
        frame.setSizePolicy(frame.sizePolicy().horizontalPolicy(), frame.sizePolicy().Policy.Minimum)
        outer = QVBoxLayout(frame)
        outer.setContentsMargins(theme.px(10), theme.px(8), theme.px(6), theme.px(8))
        inner = QWidget()
        flow = FlowLayout(inner)
        flow.setSpacing(theme.px(10))
        editors: dict[str, Editor] = {}
        for key, heading, make in parts_of(self._kind):
            editor = make(table.get(key), f"{self._kind}_{key}_{self._made}")
            editor.setAccessibleName(heading)
            editor.changed.connect(self.changed)
            if isinstance(editor, LongTextEditor):
                editor.field.setMinimumWidth(theme.px(430))
            part = QWidget()
            part.setLayout(column(label(heading, "caption"), editor, space=2))
            flow.addWidget(part)
            editors[key] = editor
        drop = button("", "quiet", "x", f"drop_{self._kind}_{self._made}", _("Remove this entry"))
        line = row(space=4)
        line.addWidget(inner, 1)
        line.addWidget(drop, 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(line)
        entry = (editors, frame)
        drop.clicked.connect(lambda: self._drop(entry))
        self._rows.append(entry)
        self._box.insertWidget(self._box.count() - 1, frame)

    def _drop(self, entry: tuple[dict[str, Editor], QWidget]) -> None:
        self._rows.remove(entry)
        self._box.removeWidget(entry[1])
        entry[1].hide()
        entry[1].deleteLater()
        self.changed.emit()

    def value(self) -> Any:
        return [{key: editor.value() for key, editor in editors.items()} for editors, _frame in self._rows]
