"""The process that reads a file somebody else wrote: with limits, without keys, network or store.

Standard input is the open file; standard output carries lines of JSON: one `head`, then `rows`, then `end`, or one
`error` with a code. `python -m dpo_app.importing.child OPTIONS`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, BinaryIO, TextIO

from dpo_app.core.errors import DpoError, InputError
from dpo_app.importing import csv_file, sheet_file
from dpo_app.importing.sniffing import OLE, ZIP, header_row, refuse_other_kinds

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 600
CHUNK = 500
HEAD_ROWS = 60


def limit_process() -> None:
    """Cap memory and time of this process where the system can; say nothing where it cannot."""
    try:
        import resource
    except ImportError:
        return
    for what, limit in ((resource.RLIMIT_AS, 2 * MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS)):
        resource.setrlimit(what, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def open_rows(stream: BinaryIO, options: dict[str, Any]) -> tuple[dict[str, Any], Iterator[list[str]]]:
    """Return what the file is and its rows. Raises InputError."""
    head = stream.read(4096)
    if head.startswith(OLE):
        # An old workbook, or a new one wrapped in a password: calamine tells them apart.
        facts, rows = sheet_file.rows_of(stream, options)
        return facts | {"kind": "sheet"}, rows
    if head.startswith(ZIP):
        sheet_file.check_package(stream)
        facts, rows = sheet_file.rows_of(stream, options)
        return facts | {"kind": "sheet"}, rows
    refuse_other_kinds(head)
    stream.seek(0, 2)
    if stream.tell() > csv_file.LIMIT_BYTES:
        raise InputError("file_too_big", file="", limit_mb=csv_file.LIMIT_BYTES // 1_000_000)
    dialect = csv_file.dialect_of(stream, options)
    facts = {"kind": "text", "encoding": dialect.encoding, "delimiter": dialect.delimiter}
    return facts, csv_file.rows_of(stream, dialect)


def told_apart(headings: list[str]) -> list[str]:
    """Return headings in which none stands twice: the second `Name` becomes `Name (2)`. Empty ones stay."""
    seen: Counter[str] = Counter()
    apart = []
    for heading in headings:
        seen[heading] += 1
        apart.append(f"{heading} ({seen[heading]})" if heading and seen[heading] > 1 else heading)
    return apart


def serve(stream: BinaryIO, out: TextIO, options: dict[str, Any]) -> None:
    """Write head, rows and end of a file to `out`, or its error."""
    try:
        facts, rows = open_rows(stream, options)
        first = list(islice(rows, HEAD_ROWS))
        if not first:
            raise InputError("file_empty")
        place = options["header_row"] - 1 if "header_row" in options else header_row(first)
        if not 0 <= place < len(first):
            raise InputError("no_headings")
        facts["header_row"] = place + 1
        facts["headings"] = told_apart(first[place])
        facts["first"] = first[: HEAD_ROWS // 3]
        _line(out, {"head": facts})
        if options.get("head_only"):
            return
        number = place + 1
        data = chain(first[place + 1 :], rows)
        while chunk := list(islice(data, CHUNK)):
            _line(out, {"rows": chunk, "from": number + 1})
            number += len(chunk)
        _line(out, {"end": number})
    except DpoError as error:
        _line(out, {"error": error.code, "facts": error.facts})
    except MemoryError:
        _line(out, {"error": "file_too_much", "facts": {}})


def _line(out: TextIO, document: dict[str, Any]) -> None:
    json.dump(document, out, ensure_ascii=True, separators=(",", ":"))
    out.write("\n")


def main() -> None:
    """Read standard input, write standard output; whatever goes wrong is one line, never a traceback with values."""
    limit_process()
    options = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
    try:
        serve(sys.stdin.buffer, sys.stdout, options)
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()
    except Exception as error:
        _line(sys.stdout, {"error": "file_unreadable", "facts": {"cause": type(error).__name__}})


if __name__ == "__main__":
    main()
