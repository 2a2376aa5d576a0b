"""The parent's side: starts the reading process, hands it the open file, takes rows as they come."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dpo_app.core.digests import running_sha256
from dpo_app.core.errors import InputError
from dpo_app.process import child_command, child_environment
from dpo_app.services.ports.tables import FileHead, NumberedRow


class FileTables:
    """Reads delimited text and spreadsheets: `services.ports.tables.Tables`."""

    def head(self, path: Path, options: Mapping[str, Any]) -> FileHead:
        """Return what a file is, its headings and first rows. Raises InputError."""
        with _Child(path, {**options, "head_only": True}) as child:
            return child.head

    def rows(self, path: Path, options: Mapping[str, Any]) -> Iterator[NumberedRow]:
        """Yield (row number in the file, cells) after the headings. Raises InputError."""
        with _Child(path, dict(options)) as child:
            yield from child.rows()

    def sha256(self, path: Path) -> str:
        """Return the file's SHA-256, hex."""
        digest = running_sha256()
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()


class _Child:
    """One run of the reading process."""

    def __init__(self, path: Path, options: dict[str, Any]) -> None:
        try:
            with path.open("rb") as stream:
                self._process = subprocess.Popen(
                    child_command("--table-child", json.dumps(options)),
                    stdin=stream,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=child_environment(),
                    close_fds=True,
                )
        except FileNotFoundError:
            raise InputError("no_such_file", file=path.name) from None
        except (OSError, IsADirectoryError):
            raise InputError("cannot_read", file=path.name) from None
        self._name = path.name

    def __enter__(self) -> _Child:
        try:
            self.head = self._head(self._next())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process.wait()

    def _next(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            # It was ended by its limits, or crashed on what it read.
            raise InputError("file_too_much")
        document: dict[str, Any] = json.loads(line)
        if "error" in document:
            facts = document["facts"]
            if "file" in facts:
                facts["file"] = self._name
            raise InputError(document["error"], **facts)
        return document

    def _head(self, document: dict[str, Any]) -> FileHead:
        facts = document["head"]
        return FileHead(
            facts["kind"], facts.get("encoding", ""), facts.get("delimiter", ""), facts.get("sheet", ""),
            tuple(facts.get("sheets", ())), facts.get("hidden_sheets", 0), facts["header_row"],
            tuple(facts["headings"]), tuple(tuple(row) for row in facts["first"]),
        )  # fmt: skip

    def rows(self) -> Iterator[NumberedRow]:
        while True:
            document = self._next()
            if "end" in document:
                return
            for offset, cells in enumerate(document["rows"]):
                if any(cells):
                    yield document["from"] + offset, cells
