"""Persons who are twice in a file or in the register: found, merged, taken apart, with nothing lost on the way."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dpo_app.core.delivery import DeliveryState, ReturnReason
from dpo_app.core.errors import DpoError, InputError, JobCancelled, RuleError, StoreError
from dpo_app.core.ids import BreachId, ImportId, PersonId
from dpo_app.core.persons.linkage.verdict import Verdict
from dpo_app.core.proof.audit import AuditAction, TrailState
from dpo_app.services.desk.manage_store import note
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.letters.make_letters import confirm_posted, make_letters
from dpo_app.services.letters.record_returned import record_returned
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.persons import merge_persons as merging
from dpo_app.services.persons.correct_persons import correct_persons
from dpo_app.services.persons.import_persons import accept_import, stage_import, undo_import
from dpo_app.services.persons.link_import import decide_pair, different_rest, link_import, reopen_last
from dpo_app.services.persons.merge_persons import (
    count_records,
    keep_apart,
    link_register,
    merge_persons,
    merge_sure,
    reopen_last_pair,
    unmerge,
)
from dpo_app.services.persons.merge_values import merged_changes
from dpo_app.services.persons.review_pairs import review_pairs
from dpo_app.services.ports.desk import Desk
from dpo_app.services.proof.export_audit import verify_trail
from dpo_app.store.persons.link_store import SqlLinkStore
from tests.approving import approve_notice
from tests.builders import a_row
from tests.conftest import bring_in

ONE = {
    "Sukunimi": "Virtanen",
    "Etunimi": "Aino Maria",
    "Henkilötunnus": "010152-901X",
    "Sähköposti": "aino@example.com",
}
AGAIN = ONE | {"Asiakasnumero": "B7", "Sukunimi": "Virtamen", "Henkilötunnus": "", "Katuosoite": "Mallipolku 4 A 3"}
TWIN = ONE | {"Asiakasnumero": "B8", "Etunimi": "Eeva", "Henkilötunnus": "", "Sähköposti": "", "Ensikäynti": "1.1.2019"}
BORN = ("Syntymäaika",)


def rows_of(*changes: dict[str, str]) -> list[list[str]]:
    return [a_row(n, **each) for n, each in enumerate(changes, 1)]


def with_birth(path: Path, *changes: dict[str, str]) -> Path:
    """Write a register that also has birth dates: linkage needs something of the person's own."""
    from tests.builders import HEADINGS, a_csv

    rows = [[*a_row(n, **{k: v for k, v in each.items() if k != "born"}), each.get("born", "1.1.1952")]
            for n, each in enumerate(changes, 1)]  # fmt: skip
    path.write_text(a_csv(rows, headings=(*HEADINGS, "Syntymäaika")), "utf-8")
    return path


def persons(desk: Desk) -> dict[int, dict[str, Any]]:
    with desk.read() as queries:
        revision = queries.newest_revision(BreachId(1))
        from dpo_app.services.lines import PersonFilter

        ids = queries.person_ids(BreachId(1), revision.id, PersonFilter())
        return queries.links.values(ids)


def standings(desk: Desk) -> Any:
    with desk.read() as queries:
        return queries.standings(BreachId(1), queries.newest_revision(BreachId(1)).id)


@pytest.fixture
def staged(desk: Desk, breach_id: BreachId, tmp_path: Path) -> ImportId:
    """A file with one person twice, their twin, and a stranger."""
    path = with_birth(tmp_path / "r.csv", ONE, AGAIN, TWIN, {"born": "2.2.1990"})
    return stage_import(desk, breach_id, path).import_id


def test_surely_the_same_is_proposed_and_the_twin_waits(desk: Desk, breach_id: BreachId, staged: ImportId) -> None:
    found = link_import(desk, staged)
    assert (found.staged.rows, found.staged.new, found.staged.duplicate) == (4, 3, 1)
    assert (found.sure, found.perhaps) == (1, 1)
    again = link_import(desk, staged)
    assert again.staged == found.staged and (again.sure, again.perhaps) == (1, 1)
    accept_import(desk, staged)
    kept = next(each for each in persons(desk).values() if each["national_id"])
    assert (kept["family_name"], kept["street"]) == ("Virtanen", "Mallipolku 4")


