"""The process we run in and those we start: private files, no memory dumps, children without strangers' code.

Decision: a part of the program that runs on its own (the keyring, which may hang; files of strangers) is never started
by `python -m`. That searches the working folder first, which may be the one where a register was saved with a `json.py`
beside it. The child runs isolated (`-I`: no working folder, no variables of Python) and is told where this very code
lies. A frozen program has no interpreter to start; it calls itself with a flag.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

_PR_SET_DUMPABLE = 4
#: Flags by which the program calls itself, and the modules they stand for.
CHILDREN = {
    "--keyring-child": "dpo_app.store.keys.keyring_slot",
    "--table-child": "dpo_app.importing.child",
    "--press-child": "dpo_app.documents.letters.press_child",
    "--mail-child": "dpo_app.dispatch.mail_child",
}
_START = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); "
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)


def harden() -> None:
    """Make new files private and keep memory out of core dumps and debuggers; where the system cannot, go on."""
    os.umask(0o077)
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        pass
    if sys.platform == "linux":
        _undumpable()


def _undumpable() -> None:
    """Let no other process of the same user read our memory: prctl(2), PR_SET_DUMPABLE."""
    import ctypes

    try:
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    except (OSError, AttributeError):
        return


#: What a child may know of our surroundings: nothing that names persons or holds secrets.
_SAFE_ENVIRONMENT = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "LD_LIBRARY_PATH")


def child_environment() -> dict[str, str]:
    """Return the variables that a child gets."""
    return {name: os.environ[name] for name in _SAFE_ENVIRONMENT if name in os.environ}


def child_command(flag: str, *arguments: str) -> list[str]:
    """Return the command that starts the child of `flag`; `arguments` are seen by everybody on the computer."""
    if getattr(sys, "frozen", False):
        return [sys.executable, flag, *arguments]
    return [sys.executable, "-I", "-c", _START, str(Path(__file__).parents[1]), CHILDREN[flag], *arguments]


def served_as_child() -> bool:
    """Do the work of a child if a frozen program was started as one; tell whether it was."""
    module = CHILDREN.get(sys.argv[1]) if len(sys.argv) > 1 else None
    if module is None:
        return False
    del sys.argv[1]
    import_module(module).main()
    return True
