"""Large print and easy language for the persons who need them: from the register or by a mark, in the letters."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from dpo_app.core.ids import BatchId, BreachId, NoticeId, PersonId
from dpo_app.core.letters.letter import BODY_PT, LARGE_PT
from dpo_app.core.notices.notice import Audience, SectionKey, SectionText
from dpo_app.core.notices.notice_check import FindingLevel, NoticeCheck
from dpo_app.core.persons.care import CareRule
from dpo_app.documents.letters.press_child import rows_from_document, rows_to_document
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.letters.make_letters import make_letters, withdraw_batch
from dpo_app.services.letters.plan_letters import proof_pdf
from dpo_app.services.letters.settle_letters import reprint_letter
from dpo_app.services.notices.message_plan import plan_messages
from dpo_app.services.notices.write_notice import check_draft, draft_notice, edit_notice
from dpo_app.services.persons.mark_care import mark_care
from dpo_app.services.ports.desk import Desk
from tests.approving import approve_notice
from tests.builders import HEADINGS, a_csv, a_row
from tests.conftest import bring_in
from tests.documents.letter_kit import a_letter

EASY = "Joku varasti tietosi. Se on rikos."
ONE = BatchId(1)


@pytest.fixture
def ready(desk: Desk, breach_id: BreachId, tmp_path: Path) -> BreachId:
    """Four persons by letter: the second needs large print by the register, the third easy language; a draft."""
    needs = ("", "Suurikirjaiminen", "Selkokieli", "", "Selkokieli")
    headings = (*HEADINGS, "Suurikirjaiminen", "Selkokieli")
    rows = []
    for number, need in enumerate(needs, 1):
        own = {} if number == 5 else {"Sähköposti": ""}
        rows.append([*a_row(number, **own), *("kyllä" if need == each else "" for each in headings[-2:])])
    (tmp_path / "r.csv").write_text(a_csv(rows, headings=headings), "utf-8")
    bring_in(desk, breach_id, tmp_path / "r.csv")
    make_plan(desk, breach_id)
    return breach_id


def written(desk: Desk, breach_id: BreachId, *, easy: bool = True) -> NoticeId:
    """Draft a notice, with a text in easy language for one section."""
    notice_id, _ = draft_notice(desk, breach_id)
    if easy:
        with desk.read() as queries:
            texts = queries.notice(notice_id).texts
        own = SectionText(SectionKey.WHAT_HAPPENED, "fi", EASY, Audience(easy=True))
        edit_notice(desk, notice_id, (*texts, own))
    return notice_id


def pages_of(pdf: Path | bytes) -> list[tuple[str, float]]:
    """Return the text of each page and the size that most of its signs have."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    try:
        for page in document:
            sizes: Counter[float] = Counter()
            for each in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], max_depth=3):
                sizes[round(each.get_font_size(), 1)] += 1
            found.append((page.get_textpage().get_text_range(), sizes.most_common(1)[0][0]))
    finally:
        document.close()
    return found


def care(desk: Desk, breach_id: BreachId) -> dict[int, set[str]]:
    with desk.read() as queries:
        revision = queries.newest_revision(breach_id).id
        return {line.id: set(line.care) for line in queries.person_lines(revision, [1, 2, 3, 4, 5])}


def test_the_register_says_who_needs_what_and_a_mark_does(desk: Desk, ready: BreachId) -> None:
    assert care(desk, ready) == {1: set(), 2: {"large_print"}, 3: {"easy_language"}, 4: set(), 5: {"easy_language"}}
    mark_care(desk, ready, [PersonId(1), PersonId(4)], CareRule.LARGE_PRINT, "asked by phone")
    mark_care(desk, ready, [PersonId(2)], CareRule.LARGE_PRINT, "a mistake", off=True)
    found = care(desk, ready)
    assert (found[1], found[2], found[4]) == ({"large_print"}, set(), {"large_print"})
    with desk.read() as queries:
        assert queries.care_counts(ready)["large_print"] == 2
        line = queries.person_lines(queries.newest_revision(ready).id, [1])[0]
    assert line.channel == "letter", "what is needed of a letter moves nobody"


