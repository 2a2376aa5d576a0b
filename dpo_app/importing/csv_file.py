"""Rows of a delimited text file, streamed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from dpo_app.core.errors import InputError
from dpo_app.importing.sniffing import SAMPLE_BYTES, Dialect, delimiter_of, encoding_of

LIMIT_BYTES = 512 * 1024 * 1024
MAX_COLUMNS = 512
MAX_ROWS = 1_048_576
CELL = 32_767 * 4


def dialect_of(stream: BinaryIO, options: dict[str, Any]) -> Dialect:
    """Return encoding and delimiter, found or chosen. Raises InputError (see `sniffing`)."""
    stream.seek(0)
    sample = stream.read(SAMPLE_BYTES)
    encoding = encoding_of(sample, options.get("encoding", ""))
    try:
        text = sample.decode(encoding, errors="strict" if len(sample) < SAMPLE_BYTES else "ignore")
    except (UnicodeDecodeError, LookupError):
        raise InputError("encoding_wrong", encoding=encoding) from None
    return Dialect(encoding, delimiter_of(text, options.get("delimiter", "")))


def rows_of(stream: BinaryIO, dialect: Dialect) -> Iterator[list[str]]:
    """Yield the rows; blank lines too, so that row numbers stay those of the file's lines of data.

    Raises InputError: "encoding_wrong" with the row, "too_many_columns", "too_many_rows", "cell_too_long".
    """
    csv.field_size_limit(CELL)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=dialect.encoding, errors="strict", newline="")
    number = 0
    try:
        for row in csv.reader(text, delimiter=dialect.delimiter):
            number += 1
            if len(row) > MAX_COLUMNS:
                raise InputError("too_many_columns", row=number, limit=MAX_COLUMNS)
            if number > MAX_ROWS:
                raise InputError("too_many_rows", limit=MAX_ROWS)
            yield row
    except UnicodeDecodeError:
        raise InputError("encoding_wrong", encoding=dialect.encoding, row=number + 1) from None
    except csv.Error:
        raise InputError("cell_too_long", row=number + 1, limit=CELL) from None
    finally:
        text.detach()
