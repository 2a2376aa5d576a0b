"""A run of e-mails with its journal on the disk, beside a bare smtplib loop on as many connections, in the same run.

python tests/bench/bench_sending.py [persons] [connections]

The server is a Postfix where it is installed, as in the field: it, too, waits for its disk before it takes a message; else
a small one in Python that keeps nothing. The bare loop sends the same bytes to the same number of recipients and writes
nothing down; it is measured before and after, each time when the server has passed on what it took before.
"""

from __future__ import annotations

import shutil
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

sys.path.insert(0, str(Path(__file__).parents[2]))

from dpo_app.bootstrap import build
from dpo_app.core.mail.mail_server import MailServer, Security
from dpo_app.services.desk.make_example import make_example
from dpo_app.services.letters.make_letters import withdraw_batch
from dpo_app.services.mail.arm_breach import arm_breach
from dpo_app.services.mail.email_run import plan_to_send, send_emails
from dpo_app.services.mail.export_emails import export_emails
from dpo_app.services.notices.write_notice import approve_notice, draft_notice
from dpo_app.store import vault
from dpo_app.store.keys.crypto import KdfCost
from tests.dispatch.postfix import lacking, postfix

LEAST_RATIO = 0.70
SINK = shutil.which("smtp-sink") or "/usr/sbin/smtp-sink"
_PYTHON_SINK = """
import socketserver, sys
class Line(socketserver.StreamRequestHandler):
    def handle(self):
        say = self.wfile.write
        say(b"220 sink\\r\\n")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                say(b"354 go\\r\\n")
                for text in self.rfile:
                    if text == b".\\r\\n":
                        break
            say(b"221 bye\\r\\n" if verb == b"QUIT" else b"250 ok\\r\\n")
            if verb == b"QUIT":
                return
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, request_queue_size, daemon_threads = True, 64, True
Server(("127.0.0.1", int(sys.argv[1])), Line).serve_forever()
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def sink() -> Iterator[tuple[int, str]]:
    """A server that takes everything, in a process of its own."""
    port = free_port()
    if Path(SINK).is_file():
        command, name = [SINK, "-u", "nobody", f"127.0.0.1:{port}", "128"], "smtp-sink"
    else:
        command, name = [sys.executable, "-c", _PYTHON_SINK, str(port)], "a sink in Python"
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 0.1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port, name
    finally:
        process.terminate()
        process.wait()


@contextmanager
def receiver() -> Iterator[tuple[int, str, Callable[[], None]]]:
    """The server of the measurement, Postfix if it can be run here: port, name, and what waits until it has rest."""
    if lacking():
        with sink() as (port, name):
            yield port, name, lambda: None
        return
    with tempfile.TemporaryDirectory(prefix="dpo-bench-") as name, postfix(Path(name) / "p") as server:
        yield server.port, "Postfix", lambda: server.wait_for_empty_queue(300)


def bare(port: int, messages: list[bytes], connections: int) -> float:
    """Return messages a second of a bare loop: a connection for each thread, `sendmail` one after the other."""

    def work(own: list[bytes]) -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as line:
            for number, data in enumerate(own):
                line.sendmail("office@example.com", [f"person{number}@example.com"], data)

    threads = [threading.Thread(target=work, args=(messages[n::connections],)) for n in range(connections)]
    began = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return len(messages) / (time.perf_counter() - began)


def main() -> int:
    persons = int(sys.argv[1]) if len(sys.argv) > 1 else 6_000
    connections = int(sys.argv[2]) if len(sys.argv) > 2 else 10
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
            with receiver() as (port, server_name, rest):
                bare(port, messages[:500], connections)  # its processes are started by the first messages
                rest()
                first = bare(port, messages, connections)
                server = MailServer("127.0.0.1", port, Security.PLAIN, connections=connections)
                count = plan_to_send(desk, breach_id).planned
                rest()
                began = time.perf_counter()
                end = send_emails(desk, breach_id, server, count)
                ours = end.counts["accepted"] / (time.perf_counter() - began)
                rest()
                second = bare(port, messages, connections)
        finally:
            opened.close()
    peer = (first + second) / 2
    ratio = ours / peer
    sys.stdout.write(
        f"{end.counts['accepted']:,} of {count:,} e-mails over {connections} connections to {server_name}, journal on the "
        f"disk, each read again: {ours:,.0f} a second; bare smtplib {first:,.0f} before and {second:,.0f} after: "
        f"{ratio:.0%} of its rate, wanted {LEAST_RATIO:.0%}\n"
    )
    return int(ratio < LEAST_RATIO or end.counts["accepted"] != count)


if __name__ == "__main__":
    sys.exit(main())
