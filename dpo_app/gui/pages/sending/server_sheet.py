"""The organisation's mail server: where it is, how it is protected, who signs in, what it allows; tried before it is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from dpo_app.core.errors import InputError
from dpo_app.core.mail.mail_server import MOST_CONNECTIONS, PORTS, MailServer, Security, SignIn
from dpo_app.core.mail.pacing import Limits
from dpo_app.files import read_limited
from dpo_app.gui import theme
from dpo_app.gui.faults import sentence
from dpo_app.gui.office import Office
from dpo_app.gui.pages.sending.hours_row import HoursRow
from dpo_app.gui.widgets.number_fields import NumberField
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.gui.words import day
from dpo_app.i18n import _
from dpo_app.messages import explain_try, word
from dpo_app.services.mail.mail_settings import ServerFindings, mail_server, save_mail_server, try_mail_server

MOST = 1_000_000
#: error: the field it is about.
_FIELDS = {
    "mail_host_missing": "host", "mail_host": "host", "mail_plain": "host", "mail_login": "user",
    "return_mailbox": "mailbox",
}  # fmt: skip


class ServerSheet(QDialog):
    """The fields, *Try it*, *Save*. The password is shown as dots and never read back into the field."""

    def __init__(self, parent: QWidget, office: Office) -> None:
        super().__init__(parent)
        self.office = office
        self._kept = MailServer()
        self.setObjectName("server_sheet")
        self.setWindowTitle(_("Mail server"))
        self.setMinimumWidth(theme.px(720))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(12))
        box.addWidget(label(_("Mail server"), "title"))
        box.addWidget(label(_("The server that your organisation sends its own mail by. The password is kept in the "
                              "encrypted store."), "second", wrap=True))  # fmt: skip
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(16))
        for column in (1, 3):
            grid.setColumnStretch(column, 1)
        for place, (text, field) in enumerate(self._fields()):
            caption = label(text, "second")
            caption.setBuddy(field)
            field.setAccessibleName(text)
            grid.addWidget(caption, place // 2, place % 2 * 2)
            grid.addWidget(field, place // 2, place % 2 * 2 + 1)
        box.addLayout(grid)
        self.hours = HoursRow()
        box.addWidget(self.hours)
        self.signed = QCheckBox(_("Signed return address: reports find their person by themselves (office+CODE@…)"))
        self.signed.setObjectName("server_signed")
        self.signed.setChecked(True)
        box.addWidget(self.signed)
        box.addLayout(self._authority_line())
        self.found = label("", "second", wrap=True, name="server_found")
        self.error = label("", "error", wrap=True, name="server_error")
        box.addWidget(self.found)
        box.addWidget(self.error)
        self.test = button(_("Try it"), "", "refresh", "server_try")
        later, self.go = (
            button(_("Cancel"), name="server_cancel"),
            button(_("Save"), "primary", "device-floppy", "server_go"),
        )
        self.test.clicked.connect(self._try)
        later.clicked.connect(self.reject)
        self.go.clicked.connect(self._save)
        box.addLayout(row(self.test, None, later, self.go))
        office.read(mail_server, self._show)

    def _authority_line(self) -> QHBoxLayout:
        self.authority = button(_("Certificate authority of your own…"), "link", "shield-check", "server_authority")
        self.authority.clicked.connect(self._choose_authority)
        self.authority_set = label("", "second", name="server_authority_set")
        self.authority_off = button(_("Remove"), "link", "x", "server_authority_off")
        self.authority_off.setAccessibleName(_("Remove the certificate authority of your own"))
        self.authority_off.clicked.connect(self._drop_authority)
        self._show_authority()
        return row(self.authority, self.authority_set, self.authority_off, None)

    def _fields(self) -> list[tuple[str, QWidget]]:
        self.host, self.user, self.secret, self.mailbox = (QLineEdit() for _n in range(4))
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.security, self.sign_in = QComboBox(), QComboBox()
        for choice, kind in ((self.security, Security), (self.sign_in, SignIn)):
            for member in kind:
                choice.addItem(word(member), member.value)
        self.security.currentIndexChanged.connect(self._usual_port)
        self.port, self.connections, self.minute, self.hour, self.per_day = (NumberField() for _n in range(5))
        self.port.setRange(1, 65_535)
        self.port.setValue(465)
        self.connections.setRange(1, MOST_CONNECTIONS)
        self.connections.setValue(3)
        for each in (self.minute, self.hour, self.per_day):
            each.setRange(0, MOST)
            each.setSpecialValueText(_("no limit"))
        named = [
            ("host", _("Server"), self.host), ("port", _("Port"), self.port), ("security", _("Protection"), self.security),
            ("sign_in", _("Signing in"), self.sign_in), ("user", _("User"), self.user),
            ("secret", _("Password or token"), self.secret), ("connections", _("Connections"), self.connections),
            ("minute", _("Messages a minute"), self.minute), ("hour", _("Messages an hour"), self.hour),
            ("day", _("Messages a day"), self.per_day), ("mailbox", _("Reports come back to"), self.mailbox),
        ]  # fmt: skip
        for name, _text, field in named:
            field.setObjectName(f"server_{name}")
        self.mailbox.setPlaceholderText(_("the organisation's address"))
        return [(text, field) for _name, text, field in named]

    def _usual_port(self) -> None:
        if self.port.value() in PORTS.values():
            self.port.setValue(PORTS[Security(self.security.currentData())])

    def _show(self, server: MailServer | None) -> None:
        if server is None:
            return
        self._kept = server
        self.security.setCurrentIndex(self.security.findData(server.security.value))
        self.sign_in.setCurrentIndex(self.sign_in.findData(server.sign_in.value))
        self.host.setText(server.host)
        self.port.setValue(server.port)
        self.user.setText(server.user)
        self.mailbox.setText(server.return_mailbox)
        self.connections.setValue(server.connections)
        self.minute.setValue(server.limits.per_minute)
        self.hour.setValue(server.limits.per_hour)
        self.per_day.setValue(server.limits.per_day)
        self.signed.setChecked(server.signed_return)
        self.hours.set_hours(server.hours)
        self.secret.setPlaceholderText(_("kept; type to change") if server.secret else "")
        self._show_authority()

    def _made(self) -> MailServer:
        sign_in = SignIn(self.sign_in.currentData())
        # A password belongs to its server: another host gets none that was typed for the old one.
        same = self.host.text().strip() == self._kept.host
        secret = self.secret.text() or (self._kept.secret if same else "")
        return MailServer(
            host=self.host.text().strip(), port=self.port.value(), security=Security(self.security.currentData()),
            sign_in=sign_in, user=self.user.text().strip() if sign_in is not SignIn.NONE else "",
            secret=secret if sign_in is not SignIn.NONE else "", connections=self.connections.value(),
            limits=Limits(self.minute.value(), self.hour.value(), self.per_day.value()),
            authority=self._kept.authority, signed_return=self.signed.isChecked(),
            return_mailbox=self.mailbox.text().strip(), hours=self.hours.hours(),
        ).checked()  # fmt: skip

    def _choose_authority(self) -> None:
        path = self.office.dialogs.open_file(self, _("Certificate authority of your own"), "PEM (*.pem *.crt)")
        if path is None:
            return
        try:
            self._kept = replace(self._kept, authority=read_limited(path, 200_000).decode("utf-8"))
        except (OSError, UnicodeDecodeError):
            self.error.setText(sentence(InputError("mail_authority")))
            return
        self._show_authority()
        self.found.setText(_("Beside the authorities of this computer, {file} counts.").format(file=path.name))

    def _drop_authority(self) -> None:
        self._kept = replace(self._kept, authority="")
        self._show_authority()
        self.authority.setFocus()

    def _show_authority(self) -> None:
        """Say whether an authority of the organisation's own counts."""
        own = bool(self._kept.authority)
        self.authority_set.setText(_("one is set") if own else "")
        self.authority_set.setVisible(own)
        self.authority_off.setVisible(own)

    def _ready(self) -> MailServer | None:
        self.error.setText("")
        for field in _FIELDS.values():
            theme.set_state(getattr(self, field), "wrong", False)
        try:
            return self._made()
        except InputError as error:
            self.error.setText(sentence(error))
            if error.code in _FIELDS:
                theme.set_state(getattr(self, _FIELDS[error.code]), "wrong", True)
                getattr(self, _FIELDS[error.code]).setFocus()
            return None

    def _try(self) -> None:
        server, desk = self._ready(), self.office.desk
        if server is None:
            return
        self.found.setText(_("Trying…"))
        if self.test.hasFocus():
            # A button that cannot be pressed hands the focus on, to Cancel.
            self.go.setFocus()
        self.test.setEnabled(False)
        job = self.office.runner.run(lambda _p: try_mail_server(desk, server))
        job.done.connect(self._tried)
        job.failed.connect(self._failed)

    def _tried(self, found: ServerFindings) -> None:
        self.test.setEnabled(True)
        if found.problem:
            self.found.setText("")
            said = _("The server says: {words}").format(words=found.said) if found.said else ""
            self.error.setText(f"{explain_try(found.problem)} {said}".strip())
        else:
            self.found.setText(_("The server lets us in. {facts}").format(facts=protection(found)))

    def _save(self) -> None:
        server, desk = self._ready(), self.office.desk
        if server is None:
            return
        job = self.office.do(lambda _p: save_mail_server(desk, server), None, _("Recording"))
        job.done.connect(lambda _r: self.accept())
        job.failed.connect(self._failed)

    def _failed(self, error: Any) -> None:
        self.test.setEnabled(True)
        self.found.setText("")
        self.error.setText(sentence(error))


def protection(found: ServerFindings) -> str:
    """Return in words how a line is protected."""
    if not found.protection:
        return _("Not protected: this computer only.")
    if found.valid_until is None:
        return found.protection
    return _("{protection}, certificate valid until {day}").format(
        protection=found.protection, day=day(found.valid_until.date())
    )
