"""What is remembered of the disk's faults by all who write to one open store."""

from __future__ import annotations

from dpo_app.core.errors import StoreError

#: Faults after which the disk is not trusted with another change. A full disk is none: the change was rolled back
#: whole, and room can be made.
_LASTING = frozenset({"store_io", "cannot_write"})


class WriteStop:
    """Shared by all units of work of one open store: set by the first fault of the disk, never taken back. A sync that
    failed must not be tried again, for the system may then report success over lost pages (security.md section 4)."""

    def __init__(self) -> None:
        self.cause = ""

    def check(self) -> None:
        """Raise StoreError("writing_stopped") once a fault was met."""
        if self.cause:
            raise StoreError("writing_stopped", cause=self.cause)

    def note(self, error: StoreError) -> None:
        """Remember a fault that lasts."""
        if error.code in _LASTING:
            self.cause = str(error.facts.get("cause", "?"))
