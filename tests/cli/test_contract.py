"""What scripts rely on: exit codes, JSON keys, and that nothing half done or personal is left behind."""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from dpo_app import bootstrap
from dpo_app.cli.main import dpo
from dpo_app.store import vault
from dpo_app.store.keys.keyfile import SlotKind
from tests.builders import PASSPHRASE, a_register, a_row
from tests.cli.conftest import BREACH, CONFIRMED, Dpo

SECRET = vault.Secret(SlotKind.PASSPHRASE, passphrase=PASSPHRASE)


def test_every_command_of_the_contract_is_there() -> None:
    wanted = {
        "init": (), "demo": (), "breach": ("add", "revise", "show", "list"), "plan": (), "deadlines": (), "register": (), "reminders": (), "laws": (),
        "clock": ("event", "done", "reason", "target", "law", "fact", "contract", "calendar"), "status": (),
        "persons": ("import", "undo", "list", "find"), "notice": ("draft", "check", "settle", "approve", "show"),
        "letters": ("make", "posted"),
        "email": ("send", "resolve", "arm", "disarm", "stop", "release", "server"), "audit": ("pdf", "verify", "bundle"),
        "unlock": ("list", "add", "remove"),
    }  # fmt: skip
    for name, below in wanted.items():
        command = dpo.commands[name]
        assert command.help, name
        for each in below:
            assert command.commands[each].help, f"{name} {each}"  # type: ignore[attr-defined]


def test_help_of_every_command_says_what_it_does(run: Dpo) -> None:
    for name in dpo.commands:
        said = run(name, "--help", as_json=False)
        assert said.code == 0 and "Usage:" in said.out


@pytest.mark.parametrize(("arguments", "code", "error"), [
    (("breach", "add", "none.toml"), 2, "no_such_file"), (("breach", "show", "B7"), 2, "no_such_breach"),
    (("breach", "show", "seven"), 2, "bad_reference"), (("persons", "import", "B1", "none.csv"), 2, "no_such_file"),
    (("persons", "undo", "I9"), 2, "no_such_import"), (("notice", "check", "N4"), 2, "no_such_notice"),
    (("notice", "draft", "B1", "--to", "authority", "--authority", "XX"), 2, "no_such_authority"),
    (("notice", "draft", "B1", "--to", "authority", "--phase", "follow_up"), 1, "no_initial_to_authority"),
    (("notice", "sent", "N4", "--at", "2026-01-01", "--by", "M"), 2, "no_such_notice"),
    (("letters", "make", "B1", "--out", "x"), 1, "no_approved_notice"),
    (("letters", "posted", "L3", "--on", "2026-01-01"), 2, "no_such_batch"),
    (("audit", "verify", "--head", "zz"), 2, "head_form"), (("email", "send", "B1", "--server", "imap://x"), 2,
                                                            "mail_url"),
    (("unlock", "remove", "keyring"), 3, "no_such_way_in"),
])  # fmt: skip
def test_what_stops_has_its_code_and_a_sentence(
    run: Dpo, store: Path, arguments: tuple[str, ...], code: int, error: str
) -> None:
    said = run(*arguments)
    assert (said.code, said.json["error"]) == (code, error)
    assert said.json["message"] and said.json["message"] in said.err


def test_usage_is_told_with_2(run: Dpo, store: Path) -> None:
    for arguments in (("breach",), ("breach", "fly"), ("notice", "draft", "B1"), ("letters", "posted", "L1")):
        assert run(*arguments).code == 2


