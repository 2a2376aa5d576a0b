"""One text of a notice: its audience as chips, the text with its placeholders tinted, growing with what is written."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextDocument,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPlainTextEdit, QWidget

from dpo_app.core.facts.breach import DataCategory
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.notices.claims import open_sentences
from dpo_app.core.notices.notice import EVERYBODY, Audience, Field, SectionText, Slot
from dpo_app.core.persons.channel import Channel
from dpo_app.gui import theme
from dpo_app.gui.widgets.flow_layout import FlowLayout
from dpo_app.gui.widgets.painters import Disc
from dpo_app.gui.widgets.parts import Card, Chip, button, label, row
from dpo_app.gui.words import number
from dpo_app.i18n import _, ngettext
from dpo_app.messages import word

_MARK = re.compile(r"\(\([^()]*\)\)")
_BOLD = re.compile(r"\*\*[^*]+\*\*")
_KNOWN = frozenset((*(s.value for s in Slot), *(f.value for f in Field)))
_IN_EMAILS = frozenset({Channel.EMAIL})
#: Whoever stands on the public rung or with the officer gets the text of a letter.
_IN_LETTERS = frozenset({Channel.LETTER, Channel.PUBLIC, Channel.OFFICER})
_GROWN_UP = 18


class _Highlighter(QSyntaxHighlighter):
    """Placeholders on a tint, bold words bold."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        theme.state.changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:  # noqa: N802
        known = _KNOWN
        for match in _MARK.finditer(text):
            good = match.group()[2:-2].strip() in known
            look = QTextCharFormat()
            look.setBackground(QColor(theme.color("selected" if good else "danger_bg")))
            look.setForeground(theme.color("accent" if good else "danger"))
            self.setFormat(match.start(), match.end() - match.start(), look)
        for match in _BOLD.finditer(text):
            look = QTextCharFormat()
            look.setFontWeight(700)
            self.setFormat(match.start(), match.end() - match.start(), look)


class _Text(QPlainTextEdit):
    """Grows with its text; no scroll bar inside a scroll area. Paste is plain by nature, Tab leaves the field. With
    nothing of its own left to undo, Ctrl+Z is handed on to the editor's steps."""

    undo_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.matches(QKeySequence.StandardKey.Undo) and not self.document().isUndoAvailable():
            self.undo_wanted.emit()
            return
        super().keyPressEvent(event)

    def __init__(self, text: str, editable: bool) -> None:
        super().__init__(text)
        self.setProperty("plain", "true")
        self.setTabChangesFocus(True)
        self.setReadOnly(not editable)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.document().documentLayout().documentSizeChanged.connect(lambda _s: self._grow())
        self._grow()

    def _grow(self) -> None:
        lines = max(1.0, self.document().documentLayout().documentSize().height())
        self.setFixedHeight(int(lines * self.fontMetrics().lineSpacing()) + 14)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._grow()


