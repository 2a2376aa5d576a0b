"""Will our e-mail be believed? The sender's SPF, DKIM and DMARC from records that were pasted or, if the officer allows
it, looked up; and the receiver's judgement of a trial message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dpo_app.core.errors import InputError
from dpo_app.core.mail.mail_trust import (
    TrustFinding,
    TrustLevel,
    check_headers,
    check_sender,
    pasted_records,
)
from dpo_app.core.organisation import Organisation
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import Changes, Topic

SETTING = "mail_trust"


@dataclass(frozen=True)
class SenderCheck:
    """What to look at: records as pasted, headers of a trial message, selectors, the server's name or addresses.
    `ask` lets the computer's name server be asked; without it nothing leaves the computer."""

    domain: str = ""
    records: str = ""
    headers: str = ""
    selectors: tuple[str, ...] = ()
    server: str = ""
    addresses: tuple[str, ...] = ()
    ask: bool = False


@dataclass(frozen=True)
class SenderFindings:
    """Findings in the order of the checks; `worst` tells whether the run may begin with confidence."""

    domain: str
    findings: tuple[TrustFinding, ...]
    changes: Changes

    @property
    def worst(self) -> TrustLevel:
        """Return the gravest level."""
        order = list(TrustLevel)
        return max((each.level for each in self.findings), key=order.index, default=TrustLevel.WARN)


def check_our_sender(desk: Desk, wanted: SenderCheck) -> SenderFindings:
    """Check the sender and keep the result with its day. Raises InputError("trust_no_domain"),
    DeliveryError("dns_unreachable")."""
    domain = wanted.domain.strip().lower() or _domain(desk)
    if not domain:
        raise InputError("trust_no_domain")
    findings: list[TrustFinding] = []
    if wanted.ask or wanted.records.strip():
        names = desk.names() if wanted.ask else pasted_records(wanted.records)
        findings += check_sender(
            domain, wanted.selectors, names, server=wanted.server.strip() if wanted.ask else "",
            addresses=wanted.addresses,
        )  # fmt: skip
    if wanted.headers.strip():
        findings += check_headers(wanted.headers)
    result = SenderFindings(domain, tuple(findings), Changes.of(None, Topic.SETTINGS))
    if findings and not desk.read_only:
        _keep(desk, result)
    return result


def _domain(desk: Desk) -> str:
    with desk.read() as queries:
        organisation = Organisation.from_document(queries.setting("organisation") or {})
    return organisation.email.rpartition("@")[2].lower()


def _keep(desk: Desk, result: SenderFindings) -> None:
    with desk.begin() as uow:
        uow.settings.put(
            SETTING,
            {
                "domain": result.domain, "at": desk.clock.now().isoformat(), "worst": result.worst.value,
                "findings": [[f.check, f.level.value, f.code, dict(f.facts)] for f in result.findings],
            },
        )  # fmt: skip
        bad = sum(each.level is TrustLevel.BAD for each in result.findings)
        uow.audit.record(AuditAction.SENDER_CHECKED, facts={"domain": result.domain, "bad": bad})
        uow.commit()


def kept_findings(document: dict[str, object] | None) -> Sequence[TrustFinding]:
    """Return the findings of the last check as they were kept."""
    found = (document or {}).get("findings", [])
    assert isinstance(found, list)
    return [TrustFinding(check, TrustLevel(level), code, tuple(facts.items())) for check, level, code, facts in found]
