"""Files that prove a fact: kept encrypted in the store, named by a short reference, bound by their hash."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

#: One file at most; a bigger one belongs on a medium of its own, with its hash in a note.
LIMIT_BYTES = 100_000_000
CHUNK_BYTES = 1 << 20


class EvidenceKind(StrEnum):
    """What a file is (EDPB template, 126, and what investigations bring besides)."""

    INVESTIGATION_REPORT = "investigation_report"
    MESSAGE_TO_PERSONS = "message_to_persons"
    RISK_ASSESSMENT = "risk_assessment"
    RANSOM_NOTE = "ransom_note"
    PHISHING_MAIL = "phishing_mail"
    LOG = "log"
    SCREENSHOT = "screenshot"
    CORRESPONDENCE = "correspondence"
    CONTRACT = "contract"
    BREACH_PROCEDURE = "breach_procedure"
    DELETION_POLICY = "deletion_policy"
    WRONG_RECIPIENTS = "wrong_recipients"
    OUTSIDE_NOTICE = "outside_notice"
    OTHER = "other"


class Evidence(NamedTuple):
    """A kept file: number in the store, name, what it is, who gave it, its size and SHA-256 (hex), who kept it when."""

    id: int
    breach_id: int
    file_name: str
    kind: EvidenceKind
    title: str
    source: str
    received_on: date | None
    size: int
    sha256: str
    added_by: str
    added_at: datetime

    @property
    def ref(self) -> str:
        """Return the short reference, such as `E3`."""
        return f"E{self.id}"
