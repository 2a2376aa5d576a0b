"""Hand a batch of letters to a print house as one closed archive.

Only what was read back and released goes in: the letters are held beside the ledger, everything else beside the sums
that were written with them. The archive is opened again before it counts. The passphrase is made here, is told once, and
is kept nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from dpo_app.core.digests import running_sha256
from dpo_app.core.errors import InputError, RuleError, StoreError
from dpo_app.core.ids import BatchId, batch_ref, grouped
from dpo_app.core.proof.audit import AuditAction
from dpo_app.files import MEGABYTE, ensure_folder, inside, need_space, read_chunks, read_limited, writing
from dpo_app.services.lines import BatchLine
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import SILENT, Changes, Progress, Topic

SUMS = "SHA256SUMS"
#: 30 signs to the power of 24 are 118 bits.
PASSPHRASE_SIGNS = 24
_LINE = re.compile(r"^([0-9a-f]{64})  ([A-Za-z0-9._-]{1,80})$")


@dataclass(frozen=True)
class HandedOver:
    """What was made for the print house; the passphrase is nowhere else."""

    name: str
    sha256: str
    files: int
    passphrase: str = field(repr=False)
    changes: Changes


def hand_over(desk: Desk, batch_id: BatchId, folder: Path, out: Path, progress: Progress = SILENT) -> HandedOver:
    """Write the archive of a batch's folder into `out`, read it back, and record it.

    Raises RuleError("batch_state") unless the batch is made or printed, InputError("hand_over_differs") if a file in the
    folder is not the one that was made, StoreError: "disk_full", "hand_over_broken" if what was written cannot be read.
    """
    reference = batch_ref(batch_id)
    with desk.read() as queries:
        line = queries.batch(batch_id)
        breach_id = queries.breach_of_batch(batch_id)
    if line.state not in ("made", "printed"):
        raise RuleError("batch_state", batch=reference, state=line.state)
    wanted = _wanted(line, folder)
    members = [inside(folder, name) for name in (*wanted, SUMS)]
    size = sum(path.stat().st_size for path in members if path.is_file())
    ensure_folder(out)
    need_space(out, size)
    passphrase = grouped(desk.ids.code(PASSPHRASE_SIGNS))
    seen = _seen(progress, 2 * size)
    path = inside(out, f"{reference}-print-house.zip")
    with writing(path) as stream:
        packed = desk.hand_over.close(members, stream, passphrase, seen)
        different = next((name for name, digest in wanted.items() if packed[name] != digest), None)
        if different is not None:
            raise InputError("hand_over_differs", file=different)
    try:
        if dict(desk.hand_over.digests(path, passphrase, seen)) != dict(packed):
            raise StoreError("hand_over_broken")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    sha256 = _digest(path)
    with desk.begin() as uow:
        uow.audit.record(
            AuditAction.LETTERS_CLOSED,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={"batch": batch_id, "files": len(members), "file_sha256": sha256},
        )
        uow.commit()
    return HandedOver(path.name, sha256, len(members), passphrase, Changes.of(breach_id, Topic.DELIVERIES))


def _wanted(line: BatchLine, folder: Path) -> dict[str, str]:
    """Return the hashes that the files of a batch must have, by name: those of its letters are the ledger's."""
    wanted = {}
    for row in read_limited(folder / SUMS, MEGABYTE).decode("ascii", "replace").splitlines():
        match = _LINE.match(row)
        if match is None or match.group(2).startswith("."):
            raise InputError("hand_over_differs", file=SUMS)
        wanted[match.group(2)] = match.group(1)
    for each in line.files:
        name = PurePosixPath(each["name"]).name
        if wanted.get(name) != each["sha256"]:
            raise InputError("hand_over_differs", file=name)
    return wanted


def _digest(path: Path) -> str:
    digest = running_sha256()
    for chunk in read_chunks(path, path.stat().st_size, MEGABYTE):
        digest.update(chunk)
    return digest.hexdigest()


def _seen(progress: Progress, total: int) -> Callable[[int], None]:
    done = 0

    def seen(count: int) -> None:
        nonlocal done
        done += count
        progress.step(done // MEGABYTE, -(-total // MEGABYTE))

    return seen
