"""Files appear whole or not at all, private, and never over another one (security.md section 8)."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpo_app import files
from dpo_app.core.errors import InputError, StoreError
from dpo_app.files import (
    appearing_folder,
    ensure_folder,
    inside,
    make_folder,
    need_space,
    read_limited,
    safe_name,
    write_bytes,
    writing,
)

posix = pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")


def test_a_written_file_is_whole_and_private(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a.pdf", b"all of it")
    assert (tmp_path / "a.pdf").read_bytes() == b"all of it"
    assert (tmp_path / "a.pdf").stat().st_mode & 0o077 == 0
    assert [p.name for p in tmp_path.iterdir()] == ["a.pdf"]


def test_nothing_is_overwritten_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_bytes(path, b"first")
    with pytest.raises(InputError, match="file_exists"):
        write_bytes(path, b"second")
    assert path.read_bytes() == b"first"
    write_bytes(path, b"second", replace=True)
    assert path.read_bytes() == b"second"


def test_a_name_taken_while_writing_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with pytest.raises(InputError, match="file_exists"), writing(path) as stream:
        stream.write(b"ours")
        path.write_bytes(b"theirs")
    assert path.read_bytes() == b"theirs"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@posix
def test_where_links_are_not_to_be_had_it_still_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    write_bytes(tmp_path / "a", b"x")
    assert (tmp_path / "a").read_bytes() == b"x"


@pytest.mark.parametrize("call", ["fsync", "open", "link", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_failed_call_leaves_the_folder_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    write_bytes(tmp_path / "old", b"old")

    def fail(*_args: object, **_more: object) -> int:
        raise OSError(number, "injected")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        if call == "link":  # the way without links is open then: close it, too
            patch.setattr(os, "replace", fail)
        with pytest.raises(StoreError) as caught:
            write_bytes(tmp_path / ("old" if call == "replace" else "new"), b"new", replace=call == "replace")
    assert caught.value.code == ("disk_full" if number == errno.ENOSPC else "cannot_write")
    assert (tmp_path / "old").read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["old"]


def test_an_interrupted_writer_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), writing(tmp_path / "a") as stream:
        stream.write(b"half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_folder_appears_complete_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), appearing_folder(tmp_path / "batch") as folder:
        write_bytes(folder / "1.pdf", b"x")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    (tmp_path / ".batch.part").mkdir()  # what a killed run left
    with appearing_folder(tmp_path / "batch") as folder:
        write_bytes(folder / "1.pdf", b"x")
        assert not (tmp_path / "batch").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["batch"]
    with pytest.raises(InputError, match="file_exists"), appearing_folder(tmp_path / "batch"):
        pass


@posix
def test_folders_are_private(tmp_path: Path) -> None:
    make_folder(tmp_path / "one")
    ensure_folder(tmp_path / "two" / "three")
    ensure_folder(tmp_path / "two" / "three")
    assert (tmp_path / "one").stat().st_mode & 0o077 == 0
    assert (tmp_path / "two" / "three").stat().st_mode & 0o077 == 0
    with pytest.raises(InputError, match="file_exists"):
        make_folder(tmp_path / "one")
    with pytest.raises(StoreError, match="cannot_write"):
        make_folder(tmp_path / "no" / "parent")


def test_a_big_job_is_refused_before_it_begins(tmp_path: Path) -> None:
    need_space(tmp_path, 1)
    with pytest.raises(StoreError) as caught:
        need_space(tmp_path, 1 << 60)
    assert caught.value.code == "disk_full"
    assert caught.value.facts["needed_mb"] > 1_000_000


def test_small_files_are_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert read_limited(tmp_path / "a", 5) == b"12345"
    for name, code in (("a", "file_too_big"), ("none", "no_such_file"), ("", "cannot_read")):
        limit = 4 if name == "a" else 1 << 20
        with pytest.raises(InputError, match=code):
            read_limited(tmp_path / name, limit)


@given(st.text(max_size=300))
def test_a_safe_name_is_safe(text: str) -> None:
    name = safe_name(text)
    assert name and len(name.encode()) <= 120 and name.isascii()
    assert not set(name) & set('/\\:*?"<>| \0') and name[0] not in ".-"
    assert safe_name(name) == name


@pytest.mark.parametrize("text", ["CON", "nul.pdf", "Com1", "LPT9.txt", "..", "", "///", "日本"])
def test_names_that_a_system_keeps_to_itself_are_replaced(text: str) -> None:
    assert safe_name(text, "letter") == "letter"


def test_names_stay_in_their_folder(tmp_path: Path) -> None:
    assert inside(tmp_path, "a.pdf") == tmp_path / "a.pdf"
    for name in ("", ".", "..", "../a", "a/b", str(tmp_path / "a")):
        with pytest.raises(InputError, match="bad_file_name"):
            inside(tmp_path, name)


@posix
def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="bad_file_name"):
        inside(tmp_path, "link")
    files.sync_folder(tmp_path)
