"""Letters as they come out of the press: read, rendered and measured from outside, by other libraries."""

from __future__ import annotations

import os
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from dpo_app.core.errors import InputError, StoreError
from dpo_app.core.letters.layout import Box, layout_from_document
from dpo_app.core.letters.letter import LetterRow
from dpo_app.core.notices.notice import Block, BlockKind, Run, Slot
from dpo_app.documents.fonts import BOLD, REGULAR, faces
from dpo_app.documents.letters.layouts import layouts
from dpo_app.documents.letters.pressroom import Pressroom
from tests.documents.letter_kit import SENTENCE, a_form, a_letter, a_press, heading, letters, paragraph, print_batch

LAYOUTS = sorted(layouts())
DPI = 130
#: As wide and as high as an address may get.
LONGEST = ("Maximiliane-Alexandra Esimerkki-Mallikas", "c/o Šćepanović Palvelukeskus", "Ylämäenkatu 123 B 45",
           "FI-00100 ÄHTÄRI", "FINLAND")  # fmt: skip


def pictures(pdf: bytes, dpi: int = DPI) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]
    finally:
        document.close()


def texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def ink(picture: Image.Image, area: Box) -> Box | None:
    """Return what is inked inside an area of a page, in mm, or None."""
    scale = DPI / 25.4
    cut = tuple(round(max(0.0, side) * scale) for side in area)
    cut = (*cut[:2], min(cut[2], picture.width), min(cut[3], picture.height))
    found = picture.crop(cut).point(lambda value: 255 if value < 200 else 0).getbbox()
    if found is None:
        return None
    return Box(*((side + cut[place % 2]) / scale for place, side in enumerate(found)))


@pytest.mark.parametrize("layout_id", LAYOUTS)
def test_a_layout_holds_for_each_of_its_envelopes(layout_id: str) -> None:
    assert layouts()[layout_id].faults() == []


@pytest.mark.parametrize("lines", [2, 5])
@pytest.mark.parametrize("layout_id", LAYOUTS)
def test_only_the_address_shows_in_the_window(layout_id: str, lines: int) -> None:
    press = a_press(layout_id)
    page = pictures(press.one(a_letter(address=LONGEST[: min(lines, press.layout.address.lines)])))[0]
    layout = press.layout
    for envelope in layout.envelopes:
        shown = ink(page, envelope.may_show(layout.page[0]))
        assert shown is not None
        assert envelope.safe(layout.page[0]).holds(shown), f"{envelope.name}: {shown}"


@pytest.mark.parametrize("layout_id", LAYOUTS)
def test_the_whole_address_and_nothing_else_shows_wherever_the_sheet_slips_to(layout_id: str) -> None:
    press = a_press(layout_id)
    own = press.layout.address
    page = pictures(press.one(a_letter(address=LONGEST[: min(5, own.lines)])))[0]
    width = press.layout.page[0]
    block = ink(page, Box(own.x - 1, own.first_baseline - 4, own.x + own.width + 1, own.baseline(own.lines, own.lines)))
    assert block is not None
    for envelope in press.layout.envelopes:
        x, y, w, h = envelope.window
        for right in (0, 0.5, 1):
            for down in (0, 0.5, 1):
                dx = right * (envelope.width - width)
                dy = down * (envelope.height - envelope.packet) + envelope.step
                window = Box(x - dx, y - dy, x + w - dx, y + h - dy)
                shown = ink(page, window)
                back = press.layout.return_line
                head = Box(shown.left, block.top, shown.right, shown.bottom) if shown and back else shown
                assert head == pytest.approx(block, abs=0.4), (envelope.name, right, down)
        if envelope.width > width:
            assert own.x - x >= 2.9, "3 mm from the window's edge at rest"


@pytest.mark.parametrize("layout_id", LAYOUTS)
def test_nothing_of_the_text_is_cut_by_the_edge(layout_id: str) -> None:
    press = a_press(layout_id, a_form(24))
    for page in pictures(press.one(a_letter(address=LONGEST))):
        own = press.layout
        found = ink(page, Box(10, 0, *own.page))  # right of the punch mark
        assert found is not None
        assert found.left >= own.margin["left"] - 0.3
        assert found.right <= own.page[0] - own.margin["right"] + 0.6
        assert found.top >= own.margin["top"]
        assert found.bottom <= own.page[1] - 10


