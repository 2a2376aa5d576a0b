"""A full disk in the middle of a run of letters, and the button pressed again: nothing is lost, nothing made twice."""

from __future__ import annotations

import errno
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dpo_app.core.errors import RuleError, StoreError
from dpo_app.core.ids import BatchId, BreachId
from dpo_app.documents.letters.pdf_stream import PdfStream
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.letters.make_letters import finish_batch, make_letters
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from tests.approving import approve_notice
from tests.builders import a_register, a_row
from tests.conftest import bring_in

COUNT, IN_BATCH = 7, 3


@pytest.fixture
def ready(desk: Desk, breach_id: BreachId, tmp_path: Path) -> BreachId:
    """Seven persons by letter, an approved notice."""
    rows = [a_row(n, **{"Sähköposti": "", "Kieli": "fi"}) for n in range(1, COUNT + 1)]
    bring_in(desk, breach_id, a_register(tmp_path / "r.csv", rows))
    make_plan(desk, breach_id)
    notice_id, _ = draft_notice(desk, breach_id)
    approve_notice(desk, notice_id, "Maija Mallikas")
    return breach_id


def batches(desk: Desk, breach_id: BreachId) -> list[Any]:
    with desk.read() as queries:
        return sorted(queries.batches(breach_id), key=lambda line: line.id)


def persons(desk: Desk, breach_id: BreachId) -> Counter[int]:
    """Return how many letters each person has."""
    with desk.read() as queries:
        return Counter(
            row.person_id for line in batches(desk, breach_id) for row in queries.batch_rows(BatchId(line.id))
        )


def fill_disk_at(document: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk be full when the first page of so manieth letter or test page has been written."""
    written, real = iter(range(1, 1000)), PdfStream.add_page

    def full(pdf: PdfStream, content: str, mark: str = "", tagged: bool = False) -> None:
        real(pdf, content, mark, tagged=tagged)
        if mark and next(written) >= document:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(PdfStream, "add_page", full)


# Each folder has three letters and the page to try window and printer with.
@pytest.mark.parametrize(("document", "whole"), [(1, 0), (6, 1), (9, 2)])
def test_a_full_disk_leaves_whole_batches_and_one_to_finish(
    desk: Desk, ready: BreachId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, document: int, whole: int
) -> None:
    out = tmp_path / "out"
    with monkeypatch.context() as faulty:
        fill_disk_at(document, faulty)
        with pytest.raises(StoreError, match="disk_full"):
            make_letters(desk, ready, out, batch_size=IN_BATCH)
    assert [line.state for line in batches(desk, ready)] == ["made"] * whole + ["making"]
    assert sorted(each.name for each in out.iterdir()) == [f"L{n}" for n in range(1, whole + 1)], "and nothing half"
    before = persons(desk, ready)
    with pytest.raises(RuleError, match="batch_unfinished"):
        make_letters(desk, ready, out, batch_size=IN_BATCH)
    assert persons(desk, ready) == before
    finish_batch(desk, BatchId(batches(desk, ready)[-1].id), out)
    make_letters(desk, ready, out, batch_size=IN_BATCH)
    assert {line.state for line in batches(desk, ready)} == {"made"}
    assert set(persons(desk, ready).values()) == {1} and len(persons(desk, ready)) == COUNT
    assert make_letters(desk, ready, out).letters == 0


class PressedAgain:
    """Progress during which the button is pressed a second time."""

    def __init__(self, desk: Desk, breach_id: BreachId, out: Path, at: int) -> None:
        self._desk, self._breach, self._out, self._left = desk, breach_id, out, at
        self.second: object = None

    def step(self, done: int, total: int | None = None) -> None:
        self._left -= 1
        if self._left == 0:
            try:
                self.second = make_letters(self._desk, self._breach, self._out, batch_size=IN_BATCH)
            except RuleError as error:
                self.second = error.code


@pytest.mark.parametrize("at", [1, 2, 4])
def test_a_second_press_makes_nothing_twice(desk: Desk, ready: BreachId, tmp_path: Path, at: int) -> None:
    pressed = PressedAgain(desk, ready, tmp_path / "second", at)
    try:
        first: object = make_letters(desk, ready, tmp_path / "first", batch_size=IN_BATCH, progress=pressed)
    except RuleError as error:
        first = error.code
    # Before the first run froze anything the second one has the letters; after that it is sent away.
    assert (first == "letters_taken") == (at == 1)
    assert at == 1 or pressed.second == "batch_unfinished"
    assert set(persons(desk, ready).values()) == {1} and len(persons(desk, ready)) == COUNT
    folders = [each.name for place in ("first", "second") for each in (tmp_path / place).glob("L*")]
    assert sorted(folders) == ["L1", "L2", "L3"]
    assert {line.state for line in batches(desk, ready)} == {"made"}
