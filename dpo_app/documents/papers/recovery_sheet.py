"""The recovery sheet as a page to print: lines in groups, a code to scan, what it is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Spacer

from dpo_app.documents.papers import paper
from dpo_app.i18n import _


def recovery_sheet(store: str, store_id: str, made_on: str, lines: Sequence[str]) -> bytes:
    """Return the sheet as PDF bytes. It is never written anywhere but where the officer says."""
    rows = [(str(number), line.replace("-", "   ")) for number, line in enumerate(lines, 1)]
    story: list[Any] = [
        paper.para(_("Recovery sheet"), "title"),
        paper.para(_("Store {name} · made on {day}").format(name=store, day=made_on), "subtitle"),
        Spacer(1, 4 * mm),
        paper.para(_("With these six lines anybody can open the store and read everything in it. Keep the sheet where "
                     "you keep what must not be lost and must not be seen: a safe, not the desk, not a photo.")),
        paper.para(_("You need it when the passphrase is forgotten or the computer is gone. Type the lines as they "
                     "stand; each line is checked on its own.")),
        Spacer(1, 4 * mm), paper.table(rows, (10, 90), head=False), Spacer(1, 8 * mm),
        paper.Code("".join(lines).replace("-", ""), 28),
        paper.para(_("The same lines as a code, for a scanner."), "small"), Spacer(1, 6 * mm),
        paper.para(_("Store number: {number}").format(number=store_id), "small"),
    ]  # fmt: skip
    return paper.build(
        story, title=_("Recovery sheet"), header="", footer=_("Keep this sheet away from the computer."),
        page_words=lambda page, pages: f"{page} / {pages}",
    )  # fmt: skip
