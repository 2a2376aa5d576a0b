"""Tables of a document, declared once and read and written both ways: no field can be read that is not written.

A `Table` names the value it makes and its parts; each part knows its key in the document and its attribute in the value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from dpo_app.core.errors import InputError
from dpo_app.core.facts.document_reader import Reader

Value = TypeVar("Value")


class Part(Protocol):
    """One key of a table; `read` returns attributes of the value, `write` what stands in the document."""

    @property
    def key(self) -> str: ...

    def read(self, reader: Reader) -> dict[str, Any]: ...

    def write(self, value: Any) -> Any: ...


def plain(value: Any) -> Any:
    """Return a field's value as it stands in a document: ISO text for times and days, "" for none."""
    if value is None:
        return ""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


@dataclass(frozen=True)
class Field:
    """A single value: `take` reads it from the reader by its key."""

    key: str
    take: Callable[[Reader, str], Any]
    attribute: str = ""

    def read(self, reader: Reader) -> dict[str, Any]:
        return {self.attribute or self.key: self.take(reader, self.key)}

    def write(self, value: Any) -> Any:
        return plain(getattr(value, self.attribute or self.key))


def text(key: str, attribute: str = "", *, required: bool = False) -> Field:
    """Declare a text."""
    return Field(key, lambda reader, name: reader.text(name, required=required), attribute)


def texts(key: str) -> Field:
    """Declare a list of texts."""
    return Field(key, Reader.texts)


def flag(key: str, default: bool) -> Field:
    """Declare true or false."""
    return Field(key, lambda reader, name: reader.flag(name, default))


def day(key: str, attribute: str = "") -> Field:
    """Declare a day that may be missing."""
    return Field(key, Reader.day, attribute)


def instant(key: str, *, required: bool = False) -> Field:
    """Declare a time with zone."""
    return Field(key, Reader.instant if required else Reader.instant_or_none)


def number(key: str) -> Field:
    """Declare a whole number that may be missing."""
    return Field(key, Reader.number)


def country(key: str) -> Field:
    """Declare a country that may be missing."""
    return Field(key, Reader.country)


def countries(key: str) -> Field:
    """Declare a list of countries."""
    return Field(key, Reader.countries)


def choice(key: str, kind: type[StrEnum], default: StrEnum | None = None, *, required: bool = False) -> Field:
    """Declare a choice; without a default and not required it may be None."""
    if default is not None or required:
        return Field(key, lambda reader, name: reader.member(kind, name, default))
    return Field(key, lambda reader, name: reader.member_or_none(kind, name))


def choices(key: str, kind: type[StrEnum], attribute: str = "") -> Field:
    """Declare several choices."""
    return Field(key, lambda reader, name: reader.members(kind, name), attribute)


@dataclass(frozen=True)
class Table(Generic[Value]):
    """A table of a document that makes a value of its own."""

    make: Callable[..., Value]
    parts: Sequence[Part]
    known: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", frozenset(part.key for part in self.parts))

    def read(self, raw: Any, path: str) -> Value:
        """Return the value of a table. Raises InputError with the field's path."""
        return self.make(**_attributes(self.parts, Reader({} if raw is None else raw, path, self.known)))

    def write(self, value: Value) -> dict[str, Any]:
        """Return the table of a value."""
        return {part.key: part.write(value) for part in self.parts}


def _attributes(parts: Sequence[Part], reader: Reader) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in parts:
        found |= part.read(reader)
    return found


@dataclass(frozen=True)
class Nested:
    """A table within a table that is a value of its own."""

    key: str
    table: Table[Any]
    attribute: str = ""

    def read(self, reader: Reader) -> dict[str, Any]:
        return {self.attribute or self.key: self.table.read(reader.raw(self.key), reader.path(self.key))}

    def write(self, value: Any) -> Any:
        return self.table.write(getattr(value, self.attribute or self.key))


@dataclass(frozen=True)
class Group:
    """A table within a table whose fields belong to the outer value."""

    key: str
    parts: Sequence[Part]

    def read(self, reader: Reader) -> dict[str, Any]:
        known = frozenset(part.key for part in self.parts)
        raw = reader.raw(self.key)
        return _attributes(self.parts, Reader({} if raw is None else raw, reader.path(self.key), known))

    def write(self, value: Any) -> Any:
        return {part.key: part.write(value) for part in self.parts}


@dataclass(frozen=True)
class Many:
    """A list of tables."""

    key: str
    table: Table[Any]
    attribute: str

    def read(self, reader: Reader) -> dict[str, Any]:
        path = reader.path(self.key)
        items = enumerate(reader.items(self.key), 1)
        return {self.attribute: tuple(self.table.read(each, f"{path}[{place}]") for place, each in items)}

    def write(self, value: Any) -> Any:
        return [self.table.write(each) for each in getattr(value, self.attribute)]


@dataclass(frozen=True)
class Keyed:
    """A table whose keys are free within a rule: `pair` makes an item of key and value, `split` takes it apart."""

    key: str
    attribute: str
    pair: Callable[[str, Any, str], Any]
    split: Callable[[Any], tuple[str, Any]]

    def read(self, reader: Reader) -> dict[str, Any]:
        raw, path = reader.raw(self.key), reader.path(self.key)
        raw = {} if raw is None else raw
        if not isinstance(raw, Mapping):
            raise InputError("field_not_table", field=path)
        return {self.attribute: tuple(self.pair(name, each, f"{path}.{name}") for name, each in raw.items())}

    def write(self, value: Any) -> Any:
        return dict(self.split(each) for each in getattr(value, self.attribute))
