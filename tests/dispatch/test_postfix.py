"""Through a real Postfix on this computer, with a kill and an outage on the way: the ledger equals the server's log."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import textwrap
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from dpo_app import bootstrap
from dpo_app.core.ids import BreachId
from dpo_app.core.mail.mail_server import MailServer, Security
from dpo_app.core.mail.postfix_log import LogResult, read_postfix_log
from dpo_app.core.mail.return_path import codes_in, token_of
from dpo_app.services.mail.decide_returned import move_to_letter
from dpo_app.services.mail.email_run import plan_to_send
from dpo_app.services.mail.read_returned import read_returned
from dpo_app.services.mail.resolve_emails import read_server_log
from dpo_app.services.mail.run_terms import RunRules
from dpo_app.services.ports.desk import Desk
from dpo_app.store import vault
from tests.builders import PASSPHRASE
from tests.dispatch.kit import ready_to_send, send, standing
from tests.dispatch.postfix import Postfix, lacking, postfix

pytestmark = pytest.mark.skipif(bool(lacking()), reason=lacking())
RULES = RunRules(patience=(0.2, 0.5, 1.0, 2.0), wait_for_deferred=False, due_only=False)


@pytest.fixture
def server() -> Iterator[Postfix]:
    # Not under pytest's folder, which only its owner may enter: Postfix works under another user.
    with tempfile.TemporaryDirectory(prefix="dpo-postfix-") as name:
        with postfix(Path(name) / "p", dead="aino(3|5)@") as made:
            yield made


def _profile(server: Postfix, connections: int = 4) -> MailServer:
    return MailServer("127.0.0.1", server.port, Security.PLAIN, connections=connections)


def messages_in_log(desk: Desk, server: Postfix) -> Counter[str]:
    """Return {code of a message of ours: how often the server took it whole}."""
    queued = Counter[str]()
    ids: dict[str, str] = {}
    for line in server.lines():
        if "/cleanup[" in line and "message-id=<" in line:
            number = line.split("]: ", 1)[1].split(":")[0]
            ids[number] = line.rsplit("message-id=", 1)[1]
        if "/qmgr[" in line and "(queue active)" in line:
            number = line.split("]: ", 1)[1].split(":")[0]
            for code in codes_in(ids.get(number, "")):
                token = token_of(code, desk.token_key)
                # Its own reports carry ids of its own; a message that waits again becomes active twice.
                if token is not None and f"{number}/{token}" not in queued:
                    queued[f"{number}/{token}"] = 1
    return Counter(each.partition("/")[2] for each in queued)


def check_equal(desk: Desk, server: Postfix, persons: int) -> dict[str, int]:
    """Compare the ledger with the log, person by person; returns {state: persons}."""
    in_log = messages_in_log(desk, server)
    with desk.read() as queries:
        lines = queries.tried_lines(BreachId(1), [], limit=1_000_000)
    assert len(lines) == persons and max(in_log.values(), default=0) <= 1, "doubles"
    for each in lines:
        assert each.state in ("accepted", "bounced") or in_log[each.token] == 0, f"{each.state}, and the server has it"
        assert in_log[each.token] == 1 or each.state not in ("accepted", "bounced"), (
            "counted as sent, and not in the log"
        )
    return dict(Counter(each.state for each in lines))


def test_everybody_in_the_ledger_is_in_the_log_and_bounces_move_the_right_ones(
    desk: Desk, tmp_path: Path, server: Postfix
) -> None:
    breach_id = ready_to_send(desk, tmp_path, 8)
    end = send(desk, breach_id, _profile(server), 8, rules=RULES)
    assert end.counts["accepted"] == 8, "a relay takes everything first"
    server.wait_for_empty_queue()
    assert check_equal(desk, server, 8) == {"accepted": 8}
    results = Counter(read_postfix_log(server.lines()).results.values())
    assert results[LogResult.BOUNCED] == 2
    found = read_returned(desk, desk.mail_reader.messages(server.box), "file")
    assert found.bounced == 2
    assert move_to_letter(desk, breach_id).persons == 2
    with desk.read() as queries:
        bounced = {each.person_id for each in queries.tried_lines(breach_id, []) if each.state == "bounced"}
    assert bounced == {3, 5} and standing(desk, breach_id).told == 6


_PROGRAM = textwrap.dedent("""
    import sys
    from pathlib import Path
    from dpo_app import bootstrap
    from dpo_app.core.ids import BreachId
    from dpo_app.core.mail.mail_server import MailServer, Security
    from dpo_app.services.mail.email_run import plan_to_send
    from tests.builders import PASSPHRASE
    from tests.dispatch.kit import send
    from tests.dispatch.test_postfix import RULES
    server = MailServer("127.0.0.1", int(sys.argv[2]), Security.PLAIN, connections=int(sys.argv[3]))
    with bootstrap.opened_with_passphrase(Path(sys.argv[1]), PASSPHRASE, "Tester") as desk:
        send(desk, BreachId(1), server, plan_to_send(desk, BreachId(1)).planned or None, rules=RULES)
