"""The anchor: the last (sequence, head) of the trail, kept beside the store and sealed.

The cipher authenticates neither the log beside the database nor the age of a file: an older copy put back looks whole.
The anchor says how far the trail had come (security.md section 4).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
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
    """What was found at open; `missing` entries are in the anchor and not in the store."""

    state: AnchorState
    missing: int = 0


class Anchor:
    """The file `anchor.json` of one store."""

    def __init__(self, path: Path, mac_key: bytes, store_id: str) -> None:
        self._path, self._mac_key, self._store_id = path, mac_key, store_id

    def _mac(self, seq: int, head: str) -> str:
        return hmac_sha256(self._mac_key, f"{self._store_id}|{seq}|{head}".encode()).hex()

    def write(self, seq: int, head: bytes) -> None:
        """Write the anchor by atomic replace."""
        document = {
            "store": self._store_id,
            "seq": seq,
            "head": head.hex(),
            "mac": self._mac(seq, head.hex()),
        }
        write_bytes(self._path, json.dumps(document).encode() + b"\n", replace=True)

    def check(self, last: tuple[int, bytes] | None, head_at: Callable[[int], bytes | None]) -> AnchorFinding:
        """Compare the anchor with the store's trail. A store that is ahead is normal after a crash between commit and
        anchor; one that is behind was put back or cut off."""
        if not self._path.is_file():
            return AnchorFinding(AnchorState.MISSING)
        try:
            document = json.loads(read_limited(self._path, 10_000))
            seq, head = int(document["seq"]), str(document["head"])
            sealed = same(bytes.fromhex(document["mac"]), bytes.fromhex(self._mac(seq, head)))
        except (ValueError, KeyError, TypeError, DpoError):
            return AnchorFinding(AnchorState.DAMAGED)
        if not sealed or document.get("store") != self._store_id:
            return AnchorFinding(AnchorState.DAMAGED)
        own = last[0] if last else 0
        if own < seq:
            return AnchorFinding(AnchorState.BEHIND, seq - own)
        if head_at(seq) != bytes.fromhex(head):
            return AnchorFinding(AnchorState.OTHER)
        return AnchorFinding(AnchorState.WHOLE)
