"""Letters a second beside other ways to make them in the same run; 33,000 letters printed and read back: seconds and
memory, by one process and by two.

python tests/bench/bench_letters.py [count]
python tests/bench/bench_letters.py --memory [count]   what a press holds at 1,000, 33,000 and a million letters: minutes
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import PIL.Image
import zxingcpp
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Image, PageBreak, Paragraph, SimpleDocTemplate

sys.path.insert(0, str(Path(__file__).parents[2]))

from dpo_app.core.ids import grouped
from dpo_app.core.letters.letter import DEFAULT_BATCH, LetterRow
from dpo_app.core.notices.notice import BlockKind, Run
from dpo_app.documents.letters.pressroom import Pressroom
from dpo_app.paths import resources
from dpo_app.services.ports.letters import PrintedPart
from tests.bench.letter_peers import peers
from tests.documents.letter_kit import HEAD, a_form, a_press, letters

PLAIN, STAMPED, FEW = 400, 6_000, 2_000
FEWEST_A_SECOND, LEAST_RATIO, MOST_SECONDS, MOST_MIB, MOST_GROWTH = 2_500, 10, 90, 250, 60


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def plain_platypus(rows: list[LetterRow]) -> float:
    """Return letters a second of the loop everybody writes first: the same letter, a document for each part.

    Letterhead, date, reference, headings, bold code, Data Matrix and page number are in it, as they are in the press.
    """
    for name in ("NotoSans-Regular", "NotoSans-Bold"):
        pdfmetrics.registerFont(TTFont(name, str(resources() / "fonts" / f"{name}.ttf")))
    pdfmetrics.registerFontFamily("NotoSans-Regular", bold="NotoSans-Bold")
    body = ParagraphStyle("body", fontName="NotoSans-Regular", fontSize=11, leading=14.85, spaceAfter=6)
    bold = ParagraphStyle("bold", body, fontName="NotoSans-Bold", spaceAfter=1.5)
    small = ParagraphStyle("small", body, fontSize=8.5, leading=10.2, spaceAfter=0)
    began = time.perf_counter()
    story: list[Any] = []
    for row in rows:
        story += [Paragraph(escape(HEAD.sender), bold)]
        story += [Paragraph(escape(line), small) for line in (*HEAD.sender_lines, HEAD.return_line)]
        code = zxingcpp.create_barcode(row.token, zxingcpp.BarcodeFormat.DataMatrix, force_square=True)
        png = BytesIO()
        PIL.Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=1)).save(png, "PNG")
        story.append(Image(png, 8 * mm, 8 * mm))
        story += [Paragraph(escape(line), body) for line in row.address]
        story.append(Paragraph(f"{HEAD.dates['en']} {HEAD.reference_words['en']} {grouped(row.token)}", body))
        for block in a_form():
            text = "".join(_markup(run, row) for run in block.runs)
            heading = block.kind in (BlockKind.TITLE, BlockKind.SUBHEADING)
            story.append(Paragraph(text, bold if heading else body))
        story.append(PageBreak())
    document = SimpleDocTemplate(BytesIO(), pagesize=A4, leftMargin=20 * mm, rightMargin=20 * mm, invariant=1)
    document.build(story, onFirstPage=_marks, onLaterPages=_marks)
    return len(rows) / (time.perf_counter() - began)


def _markup(run: Run, row: LetterRow) -> str:
    text = escape(row.slots[run.slot] if run.slot is not None else run.text)
    return f"<b>{text}</b>" if run.bold else text


def _marks(canvas: Any, document: Any) -> None:
    canvas.setLineWidth(0.25)
    canvas.line(5 * mm, 148.5 * mm, 7.5 * mm, 148.5 * mm)
    canvas.setFont("NotoSans-Regular", 8.5)
    canvas.drawRightString(190 * mm, 12 * mm, f"Page {document.page}")


def stamped(count: int, folder: Path) -> float:
    """Return letters a second of the press, measured and written as the program does, without reading back: the peers
    read nothing back either."""
    press = a_press()
    began = time.perf_counter()
    rows = [row for row in letters(count) if not press.measure(row).refused]
    press.write_part(rows, folder / "stamped.pdf", "L1")
    return count / (time.perf_counter() - began)


def whole_run(count: int, folder: Path, workers: int) -> float:
    """Return the seconds for a whole run: every letter measured, printed and read back, files of 2,000."""
    folder.mkdir()
    press = a_press()
    began = time.perf_counter()
    waiting: deque[Future[PrintedPart]] = deque()
    with Pressroom(press, press.order, workers) as room:
        rows: Iterator[LetterRow] = letters(count)
        number = 0
        while part := [row for row in islice(rows, DEFAULT_BATCH) if not press.measure(row).refused]:
            number += 1
            waiting.append(room.submit(part, folder / f"R{workers}-{number}.pdf", f"R{number}"))
            while len(waiting) > workers:
                assert not waiting.popleft().result().unreadable
        while waiting:
            assert not waiting.popleft().result().unreadable
    return time.perf_counter() - began


def in_files(count: int, folder: Path) -> None:
    """Measure and write letters, files of 2,000, each removed when it is whole: a million take two gigabytes."""
    press = a_press()
    rows: Iterator[LetterRow] = letters(count)
    while part := [row for row in islice(rows, DEFAULT_BATCH) if not press.measure(row).refused]:
        path = folder / "part.pdf"
        press.write_part(part, path, "L1")
        path.unlink()


def memory(most: int) -> int:
    """Say what a press holds after ever more letters, each count in a process of its own."""
    peaks = []
    for count in (1_000, 33_000, most):
        began = time.perf_counter()
        said = subprocess.run([sys.executable, __file__, "--press", str(count)], capture_output=True, check=True)
        seconds = time.perf_counter() - began
        peaks.append(float(said.stdout))
        say(f"{count} letters: {seconds:.1f} s, {count / seconds:.0f}/s, peak {peaks[-1]:.0f} MiB")
    flat = max(peaks) - min(peaks) < MOST_GROWTH
    say("memory is flat" if flat else "MEMORY GROWS")
    return 0 if flat else 1


def peak_mib() -> float:
    """Return the most memory this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    if sys.argv[1:2] == ["--memory"]:
        return memory(int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
    if sys.argv[1:2] == ["--press"]:
        with tempfile.TemporaryDirectory() as name:
            in_files(int(sys.argv[2]), Path(name))
        say(f"{peak_mib():.0f}")
        return 0
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 33_000
    words = sum(len(run.text.split()) for block in a_form() for run in block.runs)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Memory first: Platypus holds its whole file and would hide what the press needs.
        whole_run(FEW, folder / "few", 0)
        few = peak_mib()
        one = whole_run(count, folder / "one", 0)
        peak = peak_mib()
        size = sum(path.stat().st_size for path in (folder / "one").iterdir()) / 1e6
        say(
            f"{count} letters of {words} words, read back: {one:.1f} s, files {size:.0f} MB; "
            f"peak {peak:.0f} MiB, after {FEW} letters {few:.0f} MiB"
        )
        two = whole_run(count, folder / "two", 2)
        say(f"two processes: {two:.1f} s, {one / two:.2f} times one ({len(os.sched_getaffinity(0))} cores)")
        press = stamped(STAMPED, folder)
    say(f"press alone {press:.0f}/s")
    for peer, rate, held in peers():
        faster = f"{rate:.0f}/s, {held:.0f} MiB; the press is {press / max(rate, 0.001):.1f} times as fast"
        say(f"  {peer}: {faster}" if rate else f"  {peer}: not here")
    plain = plain_platypus(list(letters(PLAIN)))
    say(f"  plain Platypus: {plain:.0f}/s, ratio {press / plain:.1f}")
    reached = press >= FEWEST_A_SECOND and press / plain >= LEAST_RATIO
    reached = reached and (count != 33_000 or (two <= MOST_SECONDS and peak <= MOST_MIB)) and peak - few < MOST_GROWTH
    say("figures reached" if reached else "FIGURES MISSED")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
