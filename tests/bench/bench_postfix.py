"""A whole register through a real Postfix, with kills of the program and aborts of the server on the way; then the ledger
is compared with the server's log, person by person, and the bounces move the right persons.

python tests/bench/bench_postfix.py [persons] [connections]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from dpo_app import bootstrap
from dpo_app.core.ids import BreachId
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.mail.read_returned import read_returned
from dpo_app.store import vault
from dpo_app.store.keys.crypto import KdfCost
from tests.builders import PASSPHRASE, an_organisation
from tests.dispatch.kit import ready_to_send, standing
from tests.dispatch.postfix import lacking, postfix
from tests.dispatch.test_postfix import check_equal, run_with_trouble

KILLS, OUTAGES = 5, 4
#: Every recipient whose number ends in 777 does not exist.
DEAD = "aino[0-9]*777@"


def main() -> int:
    if lacking():
        sys.stdout.write(f"not measured: {lacking()}\n")
        return 0
    persons = int(sys.argv[1]) if len(sys.argv) > 1 else 33_000
    connections = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    with tempfile.TemporaryDirectory(prefix="dpo-bench-") as name:
        folder = Path(name)
        store, lines = vault.create(folder / "b.dpo", "Bench", PASSPHRASE, cost=KdfCost(3, 65_536, 4))
        vault.confirm_recovery(store, {1: lines[1], 4: lines[4]})
        save_organisation(bootstrap.build(store, "Tester"), an_organisation())
        ready_to_send(bootstrap.build(store, "Tester"), folder, persons)
        store.close()
        with postfix(folder / "p", dead=DEAD) as server:
            began = time.perf_counter()
            unknown = run_with_trouble(store.folder, server, KILLS, OUTAGES, persons // 10, connections)
            seconds = time.perf_counter() - began
            server.wait_for_empty_queue(600)
            with bootstrap.opened_with_passphrase(store.folder, PASSPHRASE, "Tester") as desk:
                states = check_equal(desk, server, persons)
                bounced = read_returned(desk, desk.mail_reader.messages(server.box), "file").bounced
                with desk.read() as queries:
                    wrong = [
                        x for x in queries.tried_lines(BreachId(1), [], limit=1_000_000)
                        if (x.state == "bounced") != (x.person_id % 1000 == 777)
                    ]  # fmt: skip
                found = standing(desk, BreachId(1))
    sys.stdout.write(
        f"{persons:,} e-mails through Postfix over {connections} connections, {KILLS} kills and {OUTAGES} outages on the "
        f"way: {seconds:.0f} s; ledger equal to the server's log for everybody ({states}), doubles 0, gaps 0; {unknown} "
        f"unknown outcomes settled by the log; {bounced} bounces, {len(wrong)} at the wrong person; told {found.told:,}\n"
    )
    return int(bool(wrong) or states.get("accepted", 0) != persons)


if __name__ == "__main__":
    sys.exit(main())
