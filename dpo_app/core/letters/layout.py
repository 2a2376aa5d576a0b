"""Where things stand on a letter's page, and what an envelope's window shows of it.

All lengths are millimetres from the left and top edge of the sheet; one function of the PDF writer turns them round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from math import floor
from typing import Any, NamedTuple

from dpo_app.core.errors import InputError
from dpo_app.core.letters.insertion import InsertionMarks, marks_from_document

#: 10 pt Noto Sans: capitals above the baseline, descenders below, with a little to spare.
CAPITALS_MM, DESCENDERS_MM = 2.6, 0.9
#: Between what a window may show and the text (letters-and-email.md 1.1).
CLEAR_MM = 3
#: Twelve signs take 16 x 16 modules.
CODE_MODULES = 16
SENDER_PITCH = 3.6
LEAST_TEXT_MM = 100


class Box(NamedTuple):
    """A rectangle: left, top, right, bottom in mm."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: Box) -> bool:
        """Tell whether `other` lies inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def meets(self, other: Box) -> bool:
        """Tell whether the two overlap."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


class LayoutFault(StrEnum):
    """Why letters of a layout would show too much or too little in an envelope's window."""

    ADDRESS_OUTSIDE = "layout_address_outside"
    RETURN_OUTSIDE = "layout_return_outside"
    TEXT_SHOWS = "layout_text_shows"
    CODE_SHOWS = "layout_code_shows"
    SENDER_SHOWS = "layout_sender_shows"
    INFO_SHOWS = "layout_info_shows"
    MARKS_SHOW = "layout_marks_show"
    MARKS_PLACE = "layout_marks_place"
    OVERLAP = "layout_overlap"
    KEEP_CLEAR = "layout_keep_clear"
    OFF_PAGE = "layout_off_page"
    NO_ROOM = "layout_no_room"


class KeepClear(NamedTuple):
    """An area that a service or machine needs free: on the first page only, or on every page."""

    box: Box
    first_page: bool
    why: str


@dataclass(frozen=True)
class Envelope:
    """An envelope with its window (left, top, width, height on the envelope) and the folded packet in it: `packet` is
    its height, `step` how far the sheet's top edge lies below the packet's (18 for DIN form A)."""

    name: str
    width: float
    height: float
    window: tuple[float, float, float, float]
    packet: float
    step: float
    weight_g: float
    source: str = ""

    def safe(self, sheet_width: float) -> Box:
        """Return what the window shows wherever the packet slips to: the address lies inside."""
        x, y, w, h = self.window
        slack_x, slack_y = self.width - sheet_width, self.height - self.packet
        return Box(x, y - self.step, x + w - slack_x, y + h - slack_y - self.step)

    def in_the_middle(self, sheet_width: float) -> Box:
        """Return what the window shows if the packet lies in the middle, half its play from every edge."""
        safe, may = self.safe(sheet_width), self.may_show(sheet_width)
        return Box(*((one + other) / 2 for one, other in zip(safe, may, strict=True)))

    def may_show(self, sheet_width: float) -> Box:
        """Return what the window can ever show: nothing private but the address lies inside."""
        x, y, w, h = self.window
        slack_x, slack_y = self.width - sheet_width, self.height - self.packet
        return Box(x - slack_x, y - slack_y - self.step, x + w, y + h - self.step)


@dataclass(frozen=True)
class AddressField:
    """The address: left edge, first baseline, distance of lines, how many, how wide, size and least size in points.

    `centred`: an address of fewer lines stands in the middle of the field, as far as can be from the window's edges.
    """

    x: float
    first_baseline: float
    pitch: float
    lines: int
    width: float
    size_pt: float
    min_pt: float
    centred: bool = False

    def baseline(self, line: int, lines: int) -> float:
        """Return the baseline of a line (from 0) of an address of `lines` lines, in mm from the top edge."""
        spare = (self.lines - lines) / 2 if self.centred else 0
        return self.first_baseline + (line + spare) * self.pitch


