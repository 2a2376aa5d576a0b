"""The register of breaches: every breach with its reasons, filtered, in four forms that are safe to open."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from dpo_app.core.errors import InputError
from dpo_app.core.facts.breach import Awareness, Cause
from dpo_app.core.facts.fact_choices import Answer, PartyRole
from dpo_app.core.facts.fact_values import CrossBorder, Party
from dpo_app.core.proof.audit import AuditAction
from dpo_app.core.proof.register import Notified, RegisterFilter, counted
from dpo_app.core.risk.risk import DataKind, Identifier, KindAnswer, Owed, RiskAnswers
from dpo_app.services.clocks.record_clock import choose_law, give_reason, record_done, state_fact
from dpo_app.services.facts.judge_risk import keep_assessment
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.services.ports.desk import Desk
from dpo_app.services.proof.export_register import RegisterForm, export_register, form_of, register_of
from tests.builders import a_revision
from tests.services.test_clocks import AWARE, NOW, StoppedClock

REASON = "Only club members saw each other's addresses."


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """A store with five breaches: told in time, told late, not notified with a reason, due, and left to the controller."""
    desk = replace(desk, clock=StoppedClock(NOW))

    def breach(hours: float, **changes: Any) -> Any:
        at = AWARE - timedelta(hours=hours)
        values = {"awareness": Awareness(at, "Message"), "known_as_of": at}
        return add_breach(desk, a_revision(**(values | changes))).breach_id

    told, late = (
        breach(0, title="=cmd|' /C calc'!A0", reference="2026/1"),
        breach(60, title="Lost laptop", reference="2026/2"),
    )
    record_done(desk, told, "gdpr.art33_1", AWARE + timedelta(hours=20, minutes=15), "Ombudsman, 4471")
    record_done(desk, late, "gdpr.art33_1", AWARE + timedelta(hours=13), "Ombudsman, 4472")
    give_reason(desk, late, "gdpr.art33_1", "The laptop was believed to be encrypted.")
    quiet = breach(2, title="Newsletter", reference="2026/3", cause=Cause.MISTAKE_INTERNAL)
    keep_assessment(desk, quiet, RiskAnswers(
        (KindAnswer(DataKind.SIMPLE),), Identifier.MAIL, 3, persons=40, decision=Owed.REGISTER_ONLY, decision_reason=REASON))  # fmt: skip
    breach(1, title="Wrong letter", reference="2026/4", cross_border=CrossBorder(Answer.YES, states=("SE",)),
           parties=(Party("Print house", PartyRole.PROCESSOR),))  # fmt: skip
    theirs = breach(400 * 24, title="Old mailbox", reference="2025/1")
    state_fact(desk, theirs, "controller.role", ("processor",), "We only host it")
    return desk


def entries(desk: Desk, **wanted: Any) -> list[Any]:
    with desk.read() as queries:
        return list(register_of(desk, queries, RegisterFilter(**wanted)).entries)


def test_every_breach_is_in_it_and_the_counts_add_up(filled: Desk) -> None:
    found = {each.saved.facts.reference: each for each in entries(filled)}
    assert {key: each.notified for key, each in found.items()} == {
        "2026/1": Notified.IN_TIME, "2026/2": Notified.LATE, "2026/3": Notified.NOT_OWED, "2026/4": Notified.NOT_YET,
        "2025/1": Notified.BY_CONTROLLER,
    }  # fmt: skip
    assert sum(counted(found.values()).values()) == len(found) == 5
    assert found["2026/2"].delay == timedelta(hours=1) and found["2026/2"].delay_reason.startswith("The laptop")
    assert found["2026/3"].risk_reason == REASON and found["2026/3"].outcome is Owed.REGISTER_ONLY


def test_filters(filled: Desk) -> None:
    def references(**wanted: Any) -> list[str]:
        return [each.saved.facts.reference for each in entries(filled, **wanted)]

    assert references(year=2025) == ["2025/1"]
    assert references(notified=Notified.LATE) == ["2026/2"]
    assert references(outcome=Owed.REGISTER_ONLY) == ["2026/3"]
    assert references(cause=Cause.MISTAKE_INTERNAL) == ["2026/3"]
    assert references(text="print LETTER") == ["2026/4"] and references(text="nobody") == []
    assert references() == ["2026/1", "2026/4", "2026/3", "2026/2", "2025/1"], "the newest awareness first"


def test_a_law_that_was_left_asks_for_nothing(filled: Desk) -> None:
    first = entries(filled, text="2026/4")[0]
    choose_law(filled, first.id, "gdpr", False, "No personal data after all")
    assert entries(filled, text="2026/4")[0].notified is Notified.NOT_OWED


def test_tables_are_safe_to_open(filled: Desk) -> None:
    text = export_register(filled, RegisterForm.CSV, language="en").decode("utf-8-sig")
    assert "\"'=cmd|' /C calc'!A0\"" in text, "a formula is made harmless"
    assert REASON in text and "notified late" in text and "late by 1 h 0 min" in text
    book = CalamineWorkbook.from_filelike(io.BytesIO(export_register(filled, RegisterForm.XLSX, language="en")))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 6 and rows[0][:3] == ["Breach", "Reference", "Title"]
    assert any("=cmd" in str(cell) for cell in rows[1]), "the cell holds text, not a formula"
    assert "a risk to persons is unlikely (Art. 33(1)); " + REASON in " ".join(map(str, rows[3]))


def test_the_document_uses_the_terms_of_the_vocabulary(filled: Desk) -> None:
    found = json.loads(export_register(filled, RegisterForm.JSON))
    assert found["@type"] == "eu-gdpr:DataBreachRegister" and len(found["audit"]["head"]) == 64
    by = {each["reference"]: each for each in found["breaches"]}
    assert by["2026/1"]["@type"] == ["eu-gdpr:DataBreach", "eu-gdpr:ConfidentialityBreach"]
    assert by["2026/1"]["notice_to_authority"]["hours_after_awareness"] == 20.25
    assert "eu-gdpr:CrossBorderDataBreach" in by["2026/4"]["@type"]
    late = by["2026/2"]["notice_to_authority"]
    assert late["late_seconds"] == 3600 and late["justification"] == [
        {"@id": "eu-gdpr:JustificationA33NotificationDelay"}
    ]
    quiet = by["2026/3"]
    assert quiet["owed"] == [{"@id": "eu-gdpr:BreachNotificationNotNeeded"}]
    assert quiet["notice_to_authority"]["justification"] == [{"@id": "eu-gdpr:JustificationA33RiskUnlikely"}]
    assert quiet["risk"]["@type"] == "eu-gdpr:DBIAIndicatesNoRisk" and quiet["risk"]["reason"] == REASON
    assert by["2025/1"]["owed"] == [{"@id": "eu-gdpr:ControllerBreachNotificationNeeded"}]


@pytest.mark.parametrize("language,words", [("en", "Register of personal data breaches"), ("fi", ""), ("sv", "")])
def test_the_paper_for_an_inspection(filled: Desk, language: str, words: str) -> None:
    data = export_register(filled, RegisterForm.PDF, language=language)
    document = pypdfium2.PdfDocument(data)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    assert words in text and REASON in text.replace("\r\n", " ").replace("\n", " ")
    assert "2026/2" in text and "Print house" in text and "{" not in text
    part = pypdfium2.PdfDocument(export_register(filled, RegisterForm.PDF, RegisterFilter(year=2025), "en"))
    assert "breaches 1 of 5" in part[0].get_textpage().get_text_range()


def test_the_export_leaves_its_trace_and_the_form_follows_the_name(filled: Desk) -> None:
    export_register(filled, RegisterForm.CSV)
    with filled.read() as queries:
        line = queries.trail.lines(limit=1)[0]
    assert line.action == AuditAction.REGISTER_EXPORTED and line.facts["breaches"] == 5
    assert form_of("a.b.PDF") is RegisterForm.PDF
    with pytest.raises(InputError, match="register_kind"):
        form_of("register.doc")


def test_an_empty_register_is_written_too(desk: Desk) -> None:
    assert json.loads(export_register(desk, RegisterForm.JSON))["breaches"] == []
    assert len(pypdfium2.PdfDocument(export_register(desk, RegisterForm.PDF, language="en"))) == 1
    assert datetime.now(UTC).year >= 2026
