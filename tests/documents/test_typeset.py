"""Line breaks, held beside reportlab's Platypus; and the fonts."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

from dpo_app.documents.fonts import BOLD, REGULAR, faces
from dpo_app.documents.letters.typeset import Piece, break_lines
from dpo_app.paths import resources

WORD = st.text("abcdeilmnoprstuväöåŋčžαβγжщWM.,-–", min_size=1, max_size=24)


@lru_cache(maxsize=1)
def style(size: float) -> ParagraphStyle:
    for name in ("NotoSans-Regular", "NotoSans-Bold"):
        pdfmetrics.registerFont(TTFont(f"Oracle-{name}", str(resources() / "fonts" / f"{name}.ttf")))
    return ParagraphStyle("oracle", fontName="Oracle-NotoSans-Regular", fontSize=size, leading=size * 1.35,
                          spaceShrinkage=0)  # fmt: skip


def oracle_lines(words: list[str], width: float, size: float) -> list[int]:
    """Return how many words Platypus sets on each line."""
    paragraph = Paragraph(" ".join(words), style(size))
    paragraph.wrap(width, 100_000)
    return [len(line[1]) for line in paragraph.blPara.lines]


def our_lines(words: list[str], width: float, size: float) -> list[int]:
    blank = faces()[REGULAR].word(" ").glyphs
    lines = break_lines([(Piece(REGULAR, word),) for word in words], width, size, faces())
    return [_words_in("".join(piece[2] for piece in line.pieces), blank) for line in lines]


def _words_in(glyphs: str, blank: str) -> int:
    return 1 + sum(glyphs[place : place + 4] == blank for place in range(0, len(glyphs), 4))


@settings(max_examples=200, deadline=None)
@given(st.lists(WORD, min_size=1, max_size=60), st.integers(260, 482))
def test_lines_break_where_platypus_breaks_them(words: list[str], width: int) -> None:
    assert our_lines(words, width, 11.0) == oracle_lines(words, width, 11.0)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([REGULAR, BOLD]), WORD), min_size=1, max_size=40), st.integers(40, 400))
def test_no_line_is_wider_than_its_column(words: list[tuple[int, str]], width: int) -> None:
    lines = break_lines([(Piece(face, word),) for face, word in words], width, 11.0, faces())
    for line in lines:
        face, start, glyphs = line.pieces[-1]
        by_glyph = {glyph: faces()[face]._widths[code] for code, glyph in faces()[face]._glyphs.items()}
        own = sum(by_glyph[int(glyphs[p : p + 4], 16)] for p in range(0, len(glyphs), 4))
        assert start + own * 11 / 1000 <= width + 0.01


def test_fonts_are_the_ones_that_were_tried() -> None:
    folder = resources() / "fonts"
    sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text("ascii").splitlines())
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in Path(folder).glob("*.[to]tf")}
    assert found == sums
    assert (folder / "NotoSans-LICENSE.txt").is_file()