@pytest.mark.parametrize("verdict", [v for v in Verdict if v is not Verdict.OPEN])
def test_a_verdict_can_be_taken_back(desk: Desk, breach_id: BreachId, staged: ImportId, verdict: Verdict) -> None:
    before = link_import(desk, staged).staged
    with desk.read() as queries:
        (pair,) = queries.links.pairs(breach_id, staged, sure=False)
    decided = decide_pair(desk, pair.id, verdict)
    assert decided.new == before.new - (verdict is not Verdict.DIFFERENT)
    with pytest.raises(RuleError, match="pair_decided"):
        decide_pair(desk, pair.id, verdict)
    assert reopen_last(desk, staged) == before
    decide_pair(desk, pair.id, verdict)
    accept_import(desk, staged)
    twin = [each for each in persons(desk).values() if each["family_name"] == "Virtanen"]
    assert len(twin) == (2 if verdict is Verdict.DIFFERENT else 1)
    if verdict is Verdict.KEEP_RIGHT:
        assert twin[0]["given_names"] == "Eeva"
    if verdict is not Verdict.DIFFERENT:
        assert twin[0]["registered"] == "2012-09-23", "the time in the register is that of both"


def test_what_was_proposed_can_be_taken_apart_but_not_under_a_later_one(
    desk: Desk, breach_id: BreachId, staged: ImportId
) -> None:
    before = link_import(desk, staged)
    with desk.read() as queries:
        (perhaps,) = queries.links.pairs(breach_id, staged, sure=False)
        (sure,) = queries.links.pairs(breach_id, staged, sure=True, verdicts=(Verdict.MERGED,))
    decide_pair(desk, perhaps.id, Verdict.MERGED)
    with pytest.raises(RuleError, match="pair_built_on"):
        reopen_last(desk, staged, sure.id)
    reopen_last(desk, staged)
    assert reopen_last(desk, staged, sure.id).new == before.staged.new + 1
    decide_pair(desk, sure.id, Verdict.DIFFERENT)
    different_rest(desk, staged)
    assert accept_import(desk, staged).new == 4
    assert link_register(desk, breach_id).sure == 0, "who was different people in the file stays so in the register"
    with desk.begin() as uow:
        assert len(uow.links.apart(breach_id)) == 2
        assert not uow.links.pairs(breach_id, staged, verdicts=tuple(Verdict)), "and what the rows were is forgotten"


def test_pairs_that_became_one_by_other_verdicts_do_not_hide_the_rest(
    desk: Desk, breach_id: BreachId, tmp_path: Path
) -> None:
    """Six siblings of one birth date are fifteen pairs; each merge settles several of them."""
    rows = [ONE | {"Asiakasnumero": f"C{n}", "Henkilötunnus": "", "Etunimi": name, "Sähköposti": ""}
            for n, name in enumerate(("Eeva", "Kaarlo", "Mirjami", "Taavetti", "Pirkko", "Unto"))]  # fmt: skip
    bring_in(desk, breach_id, with_birth(tmp_path / "r.csv", *rows))
    make_plan(desk, breach_id)
    assert link_register(desk, breach_id).perhaps == 15
    first, *others, last = sorted(persons(desk))
    for other in others:
        merge_persons(desk, PersonId(first), PersonId(other), "x", plan=False)
    (view,) = review_pairs(desk, breach_id, None, 1).views
    assert {view.left.person, view.right.person} == {first, last}, "ten pairs among five are settled"
    merge_persons(desk, PersonId(first), PersonId(last), "x", pair_id=view.pair.id)
    assert review_pairs(desk, breach_id, None, 1).views == ()


def test_what_is_kept_of_persons_can_be_forgotten(desk: Desk, breach_id: BreachId, twice: list[PersonId]) -> None:
    first, second, third = twice
    link_register(desk, breach_id)
    correct_persons(desk, breach_id, {first: {"street": "Uusikatu 1"}})
    merge_persons(desk, first, second, "one person")
    with desk.begin() as uow:
        uow.links.forget([first])
        uow.corrections.forget([first])
        assert not uow.links.merges(breach_id) and not uow.links.pairs(breach_id, None)
        uow.audit.record(AuditAction.PAIR_REOPENED, facts={"import": 0})
        uow.commit()
    assert set(persons(desk)) == {first, third}


def test_a_row_that_is_a_person_of_the_register_changes_only_what_it_brings(
    desk: Desk, breach_id: BreachId, tmp_path: Path
) -> None:
    bring_in(desk, breach_id, with_birth(tmp_path / "1.csv", ONE))
    later = AGAIN | {"Turvakielto": "x", "Kieli": "sv"}
    staged = stage_import(desk, breach_id, with_birth(tmp_path / "2.csv", later, later | {"Asiakasnumero": "B9"}))
    assert staged.new == 1, "one birth date and name twice in the file are found by their key"
    found = link_import(desk, staged.import_id)
    assert (found.staged.new, found.staged.changed, found.staged.duplicate) == (0, 1, 1)
    before = persons(desk)
    accept_import(desk, staged.import_id)
    ((_number, kept),) = persons(desk).items()
    assert kept["protected"] and (kept["family_name"], kept["language"]) == ("Virtanen", "fi")
    undo_import(desk, staged.import_id)
    assert persons(desk) == before


