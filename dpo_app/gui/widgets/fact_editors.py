"""Editors of facts, one for each kind: each takes a document's value and gives one back; none of them judges it."""

from __future__ import annotations

from datetime import date, datetime, timezone
from enum import StrEnum
from typing import Any

from babel import Locale
from PySide6.QtCore import QDate, QDateTime, QTimeZone, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from dpo_app.core.facts.breach import Basis
from dpo_app.core.facts.fact_catalogue import FactKind, FactSpec
from dpo_app.core.facts.fact_values import WITHOUT_VALUE
from dpo_app.gui import theme
from dpo_app.gui.widgets.day_fields import DayField, MomentField
from dpo_app.gui.widgets.flow_layout import FlowLayout
from dpo_app.gui.widgets.parts import button, row
from dpo_app.gui.words import local, locale, zone_name
from dpo_app.i18n import _
from dpo_app.messages import word


def line_edit(text: str = "", width: int = 0, name: str = "") -> QLineEdit:
    """Return a one-line field."""
    made = QLineEdit(text)
    if width:
        made.setFixedWidth(theme.px(width))
    made.setObjectName(name)
    return made


def choice(kind: Any, value: Any, name: str = "", blank: bool = False) -> QComboBox:
    """Return a drop-down over the members of an enum, in words; with `blank` nothing need be chosen."""
    made = QComboBox()
    if blank:
        made.addItem("–", "")
    for member in kind:
        made.addItem(word(member), member.value)
    made.setCurrentIndex(max(0, made.findData(str(value))))
    made.setObjectName(name)
    return made


def moment_edit(value: datetime | None, name: str) -> QDateTimeEdit:
    """Return a field for a time in the organisation's zone, whatever that of the computer."""
    made = MomentField()
    shown = local(value or datetime.now(timezone.utc))
    zone = QTimeZone(zone_name().encode()) if zone_name() else QTimeZone.systemTimeZone()
    made.setTimeZone(zone)
    made.setDateTime(QDateTime.fromSecsSinceEpoch(int(shown.timestamp()), zone))
    made.setFixedWidth(theme.px(190))
    made.setObjectName(name)
    lines = made.lineEdit()
    if lines is not None:
        lines.setTextMargins(8, 0, 0, 0)
    return made


def moment_of(field: QDateTimeEdit) -> str:
    """Return the time in a field as ISO text with zone."""
    return local(datetime.fromtimestamp(field.dateTime().toSecsSinceEpoch(), timezone.utc)).isoformat()


def day_edit(iso: str, name: str = "") -> DayField:
    """Return a field for a day."""
    made = DayField()
    made.setDate(QDate.fromString(iso or date.today().isoformat(), "yyyy-MM-dd"))
    made.setFixedWidth(theme.px(130))
    made.setObjectName(name)
    return made


class Editor(QWidget):
    """Base of all editors; `changed` tells that the value is another one."""

    changed = Signal()

    def value(self) -> Any:
        """Return the value for the document."""
        raise NotImplementedError


class TextEditor(Editor):
    """A line."""

    def __init__(self, value: Any, name: str, width: int = 0) -> None:
        super().__init__()
        self.field = line_edit(", ".join(value) if isinstance(value, list) else str(value or ""), width, name)
        self.field.textEdited.connect(lambda _text: self.changed.emit())
        self.setLayout(row(self.field, None) if width else row(self.field))

    def value(self) -> Any:
        return self.field.text()


class TextsEditor(TextEditor):
    """Several words, parted by commas."""

    def value(self) -> Any:
        return [each.strip() for each in self.field.text().split(",") if each.strip()]


class NumberEditor(TextEditor):
    """A whole number; what is none is left as typed, so that it can be refused by name."""

    def value(self) -> Any:
        text = "".join(self.field.text().split())
        return int(text) if text.isdigit() else text


class LongTextEditor(Editor):
    """Some lines."""

    def __init__(self, value: Any, name: str) -> None:
        super().__init__()
        self.field = QPlainTextEdit(str(value or ""))
        self.field.setObjectName(name)
        self.field.setFixedHeight(theme.px(70))
        self.field.setTabChangesFocus(True)
        self.field.textChanged.connect(self.changed)
        self.setLayout(row(self.field))

    def value(self) -> Any:
        return self.field.toPlainText()


