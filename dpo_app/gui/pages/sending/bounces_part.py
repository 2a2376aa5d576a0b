"""What came back after e-mails: read it, see by reason whom e-mail failed, move them on, decide what nobody could tie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QTableWidgetItem,
    QVBoxLayout,
)

from dpo_app.core.ids import BreachId
from dpo_app.core.mail.bounce import LADDER, BounceReason, MailKind, Proof
from dpo_app.core.mail.mail_account import MailAccount
from dpo_app.core.persons.channel import Channel
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.sending.bounced_sheet import BouncedSheet
from dpo_app.gui.pages.sending.mailbox_dialog import MailboxDialog
from dpo_app.gui.pages.sending.sending_part import SendingPart
from dpo_app.gui.widgets.parts import Card, button, label, row
from dpo_app.gui.widgets.plain_table import plain_table, put
from dpo_app.gui.words import number
from dpo_app.i18n import _, ngettext
from dpo_app.messages import word
from dpo_app.services.mail.decide_returned import (
    Verdict,
    decide_mail,
    dismiss_rest,
    failed_by_class,
    move_to_letter,
)
from dpo_app.services.mail.read_mailbox import mail_account, read_mailbox
from dpo_app.services.mail.read_returned import APPLIED, UNDECIDED, CameBack, read_returned
from dpo_app.services.ports.desk import Desk

_SHOWN = 500


class BouncesPart(SendingPart):
    """The inbox of bounces. Files may be dropped on it."""

    channel: ClassVar[Channel] = Channel.EMAIL

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.setAcceptDrops(True)
        self._account: MailAccount | None = None
        self._failed: list[tuple[BounceReason, int, tuple[str, ...]]] = []
        self._undecided: list[Any] = []
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(12))
        left = QVBoxLayout()
        left.setSpacing(theme.px(12))
        left.addWidget(self._reading())
        left.addWidget(self._reasons(), 1)
        line.addLayout(left, 1)
        line.addWidget(self._inbox(), 1)

    def name(self, what: str) -> str:
        """Return the name of a control that every part has."""
        return f"bounces_{what}"

    def _reading(self) -> Card:
        card = Card(_("What came back"))
        self.summary = label("", "second", wrap=True, name="bounces_summary")
        card.body.addWidget(self.summary)
        self.read_box = button(_("Read the mailbox"), "", "mailbox", "read_mailbox")
        self.read_box.clicked.connect(self._read_box)
        self.read_folder = button(_("Read a folder…"), "", "folder-open", "read_bounce_folder")
        self.read_folder.clicked.connect(self._read_folder)
        self.read_file = button(_("Read a file…"), "", "mail", "read_bounce_file")
        self.read_file.clicked.connect(self._read_file)
        self.settings = button(_("Mailbox…"), "link", "settings", "mailbox_settings")
        self.settings.clicked.connect(self._open_settings)
        self.busy_buttons = [self.read_box, self.read_folder, self.read_file]
        card.body.addLayout(row(self.read_box, self.read_folder, self.read_file, None))
        hint = _("Or drop messages here. The mailbox is only read; nothing in it is changed.")
        card.body.addLayout(row(label(hint, "second", wrap=True), self.settings))
        self.last = label("", "second", wrap=True, name="bounces_last")
        self.last.hide()
        card.body.addWidget(self.last)
        for each in self.job_widgets():
            card.body.addWidget(each)
        return card

    def _reasons(self) -> Card:
        card = Card(_("E-mail failed, by reason"))
        self.table = plain_table([_("Reason"), _("Persons"), _("What follows")], "bounce_reasons")
        self.table.setAccessibleName(_("E-mail failed, by reason"))
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.table.itemChanged.connect(lambda _item: self._count_ticked())
        card.body.addWidget(self.table, 1)
        self.see = button(_("See who and why"), "link", "users", "bounced_who")
        self.see.clicked.connect(self._open_bounced)
        self.to_letter = button("", "primary", "truck-delivery", "move_to_letter")
        self.to_letter.clicked.connect(self._move)
        card.body.addLayout(row(self.see, None, self.to_letter))
        return card

    def _inbox(self) -> Card:
        self.rest = button(_("Set aside all without a person"), "link", name="set_aside")
        self.rest.clicked.connect(self._set_aside)
        card = Card(_("For you to decide"), self.rest)
        self.inbox_heading = card.heading
        self.inbox = plain_table([_("What it is"), _("Whom it may concern"), _("Subject")], "undecided_mail")
        self.inbox.setAccessibleName(_("For you to decide"))
        self.inbox.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.inbox.itemSelectionChanged.connect(self._chosen)
        card.body.addWidget(self.inbox, 1)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setObjectName("undecided_text")
        self.text.setAccessibleName(_("Text of the message"))
        self.text.setTabChangesFocus(True)
        card.body.addWidget(self.text, 1)
        self.why = label("", "second", wrap=True, name="undecided_why")
        card.body.addWidget(self.why)
        self.keys = [
            button(f"{text}  {key}", "", icon, f"decide_{verdict.value}")
            for verdict, text, key, icon in (
                (Verdict.BOUNCED, _("Not delivered"), "D", "mailbox-off"),
                (Verdict.NOTHING, _("Nothing for us"), "N", "minus"),
                (Verdict.ANSWER, _("An answer"), "A", "user"),
            )
        ]
        for made, verdict in zip(self.keys, Verdict, strict=True):
            made.clicked.connect(partial(self._decide, verdict))
        self.inbox.installEventFilter(self)
        card.body.addLayout(row(*self.keys, None))
        return card

    def read(self, queries: Any, breach_id: BreachId, found: dict[str, Any]) -> dict[str, Any]:
        """Return what came back, whom e-mail failed, what waits for a decision, and the mailbox."""
        came = {
            "counts": queries.returned_counts(breach_id), "failed": failed_by_class(queries, breach_id),
            "undecided": queries.returned_lines(breach_id, (UNDECIDED,), _SHOWN), "account": mail_account(queries),
        }  # fmt: skip
        return {"came_back": came}

    def show_found(self, found: dict[str, Any]) -> None:
        """Show what the page read."""
        came = found["came_back"]
        self._free = not self.office.desk.read_only
        self._account, self._failed, self._undecided = came["account"], came["failed"], came["undecided"]
        self.summary.setText(_said(came["counts"]) or _("Nothing came back yet."))
        for each in (self.read_folder, self.read_file, self.settings):
            each.setEnabled(self._free)
        self.read_box.setEnabled(self._free and self._account is not None)
        self.read_box.setToolTip("" if self._account else _("Set up the mailbox first."))
        self.see.setVisible(any(outcome == APPLIED for _kind, outcome in came["counts"]))
        self._show_failed()
        self._show_undecided()

    def _show_failed(self) -> None:
        self.table.blockSignals(True)
        self.table.setRowCount(len(self._failed))
        for place, (reason, count, _own) in enumerate(self._failed):
            follows = _("letter, or the public notice") if reason in LADDER else _("mend the cause first, then decide")
            put(self.table, place, [word(reason), number(count), follows])
            tick = self.table.item(place, 0)
            assert isinstance(tick, QTableWidgetItem)
            tick.setFlags(tick.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            tick.setCheckState(Qt.CheckState.Checked if reason in LADDER else Qt.CheckState.Unchecked)
        self.table.blockSignals(False)
        self._count_ticked()

    def _ticked(self) -> tuple[list[BounceReason], int]:
        chosen = [
            (reason, count)
            for place, (reason, count, _own) in enumerate(self._failed)
            if (item := self.table.item(place, 0)) is not None and item.checkState() is Qt.CheckState.Checked
        ]
        return [reason for reason, _count in chosen], sum(count for _reason, count in chosen)

    def _count_ticked(self) -> None:
        _reasons, count = self._ticked()
        text = ngettext("Move {count} to letter…", "Move {count} to letter…", count).format(count=number(count))
        self.to_letter.setText(f"\u2002{text}")
        self.to_letter.setAccessibleName(text)
        self.to_letter.setEnabled(self._free and count > 0)

    def _show_undecided(self) -> None:
        chosen = self._line()
        heading = _("For you to decide")
        assert self.inbox_heading is not None
        self.inbox_heading.setText(f"{heading} · {number(len(self._undecided))}" if self._undecided else heading)
        self.inbox.setRowCount(len(self._undecided))
        for place, line in enumerate(self._undecided):
            kind = MailKind(line.kind)
            said = word(BounceReason(line.reason)) if line.reason else word(kind)
            put(self.inbox, place, [said, line.name or line.person_code or "–", line.subject])
        place = next((n for n, each in enumerate(self._undecided) if chosen and each.id == chosen.id), 0)
        if self._undecided:
            self.inbox.selectRow(min(place, len(self._undecided) - 1))
        self.rest.setVisible(self._free and any(line.delivery_id is None for line in self._undecided))
        self._chosen()

    def _line(self) -> Any:
        place = self.inbox.currentRow()
        return self._undecided[place] if 0 <= place < len(self._undecided) else None

    def _chosen(self) -> None:
        line = self._line()
        self.text.setPlainText(line.text if line is not None else "")
        self.why.setText(_tie(line) if line is not None else _("Nothing waits for a decision."))
        for each in self.keys:
            each.setEnabled(self._free and line is not None)

    def _read_box(self) -> None:
        desk, breach_id = self.office.desk, self.breach_id
        if breach_id is not None:
            self._begin(lambda progress: read_mailbox(desk, breach_id, progress))

    def _read_folder(self) -> None:
        folder = self.office.dialogs.folder(self, _("Where are the messages?"))
        if folder is not None:
            self.take([folder])

    def _read_file(self) -> None:
        path = self.office.dialogs.open_file(
            self, _("Which messages?"), _("Messages (*.eml *.mbox *.mbx);;All files (*)")
        )
        if path is not None:
            self.take([path])

    def take(self, paths: Sequence[Path]) -> None:
        """Read messages from files and folders."""
        desk = self.office.desk
        self._begin(lambda progress: read_returned(desk, _all(desk, paths), "window", progress))

    def _begin(self, work: Any) -> None:
        self.start(work, _("Reading what came back"), self._told)

    def _told(self, found: CameBack) -> None:
        self.last.setText(reading_words(found))
        self.last.show()
        self.office.toast.emit(
            ngettext("{count} message read", "{count} messages read", found.messages).format(
                count=number(found.messages)
            )
        )
        self.stale.emit()

    def _open_settings(self) -> None:
        dialog = MailboxDialog(self.window(), self.office, self._account)
        dialog.accepted.connect(self.stale.emit)
        dialog.open()

    def _open_bounced(self) -> None:
        if self.breach_id is not None:
            BouncedSheet(self.window(), self.office, self.breach_id).open()

    def _move(self) -> None:
        desk, breach_id = self.office.desk, self.breach_id
        reasons, count = self._ticked()
        if breach_id is None or not reasons:
            return
        what = ", ".join(word(reason) for reason in reasons)
        text = ngettext(
            "E-mail failed {count} person ({reasons}). They get a letter; those without a postal address are told in "
            "public. This stands in the trail under your name.",
            "E-mail failed {count} persons ({reasons}). They get a letter; those without a postal address are told in "
            "public. This stands in the trail under your name.",
            count,
        ).format(count=number(count), reasons=what)
        action = ngettext("Move {count} to letter", "Move {count} to letter", count).format(count=number(count))
        if self.office.dialogs.confirm(self, _("Move to letter"), text, action):
            self.start(
                lambda progress: move_to_letter(desk, breach_id, reasons, count, progress), _("Moving to letter"),
                lambda moved: self.office.toast.emit(
                    ngettext("{count} person moved on", "{count} persons moved on", moved.persons)
                    .format(count=number(moved.persons))
                ),
            )  # fmt: skip

    def _decide(self, verdict: Verdict) -> None:
        desk, line = self.office.desk, self._line()
        if line is None:
            return
        code = ""
        if verdict is Verdict.BOUNCED and line.delivery_id is None:
            answer = self.office.dialogs.text(
                self, _("Not delivered"), _("Type the code of twelve signs that stands in the text.")
            )
            if answer is None:
                return
            code = answer
        self.settle(lambda _p: decide_mail(desk, line.id, verdict, code))

    def _set_aside(self) -> None:
        desk, breach_id = self.office.desk, self.breach_id
        count = sum(line.delivery_id is None for line in self._undecided)
        text = ngettext(
            "{count} message carries no code of ours and fits nobody. It changes nobody's standing.",
            "{count} messages carry no code of ours and fit nobody. They change nobody's standing.", count,
        ).format(count=number(count))  # fmt: skip
        if breach_id is not None and self.office.dialogs.confirm(self, _("Set aside"), text, _("Set aside")):
            self.settle(lambda _p: dismiss_rest(desk, breach_id))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """In the list a letter decides; the table would look for a row that begins with it."""
        if watched is self.inbox and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            place = "DNA".find(event.text().upper()) if event.text() else -1
            if place >= 0 and not event.isAutoRepeat():
                self.keys[place].click()
                return True
        return super().eventFilter(watched, event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take files."""
        if self._free and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Read the files that were dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.take(paths)


