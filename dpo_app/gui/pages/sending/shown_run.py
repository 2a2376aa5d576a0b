"""Which of a breach's runs the card shows, and what its line in the list of runs says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dpo_app.core.ids import BatchId
from dpo_app.i18n import _
from dpo_app.services.mail.sending_watch import RunControl, figures


def run_to_show(queries: Any, open_runs: Sequence[BatchId], ended: Sequence[Any], live: int) -> Any:
    """Return the run under way (`live`; 0: none is); else the newest that somebody waits in; else the newest with held
    ones; else the one that ended last, or None."""
    if live in open_runs:
        return queries.batch(live)
    for batch_id in reversed(open_runs):
        counts = figures(queries.run_counts(batch_id))
        if counts["waiting"] or counts["deferred"]:
            return queries.batch(batch_id)
    if open_runs:
        return queries.batch(open_runs[-1])
    return ended[0] if ended else None


def live_run(control: RunControl | None) -> int:
    """Return the number of the run that is being sent; 0 while none is."""
    return control.view.batch_id if control is not None else 0


def batch_shown(run: Any, batches: Sequence[Any], live: int) -> Any:
    """Return the run that the card is about: the one under way, though it began after the page was read; None if the page
    has not heard of it."""
    if not live or run.id == live:
        return run
    return next((each for each in batches if each.id == live), None)


def run_state(batch: Any, live: int) -> str:
    """Return the word for a run that has not ended and is not being sent now; "" for any other."""
    if batch.state != "sending" or batch.id == live:
        return ""
    return _("ended, held ones wait for you") if batch.facts.get("paused") == "stopped" else _("paused")
