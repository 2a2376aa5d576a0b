"""Paper that people read: styles, tables, header and footer of every report, and the one way text becomes a
paragraph.

`para` escapes everything; no other module constructs a Paragraph (a test looks). Only embedded fonts, nothing personal
in the file's properties, the same bytes for the same input.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import zxingcpp
from reportlab import rl_config
from reportlab.graphics import shapes
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    PageTemplate,
    Table,
    TableStyle,
)

from dpo_app.documents.archival import PRODUCER, About, archived
from dpo_app.documents.papers.tagging import Tagged, TaggedCanvas, as_grid, as_groups
from dpo_app.documents.tags import Element, Structure
from dpo_app.paths import resources

INK, GREY, LINE, TINT = HexColor("#1A1E29"), HexColor("#5C6475"), HexColor("#C9CED8"), HexColor("#F3F4F7")
ACCENT = HexColor("#4347B8")
LEFT, RIGHT, TOP, BOTTOM = 25 * mm, 22 * mm, 26 * mm, 24 * mm
WIDTH = A4[0] - LEFT - RIGHT
_REGULAR, _BOLD = "NotoSans", "NotoSans-Bold"
#: Roles that are headings.
_HEADINGS = {"title": "H1", "h1": "H2", "h2": "H3"}


@lru_cache(maxsize=1)
def prepare() -> None:
    """Register the fonts and shut what could reach outside: no remote pictures, no evaluated colours."""
    rl_config.trustedHosts, rl_config.trustedSchemes = [], []
    folder = resources() / "fonts"
    pdfmetrics.registerFont(TTFont(_REGULAR, str(folder / "NotoSans-Regular.ttf")))
    pdfmetrics.registerFont(TTFont(_BOLD, str(folder / "NotoSans-Bold.ttf")))
    # A drawing begins with this font even if none of its words use it; the built-in one is never embedded.
    shapes.STATE_DEFAULTS["fontName"] = _REGULAR
    pdfmetrics.registerFontFamily(_REGULAR, _REGULAR, _BOLD, _REGULAR, _BOLD)


@lru_cache(maxsize=16)
def style(name: str) -> ParagraphStyle:
    """Return a style by role: title, subtitle, h1, h2, body, small, mark (small, stays with what follows),
    figure, cell, cell_bold, right, right_bold, label (of a field), was (what stood there before), mono."""
    prepare()
    base: dict[str, Any] = {"fontName": _REGULAR, "textColor": INK, "bulletFontName": _REGULAR}
    own: dict[str, dict[str, Any]] = {
        "title": {"fontName": _BOLD, "fontSize": 22, "leading": 28, "spaceAfter": 6},
        "subtitle": {"fontSize": 12, "leading": 17, "textColor": GREY, "spaceAfter": 4},
        "h1": {"fontName": _BOLD, "fontSize": 14.5, "leading": 19, "spaceBefore": 20, "spaceAfter": 7,
               "keepWithNext": 1},
        "h2": {"fontName": _BOLD, "fontSize": 10.5, "leading": 14, "spaceBefore": 13, "spaceAfter": 4,
               "keepWithNext": 1},
        "body": {"fontSize": 9.5, "leading": 14, "spaceAfter": 5},
        "small": {"fontSize": 8, "leading": 11.5, "textColor": GREY},
        "mark": {"fontSize": 8, "leading": 11.5, "textColor": GREY, "spaceBefore": 5, "spaceAfter": 1,
                 "keepWithNext": 1},
        "figure": {"fontName": _BOLD, "fontSize": 13, "leading": 17},
        "strong": {"fontName": _BOLD, "fontSize": 9.5, "leading": 13},
        "cell": {"fontSize": 8.5, "leading": 12},
        "cell_bold": {"fontName": _BOLD, "fontSize": 8.5, "leading": 12},
        "right": {"fontSize": 8.5, "leading": 12, "alignment": 2},
        "right_bold": {"fontName": _BOLD, "fontSize": 8.5, "leading": 12, "alignment": 2},
        "label": {"fontSize": 8.5, "leading": 12, "textColor": GREY},
        "was": {"fontSize": 8, "leading": 11.5, "textColor": ACCENT},
        "mono": {"fontSize": 8.5, "leading": 12.5, "textColor": INK},
    }  # fmt: skip
    return ParagraphStyle(name, **(base | own[name]))


def para(text: str, role: str = "body", *, bold: bool = False) -> Flowable:
    """Return a paragraph of plain text: every sign of markup in it is escaped."""
    plain = escape(text).replace("\n", "<br/>")
    return Tagged(f"<b>{plain}</b>" if bold else plain, style(role)).as_kind(_HEADINGS.get(role, "P"))


def rich(runs: Sequence[tuple[str, bool]], role: str = "body", bullet: str = "") -> Flowable:
    """Return a paragraph of (text, bold) runs, escaped one by one."""
    text = "".join(f"<b>{escape(t)}</b>" if bold else escape(t) for t, bold in runs)
    own = style(role)
    if bullet:
        own = ParagraphStyle(f"{role}-bullet", parent=own, leftIndent=12, bulletIndent=3)
        return Tagged(text, own, bulletText=bullet).as_kind("LI")
    return Tagged(text, own).as_kind(_HEADINGS.get(role, "P"))


def table(
    rows: Sequence[Sequence[str]], widths: Sequence[float], *, head: bool = True, right: Sequence[int] = (),
    total: bool = False,
) -> Table:  # fmt: skip
    """Return a quiet table: no vertical lines, a rule under the heading, thin rules between rows, numbers right;
    `total` says that the last row is a sum."""

    def cell(text: str, row: int, column: int) -> Flowable:
        side = "right" if column in right else "cell"
        return para(str(text), f"{side}_bold" if bold(row) else side)

    def bold(row: int) -> bool:
        return (head and row == 0) or (total and row == len(rows) - 1)

    data = [[cell(text, r, c) for c, text in enumerate(row)] for r, row in enumerate(rows)]
    as_grid(data, head=head, row_head=None if head else 0)
    whole = sum(widths)
    made = Table(data, [w * WIDTH / whole for w in widths], repeatRows=1 if head else 0, hAlign="LEFT",
                 splitInRow=1)  # fmt: skip
    return _ruled(
        made, 3, ("LINEBELOW", (0, 0), (-1, 0), 0.8 if head else 0.3, INK if head else LINE),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, LINE),
    )  # fmt: skip


def _ruled(made: Table, padding: float, *lines: tuple[Any, ...]) -> Table:
    """Set a table without boxes: text at the top of its cell, flush with the page's edges, thin lines between."""
    made.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), _REGULAR),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), padding),
                ("BOTTOMPADDING", (0, 0), (-1, -1), padding),
                *lines,
            ]
        )
    )
    return made


