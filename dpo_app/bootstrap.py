"""The one place that picks adapters: an unlocked store and the program's resources become a `Desk`."""

from __future__ import annotations

import os
import platform
import shutil
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import lru_cache, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection

from dpo_app import paths
from dpo_app.core.clocks.regime import RulePacks
from dpo_app.core.delivery import ReturnReason
from dpo_app.core.errors import DpoError, InputError, StoreError
from dpo_app.core.mail.mail_check import MailDomains
from dpo_app.core.organisation import Organisation
from dpo_app.core.persons.care import CareRules, rules_from
from dpo_app.core.proof.audit import AuditAction
from dpo_app.core.risk.risk import Method
from dpo_app.core.risk.risk_cases import Case, cases_from_document
from dpo_app.core.risk.risk_document import method_from_document
from dpo_app.dispatch.bounces import MailReader
from dpo_app.dispatch.hand_over import ClosedArchives
from dpo_app.dispatch.imap_box import ImapBoxes
from dpo_app.dispatch.names import NameServer
from dpo_app.dispatch.smtp import SmtpDispatcher
from dpo_app.documents.answers import AnswerFolder
from dpo_app.documents.calendar_file import CalendarFile
from dpo_app.documents.forms import FormFolder
from dpo_app.documents.letters.letters import LetterMaker
from dpo_app.documents.mail import MailMaker
from dpo_app.documents.papers.audit_pdf import AuditPdf
from dpo_app.documents.papers.authority_pdf import AuthorityPdf
from dpo_app.documents.papers.person_record import RecordPdf
from dpo_app.documents.papers.recovery_sheet import recovery_sheet
from dpo_app.documents.papers.register_pdf import RegisterPdf
from dpo_app.documents.regimes import load_packs
from dpo_app.documents.sheets import SheetFiles
from dpo_app.documents.wording import WordingFolder
from dpo_app.files import scratch_file, write_bytes
from dpo_app.importing.reader import FileTables
from dpo_app.services.desk.make_example import make_example
from dpo_app.services.desk.manage_store import note, save_organisation
from dpo_app.services.facts.keep_evidence import settle_saving
from dpo_app.services.mail.email_run import find_interrupted
from dpo_app.services.ports.desk import Desk, Opening
from dpo_app.services.progress import Progress
from dpo_app.store.audit_log import AuditContext, AuditLog
from dpo_app.store.folder import KEYS, LOCK, Face, face_of
from dpo_app.store.keys import crypto, keyfile, quick_unlock
from dpo_app.store.keys.keyfile import SlotKind
from dpo_app.store.lock import StoreLock
from dpo_app.store.migrations.runner import head_revision
from dpo_app.store.sending.journal import opener as journal_opener
from dpo_app.store.unit_of_work import SqlReading, SqlUnitOfWork
from dpo_app.store.vault import (
    OpenStore,
    Secret,
    confirm,
    confirm_recovery,
    create,
    open_store,
    refuse_state,
    renew_recovery,
)
from dpo_app.store.vault import accept_state as vault_accept_state
from dpo_app.store.vault import change_passphrase as vault_change_passphrase


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
def _mail_domains() -> MailDomains:
    path = paths.resources() / "registers" / "mail_domains.toml"
    found = tomllib.loads(path.read_text("utf-8"))
    return MailDomains(frozenset(found["domains"]), found["slips"])


@lru_cache(maxsize=1)
def _country_rules() -> dict[str, Any]:
    path = paths.resources() / "postal" / "countries.toml"
    found = tomllib.loads(path.read_text("utf-8"))
    return {key: rule for key, rule in found.items() if isinstance(rule, dict)}


@lru_cache(maxsize=1)
def forms() -> FormFolder:
    """Return the forms of authorities and their directory; no store is needed for them."""
    return FormFolder(paths.resources() / "forms", paths.resources() / "authorities" / "authorities.toml")


@lru_cache(maxsize=1)
def _care_rules() -> CareRules:
    path = paths.resources() / "care" / "rules.toml"
    return rules_from(tomllib.loads(path.read_text("utf-8")))


@lru_cache(maxsize=1)
def rule_packs() -> RulePacks:
    """Return the rule packs of all laws, with what is wrong with those that cannot be used."""
    return load_packs(paths.resources() / "regimes")


