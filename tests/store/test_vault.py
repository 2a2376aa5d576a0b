from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from dpo_app import bootstrap
from dpo_app.core.digests import sha256_hex
from dpo_app.core.errors import DpoError, InputError, StoreError
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.store import vault
from dpo_app.store.keys import keyfile, recovery
from dpo_app.store.keys.keyfile import SlotKind
from dpo_app.store.vault import Secret
from tests.builders import PASSPHRASE, an_organisation
from tests.conftest import CHEAP

WITH_PASSPHRASE = Secret(SlotKind.PASSPHRASE, passphrase=PASSPHRASE)


@pytest.fixture
def closed(opened: vault.OpenStore) -> Path:
    """A store's folder, closed, with one change in it."""
    save_organisation(bootstrap.build(opened, "Tester"), an_organisation())
    opened.close()
    return opened.folder


def prints(folder: Path) -> dict[str, str]:
    return {p.name: sha256_hex(p.read_bytes()) for p in sorted(folder.iterdir())}


def code_of(folder: Path, secret: Secret = WITH_PASSPHRASE) -> str:
    with pytest.raises(DpoError) as caught:
        vault.open_store(folder, secret).close()
    return caught.value.code


def test_passphrase_and_recovery_sheet_open_it(tmp_path: Path, cheap: None) -> None:
    store, lines = vault.create(tmp_path / "a.dpo", "Oy", PASSPHRASE)
    store.close()
    vault.open_store(tmp_path / "a.dpo", WITH_PASSPHRASE).close()
    again = vault.open_store(tmp_path / "a.dpo", Secret(SlotKind.RECOVERY, lines=lines))
    assert keyfile.ready_for_persons(again.keys)
    again.close()


def test_nothing_is_in_clear(closed: Path) -> None:
    for path in closed.iterdir():
        data = path.read_bytes()
        assert b"Mallikatu" not in data and PASSPHRASE.encode() not in data
    assert not (closed / "store.db").read_bytes().startswith(b"SQLite format 3")


def test_wrong_is_told_from_damaged_and_missing(closed: Path) -> None:
    wrong = Secret(SlotKind.PASSPHRASE, passphrase="correct horse battery stable")
    assert code_of(closed, wrong) == "wrong_passphrase"
    keys = closed / "keys.json"
    whole = keys.read_bytes()
    keys.write_bytes(whole[: len(whole) // 2])
    assert code_of(closed) == "key_file_damaged"
    keys.unlink()
    assert code_of(closed) == "key_file_missing"
    keys.write_bytes(whole)
    (closed / "store.db").rename(closed / "x")
    assert code_of(closed) == "store_missing"


def test_a_failed_open_changes_no_byte(closed: Path) -> None:
    before = prints(closed)
    code_of(closed, Secret(SlotKind.PASSPHRASE, passphrase="something else altogether"))
    code_of(closed, Secret(SlotKind.KEYRING, key=b"k" * 32))
    assert prints(closed) == before


def test_every_flipped_byte_of_the_key_file_is_noticed_or_harmless(closed: Path) -> None:
    keys = closed / "keys.json"
    whole = keys.read_bytes()
    for place in range(0, len(whole), 7):
        damaged = bytearray(whole)
        damaged[place] ^= 0x01
        keys.write_bytes(bytes(damaged))
        try:
            vault.open_store(closed, WITH_PASSPHRASE).close()
        except DpoError as error:
            assert error.code in (
                "key_file_damaged",
                "wrong_passphrase",
                "key_file_newer",
                "no_such_way_in",
                "store_damaged",
            )
        keys.write_bytes(whole)
    vault.open_store(closed, WITH_PASSPHRASE).close()


def test_a_weakened_slot_is_refused_before_any_work(closed: Path) -> None:
    keys = closed / "keys.json"
    document = json.loads(keys.read_text("utf-8"))
    slot = next(s for s in document["slots"] if s["kind"] == "passphrase")
    slot["kdf"] = [1, 8, 1]
    slot["checksum"] = keyfile._checksum(slot, document["store"])
    keys.write_text(json.dumps(document), "utf-8")
    assert code_of(closed) == "key_file_damaged"


def test_one_writer(opened: vault.OpenStore) -> None:
    assert code_of(opened.folder) == "store_in_use"


def test_an_older_store_opens_for_reading_only(closed: Path) -> None:
    old = (closed / "store.db").read_bytes()
    store = vault.open_store(closed, WITH_PASSPHRASE)
    save_organisation(bootstrap.build(store, "Tester"), replace(an_organisation(), phone="1"))
    store.close()
    (closed / "store.db").write_bytes(old)
    again = vault.open_store(closed, WITH_PASSPHRASE)
    assert again.read_only and again.finding.missing == 1
    with pytest.raises(StoreError):
        save_organisation(bootstrap.build(again, "Tester"), an_organisation())
    again.close()


def test_a_missing_anchor_is_never_rebuilt_in_silence(closed: Path) -> None:
    (closed / "anchor.json").unlink()
    store = vault.open_store(closed, WITH_PASSPHRASE)
    assert store.read_only
    store.close()
    assert not (closed / "anchor.json").exists()


def test_a_plain_database_is_refused(closed: Path) -> None:
    (closed / "store.db").unlink()
    plain = driver.connect(str(closed / "store.db"))
    plain.execute("CREATE TABLE t (x)")
    plain.commit()
    plain.close()
    assert code_of(closed) == "store_not_encrypted"


def test_open_rights_are_repaired_and_links_refused(closed: Path) -> None:
    os.chmod(closed / "store.db", 0o644)
    vault.open_store(closed, WITH_PASSPHRASE).close()
    assert (closed / "store.db").stat().st_mode & 0o077 == 0
    os.chmod(closed / "store.db", 0o400)
    vault.open_store(closed, WITH_PASSPHRASE).close()
    assert (closed / "store.db").stat().st_mode & 0o777 == 0o600
    (closed / "extra").symlink_to("/etc/hostname")
    assert code_of(closed) == "folder_unsafe"


def test_a_store_is_never_made_over_another(closed: Path) -> None:
    before = prints(closed)
    with pytest.raises(InputError, match="file_exists"):
        vault.create(closed, "Oy", PASSPHRASE)
    assert prints(closed) == before


def test_change_of_passphrase(closed: Path) -> None:
    store = vault.open_store(closed, WITH_PASSPHRASE)
    with pytest.raises(StoreError, match="wrong_passphrase"):
        vault.change_passphrase(store, "not the old one at all", "a new one that is long", CHEAP)
    with pytest.raises(InputError, match="passphrase_weak"):
        vault.change_passphrase(store, PASSPHRASE, "short", CHEAP)
    vault.change_passphrase(store, PASSPHRASE, "a new one that is long", CHEAP)
    store.close()
    assert code_of(closed) == "wrong_passphrase"
    vault.open_store(closed, Secret(SlotKind.PASSPHRASE, passphrase="a new one that is long")).close()


def test_recovery_lines_find_their_slip(opened: vault.OpenStore) -> None:
    lines = recovery.to_lines(b"s" * 32, opened.keys.store_id)
    assert recovery.from_lines(lines, opened.keys.store_id) == b"s" * 32
    for number, line in enumerate(lines):
        wrong = ("3" if line[0] != "3" else "4") + line[1:]
        with pytest.raises(InputError) as caught:
            recovery.from_lines((*lines[:number], wrong, *lines[number + 1 :]), opened.keys.store_id)
        assert caught.value.facts["line"] == number + 1
    with pytest.raises(InputError, match="recovery_line"):
        recovery.from_lines(lines, "f" * 32)
