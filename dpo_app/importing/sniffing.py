"""What a file is: kind, encoding, delimiter, where the headings are. Nothing is replaced or ignored to make it fit."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import NamedTuple

from charset_normalizer import from_bytes

from dpo_app.core.errors import InputError

SAMPLE_BYTES = 400_000
DELIMITERS = ";,\t|"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CANDIDATES = ("cp1252", "iso-8859-15", "mac-roman")
#: First bytes of things that are no table, with the code that says so.
_MAGIC = (
    (b"%PDF", "file_is_pdf"),
    (b"\x89PNG", "file_is_picture"),
    (b"\xff\xd8\xff", "file_is_picture"),
    (b"GIF8", "file_is_picture"),
    (b"{\\rtf", "file_is_document"),
    (b"\x7fELF", "file_is_program"),
    (b"MZ", "file_is_program"),
    (b"Rar!", "file_is_archive"),
    (b"7z\xbc\xaf", "file_is_archive"),
    (b"\x1f\x8b", "file_is_archive"),
    (b"SQLite format 3", "file_is_database"),
)
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Dialect(NamedTuple):
    """How a text file is read."""

    encoding: str
    delimiter: str


def refuse_other_kinds(head: bytes) -> None:
    """Raises InputError for an empty file and for everything that is known to be no table."""
    if not head.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise InputError("file_empty")
    for magic, code in _MAGIC:
        if head.startswith(magic):
            raise InputError(code)


def encoding_of(sample: bytes, chosen: str = "") -> str:
    """Return the encoding of a sample: by its mark, by strict UTF-8, or by the signs that Finnish and Swedish use.

    Raises InputError("encoding_unsure", candidates=…) if several read differently and none is clearly right,
    InputError("file_no_text") for bytes that are no text.
    """
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return name
    if chosen:
        return chosen
    try:
        _strict(sample, "utf-8")
        if b"\x00" not in sample:
            return "utf-8"
    except UnicodeDecodeError:
        pass
    if sample.count(b"\x00") > len(sample) // 4:
        return "utf-16-le" if sample[1:2] == b"\x00" else "utf-16-be"
    if b"\x00" in sample:
        raise InputError("file_no_text")
    return _eight_bits(sample)


def _strict(sample: bytes, encoding: str) -> str:
    """Decode a sample that may end in the middle of a sign."""
    try:
        return sample.decode(encoding)
    except UnicodeDecodeError as error:
        if error.start >= len(sample) - 4 and len(sample) >= SAMPLE_BYTES:
            return sample[: error.start].decode(encoding)
        raise


_NORDIC = frozenset("åäöÅÄÖéèüÜßøæØÆšžŠŽõÕ")
_UNLIKELY = frozenset("¤¦§¬¯±²³µ¶·¸¹º»¼½¾×÷ÐÞþ†‡•‰‹›™Œœ∂∑∏π∫Ω≈∆√ƒ∞≤≥¥ˆ˜˘˙˚¸˝˛ˇ‚„…")


def _eight_bits(sample: bytes) -> str:
    scores: dict[str, int] = {}
    for name in _CANDIDATES:
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        counted = Counter(sign for sign in text if ord(sign) > 127)
        good = sum(count for sign, count in counted.items() if sign in _NORDIC)
        bad = sum(count for sign, count in counted.items() if sign in _UNLIKELY or ord(sign) < 160)
        scores[name] = good - 3 * bad
    best = sorted(scores, key=lambda name: -scores[name])
    if not best or scores[best[0]] <= 0:
        guess = from_bytes(sample).best()
        candidates = list(dict.fromkeys([*best, *([guess.encoding] if guess else [])]))
        raise InputError("encoding_unsure", candidates=", ".join(candidates[:4]) or "utf-8")
    first = best[0]
    # cp1252 and iso-8859-15 read letters alike and part only at eight signs: the Windows one is meant by nearly all.
    rivals = [n for n in best[1:] if scores[n] == scores[first] and sample.decode(n) != sample.decode(first)]
    if rivals and {first, *rivals} - {"cp1252", "iso-8859-15"}:
        raise InputError("encoding_unsure", candidates=", ".join([first, *rivals]))
    return first


def delimiter_of(text: str, chosen: str = "") -> str:
    """Return the sign that parts the columns: the one that gives most lines the same number of parts.

    Raises InputError("file_no_table") if none does.
    """
    if chosen:
        return chosen
    best, best_score = "", 0.0
    for sign in DELIMITERS:
        counts = Counter(len(row) for row in csv.reader(io.StringIO(text[:100_000]), delimiter=sign) if any(row))
        if not counts:
            continue
        width, lines = max(counts.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
        score = (lines / sum(counts.values())) * (width > 1) * (1 + min(width, 30) / 100)
        if score > best_score:
            best, best_score = sign, score
    if best_score < 0.5:
        raise InputError("file_no_table")
    return best


def header_row(rows: list[list[str]]) -> int:
    """Return the place of the headings among the first rows: the first one as wide as the table and without a number,
    date or address in it; -1 if there is none."""
    if not rows:
        return -1
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    for place, row in enumerate(rows[:10]):
        filled = [cell for cell in row if cell.strip()]
        if len(row) != width or len(filled) < max(1, (2 * width) // 3):
            continue
        if any("@" in cell or any(sign.isdigit() for sign in cell[:3]) for cell in filled):
            return -1
        return place
    return -1
