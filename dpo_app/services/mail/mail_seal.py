"""The organisation's certificate for signing e-mail (S/MIME): imported into the encrypted store, used for every message
while it is valid and made for the sender's address."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from dpo_app.core.errors import InputError
from dpo_app.core.organisation import Organisation
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.mail import MailSeal, SealFacts
from dpo_app.services.progress import Changes, Topic

SETTING = "mail_seal"
MOST_BYTES = 1_000_000


def save_seal(desk: Desk, data: bytes, password: str) -> SealFacts:
    """Keep a certificate with its key. Raises InputError: "smime_unreadable", "smime_key_kind", "smime_expired",
    "smime_other_address"."""
    if len(data) > MOST_BYTES:
        raise InputError("smime_unreadable")
    seal = desk.open_seal(data, password)
    with desk.begin() as uow:
        organisation = Organisation.from_document(uow.queries.setting("organisation") or {})
        _check(desk, seal, organisation.email)
        uow.settings.put(SETTING, {"data": base64.b64encode(data).decode("ascii"), "password": password})
        until = seal.facts.valid_until.date().isoformat()
        uow.audit.record(AuditAction.SETTINGS_CHANGED, facts={"name": f"{SETTING} {until}"})
        uow.commit()
    return seal.facts


def forget_seal(desk: Desk) -> Changes:
    """Take the certificate out of the store; messages go out unsigned again."""
    with desk.begin() as uow:
        uow.settings.put(SETTING, {})
        uow.audit.record(AuditAction.SETTINGS_CHANGED, facts={"name": SETTING})
        uow.commit()
    return Changes.of(None, Topic.SETTINGS)


def seal_facts(desk: Desk, document: Mapping[str, Any] | None) -> SealFacts | None:
    """Return what the kept certificate says of itself, None if none is kept."""
    return _seal(desk, document).facts if document else None


def signature_of(desk: Desk, document: Mapping[str, Any] | None, sender: str) -> Callable[[bytes], bytes] | None:
    """Return what signs messages from `sender`, None if no certificate is kept. Raises InputError("smime_expired"),
    InputError("smime_other_address"): a message that should be signed never goes out unsigned by accident."""
    if not document:
        return None
    seal = _seal(desk, document)
    _check(desk, seal, sender)
    return seal.signature


def _seal(desk: Desk, document: Mapping[str, Any]) -> MailSeal:
    return desk.open_seal(base64.b64decode(document["data"]), str(document["password"]))


def _check(desk: Desk, seal: MailSeal, sender: str) -> None:
    facts, now = seal.facts, desk.clock.now()
    if not facts.valid_from <= now <= facts.valid_until:
        raise InputError("smime_expired", until=facts.valid_until.date().isoformat())
    if sender.lower() not in facts.addresses:
        raise InputError("smime_other_address", address=sender)