def test_a_store_that_cannot_be_opened_is_told_with_3(run: Dpo, store: Path, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("quite another sentence\n")
    assert (run("breach", "list", secret="wrong").code, run("breach", "list", store="no.dpo").code) == (3, 3)
    opened = vault.open_store(store, SECRET)
    in_use = run("breach", "list")
    opened.close()
    assert (in_use.code, in_use.json["error"]) == (3, "store_in_use")
    (store / "keys.json").write_text("{}")
    assert run("breach", "list").json["error"] == "key_file_damaged"


def test_nothing_is_made_over_what_is_there(run: Dpo, store: Path, tmp_path: Path) -> None:
    (tmp_path / "there.pdf").write_bytes(b"kept")
    for arguments in (("init", "--recovery-out", "new.pdf"), ("audit", "pdf", "B1", "--out", "there.pdf"),
                      ("audit", "bundle", "--out", "there.pdf")):  # fmt: skip
        said = run(*arguments)
        assert (said.code, said.json["error"]) == (2, "file_exists")
    assert (tmp_path / "there.pdf").read_bytes() == b"kept" and not (tmp_path / "new.pdf").exists()


def test_without_anybody_to_ask_the_passphrase_is_not_asked_for(
    run: Dpo, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = run("breach", "list", secret="nowhere")
    assert (said.code, said.json["error"]) == (2, "cannot_read")


@pytest.mark.parametrize(("before", "after", "field"), [
    ('controller = "Esimerkki Oy"', "", "controller"), ("2018-11-30", "2018-10-30", "window"),
    ('cause = "malicious_external"', 'cause = "aliens"', "cause"), ("known_as_of = 2020-10-24T21:30:00+03:00",
                                                                     "known_as_of = 2020-10-24", "known_as_of"),
])  # fmt: skip
def test_a_wrong_fact_is_named(run: Dpo, store: Path, tmp_path: Path, before: str, after: str, field: str) -> None:
    (tmp_path / "wrong.toml").write_text(BREACH.replace(before, after, 1))
    said = run("breach", "add", "wrong.toml")
    assert said.code == 2 and field in str(said.json["facts"]) + said.json["message"]
    (tmp_path / "broken.toml").write_text("title = ")
    assert run("breach", "add", "broken.toml").json["error"] == "toml_broken"
    assert len(run("breach", "list").json["breaches"]) == 1


def test_problems_are_named_by_row_and_column_and_no_person_is(run: Dpo, store: Path, tmp_path: Path) -> None:
    rows = [a_row(1, Etunimi="Salainen", **{"Ensikäynti": "99.1.2018"}), a_row(2)]
    a_register(tmp_path / "r.csv", rows)
    said = run("persons", "import", "B1", "r.csv", as_json=False)
    assert said.code == 0 and "row 2, Ensikäynti" in said.out
    assert "Salainen" not in said.out + said.err and "Sukunen" not in said.out + said.err
    assert run("persons", "undo", "I1").json == {"persons": 1}
    assert run("plan", "B1").json["persons"] == 0


def test_a_bug_is_one_sentence_without_data(run: Dpo, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("Aino Salainen")

    monkeypatch.setattr(bootstrap, "ways_in", broken)
    said = run("unlock", "list")
    assert said.code == 70 and "Salainen" not in said.out + said.err


def test_the_trail_tells_tampering_from_a_restored_copy(run: Dpo, store: Path, tmp_path: Path) -> None:
    shutil.copytree(store, tmp_path / "older.dpo")
    (tmp_path / "breach2.toml").write_text(BREACH.replace("Register copied", "Register copied twice"))
    run("breach", "revise", "B1", "breach2.toml")
    assert run("audit", "verify").code == 0
    head = run("audit", "verify").json["head"]
    shutil.copy(store / "anchor.json", tmp_path / "older.dpo" / "anchor.json")
    behind = run("audit", "verify", store="older.dpo")
    assert (behind.code, behind.json["state"]) == (3, "behind")
    assert run("breach", "add", "breach.toml", store="older.dpo").json["error"] == "read_only"
    opened = vault.open_store(store, SECRET)
    with opened.engine.begin() as connection:
        raw = connection.connection.dbapi_connection
        raw.execute("DROP TRIGGER audit_entry_no_update")
        raw.execute("UPDATE audit_entry SET actor = 'somebody else' WHERE seq = 2")
    opened.close()
    altered = run("audit", "verify")
    assert (altered.code, altered.json["state"], altered.json["first_bad"]) == (1, "altered", 2)
    assert run("audit", "verify", "--head", "0" * 64).code in (1, 3)
    assert run("audit", "verify", secret="breach.toml").code == 2
    assert len(head) == 64


def test_a_lost_passphrase_is_replaced_by_the_recovery_sheet(run: Dpo, tmp_path: Path) -> None:
    made, lines = vault.create(tmp_path / "s.dpo", "Oy", PASSPHRASE)
    made.close()
    (tmp_path / "sheet").write_text("\n".join(lines) + "\n")
    (tmp_path / "new").write_text("quite another sentence of words\n")
    said = run("unlock", "passphrase", "--new-file", "new", secret="nowhere")
    assert said.json["error"] == "cannot_read"
    assert run("breach", "list", before=("--recovery-file", "sheet"), secret="nowhere").code == 0
    said = run("unlock", "passphrase", "--new-file", "new", before=("--recovery-file", "sheet"), secret="nowhere")
    assert said.json == {"changed": True}
    assert (run("breach", "list").code, run("breach", "list", secret="new").code) == (3, 0)


def test_an_older_store_is_gone_on_with_for_a_reason(run: Dpo, store: Path, tmp_path: Path) -> None:
    assert run("audit", "accept", "--reason", "x").json["error"] == "nothing_to_accept"
    older = (store / "store.db").read_bytes()
    run("organisation", "organisation.toml")
    (store / "store.db").write_bytes(older)
    assert run("audit", "verify").code == 3
    said = run("audit", "accept", "--reason", " ")
    assert said.code == 2 and run("audit", "verify").code == 3
    assert run("audit", "accept", "--reason", "Backup of Monday").json["accepted"] == "behind"
    assert run("audit", "verify").code == 0
    assert run("organisation", "organisation.toml").code == 0


def test_returned_letters_are_counted_once_and_slips_are_named(run: Dpo, store: Path, tmp_path: Path) -> None:
    inside = {"Sähköposti": "", "Ensikäynti": "1.1.2018"}
    a_register(tmp_path / "r.csv", [a_row(1, **inside), a_row(2, **inside)])
    for step in (("persons", "import", "B1", "r.csv"), ("plan", "B1"), ("notice", "draft", "B1", "--to", "persons"),
                 ("notice", "approve", "N1", "--by", "M", *CONFIRMED), ("letters", "make", "B1", "--out", "out"),
                 ("letters", "posted", "L1", "--on", date.today().isoformat())):  # fmt: skip
        assert run(*step).code == 0, step
    manifest = next((tmp_path / "out").rglob("manifest.csv")).read_text("utf-8-sig").splitlines()
    codes = sorted(set(re.findall(r"\b[A-Z0-9]{4}-?[A-Z0-9]{4}-?[A-Z0-9]{4}\b", "\n".join(manifest[1:]))))
    assert len(codes) == 2
    said = run("letters", "returned", "--reason", "unknown", codes[0], codes[0], "AAAA-AAAA-AAAA")
    assert said.json["persons"] == 1 and said.code == 4
    status = run("status", "B1").json
    assert (status["told"], status["open"], status["in_scope"]) == (1, 1, 2)
    assert run("letters", "returned", "--reason", "unknown", codes[0]).json["persons"] == 0


def test_authorities_are_listed_without_a_store(run: Dpo) -> None:
    every = run("authorities")
    assert every.code == 0 and len(every.json["authorities"]) >= 50
    one = run("authorities", "DE-NW").json["authorities"]
    assert [each["id"] for each in one] == ["DE-NW"] and one[0]["verified_on"] is None
    assert one[0]["web_form"]["sections"] and one[0]["languages"] == ["de"]
    said = run("authorities", "FI", as_json=False)
    assert "unverified" in said.out
    assert run("authorities", "zzzz").json["authorities"] == []


def test_a_notice_to_the_authority_from_the_command_line(run: Dpo, store: Path, tmp_path: Path) -> None:
    made = run("notice", "draft", "B1", "--to", "authority").json
    assert (made["notice"], made["authority"], made["phase"]) == ("N1", "FI", "initial")
    assert run("authority", "owed", "B1").json["owed"][0]["authority"] == "FI"
    lacking = run("notice", "check", "N1")
    assert lacking.code == 1 and {"no", "key", "why", "may_stay_open"} <= set(lacking.json["missing"][0])
    assert run("notice", "approve", "N1", "--by", "Maija").json["error"] == "authority_incomplete"
    for field, value in (
        ("sector", "public"), ("other_parties", "no"), ("49", "The desk was not reachable."), ("50", "controller"),
        ("measures_before", "backup"), ("systems", "Patient system"), ("94", "training"),
    ):  # fmt: skip
        said = run("notice", "say", "N1", field, value)
        assert said.code == 0, said.out
    assert run("notice", "say", "N1", "sector", "both").json["error"] == "field_value"
    left = run("notice", "open", "N1", "--reason", "Counting goes on", "--due", "2099-01-01")
    assert left.json["missing"] == 0, run("notice", "check", "N1").out
    assert len(run("notice", "approve", "N1", "--by", "Maija").json["sha256"]) == 64
    shown = run("notice", "show", "N1", "--pdf", "n.pdf", "--form", "n.json").json
    assert shown["format"] == "dpo-authority-notice/1" and shown["state"] == "approved"
    assert (tmp_path / "n.pdf").read_bytes()[:5] == b"%PDF-" and (tmp_path / "n.json").stat().st_mode & 0o077 == 0
    (tmp_path / "receipt.txt").write_text("received")
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    sent = run("notice", "sent", "N1", "--at", now, "--by", "Maija", "--reference", "7", "--receipt", "receipt.txt")
    assert sent.json["entry"] == 1
    log = run("authority", "log", "B1").json
    assert log["told"][0]["reference"] == "7" and log["entries"][0]["files"][0]["name"] == "receipt.txt"
    noted = run(
        "authority", "note", "B1", "--authority", "FI", "--kind", "call", "--at", now, "--by", "M", "--note", "x"
    )
    assert noted.json["entry"] == 2
    second = run("notice", "draft", "B1", "--to", "authority", "--phase", "follow_up").json
    assert second["notice"] == "N2"
