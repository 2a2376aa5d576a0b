"""A box that asks for one line and says what is wrong with it while the line still stands there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from dpo_app.gui import theme
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.gui.words import example_day, typed_day
from dpo_app.i18n import _

#: Returns what is wrong with an answer, in words; "" if nothing is.
Check = Callable[[str], str]


def anything(_answer: str) -> str:
    """Take every answer, an empty one too."""
    return ""


def some_text(answer: str) -> str:
    """Take what is not empty."""
    return "" if answer.strip() else _("Something must stand here.")


def a_number(answer: str) -> str:
    """Take a whole number."""
    return "" if "".join(answer.split()).isdecimal() else _("That is no number. Write it in figures.")


def a_day(answer: str) -> str:
    """Take a day."""
    wrong = _("That is no date. Write it as {example}.").format(example=example_day())
    return "" if typed_day(answer) is not None else wrong


class AskBox(QDialog):
    """One field; the box stays, with what is wrong below the field, until the answer can be taken."""

    def __init__(self, parent: QWidget, title: str, prompt: str, value: str, check: Check) -> None:
        super().__init__(parent)
        self.setObjectName("ask_box")
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(460))
        self._check = check
        box = QVBoxLayout(self)
        box.setContentsMargins(*(theme.px(each) for each in (24, 16, 24, 16)))
        box.setSpacing(theme.px(8))
        box.addWidget(label(title, "title", wrap=True))
        words = label(prompt, wrap=True)
        self.field = QLineEdit(value)
        self.field.setObjectName("ask_field")
        self.field.setAccessibleName(prompt)
        self.field.selectAll()
        words.setBuddy(self.field)
        self.wrong = label("", "error", wrap=True, name="ask_wrong")
        self.wrong.hide()
        for each in (words, self.field, self.wrong):
            box.addWidget(each)
        later, go = button(_("Cancel"), name="ask_cancel"), button(_("OK"), "primary", name="ask_go")
        later.clicked.connect(self.reject)
        go.clicked.connect(self._take)
        self.field.textChanged.connect(lambda _text: self.wrong.hide())
        box.addLayout(row(None, later, go))
        self.field.setFocus()

    def answer(self) -> str:
        """Return what stands in the field."""
        return self.field.text()

    def _take(self) -> None:
        wrong = self._check(self.answer())
        self.wrong.setText(wrong)
        self.wrong.setVisible(bool(wrong))
        if wrong:
            self.field.setFocus()
        else:
            self.accept()
