"""Where things stand on a letter's page, and what an envelope's window shows of it.

All lengths are millimetres from the left and top edge of the sheet; one function of the PDF writer turns them round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from typing import Any, NamedTuple


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

    def safe(self, sheet_width: float) -> Box:
        """Return what the window shows wherever the packet slips to: the address lies inside."""
        x, y, w, h = self.window
        slack_x, slack_y = self.width - sheet_width, self.height - self.packet
        return Box(x, y - self.step, x + w - slack_x, y + h - slack_y - self.step)

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
    """A letter layout; see resources/layouts/. `return_line` is (x, baseline, size_pt) or None."""

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
    info: tuple[float, float]
    first_top: float
    next_top: float
    envelopes: tuple[Envelope, ...]

    @property
    def text_width(self) -> float:
        """Return the width of running text in mm."""
        return self.page[0] - self.margin["left"] - self.margin["right"]

    def address_box(self, lines: int, cap_mm: float, descent_mm: float) -> Box:
        """Return the box that `lines` lines of address take, capitals to descenders."""
        own = self.address
        last = own.first_baseline + (lines - 1) * own.pitch
        return Box(own.x, own.first_baseline - cap_mm, own.x + own.width, last + descent_mm)

    def faults(self) -> list[str]:
        """Return what is wrong with the layout, in words for whoever writes one; empty if it holds for every
        envelope it lists."""
        found = []
        box = self.address_box(self.address.lines, 2.6, 0.9)
        for envelope in self.envelopes:
            safe, may = envelope.safe(self.page[0]), envelope.may_show(self.page[0])
            if not safe.holds(box):
                found.append(f"{self.id}: address {box} outside the safe window {safe} of {envelope.name}")
            if self.first_top < may.bottom + 3:
                found.append(f"{self.id}: text begins at {self.first_top}, {envelope.name} may show {may.bottom}")
            code = Box(*self.code[:2], self.code[0] + 16 * self.code[2], self.code[1] + 16 * self.code[2])
            for name, other in (("code", code), ("sender", self.sender), ("info", self._info_box())):
                if may.meets(other):
                    found.append(f"{self.id}: {name} can be seen in the window of {envelope.name}")
        return found

    def _info_box(self) -> Box:
        return Box(self.info[0], self.info[1] - 4, self.page[0] - self.margin["right"], self.info[1] + 12)


def lines_that_fit(safe: Box, pitch: float) -> int:
    """Return how many lines of 10 pt fit into a safe box: 3.2 mm for capitals and descenders."""
    return floor((safe.bottom - safe.top - 3.2) / pitch) + 1


def layout_from_document(document: Mapping[str, Any]) -> Layout:
    """Return the layout of a file of resources/layouts/. Raises KeyError or TypeError for one that is not complete."""
    sender, back = document["sender"], document["return_line"]
    return Layout(
        id=document["id"], titles=document["title"], source=document["source"], status=document["status"],
        page=tuple(document["page"]), margin=document["margin"], fold=tuple(document["fold"]),
        punch=tuple(document["punch"]), address=AddressField(**document["address"]),
        return_line=(back["x"], back["baseline"], back["size_pt"]) if back else None,
        code=(document["code"]["x"], document["code"]["y"], document["code"]["module"]),
        sender=Box(sender["x"], sender["y"], sender["x"] + sender["w"], sender["y"] + sender["h"]),
        info=(document["info"]["x"], document["info"]["y"]),
        first_top=document["body"]["first_top"], next_top=document["body"]["next_top"],
        envelopes=tuple(
            Envelope(e["name"], e["size"][0], e["size"][1], tuple(e["window"]), e["packet"], e["step"], e["weight_g"])
            for e in document["envelope"]
        ),
    )  # fmt: skip
