"""Numbers and short references by which things are named; none of them says anything about a person."""

from __future__ import annotations

import re
from typing import NewType

BreachId = NewType("BreachId", int)
RevisionId = NewType("RevisionId", int)
PersonId = NewType("PersonId", int)
ImportId = NewType("ImportId", int)
NoticeId = NewType("NoticeId", int)
BatchId = NewType("BatchId", int)
DeliveryId = NewType("DeliveryId", int)
EvidenceId = NewType("EvidenceId", int)
EnquiryId = NewType("EnquiryId", int)

#: Thirty signs without 0 O 1 I L U, so that a code survives handwriting and the telephone.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
PERSON_CODE_LENGTH = 8
TOKEN_LENGTH = 12
TOKEN_RANDOM = 10

_REFERENCE = re.compile(r"^([A-Z])(\d{1,9})$")


def breach_ref(breach: BreachId) -> str:
    """Return the short reference of a breach, such as `B3`."""
    return f"B{breach}"


def notice_ref(notice: NoticeId) -> str:
    """Return the short reference of a notice, such as `N7`."""
    return f"N{notice}"


def import_ref(batch: ImportId) -> str:
    """Return the short reference of an import, such as `I2`."""
    return f"I{batch}"


def batch_ref(batch: BatchId) -> str:
    """Return the short reference of a batch of letters or e-mails, such as `L4`."""
    return f"L{batch}"


def merge_ref(merge: int) -> str:
    """Return the short reference of two persons made one, such as `M5`."""
    return f"M{merge}"


def correction_ref(correction: int) -> str:
    """Return the short reference of a round of corrections, such as `C6`."""
    return f"C{correction}"


def enquiry_ref(enquiry: EnquiryId) -> str:
    """Return the short reference of an enquiry, such as `Q12`."""
    return f"Q{enquiry}"


def parse_ref(text: str, letter: str) -> int | None:
    """Return the number in a reference such as `B3` for `letter` "B", or None if it is not one."""
    match = _REFERENCE.match(text.strip().upper())
    if match is None or match.group(1) != letter:
        return None
    return int(match.group(2))


def grouped(code: str, size: int = 4) -> str:
    """Return a code in groups, `K7Q2M9X4T3AB` as `K7Q2-M9X4-T3AB`: the form people read aloud."""
    return "-".join(code[i : i + size] for i in range(0, len(code), size))


def plain_code(text: str) -> str:
    """Return a typed or scanned code in its stored form: capitals, without blanks and dashes."""
    return "".join(sign for sign in text.upper() if sign.isalnum())
