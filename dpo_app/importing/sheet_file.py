"""Rows of a spreadsheet (xlsx, xls, ods), after the package was looked at: size, bombs, passwords, foreign XML."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from dpo_app.core.errors import InputError
from dpo_app.importing.csv_file import MAX_COLUMNS, MAX_ROWS
from dpo_app.importing.sniffing import OLE

PACKED_LIMIT = 64 * 1024 * 1024
UNPACKED_LIMIT = 1024 * 1024 * 1024
RATIO = 100
#: A small member may shrink as it likes.
SMALL = 1024 * 1024
_XLSX = re.compile(r"^(?:\[Content_Types\]\.xml|_rels/|docProps/|xl/|customXml/)")
_ODS = re.compile(
    r"^(?:mimetype$|content\.xml$|styles\.xml$|meta\.xml$|settings\.xml$|manifest\.rdf$|META-INF/|Thumbnails/"
    r"|Configurations2/|Pictures/|Object |layout-cache$)"
)
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def check_package(stream: BinaryIO) -> None:
    """Raises InputError for a zip that is no spreadsheet or wants to hurt: "file_is_archive", "file_cut",
    "package_bomb", "package_foreign", "file_protected", "file_too_big"."""
    stream.seek(0, 2)
    if stream.tell() > PACKED_LIMIT:
        raise InputError("file_too_big", file="", limit_mb=PACKED_LIMIT // 1_000_000)
    stream.seek(0)
    try:
        package = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError):
        raise InputError("file_cut") from None
    members = package.infolist()
    names = {member.filename for member in members}
    allowed = _XLSX if "[Content_Types].xml" in names else _ODS if "content.xml" in names else None
    if allowed is None or ("[Content_Types].xml" in names and not any(n.startswith("xl/") for n in names)):
        raise InputError("file_is_document" if allowed else "file_is_archive")
    if sum(member.file_size for member in members) > UNPACKED_LIMIT:
        raise InputError("package_bomb")
    for member in members:
        if member.flag_bits & 1:
            raise InputError("file_protected")
        if member.file_size > SMALL and member.file_size > RATIO * max(1, member.compress_size):
            raise InputError("package_bomb")
        if not allowed.match(member.filename) or ".." in member.filename:
            raise InputError("package_foreign")
        if member.filename.endswith((".xml", ".rels")):
            _refuse_doctype(package, member)


def _refuse_doctype(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    try:
        with package.open(member) as part:
            head = part.read(4096)
    except (zipfile.BadZipFile, OSError, EOFError, zipfile.zlib.error):  # type: ignore[attr-defined]
        raise InputError("file_cut") from None
    if _DOCTYPE.search(head):
        raise InputError("package_foreign")
    if b"encryption-data" in head:
        raise InputError("file_protected")


def _is_locked(stream: BinaryIO) -> bool:
    """Tell whether a file is a workbook wrapped in a password (MS-OFFCRYPTO: a compound file with this stream)."""
    stream.seek(0)
    if stream.read(len(OLE)) != OLE:
        return False
    stream.seek(0)
    return "EncryptedPackage".encode("utf-16-le") in stream.read(PACKED_LIMIT)


def rows_of(stream: BinaryIO, options: dict[str, Any]) -> tuple[dict[str, Any], Iterator[list[str]]]:
    """Return what the workbook is and the rows of one sheet: the chosen one, else the first visible one with rows.

    Raises InputError: "file_protected", "file_cut", "no_such_sheet", "file_empty".
    """
    stream.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(stream)
    except PasswordError:
        raise InputError("file_protected") from None
    except (CalamineError, OSError, ValueError):
        raise InputError("file_protected" if _is_locked(stream) else "file_cut") from None
    meta = book.sheets_metadata
    visible = [sheet.name for sheet in meta if sheet.visible == SheetVisibleEnum.Visible]
    hidden = [sheet.name for sheet in meta if sheet.visible != SheetVisibleEnum.Visible]
    chosen = options.get("sheet", "")
    if chosen and chosen not in visible + hidden:
        raise InputError("no_such_sheet", sheets=len(visible))
    for name in [chosen] if chosen else visible:
        try:
            sheet = book.get_sheet_by_name(name)
        except (CalamineError, OSError, ValueError):
            raise InputError("file_cut") from None
        if chosen or sheet.height > 1:
            break
    else:
        raise InputError("file_empty")
    if sheet.width > MAX_COLUMNS:
        raise InputError("too_many_columns", row=1, limit=MAX_COLUMNS)
    if sheet.height > MAX_ROWS:
        raise InputError("too_many_rows", limit=MAX_ROWS)
    facts = {"sheet": name, "sheets": visible, "hidden_sheets": len(hidden)}
    return facts, ([_text(cell) for cell in row] for row in sheet.iter_rows())


def _text(cell: Any) -> str:
    """Return a cell as text: whole numbers without a point, dates in ISO form, errors of formulas as they show."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()[:10]
    if isinstance(cell, time):
        return cell.isoformat()
    return str(cell)