""")


def run_with_trouble(folder: Path, server: Postfix, kills: int, outages: int, every: int, connections: int) -> int:
    """Send everything with so many kills of the program and aborts of the server, one each time the server has taken
    `every` more; then settle the unknown ones by the log and send what is left. Returns how many were unknown."""
    taken = troubles = 0

    def count() -> int:
        text = server.log.read_text(errors="replace") if server.log.exists() else ""
        return text.count("(queue active)")

    while troubles < kills + outages:
        program = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, str(folder), str(server.port), str(connections)],
            cwd=Path(__file__).parents[2], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while program.poll() is None:
            if count() >= taken + every:
                taken, troubles = count(), troubles + 1
                if troubles % 2 and kills:
                    program.kill()
                    break
                server.abort()
                time.sleep(1.0)
                server.start()
            time.sleep(0.02)
        program.wait()
        if program.returncode == 0 and not server_waits(folder):
            break
    return finish(folder, server, connections)


def server_waits(folder: Path) -> bool:
    """Tell whether anybody still waits for an e-mail."""
    with bootstrap.opened_with_passphrase(folder, PASSPHRASE, "Tester") as desk:
        return plan_to_send(desk, BreachId(1)).planned > 0


def finish(folder: Path, server: Postfix, connections: int) -> int:
    """Send what waits, settle unknown ones by the server's log, and again, until nobody waits."""
    unknown = 0
    for _round in range(20):
        with bootstrap.opened_with_passphrase(folder, PASSPHRASE, "Tester") as desk:
            server.wait_for_empty_queue(120)
            with desk.read() as queries:
                waits = queries.email_counts(BreachId(1)).get("unknown", 0)
            unknown += waits
            if waits:
                settled = read_server_log(desk, BreachId(1), server.lines()).settled
                if settled < waits:
                    # Not in the log after the queue ran empty: the server never had it.
                    from dpo_app.core.delivery import Resolution
                    from dpo_app.services.mail.resolve_emails import resolve_emails

                    resolve_emails(desk, BreachId(1), Resolution.AGAIN, "not in the server's log")
            planned = plan_to_send(desk, BreachId(1)).planned
            if not planned:
                return unknown
            send(desk, BreachId(1), _profile(server, connections), planned, rules=RULES)
    raise AssertionError("somebody waits for ever")


def test_kills_and_outages_lose_nobody_and_double_nobody(opened: vault.OpenStore, desk: Desk, tmp_path: Path) -> None:
    ready_to_send(desk, tmp_path, 60)
    opened.close()
    with tempfile.TemporaryDirectory(prefix="dpo-postfix-") as name, postfix(Path(name) / "p") as server:
        run_with_trouble(opened.folder, server, kills=2, outages=1, every=15, connections=3)
        with bootstrap.opened_with_passphrase(opened.folder, PASSPHRASE, "Tester") as again:
            assert check_equal(again, server, 60) == {"accepted": 60}
            assert standing(again, BreachId(1)).told == 60
