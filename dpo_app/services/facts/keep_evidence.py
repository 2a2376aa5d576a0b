"""Keep files that prove a fact, give them out again, and check that they are what was kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dpo_app.core.digests import running_sha256
from dpo_app.core.errors import InputError, StoreError
from dpo_app.core.facts.evidence import CHUNK_BYTES, LIMIT_BYTES, Evidence, EvidenceKind
from dpo_app.core.ids import BreachId, EvidenceId
from dpo_app.core.proof.audit import AuditAction
from dpo_app.files import read_chunks, settle_part, writing
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries
from dpo_app.services.progress import SILENT, Changes, Progress, Topic

#: Setting: which file is being saved where, until it is there.
SAVING = "evidence_saving"


@dataclass(frozen=True)
class Kept:
    """A file as kept, and what to reload."""

    evidence: Evidence
    changes: Changes


@dataclass(frozen=True)
class Checked:
    """How many files were read back, and the references of those that are not what was kept."""

    files: int
    damaged: tuple[str, ...]


def keep_evidence(
    desk: Desk, breach_id: BreachId, path: Path, kind: EvidenceKind, title: str = "", source: str = "",
    received_on: date | None = None, progress: Progress = SILENT,
) -> Kept:  # fmt: skip
    """Keep a file in the encrypted store; the file itself is read, never copied elsewhere.

    Raises InputError: "no_such_file", "file_too_big", "cannot_read", "file_empty", "file_changed" if it was written to
    meanwhile, "evidence_twice" if the breach has it already; JobCancelled between two pieces.
    """
    size, sha256 = _measured(path)
    now = desk.clock.now()
    value = Evidence(0, breach_id, path.name[:200], kind, title.strip(), source.strip(), received_on, size, sha256,
                     desk.actor, now)  # fmt: skip
    with desk.begin() as uow:
        uid = uow.queries.breach_uid(breach_id)
        for each in uow.queries.evidence(breach_id):
            if each.sha256 == sha256:
                raise InputError("evidence_twice", evidence=each.ref)
        digest = running_sha256()

        def chunks() -> Iterator[bytes]:
            done = 0
            for data in read_chunks(path, LIMIT_BYTES, CHUNK_BYTES):
                progress.step(done, size)
                digest.update(data)
                done += len(data)
                yield data

        number = uow.evidence.add(value, chunks())
        if digest.hexdigest() != sha256:
            raise InputError("file_changed", file=path.name)
        uow.audit.record(
            AuditAction.EVIDENCE_KEPT, subjects=(uid,),
            facts={"breach": breach_id, "evidence": number, "kind": kind.value, "size": size, "sha256": sha256},
        )  # fmt: skip
        kept = uow.queries.evidence_file(number)
        uow.commit()
    return Kept(kept, Changes.of(breach_id, Topic.FACTS))


def _measured(path: Path) -> tuple[int, str]:
    digest, size = running_sha256(), 0
    for data in read_chunks(path, LIMIT_BYTES, CHUNK_BYTES):
        digest.update(data)
        size += len(data)
    if not size:
        raise InputError("file_empty", file=path.name)
    return size, digest.hexdigest()


def save_evidence(desk: Desk, evidence_id: EvidenceId, path: Path) -> Evidence:
    """Write a kept file out again. The file appears only if it is what was kept. Raises InputError:
    "no_such_evidence", "file_exists"; StoreError("evidence_damaged"), "disk_full", "cannot_write".

    No entry, no file: the entry is there before the first byte. If the file does not come about, another entry says
    so; after a crash `settle_saving` decides."""
    with desk.read() as queries:
        value = queries.evidence_file(evidence_id)
    noted = False

    def begun(part: Path) -> None:
        nonlocal noted
        _note(desk, AuditAction.EVIDENCE_SAVED, value, {"part": str(part.absolute()), "path": str(path.absolute())})
        noted = True

    try:
        with writing(path, begun=begun) as stream, desk.read() as queries:
            digest = running_sha256()
            for data in queries.evidence_chunks(evidence_id):
                digest.update(data)
                stream.write(data)
            if digest.hexdigest() != value.sha256:
                raise StoreError("evidence_damaged", evidence=value.ref)
    except BaseException as error:
        # A fault after the name was given leaves the file; a name that somebody else took meanwhile is not ours.
        if noted and (not path.exists() or isinstance(error, InputError)):
            _note(desk, AuditAction.EVIDENCE_NOT_SAVED, value, {})
        raise
    return value


def settle_saving(desk: Desk) -> None:
    """Settle what a crash left of saving a file: it gets its name if it is whole, else it goes and an entry says so.
    Right after the store was opened; what cannot be settled now (a drive that is not there) waits."""
    with desk.read() as queries:
        left = queries.setting(SAVING)
        if not left:
            return
        try:
            value = queries.evidence_file(EvidenceId(left["evidence"]))
        except InputError:  # it is kept no more: what was begun goes
            value = None
    try:
        there = settle_part(Path(left["part"]), Path(left["path"]), lambda part: value is not None and _is(part, value))
    except StoreError:
        return
    if not there and value is not None:
        _note(desk, AuditAction.EVIDENCE_NOT_SAVED, value, {})


def _is(part: Path, value: Evidence) -> bool:
    try:
        return _measured(part) == (value.size, value.sha256)
    except InputError:
        return False


def _note(desk: Desk, action: AuditAction, value: Evidence, under_way: dict[str, str]) -> None:
    with desk.begin() as uow:
        uow.settings.put(SAVING, {"evidence": value.id, **under_way} if under_way else {})
        uow.audit.record(
            action, subjects=(uow.queries.breach_uid(BreachId(value.breach_id)),),
            facts={"breach": value.breach_id, "evidence": value.id},
        )  # fmt: skip
        uow.commit()


def verify_evidence(desk: Desk, breach_id: BreachId, progress: Progress = SILENT) -> Checked:
    """Read every file of a breach back and compare it with its hash; the finding goes into the trail."""
    with desk.read() as queries:
        kept = queries.evidence(breach_id)
        damaged = []
        for done, each in enumerate(kept):
            progress.step(done, len(kept))
            if not _is_whole(queries, each):
                damaged.append(each.ref)
    # Gigabytes are read above, while others may write; only the finding is an entry.
    with desk.begin() as uow:
        uow.audit.record(
            AuditAction.EVIDENCE_VERIFIED, subjects=(uow.queries.breach_uid(breach_id),),
            facts={"breach": breach_id, "files": len(kept), "damaged": len(damaged)},
        )  # fmt: skip
        uow.commit()
    return Checked(len(kept), tuple(damaged))


def _is_whole(queries: Queries, value: Evidence) -> bool:
    digest, size = running_sha256(), 0
    for data in queries.evidence_chunks(EvidenceId(value.id)):
        digest.update(data)
        size += len(data)
    return digest.hexdigest() == value.sha256 and size == value.size
