"""Letters behind the port: presses, batch sheet, window test page, pictures of pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pypdfium2
from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.units import mm
from reportlab.platypus import Spacer

from dpo_app.core.letters.layout import Layout
from dpo_app.core.letters.letter import Letterhead, LetterRow
from dpo_app.core.notices.notice import Block, BlockKind, Run, Slot
from dpo_app.documents.letters.layouts import layouts
from dpo_app.documents.letters.letter import LetterPress
from dpo_app.documents.letters.logo import colour_operator, read_logo
from dpo_app.documents.letters.marks_proof import marks_proof
from dpo_app.documents.letters.pile import codes_in
from dpo_app.documents.letters.pressroom import Pressroom, workers_for
from dpo_app.documents.papers import paper
from dpo_app.documents.papers.bulletin import bulletin
from dpo_app.i18n import _
from dpo_app.services.ports.letters import PressOrder


class LetterMaker:
    """`services.ports.letters.LetterRenderer`."""

    def layouts(self) -> Mapping[str, Layout]:
        """Return the layouts by id."""
        return layouts()

    def prepare(self, order: PressOrder) -> LetterPress:
        """Set everything that letters share."""
        return LetterPress(order)

    def bulletin(self, blocks: Sequence[Block], language: str, organisation: str, day: str) -> bytes:
        """Return the public notice of one language as a PDF."""
        return bulletin(blocks, language, organisation, day)

    def codes_in(self, path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield (page, texts of the codes on it) of pictures of envelopes."""
        return codes_in(path)

    def images(self, pdf: bytes, dpi: int) -> Iterator[tuple[int, int, bytes]]:
        """Yield (width, height, BGRA rows) of each page."""
        document = pypdfium2.PdfDocument(pdf)
        try:
            for page in document:
                bitmap = page.render(scale=dpi / 72, rev_byteorder=True, force_bitmap_format=4)
                yield bitmap.width, bitmap.height, bytes(bitmap.buffer)
        finally:
            document.close()

    def pressroom(self, press: Any, order: PressOrder, letters: int) -> Pressroom:
        """Return a room to print a run of so many letters in."""
        return Pressroom(press, order, workers_for(letters))

    def logo(self, data: bytes) -> tuple[int, int]:
        """Return the size of a picture that can stand on letters."""
        found = read_logo(data)
        return found.width, found.height

    def colour(self, colour: str) -> None:
        """Look at a colour for titles."""
        colour_operator(colour)

    def sheet(self, facts: Mapping[str, Any], layout: Layout) -> bytes:
        """Return the batch sheet: counts, hashes, fold, envelope, ruler, lines to sign."""
        duplex = _("both sides, flip on the long edge") if facts["duplex"] else _("one side")
        folds = ", ".join(f"{y:g} mm" for y in layout.fold) or _("none")
        rows = [
            (_("Letters"), str(facts["letters"])), (_("Pages"), str(facts["pages"])),
            (_("Sheets"), str(facts["sheets"])), (_("Envelopes"), f"{facts['envelopes']} × {facts['envelope']}"),
            (_("Printing"), duplex), (_("Scale"), _("100 %, no fitting to the page")),
            (_("Fold from the top edge"), folds), *_marks_rows(layout),
            (_("Layout"), f"{layout.id} ({layout.source})"), (_("Notice"), facts["notice"]),
            (_("SHA-256 of the notice"), _halves(facts["notice_sha256"])), (_("Made"), facts["made_at"]),
            (_("Trail: entries and head"), f"{facts['audit_entries']} · {_halves(facts['audit_head'])}"),
        ]  # fmt: skip
        story: list[Any] = [
            paper.para(_("Batch {reference}").format(reference=facts["batch"]), "title"),
            paper.para(_("Keep this sheet with the letters. Letters, pages and sheets must be equal to what the "
                         "print house confirms, or the batch is not posted."), "body"),
            Spacer(1, 4 * mm), paper.table(rows, (32, 68), head=False), paper.para(_("Files"), "h1"),
            paper.table(
                [(_("File"), _("Letters"), _("Pages"), "SHA-256")]
                + [(f["name"], str(f["letters"]), str(f["pages"]), _halves(f["sha256"])) for f in facts["files"]],
                (28, 10, 10, 52), right=(1, 2),
            ),
            paper.para(_("Ruler: measure it on the print; it must be 100 mm long"), "h1"), _ruler(),
            Spacer(1, 6 * mm),
            paper.para(_("Printed, sheets counted: name and date"), "body"), _line_to_sign(),
            paper.para(_("Handed to the post: place, receipt, name and date"), "body"), _line_to_sign(),
        ]  # fmt: skip
        return paper.build(
            story, title=f"Batch {facts['batch']}", header="", footer=str(facts["batch"]),
            page_words=lambda page, pages: f"{page} / {pages}",
        )  # fmt: skip

    def marks_proof(self, layout: Layout, duplex: bool) -> bytes:
        """Return made-up letters of one, two and three sheets with the layout's marks for an inserting machine."""
        return marks_proof(layout, duplex)

    def test_page(self, layout: Layout) -> bytes:
        """Return the page that is printed and folded once per layout and printer: a made-up longest address."""
        names = ("Maximiliane-Alexandra Mallikas-Esimerkki", "c/o Esimerkkiyhtiö Oy", "Mallikaupunginkatu 123 B 45",
                 "00100 MALLIKAUPUNKI", "FINLAND")  # fmt: skip
        blocks = (
            Block(BlockKind.TITLE, (Run(_("Test page: print it at 100 %, fold it, put it into the envelope")),)),
            Block(BlockKind.PARAGRAPH, (Run(_(
                "The whole address and nothing else may show in the window, wherever the sheet slips to: shake it to "
                "every edge and read all its lines. If so, this layout and this printer fit together.")),)),
            Block(BlockKind.PARAGRAPH, (Run(_(
                "The dashed frame is the window with the sheet in the middle of the envelope. The ruler below must be 100 mm long; if it is not, "
                "the printer fits pages to the paper and moves the address.")),)),
        )  # fmt: skip
        head = Letterhead("DPO Desk", (layout.source,), "", {"en": layout.id}, {"en": _("Reference")}, {"en": "{page}"})
        press = LetterPress(PressOrder(layout, (blocks,), ("en",), head, False, "20000101000000Z"))
        press.draw_test_marks()
        lines = names[: min(len(names), layout.address.lines)]
        return press.one(LetterRow(1, "2" * 12, 0, lines, {Slot.FULL_NAME: ""}))


