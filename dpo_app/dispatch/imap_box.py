"""A mailbox over IMAP by imapclient: read with EXAMINE and BODY.PEEK, so that nothing in it changes; drafts by APPEND.

The certificate and the name in it are checked; a line in clear only leads to this computer. What the server says in
words is not passed on: it may name persons.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

from imapclient import IMAPClient, exceptions

from dpo_app.core.errors import DeliveryError
from dpo_app.core.mail.mail_account import MailAccount, Protection

SECONDS = 60
#: Messages asked for at once, and what of a big one is fetched: the report stands before what was returned.
AT_ONCE, SIZES_AT_ONCE, BIG, HEAD_BYTES = 50, 1_000, 2_000_000, 1_000_000


class ImapBoxes:
    """`services.ports.mailbox.Mailboxes`."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds

    @contextmanager
    def reading(self, account: MailAccount) -> Iterator[ImapReading]:
        """Open the account's folder for reading."""
        with self._client(account) as client:
            yield ImapReading(client, account.folder)

    @contextmanager
    def drafts(self, account: MailAccount) -> Iterator[ImapDrafts]:
        """Open the account's folder for drafts."""
        with self._client(account) as client:
            yield ImapDrafts(client, account.drafts)

    @contextmanager
    def _client(self, account: MailAccount) -> Iterator[IMAPClient]:
        with _translated(account, "box_unreachable"):
            client = self._signed_in(account)
        try:
            with _translated(account, "box_lost"):
                yield client
        finally:
            try:
                client.logout()
            except (exceptions.IMAPClientError, OSError):
                with suppress(exceptions.IMAPClientError, OSError):
                    client.shutdown()

    def _signed_in(self, account: MailAccount) -> IMAPClient:
        context = ssl.create_default_context(cadata=account.authority or None)
        if account.authority:
            context.load_default_certs()
        client = IMAPClient(
            account.host, account.port, ssl=account.protection is Protection.TLS,
            ssl_context=context if account.protection is Protection.TLS else None, timeout=self._seconds,
        )  # fmt: skip
        try:
            if account.protection is Protection.STARTTLS:
                client.starttls(context)
            if account.oauth:
                client.oauth2_login(account.user, account.secret)
            else:
                client.login(account.user, account.secret)
        except BaseException:
            with suppress(exceptions.IMAPClientError, OSError):
                client.shutdown()
            raise
        return client


class _NoFolder(Exception):
    """The server has no such folder, or does not let us open it."""


@contextmanager
def _translated(account: MailAccount, without_line: str) -> Iterator[None]:
    """Turn what the library and the network raise into our errors; `without_line` is what a broken line means here."""

    def meaning(code: str, *, retryable: bool = False) -> DeliveryError:
        return DeliveryError(code, retryable=retryable, server=account.name)

    try:
        yield
    except ssl.SSLCertVerificationError:
        raise meaning("box_certificate") from None
    except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
        raise meaning(without_line, retryable=True) from None
    except (ssl.SSLError, exceptions.CapabilityError):
        raise meaning("box_no_tls") from None
    except exceptions.LoginError as error:
        # The library says the same of a refused password and of a line that broke at this moment.
        if isinstance(error.__context__, exceptions.IMAPClientAbortError):
            raise meaning("box_lost", retryable=True) from None
        raise meaning("box_login_refused") from None
    except exceptions.IMAPClientAbortError:
        raise meaning("box_lost", retryable=True) from None
    except _NoFolder:
        raise meaning("box_no_folder") from None
    except exceptions.IMAPClientError:
        # It said no to a command, or what it said is no answer in this protocol.
        raise meaning("box_refused") from None
    except OSError:
        raise meaning(without_line, retryable=True) from None


@contextmanager
def _opening() -> Iterator[None]:
    """Tell a folder that cannot be opened from other commands that a server refuses."""
    try:
        yield
    except exceptions.IMAPClientAbortError:
        raise
    except exceptions.IMAPClientError:
        raise _NoFolder from None
    except ValueError:
        raise exceptions.ProtocolError("a number was expected") from None


