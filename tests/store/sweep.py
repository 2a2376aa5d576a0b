"""Runs one operation again and again with a fault at another call each time, and looks at what is left.

`python -m tests.store.sweep OPERATION MODE,MODE POINTS FOLDER` prints one JSON object: calls of the whole operation, points
tried, and what was wrong after which point. A process of its own, because it bends the disk under everything in it.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from dpo_app import bootstrap
from dpo_app.core.digests import sha256
from dpo_app.core.errors import DpoError
from dpo_app.core.ids import BreachId
from dpo_app.core.organisation import Organisation
from dpo_app.core.proof.audit import TrailState
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.services.persons.import_persons import accept_import, stage_import
from dpo_app.services.proof.export_audit import verify_trail
from dpo_app.store import vault
from dpo_app.store.engine import connect
from dpo_app.store.keys import crypto, keyring_slot, quick_unlock
from dpo_app.store.keys.crypto import KdfCost
from dpo_app.store.keys.keyfile import SlotKind
from dpo_app.store.vault import OpenStore, Secret
from tests.builders import PASSPHRASE, a_revision, an_organisation
from tests.store.faults import KILLED, Faults, Mode
from tests.store.test_keyring_slot import FakeComputer
from tests.store.test_migrations import COPY, HEAD, make_newer

NEW = "another passphrase, long enough"
REGISTER = "Customer number;Family name;Given names;E-mail;Language\n" + "".join(
    f"{n};Virtanen;Aino;aino{n}@example.com;fi\n" for n in range(1, 21)
)
#: Faults whose sentence says that the change is saved all the same.
SAVED = ("anchor_not_written", "keys_unconfirmed")
FAULTS = ("disk_full", "cannot_write", "store_io", "writing_stopped", "cannot_read", *SAVED)


class Found(NamedTuple):
    """What is there after a fault: how the operation shows (None: not to be told), and by which ways it opens."""

    done: bool | None
    wrong: list[str]


class Operation(NamedTuple):
    """`prepare` makes the store once, `run` is what meets the fault, `done` tells by an open store whether it shows."""

    prepare: Callable[[Path], None]
    run: Callable[[Path], None]
    done: Callable[[OpenStore], bool]


def _made(folder: Path) -> OpenStore:
    store, lines = vault.create(folder, "Oy", PASSPHRASE)
    vault.confirm_recovery(store, {0: lines[0], 1: lines[1]})
    save_organisation(bootstrap.build(store, "Tester"), an_organisation())
    return store


def _closed(folder: Path) -> None:
    _made(folder).close()


def _nothing(folder: Path) -> None:
    pass


def _opened(folder: Path, passphrase: str = PASSPHRASE) -> OpenStore:
    return vault.open_store(folder, Secret(SlotKind.PASSPHRASE, passphrase=passphrase))


def _create(folder: Path) -> None:
    vault.create(folder, "Oy", PASSPHRASE)[0].close()


def _unlock(folder: Path) -> None:
    store, desk = bootstrap.open_desk(folder, "Tester", passphrase=PASSPHRASE)
    bootstrap.close_desk(store, desk)


def _passphrase(folder: Path) -> None:
    vault.change_passphrase(_opened(folder), PASSPHRASE, NEW)


def _sheet(folder: Path) -> None:
    vault.renew_recovery(_opened(folder))


def _quick(folder: Path) -> None:
    quick_unlock.add_quick_unlock(_opened(folder), FakeComputer())


def _change(folder: Path) -> None:
    save_organisation(bootstrap.build(_opened(folder), "Tester"), replace(an_organisation(), phone="123"))


def _older(folder: Path) -> None:
    _closed(folder)
    make_newer(folder.parent, "CREATE INDEX ix_extra ON extra (id)")


def _brought_up_to_date(store: OpenStore) -> bool:
    """The copy, if there is one, is the store as it was, whole and encrypted."""
    copy = store.folder / COPY
    raw = connect(copy, store.subkeys.store, read_only=True)
    assert raw.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert raw.execute("SELECT version_num FROM alembic_version").fetchone()[0] == HEAD
    raw.close()
    return _count(store, "extra") == 0


def _with_import(folder: Path) -> None:
    store = _made(folder)
    desk = bootstrap.build(store, "Tester")
    breach_id = add_breach(desk, a_revision()).breach_id
    register = folder.with_suffix(".csv")
    register.write_text(REGISTER, "utf-8")
    stage_import(desk, breach_id, register)
    store.close()


def _import(folder: Path) -> None:
    desk = bootstrap.build(_opened(folder), "Tester")
    accept_import(desk, 1)


def _persons(store: OpenStore) -> bool:
    with bootstrap.build(store, "Tester").read() as queries:
        count = queries.standings(BreachId(1), queries.newest_revision(BreachId(1)).id)
        accepted = any(line.action == "import_accepted" for line in queries.trail.lines(limit=50))
    persons = _count(store, "person")
    assert persons in (0, 20) and _count(store, "person_key") == persons and (persons == 20) is accepted, count
    return accepted


def _count(store: OpenStore, table: str) -> int:
    with store.engine.connect() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0)


def _phone(store: OpenStore) -> bool:
    with bootstrap.build(store, "Tester").read() as queries:
        return Organisation.from_document(queries.setting("organisation") or {}).phone == "123"


OPERATIONS: dict[str, Operation] = {
    "create": Operation(_nothing, _create, lambda _store: True),
    "unlock": Operation(_closed, _unlock, lambda _store: True),
    "passphrase": Operation(_closed, _passphrase, lambda store: _opens(store, NEW)),
    "recovery sheet": Operation(_closed, _sheet, lambda store: not store.keys.of_kind(SlotKind.RECOVERY)[0].used),
    "quick unlock": Operation(_closed, _quick, lambda store: bool(store.keys.of_kind(SlotKind.KEYRING))),
    "change": Operation(_closed, _change, _phone),
    "migration": Operation(_older, lambda folder: _opened(folder).close(), _brought_up_to_date),
    "import": Operation(_with_import, _import, _persons),
}


def _opens(store: OpenStore, passphrase: str) -> bool:
    try:
        vault._unlock(store.keys, Secret(SlotKind.PASSPHRASE, passphrase=passphrase))
    except DpoError:
        return False
    return True


def _look(folder: Path, operation: Operation) -> Found:
    """Open what is left with the old or the new passphrase, and compare it with itself."""
    if not folder.exists():
        # A store that never appeared can be made now; what the first try left is no obstacle.
        operation.run(folder)
        return Found(False, [])
    ways, wrong = [], []
    for passphrase in (PASSPHRASE, NEW):
        try:
            _opened(folder, passphrase).close()
            ways.append(passphrase)
        except DpoError as error:
            if error.code != "wrong_passphrase":
                wrong.append(f"open: {error.code}")
    if len(ways) != 1:
        return Found(None, [*wrong, f"{len(ways)} passphrases open it"])
    store = _opened(folder, ways[0])
    try:
        report = verify_trail(bootstrap.build(store, "Tester"))
        if store.read_only or report.state is not TrailState.INTACT:
            wrong.append(f"{store.finding} {report.state}")
        done = operation.done(store)
        if not store.read_only:
            save_organisation(bootstrap.build(store, "Tester"), an_organisation())
    except AssertionError as error:
        return Found(None, [*wrong, f"half: {error}"])
    finally:
        store.close()
    wrong += [f"left: {path.name}" for path in folder.iterdir() if path.name.endswith((".part", "-wal", "-shm"))
              and not path.name.startswith(".")]  # fmt: skip
    return Found(done, wrong)


def _try(faults: Faults, operation: Operation, folder: Path, mode: Mode, at: int) -> str:
    """Run once in a fork; return "killed", "ok", or the code of the error."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        faults.arm(mode, at)
        try:
            operation.run(folder)
            said = f"ok {faults.disarm()}"
        except DpoError as error:
            faults.disarm()
            said = error.code
        except BaseException as error:
            faults.disarm()
            place = [each for each in traceback.extract_tb(error.__traceback__) if "dpo_app" in each.filename][-1]
            said = f"traceback {type(error).__name__} {Path(place.filename).name}:{place.lineno}"
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    with open(read, "rb") as stream:
        said = stream.read().decode()
    _, status = os.waitpid(child, 0)
    return "killed" if os.waitstatus_to_exitcode(status) == KILLED else said


