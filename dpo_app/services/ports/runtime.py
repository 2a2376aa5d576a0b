"""Time and chance, handed in so that use-cases stay repeatable in tests."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""

    def monotonic_ms(self) -> int:
        """Return milliseconds that never run backwards while the machine is on."""


class IdSource(Protocol):
    """The only source of chance (security.md: one module for cryptography)."""

    def uid(self) -> str:
        """Return 128 random bits as 32 lower-case hex digits."""

    def code(self, length: int) -> str:
        """Return random signs of `core.ids.CODE_ALPHABET`."""

    def random_bytes(self, count: int) -> bytes:
        """Return random bytes."""
