"""The public notice as a PDF for press and notice board."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Spacer

from dpo_app.core.notices.notice import Block, BlockKind
from dpo_app.documents.papers import paper

_ROLES = {
    BlockKind.TITLE: "title", BlockKind.SUBHEADING: "h1", BlockKind.PARAGRAPH: "body", BlockKind.BULLET: "body",
    BlockKind.SIGNATURE: "body",
}  # fmt: skip


def bulletin(blocks: Sequence[Block], language: str, organisation: str, day: str) -> bytes:
    """Return blocks as a PDF of one language, with the sender's name and the date on each page."""
    story: list[Any] = [paper.para(f"{organisation}    {day}".strip(), "body"), Spacer(1, 5 * mm)]
    for block in blocks:
        runs = [(_text(run.text, run.link), run.bold) for run in block.runs]
        story.append(paper.rich(runs, _ROLES[block.kind], "\N{BULLET}" if block.kind is BlockKind.BULLET else ""))
    title = next(("".join(run.text for run in b.runs) for b in blocks if b.kind is BlockKind.TITLE), "")
    return paper.build(
        story,
        title=title,
        header="",
        footer=organisation,
        page_words=lambda page, pages: f"{page} / {pages}",
        language=language,
    )


def _text(text: str, link: str) -> str:
    return f"{text} ({link})" if link and link != text else text
