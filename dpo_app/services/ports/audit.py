"""Writing the audit trail, from inside a unit of work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from dpo_app.core.proof.audit import AuditAction, Fact


class AuditRecorder(Protocol):
    """The trail within one transaction: its entries last or vanish with the change."""

    def record(
        self,
        action: AuditAction,
        *,
        subjects: Sequence[str] = (),
        facts: Mapping[str, Fact] | None = None,
        commitments: Mapping[str, str] | None = None,
        remarks: Mapping[str, str] | None = None,
    ) -> int:
        """Add an entry; returns its sequence number. Facts are counts, codes and hashes, never a person's values. What
        the officer wrote in their own words is a remark (`core.proof.audit.REMARKS`): kept beside the entry, which
        holds a commitment to it; "-" stands for one left empty."""

    def last(self) -> tuple[int, bytes] | None:
        """Return (sequence, head) of the last entry, or None."""
