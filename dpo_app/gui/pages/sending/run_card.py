"""A run of e-mails as it stands: how far it is, five figures that open their lists, rate, and the words of a pause."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from dpo_app.gui import theme
from dpo_app.gui.widgets.figure import Figure
from dpo_app.gui.widgets.painters import fill_pattern
from dpo_app.gui.widgets.parts import Card, button, clear, label, row, sign
from dpo_app.gui.widgets.rate_line import MINUTES, RateLine
from dpo_app.gui.words import duration, local, moment, number
from dpo_app.i18n import _, ngettext
from dpo_app.messages import explain_pause
from dpo_app.services.mail.sending_watch import RunView

#: figure: (state colour, pattern); waiting has none, it is what is left of the track.
LOOKS: dict[str, tuple[str, str]] = {
    "accepted": ("told", "solid"), "deferred": ("on_the_way", "broad"), "refused": ("open", "dots"),
    "unknown": ("unknown", "cross"), "waiting": ("", ""),
}  # fmt: skip
GAP, LEAST = 2.0, 5.0


def shown_figures(counts: dict[str, int]) -> dict[str, int]:
    """Return the five figures of the card: refused ones and held ones stand together."""
    refused = counts.get("rejected", 0) + counts.get("held", 0)
    return {name: refused if name == "refused" else counts.get(name, 0) for name in LOOKS}


class RunBar(QWidget):
    """The bar: parts with their patterns, waiting ones as the empty track."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.state.changed.connect(self.update)

    def set_counts(self, counts: dict[str, int]) -> None:
        """Show other figures."""
        self._counts = counts
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(theme.px(200), theme.px(22))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(theme.color("line_strong"))
        painter.setBrush(theme.color("sunken"))
        painter.drawRoundedRect(track, 4, 4)
        total = sum(self._counts.values())
        x = track.left()
        for name, (role, pattern) in LOOKS.items():
            count = self._counts.get(name, 0)
            if not count or not role:
                continue
            # Never full while one waits, never invisible while one is there.
            width = max(LEAST, track.width() * count / total - GAP)
            width = min(width, track.right() - x - (LEAST if self._counts.get("waiting") else 0))
            fill_pattern(painter, QRectF(x, track.top(), max(1.0, width), track.height()), role, pattern, 4)
            x += width + GAP


