"""What the parts of Sending have in common: work with its progress, what went wrong, what must be right, batches."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QProgressBar, QPushButton, QVBoxLayout, QWidget

from dpo_app.core.errors import DpoError, JobCancelled
from dpo_app.core.ids import BatchId, BreachId, batch_ref
from dpo_app.core.notices.notice import NoticeState
from dpo_app.core.persons.channel import Channel
from dpo_app.gui import theme
from dpo_app.gui.jobs import Job
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.parts import Card, button, clear, label, row, sign
from dpo_app.gui.widgets.plain_table import plain_table, put
from dpo_app.gui.words import day, moment, number
from dpo_app.i18n import _
from dpo_app.messages import explain
from dpo_app.messages.breach import BATCH_STATES
from dpo_app.services.letters.make_letters import withdraw_batch

#: Icon, colour, what is so, and why it matters: a line of the card beside the work.
Check = tuple[str, str, str, str]


class SendingPart(QWidget):
    """One channel's part of the page. `stale` asks the page to read anew."""

    channel: ClassVar[Channel]
    stale = Signal()

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.breach_id: BreachId | None = None
        self._job: Job | None = None
        self._lines: list[Any] = []
        self._versions: dict[int, int] = {}
        self._free = False
        self.busy_buttons: list[QPushButton] = []

    def name(self, what: str) -> str:
        """Return the name of a control that every part has."""
        return f"{self.channel.value}_{what}"

    def job_widgets(self) -> tuple[QWidget, QWidget]:
        """Return the line that shows work under way, and the place for what went wrong."""
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress_text = label("", "second", name=self.name("progress_text"))
        self.stop = button(_("Cancel"), name=self.name("cancel"))
        self.stop.clicked.connect(lambda: self._job.cancel() if self._job else None)
        self.job_row = QWidget()
        self.job_row.setLayout(row(self.progress, self.progress_text, self.stop))
        self.job_row.hide()
        self.error = label("", "error", wrap=True, name=self.name("error"))
        return self.job_row, self.error

    def batches_card(self, heads: list[str], actions: tuple[QPushButton, ...]) -> Card:
        """Return the card of this channel's batches; `actions` stand at its foot, behind *Withdraw*."""
        card = Card(_("Batches"))
        self.table = plain_table(heads, self.name("batches"))
        self.table.setAccessibleName(_("Batches"))
        for narrow in range(len(heads) - 2):
            self.table.horizontalHeader().setSectionResizeMode(narrow, QHeaderView.ResizeMode.ResizeToContents)
        self.table.itemSelectionChanged.connect(self._selected)
        card.body.addWidget(self.table, 1)
        self.detail = label("", "second", wrap=True, name=self.name("batch_detail"))
        self.read_text = button(_("Read its text"), "link", "file-text", self.name("read_text"))
        self.read_text.clicked.connect(self._read_text)
        line = QHBoxLayout()
        line.addWidget(self.detail, 1)
        line.addWidget(self.read_text, 0, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(line)
        self.withdraw = button(_("Withdraw…"), "danger", "arrow-back-up", self.name("withdraw"))
        self.withdraw.clicked.connect(self._withdraw)
        self.batch_foot = row(None, self.withdraw, *actions)
        card.body.addLayout(self.batch_foot)
        return card

    def checks_card(self, title: str = "") -> Card:
        """Return the card that says what must be right beforehand."""
        card = Card(title or _("Before they are made"))
        card.setFixedWidth(theme.px(340))
        self._checks = QVBoxLayout()
        self._checks.setSpacing(theme.px(8))
        card.body.addLayout(self._checks)
        card.body.addStretch(1)
        return card

    def who_link(self) -> QPushButton:
        """Return the link from a number to the persons behind it."""
        made = button(_("See who"), "link", name=self.name("who"))
        made.clicked.connect(
            lambda: self.office.page_wanted.emit("persons", {"standing": "open", "channel": self.channel.value})
        )
        return made

    def read(self, queries: Any, breach_id: BreachId, found: dict[str, Any]) -> dict[str, Any]:
        """Return what this part needs beyond what all show; called off the screen's thread, in the page's snapshot."""
        return {}

    def show_found(self, found: dict[str, Any]) -> None:
        """Show what the page read."""
        self._versions = {number: notice.version for number, notice in found["notices"]}
        self._free = not self.office.desk.read_only
        self._show_checks(self.checks(found))
        self._show_batches([b for b in found["batches"] if b.channel == self.channel.value])

    def is_ready(self, found: dict[str, Any]) -> bool:
        """Tell whether text and plan allow to begin."""
        return found["approved"] is not None and found["planned"] and not self.office.desk.read_only

    def checks(self, found: dict[str, Any]) -> list[Check]:
        """Return what must be right for any channel; a part adds its own."""
        approved = found["approved"]
        rows: list[Check] = []
        if approved is not None:
            when = moment(approved[1].approved_at) if approved[1].approved_at else ""
            rows.append(("circle-check", "ok", _("Text approved"), f"{when} · {approved[1].sha256[:12]}"))
        else:
            draft = any(n.state is NoticeState.DRAFT for _i, n in found["notices"])
            rows.append(("circle-x", "danger", _("No approved text"),
                         _("The draft waits for you.") if draft else _("Write the notice first.")))  # fmt: skip
        if found["planned"] and not sum(found["channel"].values()):
            rows.append(
                ("circle-x", "danger", _("Nobody to tell yet"), _("Bring in the register on the page Persons."))
            )
        elif found["planned"]:
            rows.append(("circle-check", "ok", _("Everybody has a channel"), _("Exposure and channel are worked out.")))
        else:
            rows.append(("circle-x", "danger", _("The plan is not up to date"), _("Work it out on the page Persons.")))
        return rows

    def after_checks(self) -> tuple[QWidget, ...]:
        """Return what stands below the checks: links to what they name."""
        return ()

    def _show_checks(self, rows: list[Check]) -> None:
        clear(self._checks)
        for icon, role, what, why in rows:
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(label(what, "strong", wrap=True))
            words.addWidget(label(why, "second", wrap=True))
            line = row(space=8)
            line.addWidget(sign(icon, role, 18), 0, Qt.AlignmentFlag.AlignTop)
            line.addLayout(words, 1)
            self._checks.addLayout(line)
        for each in self.after_checks():
            self._checks.addWidget(each)

    def cells(self, b: Any) -> list[str]:
        """Return what a batch's line shows."""
        state = _(BATCH_STATES[b.state]) + (f" {day(b.settled_on)}" if b.settled_on else "")
        return [batch_ref(BatchId(b.id)), number(b.members), moment(b.made_at), state]

    def _show_batches(self, batches: list[Any]) -> None:
        # What is new is shown first; else the officer's choice stays.
        chosen, known = self.current(), {b.id for b in self._lines}
        place = 0
        if chosen is not None and known.issuperset(b.id for b in batches):
            place = next((n for n, b in enumerate(batches) if b.id == chosen.id), 0)
        self._lines = batches
        self.table.setRowCount(len(batches))
        for line, b in enumerate(batches):
            put(self.table, line, self.cells(b))
        if batches:
            self.table.selectRow(place)
        self._selected()

    def current(self) -> Any:
        """Return the chosen batch, or None."""
        place = self.table.currentRow()
        return self._lines[place] if 0 <= place < len(self._lines) else None

    def _selected(self) -> None:
        b = self.current()
        self.read_text.setVisible(b is not None)
        self.detail.setText(" · ".join(self.about(b)) if b is not None else "")
        open_states = ("making", "made", "printed", "exported")
        self.withdraw.setVisible(bool(self._free and b is not None and b.state in open_states))
        self.chosen(b)

    def chosen(self, b: Any) -> None:
        """Show the actions that a batch (None: none) allows; overridden by every part."""

    def about(self, b: Any) -> list[str]:
        """Return what else is known of a batch: text, who made it, files, and the hash that binds them."""
        parts = [
            _("Text: version {version}").format(version=self._versions.get(b.notice_id, "?")),
            _("made by {name}").format(name=b.made_by),
        ]
        parts.extend(str(each["name"]) for each in b.files[:2])
        if b.merkle_root:
            parts.append(b.merkle_root[:16])
        return parts

    def _read_text(self) -> None:
        b = self.current()
        if b is not None:
            self.office.page_wanted.emit("notices", {"notice": b.notice_id})

    def start(self, work: Any, name: str, said: Any) -> None:
        """Run long work with its progress on the part."""
        self.error.setText("")
        self.job_row.show()
        self.progress.setRange(0, 0)
        for each in self.busy_buttons:
            each.setEnabled(False)
        self._job = self.office.do(work, said, name, long=True)
        self._job.stepped.connect(self._stepped)
        self._job.done.connect(lambda _r: self._over())
        self._job.failed.connect(self.failed)

    def _stepped(self, done: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        of = _("{done} of {total}").format(done=number(done), total=number(total)) if total else number(done)
        self.progress_text.setText(of)

    def _over(self) -> None:
        self.job_row.hide()
        self._job = None

    def failed(self, error: BaseException) -> None:
        """Say why work stopped, and show what stands now."""
        self._over()
        if isinstance(error, JobCancelled):
            self.error.setText(_("Stopped. Batches that are made stay; one that was being made can be finished or "
                                 "withdrawn below."))  # fmt: skip
        else:
            self.error.setText(str(explain(error)) if isinstance(error, DpoError) else "")
        self.stale.emit()

    def settle(self, work: Any) -> None:
        """Record something short."""
        self.error.setText("")
        self.office.do(work, None, _("Recording")).failed.connect(self.failed)

    def _withdraw(self) -> None:
        b, desk = self.current(), self.office.desk
        reason = self.office.dialogs.text(self, _("Withdraw the batch"), _("Why? Its files must be destroyed."))
        if b is not None and reason is not None:
            self.settle(partial(_withdrawn, desk, BatchId(b.id), reason))


def _withdrawn(desk: Any, batch_id: BatchId, reason: str, _progress: Any) -> Any:
    return withdraw_batch(desk, batch_id, reason)
