"""What the officer writes in their own words stands beside the trail: provable while it is kept, and erasable."""

from __future__ import annotations

import ast
import json
import string
from pathlib import Path

import pytest
from sqlalchemy import text

from dpo_app.core.clocks.clock_record import RecordKind
from dpo_app.core.clocks.regime import Anchor, FactName
from dpo_app.core.ids import BreachId, ImportId, PersonId
from dpo_app.core.persons.care import CareRule
from dpo_app.core.proof.audit import REMARKS, AuditAction, TrailState
from dpo_app.i18n import catalogue
from dpo_app.messages.audit import ACTIONS
from dpo_app.messages.facts import FactWords
from dpo_app.messages.trail import TrailWords
from dpo_app.services.clocks.record_clock import give_reason, record_anchor, record_done, state_fact, take_back
from dpo_app.services.desk.manage_store import decide, note
from dpo_app.services.lines import PersonFilter, TrailLine
from dpo_app.services.persons.correct_dates import correct_dates
from dpo_app.services.persons.import_persons import undo_import
from dpo_app.services.persons.mark_care import mark_care
from dpo_app.services.persons.merge_persons import merge_persons, unmerge
from dpo_app.services.ports.desk import Desk
from dpo_app.services.proof.export_audit import export_audit, verify_trail
from dpo_app.store import vault
from tests.builders import a_register, a_row
from tests.conftest import bring_in

SOURCES = Path(__file__).parents[2] / "dpo_app"
#: What an entry may say besides counts: codes from our own lists, hashes and heads, days and instants, who acted.
CODES = {
    "action", "as", "authority", "before", "after", "channel", "choice", "classes", "duty", "event", "fact", "fault",
    "form", "identity", "kind", "languages", "language", "law", "level", "name", "outcome", "phase", "result", "rule",
    "score", "server", "protection", "domain", "value", "verdict", "way", "why", "wording", "wordings", "decided",
    "answer", "agreement", "layout", "reason", "completeness", "read", "facts",
}  # fmt: skip
HASHES = {
    "sha256", "file_sha256", "files_sha256", "proof_sha256", "merkle_root", "head", "known_head", "digest", "found"
}  # fmt: skip
TIMES = {"aware_at", "due_at", "due_on", "event_at", "happened_at", "met_at", "target_at", "on", "until"}
WHO = {"approved_by", "by"}
COUNTS = {
    "assessment", "bad", "batch", "bounced", "breach", "breaches", "changed", "compared", "confirmed", "correction",
    "corrects", "damaged", "duplicate", "emails", "enquiry", "entries", "evidence", "failed", "fields", "files", "held",
    "hits", "hours", "import", "in_hand", "left_out", "letter", "letters", "lines", "mail", "merge", "messages",
    "missing", "new", "notice", "open", "ours", "pages", "pairs", "perhaps", "persons", "read_back", "recipients",
    "rejected", "revision", "rows", "settled", "sheets", "size", "stopped", "sure", "texts", "undecided", "unknown",
    "version", "waiting", "windows", "written_to",
    "accepted", "deferred", "made", "wrong", "upto",
}  # fmt: skip
#: How what an officer types is called in use-cases.
TYPED = {
    "reason",
    "source",
    "note",
    "place",
    "text",
    "title",
    "remark",
    "comment",
    "said",
    "wrote",
    "partner",
    "clause",
}
CANARY = "Matti Meikäläinen's own words"


def _entries() -> list[tuple[str, ast.Call]]:
    found = []
    for path in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("record", "note", "_add") and any("AuditAction" in ast.unparse(each) for each in node.args):
                found.append((f"{path.name}:{node.lineno}", node))
    return found


def _facts(tree: ast.AST) -> list[tuple[str, ast.expr]]:
    """Return what the dictionaries and keywords called facts hold."""
    pairs: list[tuple[str, ast.expr]] = []
    for each in ast.walk(tree):
        if isinstance(each, ast.Dict):
            pairs += [
                (str(k.value), v) for k, v in zip(each.keys, each.values, strict=True) if isinstance(k, ast.Constant)
            ]
    return pairs


def test_no_fact_of_an_entry_is_free_text() -> None:
    entries = _entries()
    assert len(entries) > 80
    known = CODES | HASHES | TIMES | WHO | COUNTS
    for where, call in entries:
        given = {each.arg: each.value for each in call.keywords}
        facts = _facts(given["facts"]) if "facts" in given else []
        if isinstance(call.func, ast.Name) and call.func.id == "note":
            facts += [(name, value) for name, value in given.items() if name and name != "reason"]
        for name, value in facts:
            assert name in known, f"{where}: say what kind of fact {name} is"
            typed = [n for n in ast.walk(value) if isinstance(n, ast.Name) and n.id in TYPED]
            whole = {n.value for n in ast.walk(value) if isinstance(n, ast.Attribute) and n.attr == "value"}
            assert not [n for n in typed if n not in whole], f"{where}: {name} is what somebody typed"
            assert "strip" not in ast.unparse(value), f"{where}: {name} is what somebody typed"


