"""`dpo deadlines` explains each figure; what starts and ends clocks is recorded by commands."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.cli.conftest import Dpo

KEYS = {"regime", "rule", "anchor", "due", "adjusted_due", "arithmetic"}


def test_deadlines_have_the_keys_scripts_rely_on_and_explain_each_figure(run: Dpo, store: Path) -> None:
    found = run("deadlines", "B1").json
    first = found["deadlines"][0]
    assert set(first) >= KEYS and found["faults"] == []
    assert (first["regime"], first["rule"]) == ("gdpr", "art33_1")
    assert datetime.fromisoformat(first["due"]) == datetime(2020, 10, 1, 11, 5, tzinfo=UTC)
    assert datetime.fromisoformat(first["adjusted_due"]) == datetime(2020, 10, 1, 12, 0, tzinfo=UTC)
    assert first["anchor"] == "2020-09-28T14:05:00+03:00" and first["state"] == "late" and first["reason_owed"]
    assert first["arithmetic"] == "Mon 28 Sept 2020, 14:05 + 72 h = Thu 1 Oct 2020, 14:05"
    said = run("deadlines", "B1", as_json=False).out
    for part in ("Art. 33(1)", "<- drives", "Regulation 1182/71", "Working days in it", "Europe/Helsinki", "holidays"):
        assert part in said, part


def test_what_starts_and_ends_clocks_is_recorded(run: Dpo, store: Path) -> None:
    assert run("clock", "done", "B1", "art33_1", "--at", "2020-10-01T14:05:01", "--source", "Receipt 4471").code == 0
    first = next(d for d in run("deadlines", "B1").json["deadlines"] if d["rule"] == "art33_1")
    assert (first["state"], first["late_seconds"], first["done"]) == ("done_late", 1, "2020-10-01T11:05:01+00:00")
    assert run("clock", "reason", "B1", "gdpr.art33_1", "The mailbox was not read.").code == 0
    first = next(d for d in run("deadlines", "B1").json["deadlines"] if d["rule"] == "art33_1")
    assert first["reason_for_delay"] == "The mailbox was not read." and not first["reason_owed"]
    assert run("clock", "contract", "B1", "--partner", "Insurer", "--clause", "7.2", "--hours", 48).code == 0
    assert run("clock", "event", "B1", "high_risk_determined", "--at", "2020-09-29T10:00", "--source", "DPO").code == 0
    assert run("clock", "target", "B1", "art34_1", "--at", "2020-10-02T12:00").code == 0
    rules = {f"{d['regime']}.{d['rule']}": d for d in run("deadlines", "B1", "--ics", "b.ics").json["deadlines"]}
    assert rules["contract.a1"]["citation"] == "7.2" and rules["gdpr.art34_1"]["drives"] == "target"
    assert (store.parent / "b.ics").read_text().count("BEGIN:VEVENT") == 2
    assert [each["rule"] for each in run("reminders").json["reminders"]] == ["a1", "art34_1"]


def test_laws_are_chosen_with_a_reason(run: Dpo, store: Path) -> None:
    known = {each["law"]: each for each in run("laws").json["laws"]}
    assert known["dora"]["valid_from"] == "2025-01-17" and known["omnibus"]["status"] == "proposed"
    refused = run("clock", "law", "B1", "nis2", "--applies", "--reason", "Essential entity")
    assert refused.code == 1 and refused.json["error"] == "law_not_in_force"
    assert run("clock", "law", "B1", "gdpr", "--not", "--reason", "No personal data after all").code == 0
    assert run("deadlines", "B1").json["deadlines"] == []
    assert run("clock", "fact", "B1", "controller.role", "processor", "--reason", "We are a processor").code == 0
    assert run("clock", "calendar", "DE", "--part", "BY").json == {"calendar": "DE", "part": "BY"}
    assert run("clock", "calendar", "XX").code == 2
    assert run("clock", "done", "B1", "art33_1", "--at", "yesterday").code == 2


def test_the_register_is_written_in_four_forms(run: Dpo, store: Path) -> None:
    for form in ("pdf", "xlsx", "csv", "json"):
        found = run("register", "--out", f"r.{form}").json
        assert (store.parent / f"r.{form}").stat().st_size == found["bytes"] and len(found["head"]) == 64
    assert b"2026-1" in (store.parent / "r.csv").read_bytes()
    assert run("register", "--out", "none.json", "--year", "1999").code == 0
    assert b'"breaches": []' in (store.parent / "none.json").read_bytes()
    refused = run("register", "--out", "r.doc")
    assert refused.code == 2 and refused.json["error"] == "register_kind"
    assert run("register", "--out", "r.csv").json["error"] == "file_exists"
