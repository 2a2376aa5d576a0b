"""Reads finished letters from their files: PDFium takes the text, ZXing the Data Matrix. It knows nothing of what is
expected, and neither library had a part in writing the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import zxingcpp

from dpo_app.core.errors import InputError
from dpo_app.core.ids import CODE_ALPHABET, TOKEN_LENGTH
from dpo_app.core.letters.insertion import CODE_MODULES as MARK_MODULES
from dpo_app.core.letters.layout import Layout
from dpo_app.core.letters.read_back import PageReading, plain_line, signs_sum
from dpo_app.documents.letters.data_matrix import data_matrix_formats
from dpo_app.documents.letters.typeset import MM

_CODE = re.compile("-".join([f"[{CODE_ALPHABET}]{{4}}"] * (TOKEN_LENGTH // 4)))
#: Enough for modules of half a millimetre, and a quarter of the time of the whole page.
_DPI = 100
_QUIET_MM = 2.0
_MOST_MODULES = 18
#: A machine's code may have smaller modules.
_FINE_DPI = 150


def read_letters(path: Path, layout: Layout) -> Iterator[PageReading]:
    """Yield what each page of a file of letters shows. Raises InputError("letters_unreadable")."""
    try:
        document = pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, OSError) as error:
        raise InputError("letters_unreadable", file=path.name) from error
    try:
        for number in range(len(document)):
            yield _read(document[number], number + 1, layout)
    except pypdfium2.PdfiumError as error:
        raise InputError("letters_unreadable", file=path.name) from error
    finally:
        document.close()


def _read(page: Any, number: int, layout: Layout) -> PageReading:
    try:
        text_page = page.get_textpage()
        try:
            text = text_page.get_text_range()
            windows = tuple(_lines_in(text_page, layout, box) for box in _windows(layout))
        finally:
            text_page.close()
        codes = frozenset(code.replace("-", "") for code in _CODE.findall(text))
        x, y, module = layout.code
        sheet = ""
        if layout.marks is not None and layout.marks.code is not None:
            at_x, at_y, size = layout.marks.code
            sheet = _matrix(page, layout, at_x, at_y, MARK_MODULES * size, _FINE_DPI)
        matrix = _matrix(page, layout, x, y, _MOST_MODULES * module, _DPI)
        return PageReading(number, windows, codes, matrix, signs_sum(text), sheet)
    finally:
        page.close()


def _windows(layout: Layout) -> Iterator[tuple[float, float, float, float]]:
    width, height = layout.page
    for box in sorted({envelope.may_show(width) for envelope in layout.envelopes}):
        yield max(0.0, box.left), max(0.0, box.top), min(width, box.right), min(height, box.bottom)


def _lines_in(text_page: Any, layout: Layout, box: tuple[float, float, float, float]) -> tuple[str, ...]:
    left, top, right, bottom = box
    height = layout.page[1]
    found = text_page.get_text_bounded(left * MM, (height - bottom) * MM, right * MM, (height - top) * MM)
    return tuple(filter(None, map(plain_line, found.splitlines())))


def _matrix(page: Any, layout: Layout, x: float, y: float, side: float, dpi: float) -> str:
    """Return what the Data Matrix in its place says; only that corner of the page is painted."""
    width, height = layout.page
    crop = (
        max(0.0, x - _QUIET_MM) * MM,
        max(0.0, height - y - side - _QUIET_MM) * MM,
        max(0.0, width - x - side - _QUIET_MM) * MM,
        max(0.0, y - _QUIET_MM) * MM,
    )
    picture = page.render(scale=dpi / 72, crop=crop, grayscale=True).to_pil()
    found = zxingcpp.read_barcodes(picture, formats=data_matrix_formats())
    return found[0].text if len(found) == 1 else ""
