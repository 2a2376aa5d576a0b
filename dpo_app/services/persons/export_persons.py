"""A list of persons for a file: what the task needs, protected persons left out (security.md, letters 2.6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dpo_app.core.errors import InputError
from dpo_app.core.ids import BreachId, RevisionId, grouped
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.lines import PersonFilter
from dpo_app.services.ports.desk import Desk

PAGE = 500
COLUMNS = (
    "code", "family_name", "given_names", "birth_year", "language", "exposure", "channel", "channel_reason",
    "standing",
)  # fmt: skip


def export_rows(
    desk: Desk, breach_id: BreachId, wanted: PersonFilter, chosen: Sequence[int] | None = None
) -> Iterator[tuple[Any, ...]]:
    """Yield rows of `COLUMNS` by name, or of the persons chosen in their order; persons with a protected address are
    left out of every list."""
    with desk.read() as queries:
        revision_id = RevisionId(queries.newest_revision(breach_id).id)
        ids = chosen if chosen is not None else queries.person_ids(breach_id, revision_id, wanted)
        for start in range(0, len(ids), PAGE):
            for line in queries.person_lines(revision_id, ids[start : start + PAGE]):
                if not line.protected:
                    yield (
                        grouped(line.code), line.family_name, line.given_names, line.birth_year, line.language,
                        line.exposure, line.channel, line.channel_reason, line.standing,
                    )  # fmt: skip


#: So many rows may go to the clipboard at once: what is more is a file.
MOST_COPIED = 5_000


def copied_text(desk: Desk, breach_id: BreachId, chosen: Sequence[int], headings: Sequence[str]) -> tuple[str, int]:
    """Return persons as lines of cells parted by tabs, headings first, safe to paste into a spreadsheet; and how many they
    are, those with a protected address left out. That they were copied is an entry of the trail. Raises
    InputError("too_many_to_copy")."""
    if len(chosen) > MOST_COPIED:
        raise InputError("too_many_to_copy", persons=len(chosen), most=MOST_COPIED)
    rows = list(export_rows(desk, breach_id, PersonFilter(), chosen))
    if not desk.read_only:
        with desk.begin() as uow:
            uow.audit.record(
                AuditAction.COPIED, subjects=(uow.queries.breach_uid(breach_id),), facts={"persons": len(rows)}
            )
            uow.commit()
    lines = [headings, *([desk.sheets.harmless(cell) for cell in row] for row in rows)]
    return "\n".join("\t".join(" ".join(str(cell).split()) for cell in line) for line in lines), len(rows)
