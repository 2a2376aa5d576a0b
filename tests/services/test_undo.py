"""An import is whole or not at all, nothing of a record is lost on the way, and taking it back leaves what was there."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dpo_app import bootstrap
from dpo_app.core.errors import RuleError
from dpo_app.core.ids import BreachId, ImportId
from dpo_app.core.proof.audit import TrailState
from dpo_app.services.lines import PersonFilter
from dpo_app.services.persons.export_persons import export_rows
from dpo_app.services.persons.import_persons import accept_import, duplicate_rows, stage_import, undo_import
from dpo_app.services.ports.desk import Desk
from dpo_app.services.proof.export_audit import verify_trail
from dpo_app.store import vault
from tests.builders import PASSPHRASE, a_register, a_row
from tests.conftest import bring_in

BORN = {"Henkilötunnus": "010152-901X"}


def persons(desk: Desk, breach_id: BreachId) -> list[Any]:
    return sorted(export_rows(desk, breach_id, PersonFilter()))


def person(desk: Desk, breach_id: BreachId, text: str) -> Any:
    with desk.read() as queries:
        revision = queries.newest_revision(breach_id)
        return queries.person(queries.find_persons(breach_id, text)[0], revision.id)


def test_what_a_later_import_changed_is_taken_back_from_the_last_one(
    desk: Desk, breach_id: BreachId, tmp_path: Path
) -> None:
    bring_in(desk, breach_id, a_register(tmp_path / "1.csv", [a_row(1), a_row(2)]))
    for turn in (2, 3):
        bring_in(desk, breach_id, a_register(tmp_path / f"{turn}.csv", [a_row(1, Katuosoite=f"Tie {turn}")]))
    for early in (1, 2):
        with pytest.raises(RuleError, match="import_built_on") as caught:
            undo_import(desk, ImportId(early))
        assert caught.value.facts["later"] == "I3"
    assert person(desk, breach_id, "A1001").address.street == "Tie 3"
    for last, street in ((3, "Tie 2"), (2, "Mallipolku 4")):
        undo_import(desk, ImportId(last))
        assert person(desk, breach_id, "A1001").address.street == street
    assert undo_import(desk, ImportId(1)).persons == 2
    assert persons(desk, breach_id) == []


@pytest.mark.parametrize("seed", range(6))
def test_taking_back_leaves_exactly_the_persons_of_before(
    desk: Desk, breach_id: BreachId, tmp_path: Path, seed: int
) -> None:
    draw = random.Random(seed)
    seen = [persons(desk, breach_id)]
    for turn in range(1, 5):
        rows = [
            a_row(number, Katuosoite=f"Tie {draw.randint(1, 3)}", **{"Sähköposti": draw.choice(["", "uusi@example.com"])})
            for number in draw.sample(range(12), 6)
        ]  # fmt: skip
        bring_in(desk, breach_id, a_register(tmp_path / f"{turn}.csv", rows))
        seen.append(persons(desk, breach_id))
    for turn in range(4, 0, -1):
        assert persons(desk, breach_id) == seen[turn]
        undo_import(desk, ImportId(turn))
    assert persons(desk, breach_id) == seen[0] == []


def test_records_that_share_keys_pairwise_lose_nothing(desk: Desk, breach_id: BreachId, tmp_path: Path) -> None:
    gone = {"Sähköposti": "", "Katuosoite": ""}
    rows = [a_row(1, **gone), a_row(1, **BORN, **gone), a_row(1, Asiakasnumero="", **BORN)]
    staged = stage_import(desk, breach_id, a_register(tmp_path / "d.csv", rows))
    assert (staged.new, staged.duplicate) == (1, 2)
    told = {each.row: same_row for each, same_row, _person in duplicate_rows(desk, staged.import_id)}
    assert told == {3: 2, 4: 3}
    accept_import(desk, staged.import_id)
    found = person(desk, breach_id, "A1001")
    assert (found.email, found.address.street) == ("aino1@example.com", "Mallipolku 4")


def test_a_duplicate_of_the_register_says_of_whom(desk: Desk, breach_id: BreachId, tmp_path: Path) -> None:
    path = a_register(tmp_path / "1.csv", [a_row(1)])
    bring_in(desk, breach_id, path)
    ((_each, same_row, same_person),) = duplicate_rows(desk, stage_import(desk, breach_id, path).import_id)
    assert same_row is None and same_person is not None


def test_an_import_of_an_older_register_is_read_again(desk: Desk, breach_id: BreachId, tmp_path: Path) -> None:
    """What was staged before another import counted, or was taken back, was compared with another register."""
    first = stage_import(desk, breach_id, a_register(tmp_path / "1.csv", [a_row(1)]))
    second = stage_import(desk, breach_id, a_register(tmp_path / "2.csv", [a_row(1), a_row(2)]))
    accept_import(desk, first.import_id)
    with pytest.raises(RuleError, match="import_stale"):
        accept_import(desk, second.import_id)
    third = stage_import(desk, breach_id, a_register(tmp_path / "3.csv", [a_row(1, Katuosoite="Tie 9")]))
    undo_import(desk, first.import_id)
    with pytest.raises(RuleError, match="import_stale"):
        accept_import(desk, third.import_id)
    assert persons(desk, breach_id) == []
    again = stage_import(desk, breach_id, tmp_path / "2.csv")
    assert accept_import(desk, again.import_id).new == 2


KILLED = """
import os, sys
from pathlib import Path
from dpo_app import bootstrap
from dpo_app.core.ids import ImportId
from dpo_app.services.persons.import_persons import accept_import
from dpo_app.store import vault
from dpo_app.store.persons.staging import StagingStore
name = sys.argv[2]
real = getattr(StagingStore, name)
def dies(*a, **k):
    real(*a, **k)
    os._exit(9)
setattr(StagingStore, name, dies)
store = vault.open_store(Path(sys.argv[1]), vault.Secret(vault.SlotKind.PASSPHRASE, passphrase=sys.argv[3]))
accept_import(bootstrap.build(store, "Tester"), ImportId(2))
"""


@pytest.mark.parametrize("after", ["renew_codes", "accept_new", "accept_changed", "discard"])
def test_killed_while_accepting_nothing_is_half_done(
    desk: Desk, breach_id: BreachId, opened: vault.OpenStore, tmp_path: Path, after: str
) -> None:
    bring_in(desk, breach_id, a_register(tmp_path / "1.csv", [a_row(1)]))
    later = a_register(tmp_path / "2.csv", [a_row(1, Katuosoite="Tie 9"), a_row(2)])
    staged = stage_import(desk, breach_id, later)
    before = persons(desk, breach_id)
    opened.close()
    arguments = [sys.executable, "-c", KILLED, str(opened.folder), after, PASSPHRASE]
    assert subprocess.run(arguments, capture_output=True, check=False).returncode == 9
    store = vault.open_store(opened.folder, vault.Secret(vault.SlotKind.PASSPHRASE, passphrase=PASSPHRASE))
    try:
        again = bootstrap.build(store, "Tester")
        assert persons(again, breach_id) == before
        assert verify_trail(again).state is TrailState.INTACT
        accepted = accept_import(again, staged.import_id)
        assert (accepted.new, accepted.changed) == (1, 1)
        assert person(again, breach_id, "A1001").address.street == "Tie 9"
    finally:
        store.close()