@dataclass(frozen=True)
class Layout:
    """A letter layout; see resources/layouts/. `return_line` is (x, baseline, size_pt) or None; `info` (x, first
    baseline, width) of date and reference; `cites` says for each group of figures where it comes from. `status` is
    *calculated* from cited windows, *unverified* (measure your envelope), or *own*."""

    id: str
    titles: Mapping[str, str]
    source: str
    status: str
    page: tuple[float, float]
    margin: Mapping[str, float]
    fold: tuple[float, ...]
    punch: tuple[float, ...]
    address: AddressField
    return_line: tuple[float, float, float] | None
    code: tuple[float, float, float]
    sender: Box
    info: tuple[float, float, float]
    first_top: float
    next_top: float
    envelopes: tuple[Envelope, ...]
    cites: Mapping[str, str]
    keep_clear: tuple[KeepClear, ...] = ()
    marks: InsertionMarks | None = None

    @property
    def text_width(self) -> float:
        """Return the width of running text in mm."""
        return self.page[0] - self.margin["left"] - self.margin["right"]

    def address_box(self, lines: int, cap_mm: float, descent_mm: float) -> Box:
        """Return the box that `lines` lines of address take, capitals to descenders."""
        own = self.address
        last = own.first_baseline + (lines - 1) * own.pitch
        return Box(own.x, own.first_baseline - cap_mm, own.x + own.width, last + descent_mm)

    @property
    def sender_lines(self) -> int:
        """Return how many small lines go under the sender's name."""
        return max(0, floor((self.sender.bottom - self.sender.top - 8.2) / SENDER_PITCH) + 1)

    def parts(self) -> dict[LayoutFault, Box]:
        """Return what stands on the first page beside address and text, by the fault that it is if it can be seen."""
        x, y, module = self.code
        side = CODE_MODULES * module
        return {
            LayoutFault.CODE_SHOWS: Box(x, y, x + side, y + side),
            LayoutFault.SENDER_SHOWS: self.sender,
            LayoutFault.INFO_SHOWS: Box(self.info[0], self.info[1] - 4, self.info[0] + self.info[2], self.info[1] + 7),
        }

    def faults(self) -> list[tuple[LayoutFault, str]]:
        """Return what is wrong with the layout, each with the envelope or the part concerned; empty if it holds for
        every envelope it lists."""
        address = self.address_box(self.address.lines, CAPITALS_MM, DESCENDERS_MM)
        found = [] if self.envelopes else [(LayoutFault.ADDRESS_OUTSIDE, "")]
        for envelope in self.envelopes:
            safe, may = envelope.safe(self.page[0]), envelope.may_show(self.page[0])
            if not safe.holds(address):
                found.append((LayoutFault.ADDRESS_OUTSIDE, envelope.name))
            if self.return_line and not safe.top <= self.return_line[1] - 2.5 < self.return_line[1] < address.top:
                found.append((LayoutFault.RETURN_OUTSIDE, envelope.name))
            if self.first_top < may.bottom + CLEAR_MM:
                found.append((LayoutFault.TEXT_SHOWS, envelope.name))
            found.extend((fault, envelope.name) for fault, part in self.parts().items() if may.meets(part))
            if any(may.meets(area) for area in self._mark_areas()):
                found.append((LayoutFault.MARKS_SHOW, envelope.name))
        return found + self._on_the_sheet(address)

    def _mark_areas(self) -> list[Box]:
        return [Box(*area) for area in self.marks.areas()] if self.marks else []

    def to_document(self) -> dict[str, Any]:
        """Return the layout as plain values, as its file has them."""
        x, y, module = self.code
        box = self.sender
        back = self.return_line
        return {
            "id": self.id, "title": dict(self.titles), "source": self.source, "status": self.status,
            "page": list(self.page), "margin": dict(self.margin), "fold": list(self.fold), "punch": list(self.punch),
            "address": asdict(self.address),
            "return_line": {"x": back[0], "baseline": back[1], "size_pt": back[2]} if back else {},
            "code": {"x": x, "y": y, "module": module},
            "sender": {"x": box.left, "y": box.top, "w": box.right - box.left, "h": box.bottom - box.top},
            "info": {"x": self.info[0], "y": self.info[1], "w": self.info[2]},
            "body": {"first_top": self.first_top, "next_top": self.next_top}, "cites": dict(self.cites),
            "envelope": [
                {"name": e.name, "size": [e.width, e.height], "window": list(e.window), "packet": e.packet,
                 "step": e.step, "weight_g": e.weight_g, "source": e.source}
                for e in self.envelopes
            ],
            "keep_clear": [{"rect": list(k.box), "first_page": k.first_page, "why": k.why} for k in self.keep_clear],
            "marks": self.marks.to_document() if self.marks else {},
        }  # fmt: skip

    def _on_the_sheet(self, address: Box) -> list[tuple[LayoutFault, str]]:
        """Return what does not fit on the sheet itself: parts over each other, off the page, in areas kept clear."""
        width, height = self.page
        sheet = Box(0, 0, width, height)
        text = Box(self.margin["left"], self.first_top, width - self.margin["right"], height - self.margin["bottom"])
        first = {**self.parts(), LayoutFault.ADDRESS_OUTSIDE: address, LayoutFault.TEXT_SHOWS: text}
        found = [(LayoutFault.OFF_PAGE, part.value) for part, box in first.items() if not sheet.holds(box)]
        pairs = [(a, b) for a in first for b in first if a < b]
        found.extend((LayoutFault.OVERLAP, f"{a.value} {b.value}") for a, b in pairs if first[a].meets(first[b]))
        head = Box(self.margin["left"], 11, width - self.margin["right"], 16)
        foot = Box(self.margin["left"], height - 15, width - self.margin["right"], height - 11)
        rest = Box(self.margin["left"], self.next_top, width - self.margin["right"], height - self.margin["bottom"])
        for area in self.keep_clear:
            boxes = [*first.values(), foot] + ([] if area.first_page else [head, rest])
            if any(area.box.meets(box) for box in boxes):
                found.append((LayoutFault.KEEP_CLEAR, area.why))
        printed = [*first.values(), head, foot, rest, *(Box(5, y, 9, y) for y in (*self.fold, *self.punch))]
        marks = self._mark_areas()
        for place, taken in enumerate(marks):
            others = [*printed, *(clear.box for clear in self.keep_clear), *marks[:place]]
            if not sheet.holds(taken) or any(taken.meets(box) for box in others):
                found.append((LayoutFault.MARKS_PLACE, ""))
        if self.text_width < LEAST_TEXT_MM or text.bottom - text.top < LEAST_TEXT_MM:
            found.append((LayoutFault.NO_ROOM, ""))
        return found