@lru_cache(maxsize=1)
def risk_method() -> Method:
    """Return the method by which a risk is assessed; no store is needed for it."""
    path = paths.resources() / "risk" / "enisa-2013.toml"
    return method_from_document(tomllib.loads(path.read_text("utf-8")))


@lru_cache(maxsize=1)
def risk_cases() -> tuple[Case, ...]:
    """Return the guidelines' example cases, with which an assessment is compared."""
    path = paths.resources() / "risk" / "edpb-cases-2021.toml"
    return cases_from_document(tomllib.loads(path.read_text("utf-8")))


@lru_cache(maxsize=1)
def _return_words() -> dict[ReturnReason, list[str]]:
    path = paths.resources() / "postal" / "return_words.toml"
    return {ReturnReason(key): words for key, words in tomllib.loads(path.read_text("utf-8")).items()}


def _boot_id() -> str:
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text().strip() if path.is_file() else f"start-{os.getpid()}-{time.time_ns()}"


def build(store: OpenStore, actor: str, clock: Any | None = None) -> Desk:
    """Return the desk of an unlocked store for one who works at it."""
    clock = clock or SystemClock()
    context = AuditContext(
        store.keys.store_id, store.subkeys.audit_mac, clock, actor, platform.node()[:40] or "computer",
        program_version(), _boot_id(),
    )  # fmt: skip

    def make_log(connection: Connection) -> AuditLog:
        return AuditLog(connection, context)

    def anchored(seq: int, head: bytes) -> None:
        store.anchor.write(seq, head, clock.now())

    def begin() -> SqlUnitOfWork:
        if store.read_only:
            raise StoreError("read_only")
        return SqlUnitOfWork(store.engine, make_log, anchored, store.stop)

    def read() -> SqlReading:
        return SqlReading(store.engine, make_log)

    with read() as queries:
        organisation = Organisation.from_document(queries.setting("organisation") or {})
    return Desk(
        begin=cast(Any, begin), read=cast(Any, read), clock=clock, ids=SystemIds(), actor=actor, letters=LetterMaker(),
        mail=MailMaker(), mail_reader=MailReader(), mailboxes=ImapBoxes(), open_seal=crypto.MailSeal, names=NameServer, dispatcher=SmtpDispatcher(),
        hand_over=ClosedArchives(),
        journal=cast(Any, journal_opener(store.engine, store.stop)), wording=WordingFolder(paths.resources() / "wording"),
        sheets=SheetFiles(), audit_pdf=AuditPdf(), authority_pdf=AuthorityPdf(), calendar=CalendarFile(), register_pdf=RegisterPdf(),
        tables=FileTables(), forms=forms(), headings=_headings(), country_rules=_country_rules(), return_words=_return_words(),
        mail_domains=_mail_domains(), regimes=rule_packs(), care=_care_rules(),
        risk=risk_method(), risk_cases=risk_cases(),
        answers=AnswerFolder(paths.resources() / "answers"), record_pdf=RecordPdf(),
        home_country=organisation.country or "FI", time_zone=organisation.time_zone, program=program_version(),
        ready_for_persons=lambda: keyfile.ready_for_persons(store.keys), read_only=store.read_only,
        store_id=store.keys.store_id, audit_mac=store.subkeys.audit_mac, token_key=store.subkeys.tokens,
        opening=_opening(store), keys_whole=lambda: store.keys.whole, example_folder=paths.resources() / "example",
        scratch=partial(scratch_file, store.folder),
    )  # fmt: skip


def _opening(store: OpenStore) -> Opening:
    found = store.finding
    return Opening(store.way.value, found.state.value, found.missing, found.at, found.head)


@contextmanager
def opened(
    folder: Path, actor: str, passphrase: str | None, lines: tuple[str, ...] = ()
) -> Iterator[tuple[OpenStore, Desk]]:
    """Open a store for as long as the block lasts: with the lines of its recovery sheet if there are any, else with its
    passphrase or, with None, by the keyring."""
    store, desk = open_desk(folder, actor, passphrase=passphrase, lines=lines)
    try:
        yield store, desk
    finally:
        store.close()


