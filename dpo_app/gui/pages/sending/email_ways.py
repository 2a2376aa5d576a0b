"""Other ways out for those without a mail server of their own: one mailbox file, or drafts in the mailbox."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QMenu, QPushButton

from dpo_app.core.ids import BatchId
from dpo_app.gui.pages.sending.sending_part import SendingPart
from dpo_app.gui.widgets.parts import button
from dpo_app.gui.words import number
from dpo_app.i18n import _, ngettext
from dpo_app.services.mail.draft_emails import draft_emails, finish_drafts
from dpo_app.services.mail.export_emails import export_emails


def ways_button(part: SendingPart, begun: Callable[[], None]) -> QPushButton:
    """Return the button with the menu of other ways; `begun` shows where they will stand."""
    made = button(_("Other ways"), "link", "dots", "other_ways")
    menu = QMenu(made)
    menu.setObjectName("other_ways_menu")
    menu.addAction(_("As one mailbox file (.mbox)…"), partial(_mbox, part, begun)).setObjectName("way_mbox")
    menu.addAction(_("As drafts in the mailbox…"), partial(_drafts, part, begun)).setObjectName("way_drafts")
    made.setMenu(menu)
    return made


def finish_button(part: SendingPart) -> QPushButton:
    """Return the button that goes on with drafts that were interrupted; `can_finish` tells when to show it."""
    made = button(_("Go on with the drafts"), "", "refresh", "finish_drafts")
    made.clicked.connect(partial(_finish, part))
    return made


def can_finish(b: Any) -> bool:
    """Tell whether a batch is one of drafts that was interrupted."""
    return b is not None and b.state == "making" and b.facts.get("form") == "drafts"


def _mbox(part: SendingPart, begun: Callable[[], None]) -> None:
    desk, breach_id = part.office.desk, part.breach_id
    folder = part.office.dialogs.folder(part, _("Where does the mailbox file go?"))
    if folder is not None and breach_id is not None:
        begun()
        part.start(
            lambda progress: export_emails(desk, breach_id, folder, progress=progress, form="mbox"),
            _("Writing e-mails"), partial(_written, part),
        )  # fmt: skip


def _drafts(part: SendingPart, begun: Callable[[], None]) -> None:
    desk, breach_id = part.office.desk, part.breach_id
    text = _("A draft for each person who waits for an e-mail goes into the mailbox that is set up under Bounces. Nothing is "
             "sent: you send them from there, and confirm here how many.")  # fmt: skip
    if breach_id is not None and part.office.dialogs.confirm(
        part, _("Drafts in the mailbox"), text, _("Put them there")
    ):
        begun()
        part.start(
            lambda progress: draft_emails(desk, breach_id, progress=progress),
            _("Writing drafts"),
            partial(_written, part),
        )


def _finish(part: SendingPart) -> None:
    desk, b = part.office.desk, part.current()
    if b is not None:
        part.start(
            lambda progress: finish_drafts(desk, BatchId(b.id), progress), _("Writing drafts"), partial(_written, part)
        )


def _written(part: SendingPart, made: Any) -> None:
    text = ngettext("{count} e-mail written", "{count} e-mails written", made.planned)
    part.office.toast.emit(text.format(count=number(made.planned)))
