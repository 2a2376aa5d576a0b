"""What the window remembers for a user, outside the store and without personal data."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from dpo_app.core.errors import DpoError
from dpo_app.files import ensure_folder, read_limited, write_bytes
from dpo_app.paths import config_folder

_FILE = "settings.json"
MOST_STORES = 8
MOST_COLUMNS = 40


@dataclass(frozen=True)
class Settings:
    """Language ("" = the computer's), appearance (system, light, dark), text size in percent, recent store
    folders, where the window stood (x, y, width, height; empty before the first time), and the columns of the person
    list (empty: the usual ones)."""

    language: str = ""
    appearance: str = "system"
    text_percent: int = 100
    lock_minutes: int = 5
    stores: tuple[str, ...] = ()
    window: tuple[int, ...] = ()
    maximised: bool = False
    person_columns: tuple[str, ...] = ()

    def with_store(self, folder: str) -> Settings:
        """Return the settings with a store at the head of the recent ones."""
        kept = [each for each in self.stores if each != folder]
        return replace(self, stores=tuple([folder, *kept][:MOST_STORES]))


def load() -> Settings:
    """Return the kept settings; defaults for a file that is missing or cannot be read."""
    try:
        document: dict[str, Any] = json.loads(read_limited(config_folder() / _FILE, 100_000))
        known = {f.name: document[f.name] for f in fields(Settings) if f.name in document}
        made = Settings(**known)
        window = tuple(int(each) for each in made.window)
        return Settings(
            str(made.language), str(made.appearance), min(200, max(90, int(made.text_percent))),
            min(30, max(1, int(made.lock_minutes))), tuple(map(str, made.stores)),
            window if len(window) == 4 else (), bool(made.maximised), tuple(map(str, made.person_columns))[:MOST_COLUMNS],
        )  # fmt: skip
    except (DpoError, ValueError, TypeError):
        return Settings()


def save(settings: Settings) -> None:
    """Keep the settings."""
    ensure_folder(config_folder())
    data = json.dumps(asdict(settings), indent=1).encode()
    write_bytes(config_folder() / _FILE, data, replace=True)
