"""The e-mail part of Sending: what must be right, the run as it goes, the lists behind it, and e-mails as files."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dpo_app.core.delivery import DeliveryState, Resolution
from dpo_app.core.errors import InputError, JobCancelled
from dpo_app.core.ids import BatchId, BreachId, batch_ref
from dpo_app.core.mail.mail_server import MailServer
from dpo_app.core.persons.channel import Channel
from dpo_app.gui import theme
from dpo_app.gui.ask_box import a_number
from dpo_app.gui.faults import sentence
from dpo_app.gui.office import Office
from dpo_app.gui.pages.sending.email_checks import preflight, send_facts
from dpo_app.gui.pages.sending.email_ways import can_finish, finish_button, ways_button
from dpo_app.gui.pages.sending.rehearsal_sheet import RehearsalSheet
from dpo_app.gui.pages.sending.run_card import RateCard, RunCard, rest_view
from dpo_app.gui.pages.sending.send_sheets import ArmSheet, SendSheet, TokenSheet
from dpo_app.gui.pages.sending.sending_part import Check, SendingPart
from dpo_app.gui.pages.sending.server_sheet import ServerSheet
from dpo_app.gui.pages.sending.shown_run import batch_shown, live_run, run_state, run_to_show
from dpo_app.gui.pages.sending.trial_sheet import can_try, trial_button
from dpo_app.gui.pages.sending.tried_lists import LISTS, TriedLists, reader
from dpo_app.gui.widgets.parts import EN_SPACE, Card, button, label, row, scrolling
from dpo_app.gui.widgets.rate_line import MINUTES
from dpo_app.gui.words import counted, moment, number
from dpo_app.i18n import _, ngettext
from dpo_app.services.mail.arm_breach import disarm_breach
from dpo_app.services.mail.email_run import RunEnd, release_held, send_emails, stop_run
from dpo_app.services.mail.export_emails import confirm_sent, export_emails
from dpo_app.services.mail.mail_settings import mail_server
from dpo_app.services.mail.rehearse import Rehearsal, rehearse_emails
from dpo_app.services.mail.resolve_emails import resolve_emails
from dpo_app.services.mail.sending_watch import RunControl, figures

LOOK_MS, READ_EVERY = 500, 6
#: So high is the list at least: on a low screen the column scrolls instead of cutting the card above it.
LEAST_LIST = 210


def _send_words(waiting: int) -> str:
    if not waiting:
        return _("Send e-mails…")
    return ngettext("Send {count} e-mail…", "Send {count} e-mails…", waiting).format(count=number(waiting))


def figures_of(control: RunControl) -> int:
    """Return how many messages of a run were accepted so far."""
    return control.view.counts.get("accepted", 0)


class EmailPart(SendingPart):
    """E-mails of the newest approved notice, through the organisation's server or as files."""

    channel = Channel.EMAIL

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._found: dict[str, Any] = {}
        self._rehearsing = False
        self._looks = 0
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(12))
        ground = QWidget()
        left = QVBoxLayout(ground)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(theme.px(12))
        left.addWidget(self._figures())
        self.run = RunCard()
        self.run.act.connect(self._act)
        self.run.chosen.connect(self._choose)
        self.run.lock_toggled.connect(self._while_locked)
        office.live.listen(self._ended, self._broke)
        left.addWidget(self.run)
        self.rates = RateCard()
        for each in (self.run, self.rates):
            each.hide()
        self.lists = TriedLists(office)
        self.lists.wanted.connect(self._list_wanted)
        self.lists.decided.connect(self._decide)
        self.sent = button(_("Confirm as sent…"), "", "send", "confirm_sent")
        self.sent.clicked.connect(self._sent)
        self.finish = finish_button(self)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.lists)
        self.stack.addWidget(
            self.batches_card([_("No"), _("Messages"), _("Made"), _("State")], (self.finish, self.sent))
        )
        self.stack.setMinimumHeight(theme.px(LEAST_LIST))
        left.addWidget(self.stack, 1)
        line.addWidget(scrolling(ground), 1)
        right = QVBoxLayout()
        right.setSpacing(theme.px(12))
        self.rates.setFixedWidth(theme.px(340))
        right.addWidget(self._ways(), 1)
        right.addWidget(self.rates)
        line.addLayout(right)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def _control(self) -> RunControl | None:
        """Return what steers the run of this breach; None while none is under way."""
        live = self.office.live
        return live.control if live.breach_id == self.breach_id else None

    def _while_locked(self, on: bool) -> None:
        self.office.live.while_locked = on

    def _figures(self) -> Card:
        card = Card()
        self.number = label("0", "number", name="email_number")
        self.send = button(_("Send e-mails…"), "primary", "send", "send_emails")
        self.send.clicked.connect(self._send)
        self.rehearse = button(_("Rehearse…"), "", "list-details", "rehearse_emails")
        self.rehearse.setToolTip(_("Make and check every message without sending one"))
        self.rehearse.clicked.connect(self._rehearse)
        self.make = button(_("Write e-mails as files…"), "link", "mail", "make_emails")
        self.make.clicked.connect(self._emails)
        self.ways = ways_button(self, lambda: self.files.setChecked(True))
        self.files = button(_("Runs and files"), "link", "folder-open", "email_files")
        self.files.setCheckable(True)
        self.files.toggled.connect(lambda on: self.stack.setCurrentIndex(int(on)))
        self.busy_buttons = [self.make, self.ways, self.rehearse, self.send]
        card.body.addLayout(row(label(_("E-mails to send"), "second"), None, self.files, self.ways, self.make))
        card.body.addLayout(row(self.number, self.who_link(), None, self.rehearse, self.send))
        for each in self.job_widgets():
            card.body.addWidget(each)
        self.error.hide()
        return card

    # ---- what is read and shown --------------------------------------------------------------------------------

    def read(self, queries: Any, breach_id: BreachId, found: dict[str, Any]) -> dict[str, Any]:
        """Return the run, the arming, the server, and the rows of the chosen list."""
        runs = queries.open_runs(breach_id)
        ours = [b for b in found["batches"] if b.channel == "email" and b.state in ("sending", "sent", "stopped")]
        newest = run_to_show(queries, runs, ours, live_run(self._control))
        since = datetime.now(timezone.utc) - timedelta(minutes=MINUTES)
        return {
            "run": newest, "run_open": bool(runs), "mail_server": mail_server(queries),
            "arming": queries.arming(breach_id), "risk_assessed": queries.assessment(breach_id) is not None,
            "email_states": queries.email_counts(breach_id),
            "run_counts": queries.run_counts(newest.id) if newest is not None else {},
            "minutes": queries.handed_by_minute(newest.id, since) if newest is not None else {},
            "sender": (queries.setting("organisation") or {}).get("email", ""),
            "tried": reader(breach_id, self.lists.chosen)(queries),
        }  # fmt: skip

    def show_found(self, found: dict[str, Any]) -> None:
        """Show what the page read."""
        self._found = found
        self.lists.breach_id = self.breach_id
        waiting = found["waiting"]["email"]
        self.number.setText(number(waiting))
        ready, running = self.is_ready(found) and waiting > 0, self.office.live.running
        for each in (self.make, self.ways):
            each.setEnabled(ready and not running)
        self.rehearse.setEnabled(self.is_ready(found) and (waiting > 0 or found["run_open"]) and not running)
        self.send.setEnabled(self._may_send(found) and ready and not running)
        self.send.setToolTip("" if self.send.isEnabled() else _("What is still missing stands at the right"))
        text = _send_words(waiting)
        self.send.setText(f"{EN_SPACE}{text}")
        self.send.setAccessibleName(text)
        # One step forward: while a run rests, that is to go on with it.
        self.send.setVisible(waiting > 0 or not found["run_open"])
        states = found["email_states"]
        counts = {name: sum(states.get(s.value, 0) for s in own) for name, own in LISTS.items()}
        self.lists.show_lines(found["tried"], counts)
        self._show_run(found)
        if self._control is not None and not self._timer.isActive():
            self._timer.start()
        self._show_ways(found)
        super().show_found(found)

    def _may_send(self, found: dict[str, Any]) -> bool:
        armed, now = found["arming"], self.office.desk.clock.now()
        return found["mail_server"] is not None and bool(found["sender"]) and armed is not None and armed.holds(now)

    def _show_run(self, found: dict[str, Any]) -> None:
        live = live_run(self._control)
        batch = found["run"]
        self.run.setVisible(batch is not None)
        self.rates.setVisible(batch is not None)
        if batch is None:
            return
        batch = batch_shown(batch, found["batches"], live)
        if batch is None:
            # A run that began just now: its name comes with the next reading.
            self.stale.emit()
            return
        title = _("Run {number}: text version {version}").format(
            number=batch_ref(BatchId(batch.id)), version=self._version(found, batch.notice_id)
        )
        begun = _("Begun {when} by {name} · {server}").format(
            when=moment(batch.made_at), name=batch.made_by, server=batch.facts.get("server", "")
        )
        view = self._control.view if self._control is not None and self._control.view.batch_id else None
        running = self._control is not None
        shown = view or rest_view(figures(found["run_counts"]), batch.facts)
        if running and shown.protection:
            text = ngettext(
                "{begun} · {protection} · {lines} connection",
                "{begun} · {protection} · {lines} connections",
                shown.lines,
            )
            begun = text.format(begun=begun, protection=shown.protection, lines=shown.lines)
        self.run.show_run(title, begun, shown, running, self.office.live.while_locked)
        server: MailServer | None = found["mail_server"]
        self.rates.show_rates(found["minutes"], shown, server.limits.per_minute if server else 0)

    @staticmethod
    def _version(found: dict[str, Any], notice_id: int) -> str:
        return next((str(notice.version) for each, notice in found["notices"] if each == notice_id), "?")

    def checks(self, found: dict[str, Any]) -> list[Check]:
        """Return what must be right before e-mails leave."""
        return [*super().checks(found), *preflight(found, self.office.desk.clock.now(), self.office.desk.zone)]

    def _ways(self) -> Card:
        """Return the checks with the ways to the server and to the arming below them."""
        card = self.checks_card(_("Before sending"))
        self.server = button(_("Mail server…"), "", "settings", "mail_server")
        self.server.clicked.connect(lambda: ServerSheet(self.window(), self.office).open())
        self.arm = button(_("Arm for sending…"), "", "key", "arm")
        self.arm.clicked.connect(self._arm)
        self.disarm = button(_("Take the arming back"), "danger", "lock", "disarm")
        self.disarm.clicked.connect(self._disarm)
        self.disarm.hide()
        self.trial = trial_button(self)
        for each in (self.server, self.trial, self.arm, self.disarm):
            card.body.addWidget(each)
        return card

    def _show_ways(self, found: dict[str, Any]) -> None:
        armed, writes = found["arming"], not self.office.desk.read_only
        holds = armed is not None and armed.holds(self.office.desk.clock.now())
        self.server.setEnabled(writes)
        lacks = can_try(found)
        self.trial.setEnabled(writes and not lacks)
        self.trial.setToolTip(lacks)
        self.arm.setVisible(not holds)
        self.arm.setEnabled(writes and found["approved"] is not None)
        self.disarm.setVisible(holds and writes)

    def cells(self, b: Any) -> list[str]:
        """Return what a line says; a run that rests is not being sent."""
        cells = super().cells(b)
        return [*cells[:-1], run_state(b, live_run(self._control)) or cells[-1]]

    def chosen(self, b: Any) -> None:
        """Show the actions that an export allows."""
        self.sent.setVisible(bool(self._free and b is not None and b.state == "exported"))
        self.finish.setVisible(bool(self._free and can_finish(b)))
        if b is not None and b.state in ("sending", "sent", "stopped"):
            self.withdraw.hide()

    def _look(self) -> None:
        """Look at the run under way; the store is read anew now and then."""
        if self._found:
            self._show_run(self._found)
        self._looks += 1
        if self._looks % READ_EVERY == 0:
            self.stale.emit()

    # ---- arming and sending ------------------------------------------------------------------------------------

    def _arm(self) -> None:
        if self.breach_id is not None:
            ArmSheet(self.window(), self.office, self.breach_id).open()

    def _disarm(self) -> None:
        breach_id, desk = self.breach_id, self.office.desk
        if breach_id is not None:
            self.settle(lambda _p: disarm_breach(desk, breach_id))

    def _send(self) -> None:
        found, server = self._found, self._found.get("mail_server")
        if server is None or self.breach_id is None:
            return
        rests = found["run_counts"] if found["run_open"] else {}
        waits = sum(rests.get(s.value, 0) for s in (DeliveryState.QUEUED, DeliveryState.DEFERRED))
        count = found["waiting"]["email"] + waits
        desk = self.office.desk
        # Of what was found only this: the sheet may outlive the page, and no list of persons may.
        known = {name: found[name] for name in ("mail_server", "approved", "arming", "sender")}
        sheet = SendSheet(self.window(), count, lambda at: send_facts(known, count, desk.clock.now(), desk.zone, at))
        sheet.confirmed.connect(self._go)
        sheet.open()

    def _go(self, count: int | None, starts_at: datetime | None = None, while_locked: bool = False) -> None:
        desk, breach_id, server = self.office.desk, self.breach_id, self._found.get("mail_server")
        if breach_id is None:
            return
        if self.office.live.running:
            self._say(_("A run is under way; one at a time."))
            return
        if server is None:
            self._say(_("No mail server is set."))
            return
        control = RunControl()
        self._say("")
        job = self.office.runner.run(
            lambda progress: send_emails(
                desk, breach_id, server, count, control=control, starts_at=starts_at, progress=progress
            ),
            _("Sending"),
        )
        self.office.live.begin(job, control, breach_id, while_locked)
        self._looks = 0
        self._timer.start()
        self.stale.emit()

    def _ended(self, end: RunEnd) -> None:
        self._timer.stop()
        self.office.toast.emit(
            ngettext(
                "{accepted} of {planned} e-mail accepted", "{accepted} of {planned} e-mails accepted", end.planned
            ).format(accepted=number(end.counts["accepted"]), planned=number(end.planned))
        )
        reason, self.office.live.stop_reason = self.office.live.stop_reason, ""
        if reason and any(end.counts[name] for name in ("waiting", "deferred", "held")):
            desk, batch = self.office.desk, BatchId(self.office.live.stop_run)
            self.settle(lambda _p: stop_run(desk, batch, reason))

    def _broke(self, _error: BaseException) -> None:
        # The window says why, in its banner.
        self._timer.stop()
        self.stale.emit()

    def leaving(self) -> str:
        """Return what closing the window now would mean; "" while nothing is being sent."""
        control = self.office.live.control
        if control is None:
            return ""
        done = figures_of(control)
        return counted(
            "{count} is accepted. The rest waits and can go on later.",
            "{count} are accepted. The rest waits and can go on later.",
            done,
        )

    def _say(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))

    def failed(self, error: BaseException) -> None:
        """Say why work stopped."""
        super().failed(error)
        if self._rehearsing and isinstance(error, JobCancelled):
            self.error.setText(_("The rehearsal was stopped. Nothing was sent, and nobody moved."))
        self._rehearsing = False
        self.error.setVisible(bool(self.error.text()))

    def _act(self, what: str) -> None:
        """Pause, end, go on with, stop or release the run."""
        control, batch, desk = self._control, self._found.get("run"), self.office.desk
        if what == "pause" and control is not None:
            control.pause("officer")
        elif what == "resume":
            self._go(None)
        elif what == "token":
            sheet = TokenSheet(self.window(), self.office)
            sheet.renewed.connect(self._go_with)
            sheet.open()
        elif what in ("stop", "release") and batch is not None:
            asked = _("What was mended?") if what == "release" else self._stop_words()
            title = _("Release held ones") if what == "release" else _("Stop for good")
            reason, control = self.office.dialogs.text(self, title, asked), self._control
            if reason is None:
                return
            if not reason.strip():
                self._say(sentence(InputError("reason_needed")))
                return
            if what == "stop" and control is not None:
                live = self.office.live
                live.stop_reason, live.stop_run = reason, live_run(control) or batch.id
                control.pause("officer")
                return
            use = release_held if what == "release" else stop_run
            self.settle(lambda _p: use(desk, BatchId(batch.id), reason))

    def _stop_words(self) -> str:
        """Return what is asked before a run ends for good."""
        if self._control is None:
            return _("{handled}. Those who wait are open again. Why?").format(handled=self.run.done.text())
        return _("{handled}. The message in hand is finished first; those who wait are open again. Why?").format(
            handled=self.run.done.text()
        )

    def _go_with(self, server: MailServer) -> None:
        """Go on with another token than the one that was read last."""
        self._found["mail_server"] = server
        self._go(None)

    # ---- rehearsal ---------------------------------------------------------------------------------------------

    def _rehearse(self) -> None:
        desk, breach_id, server = self.office.desk, self.breach_id, self._found.get("mail_server")
        if breach_id is not None:
            self._rehearsing = True
            self.start(
                lambda progress: rehearse_emails(desk, breach_id, server, progress), _("Rehearsing"), self._rehearsed
            )

    def _rehearsed(self, found: Rehearsal) -> None:
        self._rehearsing = False
        self.stale.emit()
        RehearsalSheet(self.window(), self.office, found).open()

    # ---- lists and decisions -----------------------------------------------------------------------------------

    def _choose(self, figure: str) -> None:
        self.files.setChecked(False)
        self.lists.choose("held" if figure == "refused" and self._only_held() else figure)

    def _only_held(self) -> bool:
        states = self._found.get("email_states", {})
        refused = sum(states.get(s.value, 0) for s in LISTS["refused"])
        return not refused and bool(states.get(DeliveryState.HELD.value))

    def _list_wanted(self, _name: str) -> None:
        self.stale.emit()

    def _decide(self, token: str | None, how: str) -> None:
        """Resolve one, or ask what becomes of all."""
        desk, breach_id = self.office.desk, self.breach_id
        if breach_id is None:
            return
        if token is None:
            count = number(self.run_unknown())
            asked = _("Count all {count} as sent? Each stands in the trail as your decision.").format(count=count)
            if not self.office.dialogs.confirm(self, _("All of them"), asked, _("Count all as sent")):
                return
            self.settle(lambda _p: resolve_emails(desk, breach_id, Resolution.SENT, "", None))
            return
        reason = ""
        if how == Resolution.AGAIN.value:
            said = self.office.dialogs.text(self, _("Send again"), _("Why? The person may get the message twice."))
            if said is None:
                return
            reason = said
        self.settle(lambda _p: resolve_emails(desk, breach_id, Resolution(how), reason, [token]))

    def run_unknown(self) -> int:
        """Return how many e-mails of the breach have an unknown outcome."""
        return int(self._found.get("email_states", {}).get(DeliveryState.UNKNOWN.value, 0))

    # ---- files -------------------------------------------------------------------------------------------------

    def _emails(self) -> None:
        desk, breach_id = self.office.desk, self.breach_id
        folder = self.office.dialogs.folder(self, _("Where do the e-mails go?"))
        if folder is None or breach_id is None:
            return
        self.files.setChecked(True)
        self.start(
            lambda progress: export_emails(desk, breach_id, folder, progress=progress), _("Writing e-mails"),
            lambda made: self.office.toast.emit(
                ngettext("{count} e-mail written", "{count} e-mails written", made.planned).format(
                    count=number(made.planned)
                )
            ),
        )  # fmt: skip

    def _sent(self) -> None:
        b, desk = self.current(), self.office.desk
        answer = self.office.dialogs.text(self, _("Confirm as sent"), _("How many of them were sent? Type the number."), check=a_number)  # fmt: skip
        if b is None or answer is None:
            return
        self.settle(lambda _p: confirm_sent(desk, BatchId(b.id), int("".join(answer.split()))))
