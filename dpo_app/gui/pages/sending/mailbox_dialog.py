"""The mailbox that bounces come back to: where it is, tried before it is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from dpo_app.core.mail.mail_account import PORTS, MailAccount, Protection
from dpo_app.gui import theme
from dpo_app.gui.faults import sentence
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.i18n import _, ngettext
from dpo_app.messages import word
from dpo_app.services.mail.read_mailbox import save_mail_account, try_mail_account


class MailboxDialog(QDialog):
    """Fields of the mailbox; the password stays in the encrypted store and is never shown."""

    def __init__(self, parent: QWidget, office: Office, account: MailAccount | None) -> None:
        super().__init__(parent)
        self.office, self._old = office, account or MailAccount()
        self.setObjectName("mailbox_dialog")
        self.setWindowTitle(_("Mailbox"))
        self.setMinimumWidth(theme.px(560))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(12))
        box.addWidget(label(_("Mailbox"), "title"))
        box.addWidget(label(_("Bounces are read from here. The mailbox is only read; drafts go into it only if you say "
                              "so."), "second", wrap=True))  # fmt: skip
        box.addLayout(self._form())
        self.answer = label("", "second", wrap=True, name="box_answer")
        box.addWidget(self.answer)
        self.forget = button(_("Forget it"), "danger", name="box_forget")
        self.forget.setVisible(account is not None)
        self.forget.clicked.connect(lambda: self._run(lambda _p: save_mail_account(office.desk, None), self._saved))
        self.test = button(_("Try it"), "", "refresh", "box_test")
        self.test.clicked.connect(self._test)
        later, self.go = button(_("Cancel")), button(_("Save"), "primary", "device-floppy", "box_save")
        later.clicked.connect(self.reject)
        self.go.clicked.connect(self._save)
        box.addLayout(row(self.forget, None, self.test, later, self.go))

    def _form(self) -> QFormLayout:
        """Return the fields, filled with what is kept."""
        form = QFormLayout()
        self.host, self.port = self._field("box_host", self._old.host), self._field("box_port", str(self._old.port))
        self.protection = QComboBox()
        self.protection.setObjectName("box_protection")
        for each in Protection:
            self.protection.addItem(word(each), each)
        self.protection.setCurrentIndex(list(Protection).index(self._old.protection))
        self.protection.currentIndexChanged.connect(
            lambda _place: self.port.setText(str(PORTS[Protection(self.protection.currentData())]))
        )
        self.user = self._field("box_user", self._old.user)
        self.secret = self._field("box_secret", "")
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        if self._old.secret:
            self.secret.setPlaceholderText(_("kept; type to change"))
        self.oauth = QCheckBox(_("It is an access token (OAuth)"))
        self.oauth.setObjectName("box_oauth")
        self.oauth.setChecked(self._old.oauth)
        self.folder = self._field("box_folder", self._old.folder)
        self.drafts = self._field("box_drafts", self._old.drafts)
        self.drafts.setPlaceholderText(_("the one that the server names"))
        for text, field in (
            (_("Server"), self.host), (_("Protection"), self.protection), (_("Port"), self.port), (_("User"), self.user),
            (_("Password"), self.secret), ("", self.oauth), (_("Folder with bounces"), self.folder),
            (_("Folder for drafts"), self.drafts),
        ):  # fmt: skip
            if text:
                field.setAccessibleName(text)
            form.addRow(label(text, "second"), field)
        return form

    def _field(self, name: str, value: str) -> QLineEdit:
        made = QLineEdit(value)
        made.setObjectName(name)
        return made

    def account(self) -> MailAccount:
        """Return what was filled in; a password that was not typed stays the old one, at the old server only."""
        host, user, port = self.host.text().strip(), self.user.text().strip(), self.port.text().strip()
        typed = self.secret.text()
        same = (host, user) == (self._old.host, self._old.user)
        return replace(
            self._old, host=host, port=int(port) if port.isdigit() else 0, user=user,
            protection=Protection(self.protection.currentData()), secret=typed or (self._old.secret if same else ""),
            oauth=self.oauth.isChecked(), folder=self.folder.text().strip(), drafts=self.drafts.text().strip(),
        )  # fmt: skip

    def _save(self) -> None:
        account, desk = self.account(), self.office.desk
        self._run(lambda _p: save_mail_account(desk, account), self._saved)

    def _test(self) -> None:
        account, desk = self.account(), self.office.desk
        self.answer.setText(_("Trying…"))
        self._run(lambda _p: try_mail_account(desk, account), self._tried, long=True)

    def _run(self, work: Any, then: Any, long: bool = False) -> None:
        for each in (self.test, self.go, self.forget):
            each.setEnabled(False)
        job = (self.office.runner.run if long else self.office.runner.write)(work)
        job.done.connect(then)
        job.done.connect(lambda _r: self._free())
        job.failed.connect(self._failed)

    def _free(self) -> None:
        for each in (self.test, self.go, self.forget):
            each.setEnabled(True)

    def _tried(self, messages: int) -> None:
        self.answer.setText(
            "✓ "
            + ngettext(
                "It works: {count} message in the folder.", "It works: {count} messages in the folder.", messages
            ).format(count=messages)
        )

    def _saved(self, changes: Any) -> None:
        self.office.changed.emit(changes)
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self._free()
        self.answer.setText("✕ " + sentence(error))
