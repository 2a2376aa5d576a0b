"""Other ways to make the same letter: letters a second of each and what it holds in memory.

`make bench-peers` installs those that a package registry has; pdflatex and LibreOffice are measured if they are on the
path. Each runs in a process of its own.
"""

from __future__ import annotations

import importlib.util
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
# Last, so that what the program itself is made from comes first.
sys.path.append(str(Path(__file__).parents[2] / "build" / "peers"))

from dpo_app.core.letters.letter import LetterRow
from dpo_app.core.notices.notice import BlockKind
from dpo_app.paths import resources
from tests.documents.letter_kit import HEAD, a_form, letters

COUNT = 60


def _blocks(row: LetterRow) -> Iterator[tuple[bool, str]]:
    """Yield (is a heading, text) of each block of a person's letter."""
    for block in a_form():
        text = "".join(row.slots[run.slot] if run.slot is not None else run.text for run in block.runs)
        yield block.kind in (BlockKind.TITLE, BlockKind.SUBHEADING), text


def _font(weight: str) -> str:
    return str(resources() / "fonts" / f"NotoSans-{weight}.ttf")


def _fpdf2(rows: list[LetterRow], folder: Path) -> None:
    fpdf: Any = importlib.import_module("fpdf")
    pdf = fpdf.FPDF(format="A4")
    pdf.add_font("Noto", "", _font("Regular"))
    pdf.add_font("Noto", "B", _font("Bold"))
    for row in rows:
        pdf.add_page()
        pdf.set_font("Noto", "", 10)
        head = "\n".join((HEAD.sender, *HEAD.sender_lines, *row.address, row.token))
        pdf.multi_cell(0, 4.2, head, new_x="LMARGIN", new_y="NEXT", align="L")
        for heading, text in _blocks(row):
            pdf.set_font("Noto", "B" if heading else "", 11)
            pdf.multi_cell(0, 5.2, text, new_x="LMARGIN", new_y="NEXT", align="L")
    pdf.output(str(folder / "fpdf2.pdf"))


def _weasyprint(rows: list[LetterRow], folder: Path) -> None:
    weasyprint: Any = importlib.import_module("weasyprint")
    parts = []
    for row in rows:
        head = "<br>".join(map(escape, (HEAD.sender, *HEAD.sender_lines, *row.address, row.token)))
        body = "".join(f"<h3>{escape(t)}</h3>" if h else f"<p>{escape(t)}</p>" for h, t in _blocks(row))
        parts.append(f"<section style='break-after: page'><p>{head}</p>{body}</section>")
    weasyprint.HTML(string="".join(parts)).write_pdf(str(folder / "weasyprint.pdf"))


def _typst(rows: list[LetterRow], folder: Path) -> None:
    typst: Any = importlib.import_module("typst")
    data = [
        {"head": [HEAD.sender, *HEAD.sender_lines, *row.address, row.token], "blocks": list(_blocks(row))}
        for row in rows
    ]
    (folder / "letters.json").write_text(json.dumps(data), "utf-8")
    (folder / "letters.typ").write_text(
        '#set text(font: "Noto Sans", size: 11pt)\n'
        '#for l in json("letters.json") [#l.head.join(linebreak()) \\ \\ '
        "#for b in l.blocks [#if b.at(0) [*#b.at(1)*] else [#b.at(1)] #parbreak()] #pagebreak(weak: true)]\n",
        "utf-8",
    )
    typst.compile(
        str(folder / "letters.typ"), output=str(folder / "typst.pdf"), font_paths=[str(resources() / "fonts")]
    )


def _pdflatex(rows: list[LetterRow], folder: Path) -> None:
    lines = [
        "\\documentclass[a4paper,11pt]{article}\\usepackage[utf8]{inputenc}\\usepackage[T1]{fontenc}\\begin{document}"
    ]
    for row in rows:
        lines.append(" \\\\ ".join((HEAD.sender, *row.address, row.token)) + "\n\n")
        lines += [f"\\textbf{{{t}}}\n\n" if h else f"{t}\n\n" for h, t in _blocks(row)]
        lines.append("\\newpage")
    (folder / "letters.tex").write_text("\n".join(lines) + "\\end{document}", "utf-8")
    subprocess.run(["pdflatex", "-interaction=batchmode", "letters.tex"], cwd=folder, check=True, capture_output=True)


def _libreoffice(rows: list[LetterRow], folder: Path) -> None:
    parts = []
    for row in rows:
        head = "<br>".join(map(escape, (HEAD.sender, *row.address, row.token)))
        body = "".join(f"<h3>{escape(t)}</h3>" if h else f"<p>{escape(t)}</p>" for h, t in _blocks(row))
        parts.append(f"<p style='page-break-before: always'>{head}</p>{body}")
    (folder / "letters.html").write_text(f"<html><body>{''.join(parts)}</body></html>", "utf-8")
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf:writer_web_pdf_Export", "letters.html"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip


_PEERS: dict[str, tuple[Callable[[list[LetterRow], Path], None], Callable[[], bool]]] = {
    "fpdf2": (_fpdf2, lambda: importlib.util.find_spec("fpdf") is not None),
    "WeasyPrint": (_weasyprint, lambda: importlib.util.find_spec("weasyprint") is not None),
    "Typst": (_typst, lambda: importlib.util.find_spec("typst") is not None),
    "pdflatex": (_pdflatex, lambda: shutil.which("pdflatex") is not None),
    "LibreOffice": (_libreoffice, lambda: shutil.which("soffice") is not None),
}


def peers() -> Iterator[tuple[str, float, float]]:
    """Yield (name, letters a second, MiB at most) of each; zeros for one that is not installed, or does not run here."""
    for name in _PEERS:
        said = subprocess.run([sys.executable, __file__, name], capture_output=True, text=True, check=False)
        rate, peak = map(float, said.stdout.split()) if said.returncode == 0 and said.stdout else (0.0, 0.0)
        yield name, rate, peak


def main() -> int:
    """Measure one peer, named on the command line."""
    make, here = _PEERS[sys.argv[1]]
    if not here():
        return 1
    rows = list(letters(COUNT))
    with tempfile.TemporaryDirectory() as folder:
        make(rows[:2], Path(folder))
        began = time.perf_counter()
        make(rows, Path(folder))
        seconds = time.perf_counter() - began
    held = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    sys.stdout.write(f"{COUNT / seconds} {held / 1024}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
