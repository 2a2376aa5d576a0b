"""Persons who share an address or a mail address: groups to look at; each is written to on their own."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout

from dpo_app.core.ids import BreachId
from dpo_app.gui.office import Office
from dpo_app.gui.pages.persons.clean_part import CleanPart
from dpo_app.gui.widgets.parts import Card, button, row
from dpo_app.gui.widgets.plain_table import narrow, plain_table, put
from dpo_app.gui.words import number
from dpo_app.i18n import _, ngettext
from dpo_app.messages import word
from dpo_app.services.persons.list_households import Household, Households, households

SHOWN = 500


class CleanHouseholds(CleanPart):
    """One table; a group's persons are opened one by one."""

    def __init__(self, office: Office, breach_id: BreachId) -> None:
        super().__init__(office, breach_id)
        self._groups: tuple[Household, ...] = ()
        card = Card()
        self.table = plain_table([_("They share"), _("Persons"), _("Who")], "households")
        narrow(self.table, 0, 1)
        card.body.addWidget(self.table, 1)
        self.show_one = button(_("Show the first of them"), "", "user", "household_show")
        self.show_one.setEnabled(False)
        self.show_one.clicked.connect(self._open_person)
        self.table.itemSelectionChanged.connect(lambda: self.show_one.setEnabled(bool(self.table.selectedItems())))
        card.body.addLayout(row(self.show_one, None))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(card)

    def open(self) -> None:
        """Read the groups."""
        desk, breach_id = self.office.desk, self.breach_id
        self.work(
            lambda progress: households(desk, breach_id, SHOWN, progress), self._show, name=_("Comparing the records")
        )

    def _show(self, found: Households) -> None:
        text = _("Shared addresses: {addresses} · shared mail addresses: {mails} · persons: {persons}. Each gets a message "
                 "of their own, and never another's.")  # fmt: skip
        said = text.format(addresses=number(found.addresses), mails=number(found.mails), persons=number(found.persons))
        if len(found.groups) == SHOWN:
            said += " " + _("The {count} largest groups are shown.").format(count=number(SHOWN))
        self.led.emit(said, "")
        self._groups = found.groups
        self.table.setRowCount(len(found.groups))
        for place, group in enumerate(found.groups):
            count = len(group.persons)
            names = " · ".join(group.names)
            if group.protected:
                names += " · " + _("one of them has a protected address")
            persons = ngettext("{count} person", "{count} persons", count).format(count=number(count))
            put(self.table, place, [word(group.kind), persons, names])

    def _open_person(self) -> None:
        group = self._groups[self.table.currentRow()]
        self.office.page_wanted.emit("persons", {"person": group.persons[0]})
