"""Rule packs: those that come with the program are whole; one with a fault is named and the rest works."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dpo_app.core.clocks.deadline import AUTHORITY_HOURS
from dpo_app.core.clocks.period import Unit
from dpo_app.core.clocks.regime import FactName, PackFault, Regime, Status, regime_from_document
from dpo_app.documents.regimes import load_packs
from dpo_app.i18n import catalogue
from dpo_app.messages.arithmetic import ClockWords
from dpo_app.messages.clocks import FAULTS
from dpo_app.messages.facts import FactWords
from dpo_app.paths import resources

FOLDER = resources() / "regimes"
WANTED = {"gdpr", "uk_gdpr", "ch_fadp", "nis2", "eprivacy", "dora", "eidas", "hipaa", "contract"}


def document(name: str = "gdpr") -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def test_every_pack_that_comes_with_the_program_is_whole() -> None:
    packs = load_packs(FOLDER)
    assert packs.faults == ()
    assert {regime.id for regime in packs.regimes} >= WANTED
    for regime in packs.regimes:
        for rule in regime.rules:
            assert rule.citation and rule.titles["fi"] and rule.titles["sv"], (regime.id, rule.key)


def test_the_clock_that_needs_no_pack_is_that_of_the_pack() -> None:
    rule = load_packs(FOLDER).rule("gdpr", "art33_1")
    assert rule is not None and (rule.period.value, rule.period.unit) == (AUTHORITY_HOURS, Unit.HOURS)


def test_a_law_holds_from_its_first_day() -> None:
    found = {regime.id: regime for regime in load_packs(FOLDER).regimes}
    assert not found["dora"].rules_on(date(2025, 1, 16)) and found["dora"].rules_on(date(2025, 1, 17))
    proposed = [regime for regime in found.values() if regime.status is Status.PROPOSED]
    assert proposed and not any(regime.rules_on(date(2030, 1, 1)) for regime in proposed)


def test_a_rule_gives_way_to_its_successor() -> None:
    made = document()
    made["rule"] = [
        {**made["rule"][0], "valid_to": date(2027, 6, 30)},
        {**made["rule"][0], "valid_from": date(2027, 7, 1), "period": {"value": 96, "unit": "hours"}},
    ]
    regime = regime_from_document("new.toml", made)
    assert isinstance(regime, Regime)
    assert [r.period.value for r in regime.rules_on(date(2027, 6, 30))] == [72]
    assert [r.period.value for r in regime.rules_on(date(2027, 7, 1))] == [96]


def test_what_follows_from_a_country() -> None:
    packs = load_packs(FOLDER)

    def governed(country: str) -> set[str]:
        facts = {FactName.COUNTRY: frozenset({country})}
        return {regime.id for regime in packs.regimes if regime.governs(facts)}

    assert governed("FI") == {"gdpr"} and governed("GB") == {"uk_gdpr"} and governed("CH") == {"ch_fadp"}
    assert governed("US") == set()


def _without(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda d: d.pop(name)


def _in_rule(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda d: d["rule"][0].update({name: value})


FAULTY: tuple[tuple[Callable[[dict[str, Any]], Any], str, str], ...] = (
    (_without("id"), "id", "missing"),
    (_without("valid_from"), "valid_from", "missing"),
    (_without("rule"), "rule", "missing"),
    (lambda d: d.update(valid_to=date(2001, 1, 1)), "valid_to", "ends_before"),
    (lambda d: d.update(valid_from="soon"), "valid_from", "not_date"),
    (lambda d: d.update(status="perhaps"), "status", "not_choice"),
    (lambda d: d.update(colour="red"), "colour", "unknown"),
    (lambda d: d["title"].pop("sv"), "title.sv", "missing"),
    (_in_rule("citation", 33), "rule[1].citation", "not_text"),
    (_in_rule("undue_delay", "yes"), "rule[1].undue_delay", "not_flag"),
    (_in_rule("anchor", "full_moon"), "rule[1].anchor", "not_choice"),
    (_in_rule("anchor", "done:nothing"), "rule[1].anchor", "no_such_rule"),
    (_in_rule("period", {"value": 0, "unit": "hours"}), "rule[1].period.value", "not_number"),
    (_in_rule("period", {"value": True, "unit": "hours"}), "rule[1].period.value", "not_number"),
    (_in_rule("period", {"unit": "hours"}), "rule[1].period.value", "missing"),
    (_in_rule("period", {"value": 3, "unit": "moons"}), "rule[1].period.unit", "not_choice"),
    (_in_rule("period", 72), "rule[1].period", "not_table"),
    (_in_rule("addressee", "nobody"), "rule[1].addressee", "not_choice"),
    (_in_rule("adjust", "by_hand"), "rule[1].adjust", "not_choice"),
    (_in_rule("late", "shrug"), "rule[1].late", "not_choice"),
    (_in_rule("hours", 72), "rule[1].hours", "unknown"),
    (_in_rule("condition", [{"fact": "weather", "is": ["fine"]}]), "rule[1].condition[1].fact", "not_choice"),
    (_in_rule("condition", [{"fact": "risk.outcome"}]), "rule[1].condition[1].is", "missing"),
    (_in_rule("condition", [{"fact": "risk.outcome", "is": []}]), "rule[1].condition[1].is", "not_list"),
    (_in_rule("condition", "always"), "rule[1].condition", "not_list"),
    (_in_rule("latest", {"anchor": "awareness"}), "rule[1].latest.period", "missing"),
    (lambda d: d["rule"].append(dict(d["rule"][0])), "rule[5].key", "twice"),
    (lambda d: d.update(rule=["a"]), "rule[1]", "not_table"),
)


@pytest.mark.parametrize("spoil,key,reason", FAULTY, ids=[f"{k}-{r}" for _s, k, r in FAULTY])
def test_a_fault_is_named_by_key_and_reason(spoil: Callable[[dict[str, Any]], Any], key: str, reason: str) -> None:
    made = document()
    spoil(made)
    found = regime_from_document("spoiled.toml", made)
    assert isinstance(found, PackFault)
    assert (found.file, found.key, found.reason) == ("spoiled.toml", key, reason)
    assert found.reason in FAULTS
    words = ClockWords(FactWords("en", "", catalogue("en").gettext), "en")
    said = words.fault(found)
    assert "spoiled.toml" in said and key in said and "{" not in said


def test_a_pack_with_a_fault_leaves_the_others_working(tmp_path: Path) -> None:
    folder = tmp_path / "regimes"
    shutil.copytree(FOLDER, folder)
    (folder / "dora.toml").write_text("id = [broken", "utf-8")
    (folder / "zz-again.toml").write_text((FOLDER / "gdpr.toml").read_text("utf-8"), "utf-8")
    (folder / "latin.toml").write_bytes("id = 'é'".encode("latin-1"))
    packs = load_packs(folder)
    assert {r.id for r in packs.regimes} >= WANTED - {"dora"}
    assert [(f.file, f.key, f.reason) for f in packs.faults] == [
        ("dora.toml", "", "not_toml"), ("latin.toml", "", "not_read"), ("zz-again.toml", "id", "twice"),
    ]  # fmt: skip
