"""One message of the notice to oneself: to which address, in which language, what the server made of it, did it arrive."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from dpo_app.core.ids import BreachId
from dpo_app.core.mail.trial import TrialResult
from dpo_app.gui import theme
from dpo_app.gui.faults import sentence
from dpo_app.gui.office import Office
from dpo_app.gui.pages.sending.sending_part import SendingPart
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.gui.words import language_name, moment
from dpo_app.i18n import _
from dpo_app.messages.mail_trust import finding_words
from dpo_app.messages.trial import trial_words
from dpo_app.services.mail.trial_message import Trial, TrialSeen, TrialTerms, look_for_trial, send_trial, trial_terms


def trial_button(part: SendingPart) -> QPushButton:
    """Return the quiet way to the sheet."""
    made = button(_("Try one message to yourself…"), "link", "mail", "trial_message")
    made.clicked.connect(partial(_open, part))
    return made


def can_try(found: dict[str, Any]) -> str:
    """Return why no trial can be sent now, "" if one can."""
    if found["mail_server"] is None:
        return _("No mail server is set.")
    if not found["sender"]:
        return _("The organisation has no mail address")
    return "" if found["notices"] else _("There is no notice to persons yet.")


def _open(part: SendingPart) -> None:
    if part.breach_id is not None:
        TrialSheet(part.window(), part.office, part.breach_id).open()


class TrialSheet(QDialog):
    """The address and the language; the answer stands below, and the way to look for it in the mailbox."""

    def __init__(self, parent: QWidget, office: Office, breach_id: BreachId) -> None:
        super().__init__(parent)
        self.office, self.breach_id = office, breach_id
        self._mailbox = False
        self.setObjectName("trial_sheet")
        self.setWindowTitle(_("Try one message to yourself"))
        self.setMinimumWidth(theme.px(560))
        self._box = box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(12))
        box.addWidget(label(_("Try one message to yourself"), "title"))
        box.addWidget(label(_("One message of the notice, made out to a made-up person, goes through your mail server to the "
                              "address below. Nobody of the breach is told by it, and it need not be armed."),
                            "second", wrap=True))  # fmt: skip
        self.text = label("", "second", wrap=True, name="trial_text")
        box.addWidget(self.text)
        box.addLayout(self._fields())
        self.found = label("", "body", wrap=True, name="trial_found")
        self.error = label("", "error", wrap=True, name="trial_error")
        for each in (self.found, self.error):
            each.hide()
            box.addWidget(each)
        self.look = button(_("Look for it"), "", "search", "trial_look")
        self.look.clicked.connect(self._look)
        self.look.hide()
        shut, self.go = button(_("Close"), name="trial_close"), button(_("Send one"), "primary", "send", "trial_go")
        shut.clicked.connect(self.reject)
        self.go.clicked.connect(self._send)
        self.go.setEnabled(False)
        box.addLayout(row(self.look, None, shut, self.go))
        office.read(lambda queries: trial_terms(queries, breach_id), self._show)

    def _fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(16))
        grid.setColumnStretch(1, 1)
        self.address, self.language = QLineEdit(), QComboBox()
        self.address.setObjectName("trial_address")
        self.language.setObjectName("trial_language")
        for place, (text, field) in enumerate(((_("To the address"), self.address), (_("Language"), self.language))):
            caption = label(text, "second")
            caption.setBuddy(field)
            field.setAccessibleName(text)
            grid.addWidget(caption, place, 0)
            grid.addWidget(field, place, 1)
        return grid

    def _show(self, terms: TrialTerms) -> None:
        self._mailbox = terms.mailbox
        said = (
            _("Text: the draft, version {version}; what it still lacks stands in it in double brackets.")
            if terms.draft
            else _("Text: the approved notice, version {version}.")
        )
        self.text.setText(said.format(version=terms.version))
        self.address.setText(terms.address)
        for code in terms.languages:
            self.language.addItem(language_name(code), code)
        self.go.setEnabled(True)
        self.address.setFocus()

    def _say(self, found: str, error: str = "") -> None:
        for field, text in ((self.found, found), (self.error, error)):
            field.setText(text)
            field.setVisible(bool(text))
        # A window does not grow by itself with the lines of a label that wraps.
        self._box.activate()
        self.resize(self.width(), max(self.height(), self._box.totalHeightForWidth(self.width())))

    def _busy(self, on: bool) -> None:
        for each in (self.go, self.look):
            each.setEnabled(not on)

    # ---- sending -----------------------------------------------------------------------------------------------

    def _send(self) -> None:
        desk, breach_id = self.office.desk, self.breach_id
        address, language = self.address.text(), str(self.language.currentData() or "")
        self._busy(True)
        self._say(_("Sending one message…"))
        job = self.office.runner.run(lambda _p: send_trial(desk, breach_id, address, language))
        job.done.connect(self._sent)
        job.failed.connect(self._failed)

    def _sent(self, tried: Trial) -> None:
        self._busy(False)
        words = trial_words(tried.result, tried.said)
        arrives = tried.result in (TrialResult.TAKEN, TrialResult.UNANSWERED)
        self.look.setVisible(arrives and self._mailbox)
        if arrives and not self._mailbox:
            hint = _("To hear whether it was believed, open it there and paste its headers under Trust.")
            words = f"{words}\n{hint}"
        self._say(words if arrives else "", "" if arrives else words)

    def _failed(self, error: Any) -> None:
        self._busy(False)
        self._say("", sentence(error))

    # ---- looking for it ----------------------------------------------------------------------------------------

    def _look(self) -> None:
        desk, breach_id = self.office.desk, self.breach_id
        self._busy(True)
        self._say(_("Looking into the mailbox…"))
        job = self.office.runner.run(lambda _p: look_for_trial(desk, breach_id))
        job.done.connect(self._seen)
        job.failed.connect(self._failed)

    def _seen(self, seen: TrialSeen) -> None:
        self._busy(False)
        if not seen.arrived:
            self._say(_("The message of {when} is not in the mailbox at {mailbox} yet. Wait a minute and look again; if it went to "
                        "another address, open it there and paste its headers under Trust.").format(
                            when=moment(seen.at), mailbox=seen.mailbox))  # fmt: skip
            return
        words = [" ".join(filter(None, finding_words(each))) for each in seen.findings]
        arrived = _("The message of {when} has arrived at {mailbox}.").format(
            when=moment(seen.at), mailbox=seen.mailbox
        )
        self._say("\n".join([arrived, *words]))
