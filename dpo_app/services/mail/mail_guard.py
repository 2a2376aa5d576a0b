"""The guard against the wrong person: each finished e-mail is read again and must say what the ledger says.

The ledger's line is read by a statement of its own, the bytes by a reader of their own (`core.mail.mail_reading`), and the
text that this audience is owed is set again from the approved notice. One mismatch stops the run: if one message goes to
the wrong person, so may the next thousand.
"""

from __future__ import annotations

from html import escape

from dpo_app.core.errors import DeliveryError
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import grouped
from dpo_app.core.mail.mail_address import wire_address
from dpo_app.core.mail.mail_reading import ReadMail, UnreadableMail, read_mail
from dpo_app.core.notices.notice import Reader, Slot
from dpo_app.core.notices.notice_text import compile_form, plain_text, texts_for
from dpo_app.core.partial_date import parse_partial
from dpo_app.core.persons.channel import Channel
from dpo_app.services.mail.run_lines import LedgerLine
from dpo_app.services.notices.message_plan import MessagePlan
from dpo_app.services.notices.notice_fields import long_date
from dpo_app.services.ports.dispatch import Envelope

#: Headers that a notice may have; anything else, and anything twice, is not ours.
_ONCE = frozenset(
    {
        "from", "to", "subject", "date", "message-id", "auto-submitted", "x-auto-response-suppress",
        "content-language", "x-notice-ref", "mime-version", "content-type",
    }
)  # fmt: skip
_MAY = frozenset({"content-transfer-encoding", "reply-to"})
#: A longer name is left out of the header; then the text alone bears it.
LONGEST_NAME = 50
_MARK = "\ue000{}\ue001"


class MailGuard:
    """Compares messages with the ledger, for one run. Asked by several threads: what it learns is only added to."""

    def __init__(self, plan: MessagePlan, subjects: dict[str, str], sender: str) -> None:
        self._plan, self._subjects, self._sender = plan, subjects, sender
        self._texts: dict[Reader, list[str]] = {}

    def check(self, data: bytes, envelope: Envelope, line: LedgerLine, number: int) -> None:
        """Raise DeliveryError("wrong_person", what=…) unless the message is this person's: `what` says where they
        differ, never how."""
        try:
            mail = read_mail(data)
        except UnreadableMail as error:
            raise DeliveryError("wrong_person", retryable=False, number=number, what=str(error)) from None
        what = self._head(mail, envelope, line) or self._body(mail, line)
        if what:
            raise DeliveryError("wrong_person", retryable=False, number=number, what=what)

    def _head(self, mail: ReadMail, envelope: Envelope, line: LedgerLine) -> str:
        names = set(mail.headers)
        address = wire_address(line.email)
        own = mail.to_name == line.name or (not mail.to_name and (not line.name or len(line.name) >= LONGEST_NAME))
        checks = (
            ("headers", _ONCE <= names <= _ONCE | _MAY),
            ("address", mail.to_address == address == envelope.recipient),
            ("name", own),
            ("code", mail.headers.get("x-notice-ref") == line.token),
            ("code", line.token.lower() in mail.headers.get("message-id", "").lower()),
            ("language", mail.headers.get("content-language") == line.language),
            ("subject", mail.headers.get("subject") == self._subjects.get(line.language)),
            ("sender", self._sender in mail.headers.get("from", "")),
            ("channel", line.channel == Channel.EMAIL.value and not line.protected and not line.deceased),
        )
        return next((what for what, holds in checks if not holds), "")

    def _body(self, mail: ReadMail, line: LedgerLine) -> str:
        texts = dict(mail.texts)
        if len(texts) != len(mail.texts) or not texts or set(texts) - {"text/plain", "text/html"}:
            return "parts"
        registered = parse_partial(line.registered)
        values = {
            Slot.FULL_NAME.name: line.name,
            Slot.FIRST_NAME.name: line.given_names.split(" ")[0] if line.given_names else line.name,
            Slot.CODE.name: grouped(line.token),
            Slot.REGISTERED_ON.name: long_date(registered.earliest, line.language) if registered else "",
        }
        parts = self._owed(line)
        owed = "".join(values[part] if place % 2 else part for place, part in enumerate(parts))
        if _flat(texts.get("text/plain", "")) != _flat(owed):
            return "audience"
        html = texts.get("text/html")
        if html is not None and any(escape(values[part]) not in html for part in parts[1::2]):
            return "html"
        return ""

    def _owed(self, line: LedgerLine) -> list[str]:
        """Return the text that a person is owed, cut at the person's values: text, slot, text, …"""
        reader = Reader(line.language, ExposureState(line.exposure), Channel.EMAIL, line.age)
        known = self._texts.get(reader)
        if known is None:
            forms, notice = self._plan.forms, self._plan.notice
            categories = frozenset(category.value for category in forms.revision.categories)
            texts = [notice.texts[place] for place in texts_for(notice, reader, categories)]
            blocks = compile_form(texts, forms.fields[line.language], forms.wording.frame(line.language).titles)
            known = _cut(plain_text(blocks, {slot: _MARK.format(slot.name) for slot in Slot}))
            self._texts[reader] = known
        return known


def _cut(text: str) -> list[str]:
    out: list[str] = []
    for piece in text.split("\ue000"):
        name, marked, rest = piece.partition("\ue001")
        out += [name, rest] if marked else [piece]
    return out


def _flat(text: str) -> str:
    return text.rstrip("\n")
