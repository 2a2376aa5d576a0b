"""The form of a revision: every fact of a breach, with windows and measures as rows."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

from PySide6.QtCore import QDate, QDateTime, QTimeZone, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDateTimeEdit,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from dpo_app.core.breach import Basis, BreachKind, Cause, Consequence, DataCategory, MeasureKind, Revision
from dpo_app.core.breach_document import document_from_revision, revision_from_document
from dpo_app.core.errors import DpoError
from dpo_app.core.exposure import Certainty
from dpo_app.core.fact_values import WITHOUT_VALUE
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.parts import Card, button, label, row, scrolling
from dpo_app.gui.words import local, zone_name
from dpo_app.i18n import _
from dpo_app.messages import explain, word


def line_edit(text: str = "", width: int = 0, name: str = "") -> QLineEdit:
    """Return a one-line field."""
    made = QLineEdit(text)
    if width:
        made.setFixedWidth(theme.px(width))
    made.setObjectName(name)
    return made


def choice(kind: Any, value: Any, name: str = "") -> QComboBox:
    """Return a drop-down over the members of an enum, in words."""
    made = QComboBox()
    for member in kind:
        made.addItem(word(member), member.value)
    made.setCurrentIndex(max(0, made.findData(str(value))))
    made.setObjectName(name)
    return made


def moment_edit(value: datetime | None, name: str) -> QDateTimeEdit:
    """Return a field for a time in the organisation's zone, whatever that of the computer."""
    made = QDateTimeEdit()
    made.setCalendarPopup(True)
    made.setDisplayFormat("d.M.yyyy HH:mm")
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


class _Windows(Card):
    def __init__(self, windows: list[dict[str, Any]]) -> None:
        add = button(_("Add a window"), "quiet", "plus", "add_window")
        super().__init__(_("Windows of intrusion"), add)
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.px(8))
        self.body.addLayout(self._grid)
        heads = (_("Name"), _("From"), _("To"), _("Somebody inside"), _("Data seen or taken"), _("Known whose"), "")
        for column, text in enumerate(heads):
            self._grid.addWidget(label(text, "caption"), 0, column)
        self._rows: list[tuple[Any, ...]] = []
        for window in windows:
            self._add(window)
        add.clicked.connect(lambda: self._add({}))

    def _add(self, window: dict[str, Any]) -> None:
        place = self._grid.rowCount()
        today = date.today().isoformat()
        name = line_edit(window.get("name", ""), name=f"window_name_{place}")
        first = _day_edit(window.get("from", today))
        last = _day_edit(window.get("to") or today)
        goes_on = QCheckBox(_("goes on"))
        goes_on.setChecked(bool(window) and not window.get("to"))
        last.setEnabled(not goes_on.isChecked())
        goes_on.toggled.connect(lambda on: last.setEnabled(not on))
        ends = QWidget()
        ends.setLayout(row(last, goes_on, space=6))
        inside = choice(Certainty, window.get("intrusion", "possible"))
        seen = choice(Certainty, window.get("disclosure", "possible"))
        whose = QCheckBox()
        whose.setChecked(bool(window.get("identifiable", True)))
        whose.setAccessibleName(_("Known whose"))
        drop = button("", "quiet", "x", "", _("Remove this window"))
        parts = (name, first, ends, inside, seen, whose, drop)
        for column, part in enumerate(parts):
            self._grid.addWidget(part, place, column)
        entry = (name, first, last, goes_on, inside, seen, whose, window.get("note", ""), parts)
        drop.clicked.connect(lambda: self._drop(entry))
        self._rows.append(entry)
        self._grid.setColumnStretch(0, 1)

    def _drop(self, entry: tuple[Any, ...]) -> None:
        self._rows.remove(entry)
        for part in entry[-1]:
            self._grid.removeWidget(part)
            part.deleteLater()

    def document(self) -> list[dict[str, Any]]:
        return [
            {"name": name.text(), "from": _iso(first), "to": "" if goes_on.isChecked() else _iso(last),
             "intrusion": inside.currentData(), "disclosure": seen.currentData(), "identifiable": whose.isChecked(),
             "note": note}
            for name, first, last, goes_on, inside, seen, whose, note, _parts in self._rows
        ]  # fmt: skip


