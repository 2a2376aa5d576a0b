"""Ready answers to those who ask: reviewed, versioned texts by language."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from dpo_app.core.persons.enquiry import EnquiryKind


class ReadyAnswer(NamedTuple):
    """One answer: its mark (`id@version/language`), and its text with `((field))` placeholders. `before_identity` tells
    that it says nothing of any person and may be given to anybody."""

    mark: str
    text: str
    before_identity: bool


class Answers(Protocol):
    """Where ready answers come from."""

    def languages(self) -> tuple[str, ...]:
        """Return the languages that have answers."""

    def answer(self, kind: EnquiryKind, language: str) -> ReadyAnswer:
        """Return the answer to a kind of question. Raises RuleError("no_answer", language=…): never a silent
        fallback."""

    def identity_first(self, language: str) -> ReadyAnswer:
        """Return what is said while identity is not established, where the answer itself would say too much."""

    def not_ours(self, language: str) -> ReadyAnswer:
        """Return what is said of a message whose code is not ours."""
