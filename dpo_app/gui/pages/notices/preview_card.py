"""The message as one real person will read it: a letter as a picture, an e-mail as text. Nothing is kept or sent."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QImage, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QButtonGroup, QCompleter, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from dpo_app.core.errors import DpoError
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import BreachId, NoticeId, grouped
from dpo_app.core.notices.notice import SectionText
from dpo_app.core.persons.channel import Channel
from dpo_app.gui import theme
from dpo_app.gui.jobs import Job
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.parts import Card, button, clear, label, row, scrolling
from dpo_app.gui.words import counted
from dpo_app.i18n import _
from dpo_app.messages import explain
from dpo_app.services.lines import PersonFilter, PersonLine
from dpo_app.services.notices.preview_message import Preview, preview

PREVIEW_DPI = 84
SEARCH_MS = 150
MOST_FOUND = 12


class PreviewCard(Card):
    """Shows what `show_notice` was last told. A person is found by typing; *Next variant* goes through the readers."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.setFixedWidth(theme.px(404))
        self.channel = Channel.LETTER
        self._breach_id: BreachId | None = None
        self._notice_id: NoticeId | None = None
        self._texts: tuple[SectionText, ...] | None = None
        self._language = "fi"
        self._seen: list[int] = []
        self._job: Job | None = None
        self._switch()
        self._finder()
        holder = QWidget()
        self._paper = QVBoxLayout(holder)
        self._paper.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(scrolling(holder), 1)
        self.foot = label("", "caption", wrap=True, name="preview_foot")
        self.body.addWidget(self.foot)

    def _switch(self) -> None:
        group = QButtonGroup(self)
        line = row(label(_("Preview"), "heading"), None, space=4)
        for channel, text in ((Channel.LETTER, _("Letter")), (Channel.EMAIL, _("E-mail"))):
            each = button(text, "filter", name=f"preview_{channel.value}")
            each.setCheckable(True)
            each.setChecked(channel is Channel.LETTER)
            each.clicked.connect(lambda _=False, c=channel: self._as(c))
            group.addButton(each)
            line.addWidget(each)
        self.body.addLayout(line)

    def _finder(self) -> None:
        self.person = QLineEdit()
        self.person.setObjectName("preview_person")
        self.person.setAccessibleName(_("Find a person to read as"))
        self.person.setPlaceholderText(_("Find a person to read as"))
        self.person.setClearButtonEnabled(True)
        self._search = QTimer(self)
        self._search.setSingleShot(True)
        self._search.setInterval(SEARCH_MS)
        self._search.timeout.connect(self._find)
        self._found = QStandardItemModel(self)
        names = QCompleter(self._found, self)
        names.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        # By row, not by text: two persons may have the same name.
        chosen: Any = names.activated
        chosen[QModelIndex].connect(lambda index: self.read_as(index.data(Qt.ItemDataRole.UserRole)))
        self.person.setCompleter(names)
        self.person.textEdited.connect(lambda _text: self._search.start())
        self.person.returnPressed.connect(self._first_found)
        self.body.addWidget(self.person)
        self.reader = label("", "strong", name="preview_reader")
        self.variant = button(_("Next variant"), "", name="next_variant")
        self.variant.clicked.connect(self._next)
        self.body.addLayout(row(self.reader, None, self.variant))

    def show_notice(
        self, breach_id: BreachId, notice_id: NoticeId, texts: tuple[SectionText, ...] | None, language: str
    ) -> None:
        """Show a notice, or other texts in its place, in a language; the reader stays unless notice or language changed."""
        if (notice_id, language) != (self._notice_id, self._language):
            self._seen = []
        self._breach_id, self._notice_id, self._texts, self._language = breach_id, notice_id, texts, language
        self._render()

    def read_as(self, person_id: int) -> None:
        """Show the message of one person, whatever their language."""
        self._seen = [person_id]
        self._render()

    def _find(self) -> None:
        text, breach_id = self.person.text().strip(), self._breach_id
        if not text or breach_id is None:
            return

        def read(queries: Any) -> tuple[str, list[PersonLine]]:
            revision = queries.newest_revision(breach_id)
            return text, queries.person_lines(revision.id, queries.find_persons(breach_id, text, MOST_FOUND))

        self.office.read(read, lambda found: self._offer(*found))

    def _offer(self, text: str, lines: list[PersonLine]) -> None:
        if text != self.person.text().strip():
            return
        self._found.clear()
        for line in lines:
            name = ", ".join(filter(None, (line.family_name, line.given_names)))
            item = QStandardItem(f"{name}   {grouped(line.code)}")
            item.setData(line.id, Qt.ItemDataRole.UserRole)
            self._found.appendRow(item)
        if lines and self.person.hasFocus():
            self.person.completer().complete()

    def _first_found(self) -> None:
        """Enter takes the first who was found."""
        item = self._found.item(0)
        if item is not None:
            self.read_as(item.data(Qt.ItemDataRole.UserRole))

    def _as(self, channel: Channel) -> None:
        self.channel = channel
        self._render()

    def _next(self) -> None:
        """Go to a person who reads another combination of texts."""
        notice_id, desk, language, seen = self._notice_id, self.office.desk, self._language, list(self._seen)
        if notice_id is None:
            return

        def work(_progress: Any) -> int | None:
            with desk.read() as queries:
                return next_reader(queries, notice_id, language, seen)

        def then(person: int | None) -> None:
            self._seen = [] if person is None else [*seen, person]
            self._render()

        self.office.runner.run(work).done.connect(then)

    def _render(self) -> None:
        notice_id, desk, channel, texts = self._notice_id, self.office.desk, self.channel, self._texts
        if notice_id is None:
            return
        person, language = self._seen[-1] if self._seen else None, self._language

        def work(_progress: Any) -> tuple[Preview, list[tuple[int, int, bytes]], str]:
            chosen = person
            if chosen is None:
                with desk.read() as queries:
                    chosen = next_reader(queries, notice_id, language, [])
            seen = preview(desk, notice_id, chosen, texts=texts, channel=channel)
            if channel is Channel.EMAIL:
                return seen, [], seen.text
            return seen, list(desk.letters.images(seen.letter(), PREVIEW_DPI)), ""

        job = self.office.runner.run(work)
        self._job = job
        job.done.connect(lambda result: self._put(job, *result))
        job.failed.connect(lambda error: self._failed(job, error))

    def _put(self, job: Job, seen: Preview, pages: list[tuple[int, int, bytes]], text: str) -> None:
        if job is not self._job:
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
        alike = counted("Reads like {count} other", "Reads like {count} others", max(0, seen.alike - 1))
        variant = _("variant {variant} of {variants}").format(variant=seen.variant, variants=seen.variants)
        page = counted("{count} page", "{count} pages", len(pages)) if len(pages) > 1 else ""
        self.foot.setText(" · ".join(filter(None, (alike, variant, page))))

    def _failed(self, job: Job, error: BaseException) -> None:
        if job is not self._job:
            return
        clear(self._paper)
        self.reader.setText("")
        self.foot.setText("")
        text = (
            str(explain(error))
            if isinstance(error, DpoError)
            else _("The preview cannot be made yet: look at the checks.")
        )
        self._paper.addWidget(label(text, "second", wrap=True, name="preview_error"))
        self._paper.addStretch(1)


def next_reader(queries: Any, notice_id: NoticeId, language: str, seen: list[int]) -> int | None:
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
