"""Release a batch only after every finished page was read back and found to be what the ledger says.

The letters are asked for anew, from the store and not from what the press was fed with, so that a shifted row or a
stale copy between the two is seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dpo_app.core.ids import BatchId, batch_ref, grouped
from dpo_app.core.letters.insertion import Sheet
from dpo_app.core.letters.letter import Letterhead, LetterRecord, sheets_of
from dpo_app.core.letters.read_back import (
    ExpectedLetter,
    Mismatch,
    ReadBackFault,
    add_signs,
    compare,
    plain_line,
    signs_sum,
)
from dpo_app.core.notices.notice import Block, BlockKind, Slot
from dpo_app.services.letters.letter_run import LetterRun
from dpo_app.services.lines import MessageRow
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.letters import PrintedPart

BULLET = "\N{BULLET}"


@dataclass
class Expectation:
    """Says what letters of a run must show; what all letters of a form share is added up once."""

    run: LetterRun
    job: str
    _shared: dict[int, int] = field(default_factory=dict)
    _slots: dict[int, tuple[Slot, ...]] = field(default_factory=dict)

    def of(self, message: MessageRow, pages: int) -> ExpectedLetter | None:
        """Return what a person's letter of so many pages must show; None if there must not be one."""
        row = self.run.row(message)
        if isinstance(row, str):
            return None
        head, layout = self.run.head(), self.run.printing.layout
        language = self.run.plan.forms.languages[row.form].partition("+")[0]
        own = [*row.address, *(row.slots[slot] for slot in self._slots_of(row.form))]
        # Each page bears date and reference; the first one has them beside the address.
        own.extend((head.dates[language], head.reference_words[language], grouped(row.token)) * pages)
        if pages > 1:
            own.extend(head.page_words[language].format(page=page, pages=pages) for page in range(1, pages + 1))
        back = (plain_line(head.return_line),) if layout.return_line and head.return_line else ()
        return ExpectedLetter(
            row.number, row.token, (*back, *map(plain_line, row.address)),
            add_signs(self._of_form(row.form, head), signs_sum(*own)), self._sheets(row.number, pages),
        )  # fmt: skip

    def _sheets(self, letter: int, pages: int) -> tuple[str, ...]:
        """Return what the code for inserting machines says on each page."""
        printing = self.run.printing
        marks = printing.layout.marks
        if marks is None or marks.code is None:
            return ()
        of, each = sheets_of(pages, printing.duplex), 2 if printing.duplex else 1
        return tuple(
            Sheet(self.job, letter, page // each + 1, of).text if page % each == 0 else "" for page in range(pages)
        )

    def _slots_of(self, form: int) -> tuple[Slot, ...]:
        if form not in self._slots:
            blocks = self.run.plan.forms.blocks[form]
            self._slots[form] = tuple(run.slot for block in blocks for run in block.runs if run.slot is not None)
        return self._slots[form]

    def _of_form(self, form: int, head: Letterhead) -> int:
        if form not in self._shared:
            layout = self.run.printing.layout
            back = head.return_line if layout.return_line else ""
            self._shared[form] = signs_sum(
                *fixed_texts(self.run.plan.forms.blocks[form]),
                head.sender,
                *head.sender_lines[: layout.sender_lines],
                back,
            )
        return self._shared[form]


def fixed_texts(blocks: Sequence[Block]) -> Iterator[str]:
    """Yield what a letter says that is the same for all: runs without slots, addresses of links, signs of bullets."""
    for block in blocks:
        if block.kind is BlockKind.BULLET:
            yield BULLET
        for run in block.runs:
            yield run.text
            if run.link and run.link != run.text:
                yield f"({run.link})"


def first_mismatch(
    desk: Desk, batch_id: BatchId, run: LetterRun, parts: Sequence[tuple[str, PrintedPart]]
) -> Mismatch | None:
    """Compare what was read on every page of a batch's files with the ledger; returns the first difference."""
    expectation = Expectation(run, batch_ref(batch_id))
    with desk.read() as queries:
        messages = queries.batch_rows(batch_id)
        for name, part in parts:
            if part.unreadable:
                return Mismatch(0, name, 0, ReadBackFault.FILE)
            pairs = _pairs(expectation, messages, part.records)
            found = compare(name, part.pages, pairs, run.printing.duplex)
            if found is not None:
                return found
        if next(messages, None) is not None:
            return Mismatch(0, "", 0, ReadBackFault.PAGES)
    return None


def copy_differs(run: LetterRun, message: MessageRow, part: PrintedPart, reference: str) -> bool:
    """Tell whether a letter in a file of its own shows anything else than the ledger says."""
    (record,) = part.records
    expected = Expectation(run, reference).of(message, record.pages)
    pairs = [(expected, record)] if expected is not None else []
    return part.unreadable or compare(record.file, part.pages, pairs, run.printing.duplex) is not None


def _pairs(
    expectation: Expectation, messages: Iterator[MessageRow], records: Sequence[LetterRecord]
) -> Iterator[tuple[ExpectedLetter, LetterRecord]]:
    for record in records:
        message = next(messages, None)
        expected = expectation.of(message, record.pages) if message is not None else None
        yield expected or ExpectedLetter(0, "", (), 0), record


def facts_of(found: Mismatch, reference: str) -> Mapping[str, Any]:
    """Return a difference as facts of an error and of the trail: numbers, never what was read."""
    return {"batch": reference, "letter": found.letter, "page": found.page, "file": found.file,
            "fault": found.fault}  # fmt: skip
