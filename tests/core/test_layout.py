"""What a window shows, against figures worked out from the envelopes' norms; layouts that do not hold are told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpo_app.core.errors import InputError
from dpo_app.core.letters.layout import (
    CAPITALS_MM,
    DESCENDERS_MM,
    Box,
    Envelope,
    KeepClear,
    Layout,
    LayoutFault,
    layout_from_document,
)
from dpo_app.documents.letters.layouts import layouts

ENVELOPES = [
    (Envelope("FI C5", 229, 162, (18, 40, 95, 35), 148.5, 0, 7), Box(18, 40, 94, 61.5), Box(-1, 26.5, 113, 75)),
    (Envelope("FI E65", 220, 110, (18, 40, 90, 30), 105, 0, 5), Box(18, 40, 98, 65), Box(8, 35, 108, 70)),
    (Envelope("FI E65, 99", 220, 110, (18, 40, 90, 30), 99, 0, 5), Box(18, 40, 98, 59), Box(8, 29, 108, 70)),
    (Envelope("DIN DL, B", 220, 110, (20, 50, 90, 45), 105, 0, 5), Box(20, 50, 100, 90), Box(10, 45, 110, 95)),
    (Envelope("DIN C5, B", 229, 162, (20, 57, 90, 45), 148.5, 0, 7), Box(20, 57, 91, 88.5), Box(1, 43.5, 110, 102)),
    (Envelope("DIN DL, A", 220, 110, (20, 50, 90, 45), 105, 18, 5), Box(20, 32, 100, 72), Box(10, 27, 110, 77)),
]  # fmt: skip


@pytest.mark.parametrize(("envelope", "safe", "may"), ENVELOPES, ids=lambda value: getattr(value, "name", ""))
def test_what_the_window_shows(envelope: Envelope, safe: Box, may: Box) -> None:
    assert envelope.safe(210) == pytest.approx(safe)
    assert envelope.may_show(210) == pytest.approx(may)


def test_layouts_that_ship() -> None:
    countries = {"fi", "se", "no", "dk", "din5008", "at", "ch", "fr", "nl", "uk", "ie", "us"}
    assert countries <= {layout_id.partition("-")[0] for layout_id in layouts()}
    assert {"din5008-a", "din5008-b", "ch-left", "ch-right", "us-10"} <= set(layouts())
    for layout in layouts().values():
        assert layout.faults() == []
        assert layout.source
        assert set(layout.titles) >= {"en", "fi", "sv"}


@pytest.fixture
def layout() -> Layout:
    return layouts()["fi-c5"]


def test_an_address_outside_the_window_is_a_fault(layout: Layout) -> None:
    moved = replace(layout, address=replace(layout.address, first_baseline=50))
    assert (LayoutFault.ADDRESS_OUTSIDE, "C5") in moved.faults()


def test_text_too_near_the_window_is_a_fault(layout: Layout) -> None:
    assert replace(layout, first_top=77).faults() == [(LayoutFault.TEXT_SHOWS, "C5")]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"code": (100, 50, 0.5)}, LayoutFault.CODE_SHOWS), ({"info": (100, 50, 40)}, LayoutFault.INFO_SHOWS),
        ({"sender": Box(20, 11, 100, 40)}, LayoutFault.SENDER_SHOWS),
        ({"return_line": (23, 38, 7)}, LayoutFault.RETURN_OUTSIDE),
    ],
)  # fmt: skip
def test_whatever_shows_in_the_window_is_a_fault(layout: Layout, change: dict[str, object], fault: LayoutFault) -> None:
    assert (fault, "C5") in replace(layout, **change).faults()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"code": (205, 12, 0.5)}, LayoutFault.OFF_PAGE), ({"code": (60, 12, 0.5)}, LayoutFault.OVERLAP),
        ({"keep_clear": (KeepClear(Box(0, 0, 25, 297), False, "inserter marks"),)}, LayoutFault.KEEP_CLEAR),
        ({"first_top": 240.0}, LayoutFault.NO_ROOM), ({"envelopes": ()}, LayoutFault.ADDRESS_OUTSIDE),
    ],
)  # fmt: skip
def test_what_does_not_fit_on_the_sheet_is_a_fault(
    layout: Layout, change: dict[str, object], fault: LayoutFault
) -> None:
    assert fault in [found for found, _ in replace(layout, **change).faults()]


@given(
    st.floats(10, 40), st.floats(10, 80), st.floats(40, 120), st.floats(20, 60), st.floats(0, 1), st.floats(0, 1),
    st.sampled_from([(229, 162, 148.5), (220, 110, 105), (229, 114, 105), (220, 110, 99)]),
)  # fmt: skip
def test_wherever_the_sheet_slips_to(
    x: float, y: float, w: float, h: float, right: float, down: float, size: tuple[float, float, float]
) -> None:
    """A sheet that has slipped by a part of its play shows a window that holds *safe* and lies in *may show*."""
    envelope = Envelope("any", size[0], size[1], (x, y, w, h), size[2], 0, 7)
    dx, dy = right * (size[0] - 210), down * (size[1] - size[2])
    shown = Box(x - dx - 1e-9, y - dy - 1e-9, x + w - dx + 1e-9, y + h - dy + 1e-9)
    assert shown.holds(envelope.safe(210))
    may = envelope.may_show(210)
    assert Box(may.left - 1e-6, may.top - 1e-6, may.right + 1e-6, may.bottom + 1e-6).holds(shown)


def test_every_group_of_figures_is_cited() -> None:
    for layout in layouts().values():
        needed = {"page", "margin", "fold", "address", "sender", "body", "code"}
        needed |= {"return_line"} if layout.return_line else set()
        needed |= {"punch"} if layout.punch and layout.id[:3] not in ("fi-", "no-", "se-", "dk-") else set()
        assert needed <= set(layout.cites), layout.id
        assert all(layout.cites.values()) and all(envelope.source for envelope in layout.envelopes), layout.id
        cited = " ".join((layout.source, *layout.cites.values(), *(e.source for e in layout.envelopes)))
        # The measures of the window itself decide: whoever takes them from practice says so on the screen.
        assert ("unverified" in " ".join(e.source for e in layout.envelopes)) == (layout.status == "unverified"), cited


def test_a_layout_that_cannot_be_read_is_told() -> None:
    for document in ({}, {"id": "own-x"}, {"id": 1, "sender": {}, "return_line": {}}):
        with pytest.raises(InputError, match="bad_layout"):
            layout_from_document(document)


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


@pytest.mark.parametrize("layout", layouts().values(), ids=lambda each: each.id)
def test_the_frame_of_the_test_page_leaves_the_address_free(layout: Layout) -> None:
    address = layout.address_box(layout.address.lines, CAPITALS_MM, DESCENDERS_MM)
    for envelope in layout.envelopes:
        frame = envelope.in_the_middle(layout.page[0])
        assert frame.top + 0.5 < address.top and address.bottom + 0.5 < frame.bottom, "no line runs through a word"
