"""Letters that come back: next rung, taking back, piles of pictures, lists of the post, better addresses."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from dpo_app.core.delivery import FOLLOWS, RETURN_KEYS, ReturnFollows, ReturnReason
from dpo_app.core.errors import InputError
from dpo_app.core.ids import BatchId, BreachId, PersonId, grouped
from dpo_app.core.persons.address import PostalAddress
from dpo_app.core.persons.channel import Channel
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.letters.make_letters import confirm_posted, make_letters
from dpo_app.services.letters.record_returned import record_returned, take_back_returned
from dpo_app.services.letters.returned_pile import record_pile
from dpo_app.services.lines import MessageRow
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.persons.correct_address import correct_address
from dpo_app.services.ports.desk import Desk
from tests.approving import approve_notice
from tests.builders import a_register, a_row
from tests.conftest import bring_in

COUNT = 5


@pytest.fixture
def posted(desk: Desk, breach_id: BreachId, tmp_path: Path) -> list[MessageRow]:
    """Letters to five persons, posted today; returns them by number."""
    rows = [a_row(number, **{"Sähköposti": "", "Kieli": "fi"}) for number in range(1, COUNT + 1)]
    bring_in(desk, breach_id, a_register(tmp_path / "r.csv", rows))
    make_plan(desk, breach_id)
    notice_id, _ = draft_notice(desk, breach_id)
    approve_notice(desk, notice_id, "Maija Mallikas")
    make_letters(desk, breach_id, tmp_path / "out")
    confirm_posted(desk, BatchId(1), desk.clock.now().date())
    with desk.read() as queries:
        return list(queries.batch_rows(BatchId(1)))


def channels(desk: Desk, breach_id: BreachId) -> tuple[int, int]:
    """Return how many are on the letter rung and on the public one."""
    with desk.read() as queries:
        counts = queries.channel_counts(queries.newest_revision(breach_id).id)
        return counts[Channel.LETTER.value], counts[Channel.PUBLIC.value]


def told(desk: Desk, breach_id: BreachId) -> int:
    with desk.read() as queries:
        return queries.standings(breach_id, queries.newest_revision(breach_id).id).told


def test_every_reason_says_what_follows_and_nine_have_a_key() -> None:
    assert set(FOLLOWS) == set(ReturnReason)
    assert len(set(RETURN_KEYS)) == 9
    assert {FOLLOWS[ReturnReason.POSTAGE], FOLLOWS[ReturnReason.DAMAGED]} == {ReturnFollows.OURS}


def test_the_next_rung_waits_at_once_and_the_next_plan_agrees(
    desk: Desk, breach_id: BreachId, posted: list[MessageRow]
) -> None:
    found = record_returned(desk, [posted[0].token, grouped(posted[1].token)], ReturnReason.MOVED)
    assert found.returned == 2
    first = found.letters[0]
    assert (first.batch, first.number, first.follows) == ("L1", 1, ReturnFollows.ASK)
    assert channels(desk, breach_id) == (3, 2)
    make_plan(desk, breach_id)
    assert channels(desk, breach_id) == (3, 2)
    assert told(desk, breach_id) == 3
    with desk.read() as queries:
        assert queries.letters_back(breach_id) == {"": 5, "moved": 2}


def test_a_return_is_taken_back(desk: Desk, breach_id: BreachId, posted: list[MessageRow]) -> None:
    record_returned(desk, [posted[0].token], ReturnReason.UNKNOWN)
    back = take_back_returned(desk, [posted[0].token, posted[1].token, "K7Q2-M9X4-T3AB"])
    assert [each.problem for each in back.letters] == ["", "not_returned", "token_wrong"]
    assert told(desk, breach_id) == COUNT and channels(desk, breach_id) == (COUNT, 0)
    assert record_returned(desk, [posted[0].token], ReturnReason.UNKNOWN).returned == 1


def test_a_better_address_brings_a_second_letter_with_another_code(
    desk: Desk, breach_id: BreachId, posted: list[MessageRow], tmp_path: Path
) -> None:
    person = PersonId(posted[0].person_id)
    record_returned(desk, [posted[0].token], ReturnReason.INSUFFICIENT)
    assert make_letters(desk, breach_id, tmp_path / "none").letters == 0
    new = PostalAddress("", "Uusikatu 7", "33100", "Tampere", "FI")
    for address, reason, code in (
        (posted[0].address, "the person called", "address_unchanged"), (new, " ", "reason_needed"),
        (PostalAddress("", "Uusikatu 7", "331", "Tampere", "FI"), "the person called", "address_not_usable"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=code):
            correct_address(desk, breach_id, person, address, reason)
    done = correct_address(desk, breach_id, person, new, "the person called")
    assert done.lines[-2:] == ("Uusikatu 7", "33100 TAMPERE")
    assert channels(desk, breach_id) == (COUNT, 0)
    make_plan(desk, breach_id)
    assert channels(desk, breach_id) == (COUNT, 0), "the next plan agrees"
    assert make_letters(desk, breach_id, tmp_path / "again").letters == 1
    with desk.read() as queries:
        (second,) = queries.batch_rows(BatchId(2))
        entries = [line for line in queries.trail.lines() if line.action == "address_corrected"]
    assert (second.person_id, second.attempt) == (person, 2)
    assert second.token != posted[0].token
    assert len(entries) == 1 and "Uusikatu" not in entries[0].canonical
    confirm_posted(desk, BatchId(2), desk.clock.now().date())
    record_returned(desk, [second.token], ReturnReason.UNKNOWN)
    assert channels(desk, breach_id) == (COUNT - 1, 1), "twice returned: the rung below"
    assert make_letters(desk, breach_id, tmp_path / "third").letters == 0


def a_pile(letters: Path, path: Path, dpi: int = 200) -> Path:
    """Make a picture file of the letters' pages with a page of something else between them, turned by two degrees."""
    document = pypdfium2.PdfDocument(letters)
    pages = [page.render(scale=dpi / 72).to_pil().convert("L").rotate(2, fillcolor=255) for page in document]
    document.close()
    pages.insert(1, Image.new("L", pages[0].size, 250))
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=dpi)
    return path