def _marks_rows(layout: Layout) -> list[tuple[str, str]]:
    """Return what the batch sheet says of marks for inserting machines."""
    if layout.marks is None:
        return []
    said = [f"{bar.value} {y:g} mm" for bar, y in layout.marks.bars]
    if layout.marks.code is not None:
        said.append(
            _("Data Matrix at {x} and {y} mm").format(x=f"{layout.marks.code[0]:g}", y=f"{layout.marks.code[1]:g}")
        )
    return [(_("Insertion marks"), ", ".join(said))]


def _halves(digest: str) -> str:
    """Return a hash in two halves, so that it is not torn where the column happens to end."""
    return f"{digest[:32]} {digest[32:]}"


def _line_to_sign() -> Drawing:
    drawing = Drawing(160 * mm, 14 * mm)
    drawing.add(Line(0, 3 * mm, 160 * mm, 3 * mm, strokeColor=paper.INK, strokeWidth=0.4))
    return drawing


def _ruler() -> Drawing:
    drawing = Drawing(110 * mm, 14 * mm)
    drawing.add(Rect(0, 0, 100 * mm, 0.2 * mm, fillColor=paper.INK, strokeColor=None))
    paper.prepare()
    for centimetre in range(11):
        x = centimetre * 10 * mm
        drawing.add(Line(x, 0, x, 4 * mm, strokeColor=paper.INK, strokeWidth=0.4))
        drawing.add(String(x + 1, 4.5 * mm, str(centimetre), fontName="NotoSans", fontSize=7, fillColor=paper.INK))
    return drawing
