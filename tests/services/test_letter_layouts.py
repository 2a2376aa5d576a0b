"""Layouts of the officer's own, the letterhead, large print, and several languages in one envelope."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BatchId, BreachId, PersonId
from dpo_app.core.letters.read_back import ReadBackFault
from dpo_app.documents.letters.letter import LetterPress
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.letters.letter_layouts import (
    LetterLook,
    known_layouts,
    letter_look,
    remove_layout,
    save_layout,
    save_look,
)
from dpo_app.services.letters.make_letters import finish_batch, make_letters, withdraw_batch
from dpo_app.services.letters.settle_letters import reprint_letter
from dpo_app.services.lines import PersonFilter
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from tests.approving import approve_notice
from tests.builders import a_register, a_row
from tests.conftest import bring_in


@pytest.fixture
def ready(desk: Desk, breach_id: BreachId, tmp_path: Path) -> BreachId:
    """Three persons without e-mail, one of them reading Swedish, and an approved notice."""
    rows = [a_row(n, **{"Sähköposti": "", "Kieli": "sv" if n == 3 else "fi"}) for n in range(1, 4)]
    bring_in(desk, breach_id, a_register(tmp_path / "r.csv", rows))
    make_plan(desk, breach_id)
    notice_id, _ = draft_notice(desk, breach_id)
    approve_notice(desk, notice_id, "Maija Mallikas")
    return breach_id


def an_own_layout(**changes: Any) -> dict[str, Any]:
    return {
        "id": "own-envelope", "title": {"en": "Our envelope"}, "source": "measured by us", "status": "own",
        "page": [210, 297], "margin": {"left": 20, "top": 10, "right": 20, "bottom": 22}, "fold": [148.5], "punch": [],
        "address": {"x": 26, "first_baseline": 52, "pitch": 4.233, "lines": 5, "width": 70, "size_pt": 10,
                    "min_pt": 8, "centred": True},
        "return_line": {}, "code": {"x": 181, "y": 12, "module": 0.5}, "sender": {"x": 20, "y": 11, "w": 88, "h": 18},
        "info": {"x": 125, "y": 50}, "body": {"first_top": 95, "next_top": 25}, "cites": {"address": "measured"},
        "envelope": [{"name": "Ours", "size": [229, 162], "window": [20, 48, 95, 37], "packet": 148.5, "step": 0,
                      "weight_g": 7, "source": "measured"}],
        **changes,
    }  # fmt: skip


MARKS = {
    "bars": [["always", 160], ["end_of_set", 164.2], ["sheet_1", 168.5]], "x": 5, "length": 8, "thick": 0.4,
    "code": {"x": 193, "y": 262, "module": 0.4},
}  # fmt: skip


def test_a_batch_with_insertion_marks_is_read_back_with_them(
    desk: Desk, ready: BreachId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_layout(desk, an_own_layout(marks=MARKS))
    made = make_letters(desk, ready, tmp_path / "out", "own-envelope")
    assert made.letters == 3
    sheet = "".join(text_of(tmp_path / "out" / "L1" / "L1-sheet.pdf"))
    assert "end_of_set 164.2 mm" in sheet, "the sheet of the batch names the marks"
    assert reprint_letter(desk, BatchId(1), 1, "jam", tmp_path / "again")[0]
    withdraw_batch(desk, BatchId(1), "again")
    painted = LetterPress._insertion
    with monkeypatch.context() as patch:
        patch.setattr(
            LetterPress, "_insertion", lambda self, marks, each: painted(self, marks, each._replace(letter=9))
        )
        with pytest.raises(RuleError) as caught:
            make_letters(desk, ready, tmp_path / "two", "own-envelope")
    assert caught.value.facts["fault"] == ReadBackFault.SHEET
    assert make_letters(desk, ready, tmp_path / "three", "own-envelope").letters == 3


def text_of(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def test_a_layout_of_ones_own_is_checked_kept_and_used(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    too_low = an_own_layout(body={"first_top": 80, "next_top": 25})
    for wrong, code in (
        (too_low, "layout_faults"),
        ({"id": "own-x"}, "bad_layout"),
        (an_own_layout(id="x"), "bad_layout"),
    ):
        with pytest.raises(InputError, match=code):
            save_layout(desk, wrong)
    save_layout(desk, an_own_layout())
    with desk.read() as queries:
        assert known_layouts(desk, queries)["own-envelope"].status == "own"
    made = make_letters(desk, ready, tmp_path / "out", "own-envelope")
    assert made.letters == 3
    remove_layout(desk, "own-envelope")
    with pytest.raises(InputError, match="no_such_layout"):
        make_letters(desk, ready, tmp_path / "out", "own-envelope")
    with pytest.raises(InputError, match="no_such_layout"):
        remove_layout(desk, "own-envelope")


def test_a_batch_keeps_the_layout_it_was_frozen_with(
    desk: Desk, ready: BreachId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dpo_app.services.letters import make_letters as module

    save_layout(desk, an_own_layout())
    with monkeypatch.context() as broken:
        broken.setattr(module, "LetterFolder", lambda *_: (_ for _ in ()).throw(OSError()))
        with pytest.raises(OSError):
            make_letters(desk, ready, tmp_path / "out", "own-envelope")
    remove_layout(desk, "own-envelope")
    assert finish_batch(desk, BatchId(1), tmp_path / "out").letters == 3
    assert (tmp_path / "out" / "L1" / "L1-letters.pdf").is_file()


def a_picture(kind: str = "PNG", size: tuple[int, int] = (80, 40)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "#803020").save(out, kind)
    return out.getvalue()


def test_picture_and_colour_of_the_letterhead(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    for look, code in (
        (LetterLook(b"GIF89a"), "bad_logo"), (LetterLook(a_picture("BMP")), "bad_logo"),
        (LetterLook(colour="#FFEE00"), "bad_colour"), (LetterLook(colour="red"), "bad_colour"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=code):
            save_look(desk, look)
    save_look(desk, LetterLook(a_picture("JPEG"), "#1a3c8c"))
    with desk.read() as queries:
        assert letter_look(queries).colour == "#1a3c8c"
    make_letters(desk, ready, tmp_path)
    (path,) = tmp_path.glob("L1/L1-letters.pdf")
    with pikepdf.open(path) as pdf:
        assert pdf.pages[0].Resources.XObject["/Logo"].Subtype == "/Image"
    document = pypdfium2.PdfDocument(path)
    page = document[0].render(scale=2).to_pil().convert("RGB")
    document.close()
    assert (0x1A, 0x3C, 0x8C) in {page.getpixel((x, y)) for x in range(page.width) for y in range(0, 500)}


def test_large_print_for_one_person(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    with desk.read() as queries:
        revision = queries.newest_revision(ready)
        person = PersonId(queries.person_ids(ready, revision.id, PersonFilter())[0])
    normal = make_letters(desk, ready, tmp_path / "a", only=person)
    assert normal.letters == 1
    withdraw_batch(desk, BatchId(1), "large print was asked for")
    large = make_letters(desk, ready, tmp_path / "b", only=person, large=True)
    assert large.letters == 1 and large.batches[0].pages > normal.batches[0].pages
    assert make_letters(desk, ready, tmp_path / "c").letters == 2, "the others, as usual"


def test_two_languages_in_one_envelope(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    made = make_letters(desk, ready, tmp_path, also=["sv"])
    assert made.letters == 3
    pages = [page for path in sorted(tmp_path.glob("L*/L*-letters.pdf")) for page in text_of(path)]
    finnish = next(n for n, page in enumerate(pages) if "Hyvä " in page)
    assert any("Bästa " in page for page in pages[finnish + 1 :]), "Swedish follows on a page of its own"
    assert not any("Hyvä " in page and "Bästa " in page for page in pages)
    assert sum("Bästa " in page for page in pages) == 3 and sum("Hyvä " in page for page in pages) == 2
    with pytest.raises(RuleError, match="language_missing"):
        withdraw_batch(desk, BatchId(1), "again")
        make_letters(desk, ready, tmp_path / "x", also=["de"])
