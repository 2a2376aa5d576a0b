"""E-mails as finished bytes: one message, one recipient, plain text first, nothing that could be mistaken for a trap.

Headers follow letters-and-email.md 5.2. A template per form is built by the standard library and filled by text: an
`EmailMessage` per person costs forty times as much. Beside the plain text stands the same in plain HTML, without
pictures, styles or anything that is fetched. Each finished message is read again by the standard library's parser and
compared with the plan, headers decoded: what it says is what goes out.
"""

from __future__ import annotations

import base64
import csv
import io
import quopri
import re
from collections.abc import Callable, Iterable, Sequence
from email import message_from_bytes
from email.base64mime import header_encode
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.policy import SMTP, compat32
from html import escape
from pathlib import Path
from typing import Any

from dpo_app.core.digests import sha256_hex
from dpo_app.core.errors import DeliveryError, InputError
from dpo_app.core.ids import grouped
from dpo_app.core.mail.return_path import message_id
from dpo_app.core.notices.notice import Slot
from dpo_app.core.notices.notice_html import html_text, site_of
from dpo_app.core.notices.notice_text import plain_text
from dpo_app.core.persons.national_id import id_in
from dpo_app.files import ensure_folder, sync_folder, write_bytes, writing
from dpo_app.services.ports.mail import MailOrder, MailRecord, MailRow

#: Stands in a template where a person's value goes; a sign that no register can contain after cleaning.
_MARK = "\ue000{}\ue001"
_HEADERS = (
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
    "Content-Language", "X-Notice-Ref", "MIME-Version", "Content-Type",
)  # fmt: skip
#: Every message is parsed again up to this many, then every fiftieth, and the first of each form; of a run through the
#: mail server the first of each form, as there the guard reads each.
CHECK_ALL, CHECK_EVERY = 1_000, 50
STEP = 500
#: RFC 2047, 2: an encoded word has at most 75 signs; a longer name is parted by the standard library.
LONGEST_WORD = 72
#: `=_` never occurs in quoted-printable text, so no part can contain the line that parts them.
_BOUNDARY = "=_notice_parts"
_PLAIN = b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n'
_HTML = b'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n'
_ALTERNATIVE = f'Content-Type: multipart/alternative; boundary="{_BOUNDARY}"\r\n'.encode()
#: A signed message: RFC 8551, 3.5.3.3. What is signed is quoted-printable, so `--=_seal` cannot occur in it either.
_SIGNED = b'Content-Type: multipart/signed; protocol="application/pkcs7-signature";\r\n micalg="sha-256"; boundary="=_seal"\r\n'
_SIGNED_PART, _SIGNED_END = b"--=_seal\r\n", b"--=_seal--\r\n"
_SEAL = (
    b'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\nContent-Transfer-Encoding: base64\r\n'
    b'Content-Disposition: attachment; filename="smime.p7s"\r\n'
)
#: A mailbox file: its name, the line before each message, and lines of a message that look like one.
_MBOX, _MBOX_LINE = "emails.mbox", b"From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n"
_QUOTED = re.compile(rb"^(>*From )", re.MULTILINE)
_PART, _END = f"--{_BOUNDARY}\r\n".encode(), f"\r\n--{_BOUNDARY}--\r\n".encode()


class MailMaker:
    """`services.ports.mail.MailRenderer`."""

    def prepare(self, order: MailOrder) -> MailRun:
        """Build the templates."""
        return MailRun(order)


