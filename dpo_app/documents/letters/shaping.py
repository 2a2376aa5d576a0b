"""Names in scripts that the letters' own font lacks: Arabic, Hebrew, Devanagari, Thai, Armenian, Georgian.

Decision: shaping by HarfBuzz, one stretch at a time, in fonts of the same family; what is written carries the text it
stands for (ActualText), so that a search finds the name and not its glyphs. The direction of a stretch is that of its
letters. Where digits or Latin letters touch right-to-left ones the order on paper depends on more than that: such a
line is refused by name rather than set wrong. Chinese, Japanese and Korean need fonts of many megabytes and are refused
by name, too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import uharfbuzz

from dpo_app.paths import resources

#: Fonts tried in this order for a sign that the letters' own font lacks.
SCRIPTS = ("NotoSansHebrew-Regular", "NotoSansArabic-Regular", "NotoSansDevanagari-Regular",
           "NotoSansArmenian-Regular", "NotoSansGeorgian-Regular", "NotoSansThai-Regular")  # fmt: skip
_RIGHT = frozenset({"R", "AL"})
#: Signs within a stretch of right-to-left text that take its direction.
_NEUTRAL = frozenset({"WS", "ON", "NSM", "BN", "ES"})


class Glyph(NamedTuple):
    """A glyph: number, how far the pen goes on, and where it stands beside the pen, in thousandths of the size."""

    number: int
    advance: float
    right: float
    up: float


@lru_cache(maxsize=len(SCRIPTS))
def _font(name: str) -> tuple[Any, float]:
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(resources() / "fonts" / f"{name}.ttf")))
    return uharfbuzz.Font(face), 1000 / face.upem


@lru_cache(maxsize=len(SCRIPTS))
def advances(name: str) -> tuple[float, ...]:
    """Return the width of every glyph of a font, those that only shaping uses included."""
    font, scale = _font(name)
    return tuple(font.get_glyph_h_advance(number) * scale for number in range(font.face.glyph_count))


def shape(name: str, text: str) -> tuple[Glyph, ...]:
    """Return the glyphs of a stretch in one script from left to right."""
    font, scale = _font(name)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer, {})
    return tuple(
        Glyph(info.codepoint, at.x_advance * scale, at.x_offset * scale, at.y_offset * scale)
        for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    )


def right_to_left(text: str) -> bool:
    """Tell whether any letter of a text runs from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(sign) in _RIGHT for sign in text)


def one_direction(text: str) -> bool:
    """Tell whether a text is wholly left-to-right, or right-to-left letters with blanks and hyphens between them at
    most, beside left-to-right words that a blank parts from them."""
    if not right_to_left(text):
        return True
    kinds = [unicodedata.bidirectional(sign) for sign in text]
    if any(kind in ("EN", "AN") for kind in kinds):
        return False
    return len(_stretches(kinds)) <= 1


def _stretches(kinds: Sequence[str]) -> list[tuple[int, int]]:
    """Return the stretches of right-to-left signs, neutral ones between them included."""
    found: list[tuple[int, int]] = []
    for place, kind in enumerate(kinds):
        if kind not in _RIGHT:
            continue
        if found and all(each in _NEUTRAL for each in kinds[found[-1][1] : place]):
            found[-1] = (found[-1][0], place + 1)
        else:
            found.append((place, place + 1))
    # Marks after the last letter belong to it.
    return [(first, _with_marks(kinds, last)) for first, last in found]


def _with_marks(kinds: Sequence[str], last: int) -> int:
    while last < len(kinds) and kinds[last] == "NSM":
        last += 1
    return last


def operators(glyphs: Sequence[Glyph], widths: Sequence[float], text: str, size: float) -> str:
    """Return the text operators that show glyphs where the pen stands, with the text they stand for."""
    meant = ("\ufeff" + text).encode("utf-16-be").hex().upper()
    parts = [f"/Span << /ActualText <{meant}> >> BDC "]
    array: list[str] = []
    rise = 0.0
    for glyph in glyphs:
        if glyph.up != rise:
            if array:
                parts.append(f"[{''.join(array)}] TJ ")
            array, rise = [], glyph.up
            parts.append(f"{rise * size / 1000:.2f} Ts ")
        before, after = -glyph.right, widths[glyph.number] - glyph.advance + glyph.right
        array.append(f"{before:.0f}" if round(before) else "")
        array.append(f"<{glyph.number:04x}>")
        array.append(f"{after:.0f}" if round(after) else "")
    parts.append(f"[{''.join(array)}] TJ ")
    return "".join(parts) + ("0 Ts EMC" if rise else "EMC")
