"""A batch for the print house: encrypted whole, read back, opened by another implementation, and nothing else let out."""

from __future__ import annotations

import struct
import zlib
from hashlib import pbkdf2_hmac, sha256
from hmac import digest as hmac_digest
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.ids import BatchId, BreachId
from dpo_app.dispatch.hand_over import ClosedArchives
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.letters.hand_over import PASSPHRASE_SIGNS, HandedOver, hand_over
from dpo_app.services.letters.make_letters import confirm_posted, make_letters
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from tests.approving import approve_notice
from tests.builders import a_register, a_row
from tests.conftest import bring_in

ONE = BatchId(1)


@pytest.fixture
def folder(desk: Desk, breach_id: BreachId, tmp_path: Path) -> Path:
    """The folder of a batch of four letters."""
    rows = [a_row(n, **{"Sähköposti": "", "Kieli": "fi"}) for n in range(1, 5)]
    bring_in(desk, breach_id, a_register(tmp_path / "r.csv", rows))
    make_plan(desk, breach_id)
    approve_notice(desk, draft_notice(desk, breach_id)[0], "Maija Mallikas")
    make_letters(desk, breach_id, tmp_path / "made")
    return tmp_path / "made" / "L1"


def opened(archive: Path, passphrase: str) -> dict[str, bytes]:
    """Open a zip by WinZip's own description of AE-2 and by nothing of the program or its library: local headers one
    after the other, as the central directory names them."""
    data = archive.read_bytes()
    count, size, start = struct.unpack("<HII", data[-22 + 10 : -22 + 20])
    assert size + start + 22 == len(data), "no comment, no zip64 directory"
    found, at = {}, start
    for _ in range(count):
        method, packed = (
            struct.unpack("<H", data[at + 10 : at + 12])[0],
            struct.unpack("<I", data[at + 20 : at + 24])[0],
        )
        name_length, extra_length = struct.unpack("<HH", data[at + 28 : at + 32])
        offset = struct.unpack("<I", data[at + 42 : at + 46])[0]
        name = data[at + 46 : at + 46 + name_length].decode()
        extra = data[at + 46 + name_length : at + 46 + name_length + extra_length]
        assert method == 99
        place = extra.index(struct.pack("<H", 0x9901))
        version, vendor, strength, real = struct.unpack("<H2sBH", extra[place + 4 : place + 11])
        assert (version, vendor, strength) == (2, b"AE", 3), "AE-2 with 256 bits, no sum of the clear text"
        own_name, own_extra = struct.unpack("<HH", data[offset + 26 : offset + 30])
        body = data[offset + 30 + own_name + own_extra :][:packed]
        salt, check, code, sealed = body[:16], body[16:18], body[18:-10], body[-10:]
        keys = pbkdf2_hmac("sha1", passphrase.encode(), salt, 1000, 66)
        assert keys[64:] == check and hmac_digest(keys[32:64], code, "sha1")[:10] == sealed
        blocks = b"".join(n.to_bytes(16, "little") for n in range(1, len(code) // 16 + 2))
        stream = Cipher(algorithms.AES(keys[:32]), modes.ECB()).encryptor().update(blocks)  # noqa: S305 - as AE-2 has it
        plain = bytes(a ^ b for a, b in zip(code, stream, strict=False))
        found[name] = zlib.decompress(plain, -15) if real == 8 else plain
        at += 46 + name_length + extra_length + struct.unpack("<H", data[at + 32 : at + 34])[0]
    return found


def closed(desk: Desk, folder: Path, out: Path) -> HandedOver:
    return hand_over(desk, ONE, folder, out)


def test_the_print_house_gets_what_was_made_and_nothing_else(desk: Desk, folder: Path, tmp_path: Path) -> None:
    (folder / "notes.txt").write_text("not ours", "utf-8")
    steps: list[tuple[int, int | None]] = []

    class Seen:
        def step(self, done: int, total: int | None = None) -> None:
            steps.append((done, total))

    done = hand_over(desk, ONE, folder, tmp_path / "out", Seen())
    path = tmp_path / "out" / done.name
    found = opened(path, done.passphrase)
    assert found == {each.name: each.read_bytes() for each in folder.iterdir() if each.name != "notes.txt"}
    assert done.files == len(found) == 6 and done.sha256 == sha256(path.read_bytes()).hexdigest()
    assert steps and steps[-1][0] <= (steps[-1][1] or 0)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in (tmp_path / "out").iterdir()] == [done.name]
    assert b"L1-letters.pdf" in path.read_bytes() and b"%PDF" not in path.read_bytes()


def test_the_passphrase_is_long_new_and_kept_nowhere(desk: Desk, folder: Path, tmp_path: Path) -> None:
    first, second = closed(desk, folder, tmp_path / "a"), closed(desk, folder, tmp_path / "b")
    assert first.passphrase != second.passphrase and len(first.passphrase.replace("-", "")) == PASSPHRASE_SIGNS == 24
    assert first.passphrase not in repr(first)
    with desk.read() as queries:
        lines = queries.trail.lines()
        assert lines[0].action == "letters_closed"
        assert first.passphrase not in str(lines) and first.passphrase.replace("-", "") not in str(lines)
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or first.passphrase.encode() not in path.read_bytes(), path.name
    with pytest.raises(InputError, match="hand_over_unreadable"):
        dict(ClosedArchives().digests(tmp_path / "a" / first.name, second.passphrase, lambda _n: None))


@pytest.mark.parametrize("name", ["L1-letters.pdf", "manifest.csv", "SHA256SUMS"])
def test_a_file_that_was_changed_or_is_gone_does_not_leave(desk: Desk, folder: Path, tmp_path: Path, name: str) -> None:
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole.replace(b"1", b"2", 1) if name == "SHA256SUMS" else whole + b" ")
    with pytest.raises(InputError, match="hand_over_differs"):
        closed(desk, folder, tmp_path / "out")
    (folder / name).unlink()
    with pytest.raises(InputError, match="no_such_file"):
        closed(desk, folder, tmp_path / "out")
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []


def test_letters_of_another_batch_with_their_own_sums_do_not_leave(desk: Desk, folder: Path, tmp_path: Path) -> None:
    letters = folder / "L1-letters.pdf"
    letters.write_bytes(letters.read_bytes() + b"\n")
    sums = folder / "SHA256SUMS"
    rows = [row for row in sums.read_text("ascii").splitlines() if not row.endswith("L1-letters.pdf")]
    rows.append(f"{sha256(letters.read_bytes()).hexdigest()}  L1-letters.pdf")
    sums.write_text("\n".join(rows) + "\n", "ascii")
    with pytest.raises(InputError, match="hand_over_differs"):
        closed(desk, folder, tmp_path / "out")


def test_an_archive_that_cannot_be_read_back_is_removed(
    desk: Desk, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ClosedArchives.digests

    def failing(self: ClosedArchives, archive: Path, passphrase: str, seen: object) -> object:
        data = bytearray(archive.read_bytes())
        data[200] ^= 1
        archive.write_bytes(data)
        return whole(self, archive, passphrase, seen)  # type: ignore[arg-type]

    monkeypatch.setattr(ClosedArchives, "digests", failing)
    with pytest.raises(InputError, match="hand_over_unreadable"):
        closed(desk, folder, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_only_a_batch_that_lies_ready(desk: Desk, folder: Path, tmp_path: Path) -> None:
    confirm_posted(desk, ONE, desk.clock.now().date())
    with pytest.raises(RuleError, match="batch_state"):
        closed(desk, folder, tmp_path / "out")
