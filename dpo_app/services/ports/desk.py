"""An open store with everything use-cases need: what `bootstrap` builds and every service takes first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dpo_app.core.clocks.regime import RulePacks
from dpo_app.core.delivery import ReturnReason
from dpo_app.core.ids import BreachId
from dpo_app.core.mail.mail_check import MailDomains
from dpo_app.core.mail.mail_trust import Names
from dpo_app.core.persons.care import CareRules
from dpo_app.core.risk.risk import Method
from dpo_app.core.risk.risk_cases import Case
from dpo_app.services.ports.answers import Answers
from dpo_app.services.ports.authority import AuthorityPrinter
from dpo_app.services.ports.dispatch import Dispatcher
from dpo_app.services.ports.forms import Forms
from dpo_app.services.ports.hand_over import HandOver
from dpo_app.services.ports.journal import Journal
from dpo_app.services.ports.letters import LetterRenderer
from dpo_app.services.ports.mail import MailRenderer, MailSeal
from dpo_app.services.ports.mailbox import Mailboxes
from dpo_app.services.ports.reports import AuditPrinter, CalendarWriter, RecordPrinter, RegisterPrinter, Sheets
from dpo_app.services.ports.returned import MailReader
from dpo_app.services.ports.runtime import Clock, IdSource
from dpo_app.services.ports.store import Queries, UnitOfWork
from dpo_app.services.ports.tables import Tables
from dpo_app.services.ports.wording import Wordings


@dataclass(frozen=True)
class Opening:
    """How the store was found at its opening: `way` it was unlocked by (passphrase, recovery, keyring); how it stood to
    its `anchor` (whole, behind, missing, damaged, other), with the entries it lacks and the time and head (hex) of the
    newest entry that the anchor knows."""

    way: str
    anchor: str
    missing: int = 0
    known_at: datetime | None = None
    known_head: str = ""


@dataclass(frozen=True)
class Desk:
    """`begin()` opens a unit of work, `read()` a snapshot. `actor` is who works at the screen; it signs the trail.

    `dispatcher` makes lines to a mail server, `journal` opens the journal of a run, `hand_over` closes files for a print
    house.
    `letters`, `mail`, `wording`, `sheets`, `audit_pdf`, `calendar`, `tables` and `forms` are the adapters behind the
    ports; `headings`, `country_rules` and the rule packs of laws, `regimes`, are data from resources. `scratch`
    gives a file in the store's own folder that goes when the block ends. `ready_for_persons` tells whether two ways to
    unlock have worked once, `keys_whole` whether no part of the key file is damaged.
    """

    begin: Callable[[], UnitOfWork]
    read: Callable[[], Queries]
    clock: Clock
    ids: IdSource
    actor: str
    letters: LetterRenderer
    mail: MailRenderer
    mail_reader: MailReader
    mailboxes: Mailboxes
    open_seal: Callable[[bytes, str], MailSeal]
    names: Callable[[], Names]
    dispatcher: Dispatcher
    hand_over: HandOver
    journal: Callable[[BreachId], Journal]
    wording: Wordings
    sheets: Sheets
    audit_pdf: AuditPrinter
    calendar: CalendarWriter
    register_pdf: RegisterPrinter
    authority_pdf: AuthorityPrinter
    record_pdf: RecordPrinter
    tables: Tables
    forms: Forms
    headings: Mapping[str, Sequence[str]]
    country_rules: Mapping[str, Mapping[str, Any]]
    mail_domains: MailDomains
    return_words: Mapping[ReturnReason, Sequence[str]]
    care: CareRules
    regimes: RulePacks
    risk: Method
    risk_cases: tuple[Case, ...]
    answers: Answers
    home_country: str
    time_zone: str
    program: str
    ready_for_persons: Callable[[], bool]
    read_only: bool
    store_id: str
    audit_mac: bytes | None = field(repr=False)
    #: Signs return addresses and message ids (security.md section 6).
    token_key: bytes = field(repr=False)
    opening: Opening
    keys_whole: Callable[[], bool]
    example_folder: Path
    scratch: Callable[[str, bytes], AbstractContextManager[Path]]

    @property
    def zone(self) -> ZoneInfo:
        """Return the organisation's zone."""
        return ZoneInfo(self.time_zone or "UTC")
