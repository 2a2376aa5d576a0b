"""Loads forms of authorities from `resources/forms/` and the directory from `resources/authorities/`; tests check each
file against this reading."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from dpo_app.core.authority.authorities import Directory, directory_from_document
from dpo_app.core.authority.authority_template import Template, WebForm, template_from_document, web_form_from_document
from dpo_app.core.errors import InputError, RuleError
from dpo_app.services.ports.forms import FormWords

#: The form that new notices are written in.
NEWEST = "edpb-2026-06-draft"


class FormFolder:
    """Forms in a folder, the directory in a file: `services.ports.forms.Forms`. Read once a program run."""

    def __init__(self, folder: Path, authorities: Path) -> None:
        self._folder, self._authorities = folder, authorities

    @lru_cache(maxsize=8)  # noqa: B019 - made once a program run
    def template(self, template_id: str = "") -> Template:
        """Return a template, without an id the newest. Raises InputError("no_such_template")."""
        return template_from_document(self._document(template_id or NEWEST))

    def languages(self, template_id: str = "") -> tuple[str, ...]:
        """Return the languages in which a template has words."""
        name = template_id or NEWEST
        return tuple(sorted(path.suffixes[-2][1:] for path in self._folder.glob(f"{name}.*.toml")))

    @lru_cache(maxsize=16)  # noqa: B019
    def words(self, language: str, template_id: str = "") -> FormWords:
        """Return the words of a template. Raises RuleError("no_form_words")."""
        if language not in self.languages(template_id):
            raise RuleError("no_form_words", language=language)
        document = self._document(f"{template_id or NEWEST}.{language}")
        own: dict[str, dict[str, str]] = document["options"]
        like = self.template(template_id).like
        options = {group: own.get(like.get(group, ""), {}) | words for group, words in own.items()}
        return FormWords(language, document["to_be_determined"], document["sections"], document["fields"], options)

    @lru_cache(maxsize=64)  # noqa: B019
    def web_form(self, authority_id: str) -> WebForm | None:
        """Return the order of an authority's web form, or None where it is not described."""
        path = self._folder / "web" / f"{authority_id}.toml"
        if authority_id not in {each.stem for each in self._folder.glob("web/*.toml")}:
            return None
        return web_form_from_document(tomllib.loads(path.read_text("utf-8")), self.template())

    @lru_cache(maxsize=1)  # noqa: B019
    def directory(self) -> Directory:
        """Return the directory of authorities."""
        return directory_from_document(tomllib.loads(self._authorities.read_text("utf-8")))

    @lru_cache(maxsize=32)  # noqa: B019
    def _document(self, name: str) -> dict[str, Any]:
        if name not in {path.name.removesuffix(".toml") for path in self._folder.glob("*.toml")}:
            raise InputError("no_such_template", template=name[:40])
        return tomllib.loads((self._folder / f"{name}.toml").read_text("utf-8"))
