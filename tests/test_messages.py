"""Every code that can be raised has its sentence, every member that is shown its word."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import string
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

import dpo_app.core
from dpo_app import i18n, messages
from dpo_app.core import organisation
from dpo_app.core.errors import InputError, StoreError
from dpo_app.core.facts import breach_document, document_fields
from dpo_app.core.notices.notice_text import TextProblem
from dpo_app.core.risk import risk_document
from dpo_app.messages import explain_detail, notice
from dpo_app.messages.field_words import field_name

ROOT = Path(__file__).parent.parent / "dpo_app"
KINDS = {"DpoError", "InputError", "RuleError", "StoreError", "DeliveryError"}


def _raised() -> dict[str, tuple[str, set[str] | None]]:
    """Return code -> (place, names of its facts, or None where they are passed on by `**`)."""
    found: dict[str, tuple[str, set[str] | None]] = {}
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS):
                continue
            if node.args and isinstance(node.args[0], ast.Constant):
                names = {each.arg for each in node.keywords}
                facts = None if None in names else {each for each in names if each}
                found[str(node.args[0].value)] = (f"{path.relative_to(ROOT)}:{node.lineno}", facts)
    return found


RAISED = _raised()


@pytest.mark.parametrize("code", sorted(RAISED))
def test_every_code_has_a_sentence(code: str) -> None:
    assert code in messages.SENTENCES, RAISED[code][0]
    assert messages.SENTENCES[code].what


@pytest.mark.parametrize("code", sorted(RAISED))
def test_a_sentence_names_only_facts_that_the_error_brings(code: str) -> None:
    place, facts = RAISED[code]
    if facts is None or code not in messages.SENTENCES:
        return
    named = {field for part in messages.SENTENCES[code] for _, field, _, _ in string.Formatter().parse(part) if field}
    assert named <= facts, place


def _enums() -> list[type[StrEnum]]:
    found: set[type[StrEnum]] = set()
    for module in pkgutil.walk_packages(dpo_app.core.__path__, "dpo_app.core."):
        loaded = importlib.import_module(module.name)
        found |= {
            each
            for _, each in inspect.getmembers(loaded, inspect.isclass)
            if issubclass(each, StrEnum) and each.__module__ == loaded.__name__
        }
    return sorted(found, key=lambda each: each.__name__)


WORDED = {(type(member), member.value) for area in messages._AREAS for member, _ in area.WORDS}
#: Not shown: placeholders stand in a text by their own value, the others only steer.
SILENT = {
    "Bar", "BlockKind", "Claim", "ClockFlag", "DateOrder", "DeliveryEvent", "Field", "FieldKind", "LogResult", "Need", "Severity", "Slot", "TextProblem",
}  # fmt: skip


@pytest.mark.parametrize("kind", [each for each in _enums() if each.__name__ not in SILENT], ids=lambda k: k.__name__)
def test_every_member_has_a_word(kind: type[StrEnum]) -> None:
    assert not [member.value for member in kind if (kind, member.value) not in WORDED]


def test_an_explanation_is_filled_from_the_facts() -> None:
    said = messages.explain(StoreError("disk_full", needed_mb=12))
    assert "12 MB" in str(said)
    assert "{" not in str(said)


def test_a_fact_that_is_missing_or_a_code_that_is_unknown_is_no_crash() -> None:
    assert "?" in str(messages.explain(StoreError("disk_full")))
    assert "nobody_knows" in str(messages.explain(InputError("nobody_knows", row=1)))


def test_what_a_notice_lacks_is_said_in_words() -> None:
    assert {problem.value for problem in TextProblem} <= set(notice.DETAILS)
    said = explain_detail("no_value:web page")
    assert "((web page))" in said and "Organisation" in said
    assert explain_detail("long_sentence:41") == "a sentence of 41 words"
    assert explain_detail("") == ""


def _paths(table: object, path: str = "") -> Iterator[str]:
    """Return the paths of every field that a document's table can refuse, entries of lists with a number."""
    for part in table.parts:  # type: ignore[attr-defined]
        own = f"{path}.{part.key}" if path else part.key
        if isinstance(part, document_fields.Many):
            yield f"{own}"
            yield f"{own}[2]"
            yield from _paths(part.table, f"{own}[2]")
        else:
            yield own
            if isinstance(part, document_fields.Nested):
                yield from _paths(part.table, own)
            elif isinstance(part, document_fields.Group):
                yield from _paths(part, own)
            elif isinstance(part, breach_document._CountPart):
                yield from (f"{own}.{each}" for each in breach_document._COUNT_KEYS)


def _named_fields() -> set[str]:
    """Return the literal `field=` of every error that is raised and says its field by its word."""
    found = set()
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS and node.args
            ):
                continue
            code = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
            found |= {
                str(each.value.value)
                for each in node.keywords
                if each.arg == "field" and isinstance(each.value, ast.Constant) and code not in messages._RAW
            }
    return found


FIELDS = sorted(
    {*_paths(breach_document._REVISION), *_paths(risk_document._ANSWERS), *_named_fields(), *organisation.CHOICES}
)


@pytest.mark.parametrize("path", FIELDS)
def test_a_sentence_names_a_field_by_its_word_and_not_by_its_key(path: str) -> None:
    said = field_name(path)
    assert said != path and "_" not in said and "[" not in said and said[0].isupper()


def test_a_field_is_named_in_the_language_of_the_screen() -> None:
    i18n.use("fi")
    try:
        assert str(messages.explain(InputError("field_missing", field="window[2].name"))).startswith(
            "”Ajanjakso 2: Nimi”"
        )
    finally:
        i18n.use("en")
    assert str(messages.explain(InputError("field_missing", field="title"))).startswith("“Title” is missing.")
    assert "windoow" in str(messages.explain(InputError("field_unknown", field="windoow"))), "a slip stays as written"
