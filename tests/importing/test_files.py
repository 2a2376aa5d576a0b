"""Files that somebody else wrote: every usual form is read, everything else is refused with a reason."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from dpo_app.core.errors import InputError
from dpo_app.importing.reader import FileTables
from tests.builders import HEADINGS, a_csv, a_row

TABLES = FileTables()
ROWS = [a_row(1, Sukunimi="Äijälä", Etunimi="Åsa"), a_row(2, Sukunimi="Öhman", Etunimi="Göran")]


def read(path: Path, **options: object) -> list[list[str]]:
    return [list(cells) for _number, cells in TABLES.rows(path, options)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "iso-8859-15", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(a_csv(ROWS, delimiter=delimiter).encode(encoding))
    assert read(path) == ROWS
    assert TABLES.head(path, {}).headings == HEADINGS


def test_xlsx_and_row_numbers(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Asiakkaat")
    book.add_worksheet("piilo").hide()
    sheet.write_row(0, 0, ["Vienti 24.11.2026"])
    sheet.write_row(2, 0, HEADINGS)
    for place, row in enumerate(ROWS):
        sheet.write_row(3 + place, 0, row)
    book.close()
    head = TABLES.head(path, {})
    assert (head.header_row, head.sheet, head.hidden_sheets) == (3, "Asiakkaat", 1)
    assert [n for n, _ in TABLES.rows(path, {})] == [4, 5]


def _ods(path: Path, body: str) -> None:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", body)
        package.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')  # fmt: skip


def test_ods(tmp_path: Path) -> None:
    def row(cells: list[str]) -> str:
        return "<table:table-row>" + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>' for c in cells
        ) + "</table:table-row>"  # fmt: skip

    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'  # fmt: skip
    body = "".join(row(list(r)) for r in (["Sukunimi", "Etunimi"], ["Äijälä", "Åsa"]))
    path = tmp_path / "r.ods"
    _ods(path, f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet><table:table table:name="A">{body}</table:table></office:spreadsheet></office:body></office:document-content>')  # fmt: skip
    assert read(path) == [["Äijälä", "Åsa"]]


def _bad(tmp_path: Path) -> dict[str, bytes]:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<x/>")
        package.writestr("xl/workbook.xml", "<x/>")
        package.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    entity = io.BytesIO()
    with zipfile.ZipFile(entity, "w") as package:
        package.writestr("[Content_Types].xml", '<!DOCTYPE x [<!ENTITY a "b">]><x/>')
        package.writestr("xl/workbook.xml", "<x/>")
    plain_zip = io.BytesIO()
    with zipfile.ZipFile(plain_zip, "w") as package:
        package.writestr("hello.txt", "hello")
    word = io.BytesIO()
    with zipfile.ZipFile(word, "w") as package:
        package.writestr("[Content_Types].xml", "<x/>")
        package.writestr("word/document.xml", "<x/>")
    return {
        "file_empty": b"", "file_is_pdf": b"%PDF-1.7\n", "file_is_picture": b"\x89PNG\r\n\x1a\n000",
        "file_is_program": b"\x7fELF0000", "file_no_text": b"ab\x00\xffcd;e\n" * 30, "file_no_table": b"just words\nand more\n",
        "file_cut": bomb.getvalue()[:300], "package_bomb": bomb.getvalue(), "package_foreign": entity.getvalue(),
        "file_is_archive": plain_zip.getvalue(), "file_is_document": word.getvalue(),
        "too_many_columns": (";".join(["a"] * 3000) + "\n").encode() * 3,
        "cell_too_long": b"Sukunimi;Etunimi\nA;\"" + b"x" * 300_000 + b"\";\nB;C\n" * 1,
    }  # fmt: skip


@pytest.mark.parametrize("code", [
    "file_empty", "file_is_pdf", "file_is_picture", "file_is_program", "file_no_text", "file_no_table", "file_cut",
    "package_bomb", "package_foreign", "file_is_archive", "file_is_document", "too_many_columns", "cell_too_long",
])  # fmt: skip
def test_bad_files_are_refused_with_their_reason(tmp_path: Path, code: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(_bad(tmp_path)[code])
    with pytest.raises(InputError) as caught:
        TABLES.head(path, {})
        read(path)
    assert caught.value.code == code


def test_no_file_and_no_headings(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no_such_file"):
        TABLES.head(tmp_path / "none.csv", {})
    path = tmp_path / "r.csv"
    path.write_text("1;2\n3;4\n", "utf-8")
    with pytest.raises(InputError, match="no_headings"):
        TABLES.head(path, {})


def test_encoding_that_cannot_be_told_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(b"Sukunimi;Etunimi\n\xa4\xa6\xac;\xb5\xb6\n" * 4)
    with pytest.raises(InputError, match="encoding_unsure"):
        TABLES.head(path, {})
    assert TABLES.head(path, {"encoding": "cp1252"}).encoding == "cp1252"
    with pytest.raises(InputError, match="encoding_wrong"):
        TABLES.head(path, {"encoding": "utf-8"})
