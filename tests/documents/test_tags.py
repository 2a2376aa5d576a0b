"""Tags: the tree of papers and of single letters is walked, and everything on a page is either in it or left out."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
import pytest

from dpo_app import bootstrap
from dpo_app.core.notices.notice import Block, BlockKind, Run, Slot
from dpo_app.documents.papers import paper
from dpo_app.documents.papers.bulletin import bulletin
from dpo_app.services.authority.tell_authority import draft_authority_notice, notice_pdf
from dpo_app.services.desk.make_example import make_example
from dpo_app.services.proof.export_audit import audit_file
from dpo_app.store import vault
from tests.documents.letter_kit import a_form, a_letter, a_press, heading, paragraph, print_batch

#: What shows something; a stretch of a page that has one of these is read, or left out on purpose.
SHOWS = {"Tj", "TJ", "'", '"', "Do", "f", "F", "f*", "S", "s", "B", "b", "sh", "INLINE IMAGE"}
#: What may stand directly in what (ISO 32000-1, 14.8.4).
INSIDE = {
    "L": {"LI"}, "LI": {"LBody"}, "Table": {"TR"}, "TR": {"TH", "TD"}, "TOC": {"TOCI"}, "TOCI": {"Link"},
    "Document": {"H1", "H2", "H3", "P", "L", "Table", "TOC", "Figure", "Div", "Sect"},
}  # fmt: skip


class Seen(NamedTuple):
    """What an element says of itself."""

    kind: str
    language: str
    alternative: str
    scope: str


def seen(element: Any) -> Seen:
    attributes = element.get("/A", {})
    return Seen(str(element.S)[1:], str(element.get("/Lang", "")), str(element.get("/Alt", "")),
                str(attributes.get("/Scope", "")))  # fmt: skip


def walk(element: Any) -> Iterator[Any]:
    yield element
    for kid in element.get("/K", ()):
        if "/S" in kid:
            assert kid.P.objgen == element.objgen, "a child knows its parent"
            yield from walk(kid)


def marked(page: pikepdf.Page) -> list[int]:
    """Return the numbers of the marked content of a page; everything that shows stands in one or in an artifact."""
    open_: list[int | None] = []
    found: list[int] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            kind = str(operands[0])
            if kind == "/Artifact":
                assert open_ == [], "an artifact in what is read"
                open_.append(None)
            elif kind == "/Span":
                assert open_ and open_[-1] is not None
                open_.append(open_[-1])
            else:
                assert open_ == []
                open_.append(int(operands[1]["/MCID"]))
                found.append(int(operands[1]["/MCID"]))
        elif name == "EMC":
            open_.pop()
        elif name in SHOWS:
            assert open_, f"{name} outside"
    assert open_ == []
    return found


def tree_of(pdf: bytes, *, blank: int = 0) -> tuple[list[str], list[Seen]]:
    """Check the tree of a file in every way, and return the kinds of its elements in the order of reading, with them.
    `blank`: that many pages show nothing."""
    document = pikepdf.open(BytesIO(pdf))
    root = document.Root
    assert root.MarkInfo.Marked and str(root.ViewerPreferences.DisplayDocTitle) == "True"
    (top,) = root.StructTreeRoot.K
    elements = list(walk(top))
    kinds = [str(each.S)[1:] for each in elements]
    assert kinds[0] == "Document"
    for each, kind in zip(elements, kinds, strict=True):
        children = {str(kid.S)[1:] for kid in each.K if "/S" in kid}
        assert children <= INSIDE.get(kind, children), (kind, children)
        assert len(each.K) or kind in ("TD", "TH"), f"empty {kind}"
    nums = root.StructTreeRoot.ParentTree.Nums
    parents = {int(nums[place]): nums[place + 1] for place in range(0, len(nums), 2)}
    pages = {page.obj.objgen: page for page in document.pages}
    in_tree: Counter[tuple[tuple[int, int], int]] = Counter()
    for each in elements:
        for kid in each.K:
            if kid.get("/Type") == "/MCR":
                in_tree[kid.Pg.objgen, int(kid.MCID)] += 1
                owner = parents[int(pages[kid.Pg.objgen].obj.StructParents)][int(kid.MCID)]
                assert owner.objgen == each.objgen, "the table leads back"
            elif kid.get("/Type") == "/OBJR":
                assert parents[int(kid.Obj.StructParent)].objgen == each.objgen and kid.Pg.Tabs == "/S"
    without = 0
    for page in document.pages:
        if "/StructParents" not in page.obj:
            without += 1
            assert page.Contents.read_bytes() == b""
            continue
        numbers = marked(page)
        assert numbers == list(range(len(numbers))), "numbers without holes"
        assert all(in_tree.pop((page.obj.objgen, number)) == 1 for number in numbers), "each in the tree once"
        for annotation in page.obj.get("/Annots", ()):
            assert "/StructParent" in annotation and str(annotation.Contents)
    assert not in_tree and without == blank
    return kinds, [seen(each) for each in elements]


def read_aloud(path: Path) -> str:
    """Return what poppler reads along the tree."""
    said = subprocess.run(["pdfinfo", "-struct-text", str(path)], capture_output=True, check=True)
    return said.stdout.decode()


def bullets(*texts: str) -> list[Block]:
    return [Block(BlockKind.BULLET, (Run(text),)) for text in texts]


FORM = (
    Block(BlockKind.TITLE, (Run("Your data may have been copied"),)),
    Block(BlockKind.PARAGRAPH, (Run("Dear "), Run("", slot=Slot.FULL_NAME))),
    heading("What happened"), paragraph("First " * 60), paragraph("Personal stands between."),
    Block(BlockKind.PARAGRAPH, (Run("Yours is "), Run("", slot=Slot.CODE))), paragraph("Then " * 60),
    heading("What you can do"), *bullets("one", "two", "three"), paragraph("Last " * 900),
    Block(BlockKind.SIGNATURE, (Run("Maija Mallikas"),)),
)  # fmt: skip


def test_a_single_letter_is_read_in_the_order_of_its_text(tmp_path: Path) -> None:
    pdf = a_press(form=FORM, duplex=True).one(a_letter(name="Aino Esimerkki"))
    kinds, _ = tree_of(pdf, blank=0 if len(pikepdf.open(BytesIO(pdf)).pages) % 2 == 0 else 1)
    text = kinds[kinds.index("H1") :]
    assert text[:9] == ["H1", "P", "H2", "P", "P", "P", "P", "H2", "L"]
    assert text[9:] == ["LI", "LBody"] * 3 + ["P", "P"], "a paragraph over the page is one element"
    (tmp_path / "letter.pdf").write_bytes(pdf)
    said = read_aloud(tmp_path / "letter.pdf")
    order = ["Esimerkki Oy", "Aino Esimerkki", "KANNUS", "24 Nov 2026", "Your data may", "Dear Aino", "What happened",
             "Personal stands", "Yours is", "Then", "one", "Last", "Maija"]  # fmt: skip
    places = [said.index(each) for each in order]
    assert places == sorted(places)
    assert "Page 1 of" not in said, "numbers of pages are left out"


def test_the_copy_of_a_letter_is_the_letter_of_its_batch(tmp_path: Path) -> None:
    rows = [a_letter(1), a_letter(2, "محمد علي"), a_letter(3, "Екатерина Ŋuorgam")]
    press = a_press(form=FORM)
    batch = print_batch(press, rows, tmp_path, "L1")
    for row, record in zip(rows, batch.records, strict=True):
        part = press.copy(row, tmp_path / f"{row.number}.pdf", "L1-1")
        assert part.records[0].sha256 == record.sha256
        own = batch.parts[0].pages[record.first_page - 1 : record.first_page - 1 + record.pages]
        assert [page._replace(page=0) for page in part.pages] == [page._replace(page=0) for page in own]
        tree_of((tmp_path / f"{row.number}.pdf").read_bytes())
    with pikepdf.open(tmp_path / "L1-letters.pdf") as document:
        assert "/StructTreeRoot" not in document.Root, "a batch is for the printer"


def test_each_language_of_a_letter_is_a_section(tmp_path: Path) -> None:
    form = (*a_form(2), Block(BlockKind.PAGE_BREAK, ()), *a_form(2))
    _, elements = tree_of(a_press(form=form, language="en+fi").one(a_letter()))
    assert [each.language for each in elements if each.kind == "Sect"] == ["en", "fi"]
    assert elements[0].language == "en"


def test_a_bulletin_is_tagged() -> None:
    form = (Block(BlockKind.TITLE, (Run("Title"),)), heading("Part"), paragraph("Long " * 900), *bullets("a", "b"),
            paragraph("End"))  # fmt: skip
    kinds, elements = tree_of(bulletin(form, "fi", "Esimerkki Oy", "24.11.2026"))
    assert kinds == ["Document", "P", "H1", "H2", "P", "L", "LI", "LBody", "LI", "LBody", "P"]
    assert elements[0].language == "fi"


def test_a_table_that_goes_on_is_one_table() -> None:
    rows = [("Name", "Count")] + [(f"Row {number}", "word " * 40) for number in range(60)]
    pdf = paper.build(
        [paper.table(rows, (30, 70))], title="x", header="h", footer="f", page_words=lambda p, n: f"{p}/{n}"
    )
    kinds, elements = tree_of(pdf)
    assert len(pikepdf.open(BytesIO(pdf)).pages) > 3
    assert Counter(kinds) == {"Document": 1, "Table": 1, "TR": 61, "TH": 2, "TD": 120, "P": 122}
    assert {each.scope for each in elements if each.kind == "TH"} == {"/Column"}


def test_a_row_parted_in_the_middle_keeps_its_cells() -> None:
    rows = [("Field", "Value"), ("Long", "word " * 3_000)]
    kinds, _ = tree_of(
        paper.build([paper.table(rows, (30, 70))], title="x", header="", footer="", page_words=lambda p, n: "")
    )
    assert Counter(kinds)["P"] == 4


@pytest.mark.parametrize("which", ["audit", "authority"])
def test_papers_are_tagged(opened: vault.OpenStore, which: str) -> None:
    made = make_example(bootstrap.build(opened, "Tester"), 20)
    desk = bootstrap.build(opened, "Tester")
    notice, _ = draft_authority_notice(desk, made.breach_id)
    with desk.read() as queries:
        if which == "audit":
            pdf = desk.audit_pdf.make(audit_file(desk, queries, made.breach_id, "fi"))
        else:
            pdf = notice_pdf(desk, queries, notice)
    kinds, elements = tree_of(pdf)
    levels = [int(kind[1]) for kind in kinds if kind in ("H1", "H2", "H3")]
    assert levels[0] == 1 and all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False)), "no level is left out"
    if which == "audit":
        assert kinds.count("TOCI") == kinds.count("Link") > 5
        figures = [each.alternative for each in elements if each.kind == "Figure"]
        assert len(figures) >= 2 and all(figures)