def sweep(name: str, modes: list[Mode], points: int, base: Path) -> dict[str, Any]:
    """Try `points` calls spread over the operation (0: every call), each in every mode."""
    crypto.calibrated_cost = lambda: KdfCost(3, 64 * 1024, 4)
    crypto.stretch = lambda secret, salt, cost: sha256(salt + secret)  # the cost is not what is tested here
    keyring_slot.ask_child = FakeComputer()
    faults, operation = Faults(), OPERATIONS[name]
    pristine = base / "store.dpo"
    operation.prepare(pristine)
    whole = _fresh(pristine, base / "whole.dpo")
    said = _try(faults, operation, whole, Mode.NONE, 0)
    assert said.startswith("ok"), said
    calls = int(said.split()[1])
    spread = sorted({1 + (n * (calls - 1)) // (points - 1) for n in range(points)}) if points else range(1, calls + 1)
    wrong: list[str] = []
    for at in spread:
        for mode in modes:
            folder = _fresh(pristine, base / f"{at}.dpo")
            said = _try(faults, operation, folder, mode, at)
            wrong += [f"{mode}, call {at}: {each}" for each in _judge(said, folder, operation, name)]
            shutil.rmtree(folder, ignore_errors=True)
    return {"calls": calls, "points": len(spread), "wrong": wrong}


def _fresh(pristine: Path, folder: Path) -> Path:
    if pristine.exists():
        shutil.copytree(pristine, folder)
    return folder


def _judge(said: str, folder: Path, operation: Operation, name: str) -> list[str]:
    appeared = folder.exists()
    try:
        found = _look(folder, operation)
    except DpoError as error:
        return [f"{said}: afterwards {error.code}"]
    wrong = list(found.wrong)
    if said != "killed" and not said.startswith("ok") and said not in FAULTS:
        wrong.append(said)
    if said.startswith("ok") and not (found.done and appeared):
        wrong.append("said to be done and is not")
    told_undone = said in FAULTS and said not in SAVED
    if told_undone and found.done and name not in ("create", "unlock", "migration"):
        wrong.append(f"{said}, and yet done")
    return [f"{said}: {each}" for each in wrong]


if __name__ == "__main__":
    wanted = [Mode(each) for each in sys.argv[2].split(",")]
    sys.stdout.write(json.dumps(sweep(sys.argv[1], wanted, int(sys.argv[3]), Path(sys.argv[4]))))
