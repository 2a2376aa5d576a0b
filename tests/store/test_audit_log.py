"""The trail in the store: what lists show cannot differ from what is chained, and broken values are found."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from dpo_app.core.ids import BreachId
from dpo_app.core.proof.audit import AuditAction, TrailState
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.services.ports.desk import Desk
from dpo_app.services.proof.export_audit import verify_trail
from dpo_app.store import vault
from tests.builders import a_revision


def tamper(opened: vault.OpenStore, statement: str) -> None:
    with opened.engine.connect().execution_options(dpo_write=True) as connection, connection.begin():
        for table in ("audit_entry", "audit_subject"):
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER {table}_no_{verb}"))
        connection.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'searched' WHERE seq = 2",
        "UPDATE audit_entry SET actor = 'Nobody' WHERE seq = 2",
        "UPDATE audit_entry SET at = at - 1 WHERE seq = 2",
        "DELETE FROM audit_subject WHERE seq = 2",
        "INSERT INTO audit_subject VALUES (2, 'ffffffffffffffffffffffffffffffff')",
        "UPDATE audit_entry SET canonical = 7 WHERE seq = 2",
        "UPDATE audit_entry SET mac = 'x' WHERE seq = 2",
        "UPDATE audit_entry SET head = '' WHERE seq = 2",
        "UPDATE audit_entry SET at = 'never' WHERE seq = 2",
        "DELETE FROM audit_entry WHERE seq = 2",
        "UPDATE audit_entry SET seq = 99 WHERE seq = 2",
    ],
)
def test_every_edit_is_named(desk: Desk, opened: vault.OpenStore, statement: str) -> None:
    add_breach(desk, a_revision())
    add_breach(desk, a_revision())
    with desk.read() as queries:
        assert any(entry.seq == 2 and entry.shown and entry.shown.subjects for entry in queries.trail.stream())
    tamper(opened, statement)
    report = verify_trail(desk)
    assert (report.state, report.first_bad) == (TrailState.ALTERED, 2)


def test_pages_go_back_without_gap_or_overlap(desk: Desk) -> None:
    for _ in range(5):
        add_breach(desk, a_revision())
    with desk.read() as queries:
        total, seen, before = queries.trail.count(), [], 0
        while page := queries.trail.lines(limit=2, before=before):
            seen += [line.seq for line in page]
            before = page[-1].seq
        only = queries.trail.lines(actions=[AuditAction.BREACH_ADDED])
        own = queries.trail.lines(subject=queries.breach_uid(BreachId(1)))
    assert seen == list(range(total, 0, -1))
    assert len(only) == 5 and {line.action for line in only} == {"breach_added"}
    assert own and all(line.subjects for line in own)


def test_a_change_that_fails_leaves_no_entry(desk: Desk) -> None:
    with desk.read() as queries:
        before = queries.trail.last()
    with pytest.raises(ZeroDivisionError), desk.begin() as uow:
        uow.audit.record(AuditAction.SEARCHED, facts={"hits": 1})
        raise ZeroDivisionError
    with desk.read() as queries:
        assert queries.trail.last() == before
