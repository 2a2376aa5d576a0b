"""The command line as a script calls it: arguments in, exit code, one JSON object or sentences out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from dpo_app.cli.main import dpo
from dpo_app.cli.session import guarded
from tests.builders import PASSPHRASE

BREACH = """
title = "Register copied"
reference = "2026-1"
controller = "Esimerkki Oy"
known_as_of = 2020-10-24T21:30:00+03:00
source = "Report"
[awareness]
at = 2020-09-28T14:05:00+03:00
how = "Message"
reason_for_delay = ""
[nature]
kinds = ["confidentiality"]
cause = "malicious_external"
summary = "An outsider copied the register."
[[window]]
name = "copy"
from = 2018-11-01
to = 2018-11-30
intrusion = "confirmed"
disclosure = "confirmed"
identifiable = true
[[window]]
name = "second"
from = 2018-12-01
to = 2019-03-31
intrusion = "likely"
disclosure = "possible"
identifiable = false
[data]
categories = ["name", "contact", "health"]
persons = { count = 300, basis = "estimate" }
records = { basis = "unknown" }
[consequences]
likely = ["extortion"]
text = "Records could be published."
[[measure]]
kind = "contain"
text = "The database was taken off the internet."
done_on = 2020-09-29
"""
#: What `notice approve` asks for besides a name.
CONFIRMED = ("--read", "fi", "--read", "sv", "--read", "en", "--confirm-facts")
ORGANISATION = """
name = "Esimerkki Oy"
street = "Mallikatu 1"
postcode = "00100"
town = "Helsinki"
phone = "09 000 0000"
hours = "8-16"
email = "tietosuoja@example.com"
web_page = "https://www.example.com/tiedote"
dpo = "Maija Mallikas"
signatory = "Maija Mallikas"
return_line = "PL 1, 00101 HELSINKI"
"""


class Answer(NamedTuple):
    """What a call left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Return the one object on standard output."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


Dpo = Callable[..., Answer]


@pytest.fixture
def run(tmp_path: Path, cheap: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Dpo:
    """Call `dpo --store STORE --passphrase-file FILE ARGUMENTS` in a folder of the test."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pass").write_text(PASSPHRASE + "\n")

    def call(
        *arguments: object, store: str = "s.dpo", secret: str = "pass", as_json: bool = True,
        before: tuple[str, ...] = (),
    ) -> Answer:  # fmt: skip
        given = [
            "--store",
            store,
            "--passphrase-file",
            secret,
            *(["--json"] if as_json else []),
            *before,
            *map(str, arguments),
        ]
        monkeypatch.setattr(sys, "argv", ["dpo", *given])
        capsys.readouterr()
        code = 0
        try:
            guarded(dpo)
        except SystemExit as left:
            code = int(left.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Answer(code, said.out, said.err)

    return call


@pytest.fixture
def store(run: Dpo, tmp_path: Path) -> Path:
    """A store with an organisation and breach B1."""
    assert run("init", "--recovery-out", "sheet.pdf").code == 0
    (tmp_path / "organisation.toml").write_text(ORGANISATION)
    (tmp_path / "breach.toml").write_text(BREACH)
    assert run("organisation", "organisation.toml").code == 0
    assert run("breach", "add", "breach.toml").json == {"breach": "B1", "revision": 1}
    return tmp_path / "s.dpo"
