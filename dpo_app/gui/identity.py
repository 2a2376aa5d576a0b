"""Who works here, and which program this is: known before a store is open."""

from __future__ import annotations

import getpass


def user_name() -> str:
    """Return the name of the account that works here."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "officer"


def program_version() -> str:
    """Return the version of the program; "0" where it is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("dpo-desk")
    except PackageNotFoundError:
        return "0"
