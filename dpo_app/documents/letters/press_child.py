"""A press in a process of its own: takes letters on standard input, writes files, reads them back, answers.

One line of JSON for the order, then one for each file. What a person's letter says passes through the pipe alone:
nothing of it is on the command line, in a variable or in a temporary file.
"""

from __future__ import annotations

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

from dpo_app.core.errors import DpoError
from dpo_app.core.letters.layout import layout_from_document
from dpo_app.core.letters.letter import Letterhead, LetterRecord, LetterRow
from dpo_app.core.letters.read_back import PageReading
from dpo_app.core.notices.notice import Block, BlockKind, Run, Slot
from dpo_app.documents.letters.letter import LetterPress
from dpo_app.services.ports.letters import PressOrder, PrintedPart


def order_to_document(order: PressOrder) -> dict[str, Any]:
    """Return an order as plain values."""
    head = order.head._asdict() | {"logo": b64encode(order.head.logo).decode()}
    forms = [
        [[block.kind, [[run.text, run.bold, run.link, run.slot] for run in block.runs]] for block in form]
        for form in order.forms
    ]
    return {
        "layout": order.layout.to_document(), "forms": forms, "languages": list(order.languages), "head": head,
        "duplex": order.duplex, "created": order.created, "size_pt": order.size_pt,
    }  # fmt: skip


def order_from_document(document: Mapping[str, Any]) -> PressOrder:
    """Return the order that `order_to_document` made plain."""
    head = document["head"]
    forms = tuple(
        tuple(
            Block(
                BlockKind(kind),
                tuple(Run(text, bold, link, Slot(slot) if slot else None) for text, bold, link, slot in runs),
            )
            for kind, runs in form
        )
        for form in document["forms"]
    )
    return PressOrder(
        layout_from_document(document["layout"]), forms, tuple(document["languages"]),
        Letterhead(**{**head, "sender_lines": tuple(head["sender_lines"]), "logo": b64decode(head["logo"])}),
        document["duplex"], document["created"], document["size_pt"],
    )  # fmt: skip


def rows_to_document(rows: Iterable[LetterRow]) -> list[Any]:
    """Return letters as plain values."""
    return [[row.number, row.token, row.form, row.address, row.slots, row.large] for row in rows]


def rows_from_document(document: Iterable[Any]) -> list[LetterRow]:
    """Return the letters that `rows_to_document` made plain."""
    return [
        LetterRow(number, token, form, tuple(address), {Slot(slot): text for slot, text in slots.items()}, large)
        for number, token, form, address, slots, large in document
    ]


def part_to_document(part: PrintedPart) -> dict[str, Any]:
    """Return what was printed and read as plain values."""
    pages = [[p.page, p.windows, sorted(p.codes), p.matrix, p.signs, p.sheet] for p in part.pages]
    return {"records": part.records, "pages": pages, "sha256": part.sha256, "unreadable": part.unreadable}


def part_from_document(document: Mapping[str, Any]) -> PrintedPart:
    """Return the part that `part_to_document` made plain."""
    return PrintedPart(
        tuple(LetterRecord(*record) for record in document["records"]),
        tuple(
            PageReading(page, tuple(map(tuple, windows)), frozenset(codes), matrix, signs, sheet)
            for page, windows, codes, matrix, signs, sheet in document["pages"]
        ),
        document["sha256"], document["unreadable"],
    )  # fmt: skip


def serve(lines: Iterable[str], out: TextIO) -> None:
    """Print each part that is asked for until there are no more lines."""
    orders = iter(lines)
    press = LetterPress(order_from_document(json.loads(next(orders))))
    for line in orders:
        job = json.loads(line)
        try:
            part = press.print_part(rows_from_document(job["rows"]), Path(job["path"]), job["reference"])
            answer = part_to_document(part)
        except DpoError as error:
            answer = {"error": type(error).__name__, "code": error.code, "facts": error.facts}
        out.write(json.dumps(answer) + "\n")
        out.flush()


def main() -> None:
    """Serve the process that started us."""
    serve(sys.stdin, sys.stdout)


if __name__ == "__main__":
    main()
