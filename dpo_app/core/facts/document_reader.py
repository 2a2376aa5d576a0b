"""Reads one table of a document; every refusal is an `InputError` that names the field by its path."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from dpo_app.core.errors import InputError

Member = TypeVar("Member", bound=StrEnum)


class Reader:
    """A table and its path, such as `window[2]`. Raises InputError for a table that is none or has strange fields."""

    def __init__(self, table: Any, path: str, known: frozenset[str]) -> None:
        if not isinstance(table, Mapping):
            raise InputError("field_not_table", field=path)
        strange = sorted(set(table) - known)
        if strange:
            raise InputError("field_unknown", field=self._join(path, strange[0]))
        self._table, self._path = table, path

    @staticmethod
    def _join(path: str, name: str) -> str:
        return f"{path}.{name}" if path else name

    def path(self, name: str) -> str:
        """Return the path of a field."""
        return self._join(self._path, name)

    def raw(self, name: str) -> Any:
        """Return a field as it stands, or None."""
        return self._table.get(name)

    def text(self, name: str, *, required: bool = False) -> str:
        """Return a text without blanks around it; "" if it is not there."""
        value = self._table.get(name, "")
        if not isinstance(value, str):
            raise InputError("field_not_text", field=self.path(name))
        if required and not value.strip():
            raise InputError("field_missing", field=self.path(name))
        return value.strip()

    def flag(self, name: str, default: bool) -> bool:
        """Return true or false."""
        value = self._table.get(name)
        if value not in (None, True, False):
            raise InputError("field_not_flag", field=self.path(name))
        return default if value is None else bool(value)

    def number(self, name: str) -> int | None:
        """Return a whole number, 0 or more, or None."""
        value = self._table.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise InputError("field_not_number", field=self.path(name))
        return value

    def day(self, name: str) -> date | None:
        """Return a day, or None."""
        value = self._table.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                raise InputError("field_not_date", field=self.path(name)) from None
        if isinstance(value, datetime) or not isinstance(value, date):
            raise InputError("field_not_date", field=self.path(name))
        return value

    def instant(self, name: str) -> datetime:
        """Return a time with zone."""
        value = self.instant_or_none(name)
        if value is None:
            raise InputError("field_missing", field=self.path(name))
        return value

    def instant_or_none(self, name: str) -> datetime | None:
        """Return a time with zone, or None."""
        value = self._table.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                raise InputError("field_not_instant", field=self.path(name)) from None
        if not isinstance(value, datetime):
            raise InputError("field_not_instant", field=self.path(name))
        if value.utcoffset() is None:
            raise InputError("field_without_zone", field=self.path(name))
        return value

    def member(self, kind: type[Member], name: str, default: Member | None = None) -> Member:
        """Return a choice; a missing one is the default, or refused if there is none."""
        value = self._table.get(name)
        if value is None and default is not None:
            return default
        return self._member(kind, value, self.path(name))

    def member_or_none(self, kind: type[Member], name: str) -> Member | None:
        """Return a choice, or None if nothing was chosen."""
        value = self._table.get(name)
        return None if value in (None, "") else self._member(kind, value, self.path(name))

    def members(self, kind: type[Member], name: str) -> tuple[Member, ...]:
        """Return several choices, each once."""
        return tuple(dict.fromkeys(self._member(kind, value, self.path(name)) for value in self.items(name)))

    def texts(self, name: str) -> tuple[str, ...]:
        """Return several texts, each once."""
        values = self.items(name)
        if not all(isinstance(each, str) and each.strip() for each in values):
            raise InputError("field_not_text", field=self.path(name))
        return tuple(dict.fromkeys(each.strip() for each in values))

    def country(self, name: str) -> str:
        """Return a country's two letters, or ""."""
        return self._country(self.text(name), self.path(name))

    def countries(self, name: str) -> tuple[str, ...]:
        """Return several countries."""
        return tuple(self._country(each, self.path(name)) for each in self.texts(name))

    def items(self, name: str) -> list[Any]:
        """Return a list; [] if it is not there."""
        values = self._table.get(name, [])
        if not isinstance(values, (list, tuple)):
            raise InputError("field_not_list", field=self.path(name))
        return list(values)

    @staticmethod
    def _country(value: str, path: str) -> str:
        if value and not re.fullmatch("[A-Z]{2}", value):
            raise InputError("field_not_country", field=path)
        return value

    @staticmethod
    def _member(kind: type[Member], value: Any, path: str) -> Member:
        try:
            return kind(value)
        except ValueError:
            raise InputError("field_not_choice", field=path, choices=", ".join(kind)) from None
