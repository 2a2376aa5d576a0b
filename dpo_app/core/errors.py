"""What can stop a piece of work, as a code and facts; sentences live in `dpo_app.messages`.

Facts are ids, counts, row numbers, column names and limits. Never a person's name, address, number or any value of a
row: errors reach logs and bug reports.
"""

from __future__ import annotations

from typing import Any


class DpoError(Exception):
    """A reason to stop that we foresaw: `code` picks the sentence, `facts` fill it."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts: dict[str, Any] = facts

    def __str__(self) -> str:
        known = ", ".join(f"{name}={value}" for name, value in sorted(self.facts.items()))
        return f"{self.code} ({known})" if known else self.code


class InputError(DpoError):
    """The user can mend it: a file, a field, an argument. Exit code 2."""


class RuleError(DpoError):
    """Law or plan forbids it; facts name the article or the rule. Exit code 1."""


class StoreError(DpoError):
    """The store cannot be opened, read or written. Exit code 3."""


class DeliveryError(DpoError):
    """A message could not be handed on; `retryable` tells whether trying again can help. Exit code 4."""

    def __init__(self, code: str, *, retryable: bool, **facts: Any) -> None:
        super().__init__(code, retryable=retryable, **facts)
        self.retryable = retryable


class JobCancelled(DpoError):
    """The officer stopped the job between two units of work. Silent; exit code 130."""

    def __init__(self) -> None:
        super().__init__("cancelled")
