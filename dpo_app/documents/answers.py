"""Loads ready answers from `resources/answers/<language>.toml`; a test checks each file against this reading."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from dpo_app.core.errors import RuleError
from dpo_app.core.persons.enquiry import EnquiryKind
from dpo_app.services.ports.answers import ReadyAnswer

_OTHERS = ("identity_first", "not_ours")


class AnswerFolder:
    """Answers in a folder: `services.ports.answers.Answers`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @lru_cache(maxsize=8)  # noqa: B019 - one folder, made once a program run
    def _answers(self, language: str) -> dict[str, ReadyAnswer]:
        path = self._folder / f"{language}.toml"
        if not path.is_file():
            raise RuleError("no_answer", language=language)
        document: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
        mark = f"@{document['version']}/{document['language']}"
        found = {
            each["kind"]: ReadyAnswer(each["kind"] + mark, each["text"].strip(), bool(each.get("before_identity")))
            for each in document["answer"]
        }
        wanted = {*(kind.value for kind in EnquiryKind), *_OTHERS}
        if set(found) != wanted:
            raise ValueError(f"answers missing or unknown: {sorted(set(found) ^ wanted)[0]}")
        return found

    def languages(self) -> tuple[str, ...]:
        """Return the languages that have answers."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.toml")))

    def answer(self, kind: EnquiryKind, language: str) -> ReadyAnswer:
        """Return the answer to a kind of question. Raises RuleError("no_answer")."""
        return self._answers(language)[kind.value]

    def identity_first(self, language: str) -> ReadyAnswer:
        """Return what is said while identity is not established. Raises RuleError("no_answer")."""
        return self._answers(language)["identity_first"]

    def not_ours(self, language: str) -> ReadyAnswer:
        """Return what is said of a message whose code is not ours. Raises RuleError("no_answer")."""
        return self._answers(language)["not_ours"]