class InstantEditor(Editor):
    """A time that may be missing."""

    def __init__(self, value: Any, name: str, required: bool) -> None:
        super().__init__()
        self._first = str(value or "")
        self.tick = QCheckBox(_("known"))
        self.tick.setObjectName(f"{name}_known")
        self.tick.setChecked(bool(value) or required)
        self.tick.setVisible(not required)
        self.field = moment_edit(datetime.fromisoformat(value) if value else None, name)
        self.field.setEnabled(self.tick.isChecked())
        self.tick.toggled.connect(self.field.setEnabled)
        self.tick.toggled.connect(lambda _on: self.changed.emit())
        self.field.dateTimeChanged.connect(lambda _value: self.changed.emit())
        self.setLayout(row(self.field, self.tick, None))

    def value(self) -> Any:
        """Return the time; one that was not touched as it stood, in its own zone: it must not count as changed."""
        if not self.tick.isChecked():
            return ""
        now = moment_of(self.field)
        if self._first and datetime.fromisoformat(now) == datetime.fromisoformat(self._first).replace(microsecond=0):
            return self._first
        return now


class DayEditor(Editor):
    """A day that may be missing."""

    def __init__(self, value: Any, name: str, missing: str = "", required: bool = False) -> None:
        super().__init__()
        self.tick = QCheckBox(missing or _("no day"))
        self.tick.setVisible(not required)
        self.tick.setObjectName(f"{name}_missing")
        self.tick.setChecked(not value and not required)
        self.field = day_edit(str(value or ""), name)
        self.field.setEnabled(not self.tick.isChecked())
        self.tick.toggled.connect(lambda on: self.field.setEnabled(not on))
        self.tick.toggled.connect(lambda _on: self.changed.emit())
        self.field.dateChanged.connect(lambda _value: self.changed.emit())
        self.setLayout(row(self.field, self.tick, None, space=6))

    def value(self) -> Any:
        return "" if self.tick.isChecked() else self.field.date().toString("yyyy-MM-dd")


class FlagEditor(Editor):
    """Yes or no."""

    def __init__(self, value: Any, name: str, text: str = "") -> None:
        super().__init__()
        self.field = QCheckBox(text or _("yes"))
        self.field.setObjectName(name)
        self.field.setChecked(bool(value))
        self.field.toggled.connect(lambda _on: self.changed.emit())
        self.setLayout(row(self.field, None))

    def value(self) -> Any:
        return self.field.isChecked()


class ChoiceEditor(Editor):
    """One of a list, or none."""

    def __init__(self, value: Any, name: str, kind: type[StrEnum], blank: bool = True) -> None:
        super().__init__()
        self.field = choice(kind, value, name, blank)
        self.field.activated.connect(lambda _place: self.changed.emit())
        self.setLayout(row(self.field, None))

    def value(self) -> Any:
        return self.field.currentData()


class CountryEditor(Editor):
    """A country, by name."""

    def __init__(self, value: Any, name: str) -> None:
        super().__init__()
        self.field = QComboBox()
        self.field.setObjectName(name)
        self.field.addItem("–", "")
        for code, text in countries():
            self.field.addItem(text, code)
        self.field.setCurrentIndex(max(0, self.field.findData(str(value or ""))))
        self.field.activated.connect(lambda _place: self.changed.emit())
        self.setLayout(row(self.field, None))

    def value(self) -> Any:
        return self.field.currentData()


def countries() -> list[tuple[str, str]]:
    """Return (two letters, name) of every country, by name in the language of the screen."""
    names = Locale.parse(locale()).territories
    found = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in _NONE]
    return sorted(found, key=lambda item: item[1])


_NONE = frozenset({"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"})


class ChoicesEditor(Editor):
    """Several of a list, as boxes that wrap."""

    def __init__(self, value: Any, name: str, kind: type[StrEnum]) -> None:
        super().__init__()
        self.setObjectName(name)
        flow = FlowLayout(self)
        flow.setSpacing(theme.px(12))
        self._boxes: list[tuple[str, QCheckBox]] = []
        for member in kind:
            box = QCheckBox(word(member))
            box.setObjectName(f"{name}_{member.value}")
            box.setChecked(member.value in (value or []))
            box.toggled.connect(lambda _on: self.changed.emit())
            flow.addWidget(box)
            self._boxes.append((member.value, box))
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def value(self) -> Any:
        return [value for value, box in self._boxes if box.isChecked()]


