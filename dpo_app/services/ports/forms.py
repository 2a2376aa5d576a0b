"""Forms of authorities and their directory: dated data that the program is shipped with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from dpo_app.core.authority.authorities import Directory
from dpo_app.core.authority.authority_template import Template, WebForm


@dataclass(frozen=True)
class FormWords:
    """The words of a template in one language: sections, fields, options by group, and *to be determined*."""

    language: str
    to_be_determined: str
    sections: Mapping[str, str]
    fields: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]]

    def option(self, group: str, key: str) -> str:
        """Return the word for an option; a key that is not in the group as it is."""
        return self.options.get(group, {}).get(key, key)


class Forms(Protocol):
    """Where templates, web forms and the directory come from."""

    def template(self, template_id: str = "") -> Template:
        """Return a template, without an id the newest. Raises InputError("no_such_template")."""

    def languages(self, template_id: str = "") -> tuple[str, ...]:
        """Return the languages in which a template has words."""

    def words(self, language: str, template_id: str = "") -> FormWords:
        """Return the words of a template. Raises RuleError("no_form_words", language=…): never a silent fallback."""

    def web_form(self, authority_id: str) -> WebForm | None:
        """Return the order of an authority's web form, or None where it is not described."""

    def directory(self) -> Directory:
        """Return the directory of authorities."""