def test_care_counts_from_either_and_addresses_are_not_mixed() -> None:
    empty = dict.fromkeys(("customer_number", "family_name", "given_names", "sort_key", "match_key", "national_id",
                           "born", "language", "email", "phone", "care_of", "street", "postcode", "town", "country",
                           "registered", "removed", "guardian"), "")  # fmt: skip
    empty |= {"large_print": False, "easy_language": False}
    kept = empty | {"deceased": False, "protected": False, "extra": {}, "street": "Tie 1", "town": "Kemi",
                    "registered": "2018", "removed": "2018-10-31", "sort_key": "\x1f"}  # fmt: skip
    gone = empty | {"deceased": False, "protected": True, "extra": {"x": "1"}, "care_of": "c/o Salo", "street": "Tie 2",
                    "postcode": "00100", "town": "Oulu", "registered": "2017-05", "email": "a@example.com"}  # fmt: skip
    assert merged_changes(kept, gone, Verdict.KEEP_LEFT) == {"protected": True, "registered": "2017-05", "removed": ""}
    merged = merged_changes(kept, gone, Verdict.MERGED)
    assert merged["email"] == "a@example.com" and not set(merged) & {"care_of", "street", "postcode", "town"}
    assert merged_changes(kept, gone, Verdict.KEEP_RIGHT)["care_of"] == "c/o Salo"


@pytest.fixture
def twice(desk: Desk, breach_id: BreachId, tmp_path: Path) -> list[PersonId]:
    """Two records of one person and a stranger, written to by letter."""
    gone = {"Sähköposti": ""}
    bring_in(desk, breach_id, with_birth(tmp_path / "r.csv", ONE | gone, AGAIN | gone, gone | {"born": "2.2.1990"}))
    make_plan(desk, breach_id)
    return [PersonId(number) for number in sorted(persons(desk))]


def letters(desk: Desk, breach_id: BreachId, folder: Path, limit: int | None = None) -> Any:
    with desk.read() as queries:
        approved = queries.approved_notice(breach_id)
    if approved is None:
        approve_notice(desk, draft_notice(desk, breach_id)[0], "Maija Mallikas")
    return make_letters(desk, breach_id, folder, limit=limit)


def test_the_register_is_searched_and_pairs_kept_apart_stay_so(
    desk: Desk, breach_id: BreachId, twice: list[PersonId]
) -> None:
    assert link_register(desk, breach_id).sure == 1
    with desk.read() as queries:
        (pair,) = queries.links.pairs(breach_id, None)
    keep_apart(desk, pair.id)
    assert link_register(desk, breach_id).sure == 0
    reopen_last_pair(desk, breach_id)
    link_register(desk, breach_id)
    merged, left, _changes = merge_sure(desk, breach_id, "one person")
    assert (merged, left) == (1, 0) and len(persons(desk)) == 2
    count = count_records(desk, breach_id)
    assert (count.records, count.persons, count.merged) == (3, 2, 1)
    assert count.records == count.persons + count.repeated + count.changed + count.merged + count.rejected


def test_a_merge_and_its_verdict_are_taken_back_together_or_not_at_all(
    desk: Desk, breach_id: BreachId, twice: list[PersonId], monkeypatch: pytest.MonkeyPatch
) -> None:
    link_register(desk, breach_id)
    assert merge_sure(desk, breach_id, "one person")[0] == 1 and len(persons(desk)) == 2

    def full(*_values: Any) -> None:
        raise StoreError("disk_full")

    with monkeypatch.context() as patch:
        patch.setattr(SqlLinkStore, "decide", full)
        with pytest.raises(StoreError):
            reopen_last_pair(desk, breach_id)
    assert len(persons(desk)) == 2
    reopen_last_pair(desk, breach_id)
    assert len(persons(desk)) == 3


