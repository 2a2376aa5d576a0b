"""A notice's blocks as a plain page of HTML for the second part of an e-mail: the same words, for those whose program
or reading aid prefers it. No pictures, no styles, no scripts, no forms, nothing that is fetched.

Language and title are named (WCAG 2.2: 2.4.2, 3.1.1), headings are headings and bullets a list (1.3.1). A link stays a
link only if it leads to the organisation's own site; any other is text (letters-and-email.md 5.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlsplit

from dpo_app.core.notices.notice import Block, BlockKind, Run, Slot

_TAGS = {
    BlockKind.TITLE: "h1",
    BlockKind.SUBHEADING: "h2",
    BlockKind.PARAGRAPH: "p",
    BlockKind.SIGNATURE: "p",
    BlockKind.BULLET: "li",
}


def site_of(address: str) -> str:
    """Return the host of a web address in lower case without `www.`, or "" for none."""
    try:
        host = urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def html_text(blocks: Sequence[Block], language: str, title: str, site: str, slots: Mapping[Slot, str]) -> str:
    """Return blocks as an HTML document. `slots` are what stands for a person's values, escaped by the caller; `site`
    is the host to which links may lead."""
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(language)}">',
        f'<head><meta charset="utf-8"><title>{escape(title)}</title></head>',
        "<body>",
    ]
    listing = False
    for block in blocks:
        bullet = block.kind is BlockKind.BULLET
        if bullet != listing:
            lines.append("<ul>" if bullet else "</ul>")
            listing = bullet
        tag = _TAGS[block.kind]
        lines.append(f"<{tag}>{''.join(_run(run, site, slots) for run in block.runs)}</{tag}>")
    if listing:
        lines.append("</ul>")
    return "\n".join([*lines, "</body>", "</html>"]) + "\n"


def _run(run: Run, site: str, slots: Mapping[Slot, str]) -> str:
    if run.slot is not None:
        text = slots[run.slot]
    else:
        text = escape(run.text)
        if run.link and site and site_of(run.link) == site:
            text = f'<a href="{escape(run.link)}">{text}</a>'
        elif run.link and run.link != run.text:
            text = f"{text} ({escape(run.link)})"
    return f"<strong>{text}</strong>" if run.bold else text