def _day_edit(iso: str) -> QDateEdit:
    made = QDateEdit(QDate.fromString(iso, "yyyy-MM-dd"))
    made.setCalendarPopup(True)
    made.setDisplayFormat("d.M.yyyy")
    made.setFixedWidth(theme.px(130))
    return made


def _iso(field: QDateEdit) -> str:
    return field.date().toString("yyyy-MM-dd")


class _Ticks(QWidget):
    """A choice of several, as boxes in columns."""

    def __init__(self, kind: Any, chosen: list[str], columns: int = 4) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        self._boxes: dict[str, QCheckBox] = {}
        for place, member in enumerate(kind):
            box = QCheckBox(word(member))
            box.setChecked(member.value in chosen)
            self._boxes[member.value] = box
            grid.addWidget(box, place // columns, place % columns)

    def chosen(self) -> list[str]:
        return [name for name, box in self._boxes.items() if box.isChecked()]


class _Measures(Card):
    def __init__(self, measures: list[dict[str, Any]]) -> None:
        add = button(_("Add a measure"), "quiet", "plus", "add_measure")
        super().__init__(_("Measures taken and planned"), add)
        self._list = QVBoxLayout()
        self.body.addLayout(self._list)
        self._rows: list[tuple[Any, ...]] = []
        for measure in measures:
            self._add(measure)
        add.clicked.connect(lambda: self._add({}))

    def _add(self, measure: dict[str, Any]) -> None:
        text = line_edit(measure.get("text", ""))
        kind = choice(MeasureKind, measure.get("kind", "contain"))
        done = QCheckBox(_("done on"))
        done.setChecked(bool(measure.get("done_on")))
        when = _day_edit(measure.get("done_on") or date.today().isoformat())
        when.setEnabled(done.isChecked())
        done.toggled.connect(when.setEnabled)
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(text, 1)
        for part in (kind, done, when):
            line.addWidget(part)
        self._list.addWidget(holder)
        self._rows.append((text, kind, done, when))

    def document(self) -> list[dict[str, Any]]:
        return [
            {"text": text.text(), "kind": kind.currentData(), "done_on": _iso(when) if done.isChecked() else ""}
            for text, kind, done, when in self._rows
            if text.text().strip()
        ]


class RevisionForm(QWidget):
    """All facts of one revision; emits the finished revision or that it was given up."""

    finished = Signal(object)
    given_up = Signal()

    def __init__(self, facts: Revision, office: Office) -> None:
        super().__init__()
        document = document_from_revision(facts)
        self._document = document
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setSpacing(theme.px(12))
        column.addWidget(self._heading(document))
        self.windows = _Windows(document["window"])
        column.addWidget(self.windows)
        column.addWidget(self._nature(document))
        column.addWidget(self._data(document))
        self.measures = _Measures(document["measure"])
        column.addWidget(self.measures)
        column.addStretch(1)
        self.error = label("", "error", wrap=True, name="form_error")
        cancel, save = button(_("Cancel"), name="form_cancel"), button(_("Save revision"), "primary", "device-floppy",
                                                                       "form_save")  # fmt: skip
        cancel.clicked.connect(self.given_up)
        save.clicked.connect(self._finish)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(scrolling(inner), 1)
        foot = QHBoxLayout()
        foot.addWidget(self.error, 1)
        foot.addWidget(cancel)
        foot.addWidget(save)
        box.addLayout(foot)

    def _heading(self, document: dict[str, Any]) -> Card:
        card = Card(_("The breach"))
        grid = QGridLayout()
        card.body.addLayout(grid)
        self.title = line_edit(document["title"], name="title")
        self.reference = line_edit(document["reference"], 160, "reference")
        self.controller = line_edit(document["controller"], 300, "controller")
        self.known = moment_edit(None, "known_as_of")
        self.source = line_edit("", name="source")
        self.source.setPlaceholderText(_("Who says so: a report, a person, a date"))
        self.aware = moment_edit(datetime.fromisoformat(document["awareness"]["at"]), "aware_at")
        self.how = line_edit(document["awareness"]["how"], name="how")
        self.delay = line_edit(document["awareness"]["reason_for_delay"], name="delay")
        rows = (
            (_("Title"), self.title), (_("Reference"), self.reference), (_("Controller"), self.controller),
            (_("Known as of"), self.known), (_("Source"), self.source), (_("Aware since"), self.aware),
            (_("How it became known"), self.how), (_("Reason for delay, once 72 hours are over"), self.delay),
        )  # fmt: skip
        for place, (text, field) in enumerate(rows):
            name = label(text, "second")
            name.setBuddy(field)
            field.setAccessibleName(text)
            grid.addWidget(name, place, 0)
            grid.addLayout(row(field, None) if field.maximumWidth() < 10_000 else row(field), place, 1)
        grid.setColumnStretch(1, 1)
        return card

    def _nature(self, document: dict[str, Any]) -> Card:
        card = Card(_("Nature"))
        self.kinds = _Ticks(BreachKind, document["nature"]["kinds"])
        self.cause = choice(Cause, document["nature"]["cause"], "cause")
        self.summary = QPlainTextEdit(document["nature"]["summary"])
        self.summary.setFixedHeight(theme.px(70))
        self.summary.setTabChangesFocus(True)
        self.summary.setAccessibleName(_("Summary"))
        for text, field in ((_("Kind"), self.kinds), (_("Cause"), self.cause), (_("Summary"), self.summary)):
            card.body.addWidget(label(text, "second"))
            card.body.addWidget(field)
        return card

    def _data(self, document: dict[str, Any]) -> Card:
        card = Card(_("Data and consequences"))
        self.categories = _Ticks(DataCategory, document["data"]["categories"], 5)
        self.likely = _Ticks(Consequence, document["consequences"]["likely"])
        self.consequences = line_edit(document["consequences"]["text"], name="consequences")
        persons = document["data"]["persons"]
        self.count = line_edit(str(persons.get("count", "")), 110, "person_count")
        self.basis = choice(Basis, persons["basis"], "person_basis")
        card.body.addWidget(label(_("Kinds of data"), "second"))
        card.body.addWidget(self.categories)
        card.body.addLayout(row(label(_("Number of persons"), "second"), self.count, self.basis, None))
        card.body.addWidget(label(_("Likely consequences"), "second"))
        card.body.addWidget(self.likely)
        card.body.addWidget(label(_("Consequences in words"), "second"))
        card.body.addWidget(self.consequences)
        return card

    def document(self) -> dict[str, Any]:
        """Return what the form states, in the shape of a revision's document."""
        basis = self.basis.currentData()
        plain = "".join(self.count.text().split())
        persons: dict[str, Any] = {"basis": basis}
        if Basis(basis) not in WITHOUT_VALUE:
            persons["count"] = int(plain) if plain.isdigit() else plain
        kept = self._document
        return kept | {
            "title": self.title.text(), "reference": self.reference.text(), "controller": self.controller.text(),
            "known_as_of": moment_of(self.known), "source": self.source.text(),
            "awareness": kept["awareness"] | {"at": moment_of(self.aware), "how": self.how.text(), "reason_for_delay": self.delay.text()},
            "nature": kept["nature"] | {"kinds": self.kinds.chosen(), "cause": self.cause.currentData(),
                       "summary": self.summary.toPlainText()},
            "window": self.windows.document(),
            "data": kept["data"] | {"categories": self.categories.chosen(), "persons": persons},
            "consequences": kept["consequences"] | {"likely": self.likely.chosen(), "text": self.consequences.text()},
            "measure": self.measures.document(),
        }  # fmt: skip

    def _finish(self) -> None:
        try:
            facts = revision_from_document(self.document())
        except DpoError as error:
            self.show_error(error)
            return
        self.error.setText("")
        self.finished.emit(facts)

    def show_error(self, error: BaseException) -> None:
        """Say at the foot of the form what is wrong."""
        self.error.setText(str(explain(error)) if isinstance(error, DpoError) else str(type(error).__name__))