class ImapReading:
    """A folder opened by EXAMINE."""

    def __init__(self, client: IMAPClient, folder: str) -> None:
        self._client = client
        with _opening():
            answer = client.select_folder(folder, readonly=True)
        try:
            self.validity = int(answer[b"UIDVALIDITY"])
        except (KeyError, TypeError, ValueError):
            raise exceptions.ProtocolError("no UIDVALIDITY") from None

    def uids(self, after: int, since: date | None) -> list[int]:
        """Return the numbers above `after` of messages that came on or after a day, in order."""
        wanted: list[Any] = ["UID", f"{after + 1}:*"]
        if since is not None:
            wanted += ["SINCE", since]
        # `n:*` always names the last message, even below n (RFC 9051, 6.4.4).
        return sorted(uid for uid in self._client.search(wanted) if uid > after)

    def messages(self, uids: Sequence[int]) -> Iterator[bytes]:
        """Yield messages in order; a number that has gone meanwhile is left out."""
        for start in range(0, len(uids), SIZES_AT_ONCE):
            part = list(uids[start : start + SIZES_AT_ONCE])
            sizes = {uid: int(found.get(b"RFC822.SIZE", 0)) for uid, found in self._fetch(part, "RFC822.SIZE").items()}
            for place in range(0, len(part), AT_ONCE):
                some = part[place : place + AT_ONCE]
                whole = self._fetch([uid for uid in some if sizes.get(uid, 0) <= BIG], "BODY.PEEK[]")
                for uid in some:
                    if sizes.get(uid, 0) > BIG:
                        found = self._fetch([uid], f"BODY.PEEK[]<0.{HEAD_BYTES}>").get(uid, {})
                        data = found.get(b"BODY[]<0>")
                    else:
                        data = whole.get(uid, {}).get(b"BODY[]")
                    if isinstance(data, bytes):
                        yield data

    def head_of(self, message_id: str) -> bytes | None:
        """Return the headers of the newest message with this Message-ID, None if there is none."""
        found = sorted(self._client.search(["HEADER", "Message-ID", message_id]))
        head = self._fetch(found[-1:], "BODY.PEEK[HEADER]").get(found[-1], {}).get(b"BODY[HEADER]") if found else None
        return head if isinstance(head, bytes) else None

    def _fetch(self, uids: list[int], what: str) -> dict[int, dict[bytes, Any]]:
        return dict(self._client.fetch(uids, [what])) if uids else {}


class ImapDrafts:
    """Folders of drafts and sent messages; only APPEND changes anything."""

    def __init__(self, client: IMAPClient, folder: str) -> None:
        self._client = client
        self.folder = folder or client.find_special_folder(b"\\Drafts") or "Drafts"
        if not client.folder_exists(self.folder):
            raise _NoFolder

    def message_ids(self) -> set[str]:
        """Return the Message-IDs in the folders of drafts and of sent messages."""
        sent = self._client.find_special_folder(b"\\Sent")
        found: set[str] = set()
        for folder in (self.folder, *((sent,) if sent else ())):
            self._client.select_folder(folder, readonly=True)
            uids = self._client.search(["ALL"])
            for start in range(0, len(uids), SIZES_AT_ONCE):
                part = uids[start : start + SIZES_AT_ONCE]
                answer = self._client.fetch(part, ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])
                for each in answer.values():
                    head = each.get(b"BODY[HEADER.FIELDS (MESSAGE-ID)]", b"")
                    name, _, value = head.decode("ascii", "replace").partition(":")
                    if name.strip().lower() == "message-id":
                        found.add(value.strip())
        self._client.unselect_folder() if self._client.has_capability("UNSELECT") else None
        return found

    def add(self, message: bytes) -> None:
        """Put one draft into the folder."""
        self._client.append(self.folder, message, flags=(b"\\Draft", b"\\Seen"))