def layout_from_document(document: Mapping[str, Any]) -> Layout:
    """Return the layout of a file of resources/layouts/ or of one made in the window. Raises InputError("bad_layout")
    for one that is not complete or whose figures are none."""
    try:
        return _from_document(document)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise InputError("bad_layout", field=str(error).strip("'")[:40]) from None


def _from_document(document: Mapping[str, Any]) -> Layout:
    sender, back = document["sender"], document["return_line"]
    info, code, page = document["info"], document["code"], _numbers(document["page"], 2)
    margin = {side: float(document["margin"][side]) for side in ("left", "top", "right", "bottom")}
    return Layout(
        id=str(document["id"]), titles=dict(document["title"]), source=str(document["source"]),
        status=str(document["status"]), page=(page[0], page[1]), margin=margin,
        fold=_numbers(document["fold"]), punch=_numbers(document["punch"]),
        address=AddressField(**document["address"]),
        return_line=(float(back["x"]), float(back["baseline"]), float(back["size_pt"])) if back else None,
        code=(float(code["x"]), float(code["y"]), float(code["module"])),
        sender=Box(sender["x"], sender["y"], sender["x"] + sender["w"], sender["y"] + sender["h"]),
        info=(float(info["x"]), float(info["y"]), float(info.get("w", page[0] - margin["right"] - info["x"]))),
        first_top=float(document["body"]["first_top"]), next_top=float(document["body"]["next_top"]),
        envelopes=tuple(map(_envelope, document["envelope"])), cites=dict(document["cites"]),
        keep_clear=tuple(
            KeepClear(Box(*_numbers(each["rect"], 4)), bool(each["first_page"]), str(each["why"]))
            for each in document.get("keep_clear", ())
        ),
        marks=marks_from_document(document.get("marks") or {}),
    )  # fmt: skip


def _envelope(document: Mapping[str, Any]) -> Envelope:
    width, height = _numbers(document["size"], 2)
    x, y, w, h = _numbers(document["window"], 4)
    if min(width, height, w, h) <= 0:
        raise ValueError("window")
    return Envelope(
        str(document["name"]), width, height, (x, y, w, h), float(document["packet"]), float(document["step"]),
        float(document["weight_g"]), str(document["source"]),
    )  # fmt: skip


def _numbers(values: Any, count: int | None = None) -> tuple[float, ...]:
    found = tuple(float(value) for value in values)
    if count is not None and len(found) != count:
        raise ValueError(f"{count} figures wanted")
    if any(not -1_000 < value < 1_000 for value in found):
        raise ValueError("out of range")
    return found
