"""A list of persons for a file: what the task needs, protected persons left out (security.md, letters 2.6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dpo_app.core.ids import BreachId, RevisionId, grouped
from dpo_app.services.lines import PersonFilter
from dpo_app.services.ports.desk import Desk

PAGE = 500
COLUMNS = (
    "code", "family_name", "given_names", "birth_year", "language", "exposure", "channel", "channel_reason",
    "standing",
)  # fmt: skip


def export_rows(desk: Desk, breach_id: BreachId, wanted: PersonFilter) -> Iterator[tuple[Any, ...]]:
    """Yield rows of `COLUMNS` by name; persons with a protected address are left out of every list."""
    with desk.read() as queries:
        revision_id = RevisionId(queries.newest_revision(breach_id).id)
        ids = queries.person_ids(breach_id, revision_id, wanted)
        for start in range(0, len(ids), PAGE):
            for line in queries.person_lines(revision_id, ids[start : start + PAGE]):
                if not line.protected:
                    yield (
                        grouped(line.code), line.family_name, line.given_names, line.birth_year, line.language,
                        line.exposure, line.channel, line.channel_reason, line.standing,
                    )  # fmt: skip
