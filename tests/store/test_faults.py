"""The process killed, the disk full, the disk broken, at every call of an operation (security.md section 11, 1 and 2).

Afterwards the store opens with the old or with the new passphrase, never with neither; its trail is whole; what was
acknowledged is there; what was refused is not; what was begun is all there or not at all; and every refusal has a code
with a sentence of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.store.faults import Mode
from tests.store.sweep import OPERATIONS

ROOT = Path(__file__).parent.parent.parent
SHORT = 25
MODES = [mode for mode in Mode if mode is not Mode.NONE]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="SQLite's unix layer and fork are bent")


def _sweep(operation: str, modes: list[Mode], points: int, base: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.store.sweep", operation, ",".join(modes), str(points), str(base)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("operation", OPERATIONS)
def test_some_calls(operation: str, tmp_path: Path) -> None:
    found = _sweep(operation, [Mode.KILL, Mode.FULL_FROM_THEN], SHORT, tmp_path)
    assert found["wrong"] == [] and found["points"] == min(SHORT, found["calls"])


@pytest.mark.slow
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_call(operation: str, tmp_path: Path) -> None:
    found = _sweep(operation, MODES, 0, tmp_path)
    assert found["wrong"] == [] and found["points"] == found["calls"] > SHORT
