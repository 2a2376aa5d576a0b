"""A breach ready to send, certificates of our own, and a server's line with short time-outs."""

from __future__ import annotations

import ipaddress
import ssl
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dpo_app.core.ids import BreachId
from dpo_app.core.mail.mail_server import MailServer, Security
from dpo_app.dispatch.smtp import SmtpDispatcher, Times
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.services.mail.arm_breach import arm_breach
from dpo_app.services.mail.email_run import send_emails
from dpo_app.services.mail.run_terms import RunRules
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from tests.approving import approve_notice
from tests.builders import a_register, a_revision, a_row
from tests.conftest import bring_in
from tests.dispatch.servers import FaultyServer

SHORT = Times(1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
RULES = RunRules(patience=(0.02, 0.05), wait_for_deferred=False, due_only=False)


def ready_to_send(desk: Desk, folder: Path, persons: int = 4, **changes: str) -> BreachId:
    """Return a breach with so many persons on the e-mail rung, an approved notice, armed for a day."""
    breach_id = add_breach(desk, a_revision()).breach_id
    rows = [a_row(n, **changes) for n in range(1, persons + 1)]
    bring_in(desk, breach_id, a_register(folder / "register.csv", rows))
    make_plan(desk, breach_id)
    approve_notice(desk, draft_notice(desk, breach_id)[0], "Maija Mallikas")
    arm_breach(desk, breach_id, desk.clock.now() + timedelta(days=1))
    return breach_id


def quick(desk: Desk, times: Times = SHORT) -> Desk:
    """Return the desk with time-outs of a second."""
    return replace(desk, dispatcher=SmtpDispatcher(times))


def server_at(server: FaultyServer, **changes: Any) -> MailServer:
    """Return the profile of a test's server: one line, not protected."""
    values: dict[str, Any] = {"security": Security.PLAIN, "connections": 1}
    return MailServer("127.0.0.1", server.port, **(values | changes))


def send(desk: Desk, breach_id: BreachId, server: MailServer, confirmed: int | None, **options: Any) -> Any:
    """Send by the rules of tests: quick to give up on a line, one pass."""
    return send_emails(desk, breach_id, server, confirmed, **({"rules": RULES} | options))


def states(desk: Desk, breach_id: BreachId) -> dict[str, int]:
    """Return {state: e-mails} of all runs of a breach."""
    with desk.read() as queries:
        return dict(Counter(each.state for each in queries.tried_lines(breach_id, [], limit=100_000)))


def standing(desk: Desk, breach_id: BreachId) -> Any:
    """Return where everybody stands."""
    with desk.read() as queries:
        return queries.standings(breach_id, queries.newest_revision(breach_id).id)


@dataclass(frozen=True)
class Certified:
    """A certificate authority (PEM) and a server's side with a certificate from it."""

    authority: str
    context: ssl.SSLContext


def certified(folder: Path, *names: str, days: int = 30) -> Certified:
    """Make an authority and a certificate for these names or numbers, valid for so many days (negative: over)."""
    now = datetime.now(UTC)
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def builder(subject: x509.Name, public: Any, serial: int, ends: datetime) -> x509.CertificateBuilder:
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(own).public_key(public)
        return made.serial_number(serial).not_valid_before(now - timedelta(days=60)).not_valid_after(ends)

    authority = (
        builder(own, ca_key.public_key(), 1, now + timedelta(days=60))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(False, False, False, False, False, True, True, False, False), critical=True
        )
        .sign(ca_key, hashes.SHA256())
    )  # fmt: skip
    others: list[x509.GeneralName] = [
        x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name) for name in names
    ]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test server")])
    leaf = (
        builder(subject, key.public_key(), 2, now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(others), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "chain.pem").write_bytes(
        leaf.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "chain.pem")
    return Certified(authority.public_bytes(pem).decode(), context)
