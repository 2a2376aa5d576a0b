"""Hashes and their domains: the only module that imports hashlib and hmac outside `store.keys.crypto`.

Security.md section 5: SHA-256 throughout, domain-separated, so that a leaf can never be taken for a node or an audit
entry for a head.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable


def sha256(data: bytes) -> bytes:
    """Return the 32-byte SHA-256 of `data`."""
    return hashlib.sha256(data).digest()


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of `data` as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def running_sha256() -> hashlib._Hash:
    """Return a SHA-256 that is fed piece by piece, for streams that do not fit in memory."""
    return hashlib.sha256()


def hmac_sha256(key: bytes, data: bytes) -> bytes:
    """Return HMAC-SHA256(key, data), 32 bytes (RFC 2104)."""
    return hmac.digest(key, data, "sha256")


def same(left: bytes, right: bytes) -> bool:
    """Compare two digests in constant time."""
    return hmac.compare_digest(left, right)


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Return the Merkle root of `leaves` (each any bytes) in their order; no leaves give SHA-256 of nothing.

    Leaf = H(0x00 | leaf), node = H(0x01 | left | right), an odd node is promoted (security.md section 5).
    Keeps one digest per level: a million leaves need some twenty digests of memory.
    """
    stack: list[tuple[int, bytes]] = []
    for leaf in leaves:
        level, node = 0, sha256(b"\x00" + leaf)
        while stack and stack[-1][0] == level:
            _, left = stack.pop()
            level, node = level + 1, sha256(b"\x01" + left + node)
        stack.append((level, node))
    if not stack:
        return sha256(b"")
    _, root = stack.pop()
    while stack:
        _, left = stack.pop()
        root = sha256(b"\x01" + left + root)
    return root
