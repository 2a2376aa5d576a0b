"""What the window remembers, and what a damaged file of it does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dpo_app import paths, settings
from dpo_app.settings import MOST_STORES, Settings


def test_settings_come_back(settings_home: Path) -> None:
    kept = Settings("fi", "dark", 125, 10, ("a.dpo", "b.dpo"))
    settings.save(kept)
    assert settings.load() == kept
    assert paths.config_folder().is_relative_to(settings_home)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"text_percent": "much"}', '{"stores": 5}', "\x00"])
def test_a_damaged_file_gives_the_defaults(settings_home: Path, text: str) -> None:
    settings.save(Settings())
    (paths.config_folder() / "settings.json").write_text(text)
    assert settings.load() == Settings()


def test_values_out_of_range_are_brought_back(settings_home: Path) -> None:
    settings.save(Settings())
    document = {"text_percent": 9000, "lock_minutes": 0, "a later setting": 1}
    (paths.config_folder() / "settings.json").write_text(json.dumps(document))
    assert settings.load().text_percent == 200
    assert settings.load().lock_minutes == 1


def test_recent_stores_are_few_and_the_last_is_first() -> None:
    kept = Settings()
    for number in range(20):
        kept = kept.with_store(f"{number}.dpo")
    kept = kept.with_store("15.dpo")
    assert kept.stores[:2] == ("15.dpo", "19.dpo")
    assert len(kept.stores) == MOST_STORES == len(set(kept.stores))
