"""An open store with everything use-cases need: what `bootstrap` builds and every service takes first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dpo_app.services.ports.runtime import Clock, IdSource
from dpo_app.services.ports.store import Queries, UnitOfWork


@dataclass(frozen=True)
class Desk:
    """`begin()` opens a unit of work, `read()` a snapshot. `actor` is who works at the screen; it signs the trail.

    `letters`, `mail`, `wording`, `files`, `sheets`, `audit_pdf` and `tables` are the adapters behind the ports of
    the same names; use-cases that write files get the folder as an argument.
    """

    begin: Callable[[], UnitOfWork]
    read: Callable[[], Queries]
    clock: Clock
    ids: IdSource
    actor: str
    letters: Any = None
    mail: Any = None
    wording: Any = None
    sheets: Any = None
    audit_pdf: Any = None
    tables: Any = None
    headings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    home_country: str = "FI"
    ready_for_persons: Callable[[], bool] = lambda: True
    read_only: bool = False
