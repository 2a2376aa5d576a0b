"""A file of corrections against the persons who are there: matched by code, customer number or national id.

Columns that the file lacks, and cells that are empty, leave a person as they are. Nothing is added: a row that names
nobody is told and left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dpo_app.core.errors import InputError
from dpo_app.core.ids import PERSON_CODE_LENGTH, BreachId, PersonId, plain_code
from dpo_app.core.persons.columns import Column, ColumnMap, Proposal, Sureness, column_map, plain_heading
from dpo_app.core.persons.correction import LeftOut
from dpo_app.core.persons.intake import ParsedRow, RowParser
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.persons.correct_persons import (
    CORRECTABLE,
    ChangeLine,
    Corrected,
    Preview,
    keep_changes,
    plan_changes,
)
from dpo_app.services.persons.import_persons import FileView, inspect_file
from dpo_app.services.persons.stage_rows import person_values
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries
from dpo_app.services.progress import SILENT, Progress

#: Headings over the code of a person, as our own lists write them and in the languages of the screen.
_CODE_HEADINGS = frozenset({"code", "koodi", "henkilokoodi", "kod", "personkod", "person code", "person"})
_KEYS = ("customer_number", "national_id")
STEP = 1_000


@dataclass(frozen=True)
class FileCorrections:
    """What a file would do: its rows, what was found for each, and how it was read."""

    rows: int
    preview: Preview
    columns: tuple[str, ...]
    sha256: str


def read_corrections(
    desk: Desk, breach_id: BreachId, path: Path, *, protected_too: bool = False,
    options: Mapping[str, Any] | None = None, chosen: Mapping[str, str] | None = None, progress: Progress = SILENT,
) -> FileCorrections:  # fmt: skip
    """Return what a file of corrections would change. Raises InputError for what is no table, for a column that cannot
    be told, and InputError("no_matching_column") if no column says whom a row is about."""
    view = inspect_file(desk, breach_id, path, options)
    rows, given = _rows(desk, path, view, dict(options or {}), dict(chosen or {}), progress)
    with desk.read() as queries:
        return _found(queries, breach_id, view, rows, given, protected_too)


def correct_by_file(
    desk: Desk, breach_id: BreachId, path: Path, *, protected_too: bool = False,
    options: Mapping[str, Any] | None = None, chosen: Mapping[str, str] | None = None, progress: Progress = SILENT,
) -> tuple[FileCorrections, Corrected]:  # fmt: skip
    """Read a file of corrections and apply it in one transaction. Raises as `read_corrections`, and
    InputError("nothing_to_correct")."""
    view = inspect_file(desk, breach_id, path, options)
    rows, given = _rows(desk, path, view, dict(options or {}), dict(chosen or {}), progress)
    with desk.begin() as uow:
        found = _found(uow.queries, breach_id, view, rows, given, protected_too)
        done = keep_changes(desk, uow, breach_id, found.preview, "file", path.name, found.sha256)
        uow.commit()
    make_plan(desk, breach_id, progress)
    return found, done


def _rows(
    desk: Desk, path: Path, view: FileView, options: dict[str, Any], chosen: dict[str, str], progress: Progress
) -> tuple[list[tuple[ParsedRow, str]], frozenset[str]]:
    """Read the file: its rows with the code in each, and the columns it speaks of. Needs no store."""
    columns, code_at = _columns(view, chosen)
    parser = RowParser(columns, desk.clock.now().date(), desk.home_country, need_persons=False)
    given = _given(columns)
    rows: list[tuple[ParsedRow, str]] = []
    for number, cells in desk.tables.rows(path, options):
        if len(rows) % STEP == 0:
            progress.step(len(rows), None)
        code = plain_code(cells[code_at]) if 0 <= code_at < len(cells) else ""
        rows.append((parser.parse(number, cells), code))
    if not rows:
        raise InputError("file_no_rows")
    return rows, given


def _found(
    queries: Queries, breach_id: BreachId, view: FileView, rows: list[tuple[ParsedRow, str]], given: frozenset[str],
    protected_too: bool,
) -> FileCorrections:  # fmt: skip
    """Find whom each row is about, and what would change."""
    finder = _Finder(queries, breach_id, rows)
    wanted: dict[int, dict[str, Any]] = {}
    places: dict[int, int] = {}
    lost: list[ChangeLine] = []
    for parsed, code in rows:
        person, why = finder.person(parsed, code)
        if person is None or person in wanted:
            lost.append(ChangeLine(0, code, "", {}, {}, why or LeftOut.TWICE, parsed.row))
            continue
        places[person] = parsed.row
        wanted[person] = _wanted(parsed, given)
    found = plan_changes(queries, breach_id, wanted, protected_too=protected_too, rows=places)
    lines = tuple(sorted((*found.lines, *lost), key=lambda line: line.row))
    return FileCorrections(len(rows), replace(found, lines=lines), tuple(sorted(given)), view.sha256)


def _columns(view: FileView, chosen: dict[str, str]) -> tuple[ColumnMap, int]:
    """Return what the columns become, and where the code stands, -1 for nowhere. Other than at an import there need not
    be names; what is unsure is asked about all the same."""
    code_at = next((n for n, h in enumerate(view.head.headings) if plain_heading(h) in _CODE_HEADINGS), -1)
    proposals = []
    for each in view.proposals:
        if each.index == code_at:
            each = Proposal(each.index, each.heading, each.samples, Column.LEAVE_OUT, Sureness.BOTH, 0, each.filled)
        elif each.sureness in (Sureness.ASK, Sureness.TWICE) and each.heading not in chosen:
            raise InputError("column_unsure", column=each.heading, fitting=each.fitting, filled=each.filled)
        proposals.append(each)
    made = column_map(proposals, view.sample, chosen, need_persons=False)
    if code_at < 0 and not {Column.CUSTOMER_NUMBER, Column.NATIONAL_ID} & set(made.columns):
        raise InputError("no_matching_column")
    return made, code_at


def _given(columns: ColumnMap) -> frozenset[str]:
    """Return the columns of a person that the file speaks of."""
    names = {column.value for column in columns.columns} & set(CORRECTABLE)
    if Column.FULL_NAME in columns.columns:
        names |= {"family_name", "given_names"}
    return frozenset(names)


def _wanted(parsed: ParsedRow, given: frozenset[str]) -> dict[str, Any]:
    assert parsed.person is not None
    values = person_values(parsed.person)
    # A cell that is empty says nothing; nor does a flag that says no: protection is taken off one by one.
    return {name: values[name] for name in given if values[name] not in ("", None, False)}


class _Finder:
    """Finds the person of each row by the keys that the file has, all rows at once."""

    def __init__(self, queries: Queries, breach_id: BreachId, rows: list[tuple[ParsedRow, str]]) -> None:
        self._found: dict[str, dict[str, list[int]]] = {}
        persons = [parsed.person for parsed, _code in rows if parsed.person is not None]
        for key in _KEYS:
            values = sorted({value for each in persons if (value := getattr(each, key))})
            self._found[key] = queries.corrections.persons_by(breach_id, key, values)
        self._queries, self._breach_id = queries, breach_id

    def person(self, parsed: ParsedRow, code: str) -> tuple[int | None, LeftOut | None]:
        """Return the person of a row, or why there is none: keys that name two persons name nobody."""
        if parsed.person is None:
            return None, LeftOut.STOPPED
        named: set[int] = set()
        if len(code) == PERSON_CODE_LENGTH:
            number = self._queries.person_by_code(code)
            if number is not None and self._queries.breach_of_person(PersonId(number)) == self._breach_id:
                named.add(number)
        for key in _KEYS:
            named |= set(self._found[key].get(getattr(parsed.person, key), ()))
        if len(named) == 1:
            return named.pop(), None
        return None, LeftOut.AMBIGUOUS if named else LeftOut.NOT_FOUND
