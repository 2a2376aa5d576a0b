"""The anchor: the last (sequence, head) of the trail, kept beside the store and sealed.

The cipher authenticates neither the log beside the database nor the age of a file: an older copy put back looks whole.
The anchor says how far the trail had come (security.md section 4).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from dpo_app.core.digests import hmac_sha256, same
from dpo_app.core.errors import DpoError
from dpo_app.files import read_limited, write_bytes


class AnchorState(StrEnum):
    """How store and anchor stand to each other."""

    WHOLE = "whole"
    MISSING = "missing"
    DAMAGED = "damaged"
    BEHIND = "behind"
    OTHER = "other"


class AnchorFinding(NamedTuple):
    """What was found at open; `missing` entries are in the anchor and not in the store, whose newest was written at
    `at` (UTC) and had the head `head` (hex)."""

    state: AnchorState
    missing: int = 0
    at: datetime | None = None
    head: str = ""


class Anchor:
    """The file `anchor.json` of one store."""

    def __init__(self, path: Path, mac_key: bytes, store_id: str) -> None:
        self._path, self._mac_key, self._store_id = path, mac_key, store_id
        self._lock, self._written = Lock(), -1

    def _mac(self, seq: int, head: str, at: str) -> str:
        return hmac_sha256(self._mac_key, f"{self._store_id}|{seq}|{head}|{at}".encode()).hex()

    def write(self, seq: int, head: bytes, at: datetime) -> None:
        """Write the anchor by atomic replace. Two changes may be committed one after the other and come here the
        other way round: the anchor never goes back."""
        with self._lock:
            if seq <= self._written:
                return
            when = at.astimezone(timezone.utc).isoformat(timespec="milliseconds")
            document = {
                "store": self._store_id, "seq": seq, "head": head.hex(), "at": when,
                "mac": self._mac(seq, head.hex(), when),
            }  # fmt: skip
            write_bytes(self._path, json.dumps(document).encode() + b"\n", replace=True)
            self._written = seq

    def check(self, last: tuple[int, bytes] | None, head_at: Callable[[int], bytes | None]) -> AnchorFinding:
        """Compare the anchor with the store's trail. A store that is ahead is normal after a crash between commit and
        anchor; one that is behind was put back or cut off."""
        if not self._path.is_file():
            return AnchorFinding(AnchorState.MISSING)
        try:
            document = json.loads(read_limited(self._path, 10_000))
            seq, head, when = int(document["seq"]), str(document["head"]), str(document["at"])
            sealed = same(bytes.fromhex(document["mac"]), bytes.fromhex(self._mac(seq, head, when)))
            at, head_bytes = datetime.fromisoformat(when), bytes.fromhex(head)
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError, DpoError):
            return AnchorFinding(AnchorState.DAMAGED)
        if not sealed or document.get("store") != self._store_id:
            return AnchorFinding(AnchorState.DAMAGED)
        own = last[0] if last else 0
        if own < seq:
            return AnchorFinding(AnchorState.BEHIND, seq - own, at, head)
        if head_at(seq) != head_bytes:
            return AnchorFinding(AnchorState.OTHER, 0, at, head)
        return AnchorFinding(AnchorState.WHOLE)
