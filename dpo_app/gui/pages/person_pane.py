"""One person beside the list: standing, exposure and why, contact data, messages, decisions."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from dpo_app.core.audit import AuditAction
from dpo_app.core.channel import Channel, ChannelReason
from dpo_app.core.delivery import DeliveryState, Standing
from dpo_app.core.exposure import ExposureReason, ExposureState
from dpo_app.core.ids import BreachId, PersonId, grouped
from dpo_app.core.intake import ProblemCode
from dpo_app.core.national_id import masked
from dpo_app.core.partial_date import parse_partial
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.painters import CHANNEL_ICONS, STANDING_ICONS, Disc
from dpo_app.gui.widgets.parts import Banner, Card, ElidingLabel, button, clear, label, row, rule, scrolling, sign
from dpo_app.gui.widgets.window_timeline import WindowTimeline
from dpo_app.gui.words import moment
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.services.lines import DeliveryLine, PersonView
from dpo_app.services.manage_store import decide, note, view_person


class PersonPane(Card):
    """The pane. The national id is masked until *Show* is held; showing is an entry of the trail."""

    closed = Signal()

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.setMinimumWidth(theme.px(340))
        self.setMaximumWidth(theme.px(520))
        self.name = ElidingLabel("", "title")
        shut = button("", "quiet", "x", "pane_close", _("Close"))
        shut.clicked.connect(self.closed)
        self.second = label("", "second")
        top = QHBoxLayout()
        top.addWidget(self.name, 1)
        top.addWidget(shut)
        self.body.addLayout(top)
        self.body.addWidget(self.second)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, theme.px(4), 0)
        self._column.setSpacing(theme.px(8))
        self.body.addWidget(scrolling(inner), 1)
        self.more = button(_("Decide…"), "", "user-exclamation", "pane_more")
        self.more.setMenu(self._menu())
        self.more.setEnabled(not office.desk.read_only)
        self.body.addLayout(row(self.more, None))
        self._person: PersonView | None = None
        self._revision: Any = None

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for state in ExposureState:
            text = _("Overrule exposure: {state}").format(state=word(state))
            menu.addAction(text, partial(self._decide, "exposure", state.value))
        menu.addSeparator()
        for channel in (Channel.EMAIL, Channel.LETTER, Channel.PUBLIC, Channel.OFFICER):
            text = _("Change channel: {channel}").format(channel=word(channel))
            menu.addAction(text, partial(self._decide, "channel", channel.value))
        menu.addSeparator()
        menu.addAction(_("Excuse with a reason…"), lambda: self._decide("excuse", "excused"))
        return menu

    def _decide(self, kind: str, value: str) -> None:
        person, desk = self._person, self.office.desk
        if person is None:
            return
        reason = self.office.dialogs.text(self, _("Reason"), _("Why? It stands in the audit trail, so name nobody."))
        if reason is None:
            return
        ids = [PersonId(person.id)]
        job = self.office.do(
            lambda _p: decide(desk, BreachId(person.breach_id), ids, kind, value, reason),
            None,
            _("Keeping the decision"),
        )
        job.done.connect(lambda _r: self.open_person(person.id, self._revision))

    def open_person(self, person_id: int, revision_id: Any) -> None:
        """Show a person under a revision."""
        desk = self.office.desk
        self._revision = revision_id

        def work(_progress: Any) -> tuple[PersonView, Any, list[DeliveryLine]]:
            view = view_person(desk, PersonId(person_id), revision_id)
            with desk.read() as queries:
                return view, queries.revision(revision_id).facts, queries.person_deliveries(PersonId(person_id))

        self.office.do(work, lambda found: self._show(*found))

    def _show(self, view: PersonView, facts: Any, deliveries: list[DeliveryLine]) -> None:
        self._person = view
        line = view.line
        self.name.set_whole(f"{line.given_names} {line.family_name}".strip() or grouped(line.code))
        born = _("born {year}").format(year=line.birth_year) if line.birth_year else ""
        self.second.setText(" · ".join(filter(None, (grouped(line.code), born, line.language))))
        clear(self._column)
        self._care(view)
        self._standing(view)
        self._exposure(view, facts)
        self._column.addWidget(rule())
        self._contact(view)
        self._column.addWidget(rule())
        self._messages(view, deliveries)
        self._column.addStretch(1)

    def _care(self, view: PersonView) -> None:
        line = view.line
        if line.protected:
            self._column.addWidget(Banner("warn", _("Protected address."), _("Never in a batch, a list or an export. You "
                                          "write to this person one by one."), closable=False))  # fmt: skip
        if line.deceased:
            self._column.addWidget(Banner("info", _("Deceased."), _("You decide whether the estate is told."),
                                          closable=False))  # fmt: skip
        if line.age is not None and line.age < 18:
            self._column.addWidget(Banner("info", _("{age} years old.").format(age=line.age),
                                          _("Under 15 the guardians are told."), closable=False))  # fmt: skip

    def _standing(self, view: PersonView) -> None:
        line = view.line
        box = QFrame()
        box.setProperty("tint", {"told": "ok", "open": "warn"}.get(line.standing, "info"))
        inner = QHBoxLayout(box)
        if line.standing:
            icon, filled = STANDING_ICONS[line.standing]
            mark = sign(icon, line.standing, 20, filled)
            inner.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            what = word(Standing(line.standing))
        else:
            what = _("Nothing is owed")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(what, "strong"))
        if line.last_at is not None:
            words.addWidget(label(f"{word(DeliveryState(line.last_state))}, {moment(line.last_at)}", "second"))
        elif line.channel_reason:
            words.addWidget(label(word(ChannelReason(line.channel_reason)), "second", wrap=True))
        inner.addLayout(words, 1)
        self._column.addWidget(box)

    def _exposure(self, view: PersonView, facts: Any) -> None:
        if not view.line.exposure:
            self._column.addWidget(label(_("The plan is not worked out yet."), "second"))
            return
        state = ExposureState(view.line.exposure)
        text = _("Exposure: {state}").format(state=word(state))
        self._column.addLayout(row(Disc(state.value), label(text, "strong"), None, space=6))
        why = word(ExposureReason(view.exposure_reason)) + "."
        names = [w.name for place, w in enumerate(facts.windows) if view.windows >> place & 1]
        if names:
            why += " " + _("Windows: {names}.").format(names=", ".join(names))
        self._column.addWidget(label(why, "second", wrap=True))
        picture = WindowTimeline(small=True)
        picture.set_windows(facts.windows)
        first, last = parse_partial(view.registered), parse_partial(view.removed)
        picture.set_stay(first.earliest if first else None, last.latest if last else None)
        if facts.windows:
            self._column.addWidget(picture)

    def _contact(self, view: PersonView) -> None:
        self._column.addWidget(label(_("Contact"), "strong"))
        address = view.address
        post = ", ".join(filter(None, (address.care_of, address.street,
                                       f"{address.postcode} {address.town}".strip(), address.country)))  # fmt: skip
        rows = [(_("E-mail"), view.email or "–"), (_("Post"), post or "–"), (_("Telephone"), view.phone or "–"),
                (_("Customer number"), view.customer_number or "–")]  # fmt: skip
        grid = QGridLayout()
        for place, (name, value) in enumerate(rows):
            grid.addWidget(label(name, "second"), place, 0, Qt.AlignmentFlag.AlignTop)
            text = label(value, wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(text, place, 1)
        grid.setColumnStretch(1, 1)
        if view.national_id:
            self._national_id(grid, len(rows), view)
        self._column.addLayout(grid)
        for code in view.noted:
            if code in set(ProblemCode):
                self._column.addWidget(label("⚠ " + word(ProblemCode(code)), "caption"))

    def _national_id(self, grid: QGridLayout, place: int, view: PersonView) -> None:
        value = label(masked(view.national_id))
        eye = button("", "quiet", "eye", "show_id", _("Hold to show"))
        desk = self.office.desk

        def shown() -> None:
            value.setText(view.national_id)
            self.office.do(lambda _p: note(desk, AuditAction.ID_SHOWN))

        eye.pressed.connect(shown)
        eye.released.connect(lambda: value.setText(masked(view.national_id)))
        grid.addWidget(label(_("National id"), "second"), place, 0)
        line = row(value, eye, None, space=4)
        grid.addLayout(line, place, 1)

    def _messages(self, view: PersonView, deliveries: list[DeliveryLine]) -> None:
        self._column.addWidget(label(_("Messages and events"), "strong"))
        for each in deliveries:
            mark = sign(CHANNEL_ICONS[each.channel], "text_2", 18)
            words = QVBoxLayout()
            words.setSpacing(0)
            title = _("{channel}, notice version {version}").format(
                channel=word(Channel(each.channel)), version=each.notice_version
            )
            words.addWidget(label(title, "medium"))
            what = f"{word(DeliveryState(each.state))}, {moment(each.state_at)} · {grouped(each.token)}"
            words.addWidget(label(what, "caption", wrap=True))
            line = row(space=8)
            line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            line.addLayout(words, 1)
            self._column.addLayout(line)
        for decision in view.decisions:
            who = f"{decision.reason} ({decision.decided_by}, {moment(decision.decided_at)})"
            self._column.addWidget(label(who, "caption", wrap=True))
        came = _("Came in with import I{number}, row {row}").format(number=view.import_id, row=view.row_number)
        self._column.addWidget(label(came, "caption"))
