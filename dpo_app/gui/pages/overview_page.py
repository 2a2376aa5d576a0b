"""Overview: clocks first, then when somebody was inside, who has been told, and the next steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from dpo_app.core.channel import Channel, ChannelReason
from dpo_app.core.deadline import authority_deadline
from dpo_app.core.delivery import Standing
from dpo_app.core.exposure import EXPOSURE_ORDER
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.next_steps import Step, next_steps, read_found
from dpo_app.gui.pages.page import Page
from dpo_app.gui.widgets.clock_card import ClockCard
from dpo_app.gui.widgets.painters import Disc
from dpo_app.gui.widgets.parts import Card, button, clear, label, row, rule, scrolling, sign
from dpo_app.gui.widgets.told_bar import ToldPanel
from dpo_app.gui.widgets.window_timeline import WindowTimeline
from dpo_app.gui.words import full_moment, number
from dpo_app.i18n import _, ngettext
from dpo_app.messages import word
from dpo_app.services.progress import Topic


class OverviewPage(Page):
    """The whole breach at a glance."""

    key = "overview"
    topics = frozenset({Topic.FACTS, Topic.PERSONS, Topic.PLAN, Topic.NOTICES, Topic.DELIVERIES, Topic.BREACHES})

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.authority = ClockCard(_("Authority, first notice"))
        self.persons = ClockCard(_("Persons, without undue delay"))
        self.timeline = WindowTimeline()
        self.told = ToldPanel()
        self.told.chosen.connect(lambda name: office.page_wanted.emit("persons", {"standing": name}))
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, theme.px(4), 0)
        grid.setSpacing(theme.px(12))
        clocks = QHBoxLayout()
        clocks.setSpacing(theme.px(12))
        clocks.addWidget(self.authority)
        clocks.addWidget(self.persons)
        grid.addLayout(clocks, 0, 0, 1, 2)
        left = QVBoxLayout()
        left.setSpacing(theme.px(12))
        for card in (self._timeline_card(), self._told_card(), self._lower()):
            left.addWidget(card)
        left.addStretch(1)
        grid.addLayout(left, 1, 0)
        grid.addWidget(self._next_card(), 1, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        grid.setRowStretch(1, 1)
        self.box.addWidget(scrolling(inner))
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(30_000)
        self._deadline: Any = None

    def _timeline_card(self) -> Card:
        link = button(_("Facts"), "link", name="to_facts")
        link.clicked.connect(lambda: self.office.page_wanted.emit("facts", None))
        card = Card(_("When somebody was inside"), link)
        card.body.addWidget(self.timeline)
        self.no_window = label(_("No window of intrusion yet. Record what you know, even if it is only a guess."), "second",
                               wrap=True)  # fmt: skip
        card.body.addWidget(self.no_window)
        return card

    def _told_card(self) -> Card:
        link = button(_("Open the list"), "link", "users", "to_persons")
        link.clicked.connect(lambda: self.office.page_wanted.emit("persons", None))
        card = Card(_("Who has been told"), link)
        self.in_scope = label("", "second")
        card.body.addWidget(self.in_scope)
        card.body.addWidget(self.told)
        return card

    def _lower(self) -> QWidget:
        holder = QWidget()
        box = row(space=12)
        holder.setLayout(box)
        self.exposure = Card(_("How surely exposed"))
        self.channels = Card(_("How they will be reached"))
        box.addWidget(self.exposure, 1)
        box.addWidget(self.channels, 1)
        self._exposure_rows, self._channel_rows = QVBoxLayout(), QVBoxLayout()
        self.exposure.body.addLayout(self._exposure_rows)
        self.channels.body.addLayout(self._channel_rows)
        for card in (self.exposure, self.channels):
            card.body.addStretch(1)
        return holder

    def _next_card(self) -> Card:
        card = Card(_("Next"))
        card.setFixedWidth(theme.px(300))
        self._steps = QVBoxLayout()
        self._steps.setSpacing(theme.px(8))
        card.body.addLayout(self._steps)
        return card

    def reload(self) -> None:
        """Read revision, counts, standings and what is to do."""
        breach_id = self.breach_id
        assert breach_id is not None

        self.office.read(lambda queries: read_found(queries, breach_id), self._show)

    def _show(self, found: dict[str, Any]) -> None:
        saved, standing = found["saved"], found["standing"]
        facts = saved.facts
        self._deadline = authority_deadline(facts.awareness.at)
        self._tick()
        share = standing.told / standing.in_scope if standing.in_scope else 0.0
        percent = _("{share} %").format(share=int(100 * share)) if standing.in_scope else "–"
        done = bool(standing.in_scope) and standing.told + standing.excused == standing.in_scope
        sentence = _("{told} of {all} persons in scope").format(
            told=number(standing.told), all=number(standing.in_scope)
        )
        since = _("Running since {when}").format(when=full_moment(facts.awareness.at))
        self.persons.set_share(percent, _("told"), sentence, share, done, since)
        self.timeline.set_windows(facts.windows)
        self.timeline.setVisible(bool(facts.windows))
        self.no_window.setVisible(not facts.windows)
        scope = ngettext("{count} person in scope", "{count} persons in scope", standing.in_scope)
        self.in_scope.setText(scope.format(count=number(standing.in_scope)))
        counts = {name: getattr(standing, name) for name in (each.value for each in Standing)}
        self.told.set_standings(counts, self._captions(standing))
        self._bars(self._exposure_rows, [(s.value, word(s), found["exposure"][s.value], True) for s in EXPOSURE_ORDER],
                   "exposure")  # fmt: skip
        self._bars(self._channel_rows, self._channel_bars(found["channel"]), "channel")
        self._show_steps(next_steps(found))

    def _tick(self) -> None:
        if self._deadline is not None:
            self.authority.set_deadline(self._deadline, self.office.desk.clock.now())

    @staticmethod
    def _captions(standing: Any) -> dict[str, str]:
        captions = {}
        for name, parts in standing.parts.items():
            if not parts:
                continue
            what, count = max(parts.items(), key=lambda item: item[1])
            text = word(ChannelReason(what)) if what in set(ChannelReason) else ""
            if not text:
                channel = what.partition(".")[0]
                text = {"email": _("e-mail"), "letter": _("letter")}.get(channel, channel)
            captions[name] = f"{text} {number(count)}"
        return captions

    @staticmethod
    def _channel_bars(counts: dict[str, int]) -> list[tuple[str, str, int, bool]]:
        return [(each.value, word(each), counts[each.value], False) for each in Channel]

    def _bars(self, box: QVBoxLayout, rows: list[tuple[str, str, int, bool]], kind: str) -> None:
        clear(box)
        total = max(1, sum(count for _n, _w, count, _d in rows))
        for name, text, count, with_disc in rows:
            line = row(space=8)
            if with_disc:
                line.addWidget(Disc(name))
            words = button(text, "link", name=f"{kind}_{name}")
            words.setFixedWidth(theme.px(130))
            words.clicked.connect(lambda _=False, k=kind, n=name: self.office.page_wanted.emit("persons", {k: n}))
            bar = QProgressBar()
            bar.setTextVisible(False)
            bar.setMaximum(total)
            bar.setValue(count)
            bar.setAccessibleName(f"{text}: {number(count)}")
            if with_disc and count:
                shades = bar.palette()
                shades.setColor(shades.ColorRole.Highlight, theme.color(f"{name}_fill"))
                bar.setPalette(shades)
            figure = label(number(count), "strong")
            figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            figure.setMinimumWidth(theme.px(64))
            line.addWidget(words)
            line.addWidget(bar, 1)
            line.addWidget(figure)
            box.addLayout(line)

    def _show_steps(self, steps: list[Step]) -> None:
        clear(self._steps)
        if not steps:
            self._steps.addWidget(label(_("Nothing waits for you now."), "second"))
        for place, step in enumerate(steps):
            if place:
                self._steps.addWidget(rule())
            mark = sign(step.icon, step.role, 18)
            words = QVBoxLayout()
            words.setSpacing(theme.px(2))
            words.addWidget(label(step.what, "strong", wrap=True))
            words.addWidget(label(step.why, "second", wrap=True))
            act = button(step.action, "primary" if place == 0 else "", name=f"step_{place}")
            act.clicked.connect(self._leads(step))
            words.addSpacing(theme.px(4))
            words.addWidget(act, 0, Qt.AlignmentFlag.AlignLeft)
            line = row(space=8)
            line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            line.addLayout(words, 1)
            self._steps.addLayout(line)

    def _leads(self, step: Step) -> Callable[[], None]:
        return lambda: self.office.page_wanted.emit(step.page, step.target)
