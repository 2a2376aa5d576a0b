"""Layouts of letters from `resources/layouts/`."""

from __future__ import annotations

import tomllib
from functools import lru_cache

from dpo_app.core.errors import InputError
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


def load_layout(layout_id: str) -> Layout:
    """Return a layout. Raises InputError("no_such_layout")."""
    try:
        return layouts()[layout_id]
    except KeyError:
        raise InputError("no_such_layout", layout=layout_id, known=", ".join(layouts())) from None
