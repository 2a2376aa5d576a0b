"""A mailbox is read without leaving a trace, whatever lies in it, and only over a line that is safe."""

from __future__ import annotations

import datetime as dt
import ipaddress
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dpo_app.core.errors import DeliveryError, DpoError, InputError
from dpo_app.core.mail.mail_account import MailAccount, Protection, account_from_url
from dpo_app.dispatch.imap_box import BIG, HEAD_BYTES, ImapBoxes
from dpo_app.messages import SENTENCES, explain
from tests.dispatch.bounce_kit import a_bounce
from tests.dispatch.imap_server import PASSWORD, USER, ImapServer, imap_server

#: Everything we may ask for while reading; nothing of it changes a folder.
HARMLESS = {"CAPABILITY", "LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH", "LOGOUT", "NOOP"}


def account(server: ImapServer, **changes: object) -> MailAccount:
    plain = MailAccount("127.0.0.1", server.port, Protection.PLAIN, USER, PASSWORD)
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_reading_asks_for_nothing_that_changes_the_mailbox() -> None:
    messages = [a_bounce("x@example.com", number=n) for n in range(120)]
    with imap_server(list(messages)) as server, ImapBoxes().reading(account(server)) as box:
        assert box.validity == 7
        uids = box.uids(0, dt.date(2026, 9, 30))
        assert uids == list(range(1, 121)) and list(box.messages(uids)) == messages
        assert box.uids(118, None) == [119, 120] and box.uids(120, None) == []
    assert set(server.commands) <= HARMLESS and server.folders["INBOX"] == messages


def test_of_a_big_message_the_head_is_fetched() -> None:
    big = a_bounce("x@example.com") + b"x" * BIG
    with imap_server([big, b"small"]) as server, ImapBoxes().reading(account(server)) as box:
        assert [len(each) for each in box.messages([1, 2, 9])] == [HEAD_BYTES, 5]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"secret": "wrong"}, "box_login_refused"), ({"folder": "Nowhere"}, "box_no_folder"), ({"port": 1}, "box_unreachable")],
)  # fmt: skip
def test_what_stops_is_said_without_the_servers_words(changes: dict[str, object], code: str) -> None:
    with imap_server([]) as server:
        with pytest.raises(DeliveryError, match=code) as caught, ImapBoxes(2).reading(account(server, **changes)):
            pass
    assert "person@example.com" not in repr(caught.value.facts)


@pytest.mark.parametrize(
    ("command", "fails", "code"),
    [
        ("EXAMINE", "no", "box_no_folder"), ("EXAMINE", "drop", "box_lost"), ("UID SEARCH", "no", "box_refused"),
        ("UID SEARCH", "drop", "box_lost"), ("UID FETCH", "no", "box_refused"), ("UID FETCH", "drop", "box_lost"),
        ("LOGIN", "no", "box_login_refused"), ("LOGIN", "drop", "box_lost"),
    ],
)  # fmt: skip
def test_each_failure_has_its_own_words(command: str, fails: str, code: str) -> None:
    with imap_server([b"one"]) as server:
        server.fails[command] = fails
        with pytest.raises(DeliveryError) as caught, ImapBoxes(2).reading(account(server)) as box:
            list(box.messages(box.uids(0, None)))
    assert caught.value.code == code and caught.value.code in SENTENCES
    assert "person@example.com" not in repr(caught.value.facts)
    said = explain(caught.value)
    assert said.what and said.why and said.do and "{" not in f"{said}"


@pytest.mark.parametrize("protection", [Protection.TLS, Protection.STARTTLS])
def test_a_server_without_protection_is_named_as_such(protection: Protection) -> None:
    with imap_server([b"one"]) as server:
        safe = account(server, protection=protection)
        with pytest.raises(DeliveryError, match="box_no_tls"), ImapBoxes(2).reading(safe):
            pass
    assert "LOGIN" not in server.commands


def test_a_server_that_does_not_say_how_long_its_numbers_hold_is_refused() -> None:
    with imap_server([b"one"]) as server:
        server.validity = "never"  # type: ignore[assignment]
        with pytest.raises(DeliveryError, match="box_refused"), ImapBoxes(2).reading(account(server)):
            pass


def a_certificate(folder: Path, host: str) -> tuple[Path, str]:
    """Return the path of key and certificate for a host, signed by itself, and the certificate's text."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = dt.datetime.now(dt.timezone.utc)
    try:
        alternative: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        alternative = x509.DNSName(host)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    text = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "server.pem"
    path.write_bytes(secret + text)
    return path, text.decode()


def test_tls_with_a_certificate_that_is_trusted_and_names_the_server(tmp_path: Path) -> None:
    path, text = a_certificate(tmp_path, "127.0.0.1")
    with imap_server([b"one"], certificate=path) as server:
        safe = account(server, protection=Protection.TLS, authority=text)
        with ImapBoxes(5).reading(safe) as box:
            assert list(box.messages(box.uids(0, None))) == [b"one"]


@pytest.mark.parametrize("host", ["127.0.0.1", "mail.example.com"])
def test_no_password_goes_to_a_server_that_is_not_proven(tmp_path: Path, host: str) -> None:
    path, text = a_certificate(tmp_path, host)
    trusted = text if host != "127.0.0.1" else ""
    with imap_server([b"one"], certificate=path) as server:
        unsafe = account(server, protection=Protection.TLS, authority=trusted)
        with pytest.raises(DeliveryError, match="box_certificate"), ImapBoxes(5).reading(unsafe):
            pass
    assert "LOGIN" not in server.commands


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("imap://office@mail.example.com", "box_plain"), ("imaps://mail.example.com", "box_login"),
        ("http://mail.example.com", "box_url"), ("imaps://", "box_url"), ("imaps://a:b@mail.example.com", "box_url"),
        ("imaps://office@mail.example.com:99999", "box_url"), ("imaps://office@-bad-", "box_host"),
        ("imaps://office@mail.example.com/IN%0aBOX", "box_folder"),
    ],
)  # fmt: skip
def test_accounts_that_may_not_be_used(url: str, code: str) -> None:
    with pytest.raises(InputError, match=code):
        account_from_url(url, MailAccount(secret="x")).checked()


def test_an_account_is_kept_and_hides_its_password() -> None:
    made = account_from_url(
        "imaps://office%40example.com@mail.example.com/Bounces", MailAccount(secret="pass")
    ).checked()
    assert (made.user, made.port, made.folder) == ("office@example.com", 993, "Bounces")
    assert MailAccount.from_document(made.to_document()) == made and "pass" not in repr(made)
    with pytest.raises(InputError, match="box_login"):
        account_from_url("imaps://office@elsewhere.example.com", made).checked()
    assert account_from_url("imap+starttls://mail.example.com", made).checked().secret == "pass"


def test_drafts_are_added_and_seen_again() -> None:
    with imap_server([]) as server:
        with ImapBoxes().drafts(account(server)) as box:
            assert box.folder == "Drafts" and box.message_ids() == set()
            box.add(b"Message-ID: <one@example.com>\r\n\r\ntext\r\n")
            server.folders["Sent"].append(b"Message-ID: <two@example.com>\r\n\r\n")
            assert box.message_ids() == {"<one@example.com>", "<two@example.com>"}
        assert server.folders["Drafts"] == [b"Message-ID: <one@example.com>\r\n\r\ntext\r\n"]
        assert "\\Draft" in server.flags[0]
        with pytest.raises(DpoError, match="box_no_folder"), ImapBoxes().drafts(account(server, drafts="None")):
            pass
