"""Enquiries: the log at the left with the load by the hour, the form in the middle, the person at the right once it is
established who asks."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QListWidget, QListWidgetItem, QSplitter, QWidget

from dpo_app.core.ids import PersonId, grouped
from dpo_app.core.persons.enquiry import EnquiryKind, EnquiryState, EnquiryWay
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.enquiries.enquiry_aside import EnquiryAside
from dpo_app.gui.pages.enquiries.enquiry_form import WAY_ICONS, EnquiryForm
from dpo_app.gui.pages.page import Page
from dpo_app.gui.widgets.load_bars import LoadBars
from dpo_app.gui.widgets.parts import Card, button, label, row
from dpo_app.gui.words import counted, day, moment, number
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.services.enquiries.forecast_load import Forecast, forecast
from dpo_app.services.enquiries.identify_caller import Identified
from dpo_app.services.enquiries.log_enquiry import Logged
from dpo_app.services.lines import EnquiryLine
from dpo_app.services.notices.write_notice import organisation_of
from dpo_app.services.progress import Topic

#: Fewer calls in the fullest hour than this are no load to speak of.
FEW = 2


class EnquiriesPage(Page):
    """The enquiry desk."""

    key = "enquiries"
    topics = frozenset({Topic.ENQUIRIES, Topic.DELIVERIES, Topic.FACTS, Topic.PERSONS})

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._only_open = True
        self._asked_ever = True
        self._lines: list[EnquiryLine] = []
        self.form = EnquiryForm(office)
        self.aside = EnquiryAside(office)
        self.form.identified.connect(self._identified)
        self.form.saved.connect(self._saved)
        self.aside.person_wanted.connect(lambda person: office.page_wanted.emit("persons", {"person": person}))
        self.split = QSplitter(Qt.Orientation.Horizontal)
        for each in (self._log_card(), self.form, self.aside):
            self.split.addWidget(each)
        self.split.setStretchFactor(1, 1)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(theme.px(12))
        self.box.addWidget(self.split, 1)

    def _log_card(self) -> Card:
        card = Card()
        card.setMinimumWidth(theme.px(200))
        card.setMaximumWidth(theme.px(300))
        self._chips = QButtonGroup(self)
        self.open_chip = button(_("Open"), "filter", name="enquiries_open")
        self.all_chip = button(_("All"), "filter", name="enquiries_all")
        for chip, only_open in ((self.open_chip, True), (self.all_chip, False)):
            chip.setCheckable(True)
            self._chips.addButton(chip)
            chip.clicked.connect(lambda _=False, o=only_open: self._choose(o))
        self.open_chip.setChecked(True)
        card.body.addLayout(row(self.open_chip, self.all_chip, None, space=6))
        self.list = QListWidget()
        self.list.setObjectName("enquiry_list")
        self.list.setAccessibleName(_("Enquiries"))
        self.list.setWordWrap(True)
        self.list.currentRowChanged.connect(self._chosen)
        self.nothing = label("", "second", wrap=True, name="enquiries_none")
        card.body.addWidget(self.nothing)
        card.body.addWidget(self.list, 1)
        self._gap = QWidget()
        card.body.addWidget(self._gap, 1)
        self.load_title = label(_("Calls by the hour"), "strong")
        self.bars = LoadBars()
        self.formula = label("", "caption", wrap=True, name="load_formula")
        for each in (self.load_title, self.bars, self.formula):
            card.body.addWidget(each)
        return card

    def reload(self) -> None:
        """Read the log and the forecast."""
        breach_id, desk, only_open = self.breach_id, self.office.desk, self._only_open
        assert breach_id is not None

        def read(queries: Any) -> tuple[Any, ...]:
            facts = queries.newest_revision(breach_id).facts
            state = EnquiryState.OPEN if only_open else None
            language = organisation_of(queries).language
            return queries.enquiries(breach_id, state), queries.enquiry_counts(breach_id), facts.categories, language

        def then(found: tuple[Any, ...]) -> None:
            lines, counts, categories, language = found
            self.form.open_breach(breach_id, tuple(categories), language)
            self._show(lines, counts)

        self.office.read(read, then)
        self.office.do(lambda _p: forecast(desk, breach_id), self._show_load)

    def _show(self, lines: list[EnquiryLine], counts: tuple[int, int]) -> None:
        self._lines = lines
        self.open_chip.setText(_("Open {count}").format(count=number(counts[0])))
        self.all_chip.setText(_("All {count}").format(count=number(counts[1])))
        for chip in (self.open_chip, self.all_chip):
            chip.setAccessibleName(chip.text())
        self.list.blockSignals(True)
        self.list.clear()
        for line in lines:
            item = QListWidgetItem(theme.icon(WAY_ICONS[line.way], "text_2"), self._text(line))
            self.list.addItem(item)
        self.list.setCurrentRow(-1)
        self.list.blockSignals(False)
        self.list.setVisible(bool(lines))
        self.nothing.setVisible(not lines)
        self._gap.setVisible(not lines)
        self._asked_ever = counts[1] > 0
        self.nothing.setText(_("Nothing is open.") if counts[1] else _("No enquiries yet."))

    @staticmethod
    def _text(line: EnquiryLine) -> str:
        # Of a protected person not even the name stands in a list.
        name = ", ".join(filter(None, (line.family_name, line.given_names))) if not line.protected else ""
        who = name or (grouped(line.person_code) if line.person_code else _("not identified"))
        when = day(line.due_on) if line.due_on and line.state == EnquiryState.OPEN else moment(line.saved_at)
        return f"{who}\n{word(EnquiryKind(line.kind))} · {when}"

    def _show_load(self, found: Forecast) -> None:
        self.bars.set_hours(found.hours)
        self.bars.setVisible(bool(found.hours))
        assumption = _("Formula: {rate} of each 1 000 told ask, half of them within two days. Told {told}, asked {asked}; "
                       "the rate learns from the log.").format(
            rate=round(found.rate), told=number(found.told), asked=number(found.asked))  # fmt: skip
        if found.peak_at is not None and found.peak >= FEW:
            peak = _("Fullest hour: {when}, about {count}.").format(when=moment(found.peak_at), count=round(found.peak))
            assumption = f"{peak} {assumption}"
        self.formula.setText(assumption)
        if not self._asked_ever and found.peak >= FEW:
            self.nothing.setText(counted(
                "No enquiries yet. From the first wave expect about {count} call in the fullest hour (forecast).",
                "No enquiries yet. From the first wave expect about {count} calls in the fullest hour (forecast).",
                round(found.peak)))  # fmt: skip

    def _choose(self, only_open: bool) -> None:
        self._only_open = only_open
        if self.breach_id is not None:
            self.reload()

    def _chosen(self, place: int) -> None:
        if 0 <= place < len(self._lines):
            self.aside.show_enquiry(self._lines[place])

    def _identified(self, found: Identified | None) -> None:
        if found is not None and found.person_id is not None:
            self.aside.show_person(PersonId(found.person_id))
        else:
            self.aside.nobody()

    def _saved(self, logged: Logged) -> None:
        self.aside.nobody()
        if logged.due_on is not None:
            text = _("Enquiry {enquiry} is saved, due {when}.").format(
                enquiry=logged.reference, when=day(logged.due_on)
            )
        else:
            text = _("Enquiry {enquiry} is saved.").format(enquiry=logged.reference)
        self.office.toast.emit(text)

    def show_target(self, target: object) -> None:
        """Links here name a person's code, to begin an enquiry with, or a way."""
        if isinstance(target, dict) and "code" in target:
            self.form.choose(target["code"])
        elif isinstance(target, str) and target in set(EnquiryWay):
            self.form.start(EnquiryWay(target))
