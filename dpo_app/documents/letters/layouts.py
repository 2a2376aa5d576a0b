"""Layouts of letters from `resources/layouts/`."""

from __future__ import annotations

import tomllib
from functools import lru_cache

from dpo_app.core.letters.layout import Layout, layout_from_document
from dpo_app.paths import resources


@lru_cache(maxsize=1)
def layouts() -> dict[str, Layout]:
    """Return all layouts by id."""
    found = {}
    for path in sorted((resources() / "layouts").glob("*.toml")):
        layout = layout_from_document(tomllib.loads(path.read_text("utf-8")))
        found[layout.id] = layout
    return found
