"""Entry point of the window: private files before anything else, then the window."""

from __future__ import annotations

import sys

from dpo_app.process import harden, served_as_child


def main() -> int:
    """Run the window."""
    harden()
    if served_as_child():
        return 0
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
