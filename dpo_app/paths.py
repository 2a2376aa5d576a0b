"""Where things lie: resources beside the package (source tree), in the wheel or in a frozen build; data and logs where
the platform keeps them."""

from __future__ import annotations

import sys
from pathlib import Path

import platformdirs

APP = "dpo-desk"


def resources() -> Path:
    """Return the folder of resources that come with the program."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen) / "resources"
    beside = Path(__file__).resolve().parent.parent / "resources"
    return beside if beside.is_dir() else Path(sys.prefix) / "share" / APP / "resources"


def data_folder() -> Path:
    """Return where stores are kept unless the officer chooses another place."""
    return Path(platformdirs.user_data_dir(APP, appauthor=False))


def config_folder() -> Path:
    """Return where settings of the window are kept; nothing personal goes there."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False))


def log_folder() -> Path:
    """Return where the log is kept."""
    return Path(platformdirs.user_log_dir(APP, appauthor=False))
