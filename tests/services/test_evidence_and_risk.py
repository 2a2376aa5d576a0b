"""Evidence is kept encrypted and comes out as it went in; assessments stay with the revision they judged."""

from __future__ import annotations

import errno
import hashlib
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dpo_app import bootstrap, files
from dpo_app.core.errors import InputError, JobCancelled, StoreError
from dpo_app.core.facts.evidence import CHUNK_BYTES, EvidenceKind
from dpo_app.core.facts.fact_choices import FactState
from dpo_app.core.facts.fact_values import FactNote
from dpo_app.core.ids import BreachId, EvidenceId
from dpo_app.core.proof.audit import AuditAction
from dpo_app.core.risk.risk import Owed
from dpo_app.services.facts import keep_evidence as evidence
from dpo_app.services.facts.judge_risk import keep_assessment, risk_of, suggested_answers
from dpo_app.services.facts.record_breach import add_breach, revise_breach
from dpo_app.services.ports.desk import Desk
from dpo_app.store import vault
from dpo_app.store.audit_log import AuditLog
from dpo_app.store.engine import connect
from tests.builders import PASSPHRASE, a_revision


@pytest.fixture
def desk(opened: vault.OpenStore) -> Desk:
    """A desk with one breach."""
    made = bootstrap.build(opened, "Tester")
    add_breach(made, a_revision())
    return made


B1 = BreachId(1)
SECRET = b"Ransom note with the name Aino Sukunen. "


def a_file(folder: Path, content: bytes = SECRET, name: str = "note.txt") -> Path:
    """Write a file outside the store."""
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_file_comes_out_as_it_went_in_and_lies_nowhere_in_the_clear(
    desk: Desk, opened: vault.OpenStore, tmp_path: Path
) -> None:
    content = SECRET * 60_000  # more than two chunks
    outside = tmp_path / "outside"
    outside.mkdir()
    kept = evidence.keep_evidence(desk, B1, a_file(outside, content), EvidenceKind.RANSOM_NOTE, source="N. N.").evidence
    assert kept.size == len(content) > 2 * CHUNK_BYTES and kept.sha256 == hashlib.sha256(content).hexdigest()
    out = outside / "again.txt"
    evidence.save_evidence(desk, EvidenceId(kept.id), out)
    assert out.read_bytes() == content and out.stat().st_mode & 0o077 == 0
    for path in opened.folder.rglob("*"):
        assert not path.is_file() or SECRET not in path.read_bytes(), path.name
    with desk.read() as queries:
        actions = [each.action for each in queries.trail.lines(limit=5)]
        assert queries.evidence(B1) == [kept] and actions[:2] == ["evidence_saved", "evidence_kept"]
    assert evidence.verify_evidence(desk, B1).damaged == ()


