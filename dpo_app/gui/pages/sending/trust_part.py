"""Will our e-mail be believed? The sender's domain, the signature, and the page that says how to know our messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from dpo_app.core.errors import DpoError
from dpo_app.core.ids import BreachId
from dpo_app.core.mail.mail_trust import TrustLevel
from dpo_app.core.persons.channel import Channel
from dpo_app.files import read_limited
from dpo_app.gui import theme
from dpo_app.gui.ask_box import anything
from dpo_app.gui.faults import sentence
from dpo_app.gui.office import Office
from dpo_app.gui.pages.sending.sending_part import SendingPart
from dpo_app.gui.widgets.parts import Card, button, clear, label, row, scrolling, sign
from dpo_app.gui.words import moment
from dpo_app.i18n import _, current
from dpo_app.messages.mail_trust import finding_words
from dpo_app.services.mail.check_sender import SETTING as TRUST_SETTING
from dpo_app.services.mail.check_sender import SenderCheck, check_our_sender, kept_findings
from dpo_app.services.mail.mail_seal import MOST_BYTES, forget_seal, save_seal, seal_facts
from dpo_app.services.mail.mail_seal import SETTING as SEAL_SETTING
from dpo_app.services.notices.genuine_page import genuine_page, save_genuine_page
from dpo_app.services.ports.desk import Desk

_SIGNS = {
    TrustLevel.GOOD: ("circle-check", "ok"),
    TrustLevel.WARN: ("alert-triangle", "warn"),
    TrustLevel.BAD: ("circle-x", "danger"),
}
_LANGUAGES = {"fi": "suomi", "sv": "svenska", "en": "English"}


class TrustPart(SendingPart):
    """Checks of the sender; nothing leaves the computer unless the officer has it asked."""

    channel: ClassVar[Channel] = Channel.EMAIL

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(12))
        left, right = QVBoxLayout(), QVBoxLayout()
        for side in (left, right):
            side.setSpacing(theme.px(12))
            line.addLayout(side, 1)
        left.addWidget(self._result(), 1)
        left.addWidget(self._form())
        right.addWidget(self._seal_card())
        right.addWidget(self._page_card(), 1)

    def name(self, what: str) -> str:
        """Return the name of a control that every part has."""
        return f"trust_{what}"

    def _result(self) -> Card:
        card = Card(_("Will our e-mail be believed?"))
        self.when = label("", "second", wrap=True, name="trust_when")
        card.body.addWidget(self.when)
        inner = QWidget()
        self._findings = QVBoxLayout(inner)
        self._findings.setContentsMargins(0, 0, 0, 0)
        self._findings.setSpacing(theme.px(8))
        card.body.addWidget(scrolling(inner), 1)
        return card

    def _form(self) -> Card:
        card = Card(_("Check the sender"))
        self.records = _box("trust_records", _("DNS records of the domain"), 'example.com TXT "v=spf1 …"')
        self.headers = _box("trust_headers", _("Headers of a trial message"), "Authentication-Results: …")
        grid = QGridLayout()
        grid.addWidget(label(_("DNS records of the domain"), "second"), 0, 0)
        grid.addWidget(label(_("Headers of a trial message"), "second"), 0, 1)
        grid.addWidget(self.records, 1, 0)
        grid.addWidget(self.headers, 1, 1)
        card.body.addLayout(grid)
        self.selector = _line("trust_selector", _("DKIM selector"))
        self.server = _line("trust_server", _("Mail server"))
        card.body.addLayout(row(self.selector, self.server))
        self.ask = button(_("Ask the name server…"), "", "world", "trust_ask")
        self.ask.clicked.connect(self._ask)
        self.check = button(_("Check what was pasted"), "primary", "shield-check", "trust_check")
        self.check.clicked.connect(lambda: self._run(False))
        self.busy_buttons = [self.ask, self.check]
        card.body.addLayout(row(None, self.ask, self.check))
        for each in self.job_widgets():
            card.body.addWidget(each)
        return card

    def _seal_card(self) -> Card:
        card = Card(_("Signature (S/MIME)"))
        self.seal = label("", "body", wrap=True, name="seal_state")
        card.body.addWidget(self.seal)
        self.forget = button(_("Take it out"), "danger", name="seal_forget")
        self.forget.clicked.connect(lambda: self._settle_seal(lambda _p: forget_seal(self.office.desk)))
        self.take = button(_("Import a certificate…"), "", "upload", "seal_import")
        self.take.clicked.connect(self._import)
        card.body.addLayout(row(None, self.forget, self.take))
        return card

    def _page_card(self) -> Card:
        self.language = QComboBox()
        self.language.setObjectName("genuine_language")
        self.language.setAccessibleName(_("Language of the page"))
        for code, own in _LANGUAGES.items():
            self.language.addItem(own, code)
        self.language.setCurrentIndex(max(0, self.language.findData(current())))
        self.language.currentIndexChanged.connect(lambda _place: self._read_page())
        card = Card(_("Page for your web site"), self.language)
        self.page_text = QPlainTextEdit()
        self.page_text.setReadOnly(True)
        self.page_text.setObjectName("genuine_text")
        self.page_text.setAccessibleName(_("Page for your web site"))
        self.page_text.setTabChangesFocus(True)
        card.body.addWidget(self.page_text, 1)
        self.save_page = button(_("Save the page…"), "", "device-floppy", "genuine_save")
        self.save_page.clicked.connect(self._save_page)
        card.body.addLayout(row(None, self.save_page))
        return card

    def read(self, queries: Any, breach_id: BreachId, found: dict[str, Any]) -> dict[str, Any]:
        """Return the last check of the sender, and what the certificate says of itself or why it cannot be read."""
        try:
            seal: Any = seal_facts(self.office.desk, queries.setting(SEAL_SETTING))
        except DpoError as error:
            seal = error
        return {"trust": {"kept": queries.setting(TRUST_SETTING), "seal": seal}}

    def show_found(self, found: dict[str, Any]) -> None:
        """Show what the page read."""
        trust = found["trust"]
        self._free = not self.office.desk.read_only
        for each in (self.ask, self.check, self.take):
            each.setEnabled(self._free)
        self._show_findings(trust["kept"])
        self._show_seal(trust["seal"])
        self._read_page()

    def _show_findings(self, kept: Mapping[str, Any] | None) -> None:
        clear(self._findings)
        if not kept:
            self.when.setText(_("Nothing was checked yet. Paste the records of your domain, or have them asked for."))
            return
        at = moment(datetime.fromisoformat(kept["at"]))
        self.when.setText(_("{domain}, checked {when}").format(domain=kept["domain"], when=at))
        worst_first = list(reversed(TrustLevel))
        for finding in sorted(kept_findings(dict(kept)), key=lambda each: worst_first.index(each.level)):
            what, why, do = finding_words(finding)
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(label(what, "strong", wrap=True))
            if why or do:
                words.addWidget(label(" ".join(filter(None, (why, do))), "second", wrap=True))
            line = row(space=8)
            line.addWidget(sign(*_SIGNS[finding.level], 18), 0, Qt.AlignmentFlag.AlignTop)
            line.addLayout(words, 1)
            self._findings.addLayout(line)
        self._findings.addStretch(1)

    def _show_seal(self, seal: Any) -> None:
        self.forget.setVisible(self._free and seal is not None)
        if seal is None:
            self.seal.setText(
                _("E-mails are not signed. A signature proves the sender to those whose program shows it.")
            )
        elif isinstance(seal, DpoError):
            self.seal.setText(sentence(seal))
        else:
            self.seal.setText(
                _("Signed as {address} until {until}; issued by {issuer}").format(
                    address=", ".join(seal.addresses), until=moment(seal.valid_until), issuer=seal.issuer
                )
            )

    def _ask(self) -> None:
        text = _("The computer's name server learns that somebody looks up the records of your domain. No person's data "
                 "is sent.")  # fmt: skip
        if self.office.dialogs.confirm(self, _("Ask the name server"), text, _("Ask")):
            self._run(True)

    def _run(self, ask: bool) -> None:
        desk = self.office.desk
        selectors = tuple(self.selector.text().replace(",", " ").split())
        server = self.server.text().strip()
        numbers = tuple(each for each in server.replace(",", " ").split() if each and each[0].isdigit() or ":" in each)
        wanted = SenderCheck(
            "",
            self.records.toPlainText(),
            self.headers.toPlainText(),
            selectors,
            "" if numbers else server,
            numbers,
            ask,
        )
        if not (ask or wanted.records.strip() or wanted.headers.strip()):
            self.error.setText(_("Paste records or headers first."))
            return
        self.start(lambda _p: check_our_sender(desk, wanted), _("Checking the sender"), lambda _r: self.stale.emit())

    def _import(self) -> None:
        desk = self.office.desk
        path = self.office.dialogs.open_file(
            self, _("Which certificate?"), _("Certificates (*.p12 *.pfx);;All files (*)")
        )
        if path is None:
            return
        password = self.office.dialogs.text(
            self, _("Import a certificate"), _("Its password:"), check=anything, hidden=True
        )
        if password is not None:
            self._settle_seal(lambda _p: save_seal(desk, read_limited(path, MOST_BYTES), password))

    def _settle_seal(self, work: Any) -> None:
        self.error.setText("")
        job = self.office.do(work, lambda _r: self.stale.emit(), _("Recording"))
        job.failed.connect(self.failed)

    def _read_page(self) -> None:
        desk, language = self.office.desk, str(self.language.currentData())
        self.office.read(lambda _queries: _page_or_error(desk, language), self._show_page)

    def _show_page(self, found: Any) -> None:
        good = not isinstance(found, DpoError)
        self.page_text.setPlainText(found.text if good else sentence(found))
        self.save_page.setEnabled(good)

    def _save_page(self) -> None:
        desk, language = self.office.desk, str(self.language.currentData())
        name = f"genuine-{language}.html"
        path = self.office.dialogs.save_file(self, _("Save the page"), name, _("Web page (*.html);;Text (*.txt)"))
        if path is not None:
            job = self.office.do(partial(_saved, desk, language, path), lambda _r: self._told(path), _("Saving"))
            job.failed.connect(self.failed)

    def _told(self, path: Path) -> None:
        self.office.toast.emit(_("Saved as {name}").format(name=path.name))


def _saved(desk: Desk, language: str, path: Path, _progress: Any) -> Any:
    return save_genuine_page(desk, language, path)


def _page_or_error(desk: Desk, language: str) -> Any:
    try:
        return genuine_page(desk, language)
    except DpoError as error:
        return error


def _box(name: str, text: str, example: str) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setObjectName(name)
    made.setAccessibleName(text)
    made.setPlaceholderText(example)
    made.setTabChangesFocus(True)
    made.setFixedHeight(theme.px(84))
    return made


def _line(name: str, text: str) -> QLineEdit:
    made = QLineEdit()
    made.setObjectName(name)
    made.setAccessibleName(text)
    made.setPlaceholderText(text)
    return made
