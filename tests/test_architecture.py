"""The shape of the program, held by machines: layers, types, style."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return _python("-m", *command)


def test_imports_point_downwards() -> None:
    # In a process of its own: the linter sets up logging anew and switches off every logger there is, ours too.
    ask = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = _python("-c", ask)
    assert done.returncode == 0, done.stdout + done.stderr


def test_everything_is_fully_typed() -> None:
    done = _run("mypy", "--no-incremental", "--cache-dir=/dev/null")
    assert done.returncode == 0, done.stdout


def test_style() -> None:
    checked, formatted = _run("ruff", "check", "."), _run("ruff", "format", "--check", ".")
    assert checked.returncode == 0, checked.stdout
    assert formatted.returncode == 0, formatted.stdout
