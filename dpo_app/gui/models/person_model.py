"""The list of persons as a window onto sorted numbers: rows come in pages, when somebody looks at them.

A million persons are eight megabytes of numbers; the rows on the screen are a few dozen. No query ever runs in `data`.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer

from dpo_app.core.delivery import DeliveryState, Standing
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import grouped
from dpo_app.core.persons.care import CareRule
from dpo_app.core.persons.channel import Channel, ChannelReason
from dpo_app.gui.words import moment
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.services.lines import PersonLine

PAGE = 256
KEPT_PAGES = 64
LineRole = int(Qt.ItemDataRole.UserRole) + 1
IdRole = LineRole + 1
Index = QModelIndex | QPersistentModelIndex
#: Shown unless the officer chose others.
COLUMNS = ("name", "exposure", "channel", "standing", "last")
ALL_COLUMNS = (*COLUMNS, "care", "language", "postcode", "born", "registered", "removed", "told", "import")
#: Orders the store knows; the others are shown only.
SORTED = frozenset({"name", "exposure", "channel", "standing", "language", "postcode", "born"})


def column_words() -> dict[str, str]:
    """Return the headings of the columns."""
    return {
        "name": _("Name"), "exposure": _("Exposure"), "channel": _("Channel"), "standing": _("Standing"),
        "last": _("Last event"), "care": _("Care"), "language": _("Language"), "postcode": _("Postcode"),
        "born": _("Birth year"), "registered": _("In the register since"), "removed": _("Removed on"),
        "told": _("Told under"), "import": _("Import"),
    }  # fmt: skip


class PersonModel(QAbstractTableModel):
    """Rows of `PersonLine` over an array of person numbers; `fetch(ids, place)` brings a page in a job."""

    def __init__(self, fetch: Callable[[Sequence[int], int], None]) -> None:
        super().__init__()
        self._fetch = fetch
        self._ids: array[int] = array("q")
        self._pages: OrderedDict[int, list[PersonLine]] = OrderedDict()
        self._wanted: set[int] = set()
        self._asked: set[int] = set()
        self.columns: tuple[str, ...] = COLUMNS
        self._revisions: dict[int, int] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._ask)

    def set_columns(self, columns: Sequence[str]) -> None:
        """Show these columns, the name always first."""
        chosen = [each for each in columns if each in ALL_COLUMNS and each != "name"]
        self.beginResetModel()
        self.columns = ("name", *chosen)
        self.endResetModel()

    def set_revisions(self, numbers: dict[int, int]) -> None:
        """Say which number each revision has, for *told under*."""
        self._revisions = numbers

    def ids_of(self, rows: Sequence[tuple[int, int]]) -> list[int]:
        """Return the persons of ranges of rows, both ends included."""
        return [number for first, last in rows for number in self._ids[first : last + 1]]

    def set_ids(self, ids: array[int]) -> None:
        """Show other persons, in this order."""
        self.beginResetModel()
        self._ids = ids
        self._pages.clear()
        self._wanted.clear()
        self._asked.clear()
        self.endResetModel()

    def grow_ids(self, ids: array[int]) -> None:
        """Show the whole of a list whose beginning is shown; rows and selection stay."""
        shown = len(self._ids)
        if ids[:shown] != self._ids or not shown:
            self.set_ids(ids)
        elif len(ids) > shown:
            if shown % PAGE:
                self._pages.pop(shown // PAGE, None)
            self.beginInsertRows(QModelIndex(), shown, len(ids) - 1)
            self._ids = ids
            self.endInsertRows()

    def put_page(self, place: int, lines: list[PersonLine], ids: Sequence[int]) -> None:
        """Take a page that was fetched; one of an older list is dropped."""
        self._asked.discard(place)
        start = place * PAGE
        if list(self._ids[start : start + PAGE]) != list(ids):
            return
        self._pages[place] = lines
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        last = min(len(self._ids), start + PAGE) - 1
        self.dataChanged.emit(self.index(start, 0), self.index(last, len(self.columns) - 1))

    def _ask(self) -> None:
        for place in sorted(self._wanted):
            self._asked.add(place)
            self._fetch(self._ids[place * PAGE : (place + 1) * PAGE], place)
        self._wanted.clear()

    def line(self, row: int) -> PersonLine | None:
        """Return a row if it is there; else ask for its page and return None."""
        place = row // PAGE
        page = self._pages.get(place)
        if page is None:
            if place not in self._asked:
                self._wanted.add(place)
                self._timer.start()
            return None
        return page[row % PAGE] if row % PAGE < len(page) else None

    def person_id(self, row: int) -> int:
        """Return the person's number in a row."""
        return self._ids[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: N802
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return column_words()[self.columns[section]]
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            line = self.line(index.row())
            return self.text(line, self.columns[index.column()]) if line is not None else "…"
        if role == LineRole:
            return self.line(index.row())
        if role == IdRole:
            return self._ids[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            line = self.line(index.row())
            return ", ".join(self.text(line, key) for key in self.columns) if line is not None else ""
        return None

    def text(self, line: PersonLine, key: str) -> str:
        """Return what a column says of a person."""
        if key == "standing":
            return word(Standing(line.standing)) if line.standing else "–"
        if key == "told":
            known = self._revisions.get(line.told_revision)
            return _("revision {number}").format(number=known) if known else ""
        return text_of(line, key)


def text_of(line: PersonLine, key: str) -> str:
    """Return what the columns but standing and *told under* say of a person."""
    known = {
        "name": lambda: name_of(line),
        "exposure": lambda: word(ExposureState(line.exposure)) if line.exposure else "",
        "channel": lambda: word(Channel(line.channel)) if line.channel else "",
        "care": lambda: ", ".join(word(CareRule(each)) for each in line.care),
        "language": lambda: line.language, "postcode": lambda: "" if line.protected else line.postcode,
        "born": lambda: line.birth_year, "registered": lambda: line.registered, "removed": lambda: line.removed,
        "import": lambda: f"I{line.import_id}", "last": lambda: last_event(line)[0],
    }  # fmt: skip
    return known[key]()


def name_of(line: PersonLine) -> str:
    """Return a name as lists show it."""
    return ", ".join(filter(None, (line.family_name, line.given_names))) or grouped(line.code)


def last_event(line: PersonLine) -> tuple[str, str]:
    """Return what happened last, and when."""
    if line.last_state and line.last_at is not None:
        return word(DeliveryState(line.last_state)), moment(line.last_at)
    return (word(ChannelReason(line.channel_reason)) if line.channel_reason else ""), ""
