"""Notices: sections with audiences, checked against Art. 34(2), read as a real person will read them, frozen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import BreachId, NoticeId
from dpo_app.core.notices.claims import settle
from dpo_app.core.notices.notice import Audience, Notice, NoticePhase, NoticeState, SectionKey, SectionText
from dpo_app.core.notices.notice_check import FindingLevel
from dpo_app.core.notices.notice_text import reads
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.notices.approve_sheet import ApproveSheet
from dpo_app.gui.pages.notices.history import History
from dpo_app.gui.pages.notices.preview_card import PreviewCard
from dpo_app.gui.pages.notices.section_card import SectionCard
from dpo_app.gui.pages.page import Page
from dpo_app.gui.widgets.parts import Card, Chip, EmptyState, button, clear, label, row, scrolling
from dpo_app.gui.words import counted, full_moment
from dpo_app.i18n import _
from dpo_app.messages import explain_detail, word
from dpo_app.services.notices.write_notice import Checked, check_draft, draft_notice, edit_notice
from dpo_app.services.progress import Topic

LANGUAGE_NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
TYPING_MS = 150
SAVE_MS = 900


class NoticesPage(Page):
    """The newest notice of a breach in its editor."""

    key = "notices"
    topics = frozenset({Topic.NOTICES, Topic.PLAN, Topic.FACTS, Topic.SETTINGS})

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.notice_id: NoticeId | None = None
        self.notice: Notice | None = None
        self.texts: list[SectionText] = []
        self.language = "fi"
        self._wanted: NoticeId | None = None
        self._history = History()
        self.empty = EmptyState(
            "file-text", _("Nothing written yet"),
            _("A ready wording that fits the facts is filled in, in Finnish, Swedish and English. You read it, change it "
              "and approve it; nothing goes out before."), _("Draft from the facts"), "template",
        )  # fmt: skip
        self.empty.pressed.connect(self._draft)
        self.editor = QWidget()
        self.box.addWidget(self.empty, 1)
        self.box.addWidget(self.editor, 1)
        column = QVBoxLayout(self.editor)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(12))
        column.addLayout(self._head())
        line = QHBoxLayout()
        line.setSpacing(theme.px(12))
        line.addWidget(self._outline())
        line.addLayout(self._middle(), 1)
        self.preview = PreviewCard(office)
        line.addWidget(self.preview)
        column.addLayout(line, 1)
        self._typing, self._saving = QTimer(self), QTimer(self)
        for timer, wait, act in ((self._typing, TYPING_MS, self._look_again), (self._saving, SAVE_MS, self.save)):
            timer.setSingleShot(True)
            timer.setInterval(wait)
            timer.timeout.connect(act)

    def _head(self) -> QHBoxLayout:
        self.title, self.sub = label("", "heading"), label("", "second")
        self.state_place = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(0)
        line = row(self.title)
        line.addLayout(self.state_place)
        line.addStretch(1)
        words.addLayout(line)
        words.addWidget(self.sub)
        head = QHBoxLayout()
        head.addLayout(words, 1)
        self.languages = QButtonGroup(self)
        for code, name in LANGUAGE_NAMES.items():
            each = button(name, "filter", name=f"language_{code}")
            each.setCheckable(True)
            each.clicked.connect(lambda _=False, c=code: self._language(c))
            self.languages.addButton(each)
            head.addWidget(each)
        self.versions = QComboBox()
        self.versions.setObjectName("notice_picker")
        self.versions.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.versions.setAccessibleName(_("Version shown"))
        self.versions.activated.connect(lambda place: self._pick(self.versions.itemData(place)))
        head.addWidget(self.versions)
        self.approve = button(_("Approve…"), "primary", "signature", "approve")
        self.approve.clicked.connect(self._approve)
        self.follow = button(_("New version from this one"), "", "plus", "new_version")
        self.follow.clicked.connect(self._new_version)
        head.addWidget(self.follow)
        head.addWidget(self.approve)
        return head

    def _outline(self) -> Card:
        card = Card(_("Sections"))
        card.setFixedWidth(theme.px(192))
        self._outline_box = QVBoxLayout()
        self._outline_box.setSpacing(theme.px(2))
        card.body.addLayout(self._outline_box)
        card.body.addStretch(1)
        self.undo = button("", "quiet", "arrow-back-up", "undo", _("Undo"))
        self.redo = button("", "quiet", "arrow-forward-up", "redo", _("Redo"))
        for each, keys, step in (
            (self.undo, QKeySequence.StandardKey.Undo, self._undo),
            (self.redo, QKeySequence.StandardKey.Redo, self._redo),
        ):
            each.clicked.connect(step)
            each.setToolTip(QKeySequence(keys).toString())
            # A text that has the focus takes the key first, for what was typed in it.
            shortcut = QShortcut(keys, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(step)
        card.body.addLayout(row(self.undo, self.redo, None, space=4))
        return card

    def _middle(self) -> QVBoxLayout:
        inner = QWidget()
        self._sections = QVBoxLayout(inner)
        self._sections.setContentsMargins(0, 0, theme.px(4), 0)
        self._sections.setSpacing(theme.px(8))
        self.section_area = scrolling(inner)
        self.checks = Card()
        self.check_line = label("", "strong", wrap=True, name="check_line")
        self.check_list = label("", "second", wrap=True, name="check_list")
        self.check_list.hide()
        more = button(_("All checks"), "link", "clipboard-list", "all_checks")
        more.clicked.connect(lambda: self.check_list.setVisible(not self.check_list.isVisible()))
        top = QHBoxLayout()
        top.addWidget(self.check_line, 1)
        top.addWidget(more)
        self.checks.body.addLayout(top)
        self.checks.body.addWidget(self.check_list)
        column = QVBoxLayout()
        column.setSpacing(theme.px(12))
        column.addWidget(self.section_area, 1)
        column.addWidget(self.checks)
        return column

    def reload(self) -> None:
        """Read the newest notice."""
        breach_id = self.breach_id
        assert breach_id is not None
        if self._saving.isActive():
            return

        def read(queries: Any) -> Any:
            notices = queries.notices(breach_id)
            saved = queries.newest_revision(breach_id)
            organisation = queries.setting("organisation") or {}
            counts = queries.reader_counts(saved.id, organisation.get("language", "fi"))
            return notices, saved, counts

        self.office.read(read, self._show)

    def _show(self, found: Any) -> None:
        notices, newest_revision, counts = found
        self.empty.setVisible(not notices)
        self.editor.setVisible(bool(notices))
        self._counts = counts
        if not notices:
            self.notice_id = self.notice = None
            return
        wanted = next((each for each in notices if each[0] == self._wanted), notices[-1])
        self._fill_versions(notices, wanted[0])
        if (wanted[0], wanted[1].state) != (self.notice_id, self.notice.state if self.notice else None):
            self.notice_id, self.notice = wanted
            self.texts = list(wanted[1].texts)
            self._history.forget()
            if self.language not in wanted[1].languages:
                self.language = wanted[1].languages[0]
            self._build()
        self._head_words(newest_revision)
        self._look_again()

    def _fill_versions(self, notices: list[tuple[NoticeId, Notice]], shown: NoticeId) -> None:
        self.versions.clear()
        for number_, notice in reversed(notices):
            text = _("Version {version} · {state}").format(version=notice.version, state=word(notice.state))
            self.versions.addItem(text, number_)
        self.versions.setCurrentIndex(max(0, self.versions.findData(shown)))
        self.versions.setVisible(len(notices) > 1)

    def _pick(self, notice_id: NoticeId | None) -> None:
        """Show another version; what is being typed is kept first."""
        if self._saving.isActive():
            self.save()
        self._wanted = notice_id
        self.reload()

    def show_target(self, target: object) -> None:
        """Links here name the notice whose text is to be read."""
        if isinstance(target, dict) and "notice" in target:
            self._pick(NoticeId(target["notice"]))

    def _head_words(self, saved: Any) -> None:
        notice = self.notice
        assert notice is not None
        self.title.setText(_("{phase} to persons").format(phase=word(notice.phase)))
        draft = notice.state is NoticeState.DRAFT
        clear(self.state_place)
        self.state_place.addWidget(
            Chip(word(notice.state), "info" if draft else "ok", "pencil" if draft else "circle-check")
        )
        if draft:
            text = _("Version {version} · from the facts as known on {when}").format(
                version=notice.version, when=full_moment(saved.facts.known_as_of)
            )
        else:
            text = _("Version {version} · approved {when} by {who} · {sha}").format(
                version=notice.version, when=full_moment(notice.approved_at or saved.recorded_at),
                who=notice.approved_by, sha=notice.sha256[:16],
            )  # fmt: skip
        self.sub.setText(text)
        self.approve.setVisible(draft)
        self.approve.setEnabled(not self.office.desk.read_only)
        self.follow.setVisible(not draft)

    def _build(self) -> None:
        """Make a card for each text in the language shown."""
        assert self.notice is not None
        for each in self.languages.buttons():
            each.setChecked(each.objectName() == f"language_{self.language}")
        clear(self._sections)
        clear(self._outline_box)
        draft = self.notice.state is NoticeState.DRAFT and not self.office.desk.read_only
        self._look_at_history()
        order = list(SectionKey)
        own = [(place, text) for place, text in enumerate(self.texts) if text.language == self.language]
        first: dict[SectionKey, SectionCard] = {}
        for place, text in sorted(own, key=lambda item: (order.index(item[1].section), item[0])):
            card = SectionCard(place, text, self._persons(text.audience), draft)
            card.edited.connect(self._edited)
            card.audience_changed.connect(self._audience)
            card.removed.connect(self._removed)
            card.variant_wanted.connect(self._add_variant)
            card.claim_settled.connect(self._claim_settled)
            card.text.undo_wanted.connect(self._undo)
            self._sections.addWidget(card)
            first.setdefault(text.section, card)
        self._sections.addStretch(1)
        for key in SectionKey:
            variants = sum(text.section is key for _p, text in own)
            name = word(key) + (f"   {variants}" if variants > 1 else "")
            each = button(name, "row", "circle-check" if variants else "alert-triangle", f"outline_{key.value}")
            each.setIcon(
                theme.icon(
                    "circle-check" if variants else "alert-triangle", "ok" if variants else "warn", 18, bool(variants)
                )
            )
            each.setFixedWidth(theme.px(164))
            if key in first:
                each.clicked.connect(lambda _=False, c=first[key]: self.section_area.ensureWidgetVisible(c, 0, 0))
            elif draft:
                each.clicked.connect(lambda _=False, k=key: self._add_text(k))
            self._outline_box.addWidget(each)

    def _persons(self, audience: Audience) -> int:
        return sum(
            count
            for reader, count in self._counts
            if reader.language == self.language and reads(audience, reader, audience.categories)
        )

    def _language(self, code: str) -> None:
        self.language = code
        self._build()
        self._look_again()

    def _edited(self, place: int, text: str) -> None:
        if text == self.texts[place].text:
            # Tinting a placeholder counts as a change of the document, not of the text.
            return
        if not self._saving.isActive():
            # A pause ends a step: what was typed in one go is undone in one go.
            self._history.keep(self.texts)
            self._look_at_history()
        self.texts[place] = replace(self.texts[place], text=text, wording="")
        self._typing.start()
        self._saving.start()

    def _change(self, texts: list[SectionText]) -> None:
        """Put other texts in place as one step that can be undone."""
        self._history.keep(self.texts)
        self._put_texts(texts)

    def _put_texts(self, texts: list[SectionText]) -> None:
        self.texts = texts
        self._saving.start()
        self._build()
        self._typing.start()

    def _undo(self) -> None:
        texts = self._history.back(self.texts)
        if texts is not None:
            self._put_texts(texts)

    def _redo(self) -> None:
        texts = self._history.forth(self.texts)
        if texts is not None:
            self._put_texts(texts)

    def _look_at_history(self) -> None:
        draft = self.notice is not None and self.notice.state is NoticeState.DRAFT
        for each, ready in ((self.undo, self._history.can_undo), (self.redo, self._history.can_redo)):
            each.setVisible(draft)
            each.setEnabled(ready)

    def _audience(self, place: int, audience: Audience) -> None:
        changed = replace(self.texts[place], audience=audience)
        self._change([*self.texts[:place], changed, *self.texts[place + 1 :]])

    def _removed(self, place: int) -> None:
        self._change([*self.texts[:place], *self.texts[place + 1 :]])
        self.office.toast.emit(_("Text removed. Ctrl+Z brings it back."))
        self.undo.setFocus()

    def _claim_settled(self, place: int, number_: int, stands: bool) -> None:
        own = settle([self.texts[place]], [number_] if stands else [], [] if stands else [number_])
        self._change([*self.texts[:place], *own, *self.texts[place + 1 :]])

    def _add_variant(self, place: int) -> None:
        copy = replace(self.texts[place], wording="", audience=replace(self.texts[place].audience,
                       exposures=frozenset({ExposureState.POSSIBLE})))  # fmt: skip
        self._change([*self.texts[: place + 1], copy, *self.texts[place + 1 :]])

    def _add_text(self, key: SectionKey) -> None:
        self._change([*self.texts, SectionText(key, self.language, "")])

    def save(self) -> None:
        """Keep the draft as it stands."""
        self._saving.stop()
        notice_id, desk, texts = self.notice_id, self.office.desk, tuple(self.texts)
        if notice_id is None or self.notice is None or self.notice.state is not NoticeState.DRAFT or desk.read_only:
            return
        if texts == self.notice.texts:
            return
        self.notice = replace(self.notice, texts=texts)
        self.office.do(lambda _p: edit_notice(desk, notice_id, texts) and None)

    def _look_again(self) -> None:
        """Check and preview what is on the screen now; only the newest request counts."""
        notice_id, desk, texts = self.notice_id, self.office.desk, tuple(self.texts)
        if notice_id is None or self.notice is None:
            return
        fixed = None if self.notice.state is not NoticeState.DRAFT else texts
        check = self.office.runner.run(lambda _p: check_draft(desk, notice_id, fixed))
        check.done.connect(self._show_checks)
        self.preview.show_notice(BreachId(self.notice.breach_id), notice_id, fixed, self.language)

    def _show_checks(self, checked: Checked) -> None:
        held, points = checked.article_34_2
        stops = checked.missing
        text = _("Art. 34(2): {held} of {points}").format(held=held, points=points)
        if stops:
            first = stops[0]
            where = " · ".join(filter(None, (word(first.check), LANGUAGE_NAMES.get(first.language, first.language),
                                             counted("{count} person", "{count} persons", first.persons) if first.persons else "")))  # fmt: skip
            text += f"   ⚠ {where}"
        else:
            text += "   ✓ " + _("Nothing is missing")
        self.check_line.setText(text)
        self.approve.setEnabled(not stops and not self.office.desk.read_only)
        self.approve.setToolTip(_("Something is missing; see the checks") if stops else "")
        signs = {FindingLevel.STOP: "⚠", FindingLevel.WARN: "△", FindingLevel.HINT: "·"}
        lines = []
        for each in checked.findings[:30]:
            section = word(each.section) if each.section else ""
            who = word(each.exposure) if each.exposure else ""
            persons = counted("{count} person", "{count} persons", each.persons) if each.persons else ""
            parts = (
                word(each.check),
                section,
                LANGUAGE_NAMES.get(each.language, each.language),
                who,
                persons,
                explain_detail(each.detail),
            )
            lines.append(f"{signs[each.level]} " + " · ".join(filter(None, parts)))
        self.check_list.setText("\n".join(lines) or _("All points hold."))

    def _draft(self) -> None:
        self._draft_as(NoticePhase.INITIAL)

    def _draft_as(self, phase: NoticePhase) -> None:
        desk, breach_id = self.office.desk, self.breach_id
        assert breach_id is not None
        self.office.do(lambda _p: draft_notice(desk, breach_id, phase=phase), None, _("Drafting the notice"))

    def _new_version(self) -> None:
        self._wanted = None
        self._draft_as(NoticePhase.FOLLOW_UP)

    def _approve(self) -> None:
        assert self.notice_id is not None and self.notice is not None
        self.save()
        sheet = ApproveSheet(self.window(), self.office, self.notice_id, self.notice, self._counts)
        sheet.open()