def form_rows(rows: Sequence[tuple[str, str, Sequence[Flowable]]]) -> Table:
    """Return fields of a form under each other: number, label, and what stands in it; thin rules between."""
    data = [[para(number, "small"), para(label, "label"), list(content)] for number, label, content in rows]
    as_grid(data, row_head=1)
    made = Table(
        data, [9 * mm, 50 * mm, WIDTH - 59 * mm], hAlign="LEFT", splitInRow=1,
    )  # fmt: skip
    return _ruled(made, 3.5, ("LINEBELOW", (0, 0), (-1, -2), 0.3, LINE))


def panel(content: Sequence[Flowable]) -> Table:
    """Return content on a tint, for what has to be seen first."""
    as_groups([content])
    made = Table([[list(content)]], [WIDTH], hAlign="LEFT")
    made.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), _REGULAR),
                ("BACKGROUND", (0, 0), (-1, -1), TINT),
                ("LEFTPADDING", (0, 0), (-1, -1), 4 * mm),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4 * mm),
                ("TOPPADDING", (0, 0), (-1, -1), 3 * mm),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3 * mm),
            ]
        )
    )
    return made


def figures(pairs: Sequence[tuple[str, str]], role: str = "figure") -> Table:
    """Return key figures beside each other: (caption, number); words in the role `strong`."""
    data = [[para(number, role) for _, number in pairs], [para(caption, "small") for caption, _ in pairs]]
    as_groups(zip(data[1], data[0], strict=True))
    made = Table(
        data, [WIDTH / len(pairs)] * len(pairs), hAlign="LEFT",
    )  # fmt: skip
    made.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), _REGULAR),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ]
        )
    )
    return made


def chapter(title: str, needed_mm: float = 62) -> list[Flowable]:
    """Return the heading of a chapter: listed in the contents and the outline, never alone at the foot of a page."""
    return [CondPageBreak(needed_mm * mm), _Chapter(title)]


class _Chapter(Tagged):
    """A heading that tells the canvas where it came to stand."""

    def __init__(self, title: str) -> None:
        super().__init__(escape(title), style("h1"))
        self._title = title
        self.as_kind(_HEADINGS["h1"])

    def draw(self) -> None:
        """Paint, and note page and height."""
        super().draw()
        _, top = self.canv.absolutePosition(0, self.height)
        self.canv.chapters.append(_Place(self._title, self.canv.getPageNumber(), top))


class _Place(NamedTuple):
    title: str
    page: int
    top: float


class Contents(Flowable):  # type: ignore[misc]
    """The table of contents: keeps room for `count` chapters; the canvas fills it when pages are known."""

    STEP = 8.2 * mm

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def wrap(self, *_: Any) -> tuple[float, float]:
        """Return the size."""
        return WIDTH, self._count * self.STEP

    def draw(self) -> None:
        """Note where the lines will stand."""
        _, top = self.canv.absolutePosition(0, self._count * self.STEP)
        self.canv.contents_at = (self.canv.getPageNumber(), top)
        self.canv.contents_in = self.canv.structure.block("TOC")


