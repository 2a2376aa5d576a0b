"""Overview: clocks first, then when somebody was inside, who has been told, and the next steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QProgressBar, QVBoxLayout, QWidget

from dpo_app.core.delivery import Standing
from dpo_app.core.facts.exposure import EXPOSURE_ORDER
from dpo_app.core.persons.channel import Channel, ChannelReason
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.overview.clock_sheet import ClockSheet
from dpo_app.gui.pages.overview.laws_sheet import LawsSheet
from dpo_app.gui.pages.overview.next_steps import Step, next_steps, read_found
from dpo_app.gui.pages.page import Page
from dpo_app.gui.widgets.clock_card import Share
from dpo_app.gui.widgets.clock_row import ClockRow, is_shown
from dpo_app.gui.widgets.painters import Disc
from dpo_app.gui.widgets.parts import Card, button, clear, label, row, rule, scrolling, sign
from dpo_app.gui.widgets.told_bar import ToldPanel
from dpo_app.gui.widgets.window_timeline import WindowTimeline
from dpo_app.gui.words import number
from dpo_app.i18n import _, ngettext
from dpo_app.messages import word
from dpo_app.services.clocks.clocks import Clocks
from dpo_app.services.progress import Topic

TICK_MS = 15_000
FOLDS_BELOW, WIDE_FROM, MOST_WIDTH = 900, 1100, 16_777_215
#: So many parts of a figure are named below it.
MOST_PARTS = 3
#: Of the next steps on a page that is not wide, and on one that is.
NEXT_WIDTH = (284, 320)


class OverviewPage(Page):
    """The whole breach at a glance."""

    key = "overview"
    topics = frozenset({Topic.FACTS, Topic.PERSONS, Topic.PLAN, Topic.NOTICES, Topic.DELIVERIES, Topic.BREACHES,
                        Topic.CLOCKS, Topic.SETTINGS})  # fmt: skip

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.laws = button(_("Laws and agreements"), "link", "scale", "laws")
        self.laws.clicked.connect(self.open_laws)
        self.clocks = ClockRow(self.laws, office.desk.clock.now)
        self.clocks.opened.connect(self.open_clock)
        self.clocks.reason_wanted.connect(lambda key: self.open_clock(key, at_reason=True))
        self.timeline = WindowTimeline()
        self.told = ToldPanel()
        self.told.chosen.connect(lambda name: office.page_wanted.emit("persons", {"standing": name}))
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, theme.px(4), 0)
        grid.setSpacing(theme.px(12))
        grid.addWidget(self.clocks, 0, 0, 1, 2)
        left = QVBoxLayout()
        left.setSpacing(theme.px(12))
        for card in (self._timeline_card(), self._told_card(), self._lower()):
            left.addWidget(card)
        left.addStretch(1)
        self._grid, self._left, self._next, self._narrow = grid, left, self._next_card(), False
        grid.addLayout(left, 1, 0)
        grid.addWidget(self._next, 1, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        grid.setRowStretch(1, 1)
        self.box.addWidget(scrolling(inner))
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)
        self._found: Clocks | None = None

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
        self._steps = QVBoxLayout()
        self._steps.setSpacing(theme.px(8))
        card.body.addLayout(self._steps)
        return card

    def reload(self) -> None:
        """Read revision, counts, standings and what is to do."""
        breach_id, office = self.breach_id, self.office
        assert breach_id is not None

        self.office.read(lambda queries: read_found(office.desk, queries, breach_id), self._show)

    def _show(self, found: dict[str, Any]) -> None:
        saved, standing = found["saved"], found["standing"]
        facts = saved.facts
        self._found = found["clocks"]
        now = self.office.desk.clock.now()
        shown = [each for each in found["clocks"].deadlines if is_shown(each, now)]
        share = Share(standing.told, standing.in_scope)
        self.clocks.set_clocks(shown, share, _("No law that is known here starts a clock for this breach."))
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
        self.clocks.tick()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.clocks.fit(self.width())
        narrow = self.width() < theme.px(FOLDS_BELOW)
        self._fold(narrow)
        wide = theme.px(NEXT_WIDTH[self.width() >= theme.px(WIDE_FROM)])
        self._next.setMinimumWidth(0 if narrow else wide)
        self._next.setMaximumWidth(MOST_WIDTH if narrow else wide)

    def _fold(self, narrow: bool) -> None:
        """Put the next steps beside the rest, or directly under the clocks where there is no room."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self._grid.removeWidget(self._next)
        self._grid.removeItem(self._left)
        self._grid.addLayout(self._left, 2 if narrow else 1, 0)
        self._grid.addWidget(self._next, 1, 0 if narrow else 1, Qt.AlignmentFlag.AlignTop)
        self._grid.setHorizontalSpacing(0 if narrow else theme.px(12))
        self._grid.setRowStretch(1, 0 if narrow else 1)
        self._grid.setRowStretch(2, 1 if narrow else 0)

    def show_target(self, target: object) -> None:
        """Open the arithmetic of a clock: {"clock": duty}, or {"reason": duty} to write why it was late."""
        if isinstance(target, dict) and self.breach_id is not None:
            key = target.get("clock") or target.get("reason")
            if isinstance(key, str):
                self.open_clock(key, at_reason="reason" in target)

    def open_clock(self, key: str, at_reason: bool = False) -> None:
        """Show how a deadline is counted, and take what starts or ends it."""
        if self.breach_id is not None:
            ClockSheet(self, self.office, self.breach_id, key, at_reason).open()

    def open_laws(self) -> None:
        """Show which laws apply, and the agreements with hours of their own."""
        if self.breach_id is not None:
            LawsSheet(self, self.office, self.breach_id).open()

    @staticmethod
    def _captions(standing: Any) -> dict[str, str]:
        return {name: caption_of(parts) for name, parts in standing.parts.items() if parts}

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
            bar.setMinimumWidth(theme.px(24))
            bar.setMaximum(total)
            bar.setValue(count)
            bar.setAccessibleName(f"{text}: {number(count)}")
            if with_disc:
                bar.setProperty("tone", name)
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


def caption_of(parts: dict[str, int]) -> str:
    """Return what a figure is made of: every channel with its number, or the commonest reason and the rest, so that the
    parts add up to the figure above them."""
    counts: Counter[str] = Counter()
    texts = {"email": _("e-mail"), "letter": _("letter"), "public": _("public notice")}
    for what, count in parts.items():
        if what in set(ChannelReason):
            counts[word(ChannelReason(what))] += count
        else:
            channel = what.partition(".")[0]
            counts[texts.get(channel, channel)] += count
    named = counts.most_common() if len(counts) <= MOST_PARTS else counts.most_common(MOST_PARTS - 1)
    said = [f"{text} {number(count)}" for text, count in named]
    if rest := counts.total() - sum(count for _text, count in named):
        said.append(_("others {count}").format(count=number(rest)))
    return " · ".join(said)