def test_facts_that_are_put_together_beforehand_are_no_free_text() -> None:
    for path in sorted((SOURCES / "services").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            target = node.target if isinstance(node, ast.AnnAssign) else None
            target = node.targets[0] if isinstance(node, ast.Assign) else target
            if isinstance(target, ast.Name) and target.id == "facts" and isinstance(node.value, ast.Dict):
                for name, value in _facts(node.value):
                    free = "strip" in ast.unparse(value) or (isinstance(value, ast.Name) and value.id in TYPED)
                    assert not free, f"{path.name}:{node.lineno}: {name} is what somebody typed"


def test_each_place_in_a_sentence_is_a_known_fact() -> None:
    known = CODES | HASHES | TIMES | WHO | COUNTS | REMARKS
    assert set(ACTIONS) == set(AuditAction)
    for action, sentence in ACTIONS.items():
        for _text, name, _form, _how in string.Formatter().parse(sentence):
            assert name is None or name in known, f"{action}: say what kind of fact {name} is"


def _lines(desk: Desk, *actions: AuditAction) -> list[TrailLine]:
    with desk.read() as queries:
        return queries.trail.lines(actions=actions, limit=1_000)


def _write_everywhere(desk: Desk, breach_id: BreachId) -> set[AuditAction]:
    with desk.read() as queries:
        first, second, third = queries.person_ids(breach_id, queries.newest_revision(breach_id).id, PersonFilter())[:3]
        aware = queries.newest_revision(breach_id).facts.awareness.at
    decide(desk, breach_id, [PersonId(first)], "exposure", "confirmed", CANARY)
    decide(desk, breach_id, [PersonId(first)], "excuse", "excused", CANARY)
    mark_care(desk, breach_id, [PersonId(second)], CareRule.DECEASED, CANARY)
    correct_dates(desk, breach_id, PersonId(third), "2018-01-01", "", CANARY)
    unmerge(desk, merge_persons(desk, PersonId(first), PersonId(third), CANARY).merge_id)
    record_anchor(desk, breach_id, Anchor.AWARENESS, aware, CANARY)
    record_done(desk, breach_id, "art33_1", aware, CANARY)
    give_reason(desk, breach_id, "art33_1", CANARY)
    state_fact(desk, breach_id, FactName.ROLE, ("controller",), CANARY)
    take_back(desk, breach_id, RecordKind.DONE, "gdpr.art33_1", CANARY)
    note(desk, AuditAction.ROLLBACK_ACCEPTED, missing=1, reason=CANARY)
    return {
        AuditAction.EXPOSURE_OVERRULED, AuditAction.EXCUSED, AuditAction.CARE_MARKED, AuditAction.DATES_CORRECTED,
        AuditAction.PERSONS_MERGED, AuditAction.ANCHOR_RECORDED, AuditAction.DUTY_MET, AuditAction.DELAY_REASONED,
        AuditAction.CLOCK_FACT_SET, AuditAction.CLOCK_TAKEN_BACK, AuditAction.ROLLBACK_ACCEPTED,
    }  # fmt: skip


@pytest.fixture
def written(desk: Desk, breach_id: BreachId, tmp_path: Path) -> set[AuditAction]:
    bring_in(desk, breach_id, a_register(tmp_path / "r.csv", [a_row(1), a_row(2), a_row(3)]))
    return _write_everywhere(desk, breach_id)


def test_the_words_are_shown_and_proved_and_not_in_the_chain(
    desk: Desk, breach_id: BreachId, written: set[AuditAction]
) -> None:
    words = TrailWords(FactWords("en", "Europe/Helsinki", catalogue("en").gettext))
    lines = _lines(desk, *written)
    assert {line.action for line in lines} == written
    for line in lines:
        assert CANARY in words.sentence(line.action, line.facts), line.action
        assert set(json.loads(line.canonical)["commitments"]) & REMARKS, line.action
    with desk.read() as queries:
        assert not [each.seq for each in queries.trail.stream() if CANARY.encode() in each.canonical]
        assert CANARY not in repr(list(queries.trail.stream()))
    assert verify_trail(desk).state is TrailState.INTACT
    assert export_audit(desk, breach_id).startswith(b"%PDF")


@pytest.mark.parametrize("statement", ["SET text = 'Other words'", "SET key = x'00'", "SET name = 'place'"])
def test_changed_words_are_found(
    desk: Desk, written: set[AuditAction], opened: vault.OpenStore, statement: str
) -> None:
    (line,) = _lines(desk, AuditAction.EXCUSED)
    with opened.engine.connect().execution_options(dpo_write=True) as connection, connection.begin():
        connection.execute(text(f"UPDATE audit_remark {statement} WHERE seq = {line.seq}"))
    report = verify_trail(desk)
    assert (report.state, report.first_bad) == (TrailState.ALTERED, line.seq)


def test_the_words_about_a_person_go_with_the_person_and_the_trail_still_verifies(
    desk: Desk, breach_id: BreachId, written: set[AuditAction], opened: vault.OpenStore
) -> None:
    undo_import(desk, ImportId(1))
    about = {AuditAction.EXPOSURE_OVERRULED, AuditAction.EXCUSED, AuditAction.CARE_MARKED,
             AuditAction.DATES_CORRECTED, AuditAction.PERSONS_MERGED}  # fmt: skip
    words = TrailWords(FactWords("en", "Europe/Helsinki", catalogue("en").gettext))
    for line in _lines(desk, *about):
        assert words.sentence(line.action, line.facts).endswith("(erased)")
    for line in _lines(desk, *(written - about)):
        assert CANARY in words.sentence(line.action, line.facts)
    assert verify_trail(desk).state is TrailState.INTACT


def test_words_left_empty_have_a_dash_and_no_row(desk: Desk, breach_id: BreachId, opened: vault.OpenStore) -> None:
    with desk.begin() as uow:
        uow.audit.record(AuditAction.EMAILS_RESOLVED, facts={"emails": 1, "as": "sent"}, remarks={"reason": " "})
        with pytest.raises(TypeError):
            uow.audit.record(AuditAction.EXCUSED, remarks={"persons": "3"})
        uow.commit()
    assert _lines(desk, AuditAction.EMAILS_RESOLVED)[0].facts["reason"] == "-"
    with opened.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM audit_remark")).scalar_one() == 0
