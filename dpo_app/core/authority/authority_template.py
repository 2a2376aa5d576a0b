"""The form of a notice to an authority as data: fields, options, conditions, and what may stay open.

`resources/forms/<id>.toml` states it; a change of the form is a change of that file. A field's condition speaks of
other fields, or of facts that the program knows (`in_eea`, `late`, `asks_person_id`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple


class FieldKind(StrEnum):
    """What a field takes."""

    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"
    DATE = "date"
    INSTANT = "instant"
    NUMBER = "number"


class Need(StrEnum):
    """Whether a field has to be answered."""

    MANDATORY = "M"
    CONDITIONAL = "C"
    OPTIONAL = "O"


class Origin(StrEnum):
    """Where a field's value comes from; the officer's own words can stand in the place of any."""

    FACTS = "facts"
    LEDGER = "ledger"
    ORGANISATION = "organisation"
    NOTICE = "notice"
    WORDS = "words"


class Condition(NamedTuple):
    """Holds if the field or fact `name` has one of `values`, or, negated, none of them."""

    name: str
    is_fact: bool
    values: frozenset[str]
    negated: bool = False

    def holds(self, values: Mapping[str, frozenset[str]], facts: Mapping[str, str]) -> bool:
        """Tell whether it holds. A field without a value fulfils no condition, negated or not: what depends on an
        unanswered question is not asked yet."""
        found = frozenset({facts.get(self.name, "")}) if self.is_fact else values.get(self.name, frozenset())
        if not found:
            return False
        return not found & self.values if self.negated else bool(found & self.values)


@dataclass(frozen=True)
class TemplateField:
    """A field by its number in the form. `open`: may stay to be determined in an incomplete notice."""

    no: int
    key: str
    section: str
    kind: FieldKind
    need: Need
    origin: Origin
    group: str = ""
    options: tuple[str, ...] = ()
    when: tuple[Condition, ...] = ()
    open: bool = False
    doubtful: bool = False

    @property
    def required(self) -> bool:
        """Tell whether it must be answered wherever it is asked: mandatory, or conditional on a stated condition. A
        conditional field without one is answered if there is anything to say."""
        return self.need is Need.MANDATORY or (self.need is Need.CONDITIONAL and bool(self.when))


@dataclass(frozen=True)
class Template:
    """A form for authorities, with its provenance. `withdrawal` are the fields a withdrawal still says, `identifying`
    those that every notice repeats."""

    id: str
    version: str
    title: str
    status: str
    citation: str
    note: str
    valid_from: date
    sections: tuple[str, ...]
    fields: tuple[TemplateField, ...]
    withdrawal: frozenset[int]
    identifying: frozenset[int]
    like: Mapping[str, str]

    def field(self, key: str) -> TemplateField:
        """Return a field by its key. Raises KeyError."""
        for each in self.fields:
            if each.key == key:
                return each
        raise KeyError(key)

    def by_number(self) -> dict[int, TemplateField]:
        """Return the fields by their number."""
        return {each.no: each for each in self.fields}


_TOP = frozenset(
    {
        "id", "version", "title", "status", "adopted_on", "consultation_ends_on", "valid_from", "citation", "note",
        "sections", "withdrawal", "identifying", "groups", "like", "field",
    }
)  # fmt: skip
_FIELD = frozenset({"no", "key", "section", "kind", "group", "need", "open", "origin", "doubtful", "when"})


def template_from_document(document: Mapping[str, Any]) -> Template:
    """Return the template that a file states.

    Raises ValueError naming what is wrong: an unknown key, a field twice, a section or group that is not there, a
    condition on a field that does not come before, or on an option that it does not have.
    """
    _only(document, _TOP, "the template")
    groups: Mapping[str, list[str]] = document["groups"]
    fields: list[TemplateField] = []
    for table in document["field"]:
        made = _field(table, groups, fields)
        if made.section not in document["sections"]:
            raise ValueError(f"field {made.no}: no section {made.section}")
        fields.append(made)
    numbers = {each.no for each in fields}
    for name in ("withdrawal", "identifying"):
        strange = sorted(set(document[name]) - numbers)
        if strange:
            raise ValueError(f"{name}: no field {strange[0]}")
    return Template(
        document["id"], document["version"], document["title"], document["status"], document["citation"],
        document["note"], document["valid_from"], tuple(document["sections"]), tuple(fields),
        frozenset(document["withdrawal"]), frozenset(document["identifying"]), dict(document.get("like", {})),
    )  # fmt: skip


def _only(table: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    strange = sorted(set(table) - known)
    if strange:
        raise ValueError(f"{where}: unknown key {strange[0]}")


def _field(table: Mapping[str, Any], groups: Mapping[str, list[str]], before: list[TemplateField]) -> TemplateField:
    where = f"field {table.get('no')}"
    _only(table, _FIELD, where)
    kind, group = FieldKind(table["kind"]), table.get("group", "")
    if (kind in (FieldKind.CHOICE, FieldKind.CHOICES)) != bool(group):
        raise ValueError(f"{where}: a choice has a group, and nothing else has one")
    if group and group not in groups:
        raise ValueError(f"{where}: no group {group}")
    if any(each.no >= table["no"] or each.key == table["key"] for each in before):
        raise ValueError(f"{where}: number or key not in order")
    earlier = {each.key: each for each in before}
    return TemplateField(
        table["no"], table["key"], table["section"], kind, Need(table["need"]), Origin(table["origin"]), group,
        tuple(groups[group]) if group else (), tuple(_condition(c, earlier, where) for c in table.get("when", ())),
        bool(table.get("open", False)), bool(table.get("doubtful", False)),
    )  # fmt: skip


def _condition(table: Mapping[str, Any], earlier: Mapping[str, TemplateField], where: str) -> Condition:
    _only(table, frozenset({"field", "fact", "is", "not"}), where)
    is_fact, negated = "fact" in table, "not" in table
    name, values = table["fact" if is_fact else "field"], frozenset(table["not" if negated else "is"])
    if not is_fact:
        if name not in earlier:
            raise ValueError(f"{where}: condition on {name}, which does not come before")
        strange = sorted(values - set(earlier[name].options))
        if strange:
            raise ValueError(f"{where}: {name} has no option {strange[0]}")
    return Condition(name, is_fact, values, negated)


class FormSection(NamedTuple):
    """A page or heading of an authority's web form, in its language, with the numbers of the template's fields."""

    title: str
    fields: tuple[int, ...]


@dataclass(frozen=True)
class WebForm:
    """The order of an authority's web form. `verified_on` None: nobody has seen the form, the order may differ."""

    id: str
    authority: str
    language: str
    title: str
    citation: str
    sections: tuple[FormSection, ...]
    verified_on: date | None = None

    @property
    def verified(self) -> bool:
        """Tell whether somebody has compared the order with the form itself."""
        return self.verified_on is not None


def web_form_from_document(document: Mapping[str, Any], template: Template) -> WebForm:
    """Return the web form that a file states. Raises ValueError for a field that the template does not have, or twice."""
    known = template.by_number()
    sections = tuple(FormSection(each["title"], tuple(each["fields"])) for each in document["section"])
    numbers = [no for section in sections for no in section.fields]
    for no in numbers:
        if no not in known:
            raise ValueError(f"form {document['id']}: no field {no}")
        if numbers.count(no) > 1:
            raise ValueError(f"form {document['id']}: field {no} twice")
    verified = document["verified_on"]
    return WebForm(
        document["id"], document["authority"], document["language"], document["title"], document["citation"], sections,
        date.fromisoformat(verified) if verified else None,
    )  # fmt: skip


def template_form(template: Template, titles: Mapping[str, str], language: str, authority: str) -> WebForm:
    """Return the template's own order as a form, for an authority whose web form is not described."""
    sections = tuple(
        FormSection(titles[section], tuple(each.no for each in template.fields if each.section == section))
        for section in template.sections
    )
    return WebForm("template", authority, language, template.title, template.citation, sections)