@pytest.mark.parametrize("number", [1, 2, 77, 4_711])
def test_the_code_is_read_back_from_the_printed_page(number: int) -> None:
    row = a_letter(number)
    page = pictures(a_press().one(row), 300)[0]
    read = zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.DataMatrix)
    assert [code.text for code in read] == [row.token]


@pytest.mark.parametrize(
    "name", ["Áile Ŋuorgam-Čállin Šđŧž", "Ελένη Παπαδοπούλου", "Екатерина Ѓорѓиевска-Їжак", "Łukasz Þór Ğüneş Őry"]
)
def test_names_are_written_and_can_be_searched(name: str) -> None:
    page = texts(a_press().one(a_letter(name=name)))[0]
    assert page.count(name) == 2


@pytest.mark.parametrize(("sign", "called"), [("漢", "CJK UNIFIED"), ("ㄅ", "BOPOMOFO"), ("😀", "GRINNING")])
def test_a_sign_without_a_glyph_stops_the_letter_and_is_named(sign: str, called: str) -> None:
    measured = a_press().measure(a_letter(name=f"Aino {sign}"))
    assert measured.refused == "addr_glyph"
    assert measured.detail.startswith(called)


def test_both_faces_have_the_same_signs() -> None:
    assert set(faces()[REGULAR]._glyphs) <= set(faces()[BOLD]._glyphs)


def test_an_address_that_the_window_cannot_hold_is_refused() -> None:
    press = a_press()
    assert press.measure(a_letter(address=(*LONGEST, "SUOMI"))).refused == "addr_many_lines"
    assert press.measure(a_letter(address=("W" * 60, "Katu 1", "00100 X"))).refused == "addr_line_wide"
    assert press.measure(a_letter(address=LONGEST)).refused == ""


def test_page_numbers_reference_and_date_but_no_name_on_later_pages() -> None:
    row = a_letter(name="Aino Harvinainen")
    for language, words in (("fi", "1 (2)"), ("en", "Page 1 of 2"), ("de", "Seite 1 von 2")):
        first, second = texts(a_press(form=a_form(16), language=language).one(row))
        assert words in first
        assert words.replace("1", "2", 1) in second
        assert row.slots[Slot.CODE] in second
        assert "Harvinainen" not in second
        assert "2026" in second


@pytest.mark.parametrize("count", range(9, 20))
def test_pages_leave_no_widow_and_no_lone_signature(count: int) -> None:
    press = a_press(form=a_form(count))
    form = press._form(a_letter())
    composition, _ = form.compose(a_letter().slots)
    for page in composition.pages:
        assert form.blocks[page[-1].block].kind is not BlockKind.SUBHEADING, "a heading at the foot"
    last = composition.pages[-1]
    assert sum(each.last - each.first for each in last) >= 4
    assert form.blocks[last[0].block].kind is not BlockKind.SIGNATURE
    for page in composition.pages:
        for each in page:
            if each.first:
                assert each.last - each.first >= 2
    assert [p.block for page in composition.pages for p in page if p.first == 0] == list(range(len(form.blocks)))


def test_a_paragraph_longer_than_a_page_goes_on() -> None:
    long = (heading("All of it"), paragraph(" ".join([SENTENCE] * 60)),
            Block(BlockKind.SIGNATURE, (Run("Maija Mallikas"),)))  # fmt: skip
    pdf = a_press(form=long).one(a_letter())
    pages = texts(pdf)
    assert len(pages) >= 3
    assert sum(page.count("Somebody") for page in pages) == 60
    for picture in pictures(pdf):
        found = ink(picture, Box(15, 0, 210, 297))
        assert found is not None
        assert found.bottom < 290


def test_a_few_lines_too_many_are_set_smaller_before_a_sheet_is_added() -> None:
    sizes = {}
    for count in range(8, 16):
        press = a_press(form=a_form(count))
        composition, _ = press._form(a_letter()).compose(a_letter().slots)
        sizes[count] = (len(composition.pages), composition.size)
    assert any(pages == 1 and size < 11 for pages, size in sizes.values())
    assert all(size == 11 for pages, size in sizes.values() if pages > 1)


