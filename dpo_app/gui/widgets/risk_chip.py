"""The risk of the open breach in the header: level in words, whether it still fits the facts; pressed, it opens the risk."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QSizePolicy

from dpo_app.core.risk.risk import Assessment, RiskLevel
from dpo_app.gui import theme
from dpo_app.gui.widgets.parts import EN_SPACE
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.messages.risk import CHIPS, points

_TONES = {RiskLevel.LOW: "ok", RiskLevel.MEDIUM: "warn", RiskLevel.HIGH: "danger", RiskLevel.VERY_HIGH: "danger"}


class RiskChip(QPushButton):
    """A button in the tint of the level; never the colour alone."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("risk_chip")
        self.setProperty("kind", "chip")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_risk(self, kept: Assessment | None, revision_id: int) -> None:
        """Show the newest assessment, or that there is none."""
        if kept is None:
            text, tone, more = _("Risk not assessed"), "warn", _("Opens the assessment of the risk")
        else:
            old = kept.revision_id != revision_id
            text = _(CHIPS[kept.level])
            if old:
                text = _("{risk}, on revision {number}").format(risk=text, number=kept.revision)
            tone = "warn" if old else _TONES[kept.level]
            more = f"{points(kept.quarters)}, {word(kept.level)}. {word(kept.decided)}"
        self.setIcon(theme.icon("scale", tone, 14))
        self.setText(f"{EN_SPACE}{text}")
        self.setToolTip(more)
        self.setAccessibleName(text)
        self.setAccessibleDescription(more)
        theme.set_state(self, "tone", tone)
