"""A run that is asked wrongly: with `--json` one object says why, as for every other error (design: the contract)."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Dpo


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (("nonsense",), "dpo"),
        (("persons", "import", "B1"), "dpo persons import"),
        (("notice", "draft", "B1", "--to", "nobody"), "dpo notice draft"),
        (("demo", "--persons", "many"), "dpo demo"),
        (("status", "B1", "--no-such-option"), "dpo status"),
        (("persons",), "dpo persons"),
    ],
)
def test_a_usage_error_is_one_json_object(run: Dpo, arguments: tuple[str, ...], command: str) -> None:
    answer = run(*arguments)
    assert answer.code == 2
    assert (answer.json["error"], answer.json["facts"]) == ("usage", {"command": command})
    assert answer.json["message"] and answer.json["message"] in answer.err


def test_without_json_the_usage_is_told_as_ever(run: Dpo) -> None:
    answer = run("nonsense", as_json=False)
    assert (answer.code, answer.out) == (2, "") and "Usage: dpo" in answer.err


def test_a_bug_is_one_json_object_too(run: Dpo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DPO_DEBUG", raising=False)
    monkeypatch.setattr("dpo_app.cli.session.Session.folder", lambda _self: 1 / 0)
    answer = run("status", "B1")
    assert (answer.code, answer.json["error"], answer.json["facts"]["kind"]) == (70, "unforeseen", "ZeroDivisionError")


def test_an_organisation_without_a_name_is_refused(run: Dpo) -> None:
    answer = run("init", "--recovery-out", "r.pdf", "--organisation", "  ")
    assert (answer.code, answer.json["error"]) == (2, "field_missing")
    assert answer.json["message"].startswith("“Organisation” is missing.")
