"""Pictures of envelopes: every Data Matrix on every page, by ZXing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import zxingcpp
from PIL import Image, UnidentifiedImageError

from dpo_app.core.errors import InputError
from dpo_app.documents.letters.data_matrix import data_matrix_formats

#: Modules of half a millimetre have four dots at this.
_DPI = 200
_MOST_PIXELS, _MOST_PAGES = 120_000_000, 2_000


def codes_in(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield (page from 1, texts of its codes) of a PDF, PNG, JPEG or TIFF. Raises InputError("cannot_see_picture")."""
    for page, picture in enumerate(_pages(path), 1):
        found = zxingcpp.read_barcodes(picture.convert("L"), formats=data_matrix_formats())
        yield page, tuple(code.text for code in found)


def _pages(path: Path) -> Iterator[Image.Image]:
    try:
        if path.suffix.lower() == ".pdf":
            yield from _pdf_pages(path)
            return
        with Image.open(path, formats=("PNG", "JPEG", "TIFF")) as picture:
            for frame in range(min(getattr(picture, "n_frames", 1), _MOST_PAGES)):
                picture.seek(frame)
                if picture.width * picture.height > _MOST_PIXELS:
                    raise InputError("cannot_see_picture", file=path.name)
                yield picture
    except (
        pypdfium2.PdfiumError,
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ):
        raise InputError("cannot_see_picture", file=path.name) from None


def _pdf_pages(path: Path) -> Iterator[Image.Image]:
    document = pypdfium2.PdfDocument(path)
    try:
        for number in range(min(len(document), _MOST_PAGES)):
            page = document[number]
            scale = _DPI / 72
            while page.get_width() * page.get_height() * scale * scale > _MOST_PIXELS:
                scale /= 2
            yield page.render(scale=scale, grayscale=True).to_pil()
            page.close()
    finally:
        document.close()
