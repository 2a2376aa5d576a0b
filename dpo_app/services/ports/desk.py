"""An open store with everything use-cases need: what `bootstrap` builds and every service takes first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dpo_app.services.ports.letters import LetterRenderer
from dpo_app.services.ports.mail import MailRenderer
from dpo_app.services.ports.reports import AuditPrinter, Sheets
from dpo_app.services.ports.runtime import Clock, IdSource
from dpo_app.services.ports.store import Queries, UnitOfWork
from dpo_app.services.ports.tables import Tables
from dpo_app.services.ports.wording import Wordings


@dataclass(frozen=True)
class Desk:
    """`begin()` opens a unit of work, `read()` a snapshot. `actor` is who works at the screen; it signs the trail.

    `letters`, `mail`, `wording`, `sheets`, `audit_pdf` and `tables` are the adapters behind the ports; `headings` and
    `country_rules` are data from resources. `scratch` gives a file in the store's own folder that goes when the block
    ends. `ready_for_persons` tells whether two ways to unlock have worked once,
    `anchor_state` how the store stood to its anchor when it was opened (whole, behind, missing, damaged, other).
    """

    begin: Callable[[], UnitOfWork]
    read: Callable[[], Queries]
    clock: Clock
    ids: IdSource
    actor: str
    letters: LetterRenderer
    mail: MailRenderer
    wording: Wordings
    sheets: Sheets
    audit_pdf: AuditPrinter
    tables: Tables
    headings: Mapping[str, Sequence[str]]
    country_rules: Mapping[str, Mapping[str, Any]]
    home_country: str
    time_zone: str
    program: str
    ready_for_persons: Callable[[], bool]
    read_only: bool
    store_id: str
    audit_mac: bytes | None = field(repr=False)
    anchor_state: str
    example_folder: Path
    scratch: Callable[[str, bytes], AbstractContextManager[Path]]
