"""A notice's texts as blocks: CommonMark parsed once, placeholders filled in one pass, the same for every channel."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from dpo_app.core.notices.claims import open_sentences
from dpo_app.core.notices.notice import (
    Audience,
    Block,
    BlockKind,
    Field,
    Notice,
    Reader,
    Run,
    SectionKey,
    SectionText,
    Slot,
)
from dpo_app.core.persons.channel import Channel

_PLACEHOLDER = re.compile(r"\(\(([^()]*)\)\)")
_LOOSE = re.compile(r"\(\(|\)\)")
_LINK = re.compile(r"^https://[^\s<>\"]+$")


class TextProblem(StrEnum):
    """Why a text cannot be used as it stands."""

    UNKNOWN_PLACEHOLDER = "unknown_placeholder"
    LOOSE_PLACEHOLDER = "loose_placeholder"
    UNCONFIRMED = "unconfirmed"
    LINK = "link"


class Titles(NamedTuple):
    """What stands around the officer's texts in one language: headings of sections by key, and the salutation with
    `{name}`; `salutation_plain` for those without a name."""

    headings: Mapping[str, str]
    salutation: str
    salutation_plain: str


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """Return a parser of the subset: paragraphs, bullets, bold, links. HTML is text."""
    return MarkdownIt("zero").enable(["list", "emphasis", "link", "newline", "escape"])


def parse(text: str) -> tuple[Block, ...]:
    """Return the paragraphs and bullets of a text; Field placeholders stay as they are written, Slots become runs.

    Nothing else of CommonMark is known: a heading sign or HTML is shown as it was typed.
    """
    blocks: list[Block] = []
    depth = 0
    for token in _parser().parse(unicodedata.normalize("NFC", text)):
        if token.type == "bullet_list_open" or token.type == "ordered_list_open":
            depth += 1
        elif token.type == "bullet_list_close" or token.type == "ordered_list_close":
            depth -= 1
        elif token.type == "inline":
            kind = BlockKind.BULLET if depth else BlockKind.PARAGRAPH
            runs = _runs(token.children or [])
            if runs:
                blocks.append(Block(kind, runs))
    return tuple(blocks)


def _runs(tokens: Iterable[Token]) -> tuple[Run, ...]:
    runs: list[Run] = []
    bold, link = False, ""
    for token in tokens:
        if token.type == "strong_open":
            bold = True
        elif token.type == "strong_close":
            bold = False
        elif token.type == "link_open":
            link = str(token.attrGet("href") or "")
        elif token.type == "link_close":
            link = ""
        elif token.type in ("softbreak", "hardbreak"):
            runs.append(Run(" ", bold, link))
        elif token.content:
            runs.extend(_split(token.content, bold, link))
    return tuple(runs)


_SLOTS = {slot.value: slot for slot in Slot}
_FIELDS = {each.value: each for each in Field}


def _split(text: str, bold: bool, link: str) -> Iterable[Run]:
    start = 0
    for match in _PLACEHOLDER.finditer(text):
        slot = _SLOTS.get(match.group(1).strip())
        if slot is None:
            continue
        if match.start() > start:
            yield Run(text[start : match.start()], bold, link)
        yield Run("", bold, link, slot)
        start = match.end()
    if start < len(text):
        yield Run(text[start:], bold, link)


def problems(text: str) -> tuple[tuple[TextProblem, str], ...]:
    """Return what is wrong with a text as (problem, the placeholder or link concerned)."""
    found: list[tuple[TextProblem, str]] = [(TextProblem.UNCONFIRMED, each) for each in open_sentences(text)]
    for name in _PLACEHOLDER.findall(text):
        if open_sentences(f"(({name}))"):
            continue
        if name.strip() not in _SLOTS and name.strip() not in _FIELDS:
            found.append((TextProblem.UNKNOWN_PLACEHOLDER, name.strip()))
    if _LOOSE.search(_PLACEHOLDER.sub("", text)):
        found.append((TextProblem.LOOSE_PLACEHOLDER, ""))
    for block in parse(text):
        for run in block.runs:
            if run.link and not _LINK.match(run.link):
                found.append((TextProblem.LINK, run.link))
    return tuple(found)


def placeholders(text: str) -> frozenset[str]:
    """Return the names of the placeholders in a text."""
    return frozenset(name.strip() for name in _PLACEHOLDER.findall(text))


def fill_fields(blocks: Sequence[Block], fields: Mapping[str, str]) -> tuple[Block, ...]:
    """Return blocks with Field placeholders replaced, in one pass: a value is text and is not read again.

    Raises KeyError for a field without a value: the check comes first, a gap is never printed.
    """

    def filled(run: Run) -> Run:
        if run.slot is not None:
            return run
        return run._replace(text=_PLACEHOLDER.sub(lambda m: fields[m.group(1).strip()], run.text))

    return tuple(Block(block.kind, tuple(map(filled, block.runs))) for block in blocks)


def reads(audience: Audience, reader: Reader, categories: frozenset[str]) -> bool:
    """Tell whether a reader belongs to an audience; `categories` are those of the breach."""
    if audience.easy and (not reader.easy or reader.channel is Channel.EMAIL):
        return False
    if audience.exposures and reader.exposure not in audience.exposures:
        return False
    if audience.channels and reader.channel not in audience.channels:
        return False
    if audience.categories and not audience.categories & categories:
        return False
    if audience.min_age is not None and reader.age is not None and reader.age < audience.min_age:
        return False
    return audience.below_age is None or (reader.age is not None and reader.age < audience.below_age)


def texts_for(notice: Notice, reader: Reader, categories: frozenset[str]) -> tuple[int, ...]:
    """Return which texts of the notice a reader gets, as places in `notice.texts`, in the order of the sections. Where
    a section has a text in easy language for them, they read no other of it."""
    order = {key: place for place, key in enumerate(SectionKey)}
    own = [
        place
        for place, text in enumerate(notice.texts)
        if text.language == reader.language and reads(text.audience, reader, categories)
    ]
    easy = {notice.texts[place].section for place in own if notice.texts[place].audience.easy}
    own = [p for p in own if notice.texts[p].audience.easy or notice.texts[p].section not in easy]
    return tuple(sorted(own, key=lambda place: (order[notice.texts[place].section], place)))


#: Sections that stand under a heading of their own; the others follow on from the salutation.
HEADED = frozenset(
    {
        SectionKey.CONSEQUENCES, SectionKey.WHAT_WE_DID, SectionKey.WHAT_YOU_CAN_DO, SectionKey.CONTACT,
        SectionKey.GENUINE,
    }
)  # fmt: skip


def compile_form(
    texts: Sequence[SectionText], fields: Mapping[str, str], titles: Titles, *, salutation: bool = True
) -> tuple[Block, ...]:
    """Return the blocks of a message from the texts its reader gets, in order: title, salutation, sections under
    their headings, signature. `salutation` False for the public page."""
    blocks: list[Block] = []
    greeted = not salutation
    last: SectionKey | None = None
    for text in texts:
        parsed = fill_fields(parse(text.text), fields)
        if text.section is SectionKey.HEADING:
            blocks.extend(Block(BlockKind.TITLE, block.runs) for block in parsed)
            continue
        if not greeted:
            blocks.append(_salutation(titles))
            greeted = True
        if text.section in HEADED and text.section is not last:
            blocks.append(Block(BlockKind.SUBHEADING, (Run(titles.headings[text.section.value], True),)))
        if text.section is SectionKey.SIGNATURE:
            parsed = tuple(Block(BlockKind.SIGNATURE, block.runs) for block in parsed)
        blocks.extend(parsed)
        last = text.section
    return tuple(blocks)


def _salutation(titles: Titles) -> Block:
    before, _, after = titles.salutation.partition("{name}")
    runs = [Run(before), Run("", slot=Slot.FULL_NAME), Run(after)]
    return Block(BlockKind.PARAGRAPH, tuple(run for run in runs if run.text or run.slot))


def canonical(notice: Notice) -> bytes:
    """Return the bytes an approval freezes: every text with its audience and the values of its fields, in order,
    as JSON with sorted keys in NFC."""
    document = {
        "format": "notice-v1",
        "version": notice.version,
        "phase": notice.phase.value,
        "languages": sorted(notice.languages),
        "fields": notice.fields,
        "texts": [
            {
                "section": text.section.value,
                "language": text.language,
                "text": text.text,
                "wording": text.wording,
                "exposures": sorted(text.audience.exposures),
                "channels": sorted(text.audience.channels),
                "categories": sorted(text.audience.categories),
                "ages": [text.audience.min_age or 0, text.audience.below_age or 0],
                # Said only where it is so: what was approved before there was easy language keeps its hash.
                **({"easy": True} if text.audience.easy else {}),
            }
            for text in notice.texts
        ],
    }
    form = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return unicodedata.normalize("NFC", form).encode()


def plain_text(blocks: Sequence[Block], slots: Mapping[Slot, str] | None = None) -> str:
    """Return blocks as plain text for an e-mail: paragraphs parted by blank lines, bullets as dashes, headings on
    lines of their own. A slot without value is written `((name))`, for templates and previews."""
    lines: list[str] = []
    previous: BlockKind | None = None
    for block in blocks:
        text = "".join(_plain_run(run, slots or {}) for run in block.runs)
        tight = block.kind in (BlockKind.BULLET, BlockKind.SIGNATURE) and previous is block.kind
        if lines and not tight:
            lines.append("")
        lines.append(f"- {text}" if block.kind is BlockKind.BULLET else text)
        previous = block.kind
    return "\n".join(lines) + "\n"


def _plain_run(run: Run, slots: Mapping[Slot, str]) -> str:
    if run.slot is not None:
        return slots.get(run.slot, f"(({run.slot.value}))")
    return f"{run.text} ({run.link})" if run.link and run.link != run.text else run.text