class SectionCard(Card):
    """A text with its audience; `place` is where it stands in the notice."""

    edited = Signal(int, str)
    audience_changed = Signal(int, object)
    removed = Signal(int)
    variant_wanted = Signal(int)
    #: Place of the text, number of the sentence in it from 1, and whether it stands.
    claim_settled = Signal(int, int, bool)

    def __init__(self, place: int, text: SectionText, persons: int, editable: bool) -> None:
        super().__init__()
        self._place, self._audience = place, text.audience
        head = FlowLayout()
        head.addWidget(label(word(text.section), "medium"))
        if text.audience.exposures:
            for state in (s for s in ExposureState if s in text.audience.exposures):
                head.addWidget(Chip(word(state), state.value, sign=Disc(state.value, 12)))
        else:
            head.addWidget(Chip(_("everybody"), "excused", "users"))
        for channel in sorted(text.audience.channels):
            if channel in (Channel.EMAIL, Channel.LETTER):
                head.addWidget(Chip(word(channel), "info"))
        for category in sorted(text.audience.categories):
            head.addWidget(Chip(word(DataCategory(category)), "info"))
        if text.audience.easy:
            head.addWidget(Chip(_("easy language"), "info"))
        if text.audience.below_age is not None:
            head.addWidget(Chip(_("under {age}").format(age=text.audience.below_age), "info"))
        if text.audience.min_age is not None:
            head.addWidget(Chip(_("{age} and over").format(age=text.audience.min_age), "info"))
        count = ngettext("{count} person", "{count} persons", persons).format(count=number(persons))
        head.addWidget(label(count, "caption"))
        top = QHBoxLayout()
        top.addLayout(head, 1)
        if editable:
            top.addWidget(self._menu_button(), 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(top)
        self.text = _Text(text.text, editable)
        self.text.setObjectName(f"text_{place}")
        self.text.setAccessibleName(f"{word(text.section)}, {count}")
        self._highlighter = _Highlighter(self.text.document())
        self.text.textChanged.connect(lambda: self.edited.emit(self._place, self.text.toPlainText()))
        self.body.addWidget(self.text)
        if editable:
            for number_, sentence in enumerate(open_sentences(text.text), 1):
                self.body.addLayout(self._claim(number_, sentence))

    def _claim(self, number_: int, sentence: str) -> QHBoxLayout:
        """Return the line on a sentence that nobody has confirmed: is it so, or does it go?"""
        name = f"{self._place}_{number_}"
        line = row(
            label("⚠", "second"), label(_("Is this so? {sentence}").format(sentence=sentence), "second", wrap=True)
        )
        line.setStretch(1, 1)
        for text, stands, key in ((_("It is so"), True, "claim_stands"), (_("Leave it out"), False, "claim_out")):
            each = button(text, "quiet", name=f"{key}_{name}")
            each.setAccessibleDescription(sentence)
            each.clicked.connect(lambda _=False, s=stands: self.claim_settled.emit(self._place, number_, s))
            line.addWidget(each)
        return line

    def _menu_button(self) -> QWidget:
        more = button("", "quiet", "dots", f"section_menu_{self._place}", _("Audience and more"))
        menu = QMenu(more)
        everybody = menu.addAction(_("For everybody"))
        everybody.triggered.connect(lambda: self._change(EVERYBODY))
        for state in ExposureState:
            if state is ExposureState.NOT_EXPOSED:
                continue
            act = menu.addAction(_("For: {state}").format(state=word(state)))
            act.setCheckable(True)
            act.setChecked(state in self._audience.exposures)
            act.triggered.connect(lambda _=False, s=state: self._toggle(s))
        menu.addSeparator()
        for text, channels in ((_("Only in e-mails"), _IN_EMAILS), (_("Only in letters"), _IN_LETTERS)):
            act = menu.addAction(text)
            act.setCheckable(True)
            act.setChecked(self._audience.channels == channels)
            act.triggered.connect(lambda on, c=channels: self._change(
                replace(self._audience, channels=c if on else frozenset())))  # fmt: skip
        minors = menu.addAction(_("Only for those under 18"))
        minors.setCheckable(True)
        minors.setChecked(self._audience.below_age == _GROWN_UP)
        minors.triggered.connect(
            lambda on: self._change(replace(self._audience, min_age=None, below_age=_GROWN_UP if on else None))
        )
        easy = menu.addAction(_("In easy language, for those who need it"))
        easy.setCheckable(True)
        easy.setChecked(self._audience.easy)
        easy.triggered.connect(lambda on: self._change(replace(self._audience, easy=on)))
        menu.addSeparator()
        menu.addAction(_("Add a variant for another audience"), lambda: self.variant_wanted.emit(self._place))
        menu.addAction(_("Insert a placeholder…"), self._insert)
        menu.addAction(_("Remove this text"), lambda: self.removed.emit(self._place))
        more.setMenu(menu)
        return more

    def _toggle(self, state: ExposureState) -> None:
        own = set(self._audience.exposures)
        own ^= {state}
        self._change(replace(self._audience, exposures=frozenset(own)))

    def _change(self, audience: Audience) -> None:
        self.audience_changed.emit(self._place, audience)

    def _insert(self) -> None:
        menu = QMenu(self)
        for name in (*(s.value for s in Slot), *(f.value for f in Field)):
            menu.addAction(name, partial(self.text.insertPlainText, f"(({name}))"))
        menu.popup(self.mapToGlobal(self.text.pos()))
