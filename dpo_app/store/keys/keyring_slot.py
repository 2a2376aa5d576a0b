"""The system's keyring as one half of a key: the only module that imports `keyring`.

The keyring holds a random wrapping key, never the root key; without the key file beside the store it opens nothing
(security.md section 3). Decision: every question to the keyring is asked by a child process of its own. A desktop's
keyring can hang for good in a call that Python cannot break off; a process can be ended after five seconds. And what
was written is read back by a backend that has never seen it. Set aside: a thread with a time limit, which would stay
behind and keep the program from ending.

Backends come from the list below and in its order. What `keyring` would read itself, a settings file (which may even
name folders to load code from), environment and priorities, is never asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple

from dpo_app.core.digests import same
from dpo_app.core.errors import StoreError
from dpo_app.process import child_command

SECONDS = 5
#: Classes that keep a secret encrypted under the user's log-in, best first. Not on it, so refused: null, fail, chainer,
#: files, and whatever else is installed.
ALLOWED: dict[str, tuple[str, ...]] = {
    "linux": (
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
    ),
    "darwin": ("keyring.backends.macOS.Keyring",),
    "win32": ("keyring.backends.Windows.WinVaultKeyring",),
}
_FORM = "dpo1"
#: What a backend raises where its system lacks it: no library, no session bus.
_NOT_HERE = (RuntimeError, ImportError, AttributeError, OSError)
_FROM_ENVIRONMENT = ("KEYRING_PROPERTY_", "PYTHON_KEYRING_", "KEYCHAIN_PATH")

Answer = dict[str, str]
#: Asks the keyring once: a request with `act` (choose, keep, fetch, forget) to an answer, or to `{"error": code}`.
Ask = Callable[[Answer], Answer]
Loader = Callable[[str], Any]


class Entry(NamedTuple):
    """Where a key lies in the keyring: one entry for each slot of each store."""

    store_id: str
    slot_id: str

    @property
    def service(self) -> str:
        """Return the name under which the keyring shows it."""
        return f"DPO Desk {self.store_id}"

    def seal(self, key: bytes) -> str:
        """Return what is kept: the key with the store and slot it belongs to."""
        return ":".join((_FORM, self.store_id, self.slot_id, key.hex()))

    def unseal(self, value: str) -> bytes:
        """Return the key. Raises StoreError("keyring_foreign") for the value of another store or slot,
        StoreError("keyring_wrong") for anything that this program did not write."""
        parts = value.split(":")
        try:
            form, store_id, slot_id, digits = parts
            key = bytes.fromhex(digits)
        except ValueError:
            raise StoreError("keyring_wrong") from None
        if form != _FORM or len(key) != 32:
            raise StoreError("keyring_wrong")
        if (store_id, slot_id) != (self.store_id, self.slot_id):
            raise StoreError("keyring_foreign")
        return key


def keep(entry: Entry, key: bytes, ask: Ask | None = None) -> str:
    """Put a key into the keyring, read it back through a fresh backend, and return the backend's name.

    Raises StoreError: "keyring_missing", "keyring_refused", "keyring_locked", "keyring_silent", "keyring_failed",
    "keyring_not_kept". Nothing is left in the keyring of a key that could not be read back.
    """
    ask = ask or ask_child
    backend = _told(ask({"act": "choose"}))["backend"]
    request = {"backend": backend, "service": entry.service, "account": entry.slot_id}
    _told(ask(request | {"act": "keep", "value": entry.seal(key)}))
    try:
        found = fetch(entry, backend, ask)
        if not same(found, key):
            raise StoreError("keyring_not_kept")
    except StoreError as error:
        forget(entry, backend, ask)
        # Accepted and not given back: what the keyring does with secrets is unknown, so it gets none.
        empty = error.code in ("keyring_empty", "keyring_wrong", "keyring_foreign")
        raise StoreError("keyring_not_kept") if empty else error from None
    return backend


def fetch(entry: Entry, backend: str, ask: Ask | None = None) -> bytes:
    """Return the key of a slot. Raises StoreError: those of `keep`, "keyring_empty", "keyring_changed" (the backend
    that holds it is not here, another one is), "keyring_wrong", "keyring_foreign"."""
    request = {"act": "fetch", "backend": backend, "service": entry.service, "account": entry.slot_id}
    return entry.unseal(_told((ask or ask_child)(request))["value"])


def forget(entry: Entry, backend: str, ask: Ask | None = None) -> bool:
    """Take a key out of the keyring; tell whether that worked. Without its slot what is left there opens nothing."""
    request = {"act": "forget", "backend": backend, "service": entry.service, "account": entry.slot_id}
    return "error" not in (ask or ask_child)(request)


def _told(answer: Answer) -> Answer:
    if "error" in answer:
        raise StoreError(
            answer["error"], backend=answer.get("backend", "?"), cause=answer.get("cause", "?"), seconds=SECONDS
        )
    return answer


def ask_child(request: Answer, seconds: float = SECONDS) -> Answer:
    """Ask the keyring in a process of its own; the key travels through pipes, never as an argument."""
    try:
        done = subprocess.run(
            child_command("--keyring-child"),
            input=json.dumps(request).encode(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=clean(os.environ), timeout=seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"error": "keyring_silent"}
    except OSError as error:
        return {"error": "keyring_failed", "cause": type(error).__name__}
    try:
        answer = json.loads(done.stdout)
        return {str(name): str(value) for name, value in answer.items()}
    except (ValueError, AttributeError):
        return {"error": "keyring_failed", "cause": "no answer"}


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what would choose or bend a backend."""
    return {name: value for name, value in environment.items() if not name.startswith(_FROM_ENVIRONMENT)}


