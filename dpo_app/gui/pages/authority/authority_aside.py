"""Beside a notice to an authority: the notices so far, who is owed and why, and the log of what passed between."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dpo_app.core.authority.authority_log import AuthorityEvent, ContactKind
from dpo_app.core.authority.lead_authority import Owed
from dpo_app.core.notices.notice import NoticeState
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.authority.authority_words import phase_word
from dpo_app.gui.widgets.parts import Card, Chip, button, clear, label, row, rule, scrolling, sign
from dpo_app.gui.words import moment, number
from dpo_app.i18n import _, ngettext
from dpo_app.messages import word
from dpo_app.services.authority.authority_view import AuthorityView, NoticeLine

LATEST = 8
_SIGNS = {
    ContactKind.SUBMITTED: "send", ContactKind.ATTEMPTED: "alert-triangle", ContactKind.RECEIVED: "mail",
    ContactKind.SENT: "send", ContactKind.CALL: "message-2", ContactKind.ORDER: "scale",
}  # fmt: skip


class AuthorityAside(Card):
    """Three short lists. Signals: a notice by its number, an authority to draft to (and whether as follow-up), the log,
    a kept file."""

    notice_chosen = Signal(int)
    draft_wanted = Signal(str, bool)
    another_wanted = Signal()
    correction_wanted = Signal(int)
    log_wanted = Signal()
    file_wanted = Signal(int, str)

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        inner = QWidget()
        self._box = QVBoxLayout(inner)
        self._box.setContentsMargins(0, 0, theme.px(4), 0)
        self._box.setSpacing(theme.px(8))
        self.body.addWidget(scrolling(inner), 1)
        self.add = button(_("Receipt, letter, call…"), "link", "plus", "log_add", _("Record what passed between"))
        self.add.setEnabled(not office.desk.read_only)
        self.add.clicked.connect(self.log_wanted)
        self.another = button(_("Another notice…"), "link", "pencil", "another_notice",
                              _("Follow-up, final notice or withdrawal, to any authority"))  # fmt: skip
        self.another.setEnabled(not office.desk.read_only)
        self.another.clicked.connect(self.another_wanted)
        self.body.addWidget(self.another)
        self.body.addWidget(self.add)

    def show_view(self, view: AuthorityView) -> None:
        """Show the lists."""
        clear(self._box)
        self._box.addWidget(label(_("Notices so far"), "heading"))
        shown = view.case.notice_id if view.case else 0
        for line in view.lines:
            self._notice(line, line.id == shown)
        self._box.addWidget(rule())
        self._box.addWidget(label(_("Authorities"), "heading"))
        for place, each in enumerate(view.owed):
            self._authority(place, each, view)
        if view.events:
            self._box.addWidget(rule())
            self._box.addWidget(label(_("What passed between"), "heading"))
            for event in reversed(view.events[-LATEST:]):
                self._event(event)
        self._box.addStretch(1)

    def _notice(self, line: NoticeLine, shown: bool) -> None:
        notice = line.notice
        phase = phase_word(notice)
        icon, tone, filled = "pencil", "info", False
        if line.told is not None:
            icon, tone, filled = "circle-check", "ok", True
            text = _("handed in {when}").format(when=moment(line.told.at))
            if line.told.reference:
                text = f"{text} · {line.told.reference}"
        else:
            text = word(notice.state)
            if notice.state is NoticeState.APPROVED:
                icon, tone = "signature", "warn"
                text = _("approved, not handed in")
        words = QVBoxLayout()
        words.setSpacing(0)
        name = button(f"N{line.id}  {notice.authority}  {phase}", "link", name=f"notice_{line.id}")
        font = name.font()
        font.setBold(shown)
        name.setFont(font)
        name.setAccessibleName(f"N{line.id}, {notice.authority}, {phase}, {text}")
        name.clicked.connect(lambda: self.notice_chosen.emit(int(line.id)))
        words.addWidget(name)
        words.addWidget(label(text, "caption", wrap=True))
        self._box.addLayout(_beside(icon, tone, words, filled))

    def _authority(self, place: int, owed: Owed, view: AuthorityView) -> None:
        authority = self.office.desk.forms.directory().find(owed.authority)
        words = QVBoxLayout()
        words.setSpacing(theme.px(2))
        words.addWidget(label(authority.name, "medium", wrap=True, name=f"owed_{place}"))
        certain = "warn" if owed.owed and view.told_to(owed.authority) is None else "info"
        chip = Chip(word(owed.role), certain if owed.owed is not False else "excused")
        words.addLayout(row(chip, None))
        if owed.persons:
            count = ngettext("{count} person lives there", "{count} persons live there", owed.persons)
            words.addWidget(label(count.format(count=number(owed.persons)), "caption", wrap=True))
        for reason in owed.reasons:
            words.addWidget(label(word(reason), "caption", wrap=True))
        if authority.site:
            seen = "" if authority.verified else " " + _("(unverified)")
            words.addWidget(label(f"{authority.site}{seen}", "caption", wrap=True))
        if not any(line.notice.authority == owed.authority for line in view.lines):
            write = button(_("Write to it"), "link", "pencil", f"write_to_{owed.authority}")
            write.setAccessibleName(_("Write to {authority}").format(authority=authority.name))
            write.setEnabled(not self.office.desk.read_only)
            write.clicked.connect(lambda: self.draft_wanted.emit(owed.authority, False))
            words.addWidget(write)
        self._box.addLayout(_beside("building-bank", "text_2", words))

    def _event(self, event: AuthorityEvent) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(f"{event.authority}: {word(event.kind)}", "medium", wrap=True))
        more = " · ".join(filter(None, (moment(event.at), word(event.channel), event.reference, event.note)))
        words.addWidget(label(more, "caption", wrap=True))
        for each in event.files:
            keep = button(each.name[:28], "link", "file-text", f"file_{each.id}", each.name)
            keep.clicked.connect(lambda _=False, f=each: self.file_wanted.emit(f.id, f.name))
            words.addWidget(keep)
        correct = button(_("Correct…"), "link", "", f"correct_{event.id}")
        correct.setAccessibleName(_("Correct the entry: {what}").format(what=more))
        correct.setEnabled(not self.office.desk.read_only)
        correct.clicked.connect(lambda: self.correction_wanted.emit(event.id))
        words.addWidget(correct)
        self._box.addLayout(_beside(_SIGNS[event.kind], "text_2", words))


def _beside(icon: str, tone: str, words: QVBoxLayout, filled: bool = False) -> QVBoxLayout:
    line = row(space=8)
    line.addWidget(sign(icon, tone, 18, filled), 0, Qt.AlignmentFlag.AlignTop)
    line.addLayout(words, 1)
    holder = QVBoxLayout()
    holder.addLayout(line)
    return holder
