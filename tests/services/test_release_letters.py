"""The wrong-person guard: faults put in on purpose between ledger and paper must stop the batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from dpo_app.core.errors import RuleError
from dpo_app.core.ids import BatchId, BreachId
from dpo_app.core.letters.letter import LetterRecord, LetterRow
from dpo_app.core.letters.read_back import ExpectedLetter, PageReading, ReadBackFault, compare, signs_sum
from dpo_app.documents.letters.compose import SetForm
from dpo_app.documents.letters.letter import LetterPress
from dpo_app.messages import explain
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.letters.make_letters import make_letters
from dpo_app.services.letters.settle_letters import reprint_letter
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.letters import PrintedPart
from tests.approving import approve_notice
from tests.builders import a_register, a_row
from tests.conftest import bring_in

COUNT = 6


@pytest.fixture
def ready(desk: Desk, breach_id: BreachId, tmp_path: Path) -> BreachId:
    """Six persons without e-mail, and an approved notice."""
    rows = [a_row(number, **{"Sähköposti": "", "Kieli": "fi"}) for number in range(1, COUNT + 1)]
    bring_in(desk, breach_id, a_register(tmp_path / "r.csv", rows))
    make_plan(desk, breach_id)
    notice_id, _ = draft_notice(desk, breach_id)
    approve_notice(desk, notice_id, "Maija Mallikas")
    return breach_id


def stopped(desk: Desk, breach_id: BreachId, out: Path) -> RuleError:
    """Make the letters, expect the guard to stop them, and check what it leaves behind."""
    with pytest.raises(RuleError) as caught:
        make_letters(desk, breach_id, out)
    assert caught.value.code == "letters_do_not_match"
    assert not [each for each in out.glob("L*") if "UNUSABLE" not in each.name], "nothing that looks like a batch"
    with desk.read() as queries:
        line = queries.batches(breach_id)[0]
        assert line.state == "unusable"
        found = queries.standings(breach_id, queries.newest_revision(breach_id).id)
        assert found.open == COUNT
        assert queries.trail.lines()[0].action == "letters_stopped"
    assert str(caught.value.facts["fault"]) not in str(explain(caught.value)), "in words"
    return caught.value


def test_a_letter_printed_again_is_read_back_too(
    desk: Desk, ready: BreachId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_letters(desk, ready, tmp_path / "out")
    with desk.read() as queries:
        digest = queries.letter_digest(BatchId(1), 1)
    whole = LetterPress.copy

    def stale(press: LetterPress, row: LetterRow, path: Path, reference: str) -> PrintedPart:
        """Write somebody else's address and say that it is this person's letter."""
        part = whole(press, row._replace(address=("Toinen Henkilö", *row.address[1:])), path, reference)
        return part._replace(records=(part.records[0]._replace(sha256=digest),))

    monkeypatch.setattr(LetterPress, "copy", stale)
    with pytest.raises(RuleError, match="reprint_differs"):
        reprint_letter(desk, BatchId(1), 1, "jam", tmp_path / "again")
    assert list((tmp_path / "again").iterdir()) == []
    monkeypatch.setattr(LetterPress, "copy", whole)
    assert reprint_letter(desk, BatchId(1), 1, "jam", tmp_path / "again")[0] == "L1-00001-reprint.pdf"


def test_letters_that_are_right_are_released(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    assert make_letters(desk, ready, tmp_path / "out").letters == COUNT
    assert make_letters(desk, ready, tmp_path / "out").letters == 0


def _shifted(rows: Iterable[LetterRow], what: str) -> list[LetterRow]:
    listed = list(rows)
    others = listed[1:] + listed[:1]
    return [row._replace(**{what: getattr(other, what)}) for row, other in zip(listed, others, strict=True)]


def test_a_column_shifted_by_one_row(
    desk: Desk, ready: BreachId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = LetterPress.write_part
    for column, fault in (
        ("address", ReadBackFault.ADDRESS), ("slots", ReadBackFault.CODE), ("token", ReadBackFault.CODE),
    ):  # fmt: skip

        def wrong(press: LetterPress, rows: Iterable[LetterRow], *others: Any, what: str = column) -> Any:
            return write(press, _shifted(rows, what), *others)

        monkeypatch.setattr(LetterPress, "write_part", wrong)
        found = stopped(desk, ready, tmp_path)
        assert (found.facts["fault"], found.facts["letter"]) == (fault, 1), column


def test_only_the_name_in_the_salutation_is_another_persons(
    desk: Desk, ready: BreachId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = LetterPress.write_part

    def wrong(press: LetterPress, rows: Iterable[LetterRow], *others: Any) -> Any:
        listed = list(rows)
        slots = [{**row.slots, **{s: v for s, v in listed[0].slots.items() if "name" in s.value}} for row in listed]
        return write(press, [row._replace(slots=own) for row, own in zip(listed, slots, strict=True)], *others)

    monkeypatch.setattr(LetterPress, "write_part", wrong)
    found = stopped(desk, ready, tmp_path)
    assert (found.facts["fault"], found.facts["letter"]) == (ReadBackFault.TEXT, 2)


def test_a_stale_cache_of_set_lines(
    desk: Desk, ready: BreachId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compose, kept = SetForm.compose, {}

    def stale(form: SetForm, slots: Any) -> Any:
        return kept.setdefault(id(form), compose(form, slots))

    monkeypatch.setattr(SetForm, "compose", stale)
    # The batch was measured with the same cache: only reading the paper tells.
    assert stopped(desk, ready, tmp_path).facts["fault"] in (ReadBackFault.CODE, ReadBackFault.TEXT)


def test_a_stale_data_matrix(desk: Desk, ready: BreachId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dpo_app.documents.letters import letter

    draw, kept = letter.mask_stream, {}
    monkeypatch.setattr(letter, "mask_stream", lambda token, *at: kept.setdefault("first", draw(token, *at)))
    found = stopped(desk, ready, tmp_path)
    assert (found.facts["fault"], found.facts["letter"]) == (ReadBackFault.MATRIX, 2)


def _spoil(monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], None]) -> None:
    """Let something happen to each file after it was written and before it is read back."""
    write_part = LetterPress.write_part

    def wrong(press: LetterPress, rows: Iterable[LetterRow], path: Path, reference: str) -> list[LetterRecord]:
        made = write_part(press, rows, path, reference)
        spoil(path)
        return made

    monkeypatch.setattr(LetterPress, "write_part", wrong)


def _swap(path: Path) -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        third, fourth = pdf.pages[2], pdf.pages[3]
        third.Contents, fourth.Contents = fourth.Contents, third.Contents
        pdf.save(path)


def _drop(path: Path) -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        del pdf.pages[-1]
        pdf.save(path)


def _add(path: Path) -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages.append(pdf.pages[0])
        pdf.save(path)


def _cut(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 9 // 10])


def _half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:3_000])


def _blank(path: Path) -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[4].Contents = pdf.make_stream(b"")
        pdf.save(path)


def test_pages_swapped_lost_added_and_files_cut(
    desk: Desk, ready: BreachId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for spoil in (_swap, _drop, _add, _cut, _half, _blank):
        with monkeypatch.context() as faulty:
            _spoil(faulty, spoil)
            stopped(desk, ready, tmp_path)


def test_after_a_stop_the_letters_are_made_again(
    desk: Desk, ready: BreachId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as faulty:
        _spoil(faulty, _swap)
        stopped(desk, ready, tmp_path)
    made = make_letters(desk, ready, tmp_path)
    assert made.letters == COUNT
    assert {each.name for each in tmp_path.glob("L*")} == {"L1-UNUSABLE", "L2"}
    with desk.read() as queries:
        first = list(queries.batch_rows(BatchId(1)))
        second = list(queries.batch_rows(BatchId(2)))
    assert {row.attempt for row in second} == {2}
    assert not {row.token for row in first} & {row.token for row in second}


def _page(page: int, token: str, first: bool = True) -> PageReading:
    return PageReading(page, (("Aino",),), frozenset({token}), token if first else "", signs_sum("text"))


def _pair(number: int, token: str, first_page: int, pages: int = 1) -> tuple[ExpectedLetter, LetterRecord]:
    expected = ExpectedLetter(number, token, ("Aino",), signs_sum(*["text"] * pages))
    return expected, LetterRecord(number, token, "f", first_page, pages, pages, "")


def test_a_letter_of_two_pages_and_an_empty_back() -> None:
    pages = [_page(1, "A"), _page(2, "A", False), _page(3, "B"), PageReading(4, ((),), frozenset(), "", 0)]
    letters = [_pair(1, "A", 1, 2), _pair(2, "B", 3)]
    assert compare("f", pages, letters, duplex=True) is None
    back = [*pages[:3], _page(4, "B", False)]
    assert compare("f", back, letters, duplex=True) == (2, "f", 4, ReadBackFault.PAGES)
    second = [pages[0], _page(2, "B", False), *pages[2:]]
    assert compare("f", second, letters, duplex=True) == (1, "f", 2, ReadBackFault.CODE)


def test_signs_are_added_up_whatever_their_order_form_and_hyphens() -> None:
    assert (
        signs_sum("Aino ", "Äijälä") == signs_sum("A\u0308ija\u0308la\u0308Aino") == signs_sum("Äijä\u00ad-lä", "Aino")
    )
    assert signs_sum("ad") != signs_sum("bc"), "not by their numbers"
    assert signs_sum("Aino") != signs_sum("aino")
