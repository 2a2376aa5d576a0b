"""The bundle and its verifier agree with the program, on good trails and on bad ones."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dpo_app.core.proof import audit
from dpo_app.paths import resources
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.services.ports.desk import Desk
from dpo_app.services.proof.export_audit import verify_trail
from dpo_app.services.proof.export_bundle import export_bundle
from tests.builders import a_revision

VERIFIER = resources() / "audit" / "verify_bundle.py"


def run(bundle: Path, *more: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), str(bundle), *more], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.fixture
def folder(desk: Desk, tmp_path: Path) -> Path:
    add_breach(desk, a_revision())
    add_breach(desk, a_revision())
    out = tmp_path / "bundle"
    with zipfile.ZipFile(io.BytesIO(export_bundle(desk))) as archive:
        archive.extractall(out)
    return out


def test_zip_and_folder_are_intact_and_the_head_is_the_programs(desk: Desk, folder: Path, tmp_path: Path) -> None:
    head = (folder / "heads.txt").read_text().splitlines()[-1]
    assert verify_trail(desk, head).state.value == "intact"
    zipped = tmp_path / "trail.zip"
    zipped.write_bytes(export_bundle(desk))
    assert run(zipped)[0] == 0
    grouped = " ".join(head[i : i + 4] for i in range(0, 64, 4))
    code, said = run(folder, "--head", grouped.upper())
    assert code == 0 and f"head {head}" in said and "printed head is the one after" in said


def test_the_same_trail_gives_the_same_bytes(desk: Desk) -> None:
    add_breach(desk, a_revision())
    desk_now = export_bundle(desk)
    with zipfile.ZipFile(io.BytesIO(desk_now)) as first, zipfile.ZipFile(io.BytesIO(export_bundle(desk))) as second:
        assert second.read("trail.jsonl").startswith(first.read("trail.jsonl"))
        assert {i.date_time for i in first.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def _edit(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))


def test_an_edited_entry_is_named(folder: Path) -> None:
    lines = (folder / "trail.jsonl").read_bytes().split(b"\n")
    lines[1] = lines[1].replace(b"Tester", b"Nobody")
    (folder / "trail.jsonl").write_bytes(b"\n".join(lines))
    code, said = run(folder)
    assert code == 1 and "entry 2 " in said


@pytest.mark.parametrize("attack", ["remove", "swap", "repeat", "cut", "blank", "twice"])
def test_attacks_on_the_lines_are_found(folder: Path, attack: str) -> None:
    lines = (folder / "trail.jsonl").read_bytes().split(b"\n")[:-1]
    if attack == "remove":
        del lines[1]
    elif attack == "swap":
        lines[1], lines[2] = lines[2], lines[1]
    elif attack == "repeat":
        lines.insert(1, lines[1])
    elif attack == "cut":
        del lines[-1]
    elif attack == "blank":
        lines[1] = lines[1].replace(b'":', b'": ', 1)
    else:
        lines[1] = lines[1][:-1] + b',"actor":"Nobody"}'
    (folder / "trail.jsonl").write_bytes(b"\n".join([*lines, b""]))
    assert run(folder)[0] == 1


def test_a_trail_hashed_anew_is_caught_by_the_printed_head(desk: Desk, folder: Path) -> None:
    printed = (folder / "heads.txt").read_text().splitlines()[-1]
    lines = (folder / "trail.jsonl").read_bytes().split(b"\n")[:-1]
    lines[1] = lines[1].replace(b"Tester", b"Nobody")
    head, heads = audit.genesis(desk.store_id), []
    for line in lines:
        head = audit.next_head(head, audit.entry_hash(line))
        heads.append(head.hex())
    (folder / "trail.jsonl").write_bytes(b"\n".join([*lines, b""]))
    (folder / "heads.txt").write_text("\n".join([*heads, ""]))
    _edit(folder / "bundle.json", printed.encode(), heads[-1].encode())
    assert run(folder)[0] == 0
    assert run(folder, "--head", printed)[0] == 3


def test_what_is_no_bundle_cannot_be_verified(tmp_path: Path, folder: Path) -> None:
    wrong = tmp_path / "wrong.zip"
    assert run(wrong)[0] == 2
    for data in (b"", b"PK\x03\x04 rest", b"no zip"):
        wrong.write_bytes(data)
        assert run(wrong)[0] == 2
    assert run(folder, "--head", "12")[0] == 2
    (folder / "heads.txt").unlink()
    assert run(folder)[0] == 2


def test_the_verifier_needs_the_standard_library_only() -> None:
    tree = ast.parse(VERIFIER.read_text("utf-8"))
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {n.split(".")[0] for n in names} <= sys.stdlib_module_names