def load(name: str) -> Any:
    """Return a backend of that very class. Raises RuntimeError or ImportError where the system has none."""
    module, _, class_name = name.rpartition(".")
    found = getattr(import_module(module), class_name)
    _ = found.priority  # raises where it cannot work here
    backend = found()
    if hasattr(type(backend), "persist"):
        backend.persist = "local machine"  # Windows: not carried to other computers of the domain
    return backend


def answer(request: Answer, loader: Loader = load, allowed: tuple[str, ...] | None = None) -> Answer:
    """Do in the child what is asked; every outcome is an answer, none an exception."""
    names = ALLOWED.get(sys.platform, ()) if allowed is None else allowed
    try:
        if request["act"] == "choose":
            return _choose(loader, names)
        if request["backend"] not in names:
            return {"error": "keyring_refused", "backend": request["backend"]}
        try:
            backend = loader(request["backend"])
        except _NOT_HERE:
            other = _choose(loader, names)
            return {"error": "keyring_changed", **other} if "error" not in other else other
        if _name(backend) != request["backend"]:
            return {"error": "keyring_refused", "backend": _name(backend)}
        return _do(backend, request)
    except Exception as error:  # noqa: BLE001  backends raise what their system raises; texts may quote secrets
        kind = type(error).__name__
        return {"error": "keyring_locked" if kind == "KeyringLocked" else "keyring_failed", "cause": kind}


def _choose(loader: Loader, names: tuple[str, ...]) -> Answer:
    refused = ""
    for name in names:
        try:
            backend = loader(name)
        except _NOT_HERE:
            continue
        if _name(backend) == name:
            return {"backend": name}
        refused = _name(backend)
    return {"error": "keyring_refused", "backend": refused} if refused else {"error": "keyring_missing"}


def _do(backend: Any, request: Answer) -> Answer:
    service, account = request["service"], request["account"]
    if request["act"] == "keep":
        backend.set_password(service, account, request["value"])
        return {}
    if request["act"] == "forget":
        backend.delete_password(service, account)
        return {}
    value = backend.get_password(service, account)
    return {"value": value} if value else {"error": "keyring_empty"}


def _name(backend: Any) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def main() -> int:
    """Answer one request from standard input."""
    request = json.loads(sys.stdin.buffer.read())
    # A backend may write to standard output: the answer goes where nothing else does.
    out, sys.stdout = sys.stdout, sys.stderr
    out.write(json.dumps(answer(request)))
    out.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
