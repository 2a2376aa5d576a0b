"""A `repr` that names nobody: values with a person in them get into errors, failed tests and debuggers by their repr."""

from __future__ import annotations

from enum import Enum
from typing import Any, TypeVar

#: Numbers of ours that tell which one it is, and nothing about the person.
_REFERENCES = frozenset(
    {"id", "row", "number", "seq", "form", "batch_id", "breach_id", "delivery_id", "notice_id", "person_id", "left_row",
     "left_person", "right_row", "right_person", "attempt", "tries"}
)  # fmt: skip
Class = TypeVar("Class", bound=type)


def veiled(cls: Class) -> Class:
    """Decorate a NamedTuple or a dataclass (above `@dataclass`) that holds a person's values: its repr shows our own
    numbers and codes, and nothing else."""
    cls.__repr__ = _shown  # type: ignore[assignment]
    return cls


def _shown(self: Any) -> str:
    names = self._fields if hasattr(self, "_fields") else tuple(self.__dataclass_fields__)
    shown = []
    for name in names:
        value = getattr(self, name)
        if isinstance(value, Enum):
            shown.append(f"{name}={value.value!r}")
        elif name in _REFERENCES and (value is None or type(value) is int):
            shown.append(f"{name}={value}")
    return f"{type(self).__name__}({', '.join(shown)})"
