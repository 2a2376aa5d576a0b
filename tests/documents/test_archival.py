"""PDF/A: what a file declares, read by other libraries, and what two validators say of every paper and of letters.

Of part 2, which the files are, the validator that package registries have is pikepdf's, with the rules of veraPDF.
Apache PDFBox, which shares nothing with the writer, knows part 1 only: it is shown a twin from the same writer.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf.pdfa import validate_written
from PIL import Image, ImageCms
from reportlab.pdfgen.canvas import Canvas

from dpo_app import bootstrap
from dpo_app.documents.archival import About, archived, srgb_profile
from dpo_app.documents.papers import paper
from dpo_app.documents.papers.bulletin import bulletin
from dpo_app.services.authority.tell_authority import draft_authority_notice, notice_pdf
from dpo_app.services.desk.make_example import make_example
from dpo_app.services.enquiries.export_record import person_record
from dpo_app.services.proof.export_audit import audit_file
from dpo_app.services.proof.export_register import register_of
from dpo_app.store import vault
from tests.documents.letter_kit import CREATED, HEAD, a_form, a_letter, a_press, print_batch

Made = Callable[[], bytes]
PERSONS = 20
JAVA = Path("/usr/share/java")
JARS = ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "commons-io", "javax.activation", "jaxb-api")
FORBIDDEN = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/AA", "/OpenAction", "/XFA", "/Encrypt"}
ODD = "A <notice> & \x0bits \N{EM DASH}\nÄänekoski"
WHEN = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def papers(opened: vault.OpenStore) -> dict[str, Made]:
    """How each paper is made, from the example: the same input each time."""
    made = make_example(bootstrap.build(opened, "Tester"), PERSONS)
    desk = bootstrap.build(opened, "Tester")
    notice, _ = draft_authority_notice(desk, made.breach_id)
    with desk.read() as queries:
        audit, register = audit_file(desk, queries, made.breach_id, "fi"), register_of(desk, queries)
        record, sheet = person_record(desk, queries, 1, "sv"), notice_pdf(desk, queries, notice)  # type: ignore[arg-type]
    return {
        "audit": lambda: desk.audit_pdf.make(audit), "register": lambda: desk.register_pdf.make(register),
        "record": lambda: desk.record_pdf.make(record), "authority": lambda: sheet,
        "bulletin": lambda: bulletin(a_form(), "fi", "Esimerkki Oy", "24.11.2026"),
    }  # fmt: skip


def a_logo() -> bytes:
    out = BytesIO()
    Image.new("RGBA", (40, 20), (0, 90, 160, 128)).save(out, "PNG")
    return out.getvalue()


def of_letters(folder: Path) -> dict[str, bytes]:
    """Return letters as files: a batch, a single one, names in other scripts, a picture and a colour."""
    print_batch(a_press(duplex=True), [a_letter(1), a_letter(2, "محمد علي"), a_letter(3, "श्रीकृष्ण शर्मा")], folder, "L1")
    return {
        "batch": (folder / "L1-letters-duplex.pdf").read_bytes(),
        "letter": a_press(form=a_form(16)).one(a_letter(name="Екатерина Ŋuorgam")),
        "logo": a_press(head=HEAD._replace(logo=a_logo(), colour="#0B6E8C")).one(a_letter()),
    }


def check_structure(name: str, pdf: bytes, language: str | None) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.pdf_version == "1.7" and not document.is_encrypted, name
        with document.open_metadata() as metadata:
            said = {key: metadata.get(key) for key in ("pdfaid:part", "pdfaid:conformance", "dc:title", "dc:language")}
        assert said["pdfaid:part"] == "2" and said["pdfaid:conformance"] == "B", name
        assert said["dc:title"] == str(document.docinfo["/Title"]) != "", name
        assert document.Root.ViewerPreferences.DisplayDocTitle, name
        if language is not None:
            assert str(document.Root.Lang) == language and set(said["dc:language"]) == {language}, name
        (intent,) = document.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1" and intent.DestOutputProfile.N == 3, name
        assert intent.DestOutputProfile.read_bytes() == srgb_profile(), name
        assert "/Filter" not in document.Root.Metadata, name
        for each in document.objects:
            if isinstance(each, pikepdf.Dictionary):
                assert not FORBIDDEN & set(each.keys()), (name, each)
                assert each.get("/S") not in ("/Launch", "/URI", "/JavaScript"), name
                if each.get("/Type") == "/Font" and each.Subtype != "/Type0":
                    assert "/FontFile2" in each.FontDescriptor, (name, each.BaseFont)
                if each.get("/Subtype") == "/Link":
                    assert each.F == 4, name
    assert b"Helvetica" not in pdf, name


def test_every_paper_is_part_2_level_b_and_the_same_again(papers: dict[str, Made]) -> None:
    languages = {"audit": "fi", "record": "sv", "bulletin": "fi"}
    for name, made in papers.items():
        pdf = made()
        check_structure(name, pdf, languages.get(name))
        report = validate_written(BytesIO(pdf), "2b")
        assert report.findings == [], (name, report.findings)
        assert made() == pdf, name


def test_letters_are_part_2_level_b_as_they_are_written(tmp_path: Path) -> None:
    for name, pdf in of_letters(tmp_path).items():
        check_structure(name, pdf, None)
        report = validate_written(BytesIO(pdf), "2b")
        assert report.findings == [], (name, report.findings)
        with pikepdf.open(BytesIO(pdf)) as document, document.open_metadata() as metadata:
            assert metadata["xmp:CreateDate"] == "2026-11-24T09:30:00Z"
            assert str(document.docinfo["/CreationDate"]) == f"D:{CREATED}"
            # A form that finds itself in its own resources sends readers round in a circle.
            for form in document.pages[0].Resources.XObject.values():
                if form.Subtype == "/Form":
                    assert all(inner.Subtype != "/Form" for inner in form.Resources.XObject.values())


def test_titles_and_dates_say_the_same_in_both_places() -> None:
    build = lambda made: paper.build(  # noqa: E731
        [paper.para("x")], title=ODD, header="", footer="", page_words=lambda page, pages: "", language="fi", made=made
    )
    with pikepdf.open(BytesIO(build(WHEN))) as document, document.open_metadata() as metadata:
        assert metadata["dc:title"] == str(document.docinfo["/Title"]) == "A <notice> & its \N{EM DASH} Äänekoski"
        assert metadata["xmp:CreateDate"] == metadata["xmp:ModifyDate"] == "2026-11-24T09:30:00Z"
        assert str(document.docinfo["/CreationDate"]) == str(document.docinfo["/ModDate"]) == "D:20261124093000Z"
    with pikepdf.open(BytesIO(build(None))) as document, document.open_metadata() as metadata:
        assert "/CreationDate" not in document.docinfo and "xmp:CreateDate" not in metadata, "unknown, so not said"


def test_what_is_not_archival_does_not_pass() -> None:
    out = BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.drawString(50, 50, "in Helvetica, which is not in the file")
    canvas.save()
    pdf = archived(out.getvalue(), About("Not embedded"))
    assert any("font" in str(each).lower() for each in validate_written(BytesIO(pdf), "2b").findings)
    with pikepdf.open(BytesIO(a_press().one(a_letter()))) as document:
        del document.Root.OutputIntents
        document.save(without := BytesIO())
    assert validate_written(without, "2b").findings


def test_the_profile_is_srgb() -> None:
    data = srgb_profile()
    assert len(data) == int.from_bytes(data[:4], "big") and data[8] == 2
    own = ImageCms.ImageCmsProfile(BytesIO(data))
    steps = range(0, 256, 15)
    colours = bytes(value for r in steps for g in steps for b in steps for value in (r, g, b))
    picture = Image.frombytes("RGB", (len(colours) // 3, 1), colours)
    seen = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"))
    assert seen is not None
    assert max(abs(a - b) for a, b in zip(colours, seen.tobytes(), strict=True)) <= 1


def twin(pdf: bytes) -> bytes:
    """Return the same file as part 1."""
    with pikepdf.open(BytesIO(pdf)) as document:
        info, root = document.docinfo, document.Root
        about = About(str(info.Title), str(root.get("/Lang", "")), str(info.get("/CreationDate", ""))[2:])
    return archived(pdf, about, part=1)


def preflight(path: Path) -> str:
    """Return what Apache PDFBox says of a file."""
    said = subprocess.run(
        ["java", "-cp", ":".join(str(JAVA / f"{name}.jar") for name in JARS),
         "org.apache.pdfbox.preflight.Validator_A1b", str(path)], capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    return said.stdout + said.stderr


@pytest.mark.slow
def test_the_twins_of_part_1_are_valid_to_apache_pdfbox(papers: dict[str, Made], tmp_path: Path) -> None:
    missing = [name for name in JARS if not (JAVA / f"{name}.jar").exists()]
    if shutil.which("java") is None or missing:
        pytest.skip(f"Apache PDFBox preflight is not here: java {shutil.which('java')}, jars missing {missing}")
    files = {name: made() for name, made in papers.items()} | of_letters(tmp_path)
    for name, pdf in files.items():
        path = tmp_path / f"{name}-1b.pdf"
        path.write_bytes(twin(pdf))
        assert validate_written(path, "1b").findings == [], name
        assert "is a valid PDF/A-1b file" in preflight(path), (name, preflight(path))
    with pikepdf.open(tmp_path / "audit-1b.pdf") as document:
        del document.Root.OutputIntents
        document.save(tmp_path / "colours.pdf")
    assert "is not a valid PDF/A-1b file" in preflight(tmp_path / "colours.pdf")