def test_each_letter_is_what_its_reader_needs(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    approve_notice(desk, written(desk, ready), "Maija Mallikas")
    with desk.read() as queries:
        usual = next(
            t.text
            for t in queries.notice(NoticeId(1)).texts
            if t.section is SectionKey.WHAT_HAPPENED and t.language == "fi"
        )
    first = usual.split(".")[0].split("((")[0].strip()[:30]
    made = make_letters(desk, ready, tmp_path / "out")
    assert made.letters == 4 and not made.refused
    with desk.read() as queries:
        batches = {each.id: list(queries.batch_rows(BatchId(each.id))) for each in queries.batches(ready)}
    rows = {row.person_id: (batch, row) for batch, members in batches.items() for row in members}
    assert {number for number, (_, row) in rows.items() if row.large} == {2}
    assert {number for number, (_, row) in rows.items() if row.easy} == {3}
    texts = {number: _letter(desk, ready, PersonId(number)) for number in rows}
    assert EASY in texts[3] and first not in texts[3]
    assert all(EASY not in texts[number] and first in texts[number] for number in (1, 2, 4))
    sheets = {number: batch for number, (batch, _) in rows.items()}
    assert sheets[2] != sheets[1] == sheets[4], "large print takes more sheets and stands in a batch of its own"
    for batch, row in rows.values():
        assert reprint_letter(desk, BatchId(batch), row.number, "jam", tmp_path / f"again{row.person_id}")[0]


def _letter(desk: Desk, breach_id: BreachId, person: PersonId) -> str:
    return " ".join(
        " ".join(
            text.replace("\ufffe", "").replace("\x02", "") for text, _ in pages_of(_pdf(desk, breach_id, person))
        ).split()
    )


def _pdf(desk: Desk, breach_id: BreachId, person: PersonId) -> bytes:
    return proof_pdf(desk, breach_id, person)


def test_large_print_is_sixteen_points(desk: Desk, ready: BreachId) -> None:
    approve_notice(desk, written(desk, ready, easy=False), "Maija Mallikas")
    usual, large = pages_of(_pdf(desk, ready, PersonId(1))), pages_of(_pdf(desk, ready, PersonId(2)))
    assert len(large) > len(usual)
    assert usual[0][1] <= BODY_PT and large[0][1] == LARGE_PT


def test_easy_language_that_is_not_written_is_said_and_not_forbidden(
    desk: Desk, ready: BreachId, tmp_path: Path
) -> None:
    notice_id = written(desk, ready, easy=False)
    found = [each for each in check_draft(desk, notice_id).findings if each.check is NoticeCheck.EASY]
    assert {(each.level, each.language, each.persons) for each in found} == {(FindingLevel.WARN, "fi", 1)}, (
        "of letters only"
    )
    assert SectionKey.WHAT_HAPPENED in {each.section for each in found}
    own = SectionText(SectionKey.WHAT_HAPPENED, "fi", EASY, Audience(easy=True))
    with desk.read() as queries:
        texts = queries.notice(notice_id).texts
    edit_notice(desk, notice_id, (*texts, own))
    left = {each.section for each in check_draft(desk, notice_id).findings if each.check is NoticeCheck.EASY}
    assert SectionKey.WHAT_HAPPENED not in left and SectionKey.YOUR_DATA in left
    approve_notice(desk, notice_id, "Maija Mallikas")
    assert make_letters(desk, ready, tmp_path / "out").letters == 4


def test_what_somebody_was_told_in_stays(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    approve_notice(desk, written(desk, ready), "Maija Mallikas")
    make_letters(desk, ready, tmp_path / "out")
    with desk.read() as queries:
        ids = {row.person_id: row for each in queries.batches(ready) for row in queries.batch_rows(BatchId(each.id))}
        token = ids[3].token
        sent = queries.delivery_by_token(token)
    mark_care(desk, ready, [PersonId(3)], CareRule.EASY_LANGUAGE, "a mistake", off=True)
    with desk.read() as queries:
        assert sent is not None
        frozen = queries.frozen_row(sent.id)
        plan = plan_messages(desk, queries, ready, NoticeId(1))
    assert frozen is not None and frozen.easy and frozen.reader.easy
    assert plan.form(frozen, frozen.reader.channel) != plan.form(frozen._replace(easy=False), frozen.reader.channel)
    withdraw_batch(desk, ONE, "again")


def test_a_letter_in_another_process_keeps_its_size() -> None:
    rows = [a_letter(1), a_letter(2)._replace(large=True)]
    assert rows_from_document(rows_to_document(rows)) == rows


def test_an_approval_before_there_was_easy_language_keeps_its_hash() -> None:
    from dpo_app.core.notices.notice import Notice
    from dpo_app.core.notices.notice_text import canonical

    plain = Notice(1, 1, 1, ("fi",), (SectionText(SectionKey.HEADING, "fi", "A"),))
    assert b"easy" not in canonical(plain)
    assert b'"easy":true' in canonical(
        replace(plain, texts=(SectionText(SectionKey.HEADING, "fi", "A", Audience(easy=True)),))
    )