class CountEditor(Editor):
    """A number with what it rests on, and for an estimate its least and greatest."""

    def __init__(self, value: Any, name: str) -> None:
        super().__init__()
        said = value or {"basis": Basis.UNKNOWN.value}
        self.count = line_edit(str(said.get("count", "")), 110, name)
        self.basis = choice(Basis, said["basis"], f"{name}_basis")
        self.least = line_edit(str(said.get("minimum", "")), 90, f"{name}_minimum")
        self.most = line_edit(str(said.get("maximum", "")), 90, f"{name}_maximum")
        self.least.setPlaceholderText(_("least"))
        self.most.setPlaceholderText(_("most"))
        for each in (self.count, self.least, self.most):
            each.textEdited.connect(self._typed)
        self.basis.activated.connect(lambda _place: self._shown())
        self.setLayout(row(self.count, self.basis, self.least, self.most, None))
        self._shown(quiet=True)

    def _typed(self) -> None:
        if self.count.text() and Basis(self.basis.currentData()) in WITHOUT_VALUE:
            self.basis.setCurrentIndex(self.basis.findData(Basis.ESTIMATE.value))
        self._shown()

    def _shown(self, quiet: bool = False) -> None:
        estimate = self.basis.currentData() == Basis.ESTIMATE.value
        self.least.setVisible(estimate)
        self.most.setVisible(estimate)
        if not quiet:
            self.changed.emit()

    def value(self) -> Any:
        basis = Basis(self.basis.currentData())
        if basis in WITHOUT_VALUE:
            return {"basis": basis.value}
        said: dict[str, Any] = {"count": _whole(self.count.text()), "basis": basis.value}
        for name, field in (("minimum", self.least), ("maximum", self.most)):
            if basis is Basis.ESTIMATE and field.text().strip():
                said[name] = _whole(field.text())
        return said


def _whole(text: str) -> Any:
    plain = "".join(text.split())
    return int(plain) if plain.isdigit() else plain


class CountsEditor(Editor):
    """Numbers by kind of data, or by country."""

    def __init__(self, value: Any, name: str, kind: type[StrEnum] | None) -> None:
        super().__init__()
        self._name, self._kind = name, kind
        self._rows: list[tuple[QComboBox, CountEditor, QWidget]] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(theme.px(6))
        add = button(_("Add a number"), "quiet", "plus", f"{name}_add")
        add.clicked.connect(self._add_empty)
        self._box.addLayout(row(add, None))
        for key, count in (value or {}).items():
            self._add(key, count)

    def _add_empty(self) -> None:
        self._add("", None)
        self.changed.emit()

    def _add(self, key: str, count: Any) -> None:
        which = QComboBox()
        items = countries() if self._kind is None else [(each.value, word(each)) for each in self._kind]
        for code, text in items:
            which.addItem(text, code)
        which.setCurrentIndex(max(0, which.findData(key)))
        which.setObjectName(f"{self._name}_key_{len(self._rows)}")
        which.setAccessibleName(_("Of what"))
        number = CountEditor(count or {"basis": Basis.ESTIMATE.value}, f"{self._name}_{len(self._rows)}")
        number.changed.connect(self.changed)
        which.activated.connect(lambda _place: self.changed.emit())
        drop = button("", "quiet", "x", "", _("Remove this number"))
        line = QWidget()
        line.setLayout(row(which, number, drop, None))
        entry = (which, number, line)
        drop.clicked.connect(lambda: self._drop(entry))
        self._rows.append(entry)
        self._box.insertWidget(self._box.count() - 1, line)

    def _drop(self, entry: tuple[QComboBox, CountEditor, QWidget]) -> None:
        self._rows.remove(entry)
        self._box.removeWidget(entry[2])
        entry[2].hide()
        entry[2].deleteLater()
        self.changed.emit()

    def value(self) -> Any:
        return {str(which.currentData()): number.value() for which, number, _line in self._rows}


def editor_for(spec: FactSpec, value: Any, name: str) -> Editor:
    """Return the editor of a fact that is no list of rows."""
    kind = spec.kind
    if kind is FactKind.CHOICE and spec.choices is not None:
        return ChoiceEditor(value, name, spec.choices, blank=spec.key != "nature.cause")
    if kind is FactKind.CHOICES and spec.choices is not None:
        return ChoicesEditor(value, name, spec.choices)
    if kind is FactKind.INSTANT:
        return InstantEditor(value, name, required=spec.key == "awareness.at")
    if kind is FactKind.COUNTS:
        return CountsEditor(value, name, spec.choices)
    plain: dict[FactKind, Any] = {
        FactKind.LONG_TEXT: LongTextEditor, FactKind.DAY: DayEditor, FactKind.FLAG: FlagEditor,
        FactKind.COUNT: CountEditor, FactKind.COUNTRY: CountryEditor, FactKind.TEXTS: TextsEditor,
    }  # fmt: skip
    if kind is FactKind.NUMBER:
        return NumberEditor(value, name, 110)
    made: Editor = plain.get(kind, TextEditor)(value, name)
    return made
