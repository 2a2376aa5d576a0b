"""Cleaning the register in the list's place: duplicates, households, contact data, corrections from a file."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from dpo_app.core.ids import BreachId
from dpo_app.gui import theme
from dpo_app.gui.jobs import Job
from dpo_app.gui.office import Office
from dpo_app.gui.pages.persons.clean_contacts import CleanContacts
from dpo_app.gui.pages.persons.clean_corrections import CleanCorrections
from dpo_app.gui.pages.persons.clean_duplicates import CleanDuplicates
from dpo_app.gui.pages.persons.clean_households import CleanHouseholds
from dpo_app.gui.pages.persons.clean_part import CleanPart
from dpo_app.gui.widgets.parts import Card, button, label, row
from dpo_app.i18n import _
from dpo_app.services.facts.assess_exposure import make_plan

PARTS: tuple[tuple[str, str, type[CleanPart]], ...] = (
    ("duplicates", "users", CleanDuplicates), ("households", "mailbox", CleanHouseholds),
    ("contacts", "mail", CleanContacts), ("corrections", "table-import", CleanCorrections),
)  # fmt: skip


def part_words() -> dict[str, str]:
    """Return the headings of the parts."""
    return {"duplicates": _("Duplicates"), "households": _("Households"), "contacts": _("Contact data"),
            "corrections": _("Corrections")}  # fmt: skip


def part_titles() -> dict[str, str]:
    """Return what each part answers."""
    return {"duplicates": _("Who is in the register twice?"), "households": _("Who lives or reads together?"),
            "contacts": _("Which contact data are doubtful?"), "corrections": _("What is to be corrected by a file?")}  # fmt: skip


class CleanUp(QWidget):
    """Parts at the left, the one chosen at the right; emits `finished` when the officer goes back to the list."""

    finished = Signal()

    def __init__(self, office: Office, breach_id: BreachId, part: str = "duplicates") -> None:
        super().__init__()
        self.office, self.breach_id = office, breach_id
        self._job: Job | None = None
        self.parts: dict[str, CleanPart] = {}
        self.steps: dict[str, QPushButton] = {}
        self.title, self.lead = label("", "title"), label("", "second", wrap=True, name="clean_lead")
        self.error = label("", "error", wrap=True, name="clean_error")
        self.pages = QStackedWidget()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.hide()
        shut = button(_("Back to the persons"), "", "users", "clean_close")
        shut.clicked.connect(self.leave)
        self.stop = button(_("Stop"), "quiet", "x", "clean_stop")
        self.stop.clicked.connect(self._stop)
        self.stop.hide()
        self.act = button("", "primary", "", "clean_act")
        self.act.clicked.connect(lambda: self._part().act())
        right = QVBoxLayout()
        for each in (self.title, self.lead, self.error):
            right.addWidget(each)
        right.addWidget(self.pages, 1)
        right.addWidget(self.bar)
        right.addLayout(row(shut, self.stop, None, self.act))
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(12))
        box.addWidget(self._rail())
        box.addLayout(right, 1)
        self.show_part(part)

    def _rail(self) -> Card:
        rail = Card()
        rail.setFixedWidth(theme.px(200))
        for key, icon, _kind in PARTS:
            step = button(part_words()[key], "row", icon, f"clean_{key}")
            step.setCheckable(True)
            step.setFixedWidth(theme.px(168))
            step.clicked.connect(lambda _=False, k=key: self.show_part(k))
            self.steps[key] = step
            rail.body.addWidget(step)
        rail.body.addStretch(1)
        return rail

    def _part(self) -> Any:
        return self.pages.currentWidget()

    def show_part(self, key: str) -> None:
        """Show a part, made at its first visit; it reads anew each time."""
        if key not in self.parts:
            made = next(kind for name, _icon, kind in PARTS if name == key)(self.office, self.breach_id)
            made.told.connect(self.error.setText)
            made.working.connect(self._follow)
            made.led.connect(lambda lead, action, part=made: self._lead(part, lead, action))
            self.parts[key] = made
            self.pages.addWidget(made)
        for name, step in self.steps.items():
            step.setChecked(name == key)
        self.title.setText(part_titles()[key])
        self.error.setText("")
        self._lead(self.parts[key], "", "", now=True)
        self.pages.setCurrentWidget(self.parts[key])
        self.parts[key].open()

    def _lead(self, part: CleanPart, lead: str, action: str, now: bool = False) -> None:
        if now or part is self._part():
            self.lead.setText(lead)
            self.act.setText(action)
            self.act.setAccessibleName(action)
            self.act.setVisible(bool(action))

    def _follow(self, job: Job) -> None:
        self._job = job
        self.bar.setRange(0, 0)
        self.bar.setVisible(bool(job.name))
        self.stop.setVisible(bool(job.name))
        self.act.setEnabled(False)
        job.stepped.connect(self._stepped)
        job.done.connect(lambda _found: self._settled(job))
        job.failed.connect(lambda _error: self._settled(job))

    def _stepped(self, done: int, total: int) -> None:
        if total:
            self.bar.setRange(0, total)
            self.bar.setValue(done)

    def _settled(self, job: Job) -> None:
        if self._job is job:
            self._job = None
            self.bar.hide()
            self.stop.hide()
            self.act.setEnabled(True)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def leave(self) -> None:
        """Go back to the list. Work the plan out anew if persons were merged or taken apart: until then they have no place in it."""
        self._stop()
        desk, breach_id = self.office.desk, self.breach_id
        if any(part.dirty for part in self.parts.values()):
            self.office.do(lambda progress: make_plan(desk, breach_id, progress), None, _("Working out exposure"))
        self.finished.emit()
