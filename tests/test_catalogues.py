"""What is said in other languages says the same: every catalogue keeps the fields of its source texts."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from dpo_app import i18n

ROOT = Path(i18n.__file__).parent
LOCALE = Path(__file__).parent.parent / "resources" / "locale"
CATALOGUES = sorted(LOCALE.glob("*/LC_MESSAGES/dpo.po"))


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _read(path: Path) -> Catalog:
    with path.open("rb") as stream:
        return read_po(stream, locale=path.parts[-3], abort_invalid=True)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_translations_keep_the_fields(path: Path) -> None:
    for message in _read(path):
        if not message.id or message.fuzzy:
            continue
        sources = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
        wanted = set().union(*map(_fields, sources))
        texts = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
        for text in texts:
            assert not text or _fields(text) == wanted, message.id


@pytest.mark.parametrize("language", [each for each in i18n.LANGUAGES if each != "en"])
def test_everything_is_translated(language: str) -> None:
    """Every text that is marked in the source has its translation, every plural both forms."""
    kept = _read(LOCALE / language / "LC_MESSAGES" / f"{i18n.DOMAIN}.po")
    marked = extract_from_dir(
        LOCALE.parent.parent / "dpo_app", [("**.py", "python")],
        keywords=DEFAULT_KEYWORDS | {"N_": None, "pgettext": ((1, "c"), 2), "nN_": (1, 2), "counted": (1, 2)},
    )  # fmt: skip
    missing = []
    for _file, line, text, _comments, context in marked:
        key = text[0] if isinstance(text, tuple) else text
        found = kept.get(key, context)
        forms = found.string if found is not None else ""
        if not (all(forms) if isinstance(forms, list | tuple) else forms):
            missing.append((line, key))
    assert not missing


def test_an_unknown_language_speaks_english() -> None:
    for language in ("en", "xx", "../fi"):
        assert i18n.catalogue(language).gettext("Save") == "Save"


def test_the_language_of_the_screen_is_chosen_once() -> None:
    before = i18n.current()
    try:
        i18n.use("fi")
        assert i18n.current() == "fi"
        assert i18n.ngettext("{count} letter", "{count} letters", 2)
        i18n.use("xx")
        assert i18n.current() == "en"
        assert i18n.pgettext("menu", "Open") == "Open"
        assert i18n.N_("kept") == "kept"
    finally:
        i18n.use(before)
