"""Three made-up letters to try on an inserting machine before the first batch: one, two and three sheets."""

from __future__ import annotations

from io import BytesIO

from dpo_app.core.letters.layout import Layout
from dpo_app.core.letters.letter import Letterhead, LetterRow, sheets_of
from dpo_app.core.notices.notice import Block, BlockKind, Run, Slot
from dpo_app.documents.letters.letter import NO_JOB, LetterPress
from dpo_app.i18n import _
from dpo_app.services.ports.letters import PressOrder

_ADDRESS = ("Maija Mallikas", "Mallikatu 1 A 2", "00100 MALLIKAUPUNKI")


def marks_proof(layout: Layout, duplex: bool) -> bytes:
    """Return the letters as one file, as a batch of three would be."""
    text = _("This letter is a trial of the marks that the inserting machine reads. It says nothing of anybody.")
    head = Letterhead(
        "DPO Desk", (layout.source,), "", {"en": layout.id}, {"en": _("Reference")}, {"en": "{page} / {pages}"}
    )

    def form(sheets: int, paragraphs: int) -> tuple[Block, ...]:
        title = _("Trial of insertion marks: sheets {count}").format(count=sheets)
        return (Block(BlockKind.TITLE, (Run(title),)), *[Block(BlockKind.PARAGRAPH, (Run(text * 3),))] * paragraphs)

    def row(number: int) -> LetterRow:
        return LetterRow(number, str(number + 1) * 12, number - 1, _ADDRESS, {Slot.FULL_NAME: ""})

    def press(*forms: tuple[Block, ...]) -> LetterPress:
        return LetterPress(PressOrder(layout, forms, ("en",) * len(forms), head, duplex, "20000101000000Z"))

    forms, paragraphs = [], 1
    for sheets in (1, 2, 3):
        while sheets_of(press(form(sheets, paragraphs)).measure(row(1)).pages, duplex) < sheets:
            paragraphs += 1
        forms.append(form(sheets, paragraphs))
    out = BytesIO()
    press(*forms).write_to(out, [row(number) for number in (1, 2, 3)], "", NO_JOB)
    return out.getvalue()
