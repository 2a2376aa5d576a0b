"""One fact on the form: name, how far it is known, its value, and under it source, evidence, and why it is open."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QVBoxLayout, QWidget

from dpo_app.core.facts.breach import Cause
from dpo_app.core.facts.evidence import Evidence
from dpo_app.core.facts.fact_catalogue import FactKind, FactSpec, Need, is_empty
from dpo_app.core.facts.fact_choices import FactState
from dpo_app.gui import theme
from dpo_app.gui.widgets.fact_editors import CountEditor, DayEditor, Editor, line_edit
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.gui.widgets.segment import Segment
from dpo_app.i18n import _

#: Facts that are always known: without them there is no breach to speak of.
ALWAYS = frozenset({"title", "reference", "controller", "awareness.at", "awareness.correction", "note"})
NOTHING: dict[FactKind, Any] = {
    FactKind.CHOICES: [], FactKind.TEXTS: [], FactKind.ROWS: [], FactKind.COUNTS: {},
    FactKind.COUNT: {"basis": "unknown"}, FactKind.FLAG: False,
}  # fmt: skip
_OPEN = (FactState.NOT_YET_KNOWN.value, FactState.NOT_APPLICABLE.value)


def nothing(spec: FactSpec) -> Any:
    """Return the value that says nothing."""
    return Cause.UNKNOWN.value if spec.key == "nature.cause" else NOTHING.get(spec.kind, "")


class FactField(QFrame):
    """A row of the form. `changed` tells that value or state is another one."""

    changed = Signal()

    def __init__(self, spec: FactSpec, name: str, editor: Editor, note: dict[str, Any] | None,
                 evidence: list[Evidence], demanded: bool) -> None:  # fmt: skip
        super().__init__()
        self.spec, self.editor = spec, editor
        self.setObjectName(f"fact_{spec.key.replace('.', '_')}")
        said = note or {}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, theme.px(4), 0, theme.px(8))
        box.setSpacing(theme.px(4))
        top = row(space=6)
        top.addWidget(label(name, "medium", wrap=True), 1)
        if demanded and spec.need is not Need.OPTIONAL:
            top.addWidget(label(_("demanded"), "caption"))
        self.state = Segment(_states(), self._first_state(said), f"state_{spec.key.replace('.', '_')}", name)
        self.state.chosen.connect(self._chosen)
        self.state.setVisible(spec.key not in ALWAYS)
        top.addWidget(self.state)
        box.addLayout(top)
        editor.setAccessibleName(name)
        editor.changed.connect(self._edited)
        box.addWidget(editor)
        self.error = label("", "error", wrap=True)
        self.error.hide()
        box.addWidget(self.error)
        box.addWidget(self._under(said, evidence))
        self._show_parts()

    def _first_state(self, said: dict[str, Any]) -> str:
        if said:
            return str(said["state"])
        value = self.editor.value()
        if is_empty(value) or value == nothing(self.spec):
            return ""
        estimated = isinstance(self.editor, CountEditor) and value.get("basis") == "estimate"
        return FactState.ESTIMATED.value if estimated else FactState.KNOWN.value

    def _under(self, said: dict[str, Any], evidence: list[Evidence]) -> QWidget:
        """Return what stands under the value: source and evidence, and why a fact is not yet known."""
        stem = self.spec.key.replace(".", "_")
        self.source = line_edit(said.get("source", ""), name=f"source_{stem}")
        self.source.setPlaceholderText(_("Source of this fact"))
        self.source.setAccessibleName(_("Source of this fact"))
        self.source.textEdited.connect(lambda _text: self.changed.emit())
        self.refs = line_edit(", ".join(said.get("evidence", [])), 110, f"evidence_{stem}")
        self.refs.setPlaceholderText(_("Evidence"))
        self.refs.setToolTip("\n".join(f"{each.ref}  {each.title or each.file_name}" for each in evidence))
        self.refs.textEdited.connect(lambda _text: self.changed.emit())
        pick = QComboBox()
        pick.setObjectName(f"pick_{stem}")
        pick.setAccessibleName(_("Add evidence"))
        pick.addItem(_("Add evidence"), "")
        for each in evidence:
            pick.addItem(f"{each.ref}  {each.title or each.file_name}"[:50], each.ref)
        pick.activated.connect(lambda _place: self._pick(pick))
        pick.setVisible(bool(evidence))
        self.reason = line_edit(said.get("reason", ""), name=f"reason_{stem}")
        self.reason.setPlaceholderText(_("Why it is not yet known"))
        self.reason.setAccessibleName(_("Why it is not yet known"))
        self.reason.textEdited.connect(lambda _text: self.changed.emit())
        self.due = DayEditor(said.get("due", ""), f"due_{stem}", _("no date"))
        self.due.changed.connect(self.changed)
        self._why = QWidget()
        self._why.setLayout(row(self.reason, label(_("by"), "caption"), self.due))
        self._origin = QWidget()
        self._origin.setLayout(row(self.source, self.refs, pick))
        self._more = button(_("Source and evidence"), "link", name=f"more_{stem}")
        self._more.clicked.connect(self._open_origin)
        self._opened = bool(said.get("source") or said.get("evidence"))
        whole = QWidget()
        inner = QVBoxLayout(whole)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.px(4))
        inner.addWidget(self._why)
        inner.addWidget(self._origin)
        inner.addLayout(row(self._more, None))
        return whole

    def _pick(self, box: QComboBox) -> None:
        ref = str(box.currentData())
        known = self._refs()
        if ref and ref not in known:
            self.refs.setText(", ".join([*known, ref]))
            self.changed.emit()
        box.setCurrentIndex(0)

    def _open_origin(self) -> None:
        self._opened = True
        self._show_parts()
        self.source.setFocus()

    def _refs(self) -> list[str]:
        return [each.strip().upper() for each in self.refs.text().split(",") if each.strip()]

    def _chosen(self, _state: str) -> None:
        self._show_parts()
        self.changed.emit()

    def _edited(self) -> None:
        if self.state.value() not in (FactState.KNOWN.value, FactState.ESTIMATED.value):
            self.state.set_value(FactState.KNOWN.value)
            self._show_parts()
        self.error.hide()
        self.changed.emit()

    def _show_parts(self) -> None:
        state = self.state.value()
        self.editor.setEnabled(state not in _OPEN)
        self._why.setVisible(state == FactState.NOT_YET_KNOWN.value)
        can = self.spec.key not in ALWAYS
        self._origin.setVisible(can and self._opened)
        self._more.setVisible(can and not self._opened)

    def value(self) -> Any:
        """Return the value for the document; one that is open says nothing."""
        return nothing(self.spec) if self.state.value() in _OPEN else self.editor.value()

    def note(self) -> dict[str, Any] | None:
        """Return what is said besides the value, or None if the value says it all."""
        state = self.state.value()
        source, refs = self.source.text().strip(), self._refs()
        value = self.value()
        empty = is_empty(value) or value == nothing(self.spec)
        if not state or (state not in _OPEN and empty):
            return None
        waits = state == FactState.NOT_YET_KNOWN.value
        if state == self._first_state({}) and not (source or refs):
            return None
        return {
            "key": self.spec.key, "state": state, "source": source, "evidence": refs,
            "reason": self.reason.text().strip() if waits else "", "due": self.due.value() if waits else "",
        }  # fmt: skip

    def show_error(self, text: str) -> None:
        """Say under the value what is wrong with it."""
        self.error.setText(text)
        self.error.show()


def _states() -> list[tuple[str, str]]:
    """Return the four states with their short words; the long ones are in the accessible name's fact."""
    return [
        (FactState.KNOWN.value, _("Known")), (FactState.ESTIMATED.value, _("Est.")),
        (FactState.NOT_YET_KNOWN.value, _("Not yet")), (FactState.NOT_APPLICABLE.value, _("n/a")),
    ]  # fmt: skip
