"""Marked persons go the whole way; then their marks are looked for wherever they must not be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.builders import PASSPHRASE, a_register, a_row
from tests.cli.conftest import CONFIRMED, Answer, Dpo

MARKS = ("Kanarialintu", "merkitty-osoite", "Salapolku", "131052-308T", "kanaria-numero")


def test_nothing_of_a_person_is_where_it_must_not_be(
    run: Dpo, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch, home = tmp_path / "scratch", tmp_path / "home"
    for folder in (scratch, home):
        folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home))
    marked = {
        "Sukunimi": MARKS[0], "Sähköposti": f"{MARKS[1]}@example.com", "Katuosoite": f"{MARKS[2]} 4",
        "Henkilötunnus": MARKS[3], "Asiakasnumero": MARKS[4],
    }  # fmt: skip
    broken = marked | {"Ensikäynti": "31.2.2018", "Asiakasnumero": f"{MARKS[4]}-2"}
    by_post = {"Sähköposti": "", "Sukunimi": MARKS[0], "Katuosoite": f"{MARKS[2]} 5"}
    a_register(tmp_path / "r.csv", [a_row(1, **marked), a_row(2, **broken), a_row(3, **by_post)])
    answers = [
        run("persons", "import", "B1", "r.csv"), run("plan", "B1"), run("notice", "draft", "B1", "--to", "persons"),
        run("notice", "check", "N1"), run("notice", "approve", "N1", "--by", "Maija Mallikas", *CONFIRMED),
        run("letters", "make", "B1", "--out", "letters"), run("email", "send", "B1", "--eml", "mail"),
        run("status", "B1"), run("audit", "pdf", "B1", "--out", "audit.pdf"),
        run("audit", "bundle", "--out", "trail.zip"), run("letters", "posted", "L1", "--on", "1999-01-01"),
    ]  # fmt: skip
    assert [each.code for each in answers[:-1]] == [0] * (len(answers) - 1)
    _check_words(answers)
    (tmp_path / "r.csv").unlink()
    _check_files(tmp_path)


def _check_words(answers: list[Answer]) -> None:
    for each in answers:
        assert not [mark for mark in MARKS if mark in each.out + each.err]


def _check_files(tmp_path: Path) -> None:
    """Only letters, their manifest and e-mails hold marks; no file or folder is named after a person."""
    allowed = {"letters", "mail"}
    for folder, _names, files in os.walk(tmp_path):
        for name in files:
            path = Path(folder) / name
            relative = path.relative_to(tmp_path)
            assert not [mark for mark in MARKS if mark.casefold() in str(relative).casefold()]
            if relative.parts[0] in allowed or name == "pass":
                continue
            data = path.read_bytes()
            for mark in (*MARKS, PASSPHRASE):
                for encoding in ("utf-8", "utf-16-le", "latin-1"):
                    assert mark.encode(encoding) not in data, relative
