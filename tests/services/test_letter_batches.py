"""Before and after a batch is made: figures, postage, proofs, printed, printed again; and the public notice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest

from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BatchId, BreachId, PersonId, parse_ref
from dpo_app.core.letters.letter import HOME, MOST_IN_BATCH, WORLD, Proof
from dpo_app.core.letters.postage import Price, PriceList, parse_prices
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.letters.make_letters import confirm_posted, make_letters, withdraw_batch
from dpo_app.services.letters.plan_letters import plan_letters, prices_of, proof_pdf, save_prices, write_proofs
from dpo_app.services.letters.settle_letters import confirm_printed, reprint_letter
from dpo_app.services.notices.public_notice import export_public, public_notice, record_published
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from tests.approving import approve_notice
from tests.builders import a_register, a_row
from tests.conftest import bring_in

NOBODY = "XXXX-XXXX-XX"


@pytest.fixture
def ready(desk: Desk, breach_id: BreachId, tmp_path: Path) -> BreachId:
    """Five persons by letter, one of them abroad, one with a very long name; one without any address; a notice."""
    rows = [a_row(n, **{"Sähköposti": "", "Kieli": "fi"}) for n in range(1, 5)]
    rows.append(
        a_row(5, **{"Sähköposti": "", "Kieli": "fi", "Sukunimi": "Äijäläinen-Ylä-Kauppila", "Etunimi": "Maximiliane"})
    )
    rows.append(a_row(6, **{"Sähköposti": "", "Kieli": "fi", "Katuosoite": ""}))
    bring_in(desk, breach_id, a_register(tmp_path / "r.csv", rows))
    make_plan(desk, breach_id)
    notice_id, _ = draft_notice(desk, breach_id)
    approve_notice(desk, notice_id, "Maija Mallikas")
    return breach_id


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def test_prices_by_zone_and_weight() -> None:
    prices = parse_prices(["home 50 2,75", "home 100 4.10", "", "WORLD;50;3.50"])
    assert prices.cents(HOME.order, 12.0) == 275
    assert prices.cents(HOME.order, 50.1) == 410
    assert prices.cents(HOME.order, 101) is None and prices.cents(WORLD.order, 20) == 350
    for wrong in (["home 50"], ["moon 50 1"], ["home x 1"], ["home 50 0"], ["home 50 1", "home 50 2"]):
        with pytest.raises(InputError, match="bad_price"):
            parse_prices(wrong)


def test_a_batch_is_cut_at_its_size(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    for size in (0, MOST_IN_BATCH + 1):
        with pytest.raises(InputError, match="batch_size"):
            make_letters(desk, ready, tmp_path / "none", batch_size=size)
    assert not (tmp_path / "none").exists()
    made = make_letters(desk, ready, tmp_path / "out", batch_size=2)
    assert made.letters == 5 and max(batch.letters for batch in made.batches) == 2


def test_figures_before_anything_is_made(desk: Desk, ready: BreachId) -> None:
    assert plan_letters(desk, ready).cents is None, "no price list, no guess"
    save_prices(desk, PriceList("EUR", (Price("home", 50, 275),)))
    plan = plan_letters(desk, ready)
    with desk.read() as queries:
        assert prices_of(queries).prices == (Price("home", 50, 275),)
        assert queries.batches(ready) == []
    assert (plan.letters, plan.cents, plan.currency) == (5, 5 * 275, "EUR")
    assert plan.grams == round(sum(each.sheets for each in plan.planned) * 4.99 + 5 * 7.0)
    assert sum(each.languages["fi"] for each in plan.planned) == 5
    both = plan_letters(desk, ready, duplex=True)
    assert both.sheets <= plan.sheets


def test_proofs_show_the_extremes_and_bear_nobodys_code(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    plan, names = write_proofs(desk, ready, tmp_path / "proofs")
    kinds = [why for why, *_ in plan.proofs]
    assert kinds[:4] == [Proof.FIRST, Proof.LAST, Proof.LONGEST, Proof.SHORTEST]
    assert len(names) == len(plan.proofs) and all("Sukunen" not in name for name in names)
    longest = next(name for name in names if "longest" in name)
    text = text_of((tmp_path / "proofs" / longest).read_bytes())
    assert "Äijäläinen-Ylä-Kauppila" in text and NOBODY in text
    with pytest.raises(InputError, match="no_such_person"):
        proof_pdf(desk, ready, PersonId(9_999))


def test_printed_by_count_posted_after_and_printed_again(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    made = make_letters(desk, ready, tmp_path / "out").batches[0]
    batch = BatchId(parse_ref(made.reference, "L") or 0)
    with pytest.raises(InputError, match="sheets_differ"):
        confirm_printed(desk, batch, made.sheets + 1)
    name, _ = reprint_letter(desk, batch, 2, "jam in the printer", tmp_path / "again")
    first = text_of((tmp_path / "out" / made.reference / f"{made.reference}-letters.pdf").read_bytes())
    again = text_of((tmp_path / "again" / name).read_bytes())
    with desk.read() as queries:
        second = list(queries.batch_rows(batch))[1]
    assert second.full_name in again and again.split("\n")[0] in first
    for number, reason, code in ((2, "", "reason_needed"), (99, "jam", "no_such_letter")):
        with pytest.raises(InputError, match=code):
            reprint_letter(desk, batch, number, reason, tmp_path / "x")
    confirm_printed(desk, batch, made.sheets)
    with desk.read() as queries:
        assert queries.batch(batch).state == "printed"
        assert queries.standings(ready, queries.newest_revision(ready).id).on_the_way == made.letters
    confirm_posted(desk, batch, desk.clock.now().date())
    for late in (
        lambda: confirm_printed(desk, batch, made.sheets), lambda: withdraw_batch(desk, batch, "late"),
        lambda: reprint_letter(desk, batch, 1, "jam", tmp_path / "y"),
    ):  # fmt: skip
        with pytest.raises(RuleError, match="batch_state"):
            late()


def test_a_letter_whose_person_changed_is_not_printed_again(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    from dpo_app.core.persons.address import PostalAddress

    make_letters(desk, ready, tmp_path / "out")
    with desk.read() as queries:
        first = next(iter(queries.batch_rows(BatchId(1))))
    with desk.begin() as uow:
        uow.persons.set_address(PersonId(first.person_id), PostalAddress("", "Toinen 1", "33100", "Tampere", "FI"))
        uow.audit.record(_any_action(), facts={"name": "x"})
        uow.commit()
    with pytest.raises(RuleError, match="reprint_differs"):
        reprint_letter(desk, BatchId(1), 1, "jam", tmp_path / "again")
    assert list((tmp_path / "again").iterdir()) == []


def _any_action() -> object:
    from dpo_app.core.proof.audit import AuditAction

    return AuditAction.SETTINGS_CHANGED


def test_the_public_notice_says_nothing_of_one_person(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    found = public_notice(desk, ready)
    assert found.persons == 1
    for each in found.bulletins:
        assert "((" not in each.text and len(each.text) > 500
        assert each.html.count("<h1>") == 1, "one title"
        assert f'<html lang="{each.language}">' in each.html and "<h1>" in each.html
    folder, names = export_public(desk, ready, tmp_path)
    assert len(names) == 3 * len(found.bulletins)
    english = next(each for each in found.bulletins if each.language == "fi")
    pdf = "".join(text_of((tmp_path / folder / "notice-fi.pdf").read_bytes()).split())
    for block in english.blocks[:4]:
        assert "".join("".join(run.text for run in block.runs).split()) in pdf
    with pytest.raises(InputError, match="file_exists"):
        export_public(desk, ready, tmp_path)


def test_those_reached_in_public_only_count_when_it_is_proved(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    proof = tmp_path / "page.png"
    proof.write_bytes(b"\x89PNG picture of the page")
    today = desk.clock.now().date()
    for on, place, shown, code in (
        (today, " ", proof, "field_missing"), (today, "www.example.com", None, "proof_needed"),
        (today + timedelta(days=1), "www.example.com", proof, "in_future"),
        (today - timedelta(days=9), "www.example.com", proof, "before_approved"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=code):
            record_published(desk, ready, on, place, shown)
    with desk.read() as queries:
        before = queries.standings(ready, queries.newest_revision(ready).id)
    done = record_published(desk, ready, today, "www.example.com", proof)
    assert done.persons == 1
    with desk.read() as queries:
        after = queries.standings(ready, queries.newest_revision(ready).id)
        assert queries.trail.lines()[0].action == "public_published"
        assert any(each.sha256 for each in queries.evidence(ready))
    assert (after.told, after.open) == (before.told + 1, before.open - 1)
    assert after.in_scope == after.told + after.on_the_way + after.open + after.unknown + after.excused
    with pytest.raises(RuleError, match="nobody_to_write_to"):
        (tmp_path / "again.png").write_bytes(b"other")
        record_published(desk, ready, today, "www.example.com", tmp_path / "again.png")
