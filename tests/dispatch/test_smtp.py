"""One line to a mail server: protection that is checked, answers that are read strictly, servers that lie."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dpo_app.core.errors import DeliveryError, InputError
from dpo_app.core.mail.mail_server import MailServer, Security, SignIn, server_from_url
from dpo_app.core.mail.smtp_reply import Step
from dpo_app.dispatch.smtp import SmtpDispatcher
from dpo_app.services.ports.dispatch import Envelope, LineFault, LineRefused, MailLine
from tests.dispatch.kit import SHORT, certified, server_at
from tests.dispatch.servers import Plan, serving

ENVELOPE = Envelope("office@example.com", "aino@example.com", "id")
DATA = b"Subject: x\r\n\r\n.one\r\n..two\r\nend\r\n"


def _line(server: MailServer) -> MailLine:
    return SmtpDispatcher(SHORT).line(server)


def _nothing() -> None:
    return None


def _hand(server: MailServer) -> str:
    """Hand one message over and return how it ended."""
    line = _line(server)
    try:
        line.open()
        reply = line.hand_over(ENVELOPE, DATA, _nothing, _nothing)
        return f"{reply.code} {reply.step}"
    except LineFault as fault:
        return f"{fault.kind} {fault.step}"
    except LineRefused as refused:
        return f"refused {refused.reply.code} {refused.reply.step}"
    finally:
        line.close()


@contextmanager
def speaking(*said: bytes, ask: bool = True) -> Iterator[MailServer]:
    """A server that says these things in order, one for each line it hears, whatever it hears."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener.accept()[0] as line:
            line.settimeout(5)
            try:
                for place, each in enumerate(said):
                    if place and ask:
                        heard = b""
                        while not heard.endswith(b"\r\n"):
                            more = line.recv(65_536)
                            if not more:
                                return
                            heard += more
                    line.sendall(each)
                while line.recv(65_536):
                    pass
            except OSError:
                pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield MailServer("127.0.0.1", listener.getsockname()[1], Security.PLAIN)
    finally:
        listener.close()
        thread.join(6)


HELLO = (b"220 x\r\n", b"250 x\r\n")


