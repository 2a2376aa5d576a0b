"""The draft of a revision: every fact of a breach in its group, with state, source and evidence; nothing counts yet."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dpo_app.core.errors import DpoError
from dpo_app.core.facts.breach import Revision
from dpo_app.core.facts.breach_document import document_from_revision, revision_from_document
from dpo_app.core.facts.differences import differences
from dpo_app.core.facts.evidence import Evidence
from dpo_app.core.facts.exposure import Certainty, Window
from dpo_app.core.facts.fact_catalogue import BY_KEY, CATALOGUE, FactGroup, FactKind, open_facts, value_at
from dpo_app.core.facts.fact_check import check_facts
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.facts.fact_rows import RowsEditor
from dpo_app.gui.widgets.fact_editors import editor_for, line_edit, moment_edit, moment_of
from dpo_app.gui.widgets.fact_field import FactField
from dpo_app.gui.widgets.fact_rail import FactRail
from dpo_app.gui.widgets.parts import Card, button, label, row, rule, scrolling
from dpo_app.gui.widgets.window_timeline import WindowTimeline
from dpo_app.gui.words import zone_name
from dpo_app.i18n import _, current
from dpo_app.messages import explain, word
from dpo_app.messages.facts import FactWords

__all__ = ["RevisionForm", "line_edit", "moment_edit", "moment_of"]
#: The rail follows what is typed after this pause.
PAUSE_MS = 250


def group_of(key: str) -> FactGroup | None:
    """Return the group of a fact, of an item of a list, or of what is said about a fact."""
    own = key.removeprefix("fact.")
    while own:
        if own in BY_KEY:
            return BY_KEY[own].group
        own = own.rpartition(".")[0]
    return None


class RevisionForm(QWidget):
    """All facts of one revision; emits the finished revision or that it was given up. Groups are made at their first
    visit: what was not visited stays as it was."""

    finished = Signal(object)
    given_up = Signal()

    def __init__(self, facts: Revision, office: Office, evidence: list[Evidence] | None = None) -> None:
        super().__init__()
        self._old, self._evidence = facts, evidence or []
        self._document = document_from_revision(facts)
        self._fields: dict[str, FactField] = {}
        self._words = FactWords(current(), zone_name(), _)
        self.rail = FactRail()
        self.rail.chosen.connect(self.show_group)
        self.pages = QStackedWidget()
        self._made: dict[FactGroup, QWidget] = {}
        self.timeline: WindowTimeline | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stamps())
        middle = QHBoxLayout()
        middle.setSpacing(theme.px(12))
        middle.addWidget(scrolled_rail(self.rail))
        middle.addWidget(self.pages, 1)
        box.addLayout(middle, 1)
        box.addLayout(self._foot())
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PAUSE_MS)
        self._later.timeout.connect(self._follow)
        self.show_group(FactGroup.AWARENESS)
        self._follow()

    def _stamps(self) -> Card:
        card = Card()
        self.known = moment_edit(None, "known_as_of")
        self.known.setAccessibleName(_("Known as of"))
        self.source = line_edit("", name="source")
        self.source.setPlaceholderText(_("Who says so: a report, a person, a date"))
        self.source.setAccessibleName(_("Source"))
        card.body.addLayout(
            row(label(_("Known as of"), "second"), self.known, 12, label(_("Source"), "second"), self.source)
        )
        return card

    def _foot(self) -> QHBoxLayout:
        self.error = label("", "error", wrap=True, name="form_error")
        cancel = button(_("Cancel"), name="form_cancel")
        save = button(_("Save revision…"), "primary", "device-floppy", "form_save")
        cancel.clicked.connect(self.given_up)
        save.clicked.connect(self._finish)
        foot = QHBoxLayout()
        foot.addWidget(self.error, 1)
        foot.addWidget(cancel)
        foot.addWidget(save)
        return foot

    def show_group(self, key: str) -> None:
        """Show a group; it is made when it is first asked for."""
        group = FactGroup(key)
        if group not in self._made:
            self._made[group] = self._group(group)
            self.pages.addWidget(self._made[group])
        self.pages.setCurrentWidget(self._made[group])
        self.rail.show_group(group)

    def _group(self, group: FactGroup) -> QWidget:
        card = Card(word(group))
        if group is FactGroup.WINDOWS:
            self.timeline = WindowTimeline()
            card.body.addWidget(self.timeline)
        if group is FactGroup.EVIDENCE:
            text = _(
                "Files are added on the page, outside a draft: what is kept there can be named under each fact here."
            )
            card.body.addWidget(label(text, "second", wrap=True))
        notes = {each["key"]: each for each in self._document["fact"]}
        specs = [spec for spec in CATALOGUE if spec.group is group]
        for place, spec in enumerate(specs):
            value, name = value_at(self._document, spec.key), spec.key.replace(".", "_")
            editor = RowsEditor(value, spec.key) if spec.kind is FactKind.ROWS else editor_for(spec, value, name)
            field = FactField(spec, self._words.name(spec.key), editor, notes.get(spec.key), self._evidence,
                              spec.demanded(self._old))  # fmt: skip
            field.changed.connect(lambda: self._later.start())
            self._fields[spec.key] = field
            if place:
                card.body.addWidget(rule())
            card.body.addWidget(field)
        card.body.addStretch(1)
        area = scrolling(framed(card))
        if group is FactGroup.WINDOWS:
            self._draw()
        return area

    def document(self) -> dict[str, Any]:
        """Return what the form states, in the shape of a revision's document."""
        document = {
            name: dict(value) if isinstance(value, dict) else value for name, value in self._document.items()
        } | {"known_as_of": moment_of(self.known), "source": self.source.text()}  # fmt: skip
        notes = {each["key"]: each for each in self._document["fact"]}
        for key, field in self._fields.items():
            outer, _dot, last = key.rpartition(".")
            (document[outer] if outer else document)[last] = field.value()
            note = field.note()
            if note is None:
                notes.pop(key, None)
            else:
                notes[key] = note
        order = list(BY_KEY)
        document["fact"] = sorted(notes.values(), key=lambda each: order.index(each["key"]))
        return document

    def _follow(self) -> None:
        """Let rail and timeline say how the draft stands; one that cannot be read leaves the rail as it is."""
        self._draw()
        document = self.document()
        document["source"] = document["source"] or "-"
        try:
            facts = revision_from_document(document)
        except DpoError:
            return
        changed = {group_of(each.key) for each in differences(self._old, facts)}
        self.rail.set_states(open_facts(facts), {each for each in changed if each is not None})

    def _draw(self) -> None:
        if self.timeline is not None and "window" in self._fields:
            self.timeline.set_windows(windows_of(self._fields["window"].value()), old=self._old.windows)

    def _finish(self) -> None:
        try:
            facts = revision_from_document(self.document())
            check_facts(facts)
        except DpoError as error:
            self.show_error(error)
            return
        self.error.setText("")
        self.finished.emit(facts)

    def show_error(self, error: BaseException) -> None:
        """Say what is wrong at the foot of the form and at the field, and go there."""
        if not isinstance(error, DpoError):
            self.error.setText(type(error).__name__)
            return
        self.error.setText(str(explain(error)))
        key = re.sub(r"\[\d+\].*$", "", str(error.facts.get("key") or error.facts.get("field", "")))
        if key in ("source", "known_as_of"):
            (self.source if key == "source" else self.known).setFocus()
            return
        while key and key not in BY_KEY:
            key = key.rpartition(".")[0]
        if key:
            self.show_group(BY_KEY[key].group)
            self._fields[key].show_error(explain(error).what)


def framed(card: Card) -> QWidget:
    """Return a card in a widget of its own: what a scroll area holds is painted without a ground."""
    outer = QWidget()
    box = QVBoxLayout(outer)
    box.setContentsMargins(0, 0, theme.px(6), 0)
    box.addWidget(card)
    return outer


def scrolled_rail(rail: FactRail) -> QWidget:
    """Return the rail in a narrow scroll area: small windows show it all the same."""
    area = scrolling(rail)
    area.setFixedWidth(rail.width() + theme.px(8))
    rail.widened.connect(lambda width: area.setFixedWidth(width + theme.px(8)))
    return area


def windows_of(rows: list[dict[str, Any]]) -> tuple[Window, ...]:
    """Return the windows that can be drawn: those whose days follow each other."""
    found = []
    for each in rows:
        first = date.fromisoformat(each["from"]) if each["from"] else None
        last = date.fromisoformat(each["to"]) if each["to"] else None
        if first is not None and (last is None or last >= first):
            found.append(Window(each["name"] or "–", first, last, Certainty(each["intrusion"]),
                                Certainty(each["disclosure"]), bool(each["identifiable"]), each["note"]))  # fmt: skip
    return tuple(found)
