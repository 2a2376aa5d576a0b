"""The folder of a batch of letters: PDF files, manifest, batch sheet, window test page, sums.

It is written under a temporary name and renamed when it is whole, so that no half batch can be printed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from dpo_app.core.digests import merkle_root, sha256_hex
from dpo_app.core.errors import JobCancelled
from dpo_app.core.ids import grouped
from dpo_app.core.letters.layout import Layout
from dpo_app.core.letters.letter import SHEET_GRAMS, LetterRow, file_names, zone_of
from dpo_app.files import appearing_folder, set_aside, write_bytes
from dpo_app.services.letters.letter_run import LetterRun
from dpo_app.services.lines import BatchLine, MessageRow
from dpo_app.services.notices.message_plan import MessagePlan
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.letters import BatchFiles, Pressroom, PrintedPart
from dpo_app.services.progress import Steady

#: Part of the name of a folder whose letters must not be used.
UNUSABLE = "UNUSABLE"
COLUMNS = (
    "batch", "letter", "of", "token", "file", "first_page", "pages", "sheets", "printing", "country", "postcode",
    "language", "zone", "weight_g", "layout", "envelope", "enclosures", "sha256", "special",
)  # fmt: skip


class LetterFolder:
    """A batch on its way to paper: files that are being printed, under a temporary name until `finish`."""

    def __init__(
        self, desk: Desk, run: LetterRun, room: Pressroom, out: Path, reference: str, line: BatchLine,
        messages: Sequence[MessageRow], rows: Sequence[LetterRow],
    ) -> None:  # fmt: skip
        self._desk, self._run, self._out, self._reference, self._line = desk, run, out, reference, line
        self._messages = messages
        self._stack = ExitStack()
        self._folder = self._stack.enter_context(appearing_folder(out / reference))
        self._parts: list[tuple[str, Future[PrintedPart]]] = []
        try:
            for name, first, last in file_names(reference, len(rows), run.printing.duplex):
                part = rows[first - 1 : last]
                self._parts.append((name, room.submit(part, self._folder / name, reference)))
        except BaseException:
            self.abandon()
            raise

    def abandon(self) -> None:
        """Leave nothing behind; the batch stays frozen and can be made again."""
        for _, part in self._parts:
            part.cancel()
        self._stack.__exit__(JobCancelled, JobCancelled(), None)

    def printed(self, progress: Steady) -> list[tuple[str, PrintedPart]]:
        """Wait for the files. Raises what printing raised, StoreError("disk_full") among it."""
        done: list[tuple[str, PrintedPart]] = []
        for name, part in self._parts:
            while True:
                progress.wait()
                with suppress(TimeoutError):
                    done.append((name, part.result(timeout=0.2)))
                    break
        return done

    def set_aside(self) -> None:
        """Keep what was made for the officer to look at, under a name that says that it must not be used."""
        set_aside(self._folder, self._out / f"{self._reference}-{UNUSABLE}")
        self._stack.close()

    def finish(self, files: BatchFiles, last: tuple[int, bytes] | None) -> BatchFiles:
        """Add manifest, batch sheet, test page and sums, and give the folder its name."""
        reference, line, plan = self._reference, self._line, self._run.plan
        desk, folder, layout = self._desk, self._folder, self._run.printing.layout
        named = [{**file, "name": f"{reference}/{file['name']}"} for file in files.files]
        table = _manifest_rows(reference, line, files, self._messages, layout, plan)
        head = {
            "format": "dpo-letter-manifest/1", "batch": reference, "program": desk.program,
            "notice": f"N{plan.notice_id}", "notice_sha256": plan.notice.sha256,
            "made_at": line.made_at.isoformat(timespec="seconds"), "letters": len(table), "pages": files.pages,
            "sheets": files.sheets, "envelopes": len(table), "files": list(files.files), "read_back": len(table),
            "merkle_root": files.merkle_root,
            "audit_entries": last[0] if last else 0, "audit_head": last[1].hex() if last else "",
        }  # fmt: skip
        write_bytes(folder / "manifest.csv", desk.sheets.csv(COLUMNS, table))
        document = {**head, "letters_list": [dict(zip(COLUMNS, row, strict=True)) for row in table]}
        write_bytes(folder / "manifest.json", json.dumps(document, ensure_ascii=False, indent=1).encode())
        write_bytes(folder / f"{reference}-sheet.pdf", desk.letters.sheet({**head, **line.facts}, layout))
        write_bytes(folder / f"{reference}-test.pdf", desk.letters.test_page(layout))
        sums = "".join(
            f"{sha256_hex(path.read_bytes())}  {path.name}\n" for path in sorted(folder.iterdir()) if path.is_file()
        )
        write_bytes(folder / "SHA256SUMS", sums.encode())
        self._stack.close()
        return files._replace(files=tuple(named))


def files_of(parts: Sequence[tuple[str, PrintedPart]], duplex: bool) -> BatchFiles:
    """Return what was printed as the files of a batch."""
    records = tuple(record for _, part in parts for record in part.records)
    files = tuple(
        {"name": name, "sha256": part.sha256, "letters": len(part.records), "pages": sum(r.pages for r in part.records)}
        for name, part in parts
    )
    root = merkle_root(f"{r.number}|{r.token}|{r.sha256}".encode() for r in records).hex()
    return BatchFiles(files, records, sum(r.pages for r in records), sum(r.sheets for r in records), root)


def _manifest_rows(
    reference: str, line: BatchLine, files: BatchFiles, messages: Sequence[MessageRow], layout: Layout,
    plan: MessagePlan,
) -> list[tuple[Any, ...]]:  # fmt: skip
    """Return a row for each letter: where it lies and what it costs; no name, no address."""
    own = plan.organisation.country
    envelope = layout.envelopes[0]
    printing = "duplex" if line.facts["duplex"] else "simplex"
    table = []
    for record, message in zip(files.records, messages, strict=True):
        country = message.address.country or own
        weight = round(record.sheets * SHEET_GRAMS + envelope.weight_g, 1)
        table.append(
            (
                reference, record.number, len(files.records), grouped(record.token), record.file,
                record.first_page, record.pages, record.sheets, printing, country,
                # Where somebody with a protected address lives stands on the letter and nowhere else.
                "" if message.protected else message.address.postcode,
                message.language, zone_of(country, own).name, str(weight), layout.id, envelope.name, 0,
                record.sha256, "",
            )
        )  # fmt: skip
    return table
