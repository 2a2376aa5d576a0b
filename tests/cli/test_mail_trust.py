"""`dpo email preflight`, `seal` and `genuine-page`, as a script calls them."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Dpo
from tests.services.test_mail_trust import a_certificate


def test_preflight_says_what_to_mend(run: Dpo, store: Path, tmp_path: Path) -> None:
    (tmp_path / "records").write_text(
        'example.com TXT "v=spf1 ip4:192.0.2.10 -all"\n_dmarc.example.com TXT "v=DMARC1; p=none"\n'
    )
    said = run("email", "preflight", "--records", "records", "--address", "192.0.2.10")
    assert (said.code, said.json["domain"], said.json["result"]) == (0, "example.com", "warn")
    assert [each["code"] for each in said.json["findings"]] == ["spf_pass", "dkim_no_selector", "dmarc_only_watches"]
    assert "allows the server 192.0.2.10" in said.err
    said = run("email", "preflight", "--records", "records", "--address", "192.0.2.11")
    assert said.code == 1 and said.json["result"] == "bad"
    assert run("email", "preflight").code == 2
    (tmp_path / "headers").write_text("Authentication-Results: mx; spf=pass; dkim=pass; dmarc=pass\n")
    assert run("email", "preflight", "--headers", "headers").json["result"] == "good"


def test_a_certificate_is_kept_and_taken_out(run: Dpo, store: Path, tmp_path: Path) -> None:
    assert run("email", "seal").json == {"signed": False}
    (tmp_path / "own.p12").write_bytes(a_certificate()[0])
    (tmp_path / "pw").write_text("seal\n")
    found = run("email", "seal", "own.p12", "--password-file", "pw").json
    assert found["signed"] and found["addresses"] == ["tietosuoja@example.com"]
    (tmp_path / "pw").write_text("wrong\n")
    assert run("email", "seal", "own.p12", "--password-file", "pw").json["error"] == "smime_unreadable"
    assert run("email", "seal", "--forget").json == {"signed": False}


def test_the_page_is_written(run: Dpo, store: Path, tmp_path: Path) -> None:
    found = run("email", "genuine-page", "--language", "fi", "--out", "page.html").json
    assert found["wording"] == "genuine@1.0" and "<h1>" in (tmp_path / "page.html").read_text("utf-8")
    assert run("email", "genuine-page", "--language", "fi", "--out", "page.html").json["error"] == "file_exists"
