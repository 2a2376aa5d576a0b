"""The folder of a batch of letters: PDF files, manifest, batch sheet, window test page, sums.

It is written under a temporary name and renamed when it is whole, so that no half batch can be printed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dpo_app.core.digests import sha256_hex
from dpo_app.core.ids import grouped
from dpo_app.core.letter import SHEET_GRAMS, LetterRow, zone_of
from dpo_app.core.read_back import Mismatch
from dpo_app.files import appearing_folder, set_aside, write_bytes
from dpo_app.services.lines import BatchLine, MessageRow
from dpo_app.services.message_plan import MessagePlan
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.letters import BatchFiles, Press
from dpo_app.services.progress import Progress

#: Part of the name of a folder whose letters must not be used.
UNUSABLE = "UNUSABLE"
COLUMNS = (
    "batch", "letter", "of", "token", "file", "first_page", "pages", "sheets", "printing", "country", "postcode",
    "language", "zone", "weight_g", "layout", "envelope", "enclosures", "sha256", "special",
)  # fmt: skip


def write_folder(
    desk: Desk, press: Press, out: Path, reference: str, line: BatchLine, rows: Sequence[LetterRow],
    messages: Sequence[MessageRow], plan: MessagePlan, last: tuple[int, bytes] | None, progress: Progress,
    check: Callable[[Path, BatchFiles], Mismatch | None],
) -> BatchFiles | Mismatch:  # fmt: skip
    """Write everything of a batch into `out/REFERENCE/`; raises what `Press.write` and the file module raise.

    `check` reads the finished letters back. If it finds a difference there is no folder of that name: what was made
    is set aside under a name that says it must not be used, for the officer to look at.
    """
    total = len(rows)
    with appearing_folder(out / reference) as folder:
        files = press.write(rows, folder, reference, total, lambda done: progress.step(done, total))
        found = check(folder, files)
        if found is not None:
            set_aside(folder, out / f"{reference}-{UNUSABLE}")
            return found
        named = [{**file, "name": f"{reference}/{file['name']}"} for file in files.files]
        table = _manifest_rows(reference, line, files, messages, press, plan)
        head = {
            "format": "dpo-letter-manifest/1", "batch": reference, "program": desk.program,
            "notice": f"N{plan.notice_id}", "notice_sha256": plan.notice.sha256,
            "made_at": line.made_at.isoformat(timespec="seconds"), "letters": total, "pages": files.pages,
            "sheets": files.sheets, "envelopes": total, "files": list(files.files),
            "audit_entries": last[0] if last else 0, "audit_head": last[1].hex() if last else "",
        }  # fmt: skip
        write_bytes(folder / "manifest.csv", desk.sheets.csv(COLUMNS, table))
        document = {**head, "letters_list": [dict(zip(COLUMNS, row, strict=True)) for row in table]}
        write_bytes(folder / "manifest.json", json.dumps(document, ensure_ascii=False, indent=1).encode())
        write_bytes(folder / f"{reference}-sheet.pdf", desk.letters.sheet({**head, **line.facts}, press.layout))
        write_bytes(folder / f"{reference}-test.pdf", desk.letters.test_page(press.layout))
        sums = "".join(
            f"{sha256_hex(path.read_bytes())}  {path.name}\n" for path in sorted(folder.iterdir()) if path.is_file()
        )
        write_bytes(folder / "SHA256SUMS", sums.encode())
    return BatchFiles(tuple(named), files.records, files.pages, files.sheets)


def _manifest_rows(
    reference: str, line: BatchLine, files: BatchFiles, messages: Sequence[MessageRow], press: Press,
    plan: MessagePlan,
) -> list[tuple[Any, ...]]:  # fmt: skip
    """Return a row for each letter: where it lies and what it costs; no name, no address."""
    own = plan.organisation.country
    envelope = press.layout.envelopes[0]
    printing = "duplex" if line.facts["duplex"] else "simplex"
    table = []
    for record, message in zip(files.records, messages, strict=True):
        country = message.address.country or own
        weight = round(record.sheets * SHEET_GRAMS + envelope.weight_g, 1)
        table.append(
            (
                reference, record.number, len(files.records), grouped(record.token), record.file,
                record.first_page, record.pages, record.sheets, printing, country, message.address.postcode,
                message.language, zone_of(country, own).name, str(weight), press.layout.id, envelope.name, 0,
                record.sha256, "",
            )
        )  # fmt: skip
    return table
