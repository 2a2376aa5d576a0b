"""Opening a store: passphrase, recovery sheet, or another store. Everything slow happens in a job.

States (screens.md 5.2): waiting for the passphrase, deriving, wrong (tries and pause), broken (other words, other icon,
and no field, because no passphrase can be tried).
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from dpo_app.core.errors import DpoError
from dpo_app.gui import theme
from dpo_app.gui.faults import sentence
from dpo_app.gui.widgets.parts import Card, button, label, row
from dpo_app.gui.widgets.passphrase_field import PassphraseField
from dpo_app.i18n import _

FREE_TRIES = 5
LONGEST_WAIT_S = 60
LINES = 6
WIDTH, SIDE = 440, 32
#: No passphrase can be tried while one of these holds.
BROKEN = frozenset({
    "key_file_missing", "key_file_damaged", "key_file_newer", "schema_newer", "store_damaged", "store_missing",
    "store_not_encrypted", "folder_unsafe", "plain_driver", "no_store",
})  # fmt: skip


def pause_after(tries: int) -> int:
    """Return the seconds to wait after so many failed tries: none for four, then 1, 2, 4 ... 60."""
    return 0 if tries < FREE_TRIES else min(LONGEST_WAIT_S, 2 ** min(tries - FREE_TRIES, 10))


class UnlockPage(QWidget):
    """A centred card; emits what was typed, shows what came of it."""

    passphrase_given = Signal(str)
    lines_given = Signal(tuple)
    keyring_wanted = Signal()
    other_wanted = Signal()
    cancelled = Signal()

    def __init__(self, folder: Path, name: str = "", organisation: str = "") -> None:
        super().__init__()
        self._tries, self._wait, self._busy = 0, 0, False
        card = Card()
        card.setFixedWidth(theme.px(WIDTH))
        card.body.setContentsMargins(*(theme.px(SIDE),) * 4)
        card.body.setSpacing(theme.px(8))
        self.sign = QLabel()
        self.sign.setPixmap(theme.emblem(theme.px(56)))
        self.sign.setFixedSize(theme.px(56), theme.px(56))
        self.title = label("", "title", wrap=True, name="store_title")
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        place = label(folder.name, "second", name="store_folder")
        place.setToolTip(str(folder))
        self.title.setText(organisation or name or folder.stem)
        for each in (self.sign, self.title, place):
            card.body.addWidget(each, 0, Qt.AlignmentFlag.AlignHCenter)
        card.body.addSpacing(theme.px(12))
        self.note = label("", "second", wrap=True, name="unlock_note")
        self.note.hide()
        card.body.addWidget(self.note)
        self._passphrase_parts(card)
        self._sheet_parts(card)
        self.use_sheet = button(_("Use the recovery sheet"), "link", "key", "use_sheet")
        self.other = button(_("Open another store"), "link", "folder-open", "other_store")
        self.use_sheet.clicked.connect(self._switch)
        self.other.clicked.connect(self.other_wanted)
        card.body.addSpacing(theme.px(4))
        self.quick = button(_("Unlock with the keyring"), "", "key", "use_keyring")
        self.quick.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.quick.clicked.connect(self._ask_keyring)
        self.quick.hide()
        card.body.addWidget(self.quick)
        card.body.addLayout(row(self.use_sheet, None, self.other))
        foot_sign = QLabel()
        foot_sign.setPixmap(theme.pixmap("lock", "text_2", 16))
        self.foot = label(_("The store is encrypted and stays on this computer. Nothing is sent from here."), "second")
        box = QVBoxLayout(self)
        box.addStretch(2)
        box.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addSpacing(theme.px(12))
        box.addLayout(row(None, foot_sign, self.foot, None))
        box.addStretch(3)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._second)
        self.setFocusProxy(self.field)

    def set_note(self, text: str) -> None:
        """Say what goes on behind the lock."""
        self.note.setText(text)
        # A card in the middle does not ask how high a text becomes at its width.
        self.note.setFixedHeight(self.note.heightForWidth(theme.px(WIDTH - 2 * SIDE)))
        self.note.setVisible(bool(text))
        self.foot.setText(_("The store is encrypted and stays on this computer."))

    def set_face(self, name: str, organisation: str, quick: bool = False) -> None:
        """Show what is known of the store before it is unlocked; `quick`: the keyring may open it."""
        self.title.setText(organisation or name)
        self.quick.setVisible(quick)

    def _passphrase_parts(self, card: Card) -> None:
        self.prompt = label(_("Passphrase"), "strong")
        self.field = PassphraseField("passphrase", _("Passphrase"))
        self.prompt.setBuddy(self.field)
        self.caps = label(_("Caps Lock is on"), "medium", tone="warn", name="caps_lock")
        self.caps.hide()
        self.field.caps_changed.connect(self.caps.setVisible)
        self.error_sign = QLabel()
        self.error_sign.setPixmap(theme.pixmap("alert-octagon", "danger", 18))
        self.error_sign.hide()
        self.error = label("", "error", wrap=True, name="unlock_error")
        self.error.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.error.hide()
        self.go = button(_("Unlock"), "primary", "", "unlock")
        self.go.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.band = QProgressBar()
        self.band.setRange(0, 0)
        self.band.setTextVisible(False)
        self.band.setAccessibleName(_("Unlocking…"))
        self.band.hide()
        fault = row(self.error_sign, self.error)
        fault.setAlignment(self.error_sign, Qt.AlignmentFlag.AlignTop)
        for each in (self.prompt, self.field, self.caps):
            card.body.addWidget(each)
        card.body.addLayout(fault)
        card.body.addSpacing(theme.px(4))
        card.body.addWidget(self.go)
        card.body.addWidget(self.band)
        self.field.returnPressed.connect(self._give)
        self.go.clicked.connect(self._give)

    def _sheet_parts(self, card: Card) -> None:
        self.sheet = QWidget()
        self.sheet.setObjectName("sheet_entry")
        grid = QGridLayout(self.sheet)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.px(8))
        grid.addWidget(label(_("Type the six lines as they stand on the sheet."), "second", wrap=True), 0, 0, 1, 2)
        self.lines: list[QLineEdit] = []
        for place in range(LINES):
            field = QLineEdit()
            field.setObjectName(f"line_{place + 1}")
            field.setAccessibleName(_("Line {number}").format(number=place + 1))
            field.setFont(theme.font("code"))
            field.setPlaceholderText("XXXX-XXXX-XXXX")
            field.textChanged.connect(lambda _t, f=field: theme.set_state(f, "wrong", False))
            field.returnPressed.connect(self._give)
            self.lines.append(field)
            grid.addWidget(label(str(place + 1), "caption"), place + 1, 0)
            grid.addWidget(field, place + 1, 1)
        self.sheet.hide()
        card.body.insertWidget(card.body.indexOf(self.caps) + 1, self.sheet)

    @property
    def with_sheet(self) -> bool:
        """Tell whether the lines of the sheet are asked for now."""
        return not self.sheet.isHidden()

    def _switch(self) -> None:
        to_sheet = not self.with_sheet
        self.sheet.setVisible(to_sheet)
        self.prompt.setHidden(to_sheet)
        self.field.setHidden(to_sheet)
        self.caps.setHidden(True)
        self._say("")
        self.use_sheet.setText(_("Use the passphrase") if to_sheet else _("Use the recovery sheet"))
        (self.lines[0] if to_sheet else self.field).setFocus()

    def _say(self, text: str, broken: bool = False) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))
        self.error_sign.setVisible(broken)
        self.error.setAccessibleName(text)
        width = theme.px(WIDTH - 2 * SIDE) - (theme.px(18 + 8) if broken else 0)
        self.error.setMinimumHeight(self.error.heightForWidth(width) if text else 0)

    def _fields(self) -> tuple[QLineEdit, ...]:
        return (self.field, *self.lines)

    def _give(self) -> None:
        if self._busy or self._wait > 0 or not self.go.isEnabled():
            return
        if self.with_sheet:
            lines = tuple(field.text() for field in self.lines)
            if all(line.strip() for line in lines):
                self._begin()
                self.lines_given.emit(lines)
            else:
                self._say(_("All six lines are needed."))
                next(field for field in self.lines if not field.text().strip()).setFocus()
        elif self.field.text():
            self._begin()
            self.passphrase_given.emit(self.field.text())

    def _ask_keyring(self) -> None:
        if not self._busy and self.go.isEnabled():
            self._begin()
            self.keyring_wanted.emit()

    def _begin(self) -> None:
        self._busy = True
        self._say("")
        self.go.setText(_("Unlocking…"))
        self.go.setEnabled(False)
        self.use_sheet.setEnabled(False)
        self.quick.setEnabled(False)
        for field in self._fields():
            field.setReadOnly(True)
        self.band.show()

    def _rest(self) -> None:
        self._busy = False
        self.band.hide()
        self.go.setText(_("Unlock"))
        self.go.setEnabled(True)
        self.use_sheet.setEnabled(True)
        self.quick.setEnabled(True)
        for field in self._fields():
            field.setReadOnly(False)

    @property
    def failed_tries(self) -> int:
        """Return how many tries failed: goes into the trail once the store is open."""
        return self._tries

    def failed(self, error: BaseException) -> None:
        """Say why it stayed closed; from the fifth wrong try on each one waits longer."""
        self._rest()
        code = error.code if isinstance(error, DpoError) else ""
        text = sentence(error)
        if code in BROKEN:
            self._say(text, broken=True)
            for each in (self.prompt, self.field, self.caps, self.sheet, self.go, self.use_sheet, self.quick):
                each.hide()
            self.go.setEnabled(False)
            self.other.setFocus()
            return
        if code in ("wrong_passphrase", "wrong_recovery"):
            self._tries += 1
            self._wait = pause_after(self._tries)
            if not self._wait:
                text += " " + _("Try {n} of {all} before a pause.").format(n=self._tries, all=FREE_TRIES)
        self._say(text)
        self._point_at(error)
        if self._wait:
            self._show_wait()
            self._timer.start()

    def _point_at(self, error: BaseException) -> None:
        """Put the focus where the slip is."""
        if not self.with_sheet:
            self.field.setFocus()
            self.field.selectAll()
            return
        facts = error.facts if isinstance(error, DpoError) else {}
        slip = self.lines[max(1, min(LINES, int(facts.get("line", 1)))) - 1]
        if "line" in facts:
            theme.set_state(slip, "wrong", True)
        slip.setFocus()
        slip.selectAll()

    def _show_wait(self) -> None:
        self.go.setEnabled(False)
        self.go.setText(_("Wait {seconds} s").format(seconds=self._wait))

    def _second(self) -> None:
        self._wait -= 1
        if self._wait > 0:
            self._show_wait()
            return
        self._timer.stop()
        self._rest()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Escape and self._busy:
            self._rest()
            self.field.setFocus()
            self.cancelled.emit()
            return
        super().keyPressEvent(event)