@contextmanager
def opened_with_passphrase(folder: Path, passphrase: str, actor: str) -> Iterator[Desk]:
    """Open a store with its passphrase for as long as the block lasts."""
    with opened(folder, actor, passphrase) as (_store, desk):
        yield desk


def make_store(folder: Path, organisation: str, passphrase: str, recovery_out: Path, actor: str) -> str:
    """Make a store and write its recovery sheet; returns the store's id.

    The sheet counts as working because the store is opened with its lines before this returns; in the window the
    officer types two lines back from paper instead.
    """
    store, lines = create(folder, organisation, passphrase)
    store_id = store.keys.store_id
    try:
        desk = build(store, actor)
        note(desk, AuditAction.STORE_CREATED)
        if organisation:
            save_organisation(desk, Organisation(name=organisation))
        day = datetime.now().astimezone().date().isoformat()
        write_bytes(recovery_out, recovery_sheet(folder.stem, store_id, day, lines))
    finally:
        store.close()
    open_store(folder, Secret(SlotKind.RECOVERY, lines=lines)).close()
    return store_id


def change_passphrase(store: OpenStore, desk: Desk, old: str | None, new: str) -> None:
    """Put a new passphrase in the place of the old one, which is asked for again unless the recovery sheet opened the
    store; an entry of the trail."""
    vault_change_passphrase(store, old, new)
    note(desk, AuditAction.WAY_IN_CHANGED, way=SlotKind.PASSPHRASE.value)


def accept_state(store: OpenStore, desk: Desk, reason: str) -> Desk:
    """Let a store be changed again that is not the one its anchor knows; returns its desk. The reason and what was
    found are an entry of the trail. Raises InputError("reason_needed"), StoreError; then it stays as it was."""
    if not reason.strip():
        raise InputError("reason_needed")
    found = store.finding
    vault_accept_state(store)
    try:
        accepted = build(store, desk.actor)
        note(
            accepted, AuditAction.ROLLBACK_ACCEPTED, found=found.state.value, missing=found.missing,
            known_head=found.head, reason=reason,
        )  # fmt: skip
    except BaseException:
        refuse_state(store, found)
        raise
    return accepted


def has_quick_unlock(folder: Path) -> bool:
    """Tell whether the computer's keyring can open a store; nothing is opened."""
    return quick_unlock.has_quick_unlock(folder)


def add_quick_unlock(store: OpenStore, desk: Desk) -> str:
    """Let the computer's keyring open the store from now on; returns the keyring's name. An entry of the trail."""
    backend = quick_unlock.add_quick_unlock(store)
    note(desk, AuditAction.WAY_IN_ADDED, way=SlotKind.KEYRING.value)
    return backend.split(".")[-2]


def remove_quick_unlock(store: OpenStore, desk: Desk) -> None:
    """Close the store to the keyring. An entry of the trail."""
    quick_unlock.remove_quick_unlock(store)
    note(desk, AuditAction.WAY_IN_REMOVED, way=SlotKind.KEYRING.value)


def ways_in(folder: Path) -> list[dict[str, Any]]:
    """Return the ways to unlock a store and whether each has worked once; nothing is opened."""
    keys = keyfile.load(folder / KEYS)
    return [{"id": slot.id, "kind": slot.kind.value, "used": slot.used} for slot in keys.slots]


def face(folder: Path) -> Face:
    """Return what is known of a store before unlocking."""
    return face_of(folder)


def open_desk(
    folder: Path, actor: str, *, passphrase: str | None = None, lines: tuple[str, ...] = (), failed_tries: int = 0
) -> tuple[OpenStore, Desk]:
    """Open a store for the window, with its passphrase, the lines of its recovery sheet, or, if neither is given, the
    key that the computer's keyring holds."""
    secret = _secret(folder, passphrase, lines)
    store = open_store(folder, secret)
    try:
        desk = build(store, actor)
        if store.migrated_from:
            note(desk, AuditAction.SCHEMA_UPDATED, before=store.migrated_from, after=head_revision())
        if not store.read_only:
            note(desk, AuditAction.UNLOCKED, way=secret.kind.value, failed=failed_tries)
            find_interrupted(desk)
            settle_saving(desk)
    except BaseException:
        store.close()
        raise
    return store, desk


