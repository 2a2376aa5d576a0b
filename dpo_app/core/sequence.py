"""Numbers that look like chance and repeat: for made-up examples and tests, never for secrets."""

from __future__ import annotations

from collections.abc import Sequence as Items


class Sequence:
    """A repeatable series (splitmix64); the same seed gives the same numbers on every machine and version."""

    def __init__(self, seed: int) -> None:
        self._state = seed & 0xFFFFFFFFFFFFFFFF

    def _next(self) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        return mixed ^ (mixed >> 31)

    def below(self, limit: int) -> int:
        """Return a number from 0 to `limit` - 1."""
        return self._next() % limit

    def one(self, items: Items[str]) -> str:
        """Return one of `items`."""
        return items[self.below(len(items))]
