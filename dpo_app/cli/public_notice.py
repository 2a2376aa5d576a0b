"""The public notice on the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dpo_app.cli.session import Session
from dpo_app.core.ids import BreachId, notice_ref
from dpo_app.services.notices.public_notice import export_public, public_notice, record_published, texts_of


def draft(session: Session, breach_id: BreachId) -> None:
    """Show the public notice that follows from the approved sections."""
    with session.desk() as desk:
        found = public_notice(desk, breach_id)
    texts = texts_of(found)
    session.say(
        {"notice": notice_ref(found.notice_id), "persons": found.persons, "languages": list(texts), "texts": texts},
        f"Public notice from {notice_ref(found.notice_id)}; {found.persons} persons can be reached by it only.",
        *texts.values(),
    )


def export(session: Session, breach_id: BreachId, out: Path) -> None:
    """Write it as files."""
    with session.desk() as desk:
        folder, names = export_public(desk, breach_id, out)
    session.say({"folder": folder, "files": names}, *(f"{folder}/{name}" for name in names))


def published(session: Session, breach_id: BreachId, on: date, place: str, proof: Path | None) -> None:
    """Record its publication."""
    with session.desk() as desk:
        done = record_published(desk, breach_id, on, place, proof)
    session.say({"persons": done.persons}, f"{done.persons} persons count as told by public notice.")
