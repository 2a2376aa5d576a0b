"""The process that reads messages of strangers: without keys, store, network or files, and with limits.

Standard input: messages, each after its length in four bytes, most significant first. Standard output: one line of JSON
for each, in order. The parent knows by the order which message ended the child, sets it aside and starts another.
"""

from __future__ import annotations

import codecs
import json
import logging
import struct
import sys
from typing import Any, BinaryIO, TextIO

from dpo_app.dispatch.bounce_parser import read_mail

LENGTH = struct.Struct(">I")
MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 3_600
#: Character sets that mail comes in; their modules are loaded before no file may be opened any more.
_CHARSETS = (
    "utf-8", "utf-16", "utf-7", "ascii", "iso-8859-1", "iso-8859-2", "iso-8859-4", "iso-8859-5", "iso-8859-7",
    "iso-8859-9", "iso-8859-10", "iso-8859-13", "iso-8859-15", "windows-1250", "windows-1251", "windows-1252",
    "windows-1253", "windows-1254", "windows-1257", "koi8-r", "koi8-u", "iso-2022-jp", "shift_jis", "euc-jp", "gb2312",
    "gbk", "gb18030", "big5", "euc-kr", "cp437", "cp850", "mac-roman", "quopri", "base64", "uu", "punycode", "idna",
    "raw-unicode-escape", "unknown-8bit",
)  # fmt: skip
_SAMPLE = (
    b"From: MAILER-DAEMON@x.example\nSubject: =?utf-8?q?=C3=A4?=\nContent-Type: text/plain\n\nFailed: a@b.example\n"
)


def confine() -> None:
    """Load what reading needs, then give up files, sockets, children and memory beyond the limit.

    With no free descriptor left nothing can be opened any more, a socket neither. Where the system has no such limits
    the hook of the interpreter refuses the same.
    """
    for name in _CHARSETS:
        try:
            codecs.lookup(name)
        except LookupError:
            continue
    read_mail(_SAMPLE)
    logging.disable(logging.CRITICAL)
    sys.addaudithook(_refuse)
    try:
        import resource
    except ImportError:
        return
    limits = (
        (resource.RLIMIT_AS, 2 * MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 3),
    )  # fmt: skip
    for what, most in limits:
        resource.setrlimit(what, (most, most))


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "ctypes.")):
        raise PermissionError(event)


def serve(source: BinaryIO, out: TextIO) -> None:
    """Answer each message with a line, until there are no more."""
    while len(head := source.read(LENGTH.size)) == LENGTH.size:
        data = source.read(LENGTH.unpack(head)[0])
        json.dump(answer(data), out, ensure_ascii=True, separators=(",", ":"))
        out.write("\n")
        out.flush()


def answer(data: bytes) -> dict[str, Any]:
    """Return the facts of a message as plain values; what goes wrong is said by its kind alone, without a value."""
    try:
        mail = read_mail(data)
    except Exception as error:
        return {"error": type(error).__name__}
    return {
        "identity": mail.identity, "kind": mail.kind.value, "reason": mail.reason.value if mail.reason else "",
        "status": mail.status, "host": mail.host, "address": mail.address, "subject": mail.subject, "text": mail.text,
        "codes": [[place.value, code] for place, code in mail.codes],
    }  # fmt: skip


def main() -> None:
    """Read standard input, write standard output."""
    confine()
    try:
        serve(sys.stdin.buffer, sys.stdout)
    except (BrokenPipeError, KeyboardInterrupt):
        sys.stderr.close()


if __name__ == "__main__":
    main()
