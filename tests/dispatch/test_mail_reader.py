"""The limited child: what strangers send neither breaks the reading nor stops it, and the child can do nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from io import BytesIO
from pathlib import Path

import pytest

from dpo_app.core.errors import InputError
from dpo_app.core.mail.bounce import MailKind, Proof
from dpo_app.dispatch.bounces import MailReader, split_mbox
from dpo_app.process import CHILDREN, child_command
from tests.dispatch.bounce_kit import corpus, truth

BOUNCE = truth("001-postfix")


def read(*messages: bytes) -> list[tuple[MailKind, str]]:
    found = list(MailReader().read(messages))
    return [(mail.kind, mail.reason.value if mail.reason else "") for mail in found]


def test_all_of_the_corpus_in_order() -> None:
    wanted = corpus()
    found = list(MailReader().read(each.data for each in wanted))
    assert [mail.kind.value for mail in found] == [each.kind for each in wanted]


def wrapped(depth: int, inner: bytes) -> bytes:
    return b"From: a@b.example\nContent-Type: message/rfc822\n\n" * depth + inner


def boxed(depth: int, inner: bytes) -> bytes:
    head = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth))
    return head + inner


@pytest.mark.parametrize(
    "hostile",
    [
        BOUNCE.data + b"lorem ipsum dolor\n" * 1_200_000,
        BOUNCE.data + b"x" * 20_000_000,
        wrapped(20_000, BOUNCE.data),
        boxed(5_000, BOUNCE.data),
        b"Subject: " + b"=?utf-8?q?=C3=A4?= " * 100_000 + b"\n" + BOUNCE.data,
        b"Content-Type: text/plain; charset=no-such-set\nContent-Transfer-Encoding: base64\n\n!!!!",
        b'Content-Type: multipart/report; report-type=delivery-status; boundary=""\n\n--\n',
        b"",
        b"\x00" * 5_000,
        b"From: " + b"<" * 200_000 + b"\n\n" + b"a@" * 100_000,
        b"Content-Type: message/delivery-status\n\n" + b"Action: failed\n\n" * 50_000,
        b"From: MAILER-DAEMON\nSubject: failure\n\n" + b"user " * 400_000,
        b"From: MAILER-DAEMON\nSubject: failure\nContent-Type: text/html\n\n" + b"<" * 500_000,
    ],
    ids=["20MB-lines", "20MB-line", "nested", "boxed", "words", "charset", "boundary", "empty", "zeros", "brackets",
         "blocks", "phrases", "tags"],
)  # fmt: skip
def test_hostile_messages_are_survived_and_the_next_is_read(hostile: bytes) -> None:
    found = read(hostile, BOUNCE.data)
    assert len(found) == 2 and found[1] == (MailKind.BOUNCED, "dead_address")


_ENDS = "import os, sys, struct; sys.stdin.buffer.read(4); os._exit(1)"
_SLEEPS = "import time; time.sleep(60)"
_NAMES = ("status", "host", "address", "subject", "text", "reason")
_LIE = {"identity": "0" * 64, "kind": "bounced", "codes": [["address", "x"]], **dict.fromkeys(_NAMES, "")}
_DEEP = f"print('[' * 150_000, flush=True); {_SLEEPS}"
_ENDLESS = "import sys\nwhile True: sys.stdout.write('x' * 65536)"
_LIES = f"print({json.dumps({'kind': 'bounced'})!r}, {json.dumps(_LIE)!r}, sep=chr(10), flush=True); {_SLEEPS}"


@pytest.mark.parametrize(
    "child", [_ENDS, _SLEEPS, _LIES, _DEEP, _ENDLESS], ids=["ends", "sleeps", "lies", "deep", "endless"]
)
def test_a_child_that_fails_costs_its_message_and_no_other(child: str) -> None:
    reader = MailReader(lambda: [sys.executable, "-c", child], seconds=0.5)
    found = list(reader.read([BOUNCE.data, b"two", b"three"]))
    assert [mail.kind for mail in found] == [MailKind.UNREADABLE] * 3 and len({m.identity for m in found}) == 3


def test_an_answer_without_end_is_not_taken_into_memory() -> None:
    reader = MailReader(lambda: [sys.executable, "-c", _ENDLESS], seconds=30)
    tracemalloc.start()
    try:
        assert [mail.kind for mail in reader.read([BOUNCE.data])] == [MailKind.UNREADABLE]
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_only_the_message_that_ends_the_child_is_set_aside() -> None:
    starts = iter([[sys.executable, "-c", _ENDS], child_command("--mail-child"), child_command("--mail-child")])
    found = list(MailReader(lambda: next(starts)).read([b"kills", BOUNCE.data, BOUNCE.data]))
    assert [mail.kind for mail in found] == [MailKind.UNREADABLE, MailKind.BOUNCED, MailKind.BOUNCED]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
@pytest.mark.parametrize(
    "deed",
    [
        "import socket; socket.socket()",
        "open('/etc/hostname')",
        "import subprocess; subprocess.run(['true'])",
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))" if sys.platform != "linux" else
        "import os; os.open('/dev/null', os.O_WRONLY)",
        "bytearray(3 * 1024 ** 3)",
    ],
)  # fmt: skip
def test_the_child_can_open_nothing(deed: str) -> None:
    code = (
        f"import sys, socket, subprocess, resource, os; sys.path.insert(0, {str(Path(__file__).parents[2])!r})\n"
        "from dpo_app.dispatch import mail_child\n"
        f"mail_child.confine()\ntry:\n    {deed}\nexcept (OSError, MemoryError): sys.exit(7)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 7


def test_the_program_knows_the_child() -> None:
    assert CHILDREN["--mail-child"] == "dpo_app.dispatch.mail_child"


def test_the_key_of_the_store_is_not_in_the_child() -> None:
    # It is told messages and nothing else: neither arguments nor variables of ours.
    assert child_command("--mail-child")[-1] == CHILDREN["--mail-child"]


def mbox(*messages: bytes) -> bytes:
    quoted = (
        b"\n".join(b">" + x if x.lstrip(b">").startswith(b"From ") else x for x in m.split(b"\n")) for m in messages
    )
    return b"".join(b"From MAILER-DAEMON Thu Oct  1 09:12:33 2026\n" + each + b"\n\n" for each in quoted)


def test_a_mailbox_file_is_cut_where_it_must_be(tmp_path: Path) -> None:
    odd = b"Subject: x\n\nFrom here on it goes.\n\nFrom above.\n>From below"
    whole = mbox(BOUNCE.data, odd, truth("empty").data)
    assert [m.rstrip(b"\n") for m in split_mbox(BytesIO(whole))] == [
        BOUNCE.data.rstrip(b"\n"), odd, truth("empty").data.rstrip(b"\n"),
    ]  # fmt: skip
    (tmp_path / "inbox").write_bytes(whole)
    assert len(list(MailReader().messages(tmp_path / "inbox"))) == 3


def test_messages_without_a_blank_line_between_them_are_parted() -> None:
    tight = b"".join(
        b"From MAILER-DAEMON  Thu Oct  1 09:12:33 2026\n" + BOUNCE.data.rstrip() + b"\n" for _n in range(3)
    )
    assert len(list(split_mbox(BytesIO(tight)))) == 3
    talk = b"From x Thu Oct  1 09:12:33 2026\nSubject: a\n\nHello.\nFrom now on all is well.\n"
    assert len(list(split_mbox(BytesIO(talk)))) == 1


def test_folders_files_and_maildirs(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(BOUNCE.data)
    (tmp_path / "b.mbox").write_bytes(mbox(BOUNCE.data, BOUNCE.data))
    (tmp_path / "picture.png").write_bytes(b"no mail")
    (tmp_path / "link.eml").symlink_to("/etc/hostname")
    assert len(list(MailReader().messages(tmp_path))) == 3
    assert len(list(MailReader().messages(tmp_path / "a.eml"))) == 1
    maildir = tmp_path / "m"
    for name in ("cur", "new", "tmp"):
        (maildir / name).mkdir(parents=True)
    (maildir / "new" / "1.host").write_bytes(BOUNCE.data)
    (maildir / "tmp" / "2.host").write_bytes(BOUNCE.data)
    assert len(list(MailReader().messages(maildir))) == 1
    (tmp_path / "empty").mkdir()
    for wrong, code in ((tmp_path / "empty", "no_mail_here"), (tmp_path / "none", "no_such_file")):
        with pytest.raises(InputError, match=code):
            list(MailReader().messages(wrong))


def test_proofs_are_places_the_child_may_name() -> None:
    assert {place for mail in MailReader().read([BOUNCE.data]) for place, _ in mail.codes} == {Proof.RETURN_PATH}
