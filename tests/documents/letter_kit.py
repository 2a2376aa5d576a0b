"""A made-up letter for tests and benchmarks: blocks, letterhead, rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from dpo_app.core.ids import CODE_ALPHABET, grouped
from dpo_app.core.letters.letter import BODY_PT, Letterhead, LetterRecord, LetterRow, file_names, make_token
from dpo_app.core.notices.notice import Block, BlockKind, Run, Slot
from dpo_app.documents.letters.layouts import layouts
from dpo_app.documents.letters.letter import LetterPress
from dpo_app.services.letters.letter_folder import files_of
from dpo_app.services.ports.letters import PressOrder, PrintedPart

SENTENCE = (
    "Somebody took a copy of our register of customers, and we cannot rule out that your data are in it, so we write "
    "to everybody whose data were there at that time and say what we know."
)
HEAD = Letterhead(
    "Esimerkki Oy", ("Mallikatu 1, 00100 Helsinki", "09 000 0000 · tietosuoja@example.com"), "PL 1, 00101 HELSINKI",
    {"en": "24 Nov 2026", "fi": "24.11.2026", "de": "24.11.2026"},
    {"en": "Reference", "fi": "Tunniste", "de": "Zeichen"},
    {"en": "Page {page} of {pages}", "fi": "{page} ({pages})", "de": "Seite {page} von {pages}"},
)  # fmt: skip
CREATED = "20261124093000Z"


def paragraph(text: str, bold: bool = False) -> Block:
    return Block(BlockKind.PARAGRAPH, (Run(text, bold),))


def heading(text: str) -> Block:
    return Block(BlockKind.SUBHEADING, (Run(text),))


def a_form(paragraphs: int = 9) -> tuple[Block, ...]:
    """Return a notice of about 33 words a paragraph: title, salutation, paragraphs, code, signature."""
    body: list[Block] = []
    for number in range(paragraphs):
        if number % 3 == 0:
            body.append(heading(f"Part {number // 3 + 1}"))
        body.append(paragraph(SENTENCE))
    return (
        Block(BlockKind.TITLE, (Run("Your data may have been copied"),)),
        Block(BlockKind.PARAGRAPH, (Run("Dear "), Run("", slot=Slot.FULL_NAME))),
        *body,
        Block(BlockKind.BULLET, (Run("Your code is "), Run("", True, slot=Slot.CODE), Run("; keep it."))),
        Block(BlockKind.SIGNATURE, (Run("Maija Mallikas"),)),
        Block(BlockKind.SIGNATURE, (Run("Esimerkki Oy"),)),
    )


def a_press(layout: str = "fi-c5", form: tuple[Block, ...] | None = None, **changes: Any) -> LetterPress:
    values: dict[str, Any] = {"duplex": False, "language": "en", "size_pt": BODY_PT, "head": HEAD} | changes
    order = PressOrder(
        layouts()[layout], (form or a_form(),), (values["language"],), values["head"], values["duplex"], CREATED,
        values["size_pt"],
    )  # fmt: skip
    return LetterPress(order)


def a_letter(number: int = 1, name: str = "Aino Esimerkki", address: tuple[str, ...] | None = None) -> LetterRow:
    token = make_token(_signs(number), 1)
    lines = address or (name, f"Mallipolku {number % 97} B 12", f"{number % 90_000 + 10_000} KANNUS")
    slots = {Slot.FULL_NAME: name, Slot.FIRST_NAME: name.split()[0], Slot.CODE: grouped(token), Slot.REGISTERED_ON: ""}
    return LetterRow(number, token, 0, lines, slots)


def letters(count: int) -> Iterator[LetterRow]:
    """Yield letters to persons with names that repeat as those of a register do."""
    for number in range(1, count + 1):
        yield a_letter(number, f"Aino-Maria{number % 613} Esimerkki{number % 2_003}")


def _signs(number: int) -> str:
    signs = ""
    value = number * 7_368_787 + 104_729
    for _ in range(10):
        value, place = divmod(value * 31 + 17 if value < 900 else value, len(CODE_ALPHABET))
        signs += CODE_ALPHABET[place]
    return signs


class Batch(NamedTuple):
    """What `print_batch` made."""

    files: tuple[dict[str, Any], ...]
    records: tuple[LetterRecord, ...]
    pages: int
    sheets: int
    parts: tuple[PrintedPart, ...]


def print_batch(press: LetterPress, rows: Iterable[LetterRow], folder: Path, reference: str) -> Batch:
    """Print a batch into a folder, file by file, as the program does."""
    listed = list(rows)
    parts = []
    for name, first, last in file_names(reference, len(listed), press.duplex):
        parts.append((name, press.print_part(listed[first - 1 : last], folder / name, reference)))
    files = files_of(parts, press.duplex)
    return Batch(files.files, files.records, files.pages, files.sheets, tuple(part for _, part in parts))
