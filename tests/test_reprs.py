"""Values with a person in them show nothing of it by their repr: errors, logs and failed tests take it from there."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

import dpo_app
from dpo_app.core.persons.address import PostalAddress
from dpo_app.core.veil import veiled
from dpo_app.services.lines import PersonFilter

#: Fields that hold a person's own values wherever they stand.
PERSONAL = {
    "full_name", "family_name", "given_names", "family", "given", "names", "to_name", "to_address", "email", "phone",
    "street", "care_of", "postcode", "national_id", "born", "customer_number", "recipient", "cells", "slots", "guardian",
    "caller", "wrote", "subject",
}  # fmt: skip
#: Fields that hold them in some classes; where not, the class is named below.
PERHAPS = {"name", "address", "town", "text", "values", "before", "after", "lines", "data", "said"}
#: By these a class speaks of one person.
OF_PERSON = {"person_id", "code", "token", "delivery_id", "person", "envelope"}
#: About the organisation, authorities, keys, layouts, or counts and codes.
NOT_PERSONS = {"Organisation", "Authority", "ContactPoint", "Party", "Frame", "Moves", "DateMove", "Desk", "KeyFile",
               "Layout"}  # fmt: skip


def is_veiled(cls: type) -> bool:
    return getattr(cls.__repr__, "__module__", "") == veiled.__module__


def classes() -> Iterator[type]:
    """Yield the values that core, services, store and dispatch speak in."""
    for layer in ("core", "services", "store", "dispatch", "documents", "importing"):
        package = importlib.import_module(f"dpo_app.{layer}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".versions." in found.name or found.name.endswith((".env", "_child", ".child")):
                continue
            module = importlib.import_module(found.name)
            for _name, each in inspect.getmembers(module, inspect.isclass):
                if each.__module__ == found.name and (hasattr(each, "_fields") or is_dataclass(each)):
                    yield each


def shown_fields(cls: type) -> set[str]:
    if is_dataclass(cls):
        return {each.name for each in fields(cls) if each.repr}
    return set(cls._fields)  # type: ignore[attr-defined]


FOUND = sorted(set(classes()), key=lambda each: f"{each.__module__}.{each.__name__}")


def test_classes_with_a_persons_values_are_veiled() -> None:
    assert len(FOUND) > 250 and dpo_app
    bare = []
    for each in FOUND:
        shown = shown_fields(each)
        personal = shown & (PERSONAL | PERHAPS if shown & OF_PERSON else PERSONAL)
        if personal and not is_veiled(each) and each.__name__ not in NOT_PERSONS:
            bare.append(f"{each.__module__}.{each.__name__}: {', '.join(sorted(personal))}")
    assert not bare, "\n".join(bare)


@pytest.mark.parametrize("cls", [each for each in FOUND if is_veiled(each)], ids=lambda each: each.__name__)
def test_what_is_veiled_shows_no_text(cls: type) -> None:
    names = cls._fields if hasattr(cls, "_fields") else [each.name for each in fields(cls)]  # type: ignore[arg-type]
    made: Any = object.__new__(cls) if is_dataclass(cls) else cls(*(["Meikäläinen"] * len(names)))
    if is_dataclass(cls):
        for name in names:
            object.__setattr__(made, name, "Meikäläinen")
    assert "Meikäläinen" not in repr(made) and repr(made).startswith(cls.__name__)


def test_our_own_numbers_stay() -> None:
    assert repr(PersonFilter(text="Meikäläinen", import_id=4)) == "PersonFilter()"
    assert "Mallipolku" not in repr([PostalAddress(street="Mallipolku 4")])

    @veiled
    class Row(PostalAddress):
        pass

    assert is_veiled(Row)
