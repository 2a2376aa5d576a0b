"""The letters part of Sending: who waits for a letter, letters in batches, posting, envelopes that come back."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from dpo_app.core.channel import Channel
from dpo_app.core.ids import BatchId
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.left_out_sheet import LeftOutSheet, reason_word
from dpo_app.gui.pages.sending_part import Check, SendingPart
from dpo_app.gui.widgets.parts import Card, button, label, row
from dpo_app.gui.words import number, typed_day
from dpo_app.i18n import _, current, ngettext
from dpo_app.services.make_letters import confirm_posted, finish_batch, make_letters
from dpo_app.services.progress import Changes, Topic


class LettersPart(SendingPart):
    """Letters of the newest approved notice."""

    channel = Channel.LETTER

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._refused: list[tuple[str, int]] = []
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(12))
        left = QVBoxLayout()
        left.setSpacing(theme.px(12))
        left.addWidget(self._figures())
        left.addWidget(self._batches(), 1)
        line.addLayout(left, 1)
        line.addWidget(self.checks_card())

    def _figures(self) -> Card:
        card = Card()
        self.number = label("0", "number", name="letter_number")
        self.layout_choice = QComboBox()
        self.layout_choice.setObjectName("layout")
        self.layout_choice.setAccessibleName(_("Layout and envelope"))
        for layout in self.office.desk.letters.layouts().values():
            self.layout_choice.addItem(layout.titles.get(current(), layout.titles.get("en", layout.id)), layout.id)
        self.layout_choice.setCurrentIndex(max(0, self.layout_choice.findData("fi-c5")))
        self.make = button(_("Make letters…"), "primary", "file-text", "make_letters")
        self.make.clicked.connect(self._letters)
        self.busy_buttons = [self.make]
        card.body.addWidget(label(_("Letters to make"), "second"))
        card.body.addLayout(row(self.number, self.who_link(), None))
        card.body.addLayout(row(self.layout_choice, self.make, None))
        for each in self.job_widgets():
            card.body.addWidget(each)
        return card

    def _batches(self) -> Card:
        self.posted = button(_("Confirm posting…"), "", "truck-delivery", "confirm_posted")
        self.posted.clicked.connect(self._posted)
        self.finish = button(_("Finish the batch…"), "", "refresh", "finish_batch")
        self.finish.clicked.connect(self._finish)
        heads = [_("No"), _("Messages"), _("Sheets"), _("Made"), _("State")]
        card = self.batches_card(heads, (self.finish, self.posted))
        return card

    def show_found(self, found: dict[str, Any]) -> None:
        """Show what the page read."""
        # Those who would get one now: whoever was refused in this round, or came back, is not among them.
        waiting = found["waiting"]["letter"]
        self.number.setText(number(waiting))
        self.make.setEnabled(self.is_ready(found) and waiting > 0)
        super().show_found(found)

    def checks(self, found: dict[str, Any]) -> list[Check]:
        """Return what must be right for letters."""
        rows = super().checks(found)
        officer = found["channel"].get("officer", 0)
        if officer:
            what = ngettext("{count} person stays with you", "{count} persons stay with you", officer)
            rows.append(("user-shield", "warn", what.format(count=number(officer)),
                         _("Protected, child, deceased: never in a batch.")))  # fmt: skip
        self._refused = found["refused"]
        for code, count in self._refused:
            what = ngettext("{count} letter left out", "{count} letters left out", count).format(count=number(count))
            rows.append(("alert-triangle", "warn", what, reason_word(code)))
        rows.append(("info-circle", "info", _("Only the address shows in the window"),
                     _("Print the test page and fold it once for each layout and printer.")))  # fmt: skip
        return rows

    def after_checks(self) -> tuple[QWidget, ...]:
        """Return the way to those who were left out."""
        if not self._refused:
            return ()
        who = button(_("See who and why"), "link", "users", "left_out_who")
        who.clicked.connect(self._left_out)
        return (who,)

    def cells(self, b: Any) -> list[str]:
        """Return what a batch's line shows."""
        reference, members, made, state = super().cells(b)
        return [reference, members, number(b.sheets), made, state]

    def chosen(self, b: Any) -> None:
        """Show the actions that a batch allows."""
        free = self._free and b is not None
        self.posted.setVisible(bool(free and b.state in ("made", "printed")))
        self.finish.setVisible(bool(free and b.state == "making"))

    def about(self, b: Any) -> list[str]:
        """Return what else is known of a batch, its layout included."""
        parts = super().about(b)
        layout = self.layout_choice.findData(b.facts.get("layout"))
        if layout >= 0:
            parts.insert(2, self.layout_choice.itemText(layout))
        return parts

    def _left_out(self) -> None:
        breach_id = self.breach_id
        assert breach_id is not None
        self.office.read(
            lambda queries: queries.refused_lines(breach_id, Channel.LETTER),
            lambda lines: LeftOutSheet(self.window(), self.office, lines).open(),
        )

    def _letters(self) -> None:
        desk, breach_id, layout = self.office.desk, self.breach_id, self.layout_choice.currentData()
        folder = self.office.dialogs.folder(self, _("Where do the letters go?"))
        if folder is None or breach_id is None:
            return

        def said(made: Any) -> None:
            text = _("{letters} letters made in {batches} batches; {refused} left out")
            self.office.toast.emit(text.format(letters=number(made.letters), batches=len(made.batches),
                                               refused=len(made.refused)))  # fmt: skip

        self.start(
            lambda progress: make_letters(desk, breach_id, folder, layout, progress=progress), _("Making letters"), said
        )

    def _posted(self) -> None:
        b, desk = self.current(), self.office.desk
        answer = self.office.dialogs.text(self, _("Confirm posting"), _("On which day were they handed to the post? "
                                          "(30.11.2026)"), date.today().strftime("%d.%m.%Y"))  # fmt: skip
        if b is None or answer is None:
            return
        on = typed_day(answer)
        if on is None:
            self.error.setText(_("That is no date; nothing was recorded. Write it as 30.11.2026."))
            return
        self.settle(lambda _p: confirm_posted(desk, BatchId(b.id), on))

    def _finish(self) -> None:
        b, desk = self.current(), self.office.desk
        folder = self.office.dialogs.folder(self, _("Where do the letters go?"))
        if b is None or folder is None:
            return
        changes = Changes.of(self.breach_id, Topic.DELIVERIES)
        self.start(lambda progress: (finish_batch(desk, BatchId(b.id), folder, progress=progress), changes),
                   _("Making letters"), None)  # fmt: skip