@pytest.mark.parametrize(("said", "ended"), [
    ((b"220 x\r\n", b"250 x\r\n", b"250 ok\r\n250 ok\r\n"), "garbage rcpt"),
    ((*HELLO, b"250 ok\r\n", b"250 ok\r\n354 early\r\n"), "garbage data"),
    ((*HELLO, b"250 ok\r\n", b"354 not asked\r\n"), "garbage rcpt"),
    ((*HELLO, b"250 ok\r\n", b"250 ok\r\n", b"250 no text wanted\r\n"), "garbage data"),
    ((*HELLO, b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n250 taken early\r\n"), "garbage body"),
    ((b"220 x\r\n", b"250-x\r\n251 y\r\n"), "garbage ehlo"), ((b"hello\r\n",), "garbage greeting"),
    ((b"220 x\r\n", b"250 " + b"x" * 9_000 + b"\r\n"), "garbage ehlo"), ((b"220",), "timeout greeting"),
    ((b"554 go away\r\n",), "refused 554 greeting"), ((b"220 x\r\n", b"250-x\r\n" * 300), "garbage ehlo"),
    ((b"199 x\r\n",), "garbage greeting"), ((b"220 x\x00y\r\n",), "garbage greeting"),
])  # fmt: skip
def test_a_server_that_lies_is_not_believed(said: tuple[bytes, ...], ended: str) -> None:
    with speaking(*said) as server:
        assert _hand(server) == ended


def test_dots_at_the_beginning_arrive_as_they_were_and_nothing_ends_early() -> None:
    with serving() as server:
        assert _hand(server_at(server)) == "250 dot"
    assert server.kept[0].data == DATA


@pytest.mark.parametrize("data", [
    b"a\rb\r\n", b"a\nb\r\n", b"a\x00\r\n", b"no end", b"a\r\n" + b"x" * 999 + b"\r\n", b"a\r\n.\n", b"x\r\r\n",
])  # fmt: skip
def test_bytes_that_could_mean_another_thing_never_leave(data: bytes) -> None:
    with serving() as server:
        line = _line(server_at(server))
        line.open()
        with pytest.raises(DeliveryError, match="mail_not_as_planned"):
            line.hand_over(ENVELOPE, data, _nothing, _nothing)
        line.close()
    assert not server.kept and not any(each.startswith(b"MAIL") for each in server.commands)


@pytest.mark.parametrize("address", [
    "a@b.fi>\r\nRCPT TO:<c@d.fi", "a@b.fi> SIZE=1", "a@b.fi,c@d.fi", "a b@c.fi", "", "a", "a@b.fi\r\n", "<a@b.fi>", "ä@b.fi",
    "a@b..fi", "a@b.fi\x00",
])  # fmt: skip
def test_an_address_cannot_become_a_command(address: str) -> None:
    with serving() as server:
        for envelope in (ENVELOPE._replace(recipient=address), ENVELOPE._replace(sender=address)):
            line = _line(server_at(server))
            line.open()
            with pytest.raises(DeliveryError, match="mail_address"):
                line.hand_over(envelope, DATA, _nothing, _nothing)
            line.close()
    assert not any(each.startswith((b"MAIL", b"RCPT")) for each in server.commands)


@pytest.mark.parametrize("implicit", [True, False], ids=["tls", "starttls"])
def test_a_certificate_that_is_right_opens_the_line(tmp_path: Path, implicit: bool) -> None:
    mine = certified(tmp_path, "127.0.0.1", "localhost")
    with serving(context=mine.context, implicit=implicit, login=("office", "pw")) as server:
        security = Security.TLS if implicit else Security.STARTTLS
        profile = server_at(
            server, security=security, authority=mine.authority, sign_in=SignIn.PASSWORD, user="office", secret="pw"
        )
        line = _line(profile)
        line.open()
        assert line.facts.protection.startswith("TLSv1.") and line.facts.valid_until is not None
        line.close()
        assert _hand(profile) == "250 dot" and len(server.kept) == 1


@pytest.mark.parametrize("implicit", [True, False], ids=["tls", "starttls"])
@pytest.mark.parametrize("wrong", ["unknown", "name", "over"])
def test_certificate_wrong_no_mail(tmp_path: Path, implicit: bool, wrong: str) -> None:
    names = ("other.example.com",) if wrong == "name" else ("127.0.0.1", "localhost")
    mine = certified(tmp_path, *names, days=-1 if wrong == "over" else 30)
    authority = "" if wrong == "unknown" else mine.authority
    with serving(context=mine.context, implicit=implicit, login=("office", "pw")) as server:
        security = Security.TLS if implicit else Security.STARTTLS
        profile = server_at(
            server, security=security, authority=authority, sign_in=SignIn.PASSWORD, user="office", secret="pw"
        )
        assert _hand(profile).startswith("certificate handshake")
        assert not server.kept and not server.seen_auth, "neither mail nor password"


def test_without_starttls_nothing_is_said_in_clear() -> None:
    with serving(login=("office", "pw")) as server:
        profile = server_at(server, security=Security.STARTTLS, sign_in=SignIn.PASSWORD, user="office", secret="pw")
        assert _hand(profile) == "no_starttls starttls"
        assert not server.kept and not server.seen_auth


def test_what_was_slipped_in_before_the_protection_is_not_taken(tmp_path: Path) -> None:
    with speaking(b"220 x\r\n", b"250-x\r\n250 STARTTLS\r\n", b"220 go\r\n250 slipped in\r\n") as server:
        profile = MailServer(server.host, server.port, Security.STARTTLS)
        assert _hand(profile) == "garbage starttls"


def test_signing_in_by_password_and_by_token(tmp_path: Path) -> None:
    mine = certified(tmp_path, "127.0.0.1")
    with serving(context=mine.context, implicit=True, login=("office", "pw")) as server:
        for sign_in, secret, ended in (
            (SignIn.PASSWORD, "pw", "250 dot"), (SignIn.OAUTH, "pw", "250 dot"), (SignIn.PASSWORD, "no", "refused 535 auth"),
        ):  # fmt: skip
            profile = server_at(
                server, security=Security.TLS, authority=mine.authority, sign_in=sign_in, user="office", secret=secret
            )
            assert _hand(profile) == ended


def test_the_answer_to_the_dot_stands_whatever_happens_to_the_goodbye() -> None:
    for fault in ("drop", "hang", "5xx", "garbage"):
        with serving(Plan("quit", fault)) as server:
            assert _hand(server_at(server)) == "250 dot"


def test_a_second_answer_of_another_class_makes_the_outcome_unknown() -> None:
    for fault, ended in (("5xx", {"garbage dot", "250 dot"}), ("none", {"250 dot"})):
        with serving(Plan("done", fault)) as server:
            assert _hand(server_at(server)) in ended, "what comes along with the answer is looked at, not waited for"


def test_a_refusal_keeps_the_line_for_the_next_message() -> None:
    with serving(answers={"aino": [b"rcpt 550 5.1.1 no"]}) as server:
        line = _line(server_at(server))
        line.open()
        assert line.hand_over(ENVELOPE, DATA, _nothing, _nothing).step is Step.RCPT
        assert line.reusable() and line.hand_over(ENVELOPE, DATA, _nothing, _nothing).code == 250
        line.close()
    assert [each[:4].upper() for each in server.commands].count(b"EHLO") == 1


def test_what_raises_before_the_dot_keeps_the_message_back() -> None:
    def full() -> None:
        raise OSError("the journal could not be written")

    with serving() as server:
        line = _line(server_at(server))
        line.open()
        with pytest.raises(LineFault):
            line.hand_over(ENVELOPE, DATA, _nothing, full)
        line.close()
    assert not server.kept


@pytest.mark.parametrize(("url", "error"), [
    ("smtp://mail.example.com", "mail_plain"), ("http://x", "mail_url"), ("smtps://", "mail_url"), ("smtps://x/path", "mail_url"),
    ("smtps://x:99999", "mail_url"), ("smtps://x?y=1", "mail_url"), ("smtps://user:pw@mail.example.com", "mail_url"),
    ("smtps://user:@mail.example.com", "mail_url"),
    ("smtps://-x", "mail_host"), ("smtp://127.0.0.1.example.com", "mail_plain"), ("smtps://user@x", "mail_login"),
])  # fmt: skip
def test_a_url_that_is_no_safe_way_is_refused(url: str, error: str) -> None:
    with pytest.raises(InputError, match=error):
        server_from_url(url)


def test_a_url_and_a_password_that_never_shows() -> None:
    made = server_from_url("smtps://office@mail.example.com", MailServer(secret="Sala 1"))
    assert (made.host, made.port, made.security, made.secret) == ("mail.example.com", 465, Security.TLS, "Sala 1")
    assert "Sala" not in repr(made)
    assert server_from_url("smtp://[::1]:2525").loopback and server_from_url("smtp+starttls://x").port == 587
    other = server_from_url("smtps://elsewhere.example.com", made)
    assert other.secret == "" and other.sign_in is SignIn.NONE, "a login is never shown to another server"
    with pytest.raises(InputError, match="mail_login"):
        server_from_url("smtps://office@elsewhere.example.com", made)
    assert server_from_url("smtp+starttls://office@mail.example.com", made).secret == "Sala 1"
    with pytest.raises(InputError, match="mail_password_in_clear"):
        server_from_url("smtp://office@127.0.0.1", MailServer(secret="Sala 1"))
    assert MailServer.from_document(made.to_document()) == made
