"""A run of e-mails with its journal on the disk, beside a bare smtplib loop on as many connections, in the same run.

python tests/bench/bench_sending.py [persons] [connections]

The bare loop sends the same bytes to the same number of recipients and writes nothing down; it is measured before and
after ours. Two servers:

* a Postfix on this computer, where it is installed. It has the same processors and the same disk as we, and passes on what
  it takes while it takes more, so two rates are told: until it has taken the last message, and until it has passed on the
  last. The second is the one that is compared: a server that is pressed harder takes faster and passes on later.
* one as far away as a provider's: so many milliseconds for each answer, more for that to the dot. It costs us no processor.
"""

from __future__ import annotations

import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

from dpo_app.bootstrap import build
from dpo_app.core.ids import BreachId
from dpo_app.core.mail.mail_server import MailServer, Security
from dpo_app.services.desk.make_example import make_example
from dpo_app.services.letters.make_letters import withdraw_batch
from dpo_app.services.mail.arm_breach import arm_breach
from dpo_app.services.mail.email_run import plan_to_send, send_emails
from dpo_app.services.mail.export_emails import export_emails
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from dpo_app.store import vault
from dpo_app.store.keys.crypto import KdfCost
from tests.approving import approve_notice
from tests.dispatch.postfix import lacking, postfix

LEAST_RATIO = 0.70
#: Persons of the register for the distant server: it takes a few dozen messages a second.
FAR_PERSONS = 1_500
ANSWER_MS, DOT_MS = 10, 50
_FAR = """
import socketserver, sys, time
class Line(socketserver.StreamRequestHandler):
    def handle(self):
        say, answer, dot = self.wfile.write, float(sys.argv[2]) / 1000, float(sys.argv[3]) / 1000
        say(b"220 far\\r\\n")
        for line in self.rfile:
            verb = line[:4].upper()
            time.sleep(answer)
            if verb == b"DATA":
                say(b"354 go\\r\\n")
                for text in self.rfile:
                    if text == b".\\r\\n":
                        break
                time.sleep(dot)
            say(b"221 bye\\r\\n" if verb == b"QUIT" else b"250 ok\\r\\n")
            if verb == b"QUIT":
                return
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, request_queue_size, daemon_threads = True, 64, True
Server(("127.0.0.1", int(sys.argv[1])), Line).serve_forever()
"""


class Receiver(NamedTuple):
    """A server: its name, port, and what waits until it has passed on everything."""

    name: str
    port: int
    rest: Callable[[], None]


class Prepared(NamedTuple):
    """A store with a breach that is armed, and the same messages as bytes for the bare loop."""

    desk: Desk
    breach_id: BreachId
    messages: list[bytes]


class Took(NamedTuple):
    """Seconds until the last message was taken, and until it was passed on."""

    taken: float
    passed_on: float


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def far() -> Iterator[Receiver]:
    """A server far away, in a process of its own."""
    port = free_port()
    command = [sys.executable, "-c", _FAR, str(port), str(ANSWER_MS), str(DOT_MS)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 0.1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield Receiver(f"a server {ANSWER_MS} ms away, {DOT_MS} ms for the dot", port, lambda: None)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def near() -> Iterator[Receiver]:
    """A Postfix on this computer."""
    with tempfile.TemporaryDirectory(prefix="dpo-bench-") as name, postfix(Path(name) / "p") as server:
        yield Receiver("a Postfix on this computer", server.port, lambda: server.wait_for_empty_queue(300))


@contextmanager
def prepared(persons: int) -> Iterator[Prepared]:
    """A store with an approved notice, ready to send."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        opened, lines = vault.create(folder / "b.dpo", "Bench", "a long bench passphrase", cost=KdfCost(3, 65_536, 4))
        vault.confirm_recovery(opened, {1: lines[1], 4: lines[4]})
        try:
            breach_id = make_example(build(opened, "Bench"), persons).breach_id
            desk = build(opened, "Bench")
            notice_id, _ = draft_notice(desk, breach_id)
            approve_notice(desk, notice_id, "Bench")
            made = export_emails(desk, breach_id, folder / "mail")
            messages = [path.read_bytes() for path in sorted((folder / "mail").rglob("*.eml"))]
            withdraw_batch(desk, int(made.reference[1:]), "bench")
            arm_breach(desk, breach_id, desk.clock.now() + timedelta(hours=6))
            yield Prepared(desk, breach_id, messages)
        finally:
            opened.close()


def bare(port: int, messages: list[bytes], connections: int) -> None:
    """The bare loop: a connection for each thread, `sendmail` one after the other."""

    def work(own: list[bytes]) -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as line:
            for number, data in enumerate(own):
                line.sendmail("office@example.com", [f"person{number}@example.com"], data)

    threads = [threading.Thread(target=work, args=(messages[n::connections],)) for n in range(connections)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def took(receiver: Receiver, work: Callable[[], None]) -> Took:
    """Measure a work on a server that has rest."""
    receiver.rest()
    began = time.perf_counter()
    work()
    taken = time.perf_counter() - began
    receiver.rest()
    return Took(taken, time.perf_counter() - began)


def measure(receiver: Receiver, ready: Prepared, connections: int) -> bool:
    """Measure ours between two bare loops; returns whether the figure is reached."""
    server = MailServer("127.0.0.1", receiver.port, Security.PLAIN, connections=connections)
    count = plan_to_send(ready.desk, ready.breach_id).planned
    accepted: list[int] = []

    def ours() -> None:
        accepted.append(send_emails(ready.desk, ready.breach_id, server, count).counts["accepted"])

    def loop() -> None:
        bare(receiver.port, ready.messages, connections)

    bare(receiver.port, ready.messages[:300], connections)  # a server starts its processes with the first messages
    first, own, second = (took(receiver, work) for work in (loop, ours, loop))
    taken = (first.taken + second.taken) / 2 / own.taken
    ratio = (first.passed_on + second.passed_on) / 2 / own.passed_on
    sys.stdout.write(
        f"{accepted[0]:,} of {count:,} e-mails over {connections} connections to {receiver.name}, journal on the disk, each "
        f"read again: {count / own.taken:,.0f} a second taken; bare smtplib {count / first.taken:,.0f} before and "
        f"{count / second.taken:,.0f} after: {taken:.0%} of its rate; until the last is passed on {ratio:.0%}, wanted "
        f"{LEAST_RATIO:.0%}\n"
    )
    return ratio >= LEAST_RATIO and accepted[0] == count


def main() -> int:
    persons = int(sys.argv[1]) if len(sys.argv) > 1 else 6_000
    connections = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    reached = []
    if lacking():
        sys.stdout.write(f"Postfix not measured: {lacking()}\n")
    else:
        with prepared(persons) as ready, near() as receiver:
            reached.append(measure(receiver, ready, connections))
    with prepared(min(persons, FAR_PERSONS)) as ready, far() as receiver:
        reached.append(measure(receiver, ready, connections))
    return int(not all(reached))


if __name__ == "__main__":
    sys.exit(main())