@pytest.mark.parametrize("kind", ["tiff", "pdf"])
def test_a_pile_is_read_from_pictures(
    desk: Desk, breach_id: BreachId, posted: list[MessageRow], tmp_path: Path, kind: str
) -> None:
    (letters,) = (tmp_path / "out").rglob("L1-letters.pdf")
    pile = record_pile(desk, [a_pile(letters, tmp_path / f"pile.{kind}")], ReturnReason.UNKNOWN)
    assert (pile.returned.returned, pile.pages, pile.without) == (COUNT, COUNT + 1, ((f"pile.{kind}", 2),))
    again = record_pile(desk, [tmp_path / f"pile.{kind}"], ReturnReason.UNKNOWN)
    assert (again.returned.returned, again.returned.again) == (0, COUNT)
    assert told(desk, breach_id) == 0


def test_pictures_without_a_code_and_files_that_are_none(desk: Desk, posted: list[MessageRow], tmp_path: Path) -> None:
    Image.new("L", (300, 300), 255).save(tmp_path / "empty.png")
    (tmp_path / "no.pdf").write_bytes(b"%PDF-1.7 nothing")
    (tmp_path / "no.png").write_bytes(b"nothing")
    for name, code in (("empty.png", "no_codes_found"), ("no.pdf", "cannot_see"), ("no.png", "cannot_see")):
        with pytest.raises(InputError, match=code):
            record_pile(desk, [tmp_path / name], ReturnReason.UNKNOWN)


def test_a_list_from_the_post_with_its_own_reasons(
    desk: Desk, breach_id: BreachId, posted: list[MessageRow], tmp_path: Path
) -> None:
    lines = ["Viite;Palautuksen syy", f"{grouped(posted[0].token)};Muuttanut", f"{posted[1].token.lower()};KUOLLUT",
             f"{posted[2].token};", "AAAA-BBBB-CCCC;Tuntematon"]  # fmt: skip
    (tmp_path / "posti.csv").write_text("\n".join(lines), "utf-8")
    pile = record_pile(desk, [tmp_path / "posti.csv"], ReturnReason.UNCLAIMED)
    assert [each.problem for each in pile.returned.letters] == ["", "", "", "token_wrong"]
    with desk.read() as queries:
        assert queries.letters_back(breach_id) == {"": 5, "moved": 1, "deceased": 1, "unclaimed": 1}
    (tmp_path / "bare.csv").write_text(f"{grouped(posted[3].token)}\n{posted[4].token}\n", "utf-8")
    bare = record_pile(desk, [tmp_path / "bare.csv"], ReturnReason.UNCLAIMED)
    assert (bare.returned.returned, bare.pages) == (2, 2), "a list without headings begins with its first code"
    (tmp_path / "other.csv").write_text("Nimi;Syy\nAino;Muuttanut\n", "utf-8")
    with pytest.raises(InputError, match="no_code_column"):
        record_pile(desk, [tmp_path / "other.csv"], ReturnReason.UNCLAIMED)
