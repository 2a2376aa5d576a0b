"""Archives for print houses: zip with AES-256 (WinZip's AE-2), by pyzipper.

Decision: zip, because 7-Zip and WinZip open it and print houses have them; age is the better format and nobody at a
printer's desk knows it. Zip derives its key by a thousand rounds only, so the passphrase is ours and not thought up by
anybody: 118 random bits need no rounds. Names in the archive can be read without it; they are numbers.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

import pyzipper

from dpo_app.core.digests import running_sha256
from dpo_app.core.errors import InputError
from dpo_app.files import MEGABYTE, read_chunks

_MOST_BYTES = 8_000 * MEGABYTE
#: A zip holds no time before this day, and the time of packing is nobody's business.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


class ClosedArchives:
    """`services.ports.hand_over.HandOver`."""

    def close(
        self, members: Sequence[Path], out: BinaryIO, passphrase: str, seen: Callable[[int], None]
    ) -> Mapping[str, str]:
        """Write the archive piece by piece; returns the SHA-256 of each file by name."""
        found = {}
        with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES, allowZip64=True) as archive:
            archive.setpassword(passphrase.encode())
            archive.setencryption(pyzipper.WZ_AES, nbits=256)
            for path in members:
                info = archive.zipinfo_cls(path.name, _NO_TIME)
                # Pages are packed already; the manifest is not.
                info.compress_type = pyzipper.ZIP_STORED if path.suffix == ".pdf" else pyzipper.ZIP_DEFLATED
                info.external_attr, info.create_system = 0o600 << 16, 3
                digest = running_sha256()
                with archive.open(info, "w", force_zip64=True) as member:
                    for chunk in read_chunks(path, _MOST_BYTES, MEGABYTE):
                        digest.update(chunk)
                        member.write(chunk)
                        seen(len(chunk))
                found[path.name] = digest.hexdigest()
        return found

    def digests(self, archive: Path, passphrase: str, seen: Callable[[int], None]) -> Iterator[tuple[str, str]]:
        """Yield (name, SHA-256) of each file in an archive, decrypted."""
        try:
            with pyzipper.AESZipFile(archive) as opened:
                opened.setpassword(passphrase.encode())
                for info in opened.infolist():
                    digest = running_sha256()
                    with opened.open(info) as member:
                        while chunk := member.read(MEGABYTE):
                            digest.update(chunk)
                            seen(len(chunk))
                    yield info.filename, digest.hexdigest()
        except (pyzipper.BadZipFile, RuntimeError, OSError, EOFError, zlib.error):
            raise InputError("hand_over_unreadable", file=archive.name) from None
