"""The recovery secret as lines that people print, type and check line by line.

32 random bytes become six lines of three groups of four signs. The last three signs of a line check it, so that a
slip of the hand, or a line of another store, is found where it stands.
"""

from __future__ import annotations

from dpo_app.core.digests import sha256
from dpo_app.core.errors import InputError
from dpo_app.core.ids import CODE_ALPHABET, plain_code

SECRET_BYTES = 32
LINES = 6
#: 256 bits are 53 signs of thirty (4.9 bits each): 54 in six lines of nine, and three signs of checksum each.
SIGNS_A_LINE = 9
CHECK_SIGNS = 3
GROUP = 4
_TOTAL = LINES * SIGNS_A_LINE


def _encode(number: int, length: int) -> str:
    signs = []
    for _ in range(length):
        number, rest = divmod(number, len(CODE_ALPHABET))
        signs.append(CODE_ALPHABET[rest])
    return "".join(reversed(signs))


def _check(line: int, signs: str, store_id: str) -> str:
    digest = sha256(f"recovery/{store_id}/{line}/{signs}".encode())
    return _encode(int.from_bytes(digest[:8], "big"), CHECK_SIGNS)


def to_lines(secret: bytes, store_id: str) -> tuple[str, ...]:
    """Return the six lines of a recovery secret, each of three groups of four: nine signs and three that check them
    together with the line's number and the store's id (32 hex digits)."""
    signs = _encode(int.from_bytes(secret, "big"), _TOTAL)
    lines = []
    for number in range(LINES):
        part = signs[number * SIGNS_A_LINE : (number + 1) * SIGNS_A_LINE]
        whole = part + _check(number, part, store_id)
        lines.append("-".join(whole[i : i + GROUP] for i in range(0, len(whole), GROUP)))
    return tuple(lines)


def line_ok(number: int, text: str, store_id: str) -> bool:
    """Tell whether a typed line (number from 0) is one of this store's sheet and without a slip."""
    signs = plain_code(text)
    if len(signs) != SIGNS_A_LINE + CHECK_SIGNS or any(sign not in CODE_ALPHABET for sign in signs):
        return False
    return _check(number, signs[:SIGNS_A_LINE], store_id) == signs[SIGNS_A_LINE:]


def from_lines(lines: tuple[str, ...], store_id: str) -> bytes:
    """Return the recovery secret of typed lines. Raises InputError("recovery_line", line=n) for the first line with
    a slip or of another store, InputError("recovery_lines_missing")."""
    if len(lines) != LINES:
        raise InputError("recovery_lines_missing", lines=LINES)
    number = 0
    for place, text in enumerate(lines):
        if not line_ok(place, text, store_id):
            raise InputError("recovery_line", line=place + 1)
        for sign in plain_code(text)[:SIGNS_A_LINE]:
            number = number * len(CODE_ALPHABET) + CODE_ALPHABET.index(sign)
    try:
        return number.to_bytes(SECRET_BYTES, "big")
    except OverflowError:
        raise InputError("recovery_line", line=1) from None
