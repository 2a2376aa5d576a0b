"""Entry point of the window: private files before anything else, then the window."""

from __future__ import annotations

import os
import sys


def harden() -> None:
    """Make new files private and forbid core dumps; where the system cannot, go on."""
    os.umask(0o077)
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        return


def main() -> int:
    """Run the window."""
    harden()
    from dpo_app.gui.app import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(main())
