#!/usr/bin/env python3
"""Verify an exported audit trail of DPO Desk: one file, Python's standard library only, no program and no key needed.

    python3 verify_bundle.py BUNDLE.zip [--head HEAD]

BUNDLE is the zip or the folder it was unpacked to. HEAD is the head hash printed on an audit PDF or a batch sheet; with
it the bundle is also checked against paper, which nobody can change from afar. Exit codes: 0 intact, 1 altered (the
first bad entry is named), 2 cannot be verified, 3 the printed head is not in the trail.

What is computed, all SHA-256, | joins bytes:
    head 0 = H(0x02 | "audit-v1" | store id)
    hash of an entry = H(0x00 | "audit-v1" | its line in trail.jsonl)
    head n = H(0x01 | head n-1 | hash of entry n)
"""

import argparse
import hashlib
import json
import sys
import unicodedata
import zipfile
from pathlib import Path

FORMAT = "audit-v1"
INTACT, ALTERED, CANNOT, BEHIND = 0, 1, 2, 3
MOST_BYTES = 4_000_000_000
FIELDS = {
    "format", "seq", "store", "at", "monotonic_ms", "boot", "clock", "actor", "device", "program", "action", "subjects",
    "facts", "commitments",
}  # fmt: skip
#: A published test vector: this verifier proves itself before it judges anything.
VECTOR_STORE = "0123456789abcdef0123456789abcdef"
VECTOR_LINE = (
    b'{"action":"plan_made","actor":"Tester","at":"2026-11-24T09:00:01.123Z","boot":"boot","clock":"plain",'
    b'"commitments":{},"device":"desk","facts":{"persons":1},"format":"audit-v1","monotonic_ms":1001,'
    b'"program":"0.1.0","seq":1,"store":"0123456789abcdef0123456789abcdef",'
    b'"subjects":["abababababababababababababababab"]}'
)
VECTOR_HEAD = "15e466d1900f126bb74530a1b18f3935155aa59d298c0a8ddb5fada3e45e03da"


class Unreadable(Exception):
    """The bundle is none."""


def digest(*parts):
    """Return SHA-256 of the parts joined."""
    return hashlib.sha256(b"".join(parts)).digest()


def genesis(store_id):
    """Return the head before the first entry."""
    return digest(b"\x02", FORMAT.encode(), bytes.fromhex(store_id))


def follow(head, line):
    """Return the head after an entry."""
    return digest(b"\x01", head, digest(b"\x00", FORMAT.encode(), line))


def once(pairs):
    """Refuse a name that stands twice: readers would differ about which one counts."""
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def no_float(text):
    """Refuse numbers that are not whole."""
    raise ValueError(f"{text} is not a whole number")


def is_entry(line, seq, store_id):
    """Tell whether a line is the canonical form of entry `seq` of this store."""
    try:
        entry = json.loads(line, object_pairs_hook=once, parse_float=no_float, parse_constant=no_float)
        again = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return (
            set(entry) == FIELDS
            and (entry["format"], entry["seq"], entry["store"]) == (FORMAT, seq, store_id)
            and unicodedata.normalize("NFC", again).encode() == line
        )
    except (ValueError, TypeError, RecursionError):
        return False


def judge(bundle, lines, heads, printed):
    """Return (exit code, what to say)."""
    head = genesis(bundle["store"])
    printed_at = 0 if printed == head else None
    seq = 0
    for seq, line in enumerate(lines, 1):
        head = follow(head, line)
        if not is_entry(line, seq, bundle["store"]) or seq > len(heads) or heads[seq - 1] != head.hex():
            return ALTERED, f"altered: entry {seq} does not follow from the ones before it"
        if printed == head:
            printed_at = seq
    if len(heads) != seq or bundle["entries"] != seq or bundle["head"] != head.hex():
        return ALTERED, f"altered: entries after {seq} are missing"
    if printed is not None and printed_at is None:
        return BEHIND, f"behind: {seq} entries hold together, but the printed head is not among their heads"
    said = f"intact: {seq} entries, head {head.hex()}"
    if printed is None:
        return INTACT, said + "\nCompare that head with a printed one, or give it: --head HEAD"
    return INTACT, said + f"\nthe printed head is the one after entry {printed_at}"


def read(path):
    """Return the description, the lines and the heads of a bundle."""
    names = ("bundle.json", "trail.jsonl", "heads.txt")
    try:
        if path.is_dir():
            data = [(path / name).read_bytes() for name in names]
        else:
            with zipfile.ZipFile(path) as archive:
                if sum(archive.getinfo(name).file_size for name in names) > MOST_BYTES:
                    raise Unreadable("the bundle is too big")
                data = [archive.read(name) for name in names]
        bundle = json.loads(data[0])
        if bundle["format"] != FORMAT:
            raise Unreadable(f"the format is not {FORMAT}")
        if len(bytes.fromhex(bundle["store"])) != 16 or not isinstance(bundle["entries"], int):
            raise Unreadable("the description is damaged")
        return bundle, data[1].split(b"\n")[:-1], data[2].decode("ascii").split("\n")[:-1]
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise Unreadable(f"no readable bundle ({type(error).__name__})") from None
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise Unreadable("the bundle is damaged") from None
        raise


def main(arguments=None):
    """Verify a bundle; returns the exit code."""
    parser = argparse.ArgumentParser(description="Verify an exported audit trail.")
    parser.add_argument("bundle", type=Path, help="the zip, or the folder it was unpacked to")
    parser.add_argument("--head", default="", help="a printed head hash that must be in the trail")
    given = parser.parse_args(arguments)
    try:
        if follow(genesis(VECTOR_STORE), VECTOR_LINE).hex() != VECTOR_HEAD:
            raise Unreadable("this verifier does not compute the published test vector")
        plain = "".join(given.head.split())
        try:
            printed = bytes.fromhex(plain) if plain else None
        except ValueError:
            raise Unreadable("a head is 64 signs of 0-9 and a-f") from None
        if printed is not None and len(printed) != 32:
            raise Unreadable("a head is 64 signs of 0-9 and a-f")
        code, said = judge(*read(given.bundle), printed)
    except Unreadable as error:
        code, said = CANNOT, f"cannot be verified: {error}"
    sys.stdout.write(said + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
