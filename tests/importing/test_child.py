"""What the reading process writes, line by line: one head, rows, an end, or one error that holds no value of the file."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from dpo_app.importing.child import CHUNK, serve
from tests.builders import HEADINGS, a_csv, a_row
from tests.importing.test_files import _bad


def served(data: bytes, **options: Any) -> list[dict[str, Any]]:
    out = io.StringIO()
    serve(io.BytesIO(data), out, options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_rows_come_in_chunks_with_their_numbers() -> None:
    lines = served(a_csv([a_row(n) for n in range(CHUNK + 3)]).encode())
    assert lines[0]["head"]["headings"] == list(HEADINGS)
    assert [(line["from"], len(line["rows"])) for line in lines[1:-1]] == [(2, CHUNK), (CHUNK + 2, 3)]
    assert lines[-1] == {"end": CHUNK + 4}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-8-sig"])
def test_letters_are_those_of_the_file(encoding: str) -> None:
    lines = served(a_csv([a_row(1, Sukunimi="Äijälä")]).encode(encoding))
    assert lines[1]["rows"][0][1] == "Äijälä"


@pytest.mark.parametrize("code", ["file_empty", "file_is_pdf", "file_no_text", "file_no_table", "file_cut", "package_bomb",
                                  "package_foreign", "file_is_archive", "file_is_document", "too_many_columns",
                                  "cell_too_long"])  # fmt: skip
def test_an_error_is_the_last_line_and_has_a_code(tmp_path: Path, code: str) -> None:
    assert served(_bad(tmp_path)[code])[-1]["error"] == code


def test_a_file_cut_within_a_sign_names_the_row() -> None:
    data = a_csv([a_row(n, Sukunimi="Öhman") for n in range(9_000)]).encode()
    assert len(data) > 400_000
    last = served(data + "A9;Öhman".encode()[:4])[-1]
    assert (last["error"], last["facts"]["row"]) == ("encoding_wrong", 9_002)


def test_headings_further_down_and_headings_that_stand_twice() -> None:
    lines = served(b"Vienti 24.11.2026;;\nNimi;Nimi;Kieli\nA;B;fi\n", header_row=2)
    assert lines[0]["head"]["headings"] == ["Nimi", "Nimi (2)", "Kieli"]
    assert lines[1] == {"rows": [["A", "B", "fi"]], "from": 3}
