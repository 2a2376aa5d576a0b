"""E-mails as finished bytes: one message, one recipient, plain text, nothing that could be mistaken for a trap.

Headers follow letters-and-email.md 5.2. A template per form is built by the standard library and filled by text: an
`EmailMessage` per person costs forty times as much. Each finished message is read again by the standard library's
parser and compared with the plan, headers decoded: what it says is what goes out.
"""

from __future__ import annotations

import csv
import io
import quopri
from collections.abc import Callable, Iterable
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP, compat32
from pathlib import Path
from typing import Any

from dpo_app.core.digests import sha256_hex
from dpo_app.core.errors import DeliveryError, InputError
from dpo_app.core.ids import grouped
from dpo_app.core.notice import Slot
from dpo_app.core.notice_text import plain_text
from dpo_app.files import ensure_folder, sync_folder, write_bytes
from dpo_app.services.ports.mail import MailOrder, MailRecord, MailRow

#: Stands in a template where a person's value goes; a sign that no register can contain after cleaning.
_MARK = "\ue000{}\ue001"
_HEADERS = (
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
    "Content-Language", "X-Notice-Ref", "X-Unsent", "MIME-Version", "Content-Type",
    "Content-Transfer-Encoding",
)  # fmt: skip
#: Every message is parsed again up to this many, then every fiftieth and the first of each form.
CHECK_ALL, CHECK_EVERY = 1_000, 50
STEP = 500


class MailMaker:
    """`services.ports.mail.MailRenderer`."""

    def prepare(self, order: MailOrder) -> MailRun:
        """Build the templates."""
        return MailRun(order)


class MailRun:
    """One export: templates, and the domain for message ids."""

    def __init__(self, order: MailOrder) -> None:
        try:
            sender = Address(order.sender_name, addr_spec=order.sender_address)
        except (ValueError, IndexError, MessageError):
            raise InputError("sender_address") from None
        if not sender.domain or any(sign in order.sender_name for sign in "\r\n"):
            raise InputError("sender_address")
        self._order, self._sender, self._domain = order, sender, sender.domain
        self._heads = [self._head(place) for place in range(len(order.forms))]
        self._bodies = [self._body(place) for place in range(len(order.forms))]
        self._seen: set[int] = set()

    def _head(self, form: int) -> bytes:
        """Return the headers that all messages of a form share, folded and encoded by the standard library."""
        language = self._order.languages[form]
        message = EmailMessage(policy=SMTP)
        message["From"] = self._sender
        message["Subject"] = self._order.subjects[language]
        message["Date"] = self._order.date
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message["Content-Language"] = language
        message["X-Unsent"] = "1"
        message["MIME-Version"] = "1.0"
        message["Content-Type"] = 'text/plain; charset="utf-8"'
        message["Content-Transfer-Encoding"] = "quoted-printable"
        return message.as_bytes().rstrip(b"\r\n") + b"\r\n"

    def _body(self, form: int) -> list[str]:
        """Return the text of a form cut at its slots: text, slot, text, slot, …"""
        marks = {slot: _MARK.format(slot.name) for slot in Slot}
        text = plain_text(self._order.forms[form], marks)
        parts = [text]
        for mark in marks.values():
            cut: list[str] = []
            for part in parts:
                pieces = part.split(mark) if part not in marks.values() else [part]
                for place, piece in enumerate(pieces):
                    if place:
                        cut.append(mark)
                    cut.append(piece)
            parts = cut
        by_mark = {mark: slot.name for slot, mark in marks.items()}
        return [by_mark.get(part, part) if part in by_mark else part for part in parts]

    def message(self, row: MailRow) -> bytes:
        """Return the finished bytes of one message."""
        values = {slot.name: value for slot, value in row.slots.items()}
        text = "".join(values[part] if place % 2 else part for place, part in enumerate(self._bodies[row.form]))
        own = (
            f"To: {_recipient(row.to_name, row.to_address)}\r\n"
            f"Message-ID: <{row.token.lower()}.{row.attempt}@{self._domain}>\r\n"
            f"X-Notice-Ref: {row.token}\r\n\r\n"
        )
        encoded = quopri.encodestring(text.encode(), quotetabs=False)
        data = self._heads[row.form] + own.encode("ascii") + encoded.replace(b"\n", b"\r\n")
        if row.form not in self._seen or row.number <= CHECK_ALL or row.number % CHECK_EVERY == 0:
            self._seen.add(row.form)
            self._check(row, data)
        return data

    def _check(self, row: MailRow, data: bytes) -> None:
        """Compare the bytes with the plan by a second parser: names and number of headers, the one recipient, the
        code. Raises DeliveryError("mail_not_as_planned")."""
        head = BytesHeaderParser(policy=SMTP).parsebytes(data)
        plain = BytesHeaderParser(policy=compat32).parsebytes(data)
        recipients: Any = getattr(head["To"], "addresses", ())
        whole = (
            sorted(plain.keys()) == sorted(_HEADERS)
            and len(recipients) == 1
            and recipients[0].addr_spec == row.to_address
            and head["X-Notice-Ref"] == row.token
            and not head.defects
        )
        if whole and Slot.CODE in row.slots:
            whole = grouped(row.token).encode() in data.replace(b"=\r\n", b"")
        if not whole:
            raise DeliveryError("mail_not_as_planned", retryable=False, number=row.number)

    def write(self, rows: Iterable[MailRow], folder: Path, step: Callable[[int], None]) -> list[MailRecord]:
        """Write a file for each message, named by its place, and `manifest.csv`.

        The folder appears under its name only when it is whole (the caller renames it), so each file is written plainly
        and the folder is synced once: a sync for each of 33,000 files would take minutes.
        """
        ensure_folder(folder)
        records: list[MailRecord] = []
        for row in rows:
            data = self.message(row)
            name = f"{row.number:06d}.eml"
            (folder / name).write_bytes(data)
            records.append(MailRecord(row.number, row.token, name, sha256_hex(data)))
            if len(records) % STEP == 0:
                step(len(records))
        write_bytes(folder / "manifest.csv", _manifest(records))
        sync_folder(folder)
        return records


def _recipient(name: str, address: str) -> str:
    """Return the one recipient as it stands in the header: the name quoted or encoded, the address as parsed."""
    if any(sign in name + address for sign in "\r\n\x00"):
        raise DeliveryError("mail_not_as_planned", retryable=False, number=0)
    if not name:
        return address
    # A name that looks like an encoded word would be read as one, quoted or not.
    if name.isascii() and "=?" not in name:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>' if len(quoted) < 60 else address
    encoded = Header(name, "utf-8", maxlinelen=72, header_name="To").encode(linesep="\r\n")
    return f"{encoded} <{address}>" if "\r\n" not in encoded else f"{encoded}\r\n <{address}>"


def _manifest(records: Iterable[MailRecord]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(["number", "token", "file", "sha256"])
    writer.writerows(records)
    return "\ufeff".encode() + text.getvalue().encode()
