"""A revision as a document of plain values, and back: one shape for the TOML file, the form and the store.

Every refusal is an `InputError` that names the field by its path, such as `window[2].to`. A document of an earlier
version lacks what came later; it reads all the same, and says nothing about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dpo_app.core.errors import InputError
from dpo_app.core.facts import fact_choices as of
from dpo_app.core.facts import fact_values as values
from dpo_app.core.facts.breach import (
    Awareness,
    BreachKind,
    CategoryCount,
    Cause,
    Consequence,
    DataCategory,
    Measure,
    MeasureKind,
    Revision,
)
from dpo_app.core.facts.document_fields import (
    Field,
    Group,
    Keyed,
    Many,
    Nested,
    Table,
    choice,
    choices,
    countries,
    country,
    day,
    flag,
    instant,
    number,
    text,
    texts,
)
from dpo_app.core.facts.document_reader import Reader
from dpo_app.core.facts.exposure import Certainty, Window
from dpo_app.core.facts.fact_values import WITHOUT_VALUE, Basis, Count, CountryCount

_COUNT_KEYS = frozenset({"count", "basis", "minimum", "maximum"})


def _count(raw: Any, path: str) -> Count:
    if raw is None:
        return Count()
    read = Reader(raw, path, _COUNT_KEYS)
    basis = read.member(Basis, "basis", Basis.UNKNOWN)
    if basis in WITHOUT_VALUE:
        return Count(basis=basis)
    value = read.number("count")
    if value is None:
        raise InputError("field_not_number", field=read.path("count"))
    least, most = read.number("minimum"), read.number("maximum")
    if (least is not None and least > value) or (most is not None and most < value):
        raise InputError("count_out_of_order", field=path)
    return Count(value, basis, least, most)


def _count_document(count: Count) -> dict[str, Any]:
    said = {"count": count.value, "basis": count.basis.value, "minimum": count.minimum, "maximum": count.maximum}
    return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True)
class _CountPart:
    key: str

    def read(self, reader: Reader) -> dict[str, Any]:
        return {self.key: _count(reader.raw(self.key), reader.path(self.key))}

    def write(self, value: Any) -> Any:
        return _count_document(getattr(value, self.key))


def _category_count(name: str, raw: Any, path: str) -> CategoryCount:
    reader = Reader({"kind": name}, path, frozenset({"kind"}))
    return CategoryCount(reader.member(DataCategory, "kind"), _count(raw, path))


def _country_count(name: str, raw: Any, path: str) -> CountryCount:
    reader = Reader({"country": name}, path, frozenset({"country"}))
    return CountryCount(reader.country("country"), _count(raw, path))


def _begins(reader: Reader, name: str) -> Any:
    value = reader.day(name)
    if value is None:
        raise InputError("field_missing", field=reader.path(name))
    return value


def _ends(reader: Reader, name: str) -> Any:
    first, last = _begins(reader, "from"), reader.day(name)
    if last is not None and last < first:
        raise InputError("window_ends_before", field=reader.path(name))
    return last


_AWARENESS: Table[Awareness] = Table(
    Awareness,
    (
        instant("at", required=True), text("how"), text("reason_for_delay"), choice("discovered_by", of.Discovery),
        text("from_whom"), text("established"), instant("first_report_at"), instant("told_at"),
        instant("processor_aware_at"), text("correction"),
    ),
)  # fmt: skip
_WINDOW: Table[Window] = Table(
    Window,
    (
        text("name", required=True), Field("from", _begins, "begins_on"), Field("to", _ends, "ends_on"),
        choice("intrusion", Certainty, required=True), choice("disclosure", Certainty, required=True),
        flag("identifiable", True), text("note"),
    ),
)  # fmt: skip
_MEASURE: Table[Measure] = Table(
    Measure,
    (
        choice("kind", MeasureKind, required=True), text("text", required=True), day("done_on"),
        choice("state", of.MeasureState), day("planned_on"), choice("safeguard", of.Safeguard), text("owner"),
    ),
)  # fmt: skip
_EVENT: Table[values.Event] = Table(
    values.Event,
    (choice("kind", of.EventKind, required=True), instant("at", required=True), text("source"), text("note")),
)
_SYSTEM: Table[values.System] = Table(
    values.System, (text("name", required=True), text("place"), country("country"), text("note"))
)
_PARTY: Table[values.Party] = Table(
    values.Party,
    (
        text("name", required=True), choice("role", of.PartyRole, required=True), text("contact"), country("country"),
        text("note"),
    ),
)  # fmt: skip
_STATEMENT: Table[values.Statement] = Table(
    values.Statement,
    (
        text("author", required=True), text("text", required=True), day("made_on"),
        choice("kind", of.StatementKind, of.StatementKind.OTHER), text("source"),
    ),
)  # fmt: skip
_REPORT: Table[values.Report] = Table(
    values.Report, (text("to", required=True), day("made_on"), text("reference"), text("note"))
)
_NOTE: Table[values.FactNote] = Table(
    values.FactNote,
    (
        text("key", required=True), choice("state", of.FactState, required=True), text("source"), texts("evidence"),
        text("reason"), day("due"),
    ),
)  # fmt: skip
_CROSS_BORDER: Table[values.CrossBorder] = Table(
    values.CrossBorder,
    (
        choice("concerned", of.Answer), choice("establishment", of.Establishment), country("main_establishment"),
        countries("states"),
        Keyed("persons_by_country", "persons_by_country", _country_count,
              lambda each: (each.country, _count_document(each.count))),
        texts("authorities_told"), text("note"),
    ),
)  # fmt: skip
_REVISION: Table[Revision] = Table(
    Revision,
    (
        text("title", required=True), text("reference"), text("controller", required=True),
        instant("known_as_of", required=True), text("source", required=True), Nested("awareness", _AWARENESS),
        Group("nature", (
            choices("kinds", BreachKind), choice("cause", Cause, Cause.UNKNOWN), text("summary"),
            choices("incidents", of.Incident), text("incident_text"),
            choice("confidentiality", of.ConfidentialityEffect), choice("protection", of.Protection),
            choice("integrity", of.IntegrityEffect), choice("availability", of.AvailabilityEffect),
        )),
        Nested("occurrence", Table(values.Occurrence, (
            choice("kind", of.OccurrenceKind), flag("estimated", False), text("remarks")))),
        Many("window", _WINDOW, "windows"), Many("event", _EVENT, "events"), Many("system", _SYSTEM, "systems"),
        Group("data", (
            choices("categories", DataCategory), _CountPart("persons"), _CountPart("records"),
            text("text", "data_text"),
            Keyed("by_category", "category_counts", _category_count,
                  lambda each: (each.category.value, _count_document(each.count))),
        )),
        Nested("persons", Table(values.Concerned, (
            choices("groups", of.PersonGroup), text("text"), choices("vulnerable", of.VulnerableGroup),
            text("vulnerable_text"))), "concerned"),
        Group("consequences", (
            choices("likely", Consequence, "consequences"), text("text", "consequences_text"),
            choices("confidentiality", of.ConfidentialityConsequence, "confidentiality_consequences"),
            choices("integrity", of.IntegrityConsequence, "integrity_consequences"),
            choices("availability", of.AvailabilityConsequence, "availability_consequences"),
            choice("severity", of.ImpactSeverity),
        )),
        Nested("before", Table(values.Before, (choices("kinds", of.Safeguard), text("text")))),
        Many("measure", _MEASURE, "measures"), Many("party", _PARTY, "parties"),
        Nested("contact", Table(values.ContactPoint, (
            text("dpo"), text("dpo_contact"), text("name"), text("function"), text("contact")))),
        Many("statement", _STATEMENT, "statements"),
        Nested("reporting", Table(values.Reporting, (choice("police", of.Answer), choice("others", of.Answer)))),
        Many("report", _REPORT, "reports"), Nested("cross_border", _CROSS_BORDER),
        Nested("scope", Table(values.Scope, (
            choice("role", of.OwnRole), choice("sector", of.Sector), choices("providers", of.ProviderKind),
            text("contract"), number("contract_hours")))),
        Nested("communication", Table(values.Communication, (
            choice("decision", of.CommunicationDecision), day("planned_on"), choice("exemption", of.Exemption),
            text("reason")))),
        Many("fact", _NOTE, "facts"), text("note"),
    ),
)  # fmt: skip


def revision_from_document(document: Mapping[str, Any]) -> Revision:
    """Return the revision that `document` states.

    Raises InputError with the field's path: unknown or missing fields, wrong kinds of value, a time without zone, a
    window that ends before it begins, two windows of one name, awareness before the first intrusion or after the date
    as of which the facts are known. What only a *new* revision has to keep is in `fact_check`.
    """
    revision = _REVISION.read(document, "")
    _check_whole(revision)
    return revision


def _check_whole(revision: Revision) -> None:
    names = [window.name for window in revision.windows]
    if len(set(names)) < len(names):
        raise InputError("window_name_twice", field="window")
    if revision.awareness.at > revision.known_as_of:
        raise InputError("awareness_after_known", field="awareness.at")
    if revision.windows and revision.awareness.at.date() < min(w.begins_on for w in revision.windows):
        raise InputError("awareness_before_breach", field="awareness.at")


def document_from_revision(revision: Revision) -> dict[str, Any]:
    """Return the document of a revision: plain values only, dates and instants in ISO 8601, ready for JSON.

    `revision_from_document(document_from_revision(r)) == r` for every valid revision (a property test).
    """
    return _REVISION.write(revision)
