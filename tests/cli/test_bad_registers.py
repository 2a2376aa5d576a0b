"""Registers as they should not be: each is told by a sentence with row, column and reason, and nothing is brought in."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from tests.builders import HEADINGS, a_csv, a_row
from tests.cli.conftest import Dpo

GOOD = [a_row(number) for number in range(1, 6)]
NAME = "Salainen"


def _with(**cells: str) -> list[list[str]]:
    return [a_row(1, **cells), *GOOD[1:]]


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return out.getvalue()


def _locked() -> bytes:
    """Return a workbook wrapped in a password: a compound file whose one stream is the encrypted package."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<10I", 0, 1, 1, 0, 4096, end, 0, end, 0, 0) + b"\xff" * 432
    chain = struct.pack("<10I", table, end, *range(3, 10), end).ljust(512, b"\xff")

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        raw = name.encode("utf-16-le") + b"\0\0"
        links = struct.pack("<HBB3I", len(raw), kind, 1, free, free, child)
        return raw.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)

    folder = entry("Root Entry", 5, 1, end, 0) + entry("EncryptedPackage", 2, free, 2, 4096) + bytes(256)
    return head + chain + folder + bytes(4096)


def _shifted() -> str:
    rows = [list(row) for row in GOOD]
    for row in rows[1:]:
        row[3:] = ["x", *row[3:-1]]
    return a_csv(rows)


TWICE = tuple("Etunimi" if each == "Sukunimi" else each for each in HEADINGS)
WHOLE_FILE: dict[str, tuple[str | bytes, str]] = {
    "prose": ("Dear all,\nthis is a letter.\nYours\n", "file_no_table"),
    "empty": (b"", "file_empty"),
    "headings_only": (a_csv([]), "file_no_rows"),
    "no_headings": ("\n".join(a_csv(GOOD).split("\r\n")[1:]), "no_headings"),
    "binary": (bytes(range(256)) * 20, "file_no_text"),
    "wide": (";".join(f"c{n}" for n in range(1_000_000)) + "\n" + ";" * 999_999 + "\n", "too_many_columns"),
    "two_alike": (a_csv(GOOD, headings=TWICE), "column_alike"),
    "shifted": (_shifted(), "column_unsure"),
    "addresses_as_mail": (a_csv([a_row(n, **{"Sähköposti": "Mallipolku 4"}) for n in range(5)]), "column_unsure"),
    "bomb.xlsx": (_bomb(), "package_bomb"),
    "cut.xlsx": (b"PK\x03\x04" + bytes(100), "file_cut"),
    "locked.xlsx": (_locked(), "file_protected"),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE_FILE)
def test_a_file_that_cannot_be_read_as_a_register(run: Dpo, store: Path, tmp_path: Path, name: str) -> None:
    data, code = WHOLE_FILE[name]
    path = tmp_path / (name if "." in name else f"{name}.csv")
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    said = run("persons", "import", "B1", path)
    assert (said.code, said.json["error"]) == (2, code)
    assert "Nothing was brought in" in said.err
    assert run("plan", "B1").json["persons"] == 0


ROWS: dict[str, tuple[list[list[str]], tuple[int, str, str, str], int]] = {
    "no_such_day": (_with(**{"Ensikäynti": "31.2.2018"}), (2, "Ensikäynti", "date_not_exist", "stop"), 4),
    "nines": (_with(**{"Ensikäynti": "99.99.9999"}), (2, "Ensikäynti", "date_not_exist", "stop"), 4),
    "gone_before": (_with(Poistettu="1.1.2001"), (2, "Poistettu", "dates_contradict", "note"), 5),
    "check_sign": (_with(**{"Henkilötunnus": "131052-308U"}), (2, "Henkilötunnus", "national_id_check", "note"), 5),
    "formula": (_with(Etunimi="=cmd|calc"), (2, "Etunimi", "formula", "note"), 5),
    "right_to_left": (_with(Etunimi=f"{NAME}\u202egnp"), (2, "Etunimi", "signs_removed", "note"), 5),
    "control": (_with(Etunimi=f"{NAME}\x07"), (2, "Etunimi", "signs_removed", "note"), 5),
    "longer": ([GOOD[0], [*GOOD[1], "x", "y"], *GOOD[2:]], (3, "", "column_count", "stop"), 4),
    "nobody": (_with(Asiakasnumero="", Sukunimi="", Etunimi=""), (2, "", "no_name_or_number", "stop"), 4),
    "no_mail": (_with(**{"Sähköposti": "not an address"}), (2, "Sähköposti", "email_form", "note"), 5),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_a_row_that_is_wrong_is_named_and_the_others_come(run: Dpo, store: Path, tmp_path: Path, name: str) -> None:
    rows, expected, new = ROWS[name]
    (tmp_path / "r.csv").write_text(a_csv(rows), "utf-8")
    said = run("persons", "import", "B1", "r.csv")
    assert said.code == 0 and said.json["new"] == new
    assert said.json["rows"] == sum(said.json[part] for part in ("new", "changed", "duplicate", "rejected"))
    found = [(p["row"], p["column"], p["code"], p["severity"]) for p in said.json["problems"]]
    assert expected in found
    assert NAME not in said.out + said.err


def test_markup_and_every_script_stay_as_they_are(run: Dpo, store: Path, tmp_path: Path) -> None:
    names = ["<b>Aino</b>", "O’Brien-Šćepanović", "Αθηνά", "Аино", "李", "Ümit & Söhne"]
    rows = [a_row(n, Sukunimi=name, Etunimi="") for n, name in enumerate(names)]
    (tmp_path / "r.csv").write_text(a_csv(rows), "utf-8")
    assert run("persons", "import", "B1", "r.csv").json["new"] == len(names)
    listed = run("persons", "list", "B1").json["list"]
    assert sorted(line["family_name"] for line in listed) == sorted(names)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso-8859-15"])
def test_the_same_register_in_every_encoding_gives_the_same_persons(
    run: Dpo, store: Path, tmp_path: Path, encoding: str
) -> None:
    rows = [a_row(n, Sukunimi="Äijälä-Åström") for n in range(3)]
    (tmp_path / "r.csv").write_bytes(a_csv(rows, delimiter="\t").encode(encoding))
    assert run("persons", "import", "B1", "r.csv").json["new"] == 3
    assert {line["family_name"] for line in run("persons", "list", "B1").json["list"]} == {"Äijälä-Åström"}


def test_a_file_that_is_cut_keeps_its_whole_rows_and_names_the_cut_one(run: Dpo, store: Path, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes(a_csv([*GOOD, a_row(6, Etunimi="Åsa")]).encode()[:-60])
    said = run("persons", "import", "B1", "r.csv").json
    assert (said["new"], said["rejected"]) == (5, 1)
    assert said["problems"][0]["row"] == 7
