"""Sending: where everybody stands, and a part for each channel."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QButtonGroup, QStackedWidget

from dpo_app.core.persons.channel import Channel
from dpo_app.gui.office import Office
from dpo_app.gui.pages.page import Page
from dpo_app.gui.pages.sending.bounces_part import BouncesPart
from dpo_app.gui.pages.sending.email_part import EmailPart
from dpo_app.gui.pages.sending.letters_part import LettersPart
from dpo_app.gui.pages.sending.public_part import PublicPart
from dpo_app.gui.pages.sending.returned_part import ReturnedPart
from dpo_app.gui.pages.sending.sending_part import SendingPart
from dpo_app.gui.pages.sending.trust_part import TrustPart
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.gui.widgets.told_bar import ToldBar
from dpo_app.gui.words import number
from dpo_app.i18n import _
from dpo_app.services.progress import Topic


class SendingPage(Page):
    """E-mails and letters of the newest approved notice; a part reads nothing, the page reads for all."""

    key = "sending"
    topics = frozenset({Topic.NOTICES, Topic.PLAN, Topic.DELIVERIES, Topic.PERSONS})

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.bar = ToldBar()
        self.sum = label("", "second", wrap=True, name="sum_line")
        self.parts: dict[str, SendingPart | ReturnedPart | PublicPart] = {
            "email": EmailPart(office), "bounces": BouncesPart(office), "trust": TrustPart(office),
            "letters": LettersPart(office), "returned": ReturnedPart(office),
            "public": PublicPart(office),
        }  # fmt: skip
        self.stack = QStackedWidget()
        self._opened_at: int | None = None
        self._group = QButtonGroup(self)
        self.part_row = row()
        for place, (name, text) in enumerate(
            (
                ("email", _("E-mail")),
                ("bounces", _("Bounces")),
                ("trust", _("Trust")),
                ("letters", _("Letters")),
                ("returned", _("Returned")),
                ("public", _("Public notice")),
            )
        ):
            chip = button(text, "filter", name=f"part_{name}")
            chip.setCheckable(True)
            chip.clicked.connect(lambda _on=False, wanted=name: self.show_part(wanted))
            self._group.addButton(chip, place)
            self.part_row.addWidget(chip)
            self.stack.addWidget(self.parts[name])
            self.parts[name].stale.connect(self._read_again)
        self.part_row.addStretch(1)
        self.box.addLayout(self.part_row)
        self.box.addWidget(self.bar)
        self.box.addWidget(self.sum)
        self.box.addWidget(self.stack, 1)
        self.show_part("email")

    def leaving(self) -> str:
        """Return what closing the window now would mean; "" while nothing is being sent."""
        part = self.parts["email"]
        return part.leaving() if isinstance(part, EmailPart) else ""

    def show_part(self, name: str) -> None:
        """Show the part `email` or `letters`."""
        self.stack.setCurrentWidget(self.parts[name])
        chip = self._group.button(list(self.parts).index(name))
        chip.setChecked(True)

    def place(self) -> object:
        """Return the part that is shown."""
        return list(self.parts)[self.stack.currentIndex()]

    def show_target(self, target: object) -> None:
        """Show the part that a link named."""
        if target in self.parts:
            self._opened_at = self.breach_id
            self.show_part(str(target))

    def _read_again(self) -> None:
        self._stale = True
        self.refresh()

    def reload(self) -> None:
        """Read standings, batches, and what would be made."""
        breach_id = self.breach_id
        assert breach_id is not None

        def read(queries: Any) -> dict[str, Any]:
            saved = queries.newest_revision(breach_id)
            standing = queries.standings(breach_id, saved.id)
            found = {
                "waiting": {c.value: queries.waiting(breach_id, saved.id, c) for c in (Channel.EMAIL, Channel.LETTER)},
                "standing": standing, "batches": queries.batches(breach_id), "planned": queries.is_planned(saved.id),
                "approved": queries.approved_notice(breach_id), "channel": queries.channel_counts(saved.id),
                "refused": queries.refusals(breach_id, Channel.LETTER), "notices": queries.notices(breach_id),
                "letters_back": queries.letters_back(breach_id),
            }  # fmt: skip
            for part in parts:
                found |= part.read(queries, breach_id, found)
            return found

        parts = [each for each in self.parts.values() if isinstance(each, SendingPart)]
        self.office.read(read, self._show)

    def _show(self, found: dict[str, Any]) -> None:
        standing = found["standing"]
        counts = {n: getattr(standing, n) for n in ("told", "on_the_way", "open", "unknown", "excused")}
        self.bar.set_counts(counts)
        self.sum.setText(
            _("{scope} in scope = told {told} + on the way {way} + open {open} + unknown {unknown} + excused {excused}")
            .format(scope=number(standing.in_scope), told=number(standing.told), way=number(standing.on_the_way),
                    open=number(standing.open), unknown=number(standing.unknown), excused=number(standing.excused))
        )  # fmt: skip
        for part in self.parts.values():
            part.breach_id = self.breach_id
            part.show_found(found)
        if self._opened_at != self.breach_id:
            # A breach opens at the channel that waits; after that the officer's choice stays.
            self._opened_at = self.breach_id
            waiting = found["waiting"]
            by_letter = waiting["letter"] and not waiting["email"] and not found["run_open"]
            self.show_part("letters" if by_letter else "email")
