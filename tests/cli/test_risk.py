"""`dpo risk` and `dpo evidence`: the keys that scripts rely on, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Dpo

pytestmark = pytest.mark.usefixtures("store")

ASSESSMENT = """
identifier = "name"
identifying = 1
confidentiality = "known_recipients"
[[kind]]
kind = "simple"
[answers]
few_trusted_recipients = "yes"
light_data = "yes"
taken_on_purpose = "no"
systematic_fault = "no"
"""


def test_risk_says_what_the_facts_say_until_it_is_assessed(run: Dpo, tmp_path: Path) -> None:
    said = run("risk", "B1").json
    assert {"level", "method", "score", "reasons"} <= set(said) and not said["assessed"]
    assert said["method"] == "enisa-2013" and all(isinstance(each, str) for each in said["reasons"])
    (tmp_path / "risk.toml").write_text(ASSESSMENT)
    kept = run("risk", "B1", "--record", "risk.toml").json
    assert (kept["level"], kept["score"], kept["outcome"], kept["assessed"]) == ("low", 1.25, "register_only", True)
    assert run("risk", "B1").json["answers"] == kept["answers"]
    assert "1 × 1 + 0.25 = 1.25" in run("risk", "B1").json["reasons"][0]
    assert run("risk", "B1", as_json=False).code == 0


@pytest.mark.parametrize(
    ("text", "field"),
    [("identifying = 0.3", "identifying"), ('row = "fraud"\nreason = "a b c"', "kind[1].row"), ("shoes = 1", "shoes")],
)
def test_a_slip_in_an_assessment_names_its_field(run: Dpo, tmp_path: Path, text: str, field: str) -> None:
    body = ASSESSMENT.replace("identifying = 1\n", "") if text.startswith("identifying") else ASSESSMENT
    body = body.replace('kind = "simple"', f'kind = "simple"\n{text}') if "row" in text else f"{text}\n{body}"
    (tmp_path / "risk.toml").write_text(body)
    said = run("risk", "B1", "--record", "risk.toml")
    assert said.code == 2 and said.json["facts"]["field"] == field
    assert not run("risk", "B1").json["assessed"]


def test_evidence_goes_in_and_out(run: Dpo, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(b"%PDF report")
    kept = run("evidence", "add", "B1", "report.pdf", "--kind", "investigation_report", "--received", "2020-10-24").json
    assert (kept["evidence"], kept["size"], kept["received_on"]) == ("E1", 11, "2020-10-24")
    assert run("evidence", "list", "B1").json["evidence"] == [kept]
    assert run("evidence", "save", "E1", "--out", "again.pdf").json["sha256"] == kept["sha256"]
    assert (tmp_path / "again.pdf").read_bytes() == b"%PDF report"
    assert run("evidence", "verify", "B1").json == {"files": 1, "damaged": []}
    assert run("evidence", "add", "B1", "report.pdf").code == 2
    assert run("evidence", "save", "E9", "--out", "x.pdf").code == 2
    assert run("evidence", "list", "B9").code == 2


def test_facts_say_what_is_open_and_what_waits_with_its_reason(run: Dpo, tmp_path: Path) -> None:
    before = run("breach", "facts", "B1").json
    assert "data.records" in before["open"] and before["waiting"] == []
    states = {each["fact"]: each["state"] for each in before["facts"]}
    assert states["title"] == "known" and states["party"] == ""
    text = (tmp_path / "breach.toml").read_text()
    note = '[[fact]]\nkey = "data.records"\nstate = "not_yet_known"\nreason = "counting"\ndue = 2026-10-09\n'
    (tmp_path / "more.toml").write_text(f"{text}\n{note}")
    assert run("breach", "revise", "B1", "more.toml").json["changed"] == ["fact.data.records"]
    after = run("breach", "facts", "B1").json
    assert after["waiting"] == [{"fact": "data.records", "reason": "counting", "due": "2026-10-09"}]
    assert set(before["open"]) - set(after["open"]) == {"data.records"}
    assert run("breach", "facts", "B1", as_json=False).code == 0
