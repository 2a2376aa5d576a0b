"""Signed messages that openssl verifies, the sender's check with a name server of the test, the page for the web site."""

from __future__ import annotations

import datetime as dt
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.resolver
import dns.rrset
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from dpo_app.core.errors import DeliveryError, InputError, RuleError
from dpo_app.core.ids import BreachId
from dpo_app.dispatch.names import NameServer
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.mail.check_sender import SETTING, SenderCheck, check_our_sender, kept_findings
from dpo_app.services.mail.export_emails import export_emails
from dpo_app.services.mail.mail_seal import forget_seal, save_seal
from dpo_app.services.notices.genuine_page import genuine_page, save_genuine_page
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from tests.approving import approve_notice
from tests.builders import a_register, a_row, an_organisation
from tests.conftest import bring_in

SENDER = "tietosuoja@example.com"
NOW = dt.datetime.now(dt.UTC)


def a_certificate(
    address: str = SENDER, *, until: dt.datetime = NOW + dt.timedelta(days=30), key: Any = None
) -> tuple[bytes, bytes]:
    """Return a PKCS#12 file with the password `seal`, and the certificate of the authority that signed it (PEM)."""
    authority_key = rsa.generate_private_key(65537, 2048)
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    start = min(NOW, until) - dt.timedelta(days=60)

    def signed(name: x509.Name, public: Any, ca: bool) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder().subject_name(name).issuer_name(authority).public_key(public)
            .serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(until)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )  # fmt: skip

    root = signed(authority, authority_key.public_key(), True).sign(authority_key, hashes.SHA256())
    own_key = key or rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Esimerkki Oy")])
    own = (
        signed(name, own_key.public_key(), False)
        .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(address)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    data = pkcs12.serialize_key_and_certificates(b"seal", own_key, own, [root], BestAvailableEncryption(b"seal"))
    return data, root.public_bytes(Encoding.PEM)


@pytest.fixture
def ready(desk: Desk, breach_id: BreachId, tmp_path: Path) -> BreachId:
    """A breach with two persons and an approved notice."""
    bring_in(desk, breach_id, a_register(tmp_path / "register.csv", [a_row(1, Etunimi="Åsa"), a_row(2)]))
    make_plan(desk, breach_id)
    approve_notice(desk, draft_notice(desk, breach_id)[0], "Maija Mallikas")
    return breach_id


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
def test_openssl_verifies_what_was_signed_and_nothing_else(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    data, root = a_certificate()
    assert save_seal(desk, data, "seal").addresses == (SENDER,)
    made = export_emails(desk, ready, tmp_path / "e")
    (tmp_path / "root.pem").write_bytes(root)

    def verifies(message: Path) -> bool:
        told = subprocess.run(
            ["openssl", "cms", "-verify", "-in", message, "-CAfile", tmp_path / "root.pem", "-out", tmp_path / "said"],
            capture_output=True, check=False,
        )  # fmt: skip
        return told.returncode == 0

    for path in sorted((tmp_path / "e" / made.reference).glob("*.eml")):
        assert verifies(path)
        said = (tmp_path / "said").read_bytes()
        assert said.startswith(b"Content-Type: multipart/alternative") and b"text/html" in said
        changed = tmp_path / "changed.eml"
        changed.write_bytes(path.read_bytes().replace(b"Soita", b"Maksa", 1).replace(b"call us", b"pay us", 1))
        assert changed.read_bytes() != path.read_bytes() and not verifies(changed)
        assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n")


def test_a_signed_message_made_again_is_the_same(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    save_seal(desk, a_certificate()[0], "seal")
    seal = desk.open_seal(*_kept(desk))
    assert seal.signature(b"text") == seal.signature(b"text") != seal.signature(b"other")


def _kept(desk: Desk) -> tuple[bytes, str]:
    import base64

    with desk.read() as queries:
        document = queries.setting("mail_seal")
        assert all("seal" not in line.canonical.replace("mail_seal", "") for line in queries.trail.lines(limit=5))
    return base64.b64decode(document["data"]), document["password"]


@pytest.mark.parametrize(
    ("made", "password", "code"),
    [
        (a_certificate("other@example.com")[0], "seal", "smime_other_address"), (a_certificate()[0], "no", "smime_unreadable"),
        (a_certificate(until=NOW - dt.timedelta(days=1))[0], "seal", "smime_expired"), (b"no file", "", "smime_unreadable"),
        (a_certificate(key=ec.generate_private_key(ec.SECP256R1()))[0], "seal", "smime_key_kind"),
    ],
    ids=["address", "password", "expired", "nonsense", "kind"],
)  # fmt: skip
def test_certificates_that_are_not_taken(desk: Desk, made: bytes, password: str, code: str) -> None:
    with pytest.raises(InputError, match=code):
        save_seal(desk, made, password)


def test_what_should_be_signed_never_goes_out_unsigned(desk: Desk, ready: BreachId, tmp_path: Path) -> None:
    save_seal(desk, a_certificate()[0], "seal")
    save_organisation(desk, replace(an_organisation(), email="office@example.com"))
    with pytest.raises(InputError, match="smime_other_address"):
        export_emails(desk, ready, tmp_path / "e")
    assert not list((tmp_path / "e").rglob("*.eml"))
    forget_seal(desk)
    save_organisation(desk, an_organisation())


ZONE = {
    ("example.com", "TXT"): ['"v=spf1 " "mx -all"'], ("example.com", "MX"): ["10 mail.example.com."],
    ("mail.example.com", "A"): ["192.0.2.10"], ("_dmarc.example.com", "TXT"): ['"v=DMARC1; p=quarantine"'],
}  # fmt: skip


@pytest.fixture
def resolver() -> Iterator[tuple[dns.resolver.Resolver, list[str]]]:
    """A resolver that asks a name server of the test on loopback, and the names that were asked."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    asked: list[str] = []

    def serve() -> None:
        while True:
            data, client = server.recvfrom(4096)
            if data == b"stop":
                return
            question = dns.message.from_wire(data)
            answer = dns.message.make_response(question)
            answer.flags |= dns.flags.RA
            name, kind = question.question[0].name, dns.rdatatype.to_text(question.question[0].rdtype)
            asked.append(f"{name} {kind}")
            records = ZONE.get((str(name).rstrip("."), kind))
            if records:
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *records))
            server.sendto(answer.to_wire(), client)

    thread = threading.Thread(target=serve)
    thread.start()
    made = dns.resolver.Resolver(configure=False)
    made.nameservers, made.port = ["127.0.0.1"], server.getsockname()[1]
    yield made, asked
    server.sendto(b"stop", server.getsockname())
    thread.join()
    server.close()


def test_the_name_server_is_asked_only_if_the_officer_wants(
    desk: Desk, resolver: tuple[dns.resolver.Resolver, list[str]]
) -> None:
    own, asked = resolver
    wired = replace(desk, names=lambda: NameServer(own))
    pasted = SenderCheck(
        records="example.com v=spf1 ip4:192.0.2.10 -all", addresses=("192.0.2.10",), server="mail.example.com"
    )
    found = check_our_sender(wired, pasted)
    assert [f.code for f in found.findings] == ["spf_pass", "dkim_no_selector", "dmarc_none"] and asked == []
    found = check_our_sender(wired, SenderCheck(server="mail.example.com", selectors=("s1",), ask=True))
    assert [f.code for f in found.findings] == ["spf_pass", "dkim_none", "dmarc_good"]
    assert any(each.startswith("_dmarc.example.com") for each in asked) and found.worst.value == "bad"
    with desk.read() as queries:
        kept = kept_findings(queries.setting(SETTING))
    assert [(f.code, dict(f.facts)) for f in kept] == [(f.code, dict(f.facts)) for f in found.findings]


def test_nobody_answers(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dpo_app.dispatch.names.SECONDS", 0.3)
    dead = dns.resolver.Resolver(configure=False)
    dead.nameservers, dead.port, dead.timeout = ["127.0.0.1"], 9, 0.2

    class Quick(NameServer):
        pass

    wired = replace(desk, names=lambda: Quick(dead))
    with pytest.raises(DeliveryError, match="dns_unreachable"):
        check_our_sender(wired, SenderCheck(ask=True))
    save_organisation(desk, an_organisation(email=""))
    with pytest.raises(InputError, match="trust_no_domain"):
        check_our_sender(desk, SenderCheck(records="x y"))


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_page_for_the_web_site(desk: Desk, language: str, tmp_path: Path) -> None:
    page = save_genuine_page(desk, language, tmp_path / "page.html")
    html = (tmp_path / "page.html").read_text("utf-8")
    assert f'<html lang="{language}">' in html and "<h1>" in html and html.count("<li>") >= 7
    for value in ("09 000 0000", SENDER, "https://www.example.com/tiedote", "Esimerkki Oy"):
        assert value in page.text and value in html
    assert "((" not in page.text and page.wording == "genuine@1.0"
    save_genuine_page(desk, language, tmp_path / "page.txt")
    assert (tmp_path / "page.txt").read_text("utf-8") == page.text
    with pytest.raises(InputError, match="file_exists"):
        save_genuine_page(desk, language, tmp_path / "page.txt")


def test_the_page_lacks_nothing_silently(desk: Desk) -> None:
    with pytest.raises(RuleError, match="no_page_text"):
        genuine_page(desk, "de")
    save_organisation(desk, an_organisation(phone=""))
    with pytest.raises(RuleError, match="page_lacks"):
        genuine_page(desk, "fi")
