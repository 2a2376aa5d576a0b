"""Authority: who is owed a notice, the notices with where they stand, and one notice in the order of the authority's
form, field by field with its origin, its state and a button that copies it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from dpo_app.core.ids import BreachId, NoticeId
from dpo_app.core.notices.notice import NoticePhase, NoticeState
from dpo_app.gui import clipboard, theme
from dpo_app.gui.form_assistant import FormAssistant
from dpo_app.gui.models.form_fields import CopyState, FormField, FormPart, Marks, is_draft, parts_of, to_copy
from dpo_app.gui.office import Office
from dpo_app.gui.pages.authority.authority_aside import AuthorityAside
from dpo_app.gui.pages.authority.authority_field_sheet import FieldSheet, OpenSheet
from dpo_app.gui.pages.authority.authority_files import export_notice, save_kept_file, save_notice
from dpo_app.gui.pages.authority.authority_sheets import ApproveAuthoritySheet, DraftSheet, HandedInSheet, LogSheet
from dpo_app.gui.pages.authority.authority_words import beginning, form_note, next_act, phase_word, under_title
from dpo_app.gui.pages.page import Page
from dpo_app.gui.widgets.copy_field import CopyField
from dpo_app.gui.widgets.parts import (
    EN_SPACE,
    Banner,
    Card,
    Chip,
    ElidingLabel,
    EmptyState,
    button,
    clear,
    label,
    row,
    rule,
    scrolling,
)
from dpo_app.gui.words import number
from dpo_app.i18n import _, ngettext
from dpo_app.messages import word
from dpo_app.services.authority.authority_case import Case
from dpo_app.services.authority.authority_view import AuthorityView, authority_view, keep_copied
from dpo_app.services.authority.tell_authority import draft_authority_notice
from dpo_app.services.progress import Topic

NARROW, LEFT, RIGHT = 980, 236, 256
CHANGED = -1


class AuthorityPage(Page):
    """One breach at the authorities."""

    key = "authority"
    topics = frozenset({Topic.AUTHORITY, Topic.FACTS, Topic.PLAN, Topic.PERSONS, Topic.DELIVERIES, Topic.NOTICES,
                        Topic.SETTINGS, Topic.BREACHES})  # fmt: skip

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.view: AuthorityView | None = None
        self.parts: tuple[FormPart, ...] = ()
        self.marks: Marks = {}
        self.assistant: FormAssistant | None = None
        self._wanted: NoticeId | None = None
        self._section = 0
        self._fresh = False
        self._cards: dict[str, CopyField] = {}
        self.nothing = QVBoxLayout()
        self.box.addLayout(self.nothing)
        self.work = QWidget()
        self.box.addWidget(self.work, 1)
        column = QVBoxLayout(self.work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(12))
        column.addLayout(self._head())
        self.notes = QVBoxLayout()
        column.addLayout(self.notes)
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.px(12))
        column.addLayout(self._grid, 1)
        self.outline, self.middle = self._outline(), self._middle()
        self.aside = AuthorityAside(office)
        self.aside.notice_chosen.connect(self._choose)
        self.aside.draft_wanted.connect(self._draft)
        self.aside.log_wanted.connect(self._log)
        self.aside.another_wanted.connect(self._another)
        self.aside.correction_wanted.connect(self._correct)
        self.aside.file_wanted.connect(self._save_file)
        self._narrow: bool | None = None
        self._arrange()

    def _head(self) -> QHBoxLayout:
        self.title, self.sub = ElidingLabel("", "heading"), label("", "second", wrap=True, name="authority_sub")
        self.chip_place = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(0)
        line = row(space=8)
        line.addWidget(self.title, 100)
        line.addLayout(self.chip_place)
        line.addStretch(1)
        words.addLayout(line)
        words.addWidget(self.sub)
        self.pdf = button(_("PDF"), "", "file-type-pdf", "authority_pdf", _("Save the notice as PDF"))
        self.json = button(_("JSON"), "", "file-export", "authority_json", _("Save the notice as JSON"))
        self.act = button("", "primary", "", "authority_act")
        self.pdf.clicked.connect(lambda: self._save("pdf"))
        self.json.clicked.connect(lambda: self._save("json"))
        self.act.clicked.connect(self._act)
        head = row(space=8)
        head.addLayout(words, 1)
        for each in (self.pdf, self.json, self.act):
            head.addWidget(each, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _outline(self) -> Card:
        card = Card(_("The form"))
        card.setFixedWidth(theme.px(LEFT))
        inner = QWidget()
        self._sections = QVBoxLayout(inner)
        self._sections.setContentsMargins(0, 0, 0, 0)
        self._sections.setSpacing(theme.px(2))
        card.body.addWidget(scrolling(inner), 1)
        self.copied = label("", "caption", wrap=True, name="copied_count")
        card.body.addWidget(self.copied)
        return card

    def _middle(self) -> Card:
        card = Card()
        self.section_title = label("", "heading", wrap=True, name="section_title")
        self.section_note = label("", "caption", wrap=True)
        self.helper = button(_("Form assistant"), "", "layers-subtract", "form_assistant_open")
        self.helper.clicked.connect(self.open_assistant)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.section_title)
        words.addWidget(self.section_note)
        head = QHBoxLayout()
        head.addLayout(words, 1)
        head.addWidget(self.helper, 0, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(head)
        inner = QWidget()
        self._fields = QVBoxLayout(inner)
        self._fields.setContentsMargins(0, 0, theme.px(6), 0)
        self._fields.setSpacing(0)
        self.area = scrolling(inner)
        card.body.addWidget(self.area, 1)
        return card

    def _arrange(self) -> None:
        """Put the three columns beside each other; where that is too narrow, the aside goes under the outline."""
        narrow = self.width() < theme.px(NARROW)
        if narrow is self._narrow:
            return
        self._narrow = narrow
        for each in (self.outline, self.middle, self.aside):
            self._grid.removeWidget(each)
        self.aside.setFixedWidth(theme.px(LEFT if narrow else RIGHT))
        self._grid.addWidget(self.outline, 0, 0)
        if narrow:
            self._grid.addWidget(self.aside, 1, 0)
            self._grid.addWidget(self.middle, 0, 1, 2, 1)
        else:
            self._grid.addWidget(self.middle, 0, 1)
            self._grid.addWidget(self.aside, 0, 2)
        self._grid.setColumnStretch(1, 1)
        self._grid.setRowStretch(0, 3)
        self._grid.setRowStretch(1, 2 if narrow else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._arrange()

    def open_breach(self, breach_id: BreachId) -> None:
        """Show another breach."""
        if breach_id != self.breach_id:
            self._keep_marks()
            self._wanted, self._section = None, 0
            if self.assistant is not None:
                self.assistant.close()
        super().open_breach(breach_id)

    def reload(self) -> None:
        """Read who is owed, the notices, and the one that is shown."""
        desk, breach_id, wanted = self.office.desk, self.breach_id, self._wanted
        assert breach_id is not None
        self.office.read(lambda queries: authority_view(desk, queries, breach_id, wanted), self._show)

    def _show(self, view: AuthorityView) -> None:
        if view.breach_id != self.breach_id:
            return
        before = self.view.case.notice_id if self.view and self.view.case else None
        self.view = view
        clear(self.nothing)
        self.work.setVisible(view.case is not None)
        if view.case is None:
            self.nothing.addWidget(self._beginning(view), 1)
            return
        case = view.case
        if case.notice_id != before:
            self.marks = dict(view.copied)
            self._fresh, self._section = False, 0
        self._wanted = case.notice_id
        self.parts = parts_of(case)
        self._head_words(case)
        self._show_notes(case)
        self._show_outline()
        self._show_fields()
        self.aside.show_view(view)
        if self.assistant is not None:
            self.assistant.use(case)

    def _beginning(self, view: AuthorityView) -> QWidget:
        """Return what the page says before there is a notice."""
        said, write = beginning(view), _("Draft the first notice")
        main = _("Assess the risk") if said.assess else "" if view.nothing_owed else write
        other = write if said.assess else _("Write a notice all the same") if view.nothing_owed else ""
        state = EmptyState("building-bank", said.heading, said.why, main, "scale" if said.assess else "pencil", other)
        state.pressed.connect(self._assess if said.assess else lambda: self._draft("", False))
        state.other_pressed.connect(lambda: self._draft("", False))
        for name in ("button", "other"):
            if hasattr(state, name):
                getattr(state, name).setEnabled(not self.office.desk.read_only)
        return state

    def _assess(self) -> None:
        self.office.page_wanted.emit("risk", None)

    def _head_words(self, case: Case) -> None:
        notice = case.notice
        text = _("{phase} to {authority}").format(phase=phase_word(notice), authority=case.authority.name)
        self.title.set_whole(text)
        wide = self.title.fontMetrics().horizontalAdvance(text)
        self.title.setMaximumWidth(wide + theme.px(8))
        clear(self.chip_place)
        draft = is_draft(case)
        if case.handed_in_at is not None:
            chip = Chip(_("Handed in"), "ok", "circle-check", True)
        elif draft:
            chip = Chip(word(notice.state), "info", "pencil")
        else:
            chip = Chip(word(notice.state), "ok" if notice.state is NoticeState.APPROVED else "excused", "signature")
        self.chip_place.addWidget(chip)
        self.sub.setText(under_title(case, self.view))
        self.act.setVisible(notice.state is not NoticeState.SUPERSEDED)
        act = next_act(case)
        self.act.setText(act.text)
        self.act.setAccessibleName(act.text)
        self.act.setEnabled(act.enabled and not self.office.desk.read_only)
        self.act.setToolTip(act.tip)

    def _act(self) -> None:
        view = self.view
        if view is None or view.case is None:
            return
        case = view.case
        if is_draft(case):
            sheet = ApproveAuthoritySheet(self.window(), self.office, case)
            sheet.accepted.connect(self._export)
            sheet.open()
        elif case.handed_in_at is None:
            clock = view.clock
            now = self.office.desk.clock.now()
            late = clock is not None and clock.due is not None and now > clock.due and clock.done is None
            HandedInSheet(self.window(), self.office, case, late and not case.texts.get("late_reason")).open()
        else:
            self._draft(case.authority.id, True)

    def _show_notes(self, case: Case) -> None:
        clear(self.notes)
        gaps = case.filled.gaps
        if case.notice.state is NoticeState.SUPERSEDED:
            self.notes.addWidget(Banner("info", _("A newer notice stands in the place of this one."), closable=False))
        elif case.outdated:
            text = _("This draft is from revision {old}; revision {new} is the newest.").format(
                old=case.saved.number, new=case.newest
            )
            act = (
                _("Take the newest facts over"),
                lambda: self._draft(case.authority.id, case.notice.phase is not NoticePhase.INITIAL),
            )
            self.notes.addWidget(Banner("warn", text, _("It cannot be approved like this; your words are kept."), (act,),
                                        closable=False))  # fmt: skip
        elif is_draft(case) and gaps:
            may = sum(case.template.field(gap.key).open for gap in gaps)
            text = ngettext("{count} field needs you.", "{count} fields need you.", len(gaps)).format(count=len(gaps))
            more = _("{may} of them may stay open.").format(may=may)
            acts = [(_("Go to the next one"), self.next_gap)]
            if may:
                acts.append((_("Leave the rest open…"), lambda: self._leave_open(case, may)))
            self.notes.addWidget(Banner("warn", text, more, tuple(acts), closable=False))

    def next_gap(self) -> None:
        """Open the first field that forbids approval."""
        for place, part in enumerate(self.parts):
            for field in part.fields:
                if field.gap is not None:
                    self._pick(place)
                    self._write(field.key)
                    return

    def _leave_open(self, case: Case, count: int) -> None:
        OpenSheet(self.window(), self.office, case.notice_id, count).open()

    def _show_outline(self) -> None:
        clear(self._sections)
        changed = sum(part.changed for part in self.parts)
        if changed:
            self._entry(CHANGED, _("Changed"), changed, "arrows-exchange", "info", False)
            if not self._fresh:
                self._section = CHANGED
        elif self._section == CHANGED:
            self._section = 0
        self._fresh = True
        for place, part in enumerate(self.parts):
            wrong = bool(part.open)
            self._entry(place, part.title, part.open or part.changed, "alert-triangle" if wrong else "circle-check",
                        "warn" if wrong else "ok", not wrong)  # fmt: skip
        self._sections.addStretch(1)
        self._count_copied()

    def _entry(self, place: int, title: str, count: int, icon: str, role: str, filled: bool) -> None:
        name = "changed" if place == CHANGED else str(place + 1)
        each = button("", "row", icon, f"part_{name}")
        each.setIcon(theme.icon(icon, role, 18, filled))
        each.setCheckable(True)
        each.setChecked(place == self._section)
        room = theme.px(LEFT - 116)
        each.setText(EN_SPACE + each.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, room))
        each.setToolTip(title)
        each.setAccessibleName(f"{title}, {number(count)}" if count else title)
        each.setFixedWidth(theme.px(LEFT - 76))
        each.clicked.connect(lambda _=False, p=place: self._pick(p))
        figure = label(number(count) if count else "", "strong")
        figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        figure.setFixedWidth(theme.px(20))
        self._sections.addLayout(row(each, figure, space=2))

    def _pick(self, place: int) -> None:
        self._section = place
        self._show_outline()
        self._show_fields()
        bar = self.area.verticalScrollBar()
        if bar is not None:
            bar.setValue(0)

    def _show_fields(self) -> None:
        clear(self._fields)
        self._cards.clear()
        assert self.view is not None and self.view.case is not None
        case = self.view.case
        editable = is_draft(case) and not self.office.desk.read_only
        if self._section == CHANGED:
            title, fields = _("Changed since the notice before"), [
                f for part in self.parts for f in part.fields if f.was is not None
            ]  # fmt: skip
        else:
            self._section = min(self._section, len(self.parts) - 1)
            part = self.parts[self._section]
            title, fields = f"{self._section + 1}  {part.title}", list(part.fields)
        self.section_title.setText(title)
        self.section_note.setText(form_note(case.form))
        for place, field in enumerate(fields):
            if place:
                self._fields.addWidget(rule())
            card = CopyField(field, self.marks, editable)
            card.copied.connect(self._copy)
            card.edit_wanted.connect(self._write)
            self._cards[field.key] = card
            self._fields.addWidget(card)
        self._fields.addStretch(1)
        self.helper.setEnabled(bool(to_copy(self.parts)))

    def _field(self, key: str) -> FormField:
        return next(field for part in self.parts for field in part.fields if field.key == key)

    def _copy(self, key: str) -> None:
        field = self._field(key)
        clipboard.copy(field.clip)
        self._mark(field)

    def _mark(self, field: FormField) -> None:
        """Remember that a field was copied, and show it."""
        self.marks[field.key] = (field.clip, self.office.desk.clock.now())
        self._dirty = True
        if field.key in self._cards:
            self._cards[field.key].show_mark()
        self._count_copied()

    _dirty = False

    def _count_copied(self) -> None:
        fields = to_copy(self.parts)
        done = sum(each.copy_state(self.marks) is CopyState.COPIED for each in fields)
        self.copied.setText(
            ngettext("{done} of {all} field copied", "{done} of {all} fields copied", len(fields)).format(
                done=done, all=len(fields)
            )
        )

    def _keep_marks(self) -> None:
        """Keep what was copied, with its entry in the trail, when the officer turns to something else."""
        view = self.view
        if not self._dirty or view is None or view.case is None or self.office.desk.read_only:
            return
        self._dirty = False
        desk, notice_id, marks = self.office.desk, view.case.notice_id, dict(self.marks)
        self.office.do(lambda _p: keep_copied(desk, notice_id, marks))

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        self._keep_marks()
        super().hideEvent(event)

    def _write(self, key: str) -> None:
        if self.view is not None and self.view.case is not None and is_draft(self.view.case):
            FieldSheet(self.window(), self.office, self.view.case, self._field(key)).open()

    def open_assistant(self) -> None:
        """Open the narrow window that stays on top of the browser."""
        if self.view is None or self.view.case is None:
            return
        if self.assistant is None:
            self.assistant = FormAssistant(self.view.case, self.marks, self._mark)
            self.assistant.closed.connect(self._assistant_closed)
        self.assistant.show()
        self.assistant.raise_()

    def _assistant_closed(self) -> None:
        self.assistant = None
        self._keep_marks()

    def _draft(self, authority: str, follow: bool) -> None:
        desk, breach_id = self.office.desk, self.breach_id
        assert breach_id is not None
        phase = NoticePhase.FOLLOW_UP if follow else NoticePhase.INITIAL
        self._wanted = None
        self.office.do(
            lambda _p: draft_authority_notice(desk, breach_id, authority, phase),
            self._drafted,
            _("Drafting the notice"),
        )

    def _drafted(self, made: Any) -> None:
        self._wanted = made[0]

    def _choose(self, notice_id: int) -> None:
        self._keep_marks()
        self._wanted = NoticeId(notice_id)
        if self.assistant is not None:
            self.assistant.close()
        self.reload()

    def _log(self) -> None:
        if self.view is not None:
            LogSheet(self.window(), self.office, self.view).open()

    def _correct(self, entry: int) -> None:
        if self.view is not None:
            wrong = next(each for each in self.view.events if each.id == entry)
            LogSheet(self.window(), self.office, self.view, wrong).open()

    def _another(self) -> None:
        if self.view is not None:
            self._wanted = None
            DraftSheet(self.window(), self.office, self.view).open()

    def show_target(self, target: object) -> None:
        """Links here name a notice, or ask for the first one to be drafted."""
        if target == "draft":
            self._draft("", False)
        elif target == "follow_up":
            authority = self.view.case.authority.id if self.view and self.view.case else ""
            self._draft(authority, True)
        elif isinstance(target, dict) and "notice" in target:
            self._choose(target["notice"])

    def _save(self, ending: str) -> None:
        if self.view is not None and self.view.case is not None:
            save_notice(self.office, self, self.view.case, ending)

    def _export(self) -> None:
        """After the approval: PDF and JSON go into a folder the officer names."""
        if self.view is not None and self.view.case is not None:
            export_notice(self.office, self, self.view.case)

    def _save_file(self, file_id: int, name: str) -> None:
        save_kept_file(self.office, self, file_id, name)
