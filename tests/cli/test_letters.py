"""Letters on the command line, beyond the contract's core: plan, proofs, prices, layouts, printed, piles, public notice."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

from tests.builders import a_register, a_row
from tests.cli.conftest import CONFIRMED, Dpo


def test_the_whole_life_of_letters(run: Dpo, store: Path, tmp_path: Path) -> None:
    inside = {"Sähköposti": "", "Ensikäynti": "1.1.2018"}
    rows = [a_row(1, **inside), a_row(2, **inside), a_row(3, **inside | {"Katuosoite": ""})]
    a_register(tmp_path / "r.csv", rows)
    for step in (("persons", "import", "B1", "r.csv"), ("plan", "B1"), ("notice", "draft", "B1", "--to", "persons"),
                 ("notice", "approve", "N1", "--by", "M", *CONFIRMED)):  # fmt: skip
        assert run(*step).code == 0, step
    layouts = run("letters", "layouts").json["layouts"]
    assert {"fi-c5", "din5008-a", "us-10", "ch-right"} <= {each["id"] for each in layouts}
    assert "price not known" in run("letters", "plan", "B1", as_json=False).out
    assert run("letters", "prices", "home:50:2.75").json["prices"] == [
        {"zone": "home", "up_to_grams": 50, "cents": 275}
    ]
    assert run("letters", "prices", "moon:50:1").code == 2
    plan = run("letters", "plan", "B1").json
    assert (plan["letters"], plan["cents"], plan["currency"]) == (2, 550, "EUR")
    proofs = run("letters", "proofs", "B1", "--out", "proofs").json["proofs"]
    assert all((tmp_path / "proofs" / each["file"]).is_file() for each in proofs) and len(proofs) >= 4
    assert run("letters", "letterhead", "--colour", "#1A3C8C").json["colour"] == "#1A3C8C"
    assert run("letters", "letterhead", "--colour", "#FFFF00").code == 2
    made = run("letters", "make", "B1", "--out", "out", "--duplex").json
    assert made["letters"] == 2
    assert run("letters", "printed", "L1", "--sheets", str(made["sheets"] + 1)).code == 2
    assert run("letters", "printed", "L1", "--sheets", str(made["sheets"])).code == 0
    close = ("letters", "hand-over", "L1", "--folder", str(next((tmp_path / "out").rglob("L1"))), "--out", "shut")
    assert run(*close).json["error"] == "passphrase_way", "shown on a terminal or to a descriptor, never kept"
    reading, writing = os.pipe()
    shut = run(*close, "--passphrase-fd", str(writing)).json
    os.close(writing)
    with os.fdopen(reading) as told:
        passphrase = told.read().strip()
    assert len(passphrase) == 29 and passphrase not in str(shut) and (tmp_path / "shut" / shut["file"]).is_file()
    again = run("letters", "reprint", "L1", "1", "--reason", "jam", "--out", "again")
    assert (tmp_path / "again" / again.json["file"]).is_file()
    assert run("letters", "posted", "L1", "--on", date.today().isoformat()).code == 0
    letters = next((tmp_path / "out").rglob("L1-letters-duplex.pdf"))
    said = run("letters", "returned", "--reason", "moved", "--file", str(letters))
    assert said.json["persons"] == 2
    manifest = next((tmp_path / "out").rglob("manifest.csv")).read_text("utf-8-sig")
    code = re.findall(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}\b", manifest)[0]
    assert run("letters", "take-back", code).json["persons"] == 1
    assert run("letters", "returned", "--reason", "moved").code == 2
    said = run("letters", "returned", "AAAA-BBBB-CCCC", "--reason", "moved", as_json=False).out
    assert "No letter of ours has this code" in said and "token_wrong" not in said
    by_message = run("persons", "show", code)
    assert by_message.code == 0 and run("persons", "show", by_message.json["person"]).json["person"] != code
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")
    said = run("letters", "layout", "picture.png")
    assert said.json["error"] == "no_layout_file" and "picture.png is no layout" in said.json["message"]


def test_the_public_notice(run: Dpo, store: Path, tmp_path: Path) -> None:
    a_register(tmp_path / "r.csv", [a_row(1, **{"Sähköposti": "", "Katuosoite": "", "Ensikäynti": "1.1.2018"})])
    for step in (("persons", "import", "B1", "r.csv"), ("plan", "B1"), ("notice", "draft", "B1", "--to", "persons"),
                 ("notice", "approve", "N1", "--by", "M", *CONFIRMED)):  # fmt: skip
        assert run(*step).code == 0, step
    drafted = run("notice", "draft", "B1", "--to", "public").json
    assert drafted["persons"] == 1 and set(drafted["languages"]) >= {"fi", "sv", "en"}
    assert len(run("notice", "export-public", "B1", "--out", "web").json["files"]) == 3 * len(drafted["languages"])
    day = date.today().isoformat()
    assert run("notice", "published", "B1", "--on", day, "--place", "www.example.com").code == 2
    (tmp_path / "proof.png").write_bytes(b"\x89PNG of the page")
    said = run("notice", "published", "B1", "--on", day, "--place", "www.example.com", "--proof", "proof.png")
    assert said.json["persons"] == 1
    assert run("status", "B1").json["told"] == 1
