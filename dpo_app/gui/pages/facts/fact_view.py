"""The facts of a saved revision, group by group, as text: what is known, how far, from whom, and what is open."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from dpo_app.core.facts.breach import SavedRevision
from dpo_app.core.facts.differences import NAMED_LISTS, differences, facts_of
from dpo_app.core.facts.evidence import Evidence
from dpo_app.core.facts.fact_catalogue import FactGroup, FactKind, FactStanding, open_facts, standings
from dpo_app.core.facts.fact_choices import FactState
from dpo_app.gui import theme
from dpo_app.gui.pages.facts.revision_form import framed, group_of, scrolled_rail
from dpo_app.gui.widgets.fact_rail import FactRail
from dpo_app.gui.widgets.parts import Card, Chip, button, clear, label, row, rule, scrolling
from dpo_app.gui.widgets.window_timeline import WindowTimeline
from dpo_app.gui.words import day, full_moment, local, zone_name
from dpo_app.i18n import _, current
from dpo_app.messages import word
from dpo_app.messages.facts import FactWords

_TONES = {FactState.KNOWN: "ok", FactState.ESTIMATED: "info", FactState.NOT_YET_KNOWN: "warn",
          FactState.NOT_APPLICABLE: "not_exposed"}  # fmt: skip


class FactView(QWidget):
    """Rail and group. `evidence_wanted` asks to save (reference), add ("") or check ("*") evidence."""

    evidence_wanted = Signal(str)

    def __init__(self, read_only: bool) -> None:
        super().__init__()
        self._read_only, self._group = read_only, FactGroup.AWARENESS
        self._saved: SavedRevision | None = None
        self._evidence: list[Evidence] = []
        self.rail = FactRail()
        self.rail.chosen.connect(self._choose)
        self.card = Card(" ")
        self._body = QVBoxLayout()
        self.card.body.addLayout(self._body)
        self.card.body.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(12))
        line.addWidget(scrolled_rail(self.rail))
        line.addWidget(scrolling(framed(self.card)), 1)

    def show_revision(self, new: SavedRevision, old: SavedRevision | None, evidence: list[Evidence]) -> None:
        """Show a revision; `old` tells which groups it changed."""
        self._saved, self._evidence = new, evidence
        changed = {group_of(each.key) for each in differences(old.facts, new.facts)} if old else set()
        self.rail.set_states(open_facts(new.facts), {each for each in changed if each is not None})
        self._show()

    def show_group(self, group: FactGroup) -> None:
        """Go to a group."""
        self._group = group
        self._show()

    def _choose(self, key: str) -> None:
        self.show_group(FactGroup(key))

    def _show(self) -> None:
        clear(self._body)
        self.rail.show_group(self._group)
        if self._saved is None:
            return
        if self.card.heading is not None:
            self.card.heading.setText(word(self._group))
        facts = self._saved.facts
        if self._group is FactGroup.WINDOWS and facts.windows:
            picture = WindowTimeline()
            marks = [(local(facts.awareness.at).date(), _("aware"))]
            marks += [(local(each.at).date(), word(each.kind)) for each in facts.events[:3]]
            picture.set_windows(facts.windows, marks)
            self._body.addWidget(picture)
        if self._group is FactGroup.EVIDENCE:
            self._show_evidence()
            return
        words = FactWords(current(), zone_name(), _)
        first = True
        for each in standings(facts):
            if each.spec.group is not self._group or (each.state is None and not each.open):
                continue
            if not first:
                self._body.addWidget(rule())
            first = False
            self._fact(each, words)
        if first:
            self._body.addWidget(label(_("Nothing is recorded here, and nothing is demanded."), "second", wrap=True))

    def _fact(self, each: FactStanding, words: FactWords) -> None:
        top = row()
        top.addWidget(label(words.name(each.spec.key), "medium", wrap=True), 1)
        if each.open:
            top.addWidget(Chip(_("open"), "warn", "alert-triangle"))
        elif each.state is not None:
            top.addWidget(Chip(word(each.state), _TONES[each.state]))
        self._body.addLayout(top)
        for text in self._values(each, words):
            said = label(text, wrap=True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._body.addWidget(said)
        note = each.note
        if note is None:
            return
        parts = [_("source: {source}").format(source=note.source)] if note.source else []
        if note.reason:
            parts.append(note.reason)
        if note.due is not None:
            parts.append(_("by {day}").format(day=day(note.due)))
        line = row(space=6)
        if parts:
            line.addWidget(label(" · ".join(parts), "caption", wrap=True), 1)
        for ref in note.evidence:
            link = button(ref, "link", name=f"evidence_{ref}", tip=self._title(ref))
            link.clicked.connect(lambda _=False, r=ref: self.evidence_wanted.emit(r))
            line.addWidget(link)
        if not parts:
            line.addStretch(1)
        self._body.addLayout(line)

    def _values(self, each: FactStanding, words: FactWords) -> list[str]:
        if each.spec.kind is not FactKind.ROWS:
            return (
                [words.value(each.spec.key, each.value)] if each.state in (FactState.KNOWN, FactState.ESTIMATED) else []
            )
        assert self._saved is not None
        found: list[str] = []
        for key, value in facts_of(self._saved.facts).items():
            if key.startswith(f"{each.spec.key}."):
                name = (
                    words.name(key).partition(": ")[2]
                    if each.spec.key == "event"
                    else value[NAMED_LISTS[each.spec.key]]
                )
                found.append(f"{name.rstrip('.')}: {words.value(key, value)}")
        return found

    def _title(self, ref: str) -> str:
        return next((each.title or each.file_name for each in self._evidence if each.ref == ref), ref)

    def _show_evidence(self) -> None:
        add = button(_("Keep a file…"), "", "plus", "add_evidence")
        add.clicked.connect(lambda: self.evidence_wanted.emit(""))
        add.setEnabled(not self._read_only)
        check = button(_("Check all"), "", "shield-check", "verify_evidence")
        check.clicked.connect(lambda: self.evidence_wanted.emit("*"))
        check.setEnabled(bool(self._evidence) and not self._read_only)
        text = _("Files are kept encrypted in the store, each with its hash. They are never changed.")
        self._body.addWidget(label(text, "second", wrap=True))
        self._body.addLayout(row(add, check, None))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(16))
        grid.setVerticalSpacing(theme.px(6))
        for place, each in enumerate(self._evidence):
            self._file(grid, place, each)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 2)
        self._body.addLayout(grid)

    def _file(self, grid: QGridLayout, place: int, each: Evidence) -> None:
        named: Any = row(space=0)
        inner = QVBoxLayout()
        inner.setSpacing(0)
        inner.addWidget(label(each.title or each.file_name, "strong", wrap=True))
        source = f" · {each.source}" if each.source else ""
        inner.addWidget(label(f"{word(each.kind)}{source}", "caption", wrap=True))
        named.addLayout(inner)
        size = _("{size} kB, kept {when}").format(size=max(1, each.size // 1000), when=full_moment(each.added_at))
        digest = label(f"SHA-256 {each.sha256[:8]} {each.sha256[8:16]} …", "caption")
        digest.setToolTip(each.sha256)
        about = QVBoxLayout()
        about.setSpacing(0)
        about.addWidget(label(size, "caption", wrap=True))
        about.addWidget(digest)
        out = button(_("Save as…"), "link", name=f"save_{each.ref}")
        out.setAccessibleName(_("Save {evidence} as a file").format(evidence=each.ref))
        out.clicked.connect(lambda _=False, r=each.ref: self.evidence_wanted.emit(r))
        grid.addWidget(label(each.ref, "strong"), place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(named, place, 1)
        grid.addLayout(about, place, 2)
        grid.addWidget(out, place, 3, Qt.AlignmentFlag.AlignTop)
