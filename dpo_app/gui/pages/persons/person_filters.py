"""What the list of persons shows: the menu of filters, filters kept by name, and the sentence that says it all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from dpo_app.core.delivery import Standing
from dpo_app.core.facts.exposure import EXPOSURE_ORDER
from dpo_app.core.persons.care import CareRule
from dpo_app.core.persons.channel import Channel
from dpo_app.gui.office import Office
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.services.lines import PersonFilter
from dpo_app.services.persons.saved_filters import filter_document, filter_of, remove_filter, save_filter

LANGUAGES = ("fi", "sv", "en")


def sentence(wanted: PersonFilter, windows: Sequence[str] = ()) -> str:
    """Return what a filter says, its parts in their words."""
    parts = [word(each) for kind in (wanted.standings, wanted.exposures, wanted.channels, wanted.care_rules)
             for each in sorted(kind)]  # fmt: skip
    if wanted.care:
        parts.append(_("Care"))
    if wanted.language:
        parts.append(_("language {code}").format(code=wanted.language))
    if wanted.window is not None:
        name = windows[wanted.window] if wanted.window < len(windows) else str(wanted.window + 1)
        parts.append(_("window {name}").format(name=name))
    if wanted.born_after:
        parts.append(_("born in {year} or later").format(year=wanted.born_after[:4]))
    if wanted.import_id is not None:
        parts.append(_("import I{number}").format(number=wanted.import_id))
    if wanted.owed:
        parts.append(_("told, and owed more"))
    if wanted.text:
        parts.append(f"“{wanted.text}”")
    return ", ".join(parts)


class FilterMenu(QMenu):
    """Filters by kind, each a set of ticks; kept ones on top. `changed` is called with the new filter."""

    def __init__(self, parent: QWidget, office: Office, changed: Callable[[PersonFilter], None]) -> None:
        super().__init__(parent)
        self.office, self._changed = office, changed
        self._now = PersonFilter()
        self._kept: list[tuple[str, Any]] = []
        self._windows: Sequence[str] = ()
        self._imports: Sequence[int] = ()
        self.aboutToShow.connect(self._fill)

    def set_now(self, wanted: PersonFilter) -> None:
        """Say what is filtered now."""
        self._now = wanted

    def set_known(self, kept: list[tuple[str, Any]], windows: Sequence[str], imports: Sequence[int]) -> None:
        """Say which filters are kept, and which windows and imports there are."""
        self._kept, self._windows, self._imports = kept, windows, imports

    def _fill(self) -> None:
        self.clear()
        for name, document in self._kept:
            self.addAction(name, partial(self._changed, filter_of(document)))
        if self._kept:
            self.addSeparator()
        now = self._now
        self._ticks(_("Exposure"), "exposures", EXPOSURE_ORDER)
        self._ticks(_("Channel"), "channels", Channel)
        self._ticks(_("Standing"), "standings", Standing)
        self._ticks(_("Rule of care"), "care_rules", CareRule)
        self._choices(_("Language"), "language", [(code, code) for code in LANGUAGES], "")
        self._choices(_("Window"), "window", list(enumerate(self._windows)), None)
        year = self.office.desk.clock.now().year
        ages = [(f"{year - age}", _("born in {year} or later").format(year=year - age)) for age in (15, 18, 30)]
        self._choices(_("Age"), "born_after", ages, "")
        self._choices(_("Import"), "import_id", [(number, f"I{number}") for number in self._imports], None)
        self._tick(self, _("Told under an older revision, and owed more"), now.owed, "owed", not now.owed)
        self.addSeparator()
        keep = self.addAction(_("Keep this filter…"), self._keep)
        keep.setEnabled(bool(filter_document(now)) and not self.office.desk.read_only)
        if self._kept:
            gone = self.addMenu(_("Remove a kept filter"))
            for name, _document in self._kept:
                gone.addAction(name, partial(self._remove, name))
        self.addAction(_("Clear the filter"), partial(self._changed, PersonFilter()))

    def _tick(self, menu: QMenu, text: str, on: bool, name: str, value: Any) -> QAction:
        made = menu.addAction(text)
        made.setCheckable(True)
        made.setChecked(on)
        made.triggered.connect(lambda _on=False: self._changed(replace(self._now, **{name: value})))
        return made

    def _ticks(self, title: str, name: str, members: Any) -> None:
        menu, chosen = self.addMenu(title), getattr(self._now, name)
        for member in members:
            self._tick(menu, word(member), member in chosen, name, chosen ^ {member})

    def _choices(self, title: str, name: str, choices: Sequence[tuple[Any, str]], none: Any) -> None:
        if not choices:
            return
        menu, chosen = self.addMenu(title), getattr(self._now, name)
        for value, text in choices:
            self._tick(menu, text, value == chosen, name, none if value == chosen else value)

    def _keep(self) -> None:
        desk, wanted = self.office.desk, self._now
        name = self.office.dialogs.text(self, _("Keep the filter"), _("Name of the filter. It names nobody."))
        if name is not None:
            self.office.do(lambda _p: save_filter(desk, name, wanted), None, _("Keeping the filter"))

    def _remove(self, name: str) -> None:
        desk = self.office.desk
        self.office.do(lambda _p: remove_filter(desk, name), None, _("Removing the filter"))
