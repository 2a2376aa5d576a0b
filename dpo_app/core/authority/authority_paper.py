"""Everything the PDF of a notice to an authority says, as one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dpo_app.core.authority.authorities import Authority
from dpo_app.core.authority.authority_notice import AuthorityNotice, Change, Filled
from dpo_app.core.authority.authority_template import Template


@dataclass(frozen=True)
class AuthorityPaper:
    """A notice with the words of its language: `labels` and `texts` by field key, `titles` by section, `before` the
    texts of the notice it follows. `reference` is the breach's own; `sha256` is empty for a draft."""

    notice: AuthorityNotice
    reference: str
    authority: Authority
    organisation: str
    template: Template
    filled: Filled
    labels: Mapping[str, str]
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    before: Mapping[str, str]
    changes: Sequence[Change]
    earlier: str
    revision: int
    known_as_of: datetime
    made_at: datetime
    time_zone: str
    title: str
    breach_reference: str
    to_be_determined: str
    earlier_revision: int = 0