def _all(desk: Desk, paths: Sequence[Path]) -> Iterator[bytes]:
    return chain.from_iterable(desk.mail_reader.messages(path) for path in paths)


def _said(counts: dict[tuple[str, str], int]) -> str:
    """Return how many messages of each kind came back; those that wait for a decision stand beside it."""
    kinds: dict[MailKind, int] = {}
    for (kind, outcome), count in counts.items():
        if outcome == UNDECIDED:
            continue
        kinds[MailKind(kind)] = kinds.get(MailKind(kind), 0) + count
    return " · ".join(f"{word(kind)} {number(kinds[kind])}" for kind in MailKind if kind in kinds)


def reading_words(found: CameBack) -> str:
    """Return what a reading gave: every message in exactly one of the kinds, so that they add up."""
    parts = [f"{word(kind)} {number(found.kinds[kind])}" for kind in MailKind if found.kinds[kind]]
    if found.again:
        parts.append(_("read before {count}").format(count=number(found.again)))
    read = ngettext("{count} message read", "{count} messages read", found.messages)
    lines = [f"{read.format(count=number(found.messages))}: {' · '.join(parts)}."] if parts else []
    if found.undecided:
        text = ngettext("{count} waits for your decision.", "{count} wait for your decision.", found.undecided)
        lines.append(text.format(count=number(found.undecided)))
    if found.not_ours:
        text = ngettext(
            "{count} carries no code of ours and is not kept here: read it in the mailbox, it may be a question.",
            "{count} carry no code of ours and are not kept here: read them in the mailbox, they may be questions.",
            found.not_ours,
        )
        lines.append(text.format(count=number(found.not_ours)))
    return " ".join(lines) or _("There was nothing to read.")


def _tie(line: Any) -> str:
    """Return why nobody was moved by a message."""
    if line.proof == Proof.FORGED:
        return _("It carries a code whose signature is not ours: perhaps forged. It changed nothing.")
    if line.proof == Proof.ADDRESS:
        return _("Only the address fits this person. It changed nothing yet.")
    if line.delivery_id is not None:
        return _("It carries our code, but does not fit what is known of this e-mail.")
    return _("It carries no code of ours. If the code of an e-mail stands in the text, type it.")
