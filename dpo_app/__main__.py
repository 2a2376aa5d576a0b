"""Entry point of the window: private files before anything else, then the window."""

from __future__ import annotations

import os
import sys

_PR_SET_DUMPABLE = 4


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


def main() -> int:
    """Run the window."""
    harden()
    if sys.argv[1:2] == ["--keyring"]:
        # A frozen program has no `-m`: it calls itself to ask the keyring (store/keyring_slot.py).
        from dpo_app.bootstrap import answer_for_keyring

        return answer_for_keyring()
    from dpo_app import logs

    logs.start()
    logs.catch_bugs()
    from dpo_app.gui.app import main as run

    try:
        return run(sys.argv[1:])
    finally:
        logs.stop()


if __name__ == "__main__":
    raise SystemExit(main())
