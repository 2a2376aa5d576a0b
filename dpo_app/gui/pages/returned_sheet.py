"""The desk for letters that came back: type or scan the code, the reason stays chosen, the answer in one large line."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QListWidget, QVBoxLayout, QWidget

from dpo_app.core.delivery import ReturnReason
from dpo_app.core.errors import DpoError, InputError
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.gui.words import moment
from dpo_app.i18n import _, ngettext
from dpo_app.messages import explain, word
from dpo_app.services.record_returned import Returned, ReturnedLetter, record_returned

KEPT_LINES = 20


class ReturnedSheet(QDialog):
    """Stays open for the next envelope. A scanner is a keyboard that ends with Enter."""

    def __init__(self, parent: QWidget, office: Office) -> None:
        super().__init__(parent)
        self.office = office
        self._count = 0
        self.setObjectName("returned_sheet")
        self.setWindowTitle(_("Returned letters"))
        self.setMinimumWidth(theme.px(560))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(12))
        box.addWidget(label(_("Returned letters"), "title"))
        box.addWidget(label(_("Type or scan the code on each letter; the reason stays chosen."), "second", wrap=True))
        self.code = QLineEdit()
        self.code.setObjectName("returned_code")
        self.code.setAccessibleName(_("Code on the letter"))
        self.code.setPlaceholderText("XXXX-XXXX-XXXX")
        self.code.setFont(theme.font("code"))
        self.reason = QComboBox()
        self.reason.setObjectName("returned_reason")
        self.reason.setAccessibleName(_("Why it came back"))
        for each in ReturnReason:
            self.reason.addItem(word(each), each)
        self.record = button(_("Record"), "primary", "mailbox-off", "returned_record")
        self.record.setDefault(True)
        self.record.clicked.connect(self._record)
        box.addLayout(row(self.code, self.reason, self.record))
        self.answer = label("", "heading", wrap=True, name="returned_answer")
        box.addWidget(self.answer)
        self.list = QListWidget()
        self.list.setObjectName("returned_list")
        self.list.setAccessibleName(_("Recorded here"))
        self.list.setMinimumHeight(theme.px(180))
        box.addWidget(self.list)
        self.count = label("", "second", name="returned_count")
        shut = button(_("Close"), name="returned_close")
        shut.setAutoDefault(False)
        shut.clicked.connect(self.accept)
        box.addLayout(row(self.count, None, shut))
        self.code.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Alt+1 to Alt+9 choose the reason: the hand stays on the keys."""
        place = event.key() - Qt.Key.Key_1
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and 0 <= place < min(9, self.reason.count()):
            self.reason.setCurrentIndex(place)
            return
        super().keyPressEvent(event)

    def _record(self) -> None:
        desk, code, reason = self.office.desk, self.code.text().strip(), self.reason.currentData()
        self.code.setFocus()
        if not code:
            return
        self.record.setEnabled(False)
        job = self.office.do(lambda _p: record_returned(desk, [code], ReturnReason(reason)), self._show)
        job.failed.connect(self._failed)

    def _show(self, found: Returned) -> None:
        self.record.setEnabled(True)
        letter = found.letters[0]
        self.answer.setText(self._words(letter))
        if not letter.problem and not letter.again:
            self._count += 1
            self.list.insertItem(
                0, f"{letter.token}   {letter.name or letter.person_code}   {self.reason.currentText()}"
            )
            while self.list.count() > KEPT_LINES:
                self.list.takeItem(self.list.count() - 1)
            self.count.setText(
                ngettext("{count} letter recorded", "{count} letters recorded", self._count).format(count=self._count)
            )
        if letter.problem:
            self.code.selectAll()
        else:
            self.code.clear()

    def _words(self, letter: ReturnedLetter) -> str:
        who = letter.name or letter.person_code
        if letter.problem:
            return f"✕ {explain(InputError(letter.problem))}"
        if letter.again and letter.at is not None:
            return "▲ " + _("Already recorded for {name}: {when}").format(name=who, when=moment(letter.at))
        return "✓ " + _("Known: {name} is open again").format(name=who)

    def _failed(self, error: BaseException) -> None:
        self.record.setEnabled(True)
        self.answer.setText(str(explain(error)) if isinstance(error, DpoError) else type(error).__name__)
