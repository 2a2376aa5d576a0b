"""A pile of envelopes at once: pictures or a scanned PDF of them, or a list from the post."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dpo_app.core.delivery import ReturnReason
from dpo_app.core.errors import InputError
from dpo_app.core.ids import CODE_ALPHABET, TOKEN_LENGTH, plain_code
from dpo_app.core.persons.names import folded
from dpo_app.services.letters.record_returned import Returned, record_listed, record_returned
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import SILENT, Progress

PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".pdf")
LISTS = (".csv", ".txt", ".tsv", ".xlsx", ".xls", ".ods")


@dataclass(frozen=True)
class Pile:
    """What a pile gave: the answers to its codes, and the pages (from 1) of each file on which no code was found."""

    returned: Returned
    pages: int
    without: tuple[tuple[str, int], ...]

    @property
    def changes(self) -> object:
        """Return what was altered."""
        return self.returned.changes


def record_pictures(desk: Desk, paths: list[Path], reason: ReturnReason, progress: Progress = SILENT) -> Pile:
    """Record every letter whose code can be read in pictures; pages without one are named, and nothing is guessed.

    Raises InputError: "cannot_see_picture", "no_codes_found" if there is none at all.
    """
    codes: list[str] = []
    without: list[tuple[str, int]] = []
    pages = 0
    for path in paths:
        for page, found in desk.letters.codes_in(path):
            pages += 1
            progress.step(pages, None)
            own = [code for code in found if _is_code(code)]
            codes.extend(own)
            if not own:
                without.append((path.name, page))
    if not codes:
        raise InputError("no_codes_found", file=", ".join(path.name for path in paths))
    return Pile(record_returned(desk, codes, reason), pages, tuple(without))


def record_list(desk: Desk, path: Path, reason: ReturnReason, progress: Progress = SILENT) -> Pile:
    """Record the letters of a list from the post: the column that holds codes, and if there is one, the column whose
    words are known reasons; `reason` stands for the others. Raises InputError("no_code_column")."""
    rows = _listed(desk, path)
    progress.step(0, len(rows))
    width = max(map(len, rows), default=0)
    counts = [sum(_is_code(row[place]) for row in rows if place < len(row)) for place in range(width)]
    if not any(counts):
        raise InputError("no_code_column", file=path.name)
    column = counts.index(max(counts))
    words = {folded(word): why for why, known in desk.return_words.items() for word in known}
    listed = [
        (row[column], next((words[folded(cell)] for cell in row if folded(cell) in words), reason))
        for row in rows
        if column < len(row) and row[column].strip()
    ]
    return Pile(record_listed(desk, listed), len(rows), ())


def _listed(desk: Desk, path: Path) -> list[Sequence[str]]:
    """Return the rows of a list. A hand scanner writes one code a line and no heading: then the first code stands where
    headings would."""
    options: dict[str, Any] = {"header_row": 1}
    try:
        first = desk.tables.head(path, options).headings
    except InputError as error:
        if error.code != "file_no_table":
            raise
        options["delimiter"] = ";"
        first = desk.tables.head(path, options).headings
    if not any(map(_is_code, first)):
        del options["header_row"]
        return [cells for _, cells in desk.tables.rows(path, options)]
    return [first, *(cells for _, cells in desk.tables.rows(path, options))]


def record_pile(desk: Desk, paths: list[Path], reason: ReturnReason, progress: Progress = SILENT) -> Pile:
    """Do what the kind of the files asks for: read pictures, or the one list."""
    if len(paths) == 1 and paths[0].suffix.lower() in LISTS:
        return record_list(desk, paths[0], reason, progress)
    return record_pictures(desk, list(_pictures(paths)), reason, progress)


def _pictures(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.iterdir() if each.suffix.lower() in PICTURES)
        else:
            yield path


def _is_code(text: str) -> bool:
    plain = plain_code(text)
    return len(plain) == TOKEN_LENGTH and all(sign in CODE_ALPHABET for sign in plain)
