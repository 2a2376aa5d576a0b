"""Notices: sections with audiences, checked against Art. 34(2), read as a real person will read them, frozen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from dpo_app.core.channel import Channel
from dpo_app.core.errors import DpoError
from dpo_app.core.exposure import ExposureState
from dpo_app.core.ids import NoticeId
from dpo_app.core.notice import Audience, Notice, NoticePhase, NoticeState, SectionKey, SectionText
from dpo_app.core.notice_check import FindingLevel
from dpo_app.core.notice_text import reads
from dpo_app.gui import theme
from dpo_app.gui.jobs import Job
from dpo_app.gui.office import Office
from dpo_app.gui.pages.approve_sheet import ApproveSheet
from dpo_app.gui.pages.page import Page
from dpo_app.gui.pages.section_card import SectionCard
from dpo_app.gui.widgets.parts import Card, Chip, EmptyState, button, clear, label, row, scrolling
from dpo_app.gui.words import full_moment, number
from dpo_app.i18n import _
from dpo_app.messages import explain, word
from dpo_app.services.lines import PersonFilter
from dpo_app.services.preview_message import Preview, preview
from dpo_app.services.progress import Topic
from dpo_app.services.write_notice import Checked, check_draft, draft_notice, edit_notice

LANGUAGE_NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
TYPING_MS = 150
SAVE_MS = 900
PREVIEW_DPI = 84


class NoticesPage(Page):
    """The newest notice of a breach in its editor."""

    key = "notices"
    topics = frozenset({Topic.NOTICES, Topic.PLAN, Topic.FACTS})

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.notice_id: NoticeId | None = None
        self.notice: Notice | None = None
        self.texts: list[SectionText] = []
        self.language = "fi"
        self.channel = Channel.LETTER
        self._variant_persons: list[int] = []
        self._preview_job: Job | None = None
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
        line.addWidget(self._preview_card())
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

    def _preview_card(self) -> Card:
        card = Card()
        card.setFixedWidth(theme.px(404))
        group = QButtonGroup(self)
        line = row(label(_("Preview"), "heading"), None, space=4)
        for channel, text in ((Channel.LETTER, _("Letter")), (Channel.EMAIL, _("E-mail"))):
            each = button(text, "filter", name=f"preview_{channel.value}")
            each.setCheckable(True)
            each.setChecked(channel is Channel.LETTER)
            each.clicked.connect(lambda _=False, c=channel: self._preview_as(c))
            group.addButton(each)
            line.addWidget(each)
        self._preview_group = group
        card.body.addLayout(line)
        self.reader = label("", "strong")
        self.variant = button(_("Next variant"), "", name="next_variant")
        self.variant.clicked.connect(self._next_variant)
        card.body.addLayout(row(self.reader, None, self.variant))
        holder = QWidget()
        self._paper = QVBoxLayout(holder)
        self._paper.setContentsMargins(0, 0, 0, 0)
        card.body.addWidget(scrolling(holder), 1)
        self.preview_foot = label("", "caption", wrap=True, name="preview_foot")
        card.body.addWidget(self.preview_foot)
        return card

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
            return (notices[-1] if notices else None), saved, counts

        self.office.read(read, self._show)

    def _show(self, found: Any) -> None:
        newest, saved, counts = found
        self.empty.setVisible(newest is None)
        self.editor.setVisible(newest is not None)
        self._counts = counts
        if newest is None:
            return
        if (newest[0], newest[1].state) != (self.notice_id, self.notice.state if self.notice else None):
            self.notice_id, self.notice = newest
            self.texts = list(newest[1].texts)
            self.language = newest[1].languages[0]
            self._build()
        self._head_words(saved)
        self._look_again()

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
        draft = self.notice.state is NoticeState.DRAFT
        order = list(SectionKey)
        own = [(place, text) for place, text in enumerate(self.texts) if text.language == self.language]
        first: dict[SectionKey, SectionCard] = {}
        for place, text in sorted(own, key=lambda item: (order.index(item[1].section), item[0])):
            card = SectionCard(place, text, self._persons(text.audience), draft)
            card.edited.connect(self._edited)
            card.audience_changed.connect(self._audience)
            card.removed.connect(self._removed)
            card.variant_wanted.connect(self._add_variant)
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
        self._variant_persons = []
        self._look_again()

    def _edited(self, place: int, text: str) -> None:
        self.texts[place] = replace(self.texts[place], text=text, wording="")
        self._typing.start()
        self._saving.start()

    def _audience(self, place: int, exposures: frozenset[ExposureState]) -> None:
        audience = replace(self.texts[place].audience, exposures=frozenset(exposures))
        self.texts[place] = replace(self.texts[place], audience=audience)
        self._saving.start()
        self._build()
        self._typing.start()

    def _removed(self, place: int) -> None:
        del self.texts[place]
        self._saving.start()
        self._build()
        self._typing.start()

    def _add_variant(self, place: int) -> None:
        copy = replace(self.texts[place], wording="", audience=replace(self.texts[place].audience,
                       exposures=frozenset({ExposureState.POSSIBLE})))  # fmt: skip
        self.texts.insert(place + 1, copy)
        self._saving.start()
        self._build()

    def _add_text(self, key: SectionKey) -> None:
        self.texts.append(SectionText(key, self.language, ""))
        self._saving.start()
        self._build()

    def save(self) -> None:
        """Keep the draft as it stands."""
        self._saving.stop()
        notice_id, desk, texts = self.notice_id, self.office.desk, tuple(self.texts)
        if notice_id is None or self.notice is None or self.notice.state is not NoticeState.DRAFT or desk.read_only:
            return
        self.office.do(lambda _p: edit_notice(desk, notice_id, texts) and None)

    def _look_again(self) -> None:
        """Check and preview what is on the screen now; only the newest request counts."""
        notice_id, desk, texts = self.notice_id, self.office.desk, tuple(self.texts)
        if notice_id is None or self.notice is None:
            return
        fixed = None if self.notice.state is not NoticeState.DRAFT else texts
        check = self.office.runner.run(lambda _p: check_draft(desk, notice_id, fixed))
        check.done.connect(self._show_checks)
        self._show_preview()

    def _show_checks(self, checked: Checked) -> None:
        held, points = checked.article_34_2
        stops = checked.missing
        text = _("Art. 34(2): {held} of {points}").format(held=held, points=points)
        if stops:
            first = stops[0]
            where = " · ".join(filter(None, (word(first.check), LANGUAGE_NAMES.get(first.language, first.language),
                                             _("{count} persons").format(count=number(first.persons)) if first.persons else "")))  # fmt: skip
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
            persons = _("{count} persons").format(count=number(each.persons)) if each.persons else ""
            parts = (
                word(each.check),
                section,
                LANGUAGE_NAMES.get(each.language, each.language),
                who,
                persons,
                each.detail,
            )
            lines.append(f"{signs[each.level]} " + " · ".join(filter(None, parts)))
        self.check_list.setText("\n".join(lines) or _("All points hold."))

    def _show_preview(self) -> None:
        notice_id, desk, channel = self.notice_id, self.office.desk, self.channel
        assert notice_id is not None and self.notice is not None
        texts = tuple(self.texts) if self.notice.state is NoticeState.DRAFT else None
        person, language = self._variant_persons[-1] if self._variant_persons else None, self.language

        def work(_progress: Any) -> tuple[Preview, list[tuple[int, int, bytes]], str]:
            chosen = person
            if chosen is None:
                with desk.read() as queries:
                    chosen = first_reader(queries, desk, notice_id, language)
            seen = preview(desk, notice_id, chosen, texts=texts, channel=channel)
            if channel is Channel.EMAIL:
                return seen, [], seen.text
            return seen, list(desk.letters.images(seen.letter(), PREVIEW_DPI)), ""

        job = self.office.runner.run(work)
        self._preview_job = job
        job.done.connect(lambda result: self._put_preview(job, *result))
        job.failed.connect(lambda error: self._preview_failed(job, error))

    def _put_preview(self, job: Job, seen: Preview, pages: list[tuple[int, int, bytes]], text: str) -> None:
        if job is not self._preview_job:
            return
        clear(self._paper)
        self.reader.setText(_("as read by {name}").format(name=seen.name))
        for width, height, data in pages:
            image = QImage(data, width, height, width * 4, QImage.Format.Format_RGBA8888).copy()
            paper = QLabel()
            paper.setObjectName("preview_page")
            paper.setPixmap(
                QPixmap.fromImage(image).scaledToWidth(theme.px(364), Qt.TransformationMode.SmoothTransformation)
            )
            paper.setAccessibleName(_("Letter to {name}").format(name=seen.name))
            paper.setAccessibleDescription(seen.text)
            self._paper.addWidget(paper)
        if text:
            mail = QPlainTextEdit(text)
            mail.setReadOnly(True)
            mail.setObjectName("preview_mail")
            mail.setTabChangesFocus(True)
            mail.setMinimumHeight(theme.px(480))
            self._paper.addWidget(mail)
        self._paper.addStretch(1)
        alike = _("Reads like {count} others").format(count=number(max(0, seen.alike - 1)))
        variant = _("variant {variant} of {variants}").format(variant=seen.variant, variants=seen.variants)
        page = _("{count} pages").format(count=len(pages)) if len(pages) > 1 else ""
        self.preview_foot.setText(" · ".join(filter(None, (alike, variant, page))))

    def _preview_failed(self, job: Job, error: BaseException) -> None:
        if job is self._preview_job:
            clear(self._paper)
            text = (
                str(explain(error))
                if isinstance(error, DpoError)
                else _("The preview cannot be made yet: look at the checks.")
            )
            self._paper.addWidget(label(text, "second", wrap=True))
            self._paper.addStretch(1)

    def _preview_as(self, channel: Channel) -> None:
        self.channel = channel
        self._variant_persons = []
        self._look_again()

    def _next_variant(self) -> None:
        """Go to a person who reads another combination of texts."""
        notice_id, desk, language = self.notice_id, self.office.desk, self.language
        seen = list(self._variant_persons)
        assert notice_id is not None

        def work(_progress: Any) -> int | None:
            with desk.read() as queries:
                return next_reader(queries, desk, notice_id, language, seen)

        def then(person: int | None) -> None:
            self._variant_persons = [] if person is None else [*seen, person]
            self._show_preview()

        self.office.runner.run(work).done.connect(then)

    def _draft(self) -> None:
        self._draft_as(NoticePhase.INITIAL)

    def _draft_as(self, phase: NoticePhase) -> None:
        desk, breach_id = self.office.desk, self.breach_id
        assert breach_id is not None
        self.office.do(lambda _p: draft_notice(desk, breach_id, phase=phase), None, _("Drafting the notice"))

    def _new_version(self) -> None:
        self._draft_as(NoticePhase.FOLLOW_UP)

    def _approve(self) -> None:
        assert self.notice_id is not None and self.notice is not None
        self.save()
        sheet = ApproveSheet(self.window(), self.office, self.notice_id, self.notice, self._counts)
        sheet.open()


def first_reader(queries: Any, desk: Any, notice_id: NoticeId, language: str) -> int | None:
    """Return the first person by name who reads a language."""
    return next_reader(queries, desk, notice_id, language, [])


def next_reader(queries: Any, desk: Any, notice_id: NoticeId, language: str, seen: list[int]) -> int | None:
    """Return a person who reads this language and is otherwise exposed than those seen; None when all were."""
    notice = queries.notice(notice_id)
    saved = queries.newest_revision(notice.breach_id)
    known = {line.exposure for line in queries.person_lines(saved.id, seen)}
    default = (queries.setting("organisation") or {}).get("language", "fi")
    for state in ExposureState:
        if state is ExposureState.NOT_EXPOSED or state.value in known:
            continue
        for wanted in (language, "") if language == default else (language,):
            ids = queries.person_ids(
                notice.breach_id, saved.id, PersonFilter(exposures=frozenset({state}), language=wanted)
            )
            if ids:
                return int(ids[0])
    return None