class MailRun:
    """One run: templates, and the domain for message ids."""

    def __init__(self, order: MailOrder) -> None:
        try:
            sender = Address(order.sender_name, addr_spec=order.sender_address)
        except (ValueError, IndexError, MessageError):
            raise InputError("sender_address") from None
        if not sender.domain or any(sign in order.sender_name for sign in "\r\n"):
            raise InputError("sender_address")
        self._order, self._sender, self._domain = order, sender, sender.domain
        self._heads = [self._head(place) for place in range(len(order.forms))]
        self._plain = [_cut(plain_text(form, _MARKS)) for form in order.forms]
        self._html = [self._page(place) for place in range(len(order.forms))] if order.html else []
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
        if self._order.unsent:
            message["X-Unsent"] = "1"
        message["MIME-Version"] = "1.0"
        return message.as_bytes().rstrip(b"\r\n") + b"\r\n"

    def _page(self, form: int) -> list[str]:
        """Return the HTML of a form, cut at its slots."""
        language = self._order.languages[form]
        subject, site = self._order.subjects[language], site_of(self._order.web_page)
        return _cut(html_text(self._order.forms[form], language, subject, site, _MARKS))

    def message(self, row: MailRow) -> bytes:
        """Return the finished bytes of one message. Raises DeliveryError("id_in_mail") if a value of the person that
        goes into it is a national id, DeliveryError("mail_not_as_planned")."""
        values = {slot.name: value for slot, value in row.slots.items()}
        if any(id_in(value) for value in values.values()):
            raise DeliveryError("id_in_mail", retryable=False, number=row.number)
        own = (
            f"To: {_recipient(row.to_name, row.to_address)}\r\n"
            f"Message-ID: {message_id(row.token, row.attempt, self._domain, self._order.key)}\r\n"
            f"X-Notice-Ref: {row.token}\r\n"
        )
        entity = self._entity(row.form, values)
        if self._order.signature is not None:
            entity = _signed(entity, self._order.signature(entity))
        data = self._heads[row.form] + own.encode("ascii") + entity
        often = not self._order.guarded and (row.number <= CHECK_ALL or row.number % CHECK_EVERY == 0)
        if often or row.form not in self._seen:
            self._seen.add(row.form)
            self._check(row, data)
        return data

    def _entity(self, form: int, values: dict[str, str]) -> bytes:
        """Return the message without its own headers: text alone, or text and HTML as alternatives."""
        text = _filled(self._plain[form], values)
        if not self._html:
            return _PLAIN + b"\r\n" + _encoded(text)
        page = _filled(self._html[form], {name: escape(value) for name, value in values.items()})
        parts = (_ALTERNATIVE, _PART, _PLAIN, _encoded(text), b"", _PART, _HTML, _encoded(page))
        return b"%b\r\n%b%b\r\n%b%b\r\n%b%b\r\n%b" % parts + _END

    def _check(self, row: MailRow, data: bytes) -> None:
        """Compare the bytes with the plan by a second parser: names and number of headers, the one recipient, the
        code in every part. Raises DeliveryError("mail_not_as_planned")."""
        head = BytesHeaderParser(policy=SMTP).parsebytes(data)
        plain = message_from_bytes(data, policy=compat32)
        recipients: Any = getattr(head["To"], "addresses", ())
        planned = set(_HEADERS) | ({"X-Unsent"} if self._order.unsent else set())
        if not plain.is_multipart():
            planned.add("Content-Transfer-Encoding")
        whole = (
            sorted(plain.keys()) == sorted(planned)
            and len(recipients) == 1
            and recipients[0].addr_spec == row.to_address
            and head["X-Notice-Ref"] == row.token
            and not head.defects
        )
        texts = _texts(plain)
        whole = whole and len(texts) == (2 if self._html else 1)
        if Slot.CODE in row.slots:
            forms = (self._plain, self._html) if self._html else (self._plain,)
            for text, form in zip(texts, forms, strict=False):
                whole = whole and (Slot.CODE.name not in form[row.form][1::2] or grouped(row.token) in text)
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

    def write_mbox(self, rows: Iterable[MailRow], folder: Path, step: Callable[[int], None]) -> list[MailRecord]:
        """Write all messages into `emails.mbox` (RFC 4155, quoted as mboxrd) and `manifest.csv`."""
        ensure_folder(folder)
        records: list[MailRecord] = []
        with writing(folder / _MBOX) as stream:
            for row in rows:
                data = self.message(row)
                stream.write(_MBOX_LINE + _QUOTED.sub(rb">\1", data.replace(b"\r\n", b"\n")) + b"\n")
                records.append(MailRecord(row.number, row.token, _MBOX, sha256_hex(data)))
                if len(records) % STEP == 0:
                    step(len(records))
        write_bytes(folder / "manifest.csv", _manifest(records))
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
    word = header_encode(name.encode(), "utf-8")
    if len(word) <= LONGEST_WORD:
        return f"{word}\r\n <{address}>" if len(word) + len(address) > 70 else f"{word} <{address}>"
    encoded = Header(name, "utf-8", maxlinelen=72, header_name="To").encode(linesep="\r\n")
    return f"{encoded} <{address}>" if "\r\n" not in encoded else f"{encoded}\r\n <{address}>"


def _manifest(records: Iterable[MailRecord]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(["number", "token", "file", "sha256"])
    writer.writerows(records)
    return "\ufeff".encode() + text.getvalue().encode()


def _signed(entity: bytes, signature: bytes) -> bytes:
    """Return a MIME entity with its detached signature beside it (RFC 8551, 3.5.3: multipart/signed)."""
    parts = (_SIGNED, _SIGNED_PART, entity, _SIGNED_PART, _SEAL, base64.encodebytes(signature).replace(b"\n", b"\r\n"))
    return b"%b\r\n%b%b\r\n%b%b\r\n%b" % parts + _SIGNED_END


_MARKS = {slot: _MARK.format(slot.name) for slot in Slot}
_SLOT_OF = {mark: slot.name for slot, mark in _MARKS.items()}


def _cut(text: str) -> list[str]:
    """Return a text cut at its slots: text, slot, text, slot, …, text."""
    parts, start = [], 0
    while (place := text.find("\ue000", start)) >= 0:
        end = text.index("\ue001", place) + 1
        parts += [text[start:place], _SLOT_OF[text[place:end]]]
        start = end
    return [*parts, text[start:]]


def _filled(parts: Sequence[str], values: dict[str, str]) -> str:
    return "".join(values[part] if place % 2 else part for place, part in enumerate(parts))


def _encoded(text: str) -> bytes:
    """Return a text as quoted-printable with the line ends of the wire."""
    return quopri.encodestring(text.encode(), quotetabs=False).replace(b"\n", b"\r\n")


def _texts(message: Message) -> list[str]:
    """Return the decoded texts of a parsed message, in order."""
    parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
    payloads = [part.get_payload(decode=True) for part in parts]
    return [payload.decode("utf-8", "replace") for payload in payloads if isinstance(payload, bytes)]
