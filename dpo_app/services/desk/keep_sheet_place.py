"""Where the officer keeps the recovery sheet: a note to themselves, encrypted with everything else."""

from __future__ import annotations

from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import Changes, Topic


def keep_sheet_place(desk: Desk, place: str) -> Changes:
    """Keep the note; the trail says that it changed, not what it says."""
    with desk.begin() as uow:
        uow.settings.put("recovery_sheet", {"place": place.strip(), "noted_at": desk.clock.now().isoformat()})
        uow.audit.record(AuditAction.SETTINGS_CHANGED, facts={"name": "recovery_sheet"})
        uow.commit()
    return Changes.of(None, Topic.SETTINGS)
