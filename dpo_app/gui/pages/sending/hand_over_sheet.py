"""A batch for the print house: closed by a passphrase that is shown this once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from dpo_app.core.ids import BatchId
from dpo_app.gui import clipboard, theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.i18n import _
from dpo_app.services.letters.hand_over import HandedOver, hand_over


def ask_and_close(parent: QWidget, office: Office, batch: Any, start: Any) -> None:
    """Ask for the batch's folder and where the archive goes; `start(work, name, then)` runs it."""
    folder = office.dialogs.folder(parent, _("The folder of the batch, as it was made"))
    out = office.dialogs.folder(parent, _("Where does the encrypted file go?")) if folder is not None else None
    if folder is None or out is None:
        return

    start(
        lambda progress: hand_over(office.desk, BatchId(batch.id), Path(folder), Path(out), progress),
        _("Encrypting"),
        lambda made: HandOverSheet(parent.window(), made).open(),
    )


class HandOverSheet(QDialog):
    """The archive's name and hash, and its passphrase."""

    def __init__(self, parent: QWidget, made: HandedOver) -> None:
        super().__init__(parent)
        self.setObjectName("hand_over_sheet")
        self.setWindowTitle(_("Encrypted for the print house"))
        self.setMinimumWidth(theme.px(520))
        box = QVBoxLayout(self)
        side = theme.px(20)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(12))
        box.addWidget(label(_("{file} was written, opened again and found whole.").format(file=made.name), wrap=True,
                            name="hand_over_file"))  # fmt: skip
        box.addWidget(label(_("Its passphrase is shown this once and kept nowhere:"), "strong", wrap=True))
        self.passphrase = label(made.passphrase, "code", name="hand_over_passphrase")
        self.passphrase.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.passphrase.setAccessibleName(_("Passphrase"))
        copy = button(_("Copy"), "", "copy", "hand_over_copy")
        copy.clicked.connect(lambda: clipboard.copy(made.passphrase))
        box.addLayout(row(self.passphrase, None, copy))
        box.addWidget(label(_(
            "Tell it to the print house by telephone or in person, never with the file. They open the file with 7-Zip or "
            "WinZip (AES-256). File names can be read without it; they are numbers. If it is lost, encrypt the batch again."
        ), "second", wrap=True))  # fmt: skip
        # In two halves: a line that cannot be parted would be cut off.
        digest = f"{made.sha256[:32]} {made.sha256[32:]}"
        box.addWidget(label(_("SHA-256 of the file: {digest}").format(digest=digest), "second", wrap=True,
                            name="hand_over_digest"))  # fmt: skip
        noted = button(_("I have noted it"), "primary", name="hand_over_close")
        noted.clicked.connect(self.accept)
        box.addLayout(row(None, noted))

    def done(self, code: int) -> None:
        """Forget the passphrase with the sheet."""
        self.passphrase.setText("")
        super().done(code)