class Code(Flowable):  # type: ignore[misc]
    """A Data Matrix of a short text, in millimetres of side."""

    def __init__(self, text: str, side_mm: float) -> None:
        super().__init__()
        barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
        view: Any = memoryview(zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False))  # type: ignore[arg-type]
        self._rows = [[view[r, c] == 0 for c in range(view.shape[1])] for r in range(view.shape[0])]
        self._side = side_mm * mm

    def wrap(self, *_: Any) -> tuple[float, float]:
        """Return the size."""
        return self._side, self._side

    def draw(self) -> None:
        """Paint the dark modules as one path."""
        module = self._side / len(self._rows)
        path = self.canv.beginPath()
        for number, row in enumerate(self._rows):
            for place, dark in enumerate(row):
                if dark:
                    path.rect(place * module, self._side - (number + 1) * module, module, module)
        self.canv.setFillColor(INK)
        self.canv.drawPath(path, stroke=0, fill=1)


def build(
    story: Sequence[Flowable], *, title: str, header: str, footer: str, page_words: Callable[[int, int], str],
    cover: bool = False, language: str = "", made: datetime | None = None,
) -> bytes:  # fmt: skip
    """Return a report as PDF/A-2b: header on every page but the cover, footer with page n of m; `made` goes into its
    properties."""
    prepare()
    out = io.BytesIO()
    document = BaseDocTemplate(
        out, pagesize=A4, leftMargin=LEFT, rightMargin=RIGHT, topMargin=TOP, bottomMargin=BOTTOM, title=title,
        author="", producer=PRODUCER, creator=PRODUCER, invariant=1, initialFontName=_REGULAR,
        pageCompression=1, lang=language or None,
    )  # fmt: skip
    frame = Frame(LEFT, BOTTOM, WIDTH, A4[1] - TOP - BOTTOM, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate("page", [frame])])

    written: list[Structure] = []

    def around(canvas: TaggedCanvas, number: int, pages: int) -> None:
        _furniture(canvas, header if number > 1 or not cover else "", footer, page_words(number, pages))

    document.build(list(story), canvasmaker=partial(_Numbered, around=around, written=written))
    created = f"{made.astimezone(UTC):%Y%m%d%H%M%SZ}" if made is not None else ""
    return archived(out.getvalue(), About(title, language, created), structure=written[0])


class _Numbered(TaggedCanvas):
    """Keeps pages until their number is known; `around` paints what stands beside the text of one, and the finished
    structure goes to `written`."""

    def __init__(
        self, *args: Any, around: Callable[[TaggedCanvas, int, int], None], written: list[Structure], **kwargs: Any
    ) -> None:
        kwargs.update(initialFontName=_REGULAR, initialFontSize=9)
        super().__init__(*args, **kwargs)
        self._around, self._written = around, written
        self._kept: list[dict[str, Any]] = []
        self.chapters: list[_Place] = []
        self.contents_at: tuple[int, float] = (0, 0.0)
        self.contents_in: Element | None = None

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Keep a page."""
        self._kept.append(dict(self.__dict__))
        self.structure.turn()
        self._startPage()

    def save(self) -> None:
        """Write all pages."""
        (contents_page, contents_top), contents = self.contents_at, self.contents_in
        for number, page in enumerate(self._kept, 1):
            self.__dict__.update(page)
            self.structure.page = number - 1
            if number == contents_page and contents is not None:
                _contents(self, contents, self.chapters, contents_top)
            for place in self.chapters:
                if place.page == number:
                    self.bookmarkPage(place.title, fit="XYZ", left=0, top=place.top + 6)
                    self.addOutlineEntry(place.title, place.title, 0)
            self._around(self, number, len(self._kept))
            self.shut()
            super().showPage()
        # The page after the last one was begun and never written.
        self.structure.owners.pop()
        self._written.append(self.structure)
        super().save()


def _contents(canvas: TaggedCanvas, contents: Element, chapters: Sequence[_Place], top: float) -> None:
    for line, place in enumerate(chapters):
        y = top - line * Contents.STEP - 5 * mm
        link = contents.add("TOCI").add("Link")
        link.alternative = place.title
        canvas.tag(link)
        canvas.setFont(_REGULAR, 10)
        canvas.setFillColor(INK)
        canvas.drawString(LEFT, y, place.title)
        canvas.drawRightString(LEFT + WIDTH, y, str(place.page))
        canvas.untag()
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.3)
        canvas.line(LEFT, y - 2.6 * mm, LEFT + WIDTH, y - 2.6 * mm)
        canvas.linkRect("", place.title, (LEFT, y - 2 * mm, LEFT + WIDTH, y + 4 * mm), relative=0, thickness=0)


def _furniture(canvas: TaggedCanvas, header: str, footer: str, page: str) -> None:
    canvas.setFont(_REGULAR, 7.5)
    canvas.setFillColor(GREY)
    if header:
        canvas.drawString(LEFT, A4[1] - 15 * mm, header)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.4)
        canvas.line(LEFT, A4[1] - 17 * mm, A4[0] - RIGHT, A4[1] - 17 * mm)
    canvas.drawString(LEFT, 13 * mm, footer)
    canvas.drawRightString(A4[0] - RIGHT, 13 * mm, page)
