"""The form of one enquiry, made for thirty seconds from ring to saved: everything by Tab, kinds by digits.

Before identity is established it shows nothing but the script: not whether somebody is in the register, not to whom a
message went.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from dpo_app.core.facts.breach import DataCategory
from dpo_app.core.ids import TOKEN_LENGTH, BreachId, plain_code
from dpo_app.core.persons.enquiry import (
    FREQUENT,
    RARE,
    AskedFact,
    Caller,
    CodeResult,
    EnquiryKind,
    EnquiryWay,
    Identity,
    facts_to_ask,
)
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.flow_layout import FlowLayout
from dpo_app.gui.widgets.parts import Card, button, clear, column, label, row, scrolling, sign
from dpo_app.gui.words import typed_day
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.messages.enquiry import CALLER_RULES
from dpo_app.services.enquiries.identify_caller import Attempt, CodeCheck, Identified, check_code, identify
from dpo_app.services.enquiries.log_enquiry import EnquiryDraft, Logged, Spoken, log_enquiry, ready_answer

WAY_ICONS = {"call": "phone", "email": "mail", "visit": "user", "letter": "mailbox"}
_TINTS = {CodeResult.GENUINE: ("ok", "circle-check"), CodeResult.NOT_OURS: ("danger", "alert-octagon"),
          CodeResult.NOT_SENT: ("warn", "alert-triangle")}  # fmt: skip
LANGUAGES = ("fi", "sv", "en")


class EnquiryForm(Card):
    """One enquiry. `identified` gives who it is, or None again; `saved` what was kept."""

    identified = Signal(object)
    saved = Signal(object)

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self._breach_id: BreachId | None = None
        self._brought = ""
        self._categories: tuple[DataCategory, ...] = ()
        self._fields: dict[AskedFact, QLineEdit] = {}
        self._time = QElapsedTimer()
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, theme.px(4), 0)
        self._column.setSpacing(theme.px(8))
        self.body.addLayout(self._head())
        self.body.addWidget(scrolling(inner), 1)
        self._code_part()
        self._who_part()
        self._what_part()
        self._answer_part()
        self._column.addStretch(1)
        self.body.addLayout(self._foot())
        keys = QShortcut(QKeySequence("Ctrl+Return"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self.save)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)
        self.start()

    # The parts, from top to bottom.

    def _head(self) -> QHBoxLayout:
        self._ways = QButtonGroup(self)
        line = row(space=6)
        for way in EnquiryWay:
            each = button(word(way), "filter", WAY_ICONS[way.value], f"way_{way.value}")
            each.setCheckable(True)
            self._ways.addButton(each)
            line.addWidget(each)
        self.elapsed = label("", "caption", name="elapsed")
        line.addWidget(self.elapsed)
        line.addStretch(1)
        return line

    def _code_part(self) -> None:
        self.code = QLineEdit()
        self.code.setObjectName("enquiry_code")
        self.code.setPlaceholderText(_("Code of the message, or the name or number they give"))
        self.code.setAccessibleName(_("Code of the message, or the name or number they give"))
        self.code.setClearButtonEnabled(True)
        self.code.textChanged.connect(self._typed)
        self.code.returnPressed.connect(self._check_code)
        self.code.editingFinished.connect(self._check_code)
        self.banner = QFrame()
        self.banner_line = QHBoxLayout(self.banner)
        self.banner.hide()
        self._column.addWidget(self.code)
        self._column.addWidget(self.banner)

    def _step(self, number: int, text: str) -> None:
        self._column.addSpacing(theme.px(4))
        self._column.addLayout(row(label(str(number), "strong", tone="accent"), label(text, "strong"), None, space=10))

    def _who_part(self) -> None:
        self._step(1, _("Who is it? Ask, do not tell"))
        self._column.addWidget(label(_("Say nothing about the register yet. Type what they answer; it is compared, "
                                       "never shown."), "caption", wrap=True))  # fmt: skip
        self.caller = QComboBox()
        self.caller.setObjectName("caller")
        self.caller.setAccessibleName(_("Who asks"))
        for each in Caller:
            self.caller.addItem(word(each), each)
        self.caller.currentIndexChanged.connect(self._caller_chosen)
        self.caller_rule = label("", "caption", wrap=True, name="caller_rule")
        self.caller_rule.hide()
        self._facts = QWidget()
        self._facts_flow = FlowLayout()
        self._facts.setLayout(self._facts_flow)
        self.needed = label("", "caption", name="facts_needed")
        self.called_back = QCheckBox(_("Called back on the number in the register"))
        self.called_back.setObjectName("called_back")
        self.strong = QCheckBox(_("Strong identification seen"))
        self.strong.setObjectName("strong")
        check = button(_("Compare the answers"), "", "check", "compare")
        check.clicked.connect(self.compare)
        self.verdict = label(_("Not established"), "medium", name="identity_verdict")
        self._column.addLayout(row(self.caller, None))
        self._column.addWidget(self.caller_rule)
        self._column.addWidget(self._facts)
        self._column.addWidget(self.needed)
        self._column.addLayout(row(self.called_back, self.strong, None, space=16))
        line = row(check, self.verdict, space=12)
        line.setStretchFactor(self.verdict, 1)
        self._column.addLayout(line)

    def _what_part(self) -> None:
        self._step(2, _("What do they want?"))
        self._kinds = QButtonGroup(self)
        self._frequent, self._rare = QWidget(), QWidget()
        for holder, kinds in ((self._frequent, FREQUENT), (self._rare, RARE)):
            flow = FlowLayout()
            holder.setLayout(flow)
            for place, kind in enumerate(kinds, 1):
                each = button(f"{place}  {word(kind)}", "filter", name=f"kind_{kind.value}")
                each.setCheckable(True)
                each.setAccessibleName(word(kind))
                each.setProperty("kind_value", kind.value)
                self._kinds.addButton(each)
                flow.addWidget(each)
            self._column.addWidget(holder)
        more = button("0  " + _("More"), "filter", name="kind_more")
        more.clicked.connect(lambda: self._show_rare(self._rare.isHidden()))
        layout = self._frequent.layout()
        assert layout is not None
        layout.addWidget(more)
        self._rare.hide()
        self._kinds.buttonClicked.connect(lambda _b: self._say())

    def _answer_part(self) -> None:
        self._step(3, _("Answer"))
        box = QFrame()
        box.setProperty("tint", "info")
        inner = QVBoxLayout(box)
        self.language = QComboBox()
        self.language.setObjectName("answer_language")
        self.language.setAccessibleName(_("Language of the answer"))
        for each in LANGUAGES:
            self.language.addItem({"fi": "Suomi", "sv": "Svenska", "en": "English"}[each], each)
        self.language.currentIndexChanged.connect(lambda _i: self._say())
        copy = button(_("Copy"), "quiet", "copy", "copy_answer")
        copy.clicked.connect(self._copy)
        inner.addLayout(row(label(_("To read aloud"), "caption"), self.language, None, copy))
        self.answer = label("", wrap=True, name="answer")
        self.answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inner.addWidget(self.answer)
        self._column.addWidget(box)
        self._step(4, _("Note"))
        self.note = QPlainTextEdit()
        self.note.setObjectName("enquiry_note")
        self.note.setAccessibleName(_("Note"))
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(theme.px(56))
        self._column.addWidget(self.note)

    def _foot(self) -> QHBoxLayout:
        self.error = label("", "error", wrap=True, name="enquiry_error")
        self.due = QLineEdit()
        self.due.setObjectName("enquiry_due")
        self.due.setPlaceholderText(_("Follow up on (day)"))
        self.due.setAccessibleName(_("Follow up on (day)"))
        self.due.setFixedWidth(theme.px(150))
        keep = button(_("Save enquiry"), "primary", "check", "save_enquiry", _("Save enquiry (Ctrl+Enter)"))
        keep.clicked.connect(self.save)
        keep.setEnabled(not self.office.desk.read_only)
        hint = label(_("Digits choose · Ctrl+Enter saves"), "caption")
        line = row(hint, self.error, None, self.due, keep)
        line.setStretchFactor(self.error, 1)
        return line

    # What happens.

    def open_breach(self, breach_id: BreachId, categories: tuple[DataCategory, ...], language: str) -> None:
        """Ask about a breach; `language` is the one most callers speak."""
        if breach_id != self._breach_id:
            self._breach_id, self._categories = breach_id, categories
            self.language.setCurrentIndex(max(0, self.language.findData(language)))
            # What a link brought may have come before the breach was read.
            brought, self._brought = self._brought, ""
            self.start()
            self.code.setText(brought)
        elif categories != self._categories:
            self._categories = categories
            self._questions()

    def start(self, way: EnquiryWay = EnquiryWay.CALL) -> None:
        """Begin a new enquiry: nothing of the last one stays on the screen."""
        self._check: CodeCheck | None = None
        self._checked = ""
        self._found = Identified(Identity.NONE)
        self._spoken = Spoken("", "")
        self._began: datetime = self.office.desk.clock.now()
        self._time.start()
        for each in self._ways.buttons():
            each.setChecked(each.objectName() == f"way_{way.value}")
        self._kinds.setExclusive(False)
        for each in self._kinds.buttons():
            each.setChecked(False)
        self._kinds.setExclusive(True)
        self._show_rare(False)
        for field in (self.code, self.due):
            field.clear()
        self.note.clear()
        self.answer.clear()
        self.error.setText("")
        self.caller.setCurrentIndex(0)
        self.called_back.setChecked(False)
        self.strong.setChecked(False)
        self._show_code(None)
        self._show_identity()
        self._questions()
        self._tick()
        self.code.setFocus()

    def showEvent(self, event: Any) -> None:  # noqa: N802
        self._clock.start()
        super().showEvent(event)

    def hideEvent(self, event: Any) -> None:  # noqa: N802
        self._clock.stop()
        super().hideEvent(event)

    def _tick(self) -> None:
        seconds = int(self._time.elapsed() // 1000)
        self.elapsed.setText(f"{seconds // 60:02d}:{seconds % 60:02d}")

    def _typed(self) -> None:
        """A code that changes is not checked any more, and who was found by it is not shown any more."""
        if plain_code(self.code.text()) != self._checked:
            self._checked, self._check = "", None
            self._show_code(None)
            self._forget_identity()

    def _forget_identity(self) -> None:
        if self._found.person_id is not None or self._found.identity is not Identity.NONE:
            self._found = Identified(Identity.NONE)
            self._show_identity()
            self.identified.emit(None)
            self._say()

    def _check_code(self) -> None:
        code, breach_id, desk = plain_code(self.code.text()), self._breach_id, self.office.desk
        looks_like_one = len(code) == TOKEN_LENGTH and any(sign.isdigit() for sign in code)
        if breach_id is None or not looks_like_one or code == self._checked:
            return
        self._checked = code

        def then(found: CodeCheck) -> None:
            if code == self._checked:
                self._check = found
                self._show_code(found.result)
                self._questions()
                self._say()

        self.office.do(lambda _p: check_code(desk, breach_id, code), then)

    def _show_code(self, result: CodeResult | None) -> None:
        clear(self.banner_line)
        self.banner.setVisible(result is not None)
        if result is None:
            return
        tint, icon = _TINTS[result]
        self.banner.setProperty("tint", tint)
        self.banner.style().unpolish(self.banner)
        self.banner.style().polish(self.banner)
        more = {
            CodeResult.GENUINE: _("To whom it went is said only after step 1."),
            CodeResult.NOT_OURS: _("Ask them to keep the message and to report it to the police."),
            CodeResult.NOT_SENT: _("Ask how it came to them, and note it."),
        }[result]
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(word(result), "strong", tone=tint, name="code_result"))
        words.addWidget(label(more, "second", wrap=True))
        self.banner_line.addWidget(sign(icon, tint, 20, result is CodeResult.GENUINE), 0, Qt.AlignmentFlag.AlignTop)
        self.banner_line.addLayout(words, 1)

    def _questions(self) -> None:
        """Show the facts that may be asked now."""
        kept = {fact: field.text() for fact, field in self._fields.items()}
        clear(self._facts_flow)
        self._fields = {}
        genuine = self._check is not None and self._check.result is CodeResult.GENUINE
        for fact in facts_to_ask(self._categories, with_code=genuine):
            field = QLineEdit(kept.get(fact, ""))
            field.setObjectName(f"fact_{fact.value}")
            field.setAccessibleName(word(fact))
            field.setFixedWidth(theme.px(150))
            field.returnPressed.connect(self.compare)
            self._fields[fact] = field
            holder = QWidget()
            holder.setLayout(column(label(word(fact), "caption"), field, space=2))
            self._facts_flow.addWidget(holder)
        need = _("The code and one fact are enough.") if genuine else _("Two facts that were not stolen are needed.")
        self.needed.setText(need)

    def _caller_chosen(self) -> None:
        rule = CALLER_RULES[Caller(self.caller.currentData())]
        self.caller_rule.setText(_(rule) if rule else "")
        self.caller_rule.setVisible(bool(rule))

    def compare(self) -> None:
        """Compare what the caller answered with the register."""
        breach_id, desk = self._breach_id, self.office.desk
        if breach_id is None:
            return
        answers = {fact: field.text() for fact, field in self._fields.items() if field.text().strip()}
        text = "" if self._checked else self.code.text()
        attempt = Attempt(text, self._check, answers, self.called_back.isChecked(), self.strong.isChecked())

        def then(found: Identified) -> None:
            self._found = found
            self._show_identity()
            self.identified.emit(found)
            self._say()

        self.office.do(lambda _p: identify(desk, breach_id, attempt), then)

    def _show_identity(self) -> None:
        found = self._found
        if found.established:
            text = _("Established: {how}").format(how=word(found.identity))
            if found.other_code:
                text += ". " + _("The message in their hand went to somebody else: keep it, it may be misdelivered.")
        elif found.identity is Identity.NOT_SURE:
            text = _("Not established: nothing may be said of any person")
        else:
            text = _("Not established")
        self.verdict.setText(text)
        self.verdict.setWordWrap(True)
        self.verdict.setProperty("tone", "ok" if found.established and not found.other_code else "warn")
        self.verdict.style().unpolish(self.verdict)
        self.verdict.style().polish(self.verdict)

    def _kind(self) -> EnquiryKind | None:
        chosen = self._kinds.checkedButton()
        return EnquiryKind(chosen.property("kind_value")) if chosen is not None else None

    def _say(self) -> None:
        """Show the answer that may be given now."""
        kind, breach_id, desk = self._kind(), self._breach_id, self.office.desk
        if kind is None or breach_id is None:
            return
        language, found = self.language.currentData(), self._found
        code = self._check.result if self._check is not None else None

        def then(spoken: Spoken) -> None:
            if kind is self._kind():
                self._spoken = spoken
                self.answer.setText(spoken.text)
                self.answer.setProperty("language", language)

        self.office.do(
            lambda _p: ready_answer(desk, breach_id, kind, language, established=found.established, code=code), then
        )

    def _copy(self) -> None:
        from PySide6.QtGui import QGuiApplication

        QGuiApplication.clipboard().setText(self.answer.text())
        self.office.toast.emit(_("The answer is copied."))

    def _show_rare(self, shown: bool) -> None:
        self._rare.setVisible(shown)
        self._digits = RARE if shown else FREQUENT

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Digits choose a kind wherever no text is being typed."""
        text = event.text()
        if text == "0":
            self._show_rare(self._rare.isHidden())
        elif text.isdigit() and int(text) <= len(self._digits):
            holder = self._rare if self._digits is RARE else self._frequent
            each = holder.findChild(QWidget, f"kind_{self._digits[int(text) - 1].value}")
            if each is not None:
                each.click()  # type: ignore[attr-defined]
                each.setFocus()
        else:
            super().keyPressEvent(event)

    def save(self) -> None:
        """Keep the enquiry and begin the next."""
        breach_id, desk, kind = self._breach_id, self.office.desk, self._kind()
        if breach_id is None or desk.read_only:
            return
        due = typed_day(self.due.text()) if self.due.text().strip() else None
        if kind is None:
            self._refuse(_("What do they want? Choose a kind."), self._kinds.buttons()[0])
            return
        if self.due.text().strip() and due is None:
            self._refuse(_("The day to follow up on is no date."), self.due)
            return
        way = next((each for each in EnquiryWay if self._way_chosen(each)), EnquiryWay.CALL)
        check = self._check
        draft = EnquiryDraft(
            way, kind, self._began, self._found.identity, self._found.person_id, Caller(self.caller.currentData()),
            check.result if check else None, check.delivery.id if check and check.delivery else None,
            self._spoken.mark, self.note.toPlainText(), due, due is not None,
        )  # fmt: skip

        def then(logged: Logged) -> None:
            self.saved.emit(logged)
            self.start(way)

        self.office.do(lambda _p: log_enquiry(desk, breach_id, draft), then, _("Saving the enquiry"))

    def _way_chosen(self, way: EnquiryWay) -> bool:
        return any(b.isChecked() and b.objectName() == f"way_{way.value}" for b in self._ways.buttons())

    def _refuse(self, text: str, where: QWidget) -> None:
        self.error.setText(text)
        where.setFocus()

    def choose(self, code: str) -> None:
        """Begin an enquiry with what was given elsewhere: a person's code."""
        self.start()
        self.code.setText(code)
        self._brought = code if self._breach_id is None else ""