def test_the_same_letters_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        print_batch(a_press(), letters(30), tmp_path / name, "L1")
    one, two = (tmp_path / name / "L1-letters.pdf" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_a_letter_has_the_same_hash_wherever_it_lies(tmp_path: Path) -> None:
    whole = print_batch(a_press(), letters(5), tmp_path, "L1")
    alone = print_batch(a_press(), [list(letters(5))[3]], tmp_path, "L2")
    assert whole.records[3].sha256 == alone.records[0].sha256
    other = print_batch(a_press(), [a_letter(4, "Somebody Else")], tmp_path, "L3")
    assert other.records[0].sha256 != alone.records[0].sha256


def test_every_letter_begins_on_a_front_side(tmp_path: Path) -> None:
    press = a_press(duplex=True)
    made = print_batch(press, letters(4), tmp_path, "L1")
    assert [record.first_page for record in made.records] == [1, 3, 5, 7]
    assert (made.pages, made.sheets) == (4, 4)
    pages = texts((tmp_path / "L1-letters-duplex.pdf").read_bytes())
    assert pages[1::2] == [""] * 4
    with pikepdf.open(tmp_path / "L1-letters-duplex.pdf") as pdf:
        assert pdf.Root.ViewerPreferences.Duplex == "/DuplexFlipLongEdge"


def test_parts_are_cut_between_letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dpo_app.core.letters.letter.LETTERS_IN_FILE", 4)
    made = print_batch(a_press(form=a_form(16)), letters(10), tmp_path, "L7")
    assert [file["name"] for file in made.files] == [
        "L7-00001-00004.pdf", "L7-00005-00008.pdf", "L7-00009-00010.pdf",
    ]  # fmt: skip
    assert [record.first_page for record in made.records] == [1, 3, 5, 7, 1, 3, 5, 7, 1, 3]
    rows: list[LetterRow] = list(letters(10))
    pages = texts((tmp_path / "L7-00005-00008.pdf").read_bytes())
    assert rows[4].slots[Slot.FULL_NAME] in pages[0]
    assert all(rows[4].slots[Slot.CODE] in page for page in pages[:2])


def test_the_file_is_sound_private_and_printed_unscaled(tmp_path: Path) -> None:
    print_batch(a_press(), letters(3), tmp_path, "L1")
    with pikepdf.open(tmp_path / "L1-letters.pdf") as pdf:
        assert pdf.check_pdf_syntax() == []
        assert pdf.pdf_version == "1.7"
        preferences = pdf.Root.ViewerPreferences
        assert preferences.PrintScaling == "/None"
        assert preferences.Duplex == "/Simplex"
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["1", "2", "3"]
        assert str(pdf.docinfo["/Title"]) == "Letters L1"
        for font in pdf.pages[0].Resources.Font.values():
            descendant = font.DescendantFonts[0]
            assert font.Encoding == "/Identity-H"
            assert "/ToUnicode" in font
            assert descendant.Subtype == "/CIDFontType2"
            assert len(bytes(descendant.FontDescriptor.FontFile2.read_bytes())) > 100_000
        raw = (tmp_path / "L1-letters.pdf").read_bytes()
        assert b"Esimerkki" not in raw
        assert b"Helvetica" not in raw


def test_a_slot_is_text_and_never_an_operator() -> None:
    name = "Aino ) Tj ET (Q \\ <b>x</b>"
    page = texts(a_press().one(a_letter(name=name)))[0]
    assert name in page


def test_pictures_of_pages_for_the_screen() -> None:
    from dpo_app.documents.letters.letters import LetterMaker

    (width, height, rows), = LetterMaker().images(a_press().one(a_letter()), 72)  # fmt: skip
    assert (width, height) == (596, 842) or (width, height) == (595, 842)
    assert len(rows) == width * height * 4


def test_batch_sheet_and_test_page() -> None:
    from dpo_app.documents.letters.letters import LetterMaker

    maker = LetterMaker()
    facts = {
        "layout": "fi-c5", "duplex": False, "letters": 1200, "pages": 1203, "sheets": 1203, "envelopes": 1200,
        "envelope": "C5", "notice": "N1", "notice_sha256": "ab" * 32, "made_at": "2026-11-24T09:30:00",
        "audit_entries": 41, "audit_head": "cd" * 32, "batch": "L4",
        "files": [{"name": "L4-letters.pdf", "letters": 1200, "pages": 1203, "sha256": "ef" * 32}],
    }  # fmt: skip
    sheet = "".join("".join(texts(maker.sheet(facts, layouts()["fi-c5"]))).split())
    for word in ("L4", "1203", "C5", "ab" * 32, "ef" * 32, "cd" * 32):
        assert word in sheet
    for layout_id in LAYOUTS:
        assert len(pypdfium2.PdfDocument(BytesIO(maker.test_page(layouts()[layout_id])).getvalue())) == 1


def test_presses_in_processes_of_their_own_print_the_same_bytes(tmp_path: Path) -> None:
    form = (*a_form(6), Block(BlockKind.PAGE_BREAK, ()), *a_form(3))
    press = a_press("din5008-b", form, duplex=True, language="fi+en")
    rows = [a_letter(number, "Áile محمد" if number % 2 else "Aino Esimerkki") for number in range(1, 9)]
    here = [press.print_part(rows[n : n + 2], tmp_path / f"here{n}.pdf", "L1") for n in range(0, 8, 2)]
    with Pressroom(press, press.order, 2) as room:
        asked = [room.submit(rows[n : n + 2], tmp_path / f"there{n}.pdf", "L1") for n in range(0, 8, 2)]
        there = [each.result(timeout=120) for each in asked]
        with pytest.raises(InputError, match="file_exists"):
            room.submit(rows[:2], tmp_path / "here0.pdf", "L1").result(timeout=120)
        with pytest.raises(StoreError, match="cannot_write"):
            room.submit(rows[:2], tmp_path / "no-such-folder" / "x.pdf", "L1").result(timeout=120)
    assert [part.sha256 for part in here] == [part.sha256 for part in there]
    names = [f"here{n}.pdf" for n in range(0, 8, 2)]
    files = [[record._replace(file="") for record in part.records] for part in here]
    assert files == [[record._replace(file="") for record in part.records] for part in there], names
    assert [part.pages for part in here] == [part.pages for part in there]


def test_a_press_that_ends_is_told(tmp_path: Path) -> None:
    press = a_press()
    with Pressroom(press, press.order, 1) as room:
        room.submit([a_letter()], tmp_path / "a.pdf", "L1").result(timeout=120)
        room._children[0].end()
        with pytest.raises(StoreError, match="press_ended"):
            room.submit([a_letter()], tmp_path / "b.pdf", "L1").result(timeout=120)
    assert not (tmp_path / "b.pdf").exists()


def _ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_no_press_stays_behind_when_its_order_cannot_be_handed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, command: list[str], **options: Any) -> None:
            super().__init__(command, **options)
            started.append(self.pid)
            assert self.stdin is not None
            self.stdin.close()

    monkeypatch.setattr(subprocess, "Popen", Noted)
    press = a_press()
    with Pressroom(press, press.order, 2) as room:
        asked = [room.submit([a_letter()], tmp_path / f"{n}.pdf", "L1") for n in range(2)]
        for each in asked:
            with pytest.raises(StoreError, match="press_ended"):
                each.result(timeout=60)
    assert started and all(_ended(pid) for pid in started)


def test_leaving_in_the_middle_ends_all_presses(tmp_path: Path) -> None:
    press = a_press()
    with pytest.raises(ZeroDivisionError), Pressroom(press, press.order, 2) as room:
        asked = [room.submit([a_letter()], tmp_path / f"{n}.pdf", "L1") for n in range(6)]
        raise ZeroDivisionError
    assert all(each.done() for each in asked) and all(_ended(c._process.pid) for c in room._children)
    with pytest.raises(RuntimeError):
        room.submit([a_letter()], tmp_path / "late.pdf", "L1")


def test_a_layout_is_the_same_after_its_plain_form() -> None:
    for layout in layouts().values():
        assert layout_from_document(layout.to_document()) == layout
