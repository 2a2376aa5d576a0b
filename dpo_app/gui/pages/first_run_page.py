"""The first window: create a store, open one, or look around in the example; and the wizard that creates."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dpo_app import paths
from dpo_app.core.errors import DpoError
from dpo_app.gui import theme
from dpo_app.gui.office import Dialogs
from dpo_app.gui.widgets.parts import Card, button, label, row
from dpo_app.i18n import _
from dpo_app.messages import explain

COVER_MS = 60_000


class _Choice(QPushButton):
    def __init__(self, icon: str, title: str, sentence: str, name: str) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setObjectName(name)
        self.setAccessibleName(f"{title}. {sentence}")
        sign = QLabel()
        sign.setPixmap(theme.pixmap(icon, "accent", 32))
        box = QVBoxLayout(self)
        box.setSpacing(theme.px(8))
        for each in (sign, label(title, "heading"), label(sentence, "second", wrap=True)):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            box.addWidget(each)
        box.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.px(170))


class FirstRunPage(QWidget):
    """Three ways in."""

    create_wanted = Signal()
    open_wanted = Signal()
    look_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        sign = QLabel()
        sign.setPixmap(theme.emblem(theme.px(44)))
        column = QVBoxLayout()
        column.setSpacing(theme.px(16))
        column.addStretch(2)
        column.addLayout(row(sign, label("DPO Desk", "title"), None, space=12))
        column.addWidget(label(_("What do you want to do?"), "title"))
        choices = (
            ("database-plus", _("Create a store"), _("For your organisation; about five minutes."), "create"),
            ("folder-open", _("Open a store"), _("From this computer or a backup."), "open_store"),
            ("compass", _("Look around"), _("In a made-up clinic: nothing is real, nothing is sent."), "look_around"),
        )
        line = QHBoxLayout()
        line.setSpacing(theme.px(12))
        for (icon, title, sentence, name), signal in zip(
            choices, (self.create_wanted, self.open_wanted, self.look_wanted), strict=True
        ):
            each = _Choice(icon, title, sentence, name)
            each.clicked.connect(signal)
            line.addWidget(each)
        column.addLayout(line)
        self.note = label("", "second", wrap=True, name="first_note")
        self.error = label("", "error", wrap=True, name="first_error")
        self.band = QProgressBar()
        self.band.setRange(0, 0)
        self.band.setTextVisible(False)
        self.band.hide()
        for part in (self.note, self.error, self.band):
            column.addWidget(part)
        column.addStretch(3)
        holder = QWidget()
        holder.setFixedWidth(theme.px(780))
        holder.setLayout(column)
        box = QHBoxLayout(self)
        box.addStretch(1)
        box.addWidget(holder)
        box.addStretch(1)

    def working(self, text: str) -> None:
        """Show that something is being made."""
        self.error.setText("")
        self.note.setText(text)
        self.band.show()

    def failed(self, error: BaseException) -> None:
        """Say why it was not made."""
        self.band.hide()
        self.note.setText("")
        self.error.setText(str(explain(error)) if isinstance(error, DpoError) else type(error).__name__)


class CreateWizard(QWidget):
    """Organisation, passphrase, recovery sheet: one screen each. The store exists after the second."""

    given_up = Signal()
    create_wanted = Signal(object, str, str)
    sheet_wanted = Signal(object)
    lines_typed = Signal(dict)
    finished = Signal()

    def __init__(self, dialogs: Dialogs) -> None:
        super().__init__()
        self._dialogs = dialogs
        self._lines: tuple[str, ...] = ()
        rail = Card()
        rail.setFixedWidth(theme.px(210))
        self._steps = []
        for place, text in enumerate((_("Organisation"), _("Passphrase"), _("Recovery sheet")), 1):
            each = button(f"{place}  {text}", "row")
            each.setCheckable(True)
            each.setEnabled(False)
            self._steps.append(each)
            rail.body.addWidget(each)
        rail.body.addStretch(1)
        self.pages = QStackedWidget()
        for page in (self._organisation(), self._passphrase(), self._recovery()):
            self.pages.addWidget(page)
        self.error = label("", "error", wrap=True, name="create_error")
        self.band = QProgressBar()
        self.band.setRange(0, 0)
        self.band.setTextVisible(False)
        self.band.hide()
        cancel = button(_("Cancel"), name="create_cancel")
        cancel.clicked.connect(self.given_up)
        self.later = button(_("Later"), name="create_later")
        self.later.clicked.connect(self.finished)
        self.next = button(_("Go on"), "primary", "", "create_next")
        self.next.clicked.connect(self._next)
        self._cancel = cancel
        right = QVBoxLayout()
        right.addWidget(self.pages, 1)
        right.addWidget(self.error)
        right.addWidget(self.band)
        right.addLayout(row(cancel, None, self.later, self.next))
        holder = QWidget()
        holder.setMaximumWidth(theme.px(980))
        line = QHBoxLayout(holder)
        line.setSpacing(theme.px(24))
        line.addWidget(rail)
        line.addLayout(right, 1)
        box = QHBoxLayout(self)
        box.setContentsMargins(theme.px(24), theme.px(24), theme.px(24), theme.px(24))
        box.addStretch(1)
        box.addWidget(holder, 8)
        box.addStretch(1)
        self._go(0)

    def _organisation(self) -> QWidget:
        page, column = QWidget(), QVBoxLayout()
        page.setLayout(column)
        column.addWidget(label(_("Whose store is it?"), "title"))
        column.addWidget(
            label(_("The name is shown before unlocking; everything else is encrypted."), "second", wrap=True)
        )
        self.name = QLineEdit()
        self.name.setObjectName("create_name")
        self.name.setAccessibleName(_("Organisation"))
        self.officer = QLineEdit()
        self.officer.setObjectName("create_officer")
        self.officer.setAccessibleName(_("Your name"))
        for text, field in ((_("Organisation"), self.name), (_("Your name"), self.officer)):
            field.setMaximumWidth(theme.px(420))
            column.addWidget(label(text, "second"))
            column.addWidget(field)
        self.place = label(str(paths.data_folder()), "caption", wrap=True)
        column.addWidget(label(_("The store is kept in:"), "second"))
        column.addWidget(self.place)
        column.addStretch(1)
        return page

    def _passphrase(self) -> QWidget:
        page, column = QWidget(), QVBoxLayout()
        page.setLayout(column)
        column.addWidget(label(_("A passphrase only you know"), "title"))
        column.addWidget(label(_("At least 12 signs or five words. A sentence that only you would say is good; a name with a "
                                 "year is not. Nobody can reset it, only the recovery sheet can replace it."), "second",
                               wrap=True))  # fmt: skip
        self.first, self.again = QLineEdit(), QLineEdit()
        for text, field, name in ((_("Passphrase"), self.first, "create_passphrase"),
                                  (_("Once more"), self.again, "create_again")):  # fmt: skip
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setObjectName(name)
            field.setAccessibleName(text)
            field.setMaximumWidth(theme.px(420))
            column.addWidget(label(text, "second"))
            column.addWidget(field)
        self.strength = label("", "second", wrap=True)
        self.first.textChanged.connect(self._measure)
        column.addWidget(self.strength)
        column.addStretch(1)
        return page

    def _recovery(self) -> QWidget:
        page, column = QWidget(), QVBoxLayout()
        page.setLayout(column)
        column.addWidget(label(_("The recovery sheet"), "title"))
        column.addWidget(
            label(_("1. Print it or write it down. It opens the store when the passphrase is lost."), wrap=True)
        )
        self.save = button(_("Save the sheet as PDF…"), "", "printer", "save_sheet")
        self.save.clicked.connect(self._save_sheet)
        self.show_lines = button(_("Show on the screen"), "", "eye", "show_sheet")
        self.show_lines.clicked.connect(self._show_lines)
        column.addLayout(row(self.save, self.show_lines, None))
        self.covered = label("", "code", wrap=True, name="sheet_lines")
        column.addWidget(self.covered)
        column.addWidget(label(_("2. Type lines 3 and 6 as they stand on the paper."), wrap=True))
        self.typed = {}
        for number in (3, 6):
            field = QLineEdit()
            field.setObjectName(f"sheet_line_{number}")
            field.setAccessibleName(_("Line {number}").format(number=number))
            field.setFont(theme.font("code"))
            field.setMaximumWidth(theme.px(280))
            self.typed[number] = field
            column.addLayout(row(label(str(number), "caption"), field, None))
        column.addWidget(label(_("Until then no persons can be brought in: a store with persons needs two ways to unlock."),
                               "caption", wrap=True))  # fmt: skip
        column.addStretch(1)
        return page

    def _go(self, step: int) -> None:
        self.pages.setCurrentIndex(step)
        for place, each in enumerate(self._steps):
            each.setChecked(place == step)
        texts = (_("Go on"), _("Create the store"), _("The sheet works"))
        self.next.setText(texts[step])
        self.later.setVisible(step == 2)
        self._cancel.setVisible(step < 2)
        self.error.setText("")

    def _measure(self, text: str) -> None:
        words = len(text.split())
        enough = len(text.strip()) >= 12 or words >= 5
        if not enough:
            self.strength.setText(_("Too short to protect persons."))
        elif words >= 5 or len(text) >= 20:
            self.strength.setText(
                _("Guessing it would take longer than a lifetime, if the words are not a known saying.")
            )
        else:
            self.strength.setText(_("Enough, if it is no name, date or known word."))

    def _next(self) -> None:
        step = self.pages.currentIndex()
        if step == 0:
            if not self.name.text().strip():
                self.error.setText(_("The organisation has no name yet."))
                return
            self._go(1)
            self.first.setFocus()
        elif step == 1:
            if self.first.text() != self.again.text():
                self.error.setText(_("The two passphrases differ. Type them again."))
                return
            self.next.setEnabled(False)
            self.band.show()
            self.create_wanted.emit(self.name.text().strip(), self.officer.text().strip(), self.first.text())
        else:
            self.lines_typed.emit({number - 1: field.text() for number, field in self.typed.items()})

    def created(self, lines: tuple[str, ...]) -> None:
        """The store exists; go on to its sheet."""
        self._lines = lines
        self.first.clear()
        self.again.clear()
        self.band.hide()
        self.next.setEnabled(True)
        self._go(2)

    def failed(self, error: BaseException) -> None:
        """Say what is not right."""
        self.band.hide()
        self.next.setEnabled(True)
        self.error.setText(str(explain(error)) if isinstance(error, DpoError) else type(error).__name__)

    def _save_sheet(self) -> None:
        path = self._dialogs.save_file(self, _("Save the recovery sheet"), "recovery-sheet.pdf", "PDF (*.pdf)")
        if path is not None:
            self.sheet_wanted.emit(path)

    def _show_lines(self) -> None:
        self.covered.setText("\n".join(f"{n}  {line}" for n, line in enumerate(self._lines, 1)))
        QTimer.singleShot(COVER_MS, self, lambda: self.covered.setText(""))
