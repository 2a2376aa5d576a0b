"""Making a store: organisation, passphrase, recovery sheet; one screen each. The store exists after the second, so that
the sheet is of the real store and its lines can be typed back."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dpo_app.gui import theme
from dpo_app.gui.faults import sentence
from dpo_app.gui.pages.start.recovery_step import RecoveryStep
from dpo_app.gui.widgets.parts import Card, button, label, row
from dpo_app.gui.widgets.passphrase_field import PassphraseField
from dpo_app.i18n import _

LEAST_SIGNS, LEAST_WORDS = 12, 5
COUNTRIES = ("FI", "SE", "AX", "EE", "DE", "DK", "NO", "LV", "LT", "NL")
ORGANISATION, PASSPHRASE, RECOVERY = range(3)


class NewStore(NamedTuple):
    """What the first two screens ask. `role` is what the officer is in the organisation."""

    name: str
    country: str
    language: str
    officer: str
    role: str
    passphrase: str


def strength_in_words(text: str) -> tuple[str, str]:
    """Return (colour role, sentence) on how long guessing a passphrase would take.

    A rough judgement that errs on the low side: five words or more count 2.6 signs' worth each, other text by its
    different signs. It never says *safe*: a known saying is found at once however long it is.
    """
    words, signs = len(set(text.casefold().split())), len(set(text))
    if len(text.strip()) < LEAST_SIGNS and len(text.split()) < LEAST_WORDS:
        return "danger", _("Too short: at least 12 signs or five words.")
    if signs < 6 or (words < 3 and signs < 8):
        return "danger", _("Too uniform: it would be guessed within a day.")
    if words >= 6 or (words < 3 and signs >= 14):
        return "ok", _("Thousands of years to guess, if it is no known saying.")
    if words >= 5 or signs >= 11:
        return "ok", _("Many years to guess, if it is no known saying.")
    return "warn", _("Months to guess. One or two more words make it many years.")


class Rail(Card):
    """The steps at the left: done, now, to come; a sign and a word, never the colour alone."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self.setFixedWidth(theme.px(220))
        self._names = names
        self._signs, self._texts = [], []
        for name in names:
            sign, text = QLabel(), label(name, "body")
            sign.setFixedSize(theme.px(20), theme.px(24))
            self._signs.append(sign)
            self._texts.append(text)
            self.body.addLayout(row(sign, text, None))
        self.body.addStretch(1)

    def set_step(self, step: int) -> None:
        """Show which step is open."""
        for place, (sign, text) in enumerate(zip(self._signs, self._texts, strict=True)):
            if place < step:
                sign.setPixmap(theme.pixmap("circle-check", "ok", 18, True))
                state = _("done")
            else:
                sign.setText(str(place + 1))
                state = _("now") if place == step else _("to come")
            sign.setFont(theme.font("strong"))
            text.setFont(theme.font("strong" if place == step else "body"))
            text.setAccessibleName(f"{self._names[place]}, {state}")


