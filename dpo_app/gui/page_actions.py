"""What the menus offer of the pages: each entry goes to a page and presses one of its controls.

A control knows best whether it can be used now; an entry that cannot says so instead of doing nothing. So an action has
one home, its control, and the menus, the shortcuts and the command search are three ways to it (screens.md, principle 8).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QMenu, QMenuBar, QWidget

from dpo_app.gui.office import Office
from dpo_app.i18n import _

TRIES, TRY_AGAIN_MS = 40, 50


class PageAction(NamedTuple):
    """An entry: text, shortcut, page, and the object name of the control it presses there."""

    text: str
    key: str
    page: str
    control: str


def page_menus() -> list[tuple[str, list[PageAction]]]:
    """Return the menus of the pages, in their order, with their entries."""
    return [
        (_("&Breach"), [
            PageAction(_("New revision of the facts…"), "Ctrl+R", "facts", "new_revision"),
            PageAction(_("Assess the risk"), "", "risk", "step_kind"),
            PageAction(_("Audit PDF…"), "", "audit", "audit_pdf"),
        ]),
        (_("&Persons"), [
            PageAction(_("Work out the plan"), "", "persons", "make_plan"),
            PageAction(_("Clean up…"), "", "persons", "clean_up"),
            PageAction(_("Export…"), "", "persons", "export_persons"),
            PageAction(_("Undo import"), "", "persons", "undo_import"),
        ]),
        (_("&Notices"), [
            PageAction(_("To the authority: next step…"), "", "authority", "authority_act"),
            PageAction(_("Form assistant"), "", "authority", "form_assistant_open"),
            PageAction(_("Receipt, letter or call with an authority…"), "", "authority", "log_add"),
            PageAction(_("All checks"), "", "notices", "all_checks"),
            PageAction(_("Next variant"), "", "notices", "next_variant"),
            PageAction(_("Approve…"), "", "notices", "approve"),
            PageAction(_("New version from this one"), "", "notices", "new_version"),
        ]),
        (_("&Sending"), [
            PageAction(_("Send e-mails…"), "", "sending", "send_emails"),
            PageAction(_("Rehearse…"), "", "sending", "rehearse_emails"),
            PageAction(_("Pause"), "", "sending", "run_pause"),
            PageAction(_("Go on"), "", "sending", "run_resume"),
            PageAction(_("Mail server…"), "", "sending", "mail_server"),
            PageAction(_("Try one message to yourself…"), "", "sending", "trial_message"),
            PageAction(_("Write e-mails as files…"), "", "sending", "make_emails"),
            PageAction(_("Make letters…"), "", "sending", "make_letters"),
            PageAction(_("Confirm posting…"), "", "sending", "confirm_posted"),
            PageAction(_("Returned letters…"), "F7", "sending", "part_returned"),
        ]),
    ]  # fmt: skip


def add_page_menus(bar: QMenuBar, press: Callable[[str, str], None]) -> None:
    """Add the menus of the pages to the menu bar; `press` takes page and control."""
    for title, entries in page_menus():
        menu: QMenu = bar.addMenu(title)
        for entry in entries:
            made = menu.addAction(entry.text)
            made.triggered.connect(partial(_pressed, press, entry))
            if entry.key:
                made.setShortcut(QKeySequence(entry.key))


def _pressed(press: Callable[[str, str], None], entry: PageAction, _checked: bool = False) -> None:
    press(entry.page, entry.control)


def press_on(page: QWidget, control: str, office: Office, tries: int = TRIES) -> None:
    """Press a control of a page as soon as the page has read what it shows; say so if it cannot be pressed then."""
    if office.runner.busy() and tries:
        QTimer.singleShot(TRY_AGAIN_MS, page, partial(press_on, page, control, office, tries - 1))
        return
    found = page.findChild(QAbstractButton, control)
    if found is not None and found.isVisible() and found.isEnabled():
        found.click()
    else:
        why = found.toolTip() if found is not None else ""
        office.toast.emit(why or _("That is not possible here now."))
