"""Registers of 33,000 and 1,000,000 rows: import, exposure and plan, and the page Persons over them.

python tests/bench/bench_import.py [rows ...]

The peer in the same run is the least that any import must do: the standard library's csv reader over the same file.
Memory is the peak of what this process and the reading child hold together.
"""

from __future__ import annotations

import csv
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from dpo_app import bootstrap
from dpo_app.core.ids import BreachId
from dpo_app.paths import resources
from dpo_app.services.desk.make_example import HEADINGS, example_document, register_rows
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.services.persons.import_persons import accept_import, stage_import
from dpo_app.store import vault
from dpo_app.store.keys.crypto import KdfCost
from tests.bench.memory import Memory
from tests.builders import a_revision

PASSPHRASE = "a long passphrase of a bench"
#: rows: (seconds, MiB) that an import may take.
FIGURES = {33_000: (6.0, 300), 1_000_000: (300.0, 1024)}
PLAN_SECONDS, PAINT_SECONDS, SEARCH_SECONDS = 60.0, 0.5, 0.2
SEARCHES = ("virtan mat", "aalto", "a", "aino.aalto", "E1005")


def say(text: str, reached: bool | None = None) -> bool:
    mark = "" if reached is None else "  reached" if reached else "  MISSED"
    sys.stdout.write(f"{text}{mark}\n")
    sys.stdout.flush()
    return reached is not False


def write_register(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(HEADINGS)
        writer.writerows(register_rows(example_document(resources() / "example"), rows, 5))


def peer_seconds(path: Path) -> float:
    began = time.perf_counter()
    with path.open(encoding="utf-8", newline="") as stream:
        for _row in csv.reader(stream, delimiter=";"):
            pass
    return time.perf_counter() - began


def import_bench(desk: Any, breach_id: BreachId, path: Path, rows: int) -> bool:
    peer, memory = peer_seconds(path), Memory()
    memory.start()
    began = time.perf_counter()
    staged = stage_import(desk, breach_id, path)
    read = time.perf_counter() - began
    accept_import(desk, staged.import_id)
    whole = time.perf_counter() - began
    most, mib = FIGURES.get(rows, (rows / 3_000, 1024))
    good = say(
        f"import of {rows:,} rows: {whole:.1f} s (read and checked {read:.1f}), {whole / peer:.0f} x csv.reader; "
        f"{staged.new:,} new, {staged.duplicate:,} duplicate; wanted {most:.0f} s", whole <= most,
    )  # fmt: skip
    peak = memory.stop()
    good &= say(f"  peak memory, child and all: {peak:.0f} MiB; wanted {mib}", peak <= mib)
    began = time.perf_counter()
    made = make_plan(desk, breach_id)
    seconds = time.perf_counter() - began
    return good & say(f"exposure and plan of {made.persons:,} persons: {seconds:.1f} s", seconds <= PLAN_SECONDS)


def window_bench(opened: Any, desk: Any) -> bool:
    """Time the page Persons from the click to its first painted row, and each search from the last key on."""
    from PySide6.QtCore import QEvent, QObject

    from dpo_app.gui.app import Desktop, application
    from dpo_app.settings import Settings

    app = application([])
    desktop = Desktop(Settings(language="en", appearance="light"))
    desktop.use(opened, desk, opened.folder)

    def until(done: Callable[[], object]) -> float:
        began = time.perf_counter()
        while not done():
            app.processEvents()
            time.sleep(0.001)  # as the program's own loop does: it lets the reading threads run
            if time.perf_counter() - began > 60:
                raise TimeoutError
        return time.perf_counter() - began

    class Painted(QObject):
        """Notes when the list was painted with its first row there."""

        at = 0.0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Paint and page.model.rowCount() and page.model.line(0) is not None:
                self.at = self.at or time.perf_counter()
            return False

    until(lambda: desktop.main.breach_id is not None and not desktop.runner.busy())
    began, painted = time.perf_counter(), Painted()
    page = desktop.main.page("persons")
    page.table.viewport().installEventFilter(painted)
    desktop.main.show_page("persons")
    until(lambda: painted.at)
    rows = page.model.rowCount()
    good = say(f"page Persons painted after {painted.at - began:.2f} s ({rows} rows known then)",
               painted.at - began <= PAINT_SECONDS)  # fmt: skip
    until(lambda: not desktop.runner.busy())
    say(f"  all {page.model.rowCount():,} rows known after {time.perf_counter() - began:.2f} s")
    renewed = []
    page.model.modelReset.connect(lambda: (renewed.append(True), setattr(painted, "at", 0.0)))
    for text in SEARCHES:
        renewed.clear()
        page.search.setText(text)
        began = time.perf_counter()
        until(lambda: renewed and painted.at)
        seconds = painted.at - began
        good &= say(f"  search {text!r}: {seconds:.3f} s, {page.model.rowCount():,} rows", seconds <= SEARCH_SECONDS)
        until(lambda: not desktop.runner.busy())
    desktop.main.close()
    desktop.close()
    return good


def main() -> int:
    sizes = [int(each) for each in sys.argv[1:]] or [33_000, 1_000_000]
    good = True
    for rows in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for key in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
                os.environ[key] = name
            write_register(folder / "register.csv", rows)
            # A key of the lowest cost: what stretching a passphrase takes of memory is not the import's.
            opened, lines = vault.create(folder / "bench.dpo", "Bench", PASSPHRASE, cost=KdfCost(3, 64 * 1024, 4))
            vault.confirm_recovery(opened, {1: lines[1], 4: lines[4]})
            desk = bootstrap.build(opened, "Bench")
            try:
                breach_id = add_breach(desk, a_revision()).breach_id
                good &= import_bench(desk, breach_id, folder / "register.csv", rows)
                good &= window_bench(opened, desk)
            finally:
                with suppress(Exception):
                    opened.close()
    say("figures reached" if good else "FIGURES MISSED")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