class RunCard(Card):
    """`chosen` names a figure; `act` one of pause, resume, stop, release, token; `lock_toggled` whether it goes on while locked."""

    chosen = Signal(str)
    act = Signal(str)
    lock_toggled = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.title, self.state = (
            label("", "heading", name="run_title"),
            label("", "second", wrap=True, name="run_state"),
        )
        # In the order they stand in: Pause gives way to Go on, and what ends the run keeps its place at the right.
        self.buttons = {
            "release": button(_("Release held ones…"), "", "lock-open", "run_release"),
            "token": button(_("Paste a new token…"), "", "key", "run_token"),
            "pause": button(_("Pause"), "", "clock-pause", "run_pause"),
            "resume": button(_("Go on"), "primary", "send", "run_resume"),
            "stop": button(_("Stop for good…"), "danger", "x", "run_stop"),
        }
        for name, each in self.buttons.items():
            each.clicked.connect(lambda _on=False, wanted=name: self.act.emit(wanted))
        words = QVBoxLayout()
        words.setSpacing(theme.px(2))
        words.addWidget(self.title)
        words.addWidget(self.state)
        head = QHBoxLayout()
        head.addLayout(words, 1)
        for each in self.buttons.values():
            head.addWidget(each, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self._pause = QVBoxLayout()
        self.body.addLayout(self._pause)
        self.share, self.done = label("", "figure", name="run_share"), label("", "second", name="run_done")
        self.ends = label("", "second", name="run_ends")
        self.body.addLayout(row(self.share, self.done, None, self.ends))
        self.bar = RunBar()
        self.body.addWidget(self.bar)
        names = {
            "accepted": _("Accepted"), "deferred": _("Deferred"), "refused": _("Refused"),
            "unknown": _("Unknown outcome"), "waiting": _("Waiting"),
        }  # fmt: skip
        self.figures = {name: Figure(f"run_{name}", text, *LOOKS[name]) for name, text in names.items()}
        line = QHBoxLayout()
        for name, figure in self.figures.items():
            figure.clicked.connect(lambda _on=False, wanted=name: self.chosen.emit(wanted))
            line.addWidget(figure)
        self.body.addLayout(line)
        self.locked = QCheckBox(while_locked_words())
        self.locked.setObjectName("run_while_locked")
        self.locked.toggled.connect(self.lock_toggled)
        self.body.addWidget(self.locked)
        self._said_pause = ("", "")

    def show_run(self, title: str, facts: str, view: RunView, running: bool, while_locked: bool = False) -> None:
        """Show a run: `view` of one under way, or one made from the store for one that rests."""
        self.title.setText(title)
        self.state.setText(facts)
        counts = shown_figures(view.counts)
        total, waits = view.total, counts["waiting"] + counts["deferred"]
        handled = total - waits - view.counts.get("cancelled", 0)
        stopped = not running and view.paused == "stopped"
        if not stopped:
            # Whose channel changed meanwhile left the run; of one that was stopped they are those who got nothing.
            total -= view.counts.get("cancelled", 0)
        self.share.setText(f"{100 * handled // total if total else 0} %")
        done = _("{done} of {total} handled, ended") if stopped else _("{done} of {total} handled")
        self.done.setText(done.format(done=number(handled), total=number(total)))
        self.ends.setText(self._end(view, waits) if running else "")
        # What an ended run did not come to stays empty track.
        self.bar.set_counts(counts | {"waiting": counts["waiting"] + total - handled - waits})
        captions = {
            "accepted": _("told"), "deferred": _("tried again by itself"),
            "refused": _("{held} of them held").format(held=number(view.counts["held"])) if view.counts.get("held")
            else _("go to letter"),
            "unknown": _("wait for you") if counts["unknown"] else _("none"), "waiting": _("in the queue"),
        }  # fmt: skip
        for name, figure in self.figures.items():
            figure.set_figure(counts[name], captions[name])
        held = bool(view.counts.get("held"))
        shown = {"pause": running, "resume": not running and waits > 0,
                 "stop": running or waits > 0, "release": not running and held,
                 "token": not running and view.paused == "token"}  # fmt: skip
        for name, each in self.buttons.items():
            each.setVisible(shown[name])
        self.locked.setVisible(running)
        self.locked.blockSignals(True)
        self.locked.setChecked(while_locked)
        self.locked.blockSignals(False)
        self._show_pause(view.paused if not running else "", view.said)

    def _end(self, view: RunView, waits: int) -> str:
        if view.state == "scheduled" and view.next_at is not None:
            return _("begins {when}").format(when=moment(view.next_at))
        if view.state == "closed" and view.next_at is not None:
            return _("outside the hours of sending: goes on {when}").format(when=moment(view.next_at))
        if view.state == "pacing" and view.next_at is not None:
            return _("waits for its limits until {when}").format(when=moment(view.next_at))
        if view.state == "retrying" and view.next_at is not None:
            return _("next try {when}").format(when=moment(view.next_at))
        if view.per_minute < 0.5:
            return connecting(view.no_answer) if view.state == "opening" else ""
        left = timedelta(minutes=waits / view.per_minute)
        when = moment(datetime.now(timezone.utc) + left)
        return _("done about {when}, in {time}").format(when=when, time=duration(left))

    def _show_pause(self, code: str, said: str) -> None:
        if (code, said) == self._said_pause:
            return
        self._said_pause = (code, said)
        clear(self._pause)
        if not code:
            return
        tone = "info" if code in ("officer", "locked", "stopped") else "warn"
        line = row(space=8)
        line.addWidget(
            sign("info-circle" if tone == "info" else "alert-triangle", tone, 18), 0, Qt.AlignmentFlag.AlignTop
        )
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(str(explain_pause(code)), "strong", wrap=True, name="run_paused"))
        if said:
            words.addWidget(label(said, "code", wrap=True, name="run_said"))
        line.addLayout(words, 1)
        self._pause.addLayout(line)


def while_locked_words() -> str:
    """Return the words of the tick that lets a run go on behind a locked window."""
    return _("Go on while locked: the keys stay in memory until the run has ended")


def connecting(no_answer: int) -> str:
    """Return how opening the lines goes, after so many tries that failed."""
    if not no_answer:
        return _("connecting")
    text = ngettext(
        "the mail server does not let us in: {count} try so far",
        "the mail server does not let us in: {count} tries so far", no_answer,
    )  # fmt: skip
    return text.format(count=number(no_answer))


class RateCard(Card):
    """Messages a minute, with the limit and what holds the run back."""

    def __init__(self) -> None:
        self.now = label("", "medium", tone="info", name="rate_now")
        super().__init__(_("Messages a minute"), self.now)
        self.line = RateLine()
        self.body.addWidget(self.line, 1)

    def show_rates(self, by_minute: dict[int, int], view: RunView, limit: int) -> None:
        """Show the half hour until now; `by_minute` is what the ledger counted."""
        now = datetime.now(timezone.utc)
        last = int(now.timestamp() // 60)
        rates = [by_minute.get(last - MINUTES + 1 + place, 0) for place in range(MINUTES)]
        first = f"{local(now - timedelta(minutes=MINUTES)):%H:%M}"
        self.line.set_rates(rates, limit, first, f"{local(now):%H:%M}")
        parts = [_("{count} now").format(count=number(round(view.per_minute)))]
        if limit:
            parts.append(_("limit {count}").format(count=number(limit)))
        if view.slowed:
            parts.append(_("the server asked to slow down"))
        self.now.setText(" · ".join(parts))


def rest_view(counts: dict[str, int], facts: dict[str, Any]) -> RunView:
    """Return the view of a run that rests, from the store."""
    return RunView(state="paused", counts=counts, paused=str(facts.get("paused", "")), said=str(facts.get("said", "")))
