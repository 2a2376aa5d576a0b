"""A real Postfix for tests: its own folders, loopback only, no init system, and smtp-sink as the next hop."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.dispatch.servers import FaultyServer, Plan

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/lib/postfix/sbin"
MAIN = """
compatibility_level = 3.6
queue_directory = {base}/spool
data_directory = {base}/data
maillog_file = {base}/mail.log
maillog_file_prefixes = {base}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.example.com
mydestination =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
recipient_delimiter = +
relayhost = [127.0.0.1]:{sink}
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_peername_lookup = no
in_flow_delay = 0
transport_maps = regexp:{base}/transport
virtual_mailbox_domains =
virtual_mailbox_base = {base}/boxes
virtual_mailbox_maps = regexp:{base}/boxmap
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
mailbox_size_limit = 0
virtual_mailbox_limit = 0
default_process_limit = 40
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def lacking() -> str:
    """Return why no Postfix can be run here, or ""."""
    if os.geteuid() != 0:
        return "Postfix needs root to start"
    for name in ("postfix", "smtp-sink"):
        if shutil.which(name, path=PATH) is None:
            return f"{name} is not installed (Debian: apt-get install postfix)"
    return ""


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class Postfix:
    """One instance. `dead` is a pattern of recipients that do not exist; reports to `office` come into a mailbox."""

    def __init__(self, base: Path, dead: str = "nobody-at-all", office: str = "tietosuoja") -> None:
        self.base, self.port, self._sink_port = base, free_port(), free_port()
        self.log, self.box = base / "mail.log", base / "boxes" / "office"
        owner = pwd.getpwnam("postfix")
        for name in ("etc", "spool", "data", "boxes"):
            (base / name).mkdir()
        for name in ("data", "boxes"):
            os.chown(base / name, owner.pw_uid, owner.pw_gid)
        values = {"base": base, "sink": self._sink_port, "port": self.port, "uid": owner.pw_uid, "gid": owner.pw_gid}
        (base / "etc" / "main.cf").write_text(MAIN.format(**values))
        (base / "etc" / "master.cf").write_text(MASTER.format(**values))
        # A next hop that knows nobody: the report comes later, as from the receivers of a relay.
        self._nobody = FaultyServer(Plan("rcpt", "5xx", -1))
        hop = f"smtp:[127.0.0.1]:{self._nobody.port}"
        (base / "transport").write_text(f"/^{dead}/ {hop}\n/^{office}[+@]/ virtual:\n")
        (base / "boxmap").write_text(f"/^{office}/ office\n")
        for folder in (base, *base.parents):
            with contextlib.suppress(PermissionError):
                if not folder.stat().st_mode & 0o001:
                    folder.chmod(folder.stat().st_mode | 0o011)
        self._sink: subprocess.Popen[bytes] | None = None

    def _run(self, *command: str) -> None:
        subprocess.run(
            ["postfix", "-c", str(self.base / "etc"), *command], check=True, env={**os.environ, "PATH": PATH},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def start(self) -> None:
        """Start server and next hop."""
        if self._sink is None:
            sink = shutil.which("smtp-sink", path=PATH)
            assert sink is not None
            self._sink = subprocess.Popen(
                [sink, "-u", "postfix", f"127.0.0.1:{self._sink_port}", "256"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        self._run("start")
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.2) as line:
                line.settimeout(2)
                if line.recv(100).startswith(b"220"):
                    return
            time.sleep(0.1)
        raise RuntimeError(self.log.read_text() if self.log.exists() else "no log")

    def abort(self) -> None:
        """End the server at once, in the middle of whatever it does."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("abort")

    def close(self) -> None:
        """End everything."""
        self.abort()
        if self._sink is not None:
            self._sink.terminate()
            self._sink.wait()
        self._nobody.close()

    def lines(self) -> list[str]:
        """Return the log."""
        return self.log.read_text(errors="replace").splitlines() if self.log.exists() else []

    def wait_for_empty_queue(self, seconds: float = 60.0) -> None:
        """Wait until everything taken has been handed on or given up."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            waits = [p for name in ("incoming", "active", "maildrop", "deferred") for p in
                     (self.base / "spool" / name).rglob("*") if p.is_file()]  # fmt: skip
            if not waits:
                return
            time.sleep(0.2)
        raise AssertionError("the queue did not run empty")


@contextlib.contextmanager
def postfix(base: Path, **options: str) -> Iterator[Postfix]:
    """A running Postfix for the time of a block."""
    base.mkdir(parents=True, exist_ok=True)
    made = Postfix(base, **options)
    try:
        made.start()
        yield made
    finally:
        made.close()
