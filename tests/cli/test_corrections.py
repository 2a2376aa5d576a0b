"""Problems of contact data and corrections on the command line."""

from __future__ import annotations

from pathlib import Path

from tests.builders import a_csv, a_register, a_row
from tests.cli.conftest import Dpo


def test_doubts_are_named_taken_and_taken_back(run: Dpo, store: Path, tmp_path: Path) -> None:
    rows = [a_row(1, **{"Sähköposti": "aino@gmial.com"}), a_row(2, Postinumero="22100"), a_row(3)]
    run("persons", "import", "B1", a_register(tmp_path / "r.csv", rows))
    said = run("persons", "problems", "B1")
    assert {k["code"]: k["persons"] for k in said.json["kinds"]} == {"email_slip": 1, "aland": 1}
    assert "gmial" not in said.out + said.err, "codes and columns, never values"
    assert run("persons", "problems", "B1", "--apply").code == 2
    done = run("persons", "problems", "B1", "--kind", "email_slip", "--apply").json
    assert (done["correction"], done["corrected"]) == ("C1", 1)
    assert [k["code"] for k in run("persons", "problems", "B1").json["kinds"]] == ["aland"]
    assert [c["persons"] for c in run("persons", "corrections", "B1").json["corrections"]] == [1]
    assert run("persons", "uncorrect", "C1").json == {"persons": 1}
    assert run("persons", "corrections", "B1").json["corrections"] == []
    assert (run("persons", "uncorrect", "C1").code, run("persons", "uncorrect", "C9").code) == (1, 2)


def test_a_file_of_corrections_is_checked_then_applied(run: Dpo, store: Path, tmp_path: Path) -> None:
    run("persons", "import", "B1", a_register(tmp_path / "r.csv", [a_row(1), a_row(2), a_row(3, Turvakielto="x")]))
    rows = (("A1001", "Uusikatu 1"), ("A1003", "Uusikatu 3"), ("A7", "Uusikatu 4"))
    (tmp_path / "c.csv").write_text(a_csv(rows, headings=("Asiakasnumero", "Katuosoite")), "utf-8")
    said = run("persons", "correct", "B1", "c.csv", "--check").json
    assert (said["rows"], said["changed"], said["left_out"], said["applied"]) == (3, 1, 2, False)
    assert said["problems"] == [{"row": 3, "code": "protected"}, {"row": 4, "code": "not_found"}]
    assert said["changes"][0]["columns"] == ["street"]
    done = run("persons", "correct", "B1", "c.csv").json
    assert (done["changed"], done["correction"], done["applied"]) == (1, "C1", True)
    again = run("persons", "correct", "B1", "c.csv")
    assert (again.code, again.json["error"]) == (2, "nothing_to_correct")
    assert run("persons", "correct", "B1", "c.csv", "--protected-too").json["changed"] == 1
    (tmp_path / "n.csv").write_text(a_csv([("Salo", "a@example.com")], headings=("Sukunimi", "Sähköposti")), "utf-8")
    assert run("persons", "correct", "B1", "n.csv", "--check").json["error"] == "no_matching_column"