def test_merging_and_unmerging_leave_everything_as_it_was(
    desk: Desk, breach_id: BreachId, twice: list[PersonId], tmp_path: Path
) -> None:
    first, second, _stranger = twice
    letters(desk, breach_id, tmp_path / "out")
    batch = _posted(desk, breach_id)
    before, told = persons(desk), standings(desk)
    deliveries = _deliveries(desk, *twice)
    with pytest.raises(InputError, match="reason_needed"):
        merge_persons(desk, first, second, " ")
    merged = merge_persons(desk, first, second, "one person, two customer numbers")
    assert len(persons(desk)) == 2 and standings(desk).told == told.told - 1
    codes = {each["code"] for each in before.values()}
    with desk.read() as queries:
        assert {queries.person_by_code(code) for code in codes} == {first, twice[2]}
        kept = queries.person_deliveries(first)
    assert [each.attempt for each in kept] == [2, 1] and {each.state for each in kept} == {"posted"}
    record_returned(desk, [kept[0].token], next(iter(ReturnReason)))
    assert standings(desk).told == told.told - 1, "the other letter arrived"
    with pytest.raises(RuleError, match=r"import_(merged|sent)"):
        undo_import(desk, ImportId(1))
    unmerge(desk, merged.merge_id)
    assert persons(desk) == before
    after = _deliveries(desk, *twice)
    assert [each[:2] for each in after] == [each[:2] for each in deliveries]
    assert sum(each[2] == "returned" for each in after) == 1 and standings(desk).told == told.told - 1
    with pytest.raises(RuleError, match="merge_undone"):
        unmerge(desk, merged.merge_id)
    assert verify_trail(desk).state is TrailState.INTACT and batch


def _posted(desk: Desk, breach_id: BreachId) -> int:
    with desk.read() as queries:
        (batch,) = queries.batches(breach_id)
    confirm_posted(desk, batch.id, date.today())
    return int(batch.id)


def _deliveries(desk: Desk, *numbers: PersonId) -> list[tuple[str, int, str]]:
    with desk.read() as queries:
        return sorted((d.token, d.attempt, d.state) for n in numbers for d in queries.person_deliveries(n))


def test_two_letters_on_the_way_cannot_become_one(
    desk: Desk, breach_id: BreachId, twice: list[PersonId], tmp_path: Path
) -> None:
    first, second, stranger = twice
    letters(desk, breach_id, tmp_path / "out")
    with pytest.raises(RuleError, match="merge_on_the_way") as caught:
        merge_persons(desk, first, second, "one person")
    from dpo_app.messages import explain

    assert explain(caught.value).do
    assert len(persons(desk)) == 3
    _posted(desk, breach_id)
    assert merge_persons(desk, first, second, "one person").kept_id == first
    assert {d[2] for d in _deliveries(desk, first)} == {DeliveryState.POSTED.value}
    with pytest.raises(RuleError, match="merge_same"):
        merge_persons(desk, first, first, "x")
    with pytest.raises(DpoError, match="no_such_person"):
        merge_persons(desk, second, stranger, "x")


def test_merges_are_taken_back_from_the_last_one_on(desk: Desk, breach_id: BreachId, twice: list[PersonId]) -> None:
    first, second, third = twice
    before = persons(desk)
    one = merge_persons(desk, second, third, "a")
    two = merge_persons(desk, first, second, "b")
    with desk.read() as queries:
        assert queries.person_by_code(before[third]["code"]) == first
    with pytest.raises(RuleError, match="merge_built_on") as caught:
        unmerge(desk, one.merge_id)
    assert caught.value.facts["later"] == f"M{two.merge_id}"
    unmerge(desk, two.merge_id)
    unmerge(desk, one.merge_id)
    assert persons(desk) == before


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 8))])
def test_merging_and_taking_back_in_any_order_add_up(
    desk: Desk, breach_id: BreachId, tmp_path: Path, seed: int
) -> None:
    """Whatever is merged, sent, decided and taken back: everybody in scope has one standing, no delivery is lost, and
    with every merge taken back the persons are those of before."""
    draw = random.Random(seed)
    rows = [ONE | {"Asiakasnumero": f"C{n}", "Henkilötunnus": "", "Etunimi": f"Aino{'abcdefgh'[n]}", "Sähköposti": "",
                   "Turvakielto": draw.choice(["", "", "x"])} for n in range(8)]  # fmt: skip
    bring_in(desk, breach_id, with_birth(tmp_path / "r.csv", *rows))
    make_plan(desk, breach_id)
    letters(desk, breach_id, tmp_path / "out", limit=3)
    _posted(desk, breach_id)
    before = persons(desk)
    sent = _deliveries(desk, *map(PersonId, before))
    merges: list[int] = []
    for _turn in range(14):
        if merges and draw.random() < 0.4:
            unmerge(desk, merges.pop())
        elif len(now := list(persons(desk))) > 1:
            kept, gone = draw.sample(now, 2)
            verdict = draw.choice([Verdict.MERGED, Verdict.KEEP_LEFT, Verdict.KEEP_RIGHT])
            merges.append(merge_persons(desk, PersonId(kept), PersonId(gone), "x", verdict=verdict).merge_id)
        everybody = persons(desk)
        standing = standings(desk)
        assert standing.in_scope == len(everybody) == standing.told + standing.open + standing.on_the_way
        assert len(_deliveries(desk, *map(PersonId, everybody))) == len(sent)
        assert count_records(desk, breach_id).merged == len(merges) == len(before) - len(everybody)
        protected = {each["code"] for each in before.values() if each["protected"]}
        with desk.read() as queries:
            assert all(everybody[queries.person_by_code(code)]["protected"] for code in protected)
    for merge_id in reversed(merges):
        unmerge(desk, merge_id)
    assert persons(desk) == before and _deliveries(desk, *map(PersonId, before)) == sent


