"""Opening a store: passphrase, recovery sheet, or another store. Everything slow happens in a job."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from dpo_app.core.errors import DpoError
from dpo_app.gui import theme
from dpo_app.gui.widgets.parts import Card, button, label, row
from dpo_app.i18n import _
from dpo_app.messages import explain

FREE_TRIES = 5
LINES = 6


class UnlockPage(QWidget):
    """A centred card; emits what was typed, shows what came of it."""

    passphrase_given = Signal(str)
    lines_given = Signal(tuple)
    other_wanted = Signal()

    def __init__(self, folder: Path, name: str, organisation: str) -> None:
        super().__init__()
        self._tries, self._wait = 0, 0
        card = Card()
        card.setFixedWidth(theme.px(440))
        sign = QLabel()
        sign.setPixmap(theme.emblem(theme.px(56)))
        title = label(organisation or name, "title", wrap=True)
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setObjectName("passphrase")
        self.field.setAccessibleName(_("Passphrase"))
        eye = self.field.addAction(theme.icon("eye", "text_2"), QLineEdit.ActionPosition.TrailingPosition)
        eye.setCheckable(True)
        eye.setToolTip(_("Show"))
        eye.toggled.connect(
            lambda on: self.field.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)
        )
        self.error = label("", "error", wrap=True, name="unlock_error")
        self.go = button(_("Unlock"), "primary", "lock-open", "unlock")
        self.go.setMaximumWidth(10_000)
        self.go.setSizePolicy(self.field.sizePolicy())
        self.band = QProgressBar()
        self.band.setRange(0, 0)
        self.band.setTextVisible(False)
        self.band.hide()
        sheet = button(_("Use the recovery sheet"), "link", "", "use_sheet")
        other = button(_("Open another store"), "link", "", "other_store")
        sheet.clicked.connect(self._sheet)
        other.clicked.connect(self.other_wanted)
        body = card.body
        body.setSpacing(theme.px(12))
        body.addWidget(sign, 0, Qt.AlignmentFlag.AlignHCenter)
        body.addWidget(title)
        folder_line = label(folder.name, "caption")
        folder_line.setToolTip(str(folder))
        body.addWidget(folder_line, 0, Qt.AlignmentFlag.AlignHCenter)
        prompt = label(_("Passphrase"), "second")
        prompt.setBuddy(self.field)
        for each in (prompt, self.field, self.error, self.go, self.band):
            body.addWidget(each)
        body.addLayout(row(sheet, None, other))
        self.sheet_box = self._sheet_box()
        self.sheet_box.hide()
        body.addWidget(self.sheet_box)
        foot = label(_("This stays on this computer; nothing is sent."), "caption")
        box = QVBoxLayout(self)
        box.addStretch(1)
        box.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(foot, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)
        self.field.returnPressed.connect(self._give)
        self.go.clicked.connect(self._give)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._second)
        self.field.setFocus()

    def _sheet_box(self) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        self.lines = []
        for place in range(LINES):
            field = QLineEdit()
            field.setObjectName(f"line_{place + 1}")
            field.setAccessibleName(_("Line {number}").format(number=place + 1))
            field.setFont(theme.font("code"))
            field.setPlaceholderText("XXXX-XXXX-XXXX")
            self.lines.append(field)
            grid.addWidget(label(str(place + 1), "caption"), place, 0)
            grid.addWidget(field, place, 1)
        go = button(_("Unlock with the sheet"), "", "key", "unlock_sheet")
        go.clicked.connect(lambda: self._begin() or self.lines_given.emit(tuple(f.text() for f in self.lines)))
        grid.addWidget(go, LINES, 1)
        return holder

    def _sheet(self) -> None:
        self.sheet_box.setVisible(not self.sheet_box.isVisible())
        if self.sheet_box.isVisible():
            self.lines[0].setFocus()

    def _begin(self) -> None:
        self.error.setText("")
        self.go.setText(_("Unlocking…"))
        self.go.setEnabled(False)
        self.field.setEnabled(False)
        self.band.show()

    def _give(self) -> None:
        if self.field.text() and self.go.isEnabled():
            self._begin()
            self.passphrase_given.emit(self.field.text())

    @property
    def failed_tries(self) -> int:
        """Return how many tries failed: goes into the trail once the store is open."""
        return self._tries

    def failed(self, error: BaseException) -> None:
        """Say why it stayed closed; after five tries each one waits longer."""
        self.band.hide()
        self.go.setText(_("Unlock"))
        self.go.setEnabled(True)
        self.field.setEnabled(True)
        self.field.setFocus()
        self.field.selectAll()
        text = str(explain(error)) if isinstance(error, DpoError) else type(error).__name__
        if isinstance(error, DpoError) and error.code.startswith("wrong_"):
            self._tries += 1
            if self._tries < FREE_TRIES:
                text += " " + _("Try {n} of {all} before a pause.").format(n=self._tries, all=FREE_TRIES)
            else:
                self._wait = min(60, 2 ** (self._tries - FREE_TRIES))
                self._timer.start(1000)
                self._second()
        self.error.setText(text)

    def _second(self) -> None:
        if self._wait <= 0:
            self._timer.stop()
            self.go.setText(_("Unlock"))
            self.go.setEnabled(True)
            return
        self.go.setEnabled(False)
        self.go.setText(_("Wait {seconds} s").format(seconds=self._wait))
        self._wait -= 1
