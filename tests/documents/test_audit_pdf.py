"""The audit PDF, read and rendered from outside by other libraries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from dpo_app import bootstrap
from dpo_app.core.ids import BreachId
from dpo_app.core.proof.audit_file import AuditFile, DecisionFact
from dpo_app.documents.papers.audit_pdf import AuditPdf
from dpo_app.documents.papers.charts import left_by_day
from dpo_app.services.desk.make_example import make_example
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.services.mail.export_emails import export_emails
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from dpo_app.services.proof.export_audit import audit_file, export_audit
from dpo_app.store import vault
from tests.approving import approve_notice
from tests.builders import a_revision

PERSONS = 40
CHAPTERS = 13


@pytest.fixture
def walked(opened: vault.OpenStore, tmp_path: Path) -> tuple[Desk, BreachId]:
    """The example with an approved notice and exported e-mails."""
    desk = bootstrap.build(opened, "Tester")
    made = make_example(desk, PERSONS)
    desk = bootstrap.build(opened, "Tester")
    notice, _ = draft_notice(desk, made.breach_id)
    approve_notice(desk, notice, "Maija Mallikas")
    export_emails(desk, made.breach_id, tmp_path / "mail")
    return desk, made.breach_id


@pytest.fixture
def file(walked: tuple[Desk, BreachId]) -> AuditFile:
    desk, breach_id = walked
    with desk.read() as queries:
        return audit_file(desk, queries, breach_id, "en")


def texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def flat(pdf: bytes) -> str:
    return " ".join(" ".join(texts(pdf)).split())


def test_says_who_what_when_and_the_head(file: AuditFile) -> None:
    pdf = AuditPdf().make(file)
    said = flat(pdf)
    for each in (file.revisions[-1].facts.title, "Contents", "The case on one page", file.imports[0].sha256,
                 file.notices[0].notice.sha256, file.batches[0].merkle_root, "dpo audit verify",
                 "Text in Finnish", "Text in Swedish", "Text in English"):  # fmt: skip
        assert each in said, each
    document = pypdfium2.PdfDocument(pdf)
    cover = document[0].render(scale=200 / 72).to_pil()
    document.close()
    assert [code.text for code in zxingcpp.read_barcodes(cover)] == [file.head.upper()]


def test_contents_and_outline_point_at_the_chapters(file: AuditFile) -> None:
    pdf = AuditPdf().make(file)
    pages = texts(pdf)
    lines = [line.rsplit(" ", 1) for line in pages[1].replace("\r", "").split("\n") if line[:1].isdigit()]
    with pikepdf.open(BytesIO(pdf)) as document, document.open_outline() as outline:
        titles = [str(item.title) for item in outline.root]
        assert len(document.pages[1].Annots) == CHAPTERS
    assert len(titles) == CHAPTERS
    for title in titles:
        printed = next(n for n, page in enumerate(pages, 1) if n > 2 and " ".join(title.split()) in
                       " ".join(page.split()))  # fmt: skip
        assert any(" ".join(line[0].split()) == " ".join(title.split()) and int(line[1]) == printed
                   for line in lines if len(line) == 2) or str(printed) in pages[1]  # fmt: skip
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page


def test_fonts_are_embedded_and_properties_say_nothing_personal(file: AuditFile) -> None:
    with pikepdf.open(BytesIO(AuditPdf().make(file))) as document:
        fonts = [f for page in document.pages for f in page.Resources.get("/Font", {}).values()]
        assert fonts
        for font in fonts:
            assert "/FontFile2" in font.get("/FontDescriptor", {}), font.BaseFont
        assert "Tester" not in str(dict(document.docinfo)) and "Mallikas" not in str(dict(document.docinfo))
        assert str(document.Root.Lang) == "en"
        assert "/JavaScript" not in document.Root and "/OpenAction" not in document.Root


def test_no_person_is_named(walked: tuple[Desk, BreachId], file: AuditFile) -> None:
    desk, _ = walked
    said = flat(AuditPdf().make(file))
    assert "@example.com" not in said.replace("tietosuoja@example.com", "")
    with desk.read() as queries:
        rows = queries.persons_page(BreachId(1)) if hasattr(queries, "persons_page") else []
    assert not any(str(getattr(row, "name", "\0")) in said for row in rows)


def test_same_file_same_bytes(file: AuditFile) -> None:
    assert AuditPdf().make(file) == AuditPdf().make(file)


@pytest.mark.parametrize("language", ["fi", "sv", "xx", ""])
def test_every_language_makes_a_whole_file(file: AuditFile, language: str) -> None:
    assert len(texts(AuditPdf().make(replace(file, language=language)))) > CHAPTERS - 3


def _with_facts(file: AuditFile, **changes: object) -> AuditFile:
    newest = file.revisions[-1]
    return replace(file, revisions=[*file.revisions[:-1], replace(newest, facts=replace(newest.facts, **changes))])


def test_markup_is_shown_as_written(file: AuditFile) -> None:
    evil = '<b>bold</b> & <img src="http://example.com/x"/> <para>'
    said = flat(AuditPdf().make(_with_facts(file, title=evil, summary=evil)))
    assert said.count(evil) >= 2


def test_long_texts_part_over_pages(file: AuditFile) -> None:
    long = "What was found is told at length. " * 400
    who = DecisionFact("excuse", "excused", long, "Tester", file.made_at, 3)
    made = replace(_with_facts(file, summary=long, title="W" * 200), decisions=[who] * 3)
    assert flat(AuditPdf().make(made)).count("told at length") >= 4 * 400


def _every_shape(file: AuditFile) -> Iterator[AuditFile]:
    yield _with_facts(file, windows=(), measures=())
    yield replace(file, notices=[], batches=[], sent=[], imports=[], trail=[], windows={}, channel_reasons={})
    first = file.revisions[-1].facts.windows[0]
    yield _with_facts(file, windows=(replace(first, begins_on=date(1990, 1, 1), ends_on=None, name="W" * 300),) * 6)
    yield _with_facts(file, windows=(replace(first, ends_on=first.begins_on),))
    many = [(file.made_at.date() + timedelta(n), c, s, n + 1) for n in range(90)
            for c, s in (("letter", "posted"), ("email", "exported"))]  # fmt: skip
    yield replace(file, sent=many)
    yield replace(file, standing=dict.fromkeys(file.standing, 0), persons=0)
    yield replace(file, standing=dict.fromkeys(file.standing, 1000000), persons=9_999_999)


def test_nothing_yet_and_too_much_still_make_a_file(file: AuditFile) -> None:
    for each in _every_shape(file):
        assert AuditPdf().make(each).startswith(b"%PDF")


def test_a_message_counts_once_though_it_has_many_states() -> None:
    first, second = date(2026, 11, 2), date(2026, 11, 3)
    sent = [(first, "letter", "batched", 5), (second, "letter", "posted", 5), (first, "email", "exported", 7),
            (second, "email", "reported_sent", 7)]  # fmt: skip
    assert left_by_day(sent) == {first: {"email": 7}, second: {"letter": 5}}


def test_another_breach_stays_out_of_the_file(walked: tuple[Desk, BreachId]) -> None:
    desk, breach_id = walked
    add_breach(desk, a_revision(title="Something else altogether"))
    pdf = export_audit(desk, breach_id, "en")
    said = flat(pdf)
    assert "Something else" not in said and "Breach B1 was recorded" in said and "Breach B2" not in said
    with desk.read() as queries:
        assert queries.trail.lines(limit=1)[0].action == "audit_exported"
