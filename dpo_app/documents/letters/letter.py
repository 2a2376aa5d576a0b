"""Letters: address in the window, reference and code outside it, text stamped from set forms, streamed to a file.

A single letter shows the same operators, written out in the order in which they are read, and with tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from dpo_app.core.digests import sha256_hex
from dpo_app.core.errors import InputError
from dpo_app.core.ids import grouped
from dpo_app.core.letters.insertion import InsertionMarks, Sheet
from dpo_app.core.letters.layout import SENDER_PITCH
from dpo_app.core.letters.letter import LARGE_PT, LetterRecord, LetterRow, sheets_of
from dpo_app.core.persons.postal import AddressProblem
from dpo_app.documents.fonts import BOLD, REGULAR, SHAPED, faces, line_width, missing_sign, stretches
from dpo_app.documents.letters.compose import MOST_PAGES, Composition, SetForm
from dpo_app.documents.letters.data_matrix import mask_stream
from dpo_app.documents.letters.logo import LOGO, MOST_LOGO_MM, colour_operator, read_logo
from dpo_app.documents.letters.pdf_stream import PdfStream
from dpo_app.documents.letters.read_back import read_letters
from dpo_app.documents.letters.tagged import Part, TaggedLetter, joined
from dpo_app.documents.letters.typeset import MM, styles
from dpo_app.files import writing
from dpo_app.services.ports.letters import Measured, PressOrder, PrintedPart

_MARK_WIDTH_PT = 0.25
_SMALL_PT = 8.5
_RULER_Y = 240.0
#: Stands for the batch in the marks of a letter that is in none.
NO_JOB = "L0"


class LetterPress:
    """A run of letters: `services.ports.letters.Press`."""

    def __init__(self, order: PressOrder) -> None:
        self.layout = order.layout
        self.duplex = order.duplex
        self.order = order
        self._fonts = faces()
        self._colour = colour_operator(order.head.colour)
        self._logo = read_logo(order.head.logo) if order.head.logo else None
        self._forms: dict[tuple[int, float], SetForm] = {}
        self._height = self.layout.page[1]
        self._frame_parts = self._first_frame()
        self._frame_first = joined(self._frame_parts)
        self._frame_next = self._marks()

    def measure(self, row: LetterRow) -> Measured:
        """Return how many pages a letter takes, or why it is refused."""
        refused = self._refusal(row)
        if refused is not None:
            return refused
        composition, _ = self._form(row).compose(row.slots)
        pages = len(composition.pages)
        if pages > MOST_PAGES:
            return Measured(pages, AddressProblem.TOO_LONG.value)
        return Measured(pages)

    def _form(self, row: LetterRow) -> SetForm:
        """Return a letter's form in its reader's size, set when it is first asked for."""
        size = LARGE_PT if row.large else self.order.size_pt
        key = (row.form, size)
        if key not in self._forms:
            blocks, language = self.order.forms[row.form], self.order.languages[row.form]
            self._forms[key] = SetForm(blocks, self.layout, self._fonts, language, size, self._colour)
        return self._forms[key]

    def _refusal(self, row: LetterRow) -> Measured | None:
        for text in (*row.address, *row.slots.values()):
            missing = missing_sign(text)
            if missing is not None:
                return Measured(0, AddressProblem.GLYPH.value, missing)
        own = self.layout.address
        if len(row.address) > own.lines:
            return Measured(0, AddressProblem.MANY_LINES.value)
        widest = max(map(line_width, row.address))
        if widest * own.min_pt / 1000 > own.width * MM:
            return Measured(0, AddressProblem.LINE_WIDE.value)
        return None

    def print_part(self, rows: Iterable[LetterRow], path: Path, reference: str) -> PrintedPart:
        """Write one file of letters and read it back."""
        return self._read(self.write_part(rows, path, reference), path)

    def copy(self, row: LetterRow, path: Path, reference: str) -> PrintedPart:
        """Write one letter into a file of its own, with tags, and read it back."""
        with writing(path) as out:
            record = self._write_one(out, row, f"Letter {reference}-{row.number}", path.name, reference)
        return self._read([record], path)

    def _read(self, records: list[LetterRecord], path: Path) -> PrintedPart:
        digest = sha256_hex(path.read_bytes())
        try:
            return PrintedPart(tuple(records), tuple(read_letters(path, self.layout)), digest)
        except InputError as error:
            if error.code != "letters_unreadable":
                raise
            return PrintedPart(tuple(records), (), digest, unreadable=True)

    def write_part(self, rows: Iterable[LetterRow], path: Path, reference: str) -> list[LetterRecord]:
        """Write one file of letters; returns a record of each."""
        with writing(path) as out:
            return self.write_to(out, rows, path.name, reference)

    def write_to(self, out: BinaryIO, rows: Iterable[LetterRow], name: str, reference: str) -> list[LetterRecord]:
        """Write letters as one file to a stream; returns a record of each."""
        pdf = PdfStream(
            out, self._fonts, self.layout.page, f"Letters {reference}", self.order.created,
            duplex=self.duplex, logo=self._logo,
        )  # fmt: skip
        shared = _Shared(pdf)
        records = [self._letter(pdf, shared, row, name, reference) for row in rows]
        pdf.close()
        return records

    def _letter(self, pdf: PdfStream, shared: _Shared, row: LetterRow, file: str, job: str) -> LetterRecord:
        form = self._form(row)
        composition, personal = form.compose(row.slots)
        total = len(composition.pages)
        first_page = pdf.page_count + 1
        sheets = self._sheets(row, job, total)
        contents = [self._page(form, composition, personal, row, sheets, number) for number in range(total)]
        for number, own in enumerate(contents):
            frame = self._frame_first if number == 0 else self._frame_next
            stamp = shared.name(row.form, composition, number, frame)
            pdf.add_page(f"/{stamp} Do\n{own}", str(row.number) if number == 0 else "")
        if self.duplex and total % 2:
            # Every letter begins on a front side; the back is truly empty.
            pdf.add_page("")
        return self._record(row, composition, contents, file, first_page)

    def _record(
        self, row: LetterRow, composition: Composition, contents: list[str], file: str, first_page: int
    ) -> LetterRecord:
        # What the letter shows: its own operators and those it shares, by content, so that the hash is the same
        # whichever file the letter lies in.
        shown = "\x00".join((*contents, self._frame_first, self._frame_next, *composition.static))
        pages = len(contents)
        return LetterRecord(
            row.number, row.token, file, first_page, pages, sheets_of(pages, self.duplex), sha256_hex(shown.encode())
        )

    def _write_one(self, out: BinaryIO, row: LetterRow, title: str, file: str, job: str) -> LetterRecord:
        """Write a file of one letter: every block in its place among the others, each with its tag."""
        language = self._language(row)
        pdf = PdfStream(
            out, self._fonts, self.layout.page, title, self.order.created, duplex=self.duplex, language=language,
            logo=self._logo,
        )  # fmt: skip
        form = self._form(row)
        composition, personal = form.compose(row.slots)
        total = len(composition.pages)
        sheets = self._sheets(row, job, total)
        tagged = TaggedLetter(form, composition, personal, language)
        for number in range(total):
            frame = self._frame_parts if number == 0 else [Part("", self._frame_next)]
            content = tagged.page(number, [*frame, *self._head_parts(row, sheets, number)])
            pdf.add_page(content, str(row.number) if number == 0 else "", tagged=True)
        if self.duplex and total % 2:
            pdf.add_page("")
        pdf.close(tagged.structure)
        contents = [self._page(form, composition, personal, row, sheets, number) for number in range(total)]
        return self._record(row, composition, contents, file, 1)

    def _page(
        self,
        form: SetForm,
        composition: Composition,
        personal: list[Any],
        row: LetterRow,
        sheets: Sequence[Sheet | None],
        number: int,
    ) -> str:
        """Return what is this letter's alone on one page."""
        own = styles(composition.size)
        parts = [joined(self._head_parts(row, sheets, number))]
        lines_of = dict(zip(form.personal, personal, strict=True))
        for placed in composition.pages[number]:
            if placed.block in lines_of:
                style = own[form.blocks[placed.block].kind]
                parts.append(form.stream(lines_of[placed.block][placed.first : placed.last], placed, style))
        return "".join(parts)

    def _sheets(self, row: LetterRow, job: str, pages: int) -> list[Sheet | None]:
        """Return the sheet that each page is the front of, None for its back."""
        of = sheets_of(pages, self.duplex)
        each = 2 if self.duplex else 1
        return [Sheet(job, row.number, page // each + 1, of) if page % each == 0 else None for page in range(pages)]

    def _head_parts(self, row: LetterRow, sheets: Sequence[Sheet | None], number: int) -> list[Part]:
        """Return what stands around the text of a page (from 0) and is this letter's alone."""
        total = len(sheets)
        parts = self._first_page_head(row) if number == 0 else [Part("", self._next_page_head(row))]
        if total > 1:
            parts.append(Part("", self._page_number(row, number + 1, total)))
        sheet = sheets[number]
        if self.layout.marks is not None and sheet is not None:
            parts.append(Part("", self._insertion(self.layout.marks, sheet)))
        return parts

    def _insertion(self, marks: InsertionMarks, sheet: Sheet) -> str:
        """Return the marks that an inserting machine reads on the front of a sheet."""
        bars = [
            f"{marks.x * MM:.2f} {(self._height - y - marks.thick) * MM:.2f} {marks.length * MM:.2f} "
            f"{marks.thick * MM:.2f} re"
            for y in marks.printed(sheet)
        ]
        parts = [f"q {' '.join(bars)} f Q\n"] if bars else []
        if marks.code is not None:
            parts.append(mask_stream(sheet.text, *marks.code, self._height))
        return "".join(parts)

    def _language(self, row: LetterRow) -> str:
        """Return the language of a letter's date and numbers: the first of its languages."""
        return self.order.languages[row.form].partition("+")[0]

    def _text(self, x_mm: float, baseline_mm: float, size: float, text: str, face: int = REGULAR) -> str:
        y = (self._height - baseline_mm) * MM
        if text.isascii():
            glyphs = self._fonts[face].word(text).glyphs
            return f"BT /F{face} {size:g} Tf 1 0 0 1 {x_mm * MM:.2f} {y:.2f} Tm <{glyphs}> Tj ET\n"
        shown = [f"BT 1 0 0 1 {x_mm * MM:.2f} {y:.2f} Tm"]
        for number, part in stretches(text, face):
            own = self._fonts[number]
            glyphs = f"<{own.word(part).glyphs}> Tj" if number < SHAPED else own.operators(part, size)
            shown.append(f"/F{number} {size:g} Tf {glyphs}")
        return " ".join(shown) + " ET\n"

    def _first_page_head(self, row: LetterRow) -> list[Part]:
        own = self.layout.address
        widest = max(map(line_width, row.address))
        size = min(own.size_pt, int(own.width * MM * 10_000 / widest) / 10)
        parts = [
            Part("P", self._text(own.x, own.baseline(place, len(row.address)), size, line))
            for place, line in enumerate(row.address)
        ]
        x, y, module = self.layout.code
        language = self._language(row)
        info_x, info_y, _ = self.layout.info
        head = self.order.head
        parts.append(Part("P", self._text(info_x, info_y, 10, head.dates[language])))
        word = head.reference_words[language]
        parts.append(Part("P", self._text(info_x, info_y + 5, 10, f"{word} {grouped(row.token)}")))
        # Who cannot see the square hears the same signs as words.
        parts.append(Part("", mask_stream(row.token, x, y, module, self._height)))
        return parts

    def _next_page_head(self, row: LetterRow) -> str:
        """Date and reference, so that a loose sheet finds its letter; never the name."""
        language = self._language(row)
        head = self.order.head
        text = f"{head.dates[language]}   {head.reference_words[language]} {grouped(row.token)}"
        return self._text(self.layout.margin["left"], 15, _SMALL_PT, text)

    def _page_number(self, row: LetterRow, page: int, pages: int) -> str:
        words = self.order.head.page_words[self._language(row)]
        text = words.format(page=page, pages=pages)
        width = line_width(text) * _SMALL_PT / 1000 / MM
        right = self.layout.page[0] - self.layout.margin["right"]
        return self._text(right - width, self._height - 12, _SMALL_PT, text)

    def _first_frame(self) -> list[Part]:
        head, box = self.order.head, self.layout.sender
        parts: list[Part] = []
        left = box.left
        if self._logo is not None:
            width, height = self._logo.fitted(MOST_LOGO_MM, box.bottom - box.top)
            low = self._height - box.top - height
            place = f"{width * MM:.2f} 0 0 {height * MM:.2f} {left * MM:.2f} {low * MM:.2f}"
            parts.append(Part("", f"q {place} cm /{LOGO} Do Q\n"))
            left += width + 3
        sender = self._text(left, box.top + 4, 11, head.sender, BOLD)
        parts.append(Part("P", f"q {self._colour} {sender}Q\n" if self._colour else sender))
        for row, line in enumerate(head.sender_lines[: self.layout.sender_lines]):
            parts.append(Part("P", self._text(left, box.top + 8.2 + row * SENDER_PITCH, _SMALL_PT, line)))
        back = self.layout.return_line
        if back and head.return_line:
            parts.append(Part("P", self._text(back[0], back[1], back[2], head.return_line)))
        return [*parts, Part("", self._marks())]

    def _marks(self) -> str:
        marks = [(y, 2.5) for y in self.layout.fold] + [(y, 4.0) for y in self.layout.punch]
        lines = [
            f"{5 * MM:.2f} {(self._height - y) * MM:.2f} m {(5 + length) * MM:.2f} {(self._height - y) * MM:.2f} l S"
            for y, length in marks
        ]
        return f"q {_MARK_WIDTH_PT} w " + " ".join(lines) + " Q\n" if lines else ""

    def draw_test_marks(self) -> None:
        """Add to every first page the window of each envelope with the sheet in its middle, dashed, and a ruler of 100
        mm: with the sheet at an edge the frame would run through the address."""
        parts = ["q 0.25 w [2 2] 0 d"]
        for envelope in self.layout.envelopes:
            left, top, right, bottom = envelope.in_the_middle(self.layout.page[0])
            low, width, height = self._height - bottom, right - left, bottom - top
            parts.append(f"{left * MM:.2f} {low * MM:.2f} {width * MM:.2f} {height * MM:.2f} re S")
        left, low = self.layout.margin["left"], self._height - _RULER_Y
        parts.append(f"[] 0 d {left * MM:.2f} {low * MM:.2f} m {(left + 100) * MM:.2f} {low * MM:.2f} l S")
        for step in range(11):
            x = (left + 10 * step) * MM
            parts.append(f"{x:.2f} {low * MM:.2f} m {x:.2f} {(low + 4) * MM:.2f} l S")
        numbers = [self._text(left + 10 * step, _RULER_Y + 4, 7, str(step)) for step in range(11)]
        self._frame_parts.append(Part("", " ".join(parts) + " Q\n" + "".join(numbers)))
        self._frame_first = joined(self._frame_parts)

    def one(self, row: LetterRow) -> bytes:
        """Return a single letter as a PDF, with tags."""
        out = BytesIO()
        self._write_one(out, row, f"Letter {row.number}", "", NO_JOB)
        return out.getvalue()


class _Shared:
    """The forms of one file: what letters with the same composition share on a page, written once."""

    def __init__(self, pdf: PdfStream) -> None:
        self._pdf = pdf
        self._names: dict[tuple[int, int, int], str] = {}

    def name(self, form: int, composition: Composition, page: int, frame: str) -> str:
        key = (form, id(composition), page)
        known = self._names.get(key)
        if known is None:
            known = self._names[key] = self._pdf.add_form(frame + composition.static[page])
        return known
