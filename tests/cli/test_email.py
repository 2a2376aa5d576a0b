"""E-mails from the command line: sending, resolving, and the server whose password never shows."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from dpo_app.core.ids import grouped
from dpo_app.core.mail.sending_hours import DAY_NAMES
from tests.builders import a_register, a_row
from tests.cli.conftest import CONFIRMED, Dpo
from tests.dispatch.servers import serving


def test_emails_are_sent_resolved_and_counted_from_the_command_line(run: Dpo, store: Path, tmp_path: Path) -> None:
    inside = {"Ensikäynti": "1.1.2018"}
    a_register(tmp_path / "r.csv", [a_row(n, **inside) for n in (1, 2, 3)])
    for step in (("persons", "import", "B1", "r.csv"), ("plan", "B1"), ("notice", "draft", "B1", "--to", "persons"),
                 ("notice", "approve", "N1", "--by", "M", *CONFIRMED)):  # fmt: skip
        assert run(*step).code == 0, step
    with serving(answers={"aino1": [b"550 5.1.1 unknown"], "aino2": [b"what"]}) as server:
        url = f"smtp://127.0.0.1:{server.port}"
        dry = run("email", "send", "B1", "--server", url)
        assert dry.code == 0 and dry.json["planned"] == 3 and not server.commands
        assert (dry.json["hours"], dry.json["opens_at"]) == ("always", "")
        tomorrow = DAY_NAMES[(datetime.now(ZoneInfo("Europe/Helsinki")) + timedelta(days=1)).weekday()]
        dry = run("email", "send", "B1", "--server", url, "--hours", f"{tomorrow} 8-20")
        assert dry.json["hours"] == f"{tomorrow} 08:00-20:00" and "T08:00+0" in dry.json["opens_at"]
        assert run("email", "send", "B1", "--server", url, "--hours", "20-8").json["error"] == "mail_hours"
        tried = run("email", "send", "B1", "--dry-run")
        assert tried.code == 0 and not server.commands
        assert {name: tried.json[name] for name in ("planned", "made", "wrong", "left_out", "languages", "texts")} == {
            "planned": 3, "made": 3, "wrong": 0, "left_out": {}, "languages": {"fi": 3}, "texts": 1,
        }  # fmt: skip
        assert run("email", "send", "B1", "--dry-run", "--confirm", "3").code == 2
        wrong = run("email", "send", "B1", "--server", url, "--confirm", "2")
        assert (wrong.code, wrong.json["error"]) == (1, "not_armed") and not server.commands
        assert run("email", "arm", "B1", "--by", "Maija").json["armed_by"] == "Maija"
        wrong = run("email", "send", "B1", "--server", url, "--confirm", "2")
        assert (wrong.code, wrong.json["error"]) == (1, "count_typed") and not server.commands
        assert run("email", "disarm", "B1").json == {"held": True}
        said = run("email", "send", "B1", "--server", url, "--confirm", "3")
        assert said.code == 4
        assert {name: said.json[name] for name in ("planned", "accepted", "rejected", "deferred", "unknown")} == {
            "planned": 3, "accepted": 1, "rejected": 1, "deferred": 0, "unknown": 1,
        }  # fmt: skip
    assert run("email", "disarm", "B1").json == {"held": False}, "armed for that run alone"
    status = run("status", "B1").json
    assert (status["told"], status["open"], status["unknown"], status["in_scope"]) == (1, 1, 1, 3)
    unknown = run("email", "resolve", "B1").json
    code, person = unknown["emails"][0]["code"], unknown["emails"][0]["person"]
    assert f"e-mail {code} to person {grouped(person)}" in run("email", "resolve", "B1", as_json=False).out
    assert run("persons", "show", code).json["person"] == person, "either code names the person"
    armed = run("email", "arm", "B1", "--by", "Maija", as_json=False)
    assert re.fullmatch(r"Armed by Maija until \w+ \d\d \w+ \d{4} \d\d:\d\d\.\n", armed.out)
    assert unknown["unknown"] == 1
    assert run("email", "resolve", "B1", "--as", "sent").json["error"] == "how_to_resolve"
    assert run("email", "resolve", "B1", unknown["emails"][0]["code"], "--as", "sent").json["resolved"] == 1
    assert run("status", "B1").json["told"] == 2


def test_the_server_is_kept_without_showing_its_password(run: Dpo, store: Path, tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("Tosi-Salainen-1\n")
    assert run("email", "server", "show").json["error"] == "no_mail_server_set"
    set_up = ("email", "server", "set", "smtps://mail.example.com", "--user", "office", "--password-file", "pw",
              "--per-minute", "30", "--hours", "mon-fri 8-20")  # fmt: skip
    said = run(*set_up)
    assert said.code == 0 and said.json["server"] == "mail.example.com:465" and said.json["per_minute"] == 30
    assert said.json["hours"] == "mon,tue,wed,thu,fri 08:00-20:00"
    shown = run("email", "server", "show")
    assert "Tosi" not in said.out + said.err + shown.out + shown.err
    for url, error in (("smtp://mail.example.com", "mail_plain"), ("smtps://", "mail_url"),
                       ("smtp://127.0.0.1.evil.example", "mail_plain")):  # fmt: skip
        assert run("email", "server", "set", url).json["error"] == error
    with serving() as server:
        tried = run("email", "server", "test", f"smtp://127.0.0.1:{server.port}")
        assert tried.code == 0 and tried.json["open"] and not server.seen_auth, "the login is for its own server only"
    assert run("email", "server", "forget").json == {"forgotten": True}
    assert b"Tosi-Salainen" not in (store / "store.db").read_bytes()


def test_a_limit_holds_when_a_run_goes_on_and_a_pace_above_that_of_the_server_is_refused(
    run: Dpo, store: Path, tmp_path: Path
) -> None:
    a_register(tmp_path / "r.csv", [a_row(n, Ensikäynti="1.1.2018") for n in (1, 2, 3, 4)])
    for step in (("persons", "import", "B1", "r.csv"), ("plan", "B1"), ("notice", "draft", "B1", "--to", "persons"),
                 ("notice", "approve", "N1", "--by", "M", *CONFIRMED), ("email", "arm", "B1", "--by", "M")):  # fmt: skip
        assert run(*step).code == 0, step
    with serving() as server:
        url = f"smtp://127.0.0.1:{server.port}"
        assert run("email", "server", "set", url, "--per-minute", "6000").code == 0
        for too_fast in ("6001", "0"):
            assert run("email", "send", "B1", "--resume", "--per-minute", too_fast).code == 2
        first = run("email", "send", "B1", "--confirm", "4", "--limit", "1")
        assert (first.code, first.json["planned"], first.json["accepted"], first.json["waiting"]) == (0, 1, 1, 3)
        more = run("email", "send", "B1", "--resume", "--limit", "2", "--per-minute", "5000")
        assert (more.code, more.json["accepted"], more.json["waiting"]) == (0, 2, 1) and len(server.kept) == 3
        rest = run("email", "send", "B1", "--resume", "--limit", "60")
        assert (rest.code, rest.json["accepted"], rest.json["waiting"]) == (0, 1, 0) and len(server.kept) == 4


def test_a_trial_goes_to_oneself_and_is_looked_for(run: Dpo, store: Path, tmp_path: Path) -> None:
    a_register(tmp_path / "r.csv", [a_row(1)])
    assert run("persons", "import", "B1", "r.csv").code == 0
    assert run("email", "trial", "B1").json["error"] == "trial_no_notice"
    assert run("notice", "draft", "B1", "--to", "persons").code == 0
    said = run("email", "trial", "B1")
    assert (said.code, said.json["sent"], said.json["draft"]) == (0, False, True) and "fi" in said.json["languages"]
    assert run("email", "trial", "B1", "--look").json["error"] == "no_trial"
    own = "tietosuoja@example.com"
    with serving(answers={"office": [b"550 5.7.1 not for <office@example.com>"]}) as server:
        url = ("--server", f"smtp://127.0.0.1:{server.port}")
        person = run("email", "trial", "B1", "--to", "aino1@example.com", *url)
        assert (person.code, person.json["error"]) == (1, "trial_to_person") and not server.commands
        said = run("email", "trial", "B1", "--to", own, "--language", "fi", *url)
        assert (said.code, said.json["sent"], said.json["result"]) == (0, True, "taken")
        assert server.recipients() == [own] and server.kept[0].message["Message-ID"] == said.json["message_id"]
        said = run("email", "trial", "B1", "--to", "office@example.com", *url)
        assert (said.code, said.json["result"]) == (4, "refused") and "office@" not in said.json["said"]
    said = run("email", "trial", "B1", "--look")
    assert (said.code, said.json["error"]) == (2, "trial_no_mailbox") and "Trust" in said.json["message"]
    assert run("email", "trial", "B1", "--look", "--to", own).code == 2
    assert run("status", "B1").json["told"] == 0