def test_an_officers_decision_about_the_one_who_went_comes_back(
    desk: Desk, breach_id: BreachId, twice: list[PersonId]
) -> None:
    from dpo_app.services.desk.manage_store import decide

    first, second, _stranger = twice
    decide(desk, breach_id, [first], "exposure", "likely", "a")
    decide(desk, breach_id, [second], "exposure", "confirmed", "b")
    merged = merge_persons(desk, first, second, "one person")
    with desk.read() as queries:
        revision = queries.newest_revision(breach_id).id
        assert queries.person(first, revision).line.exposure == "likely"
    unmerge(desk, merged.merge_id)
    with desk.read() as queries:
        assert queries.person(second, revision).line.exposure == "confirmed"


NAMES = ("Virtanen", "Virtamen", "Korhonen", "Korhomen", "Lahtinen", "Lahtimen")


class _Meanwhile:
    """Progress during which somebody else does something, as often as told."""

    def __init__(self, deed: Any, times: int = 1_000) -> None:
        self._deed, self.left = deed, times

    def step(self, done: int, total: int | None = None) -> None:
        if self.left:
            self.left -= 1
            self._deed()


def test_others_write_while_the_register_is_searched_and_merged(
    desk: Desk, breach_id: BreachId, twice: list[PersonId]
) -> None:
    others = _Meanwhile(lambda: note(desk, AuditAction.LIST_EXPORTED, persons=1))
    found = link_register(desk, breach_id, others)
    assert (found.sure, others.left < 1_000) == (1, True)
    before = others.left
    assert merge_sure(desk, breach_id, "one person", others)[0] == 1 and others.left < before


def test_a_search_begins_anew_when_persons_were_changed_meanwhile(
    desk: Desk, breach_id: BreachId, twice: list[PersonId]
) -> None:
    first, _second, third = twice

    def merge() -> None:
        merge_persons(desk, first, third, "one person")

    assert link_register(desk, breach_id, _Meanwhile(merge, 1)).persons == 2

    def again() -> None:
        with desk.read() as queries:
            merges = queries.links.merges(breach_id)
        unmerge(desk, merges[0].id) if merges else merge()

    with pytest.raises(RuleError, match="register_moves"):
        link_register(desk, breach_id, _Meanwhile(again))


def test_a_pair_that_was_decided_meanwhile_is_passed_over(
    desk: Desk, breach_id: BreachId, twice: list[PersonId]
) -> None:
    link_register(desk, breach_id)
    with desk.read() as queries:
        (pair,) = queries.links.pairs(breach_id, None)
    assert merge_sure(desk, breach_id, "one", _Meanwhile(lambda: keep_apart(desk, pair.id), 1))[:2] == (0, 0)
    assert len(persons(desk)) == 3


def test_what_was_merged_before_a_cancel_has_its_place_in_the_plan(
    desk: Desk, breach_id: BreachId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    twins = [{**ONE, "Sukunimi": NAMES[n], "Henkilötunnus": "", "Asiakasnumero": f"C{n}",
              "Sähköposti": f"v{n // 2}@example.com", "Etunimi": ("Aino", "Pentti", "Ulla")[n // 2],
              "Katuosoite": f"Tie {n // 2 * 30}", "born": f"{n // 2 + 3}.4.{1950 + n // 2 * 7}"} for n in range(6)]  # fmt: skip
    bring_in(desk, breach_id, with_birth(tmp_path / "t.csv", *twins))
    make_plan(desk, breach_id)
    assert len(persons(desk)) == 6 and link_register(desk, breach_id).sure == 3
    monkeypatch.setattr(merging, "PART", 1)

    class Stops:
        def step(self, done: int, total: int | None = None) -> None:
            if done == 2:
                raise JobCancelled

    with pytest.raises(JobCancelled):
        merge_sure(desk, breach_id, "one person", Stops())
    assert len(persons(desk)) == 4 and standings(desk).in_scope == 4
    assert merge_sure(desk, breach_id, "one person")[0] == 1