class CreateWizard(QWidget):
    """Emits what was answered; whoever shows it makes the store and tells what came of it."""

    given_up = Signal()
    create_wanted = Signal(object)
    words_wanted = Signal()
    later_wanted = Signal()

    def __init__(self, folder_of: Callable[[str], str], language: str, clock: str = "") -> None:
        super().__init__()
        self._folder_of = folder_of
        self.clock_words: QLabel | None = None
        self.rail = Rail((_("Organisation"), _("Passphrase"), _("Recovery sheet")))
        self.recovery = RecoveryStep()
        self.recovery.ready_changed.connect(self._ready)
        self.pages = QStackedWidget()
        for page in (self._organisation(language), self._passphrase(), self.recovery):
            self.pages.addWidget(page)
        self.error = label("", "error", wrap=True, name="create_error")
        self.error.hide()
        self.band = QProgressBar()
        self.band.setRange(0, 0)
        self.band.setTextVisible(False)
        self.band.hide()
        self.cancel = button(_("Cancel"), name="create_cancel")
        self.back = button(_("Back"), name="create_back")
        self.later = button(_("Later"), name="create_later")
        self.next = button(_("Go on"), "primary", "", "create_next")
        self.cancel.clicked.connect(self.given_up)
        self.back.clicked.connect(lambda: self._go(ORGANISATION))
        self.later.clicked.connect(self.later_wanted)
        self.next.clicked.connect(self._next)
        self._assemble(clock)
        for field in (self.name, self.officer, self.role, self.first, self.again):
            field.returnPressed.connect(self._next)
        self._go(ORGANISATION)

    def _assemble(self, clock: str) -> None:
        right = QVBoxLayout()
        right.setSpacing(theme.px(12))
        if clock:
            right.addWidget(self._clock_strip(clock))
        right.addWidget(self.pages, 1)
        for part in (self.error, self.band):
            right.addWidget(part)
        right.addLayout(row(self.cancel, self.back, None, self.later, self.next))
        holder = QWidget()
        holder.setMaximumWidth(theme.px(1080))
        holder.setMaximumHeight(theme.px(680))
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(32))
        line.addWidget(self.rail)
        line.addLayout(right, 1)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(holder, 20)
        across.addStretch(1)
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, side, side, side)
        box.addStretch(1)
        box.addLayout(across, 20)
        box.addStretch(1)

    def tell_clock(self, text: str) -> None:
        """Put the clock's newest sentence into its strip."""
        if self.clock_words is not None:
            self.clock_words.setText(text)

    def _clock_strip(self, text: str) -> QFrame:
        strip = QFrame()
        strip.setObjectName("clock_strip")
        strip.setProperty("tint", "warn")
        sign = QLabel()
        sign.setPixmap(theme.pixmap("clock-hour-4", "warn", 18))
        self.clock_words = words = label(text, "medium", wrap=True, name="clock_text")
        line = row(sign, words)
        line.setStretch(1, 1)
        line.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(8))
        strip.setLayout(line)
        return strip

    def _field(self, column: QVBoxLayout, text: str, field: QLineEdit | QComboBox, name: str) -> None:
        field.setObjectName(name)
        field.setAccessibleName(text)
        field.setFixedWidth(theme.px(420))
        words = label(text, "medium")
        words.setBuddy(field)
        column.addWidget(words)
        column.addWidget(field)
        column.addSpacing(theme.px(4))

    @staticmethod
    def _screen(title: str, text: str) -> tuple[QWidget, QVBoxLayout]:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addWidget(label(title, "title"))
        column.addWidget(label(text, "second", wrap=True))
        column.addSpacing(theme.px(12))
        return page, column

    def _organisation(self, language: str) -> QWidget:
        page, column = self._screen(
            _("Whose store is it?"), _("The name is shown before unlocking; everything else is encrypted.")
        )
        self.name, self.officer, self.role = QLineEdit(), QLineEdit(), QLineEdit()
        self.country, self.language = QComboBox(), QComboBox()
        for code, text in ((c, _country(c)) for c in COUNTRIES):
            self.country.addItem(text, code)
        for code, text in (("fi", "suomi"), ("sv", "svenska"), ("en", "English")):
            self.language.addItem(text, code)
        self.language.setCurrentIndex(max(0, self.language.findData(language)))
        self._field(column, _("Organisation"), self.name, "create_name")
        self._field(column, _("Country (decides the authority)"), self.country, "create_country")
        self._field(column, _("Language of the organisation"), self.language, "create_language")
        self._field(column, _("Your name (it signs the trail)"), self.officer, "create_officer")
        self._field(column, _("Your role"), self.role, "create_role")
        self.role.setText(_("Data protection officer"))
        self.place = label("", "caption", wrap=True, name="create_place")
        column.addWidget(self.place)
        self.name.textChanged.connect(lambda text: self._show_place(text))
        self._show_place("")
        column.addStretch(1)
        return page

    def _show_place(self, name: str) -> None:
        folder = self._folder_of(name.strip())
        self.place.setText(_("The store is kept in {folder}").format(folder=folder).replace("/", "/\u200b"))

    def _passphrase(self) -> QWidget:
        page, column = self._screen(
            _("A passphrase only you know"),
            _("At least 12 signs or five words; blanks and all letters may be used. Nobody can reset it: when it is "
              "forgotten, only the recovery sheet opens the store."),
        )  # fmt: skip
        self.first = PassphraseField("create_passphrase", _("Passphrase"))
        self.again = PassphraseField("create_again", _("Once more"))
        self._field(column, _("Passphrase"), self.first, "create_passphrase")
        self.caps = label(_("Caps Lock is on"), "medium", tone="warn", name="create_caps")
        self.caps.hide()
        self.first.caps_changed.connect(self.caps.setVisible)
        column.addWidget(self.caps)
        self.strength_sign, self.strength = QLabel(), label("", "second", wrap=True, name="create_strength")
        self.strength_sign.setFixedWidth(theme.px(20))
        line = row(self.strength_sign, self.strength)
        line.setStretch(1, 1)
        column.addLayout(line)
        self._field(column, _("Once more"), self.again, "create_again")
        self.suggest = button(_("Suggest six words"), "link", "refresh", "suggest_words")
        self.suggest.clicked.connect(self.words_wanted)
        column.addLayout(row(self.suggest, None))
        column.addWidget(label(_("Drawn by chance from 7 776 words, shown here only. Write them down until you know them, "
                                 "then destroy the note."), "caption", wrap=True))  # fmt: skip
        self.first.textChanged.connect(self._measure)
        column.addStretch(1)
        return page

    def _measure(self, text: str) -> None:
        tone, words = strength_in_words(text) if text else ("", "")
        self.strength.setText(words)
        icon = {"danger": "alert-octagon", "warn": "alert-triangle", "ok": "circle-check"}.get(tone)
        self.strength_sign.setPixmap(theme.pixmap(icon, tone, 18)) if icon else self.strength_sign.clear()

    def words_suggested(self, words: str) -> None:
        """Put suggested words into both fields, readable: they must be written down."""
        self.first.setText(words)
        self.again.setText(words)
        self.first.show_text(True)
        self.first.setFocus()
        self.first.setCursorPosition(0)

    def _go(self, step: int) -> None:
        self.pages.setCurrentIndex(step)
        self.rail.set_step(step)
        text = (_("Go on"), _("Create the store"), _("The sheet works"))[step]
        self.next.setText(text)
        self.next.setAccessibleName(text)
        self.next.setEnabled(step != RECOVERY or self.recovery.ready)
        self.cancel.setVisible(step < RECOVERY)
        self.back.setVisible(step == PASSPHRASE)
        self.later.setVisible(step == RECOVERY)
        self._say("")
        (self.name, self.first, self.recovery.print)[step].setFocus()

    def _say(self, text: str, field: QWidget | None = None) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))
        if field is not None:
            field.setFocus()

    def _ready(self, ready: bool) -> None:
        if self.pages.currentIndex() == RECOVERY:
            self.next.setEnabled(ready)

    def _next(self) -> None:
        step = self.pages.currentIndex()
        if not self.next.isEnabled():
            return
        if step == ORGANISATION:
            if not self.name.text().strip():
                self._say(_("The organisation has no name yet."), self.name)
            elif not self.officer.text().strip():
                self._say(_("Your name is missing: it signs every entry of the trail."), self.officer)
            else:
                self._go(PASSPHRASE)
        elif step == PASSPHRASE:
            self._create()
        else:
            self._busy(True)
            self.recovery.give()

    def _create(self) -> None:
        text = self.first.text()
        tone, words = strength_in_words(text)
        if tone == "danger":
            self._say(words, self.first)
        elif text != self.again.text():
            self._say(_("The two passphrases differ. Type them again."), self.again)
        else:
            self._busy(True)
            self.create_wanted.emit(
                NewStore(
                    self.name.text().strip(), str(self.country.currentData()), str(self.language.currentData()),
                    self.officer.text().strip(), self.role.text().strip(), text,
                )
            )  # fmt: skip

    def _busy(self, busy: bool) -> None:
        self.band.setVisible(busy)
        for each in (self.next, self.back, self.cancel, self.later, self.pages):
            each.setEnabled(not busy)
        if busy:
            self._say("")

    def created(self) -> None:
        """The store exists; go on to its sheet."""
        self.first.forget()
        self.again.forget()
        self._busy(False)
        self._go(RECOVERY)

    def failed(self, error: BaseException) -> None:
        """Say what is not right."""
        self._busy(False)
        self._say(sentence(error))


def _country(code: str) -> str:
    """Return a country's name in the language of the screen."""
    from babel import Locale

    from dpo_app.gui.words import locale

    return str(Locale.parse(locale()).territories.get(code, code))