def _secret(folder: Path, passphrase: str | None, lines: tuple[str, ...]) -> Secret:
    if lines:
        return Secret(SlotKind.RECOVERY, lines=lines)
    if passphrase is not None:
        return Secret(SlotKind.PASSPHRASE, passphrase=passphrase)
    return quick_unlock.keyring_secret(folder)


def reenter_desk(
    store: OpenStore, desk: Desk, *, passphrase: str | None = None, lines: tuple[str, ...] = (), failed_tries: int = 0
) -> None:
    """Check a way into a store that stayed open behind a locked window, as `open_desk` would; an entry of the trail."""
    secret = _secret(store.folder, passphrase, lines)
    confirm(store, secret)
    if not store.read_only:
        note(desk, AuditAction.UNLOCKED, way=secret.kind.value, failed=failed_tries)


def note_sealed(desk: Desk) -> None:
    """Record that the window is locked while a run of e-mails goes on."""
    note(desk, AuditAction.LOCKED_WHILE_SENDING)


def close_desk(store: OpenStore | None, desk: Desk | None) -> None:
    """Close a store; the closing is an entry of the trail."""
    if store is None:
        return
    try:
        if desk is not None and not store.read_only:
            note(desk, AuditAction.LOCKED)
    finally:
        store.close()


def create_desk(
    folder: Path, organisation: str, passphrase: str, actor: str, *, example: bool = False
) -> tuple[OpenStore, Desk, tuple[str, ...]]:
    """Make a store for the window; returns it open, with the lines of its recovery sheet."""
    store, lines = create(folder, organisation, passphrase, example=example)
    desk = build(store, actor)
    note(desk, AuditAction.STORE_CREATED)
    save_organisation(desk, Organisation(name=organisation))
    return store, build(store, actor), lines


def sheet_pdf(store: OpenStore, lines: tuple[str, ...]) -> bytes:
    """Return the recovery sheet as PDF, to print or to write where the officer says; kept nowhere."""
    day = datetime.now().astimezone().date().isoformat()
    return recovery_sheet(store.face.name, store.keys.store_id, day, lines)


def write_sheet(store: OpenStore, lines: tuple[str, ...], path: Path) -> None:
    """Write the recovery sheet where the officer said."""
    write_bytes(path, sheet_pdf(store, lines))


def suggest_passphrase(words: int = 6) -> str:
    """Return words drawn by the system's chance from a list of 7 776: six make 77 bits."""
    known = tuple((paths.resources() / "words" / "large.txt").read_text("ascii").split())
    return " ".join(crypto.random_choice(known) for _ in range(words))


def new_sheet(store: OpenStore, desk: Desk) -> tuple[str, ...]:
    """Make a new recovery sheet in the place of the old one; returns its lines. The change is an entry of the trail."""
    lines = renew_recovery(store)
    note(desk, AuditAction.WAY_IN_CHANGED, way=SlotKind.RECOVERY.value)
    return lines


def confirm_sheet(store: OpenStore, typed: dict[int, str]) -> None:
    """Count the recovery sheet as working: two lines were typed back from paper."""
    confirm_recovery(store, typed)


def example_desk(base: Path, persons: int, actor: str, progress: Progress) -> tuple[OpenStore, Desk, Path]:
    """Make the made-up clinic in a new store under `base` and open it. Its passphrase is random and kept nowhere: the
    example is for this look around only, so those of earlier looks, which nobody can open, are removed first."""
    for old in sorted(base.glob("example-*.dpo")):
        if face_of(old).example:
            _remove_unused(old)
    number = next(n for n in range(1, 1000) if not (base / f"example-{n}.dpo").exists())
    folder = base / f"example-{number}.dpo"
    store, _desk, lines = create_desk(folder, "Esimerkkiklinikka Oy", crypto.random_code(24), actor, example=True)
    try:
        confirm_recovery(store, {0: lines[0], 1: lines[1]})
        desk = build(store, actor)
        make_example(desk, persons, progress=progress)
    except BaseException:
        store.close()
        raise
    return store, desk, folder


def _remove_unused(folder: Path) -> None:
    """Remove an example store unless another window has it open."""
    try:
        lock = StoreLock(folder / LOCK)
    except DpoError:
        return
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)
