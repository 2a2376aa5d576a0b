"""Weekdays in words."""

from __future__ import annotations

from collections.abc import Sequence

from babel.dates import get_day_names


def weekday_names(locale: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the weekdays from Monday on: short, and in full."""
    short, whole = (get_day_names(width, "stand-alone", locale) for width in ("abbreviated", "wide"))
    return tuple(short[place] for place in range(7)), tuple(whole[place] for place in range(7))


def day_spans(days: Sequence[int], locale: str) -> str:
    """Return days as spans: `Mon–Fri, Sun`; two in a row stay two."""
    names, _whole = weekday_names(locale)
    spans: list[list[int]] = []
    for each in days:
        if spans and spans[-1][-1] == each - 1:
            spans[-1].append(each)
        else:
            spans.append([each])
    return ", ".join(
        f"{names[span[0]]}–{names[span[-1]]}" if len(span) > 2 else ", ".join(names[each] for each in span)
        for span in spans
    )
