"""How the program starts: private files, no core dump, no traceback; and what it is installed from."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dpo_app import process

ROOT = Path(__file__).parent.parent
posix = pytest.mark.skipif(os.name != "posix", reason="POSIX only")


def _run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    return done.stdout.strip()


@posix
def test_new_files_are_private_and_memory_is_not_dumped() -> None:
    code = (
        "import os, resource, dpo_app.__main__ as entry; entry.harden();"
        "print(oct(os.umask(0)), resource.getrlimit(resource.RLIMIT_CORE))"
    )
    assert _run(code) == "0o77 (0, 0)"


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux")
def test_other_processes_of_the_user_cannot_look_in() -> None:
    get_dumpable = 3
    code = (
        f"import ctypes, dpo_app.__main__ as e; e.harden(); print(ctypes.CDLL(None).prctl({get_dumpable}, 0, 0, 0, 0))"
    )
    assert _run(code) == "0"


def test_the_entry_point_loads_nothing_before_it_is_private() -> None:
    loaded = _run("import sys, dpo_app.__main__; print([m for m in sys.modules if m.startswith('dpo_app.')])")
    assert loaded == "['dpo_app.process', 'dpo_app.__main__']"


def test_the_command_line_tells_its_version_and_its_commands() -> None:
    for option, wanted in (("--version", "dpo"), ("--help", "Commands:")):
        done = subprocess.run(
            [sys.executable, "-m", "dpo_app.cli.main", option], capture_output=True, text=True, cwd=ROOT, check=True
        )
        assert wanted in done.stdout


@posix
def test_scripts_of_the_set_up_are_sound() -> None:
    subprocess.run(["sh", "-n", "packaging/system_packages.sh"], cwd=ROOT, check=True)
    subprocess.run(["bash", "-n", ".ci/run"], cwd=ROOT, check=True)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_what_is_asked_for_is_in_the_lock_and_so_is_the_installer() -> None:
    def names(text: str) -> set[str]:
        found = re.findall(r"^([A-Za-z0-9._-]+)", text, re.MULTILINE)
        return {re.sub(r"[-_.]+", "-", name).lower() for name in found}  # as PEP 503 has it: flufl.bounce, flufl-bounce

    folder = ROOT / "packaging"
    asked = (folder / "requirements.in").read_text("utf-8") + (folder / "requirements-dev.in").read_text("utf-8")
    asked = re.sub(r"^[-#].*$", "", asked, flags=re.MULTILINE)
    assert names(asked) <= names((folder / "requirements.lock").read_text("utf-8"))
    installer = (folder / "bootstrap.lock").read_text("utf-8")
    assert installer.startswith("uv==") and "--hash=sha256:" in installer and "://" not in installer


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12")
def test_qt_gives_every_none_back() -> None:
    """PySide6 6.12.0 lost one reference to None per call on Python 3.11 and aborted after some seconds of scrolling."""
    code = """
import sys
from PySide6.QtCore import QAbstractListModel, QModelIndex
class Empty(QAbstractListModel):
    def rowCount(self, parent=QModelIndex()): return 1
    def data(self, index, role=0): return None
model = Empty()
index = model.index(0, 0)
before = sys.getrefcount(None)
for _ in range(1000): index.data()
print(abs(sys.getrefcount(None) - before) < 100)
"""
    assert _run(code) == "True"


@pytest.mark.parametrize(("flag", "sent", "answer"), [
    ("--keyring-child", b'{"act": "fetch", "backend": "evil.Keyring"}', {"error": "keyring_refused", "backend": "evil.Keyring"}),
    ("--table-child", b"", {"error": "file_empty", "facts": {}}),
])  # fmt: skip
@pytest.mark.parametrize("entry", ["dpo_app", "dpo_app.cli.main"])
def test_a_frozen_program_serves_its_own_children(
    entry: str, flag: str, sent: bytes, answer: dict[str, object]
) -> None:
    done = subprocess.run([sys.executable, "-m", entry, flag], input=sent, capture_output=True, cwd=ROOT, check=True)
    assert json.loads(done.stdout) == answer


@pytest.mark.parametrize("flag", process.CHILDREN)
def test_no_child_runs_code_from_the_working_folder(flag: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A register of the attacker may come with a `json.py` beside it."""
    for name in ("json.py", "keyring.py", "sitecustomize.py", "python_calamine.py", "dpo_app.py"):
        (tmp_path / name).write_text("raise SystemExit('stranger')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    sent = b'{"act": "choose"}'
    done = subprocess.run(process.child_command(flag), input=sent, capture_output=True, check=False)
    assert b"stranger" not in done.stderr
    # It was our module that read what was sent: it answers, or (the press, for whom this is no order) stops at it.
    module = process.CHILDREN[flag].rpartition(".")[2].encode()
    assert (done.stdout and json.loads(done.stdout.splitlines()[0])) or module in done.stderr
