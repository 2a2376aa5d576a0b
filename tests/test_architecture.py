"""The shape of the program, held by machines: layers, types, style."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).parent.parent


def test_imports_point_downwards() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)


def test_everything_is_fully_typed() -> None:
    done = _run("mypy", "--no-incremental", "--cache-dir=/dev/null")
    assert done.returncode == 0, done.stdout


def test_style() -> None:
    checked, formatted = _run("ruff", "check", "."), _run("ruff", "format", "--check", ".")
    assert checked.returncode == 0, checked.stdout
    assert formatted.returncode == 0, formatted.stdout
