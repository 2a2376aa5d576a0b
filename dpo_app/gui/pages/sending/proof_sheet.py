"""Letters worth looking at before all are made, each under its envelope."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QDialog, QVBoxLayout, QWidget

from dpo_app.core.errors import DpoError
from dpo_app.core.ids import BreachId, PersonId, grouped
from dpo_app.core.letters.layout import Layout
from dpo_app.core.letters.letter import Proof
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.envelope_picture import EnvelopePicture
from dpo_app.gui.widgets.flow_layout import FlowLayout
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.i18n import _
from dpo_app.messages import explain, word
from dpo_app.services.letters.plan_letters import proof_pdf

PROOF_DPI = 96
Shown = tuple[Proof, PersonId, str, int]


class ProofSheet(QDialog):
    """One chip for each proof; the arrows go through the pages."""

    def __init__(
        self, parent: QWidget, office: Office, breach_id: BreachId, proofs: list[Shown], layout: Layout,
        options: dict[str, Any],
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.office, self._breach_id, self._layout_of_letters, self._options = office, breach_id, layout, options
        self._pages: list[tuple[int, int, bytes]] = []
        self._page = 0
        self.setObjectName("proof_sheet")
        self.setWindowTitle(_("Proofs"))
        self.resize(theme.px(620), theme.px(820))
        box = QVBoxLayout(self)
        side = theme.px(20)
        box.setContentsMargins(side, theme.px(14), side, theme.px(14))
        box.setSpacing(theme.px(10))
        chips = QWidget()
        flow = FlowLayout(chips)
        group = QButtonGroup(self)
        for place, (why, person, code, pages) in enumerate(proofs):
            chip = button(word(why).capitalize(), "filter", name=f"proof_{place}")
            chip.setCheckable(True)
            chip.setToolTip(_("{code}, pages: {pages}").format(code=grouped(code), pages=pages))
            chip.clicked.connect(partial(self._wanted, person))
            group.addButton(chip, place)
            flow.addWidget(chip)
        box.addWidget(chips)
        self.picture = EnvelopePicture("proof_picture")
        box.addWidget(self.picture, 1)
        self.where = label("", "second", wrap=True, name="proof_page")
        self.back = button(_("Page before"), "", "", "proof_back")
        self.on = button(_("Next page"), "", "", "proof_on")
        self.back.clicked.connect(partial(self._turn, -1))
        self.on.clicked.connect(partial(self._turn, 1))
        shut = button(_("Close"), name="proof_close")
        shut.clicked.connect(self.accept)
        box.addLayout(row(self.where, None, self.back, self.on, shut))
        if proofs:
            group.button(0).setChecked(True)
            self._wanted(proofs[0][1])

    def _wanted(self, person: PersonId, _checked: bool = False) -> None:
        desk, breach_id, options = self.office.desk, self._breach_id, self._options

        def work(_progress: Any) -> list[tuple[int, int, bytes]]:
            return list(desk.letters.images(proof_pdf(desk, breach_id, person, **options), PROOF_DPI))

        job = self.office.runner.run(work)
        job.done.connect(self._show)
        job.failed.connect(self._failed)

    def _show(self, pages: list[tuple[int, int, bytes]]) -> None:
        self._pages, self._page = pages, 0
        self._turn(0)

    def _turn(self, step: int) -> None:
        if not self._pages:
            return
        self._page = max(0, min(len(self._pages) - 1, self._page + step))
        envelope = self._layout_of_letters.envelopes[0] if self._page == 0 else None
        self.picture.show_page(self._pages[self._page], self._layout_of_letters, envelope)
        said = _("Page {page} of {pages}").format(page=self._page + 1, pages=len(self._pages))
        self.where.setText(f"{said} · {envelope.name}" if envelope else said)
        self.back.setEnabled(self._page > 0)
        self.on.setEnabled(self._page + 1 < len(self._pages))

    def _failed(self, error: BaseException) -> None:
        self.where.setText(str(explain(error)) if isinstance(error, DpoError) else type(error).__name__)
