"""What a window shows, against figures worked out from the envelopes' norms; layouts that do not hold are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dpo_app.core.layout import Box, Envelope, Layout, lines_that_fit
from dpo_app.documents.layouts import layouts

ENVELOPES = [
    (Envelope("FI C5", 229, 162, (18, 40, 95, 35), 148.5, 0, 7), Box(18, 40, 94, 61.5), Box(-1, 26.5, 113, 75), 5),
    (Envelope("FI E65", 220, 110, (18, 40, 90, 30), 105, 0, 5), Box(18, 40, 98, 65), Box(8, 35, 108, 70), 6),
    (Envelope("FI E65, 99", 220, 110, (18, 40, 90, 30), 99, 0, 5), Box(18, 40, 98, 59), Box(8, 29, 108, 70), 4),
    (Envelope("DIN DL, B", 220, 110, (20, 50, 90, 45), 105, 0, 5), Box(20, 50, 100, 90), Box(10, 45, 110, 95), 9),
    (Envelope("DIN C5, B", 229, 162, (20, 57, 90, 45), 148.5, 0, 7), Box(20, 57, 91, 88.5), Box(1, 43.5, 110, 102), 7),
    (Envelope("DIN DL, A", 220, 110, (20, 50, 90, 45), 105, 18, 5), Box(20, 32, 100, 72), Box(10, 27, 110, 77), 9),
]  # fmt: skip


@pytest.mark.parametrize(("envelope", "safe", "may", "lines"), ENVELOPES, ids=lambda value: getattr(value, "name", ""))
def test_what_the_window_shows(envelope: Envelope, safe: Box, may: Box, lines: int) -> None:
    assert envelope.safe(210) == pytest.approx(safe)
    assert envelope.may_show(210) == pytest.approx(may)
    assert lines_that_fit(envelope.safe(210), 4.233) == lines


def test_layouts_that_ship() -> None:
    assert {"fi-c5", "fi-e65", "din5008-b"} <= set(layouts())
    for layout in layouts().values():
        assert layout.faults() == []
        assert layout.source
        assert set(layout.titles) >= {"en", "fi", "sv"}


@pytest.fixture
def layout() -> Layout:
    return layouts()["fi-c5"]


def test_an_address_outside_the_window_is_a_fault(layout: Layout) -> None:
    moved = replace(layout, address=replace(layout.address, first_baseline=50))
    assert any("address" in fault for fault in moved.faults())


def test_text_too_near_the_window_is_a_fault(layout: Layout) -> None:
    assert any("text begins" in fault for fault in replace(layout, first_top=77).faults())


@pytest.mark.parametrize("change", [{"code": (100, 50, 0.5)}, {"info": (100, 50)}, {"sender": Box(20, 11, 100, 40)}])
def test_whatever_shows_in_the_window_is_a_fault(layout: Layout, change: dict[str, object]) -> None:
    assert any("can be seen" in fault for fault in replace(layout, **change).faults())


def test_a_short_address_stands_in_the_middle(layout: Layout) -> None:
    own = layout.address
    assert own.baseline(0, own.lines) == own.first_baseline
    above = own.baseline(0, 3) - own.first_baseline
    below = own.baseline(own.lines - 1, own.lines) - own.baseline(2, 3)
    assert above == pytest.approx(below)
    assert layouts()["din5008-b"].address.baseline(0, 2) == layouts()["din5008-b"].address.first_baseline


def test_boxes() -> None:
    outer, inner = Box(0, 0, 10, 10), Box(1, 1, 9, 10)
    assert outer.holds(inner)
    assert not inner.holds(outer)
    assert outer.meets(inner)
    assert not outer.meets(Box(10, 0, 20, 10))
