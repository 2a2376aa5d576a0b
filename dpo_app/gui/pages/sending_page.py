"""Sending: what is ready, letters in batches, e-mails as files, and what became of them."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QHeaderView, QProgressBar, QVBoxLayout, QWidget

from dpo_app.core.channel import Channel
from dpo_app.core.errors import DpoError, JobCancelled
from dpo_app.core.ids import BatchId, batch_ref
from dpo_app.core.notice import NoticeState
from dpo_app.gui import theme
from dpo_app.gui.jobs import Job
from dpo_app.gui.office import Office
from dpo_app.gui.pages.import_wizard import plain_table, put
from dpo_app.gui.pages.left_out_sheet import LeftOutSheet, reason_word
from dpo_app.gui.pages.page import Page
from dpo_app.gui.pages.returned_sheet import ReturnedSheet
from dpo_app.gui.widgets.parts import Card, button, clear, label, row, sign
from dpo_app.gui.widgets.told_bar import ToldBar
from dpo_app.gui.words import day, moment, number, typed_day
from dpo_app.i18n import _, current, ngettext
from dpo_app.messages import explain, word
from dpo_app.messages.breach import BATCH_STATES
from dpo_app.services.export_emails import confirm_sent, export_emails
from dpo_app.services.make_letters import confirm_posted, finish_batch, make_letters, withdraw_batch
from dpo_app.services.progress import Changes, Topic


class SendingPage(Page):
    """Letters and e-mails of the newest approved notice."""

    key = "sending"
    topics = frozenset({Topic.NOTICES, Topic.PLAN, Topic.DELIVERIES, Topic.PERSONS})

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.bar = ToldBar()
        self.sum = label("", "second", wrap=True, name="sum_line")
        self.box.addWidget(self.bar)
        self.box.addWidget(self.sum)
        line = QHBoxLayout()
        line.setSpacing(theme.px(12))
        left = QVBoxLayout()
        left.setSpacing(theme.px(12))
        left.addWidget(self._figures())
        left.addWidget(self._batches(), 1)
        line.addLayout(left, 1)
        line.addWidget(self._ready())
        self.box.addLayout(line, 1)
        self._job: Job | None = None
        self._counts = {"email": 0, "letter": 0}
        self._lines: list[Any] = []
        self._versions: dict[int, int] = {}

    def _figures(self) -> Card:
        card = Card()
        line = QHBoxLayout()
        self.email_number, self.letter_number = label("0", "number"), label("0", "number")
        self.make_emails = button(_("Write e-mails as files…"), "", "mail", "make_emails")
        self.make_emails.clicked.connect(self._emails)
        self.layout_choice = QComboBox()
        self.layout_choice.setObjectName("layout")
        self.layout_choice.setAccessibleName(_("Layout and envelope"))
        for layout in self.office.desk.letters.layouts().values():
            self.layout_choice.addItem(layout.titles.get(current(), layout.titles.get("en", layout.id)), layout.id)
        self.layout_choice.setCurrentIndex(max(0, self.layout_choice.findData("fi-c5")))
        self.make_letters = button(_("Make letters…"), "primary", "file-text", "make_letters")
        self.make_letters.clicked.connect(self._letters)
        for text, figure, parts in (
            (_("E-mails to write"), self.email_number, (self.make_emails,)),
            (_("Letters to make"), self.letter_number, (self.layout_choice, self.make_letters)),
        ):
            channel = "email" if figure is self.email_number else "letter"
            figure.setObjectName(f"{channel}_number")
            who = button(_("See who"), "link", name=f"{channel}_who")
            who.clicked.connect(partial(self._who, channel))
            column = QVBoxLayout()
            column.addWidget(label(text, "second"))
            column.addLayout(row(figure, who, None))
            column.addLayout(row(*parts, None))
            line.addLayout(column, 1)
        card.body.addLayout(line)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress_text = label("", "second", name="progress_text")
        self.stop = button(_("Cancel"), name="sending_cancel")
        self.stop.clicked.connect(lambda: self._job.cancel() if self._job else None)
        self.job_row = QWidget()
        self.job_row.setLayout(row(self.progress, self.progress_text, self.stop))
        self.job_row.hide()
        card.body.addWidget(self.job_row)
        self.error = label("", "error", wrap=True, name="sending_error")
        card.body.addWidget(self.error)
        return card

    def _batches(self) -> Card:
        card = Card(_("Batches"))
        heads = [_("No"), _("Channel"), _("Messages"), _("Sheets"), _("Made"), _("State")]
        self.table = plain_table(heads, "batches")
        self.table.setAccessibleName(_("Batches"))
        for narrow in range(4):
            self.table.horizontalHeader().setSectionResizeMode(narrow, QHeaderView.ResizeMode.ResizeToContents)
        self.table.itemSelectionChanged.connect(self._selected)
        card.body.addWidget(self.table, 1)
        self.detail = label("", "second", wrap=True, name="batch_detail")
        self.read_text = button(_("Read its text"), "link", "file-text", "read_text")
        self.read_text.clicked.connect(self._read_text)
        line = QHBoxLayout()
        line.addWidget(self.detail, 1)
        line.addWidget(self.read_text, 0, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(line)
        self.posted = button(_("Confirm posting…"), "", "truck-delivery", "confirm_posted")
        self.posted.clicked.connect(self._posted)
        self.sent = button(_("Confirm as sent…"), "", "send", "confirm_sent")
        self.sent.clicked.connect(self._sent)
        self.finish = button(_("Finish the batch…"), "", "refresh", "finish_batch")
        self.finish.clicked.connect(self._finish)
        self.withdraw = button(_("Withdraw…"), "danger", "arrow-back-up", "withdraw")
        self.withdraw.clicked.connect(self._withdraw)
        self.returned = button(_("Returned letters…"), "", "mailbox-off", "returned_letters")
        self.returned.clicked.connect(lambda: ReturnedSheet(self.window(), self.office).open())
        card.body.addLayout(row(self.returned, None, self.withdraw, self.finish, self.sent, self.posted))
        return card

    def _ready(self) -> Card:
        card = Card(_("Before they are made"))
        card.setFixedWidth(theme.px(340))
        self._checks = QVBoxLayout()
        self._checks.setSpacing(theme.px(8))
        card.body.addLayout(self._checks)
        card.body.addStretch(1)
        return card

    def reload(self) -> None:
        """Read standings, batches, and what would be made."""
        breach_id = self.breach_id
        assert breach_id is not None

        def read(queries: Any) -> dict[str, Any]:
            saved = queries.newest_revision(breach_id)
            standing = queries.standings(breach_id, saved.id)
            return {
                "waiting": {c.value: queries.waiting(breach_id, saved.id, c) for c in (Channel.EMAIL, Channel.LETTER)},
                "standing": standing, "batches": queries.batches(breach_id), "planned": queries.is_planned(saved.id),
                "approved": queries.approved_notice(breach_id), "channel": queries.channel_counts(saved.id),
                "refused": queries.refusals(breach_id, Channel.LETTER), "notices": queries.notices(breach_id),
            }  # fmt: skip

        self.office.read(read, self._show)

    def _show(self, found: dict[str, Any]) -> None:
        standing = found["standing"]
        counts = {n: getattr(standing, n) for n in ("told", "on_the_way", "open", "unknown", "excused")}
        self.bar.set_counts(counts)
        self.sum.setText(
            _("{scope} in scope = told {told} + on the way {way} + open {open} + unknown {unknown} + excused {excused}")
            .format(scope=number(standing.in_scope), told=number(standing.told), way=number(standing.on_the_way),
                    open=number(standing.open), unknown=number(standing.unknown), excused=number(standing.excused))
        )  # fmt: skip
        # Those who would get one now: whoever was refused in this round, or came back, is not among them.
        self._counts = found["waiting"]
        self.email_number.setText(number(self._counts["email"]))
        self.letter_number.setText(number(self._counts["letter"]))
        ready = found["approved"] is not None and found["planned"] and not self.office.desk.read_only
        self.make_emails.setEnabled(ready and self._counts["email"] > 0)
        self.make_letters.setEnabled(ready and self._counts["letter"] > 0)
        self._versions = {number: notice.version for number, notice in found["notices"]}
        posted = any(b.channel == "letter" and b.state == "posted" for b in found["batches"])
        self.returned.setVisible(posted and not self.office.desk.read_only)
        self._show_checks(found)
        self._show_batches(found["batches"])

    def _show_checks(self, found: dict[str, Any]) -> None:
        clear(self._checks)
        approved = found["approved"]
        rows: list[tuple[str, str, str, str]] = []
        if approved is not None:
            when = moment(approved[1].approved_at) if approved[1].approved_at else ""
            rows.append(("circle-check", "ok", _("Text approved"), f"{when} · {approved[1].sha256[:12]}"))
        else:
            draft = any(n.state is NoticeState.DRAFT for _i, n in found["notices"])
            rows.append(("circle-x", "danger", _("No approved text"),
                         _("The draft waits for you.") if draft else _("Write the notice first.")))  # fmt: skip
        if found["planned"]:
            rows.append(("circle-check", "ok", _("One rung for everybody"), _("Exposure and channel are worked out.")))
        else:
            rows.append(("circle-x", "danger", _("The plan is not up to date"), _("Work it out on the page Persons.")))
        officer = found["channel"].get("officer", 0)
        if officer:
            what = ngettext("{count} person stays with you", "{count} persons stay with you", officer)
            rows.append(("user-shield", "warn", what.format(count=number(officer)),
                         _("Protected, child, deceased: never in a batch.")))  # fmt: skip
        for code, count in found["refused"]:
            what = ngettext("{count} letter left out", "{count} letters left out", count).format(count=number(count))
            rows.append(("alert-triangle", "warn", what, reason_word(code)))
        rows.append(("info-circle", "info", _("Only the address shows in the window"),
                     _("Print the test page and fold it once for each layout and printer.")))  # fmt: skip
        for icon, role, what, why in rows:
            mark = sign(icon, role, 18)
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(label(what, "strong", wrap=True))
            words.addWidget(label(why, "second", wrap=True))
            line = row(space=8)
            line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            line.addLayout(words, 1)
            self._checks.addLayout(line)
        if found["refused"]:
            who = button(_("See who and why"), "link", "users", "left_out_who")
            who.clicked.connect(self._left_out)
            self._checks.addWidget(who)

    def _show_batches(self, batches: list[Any]) -> None:
        # What is new is shown first; else the officer's choice stays.
        chosen, known = self._current(), {b.id for b in self._lines}
        place = 0
        if chosen is not None and known.issuperset(b.id for b in batches):
            place = next((n for n, b in enumerate(batches) if b.id == chosen.id), 0)
        self._lines = batches
        self.table.setRowCount(len(batches))
        for line, b in enumerate(batches):
            state = _(BATCH_STATES[b.state]) + (f" {day(b.settled_on)}" if b.settled_on else "")
            sheets = number(b.sheets) if b.channel == "letter" else "–"
            values = [
                batch_ref(BatchId(b.id)),
                word(Channel(b.channel)),
                number(b.members),
                sheets,
                moment(b.made_at),
                state,
            ]
            put(self.table, line, values)
        if batches:
            self.table.selectRow(place)
        self._selected()

    def _current(self) -> Any:
        place = self.table.currentRow()
        return self._lines[place] if 0 <= place < len(self._lines) else None

    def _selected(self) -> None:
        b = self._current()
        free = b is not None and not self.office.desk.read_only
        self.posted.setVisible(bool(free and b.channel == "letter" and b.state in ("made", "printed")))
        self.sent.setVisible(bool(free and b.state == "exported"))
        self.finish.setVisible(bool(free and b.state == "making" and b.channel == "letter"))
        self.read_text.setVisible(b is not None)
        self.detail.setText(self._about(b) if b is not None else "")
        self.withdraw.setVisible(bool(free and b.state in ("making", "made", "printed", "exported")))

    def _about(self, b: Any) -> str:
        """Return what else is known of a batch: text, who made it, layout, files, and the hash that binds them."""
        parts = [
            _("Text: version {version}").format(version=self._versions.get(b.notice_id, "?")),
            _("made by {name}").format(name=b.made_by),
        ]
        layout = self.layout_choice.findData(b.facts.get("layout"))
        if layout >= 0:
            parts.append(self.layout_choice.itemText(layout))
        parts.extend(str(each["name"]) for each in b.files[:2])
        if b.merkle_root:
            parts.append(b.merkle_root[:16])
        return " · ".join(parts)

    def _who(self, channel: str) -> None:
        self.office.page_wanted.emit("persons", {"standing": "open", "channel": channel})

    def _read_text(self) -> None:
        b = self._current()
        if b is not None:
            self.office.page_wanted.emit("notices", {"notice": b.notice_id})

    def _left_out(self) -> None:
        breach_id = self.breach_id
        assert breach_id is not None
        self.office.read(
            lambda queries: queries.refused_lines(breach_id, Channel.LETTER),
            lambda lines: LeftOutSheet(self.window(), self.office, lines).open(),
        )

    def _start(self, work: Any, name: str, said: Any) -> None:
        self.error.setText("")
        self.job_row.show()
        self.progress.setRange(0, 0)
        for each in (self.make_emails, self.make_letters):
            each.setEnabled(False)
        self._job = self.office.do(work, said, name, long=True)
        self._job.stepped.connect(self._stepped)
        self._job.done.connect(lambda _r: self._over())
        self._job.failed.connect(self._failed)

    def _stepped(self, done: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        of = _("{done} of {total}").format(done=number(done), total=number(total)) if total else number(done)
        self.progress_text.setText(of)

    def _over(self) -> None:
        self.job_row.hide()
        self._job = None

    def _failed(self, error: BaseException) -> None:
        self._over()
        if isinstance(error, JobCancelled):
            self.error.setText(_("Stopped. Batches that are made stay; one that was being made can be finished or "
                                 "withdrawn below."))  # fmt: skip
        else:
            self.error.setText(str(explain(error)) if isinstance(error, DpoError) else "")
        self._stale = True
        self.refresh()

    def _letters(self) -> None:
        desk, breach_id, layout = self.office.desk, self.breach_id, self.layout_choice.currentData()
        folder = self.office.dialogs.folder(self, _("Where do the letters go?"))
        if folder is None or breach_id is None:
            return

        def said(made: Any) -> None:
            text = _("{letters} letters made in {batches} batches; {refused} left out")
            self.office.toast.emit(text.format(letters=number(made.letters), batches=len(made.batches),
                                               refused=len(made.refused)))  # fmt: skip

        self._start(
            lambda progress: make_letters(desk, breach_id, folder, layout, progress=progress), _("Making letters"), said
        )

    def _emails(self) -> None:
        desk, breach_id = self.office.desk, self.breach_id
        folder = self.office.dialogs.folder(self, _("Where do the e-mails go?"))
        if folder is None or breach_id is None:
            return
        self._start(
            lambda progress: export_emails(desk, breach_id, folder, progress=progress), _("Writing e-mails"),
            lambda made: self.office.toast.emit(_("{count} e-mails written").format(count=number(made.planned))),
        )  # fmt: skip

    def _posted(self) -> None:
        b, desk = self._current(), self.office.desk
        answer = self.office.dialogs.text(self, _("Confirm posting"), _("On which day were they handed to the post? "
                                          "(30.11.2026)"), date.today().strftime("%d.%m.%Y"))  # fmt: skip
        if b is None or answer is None:
            return
        on = typed_day(answer)
        if on is None:
            self.error.setText(_("That is no date; nothing was recorded. Write it as 30.11.2026."))
            return
        self._settle(lambda _p: confirm_posted(desk, BatchId(b.id), on))

    def _sent(self) -> None:
        b, desk = self._current(), self.office.desk
        answer = self.office.dialogs.text(self, _("Confirm as sent"), _("How many of them were sent? Type the number."))
        if b is None or answer is None:
            return
        plain = "".join(answer.split())
        if not plain.isdigit():
            self.error.setText(_("That is no number; nothing was recorded."))
            return
        self._settle(lambda _p: confirm_sent(desk, BatchId(b.id), int(plain)))

    def _finish(self) -> None:
        b, desk = self._current(), self.office.desk
        folder = self.office.dialogs.folder(self, _("Where do the letters go?"))
        if b is None or folder is None:
            return
        changes = Changes.of(self.breach_id, Topic.DELIVERIES)
        self._start(lambda progress: (finish_batch(desk, BatchId(b.id), folder, progress=progress), changes),
                    _("Making letters"), None)  # fmt: skip

    def _withdraw(self) -> None:
        b, desk = self._current(), self.office.desk
        reason = self.office.dialogs.text(self, _("Withdraw the batch"), _("Why? Its files must be destroyed."))
        if b is not None and reason is not None:
            self._settle(lambda _p: withdraw_batch(desk, BatchId(b.id), reason))

    def _settle(self, work: Any) -> None:
        self.error.setText("")
        self.office.do(work, None, _("Recording")).failed.connect(self._failed)
