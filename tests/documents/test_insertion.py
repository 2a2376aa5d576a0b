"""Marks for inserting machines: which bars stand where, read from the painted page, and codes on every sheet's front."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from dpo_app.core.errors import InputError
from dpo_app.core.letters.insertion import Bar, InsertionMarks, Sheet, marks_from_document, parse_bars
from dpo_app.core.letters.layout import Layout, LayoutFault, layout_from_document
from dpo_app.documents.letters.data_matrix import data_matrix_formats
from dpo_app.documents.letters.layouts import layouts
from dpo_app.documents.letters.letter import LetterPress
from dpo_app.documents.letters.marks_proof import marks_proof
from dpo_app.documents.letters.read_back import read_letters
from tests.documents.letter_kit import a_form, a_letter, a_press

BARS = ((Bar.ALWAYS, 160.0), (Bar.FIRST, 164.0), (Bar.NOT_FIRST, 168.0), (Bar.END, 172.0), (Bar.NOT_END, 176.0),
        (Bar.SHEET_1, 180.0), (Bar.SHEET_2, 184.0), (Bar.LETTER_1, 188.0), (Bar.PARITY, 192.0))  # fmt: skip
MARKS = InsertionMarks(BARS, 4.0, 9.0, 0.4, (193.0, 262.0, 0.4))
DPI = 200


def marked(layout: str = "fi-c5", marks: InsertionMarks = MARKS) -> Layout:
    return replace(layouts()[layout], marks=marks)


def a_marked_press(duplex: bool = False, paragraphs: int = 30, layout: Layout | None = None) -> LetterPress:
    order = a_press(form=a_form(paragraphs), duplex=duplex).order
    return LetterPress(replace(order, layout=layout or marked()))


def seen(pdf: bytes) -> list[tuple[tuple[Bar, ...], str]]:
    """Return of each page, as it is painted, the bars that are black and what the code in its place says."""
    found = []
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            picture = page.render(scale=DPI / 72, grayscale=True).to_pil()

            def dark(x: float, y: float, picture: Any = picture) -> bool:
                return bool(picture.getpixel((round(x * DPI / 25.4), round(y * DPI / 25.4))) < 128)

            bars = tuple(bar for bar, y in BARS if dark(8.5, y + 0.2))
            assert not any(dark(x, y + 0.2) for _, y in BARS for x in (2.0, 15.0)), "free at both ends"
            box = tuple(round(n * DPI / 25.4) for n in (186, 259, 206, 274))
            codes = zxingcpp.read_barcodes(picture.crop(box), formats=data_matrix_formats())
            found.append((bars, codes[0].text if codes else ""))
    finally:
        document.close()
    return found


def test_the_bars_of_a_sheet() -> None:
    one, first, last = Sheet("L1", 1, 1, 1), Sheet("L1", 2, 1, 3), Sheet("L1", 2, 3, 3)
    names = {y: bar for bar, y in BARS}
    assert [names[y] for y in MARKS.printed(one)] == [
        Bar.ALWAYS, Bar.FIRST, Bar.END, Bar.SHEET_1, Bar.LETTER_1, Bar.PARITY,
    ]  # fmt: skip
    assert [names[y] for y in MARKS.printed(first)] == [Bar.ALWAYS, Bar.FIRST, Bar.NOT_END, Bar.SHEET_1]
    assert [names[y] for y in MARKS.printed(last)] == [
        Bar.ALWAYS, Bar.NOT_FIRST, Bar.END, Bar.SHEET_1, Bar.SHEET_2, Bar.PARITY,
    ]  # fmt: skip
    for letter in range(1, 20):
        for of in range(1, 9):
            for number in range(1, of + 1):
                assert len(MARKS.printed(Sheet("L1", letter, number, of))) % 2 == 0, "even"
    assert (one.text, first.text, last.text) == ("L1-00001-1-1-1", "L1-00002-1-3-0", "L1-00002-3-3-1")


@pytest.mark.parametrize("duplex", [False, True])
def test_every_front_bears_its_marks_and_no_back_does(tmp_path: Path, duplex: bool) -> None:
    press = a_marked_press(duplex)
    part = press.print_part([a_letter(1), a_letter(2)], tmp_path / "l.pdf", "L7")
    painted = seen((tmp_path / "l.pdf").read_bytes())
    assert part.records[0].pages >= 2 and len(painted) == len(part.pages)
    at = 0
    for record in part.records:
        step = 2 if duplex else 1
        for page in range(record.sheets * step):
            bars, code = painted[at]
            if page % step:
                assert (bars, code) == ((), "")
            else:
                sheet = Sheet("L7", record.number, page // step + 1, record.sheets)
                assert code == sheet.text == part.pages[at].sheet
                assert set(bars) == {bar for bar, y in BARS if y in MARKS.printed(sheet)}
            at += 1
    assert [page.sheet for page in read_letters(tmp_path / "l.pdf", layouts()["fi-c5"])] == [""] * at, "asked for only"


def test_without_marks_nothing_changes() -> None:
    plain = a_press(form=a_form(30)).one(a_letter())
    assert all(bars == () and code == "" for bars, code in seen(plain))
    assert all(layout.marks is None for layout in layouts().values()), "off by default"


@pytest.mark.parametrize(
    ("marks", "fault"),
    [
        (InsertionMarks(((Bar.ALWAYS, 160.0), (Bar.END, 165.0))), None),
        (InsertionMarks(((Bar.ALWAYS, 30.0), (Bar.END, 34.0))), LayoutFault.MARKS_SHOW),
        (InsertionMarks(((Bar.ALWAYS, 147.0), (Bar.END, 151.0))), LayoutFault.MARKS_PLACE),
        (InsertionMarks(((Bar.ALWAYS, 160.0), (Bar.END, 165.0)), x=15), LayoutFault.MARKS_PLACE),
        (InsertionMarks(((Bar.ALWAYS, 160.0), (Bar.END, 296.0))), LayoutFault.MARKS_PLACE),
        (InsertionMarks(code=(181, 12, 0.5)), LayoutFault.MARKS_PLACE),
        (InsertionMarks(code=(100, 200, 0.5)), LayoutFault.MARKS_PLACE),
        (InsertionMarks(((Bar.ALWAYS, 160.0),), code=(6, 158, 0.4)), LayoutFault.MARKS_PLACE),
    ],
)
def test_marks_stand_free_and_out_of_the_window(marks: InsertionMarks, fault: LayoutFault | None) -> None:
    found = {each for each, _ in marked(marks=marks).faults()}
    assert found == ({fault} if fault else set())


def test_marks_are_kept_with_their_layout() -> None:
    layout = marked()
    assert layout_from_document(layout.to_document()).marks == MARKS
    assert layout_from_document(layouts()["fi-c5"].to_document()).marks is None
    assert marks_from_document({"bars": [], "code": {}}) is None
    for wrong in (
        {"bars": [["moon", 3]]},
        {"bars": [["always", 3], ["end_of_set", 3.5]]},
        {"bars": [["always", 3]], "length": 0},
    ):
        with pytest.raises(InputError, match="bad_layout"):
            layout_from_document({**layouts()["fi-c5"].to_document(), "marks": wrong})
    assert parse_bars("always 100\n\n end_of_set 104,2 \n") == [["always", 100.0], ["end_of_set", 104.2]]
    for text in ("always", "moon 3", "always x"):
        with pytest.raises(ValueError, match=r"."):
            parse_bars(text)


@pytest.mark.parametrize("duplex", [False, True])
def test_three_letters_to_try_on_the_machine(duplex: bool) -> None:
    painted = seen(marks_proof(marked(), duplex))
    codes = [code for _, code in painted if code]
    assert codes == [f"L0-0000{n}-{s}-{n}-{int(s == n)}" for n in (1, 2, 3) for s in range(1, n + 1)]
    document = pypdfium2.PdfDocument(BytesIO(marks_proof(marked(), duplex)))
    assert len(document) == (12 if duplex else 6)
    document.close()
