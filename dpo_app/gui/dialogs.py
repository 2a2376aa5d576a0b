"""The one maker of modal boxes and file choosers. Pages get it in their constructor; tests pass one that answers by
script."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QMessageBox, QWidget

from dpo_app.gui.ask_box import AskBox, Check, some_text
from dpo_app.i18n import _


class Dialogs:
    """Boxes that ask one thing. Everything longer is a page or a sheet of ours."""

    def open_file(self, parent: QWidget, title: str, kinds: str) -> Path | None:
        """Ask for an existing file."""
        name, _kind = QFileDialog.getOpenFileName(parent, title, "", kinds)
        return Path(name) if name else None

    def save_file(self, parent: QWidget, title: str, name: str, kinds: str) -> Path | None:
        """Ask where a new file goes."""
        chosen, _kind = QFileDialog.getSaveFileName(parent, title, name, kinds)
        return Path(chosen) if chosen else None

    def folder(self, parent: QWidget, title: str) -> Path | None:
        """Ask for a folder."""
        name = QFileDialog.getExistingDirectory(parent, title)
        return Path(name) if name else None

    def confirm(self, parent: QWidget, title: str, text: str, action: str) -> bool:
        """Ask once, the consequence in the button's own words."""
        box = QMessageBox(QMessageBox.Icon.NoIcon, title, title, parent=parent)
        box.setInformativeText(text)
        act = box.addButton(action, QMessageBox.ButtonRole.AcceptRole)
        later = box.addButton(_("Not now"), QMessageBox.ButtonRole.RejectRole)
        later.setAutoDefault(False)
        box.setDefaultButton(act)
        box.exec()
        return box.clickedButton() is act

    def text(
        self, parent: QWidget, title: str, prompt: str, value: str = "", check: Check = some_text, hidden: bool = False
    ) -> str | None:  # fmt: skip
        """Ask for a line of text, until `check` finds nothing wrong with it or it is called off."""
        box = AskBox(parent, title, prompt, value, check)
        if hidden:
            box.field.setEchoMode(QLineEdit.EchoMode.Password)
        given = box.exec() == QDialog.DialogCode.Accepted
        box.deleteLater()
        return box.answer() if given else None

    def tell(self, parent: QWidget, title: str, text: str) -> None:
        """Say something that work cannot go on without."""
        QMessageBox.information(parent, title, text)

    def report(self, parent: QWidget | None, what: str, more: str, report: str) -> None:
        """Say that a step ended by a bug; the report can be copied. Does not wait for an answer."""
        box = QMessageBox(QMessageBox.Icon.NoIcon, "DPO Desk", what, parent=parent)
        box.setObjectName("bug_box")
        box.setInformativeText(more)
        box.setDetailedText(report)
        copy = box.addButton(_("Copy the report"), QMessageBox.ButtonRole.ActionRole)
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(report))
        box.setDefaultButton(box.addButton(_("Go on"), QMessageBox.ButtonRole.AcceptRole))
        box.open()
