"""The e-mail part of Sending: who waits for an e-mail, e-mails as files, and what became of them."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from dpo_app.core.channel import Channel
from dpo_app.core.ids import BatchId
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.sending_part import SendingPart
from dpo_app.gui.widgets.parts import Card, button, label, row
from dpo_app.gui.words import number
from dpo_app.i18n import _
from dpo_app.services.export_emails import confirm_sent, export_emails


class EmailPart(SendingPart):
    """E-mails of the newest approved notice."""

    channel = Channel.EMAIL

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(12))
        left = QVBoxLayout()
        left.setSpacing(theme.px(12))
        left.addWidget(self._figures())
        self.sent = button(_("Confirm as sent…"), "", "send", "confirm_sent")
        self.sent.clicked.connect(self._sent)
        left.addWidget(self.batches_card([_("No"), _("Messages"), _("Made"), _("State")], (self.sent,)), 1)
        line.addLayout(left, 1)
        line.addWidget(self.checks_card())

    def _figures(self) -> Card:
        card = Card()
        self.number = label("0", "number", name="email_number")
        self.make = button(_("Write e-mails as files…"), "", "mail", "make_emails")
        self.make.clicked.connect(self._emails)
        self.busy_buttons = [self.make]
        card.body.addWidget(label(_("E-mails to write"), "second"))
        card.body.addLayout(row(self.number, self.who_link(), None))
        card.body.addLayout(row(self.make, None))
        for each in self.job_widgets():
            card.body.addWidget(each)
        return card

    def show_found(self, found: dict[str, Any]) -> None:
        """Show what the page read."""
        waiting = found["waiting"]["email"]
        self.number.setText(number(waiting))
        self.make.setEnabled(self.is_ready(found) and waiting > 0)
        super().show_found(found)

    def chosen(self, b: Any) -> None:
        """Show the actions that an export allows."""
        self.sent.setVisible(bool(self._free and b is not None and b.state == "exported"))

    def _emails(self) -> None:
        desk, breach_id = self.office.desk, self.breach_id
        folder = self.office.dialogs.folder(self, _("Where do the e-mails go?"))
        if folder is None or breach_id is None:
            return
        self.start(
            lambda progress: export_emails(desk, breach_id, folder, progress=progress), _("Writing e-mails"),
            lambda made: self.office.toast.emit(_("{count} e-mails written").format(count=number(made.planned))),
        )  # fmt: skip

    def _sent(self) -> None:
        b, desk = self.current(), self.office.desk
        answer = self.office.dialogs.text(self, _("Confirm as sent"), _("How many of them were sent? Type the number."))
        if b is None or answer is None:
            return
        plain = "".join(answer.split())
        if not plain.isdigit():
            self.error.setText(_("That is no number; nothing was recorded."))
            return
        self.settle(lambda _p: confirm_sent(desk, BatchId(b.id), int(plain)))