def test_what_cannot_be_kept_is_refused(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = a_file(tmp_path)
    evidence.keep_evidence(desk, B1, path, EvidenceKind.OTHER)
    monkeypatch.setattr(evidence, "LIMIT_BYTES", 9000)
    for refused, code in (
        (path, "evidence_twice"), (tmp_path / "none.pdf", "no_such_file"), (tmp_path, "cannot_read"),
        (a_file(tmp_path, b"", "empty.txt"), "file_empty"), (a_file(tmp_path, b"x" * 9001, "big.txt"), "file_too_big"),
    ):  # fmt: skip
        with pytest.raises(InputError) as caught:
            evidence.keep_evidence(desk, B1, refused, EvidenceKind.OTHER)
        assert caught.value.code == code
    with pytest.raises(InputError, match="no_such_evidence"):
        evidence.save_evidence(desk, EvidenceId(7), tmp_path / "out")
    with pytest.raises(InputError, match="file_exists"):
        evidence.save_evidence(desk, EvidenceId(1), path)
    with desk.read() as queries:
        assert len(queries.evidence(B1)) == 1


def test_stopping_keeps_nothing(desk: Desk, tmp_path: Path) -> None:
    class Stopping:
        def step(self, done: int, total: int | None = None) -> None:
            if done:
                raise JobCancelled

    with pytest.raises(JobCancelled):
        evidence.keep_evidence(desk, B1, a_file(tmp_path, b"x" * 3_000_000), EvidenceKind.LOG, progress=Stopping())
    with desk.read() as queries:
        assert queries.evidence(B1) == [] and list(queries.evidence_chunks(EvidenceId(1))) == []


def test_a_damaged_file_is_found_and_not_given_out(desk: Desk, opened: vault.OpenStore, tmp_path: Path) -> None:
    evidence.keep_evidence(desk, B1, a_file(tmp_path), EvidenceKind.OTHER)
    raw = connect(opened.folder / "store.db", opened.subkeys.store)
    raw.execute("UPDATE evidence_chunk SET data = CAST('something else' AS BLOB)")
    raw.close()
    assert evidence.verify_evidence(desk, B1).damaged == ("E1",)
    with pytest.raises(StoreError, match="evidence_damaged"):
        evidence.save_evidence(desk, EvidenceId(1), tmp_path / "out.txt")
    assert not (tmp_path / "out.txt").exists()


def _said(desk: Desk) -> list[str]:
    with desk.read() as queries:
        return [
            e.action
            for e in queries.trail.lines(limit=5)
            if e.action.startswith("evidence_") and "kept" not in e.action
        ]


def _parts(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir() if each.name.endswith(".part")]


def test_without_an_entry_nothing_is_saved(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    evidence.keep_evidence(desk, B1, a_file(tmp_path), EvidenceKind.OTHER)

    def fails(*_: object, **__: object) -> int:
        raise StoreError("disk_full", needed_mb=1)

    monkeypatch.setattr(AuditLog, "record", fails)
    with pytest.raises(StoreError, match="disk_full"):
        evidence.save_evidence(desk, EvidenceId(1), tmp_path / "out.txt")
    assert not (tmp_path / "out.txt").exists() and not _parts(tmp_path)


@pytest.mark.parametrize("fault", ["link", "sync", "write"])
def test_a_file_that_did_not_come_about_is_said(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    evidence.keep_evidence(desk, B1, a_file(tmp_path), EvidenceKind.OTHER)
    out = tmp_path / "out"
    out.mkdir()

    def fails(*_: object) -> None:
        raise OSError(errno.EIO, "broken")

    if fault == "write":
        monkeypatch.setattr(evidence, "running_sha256", fails)
    elif fault == "link":
        monkeypatch.setattr(files, "_rename_new", fails)
    else:
        real = files.sync_folder
        monkeypatch.setattr(files, "sync_folder", lambda folder: fails() if folder == out else real(folder))
    with pytest.raises(StoreError, match="cannot_write"):
        evidence.save_evidence(desk, EvidenceId(1), out / "out.txt")
    assert not _parts(out)
    # A fault after the name was given leaves the file, and so the entry that says it is there.
    assert (out / "out.txt").exists() is (fault == "sync") is (_said(desk)[0] == "evidence_saved")


class _Killed(BaseException):
    """Stands for the end of the process: nothing of ours runs after it."""


@pytest.mark.parametrize("moment", ["begun", "half", "whole", "linked", "done"])
def test_after_a_kill_there_is_no_file_without_entry_and_no_entry_without_file(
    desk: Desk, opened: vault.OpenStore, tmp_path: Path, moment: str
) -> None:
    evidence.keep_evidence(desk, B1, a_file(tmp_path), EvidenceKind.OTHER)
    out, part = tmp_path / "out.txt", tmp_path / ".out.txt.1234.part"
    with desk.begin() as uow:
        uow.settings.put(evidence.SAVING, {"evidence": 1, "part": str(part), "path": str(out)})
        uow.audit.record(AuditAction.EVIDENCE_SAVED, facts={"breach": 1, "evidence": 1})
        uow.commit()
    part.write_bytes({"begun": b"", "half": SECRET[:10]}.get(moment, SECRET))
    if moment in ("linked", "done"):
        os.link(part, out)
    if moment == "done":
        part.unlink()
    opened.close()
    store, again = bootstrap.open_desk(opened.folder, "DPO", passphrase=PASSPHRASE)
    try:
        there = moment in ("whole", "linked", "done")
        assert not _parts(tmp_path) and out.exists() is there and (not there or out.read_bytes() == SECRET)
        assert (_said(again)[0] == "evidence_saved") is there
        before = len(_said(again))
        evidence.settle_saving(again)
        assert len(_said(again)) == before, "settled once"
    finally:
        bootstrap.close_desk(store, again)


def test_a_kill_while_saving_leaves_what_the_next_start_settles(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence.keep_evidence(desk, B1, a_file(tmp_path), EvidenceKind.OTHER)
    seen = []

    def killed(stream: object) -> None:
        (name,) = _parts(tmp_path)
        with desk.read() as queries:
            seen.append(queries.setting(evidence.SAVING)["part"] == str(tmp_path / name))
        raise _Killed

    monkeypatch.setattr(evidence, "running_sha256", lambda: killed(None))
    with pytest.raises(_Killed):
        evidence.save_evidence(desk, EvidenceId(1), tmp_path / "out.txt")
    assert seen == [True], "what a kill leaves is known before the first byte"


def test_a_fact_names_only_evidence_that_is_kept(desk: Desk, tmp_path: Path) -> None:
    note = FactNote("data.persons", FactState.ESTIMATED, "Register", ("E1",))
    with pytest.raises(InputError) as caught:
        revise_breach(desk, B1, a_revision(facts=(note,)))
    assert caught.value.facts == {"evidence": "E1", "field": "fact[1].evidence"}
    evidence.keep_evidence(desk, B1, a_file(tmp_path), EvidenceKind.OTHER)
    assert revise_breach(desk, B1, a_revision(facts=(note,))).revision.number == 2
    with pytest.raises(InputError, match="no_such_evidence"):
        add_breach(desk, a_revision(facts=(note,)))


def test_an_assessment_stays_with_the_revision_it_judged(desk: Desk) -> None:
    with desk.read() as queries:
        before = risk_of(queries, B1, desk.risk)
        answers = suggested_answers(queries, B1)
    assert before.kept is None and before.result.outcome is Owed.PERSONS
    first = keep_assessment(desk, B1, answers)
    assert first.kept.revision == 1 and first.result == before.result
    revise_breach(desk, B1, a_revision(summary="Copied twice."))
    with desk.read() as queries:
        assert risk_of(queries, B1, desk.risk).outdated
    less = replace(answers, decision=Owed.AUTHORITY, decision_reason="The copy was given back under control.")
    second = keep_assessment(desk, B1, less)
    with desk.read() as queries:
        view, kept = risk_of(queries, B1, desk.risk), queries.assessments(B1)
        trail = queries.trail.lines(limit=1)[0]
    assert [(each.revision, each.decided) for each in kept] == [(1, Owed.PERSONS), (2, Owed.AUTHORITY)]
    assert view.kept == second.kept and not view.outdated and view.answers == less and view.result.under_outcome
    assert trail.action == "risk_assessed" and trail.facts["score"] == "5"


def test_awareness_is_corrected_by_adding_never_by_overwriting(desk: Desk) -> None:
    old = a_revision().awareness
    for number, minute in enumerate((20, 40), 2):
        later = replace(old, at=datetime(2020, 9, 28, 11, minute, tzinfo=UTC), correction="The log says so.")
        assert revise_breach(desk, B1, a_revision(awareness=later)).revision.number == number
    with desk.read() as queries:
        said = [each.facts["aware_at"] for each in queries.trail.lines(limit=20) if each.action == "aware_recorded"]
        assert [each.facts.awareness.at.minute for each in queries.revisions(B1)] == [5, 20, 40]
    assert [each[14:16] for each in said] == ["40", "20", "05"]
    with pytest.raises(InputError, match="in_future"):
        revise_breach(desk, B1, a_revision(awareness=replace(old, at=datetime(2999, 1, 1, tzinfo=UTC)),
                                           known_as_of=datetime(2999, 1, 2, tzinfo=UTC)))  # fmt: skip
