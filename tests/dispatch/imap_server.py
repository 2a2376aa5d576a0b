"""A small IMAP server on loopback for tests: two folders, one user, every command noted. It refuses whatever would
change a folder but APPEND, and can misbehave on request."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

USER, PASSWORD = "office", "secret"


class ImapServer:
    """Messages by folder; `commands` are the names of everything asked for, with UID before them."""

    def __init__(self, messages: list[bytes], *, validity: int = 7, tls: ssl.SSLContext | None = None) -> None:
        self.folders: dict[str, list[bytes]] = {"INBOX": messages, "Drafts": [], "Sent": []}
        self.validity, self.commands, self.flags = validity, [], []
        self.break_after_appends = -1
        #: Commands that fail: "no" is refused, "drop" ends the line.
        self.fails: dict[str, str] = {}
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._open = True
        self._main = threading.Thread(target=self._accept)
        self._main.start()

    commands: list[str]
    flags: list[str]

    def _accept(self) -> None:
        while self._open:
            try:
                client, _address = self._socket.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(client,))
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        self._open = False
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        self._socket.close()
        self._main.join()
        for thread in self._threads:
            thread.join(5)

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError, ssl.SSLError, ValueError), client:
            client.settimeout(10)
            if self._tls is None:
                _Talk(self, client).run()
                return
            with self._tls.wrap_socket(client, server_side=True) as safe:
                _Talk(self, safe).run()


class _Talk:
    """One connection."""

    def __init__(self, server: ImapServer, client: socket.socket) -> None:
        self._server, self._client = server, client
        self._file = client.makefile("rb")
        self._folder = "INBOX"

    def say(self, line: str | bytes) -> None:
        self._client.sendall((line.encode() if isinstance(line, str) else line) + b"\r\n")

    def run(self) -> None:
        with self._file:
            self._run()

    def _run(self) -> None:
        self.say("* OK IMAP4rev1 ready")
        while line := self._file.readline():
            tag, _, rest = line.decode("latin-1").strip().partition(" ")
            name, _, arguments = rest.partition(" ")
            if name.upper() == "UID":
                name, _, arguments = arguments.partition(" ")
                name = f"UID {name}"
            name = name.upper()
            self._server.commands.append(name)
            fails = self._server.fails.get(name)
            if fails == "drop":
                return
            if fails == "no":
                self.say(f"{tag} NO person@example.com has too many")
                continue
            handler = getattr(self, "do_" + name.lower().replace(" ", "_"), None)
            if handler is None:
                self.say(f"{tag} BAD not here")
            elif handler(tag, arguments) is False:
                return

    def do_capability(self, tag: str, _arguments: str) -> None:
        self.say("* CAPABILITY IMAP4rev1 SPECIAL-USE UNSELECT AUTH=PLAIN")
        self.say(f"{tag} OK done")

    def do_login(self, tag: str, arguments: str) -> None:
        good = [word.strip('"') for word in arguments.split(" ")] == [USER, PASSWORD]
        self.say(f"{tag} OK in" if good else f"{tag} NO [AUTHENTICATIONFAILED] person@example.com is not known")

    def do_logout(self, tag: str, _arguments: str) -> bool:
        self.say("* BYE done")
        self.say(f"{tag} OK out")
        return False

    def do_noop(self, tag: str, _arguments: str) -> None:
        self.say(f"{tag} OK done")

    do_unselect = do_noop

    def do_list(self, tag: str, arguments: str) -> None:
        wanted = arguments.split(" ")[-1].strip('"')
        for name, use in (("INBOX", ""), ("Drafts", "\\Drafts"), ("Sent", "\\Sent")):
            if wanted in ("*", "%", name):
                self.say(f'* LIST (\\HasNoChildren {use}) "/" "{name}"')
        self.say(f"{tag} OK done")

    def do_examine(self, tag: str, arguments: str) -> None:
        name = arguments.split(" ")[0].strip('"')
        if name not in self._server.folders:
            self.say(f"{tag} NO no such folder")
            return
        self._folder = name
        self.say(f"* {len(self._server.folders[name])} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self._server.validity}] valid")
        self.say(f"{tag} OK [READ-ONLY] done")

    def do_uid_search(self, tag: str, arguments: str) -> None:
        last = len(self._server.folders[self._folder])
        wanted = re.search(r'HEADER "?Message-ID"? "?([^" ]+)', arguments, re.IGNORECASE)
        if wanted:
            own = [
                n for n, data in enumerate(self._server.folders[self._folder], 1) if wanted.group(1).encode() in data
            ]
            self.say(f"* SEARCH {' '.join(map(str, own))}".rstrip())
            self.say(f"{tag} OK done")
            return
        found = re.search(r"UID (\d+):\*", arguments)
        first = min(int(found.group(1)), last) if found else 1
        uids = " ".join(str(uid) for uid in range(max(1, first), last + 1))
        self.say(f"* SEARCH {uids}".rstrip())
        self.say(f"{tag} OK done")

    def do_uid_fetch(self, tag: str, arguments: str) -> None:
        numbers, _, what = arguments.partition(" ")
        messages = self._server.folders[self._folder]
        for uid in _numbers(numbers):
            if not 1 <= uid <= len(messages):
                continue
            data = messages[uid - 1]
            if "RFC822.SIZE" in what:
                self.say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(data)})")
                continue
            name = "BODY[]"
            part = re.search(r"<0\.(\d+)>", what)
            if part:
                name, data = "BODY[]<0>", data[: int(part.group(1))]
            elif "BODY.PEEK[HEADER]" in what:
                name, data = "BODY[HEADER]", data.replace(b"\r\n", b"\n").split(b"\n\n")[0] + b"\n\n"
            elif "HEADER.FIELDS" in what:
                head = re.search(rb"(?im)^message-id:[^\n]*\n", data)
                name, data = "BODY[HEADER.FIELDS (MESSAGE-ID)]", (head.group(0) if head else b"") + b"\r\n"
            assert "BODY.PEEK" in what, "only looking is allowed"
            self.say(f"* {uid} FETCH (UID {uid} {name} {{{len(data)}}}".encode() + b"\r\n" + data + b")")
        self.say(f"{tag} OK done")

    def do_append(self, tag: str, arguments: str) -> bool | None:
        found = re.match(r'"?(\w+)"? \(([^)]*)\) .*?\{(\d+)\}$|"?(\w+)"? \(([^)]*)\) \{(\d+)\}$', arguments)
        assert found, arguments
        name, flags, size = (each for each in found.groups() if each is not None)
        self.say("+ go on")
        data = self._file.read(int(size))
        self._file.readline()
        server = self._server
        if server.break_after_appends == 0:
            return False
        server.break_after_appends -= 1
        server.folders[name].append(data)
        server.flags.append(flags)
        self.say(f"{tag} OK [APPENDUID 1 {len(server.folders[name])}] done")
        return None


def _numbers(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, _, last = part.partition(":")
        yield from range(int(first), int(last or first) + 1)


@contextmanager
def imap_server(messages: list[bytes], *, validity: int = 7, certificate: Path | None = None) -> Iterator[ImapServer]:
    """Run a server; with `certificate` (PEM, key included) over TLS."""
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    server = ImapServer(messages, validity=validity, tls=context)
    try:
        yield server
    finally:
        server.close()
