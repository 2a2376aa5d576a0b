"""The one place that picks adapters: an unlocked store and the program's resources become a `Desk`."""

from __future__ import annotations

import os
import platform
import time
import tomllib
from datetime import datetime, timezone
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from dpo_app import paths
from dpo_app.core.organisation import Organisation
from dpo_app.documents.audit_pdf import AuditPdf
from dpo_app.documents.letters import LetterMaker
from dpo_app.documents.mail import MailMaker
from dpo_app.documents.sheets import SheetFiles
from dpo_app.documents.wording import WordingFolder
from dpo_app.importing.reader import FileTables
from dpo_app.services.ports.desk import Desk
from dpo_app.store import crypto, keyfile
from dpo_app.store.audit_log import AuditContext, AuditLog
from dpo_app.store.unit_of_work import SqlReading, SqlUnitOfWork
from dpo_app.store.vault import OpenStore


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(timezone.utc)

    def monotonic_ms(self) -> int:
        """Return milliseconds that never run backwards while the machine is on."""
        return time.monotonic_ns() // 1_000_000


class SystemIds:
    """The system's source of chance."""

    def uid(self) -> str:
        """Return 128 random bits as hex."""
        return crypto.random_bytes(16).hex()

    def code(self, length: int) -> str:
        """Return random signs of the code alphabet."""
        return crypto.random_code(length)

    def random_bytes(self, count: int) -> bytes:
        """Return random bytes."""
        return crypto.random_bytes(count)


def program_version() -> str:
    """Return the program's version."""
    try:
        return version("dpo-desk")
    except PackageNotFoundError:
        return "0"


@lru_cache(maxsize=1)
def _headings() -> dict[str, list[str]]:
    path = paths.resources() / "registers" / "headings.toml"
    found: dict[str, list[str]] = tomllib.loads(path.read_text("utf-8"))["headings"]
    return found


@lru_cache(maxsize=1)
def _country_rules() -> dict[str, Any]:
    path = paths.resources() / "postal" / "countries.toml"
    found = tomllib.loads(path.read_text("utf-8"))
    return {key: rule for key, rule in found.items() if isinstance(rule, dict)}


def _boot_id() -> str:
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text().strip() if path.is_file() else f"start-{os.getpid()}-{time.time_ns()}"


def build(opened: OpenStore, actor: str, clock: Any | None = None) -> Desk:
    """Return the desk of an unlocked store for one who works at it."""
    clock = clock or SystemClock()
    context = AuditContext(
        opened.keys.store_id, opened.subkeys.audit_mac, clock, actor, platform.node()[:40] or "computer",
        program_version(), _boot_id(),
    )  # fmt: skip

    def make_log(connection: Connection) -> AuditLog:
        return AuditLog(connection, context)

    def begin() -> SqlUnitOfWork:
        return SqlUnitOfWork(opened.engine, make_log, opened.anchor.write)

    def read() -> SqlReading:
        return SqlReading(opened.engine, make_log)

    with read() as queries:
        organisation = Organisation.from_document(queries.setting("organisation") or {})
    return Desk(
        begin=begin, read=read, clock=clock, ids=SystemIds(), actor=actor, letters=LetterMaker(),
        mail=MailMaker(), wording=WordingFolder(paths.resources() / "wording"), sheets=SheetFiles(),
        audit_pdf=AuditPdf(), tables=FileTables(), headings=_headings(), country_rules=_country_rules(),
        home_country=organisation.country or "FI", program=program_version(),
        ready_for_persons=lambda: keyfile.ready_for_persons(opened.keys), read_only=opened.read_only,
        store_id=opened.keys.store_id, audit_mac=opened.subkeys.audit_mac,
        anchor_state=opened.finding.state.value,
    )  # fmt: skip
