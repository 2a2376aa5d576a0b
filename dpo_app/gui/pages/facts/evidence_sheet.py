"""Before a file is kept as evidence: what it is, who gave it, since when it is here."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from dpo_app.core.facts.evidence import EvidenceKind
from dpo_app.gui import theme
from dpo_app.gui.widgets.fact_editors import DayEditor, choice, line_edit
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.i18n import _


class EvidenceSheet(QDialog):
    """Asks for what a file is; `agreed` brings kind, title, source and day."""

    agreed = Signal(object, str, str, object)

    def __init__(self, parent: QWidget, path: Path) -> None:
        super().__init__(parent)
        self.setObjectName("evidence_sheet")
        self.setWindowTitle(_("Keep a file as evidence"))
        self.setMinimumWidth(theme.px(520))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(12))
        box.addWidget(label(_("Keep a file as evidence"), "title"))
        text = _("{file} is copied into the encrypted store and hashed. The file itself stays where it is.")
        box.addWidget(label(text.format(file=path.name), "second", wrap=True))
        self.kind = choice(EvidenceKind, EvidenceKind.INVESTIGATION_REPORT, "evidence_kind")
        self.title = line_edit("", name="evidence_title")
        self.source = line_edit("", name="evidence_source")
        self.received = DayEditor("", "evidence_received", _("no day"))
        grid = QGridLayout()
        rows = ((_("What it is"), self.kind), (_("Title"), self.title), (_("Who gave it"), self.source),
                (_("Received"), self.received))  # fmt: skip
        for place, (name, field) in enumerate(rows):
            field.setAccessibleName(name)
            grid.addWidget(label(name, "second"), place, 0)
            grid.addWidget(field, place, 1)
        grid.setColumnStretch(1, 1)
        box.addLayout(grid)
        back = button(_("Cancel"), name="evidence_cancel")
        back.clicked.connect(self.reject)
        go = button(_("Keep the file"), "primary", "device-floppy", "evidence_keep")
        go.clicked.connect(self._go)
        box.addLayout(row(None, back, go))

    def _go(self) -> None:
        iso = self.received.value()
        day = date.fromisoformat(iso) if iso else None
        self.agreed.emit(EvidenceKind(self.kind.currentData()), self.title.text(), self.source.text(), day)
        self.accept()
