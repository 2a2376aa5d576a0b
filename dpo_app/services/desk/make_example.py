"""The worked example: a made-up clinic, its breach in two revisions' worth of facts, and a made-up register.

Names are common first and family names put together by chance, national ids are from the artificial range (individual
numbers 900 to 999), mail goes to example.com: nothing here is real, nothing can reach anybody.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dpo_app.core.facts.breach_document import revision_from_document
from dpo_app.core.facts.evidence import EvidenceKind
from dpo_app.core.ids import BreachId
from dpo_app.core.organisation import Organisation
from dpo_app.core.sequence import Sequence as Numbers
from dpo_app.services.desk.example_dates import moved_to
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.facts.keep_evidence import keep_evidence
from dpo_app.services.facts.record_breach import add_breach, revise_breach
from dpo_app.services.persons.import_persons import accept_import, stage_import
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import SILENT, Progress

HEADINGS = (
    "Asiakasnumero", "Sukunimi", "Etunimi", "Henkilötunnus", "Sähköposti", "Puhelin", "Katuosoite", "Postinumero",
    "Postitoimipaikka", "Maa", "Kieli", "Asiakkuus alkoi", "Poistettu", "Kuollut", "Turvakielto",
)  # fmt: skip
_SIGNS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
FIRST_DAY, LAST_DAY = date(2009, 1, 7), date(2026, 6, 30)


@dataclass(frozen=True)
class MadeExample:
    """The example as made."""

    breach_id: BreachId
    persons: int


def example_document(folder: Path) -> dict[str, object]:
    """Return the example's data: organisation, breach, names, streets, towns (resources/example/clinic.toml)."""
    return tomllib.loads((folder / "clinic.toml").read_text("utf-8"))


def register_rows(document: dict[str, object], persons: int, seed: int) -> Iterator[list[str]]:
    """Yield the rows of a made-up register, headings left out; the same seed gives the same rows."""
    data: dict[str, list[str]] = document["names"]  # type: ignore[assignment]
    pick = Numbers(seed)
    for number in range(persons):
        swedish = pick.below(100) < 9
        family = pick.one(data["family_sv" if swedish else "family"])
        given = pick.one(data["given_sv" if swedish else "given"])
        born = date(1936, 1, 1) + timedelta(days=pick.below(82 * 365))
        since = FIRST_DAY + timedelta(days=pick.below((LAST_DAY - FIRST_DAY).days))
        gone = since + timedelta(days=60 + pick.below(2500)) if pick.below(100) < 6 else None
        email = f"{_plain(given)}.{_plain(family)}{number}@example.com" if pick.below(100) < 79 else ""
        town = pick.one(data["towns"])
        street = f"{pick.one(data['streets'])} {1 + pick.below(98)}"
        if pick.below(100) < 40:
            street += f" {'ABCD'[pick.below(4)]} {1 + pick.below(60)}"
        yield [
            f"E{100000 + number}", family, given, _national_id(born, pick), email,
            f"+358 40 {pick.below(1000):03d} {pick.below(10000):04d}", street, town[:5], town[6:], "Suomi",
            "sv" if swedish else "en" if pick.below(100) < 3 else "fi", _finnish(since),
            _finnish(gone) if gone and gone <= LAST_DAY else "", "1" if pick.below(250) == 0 else "",
            "1" if pick.below(400) == 0 else "",
        ]  # fmt: skip


def _plain(text: str) -> str:
    return text.casefold().translate(str.maketrans("åäöé ", "aaoe-"))


def _finnish(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def _national_id(born: date, pick: Numbers) -> str:
    individual = 900 + pick.below(100)
    number = int(f"{born:%d%m%y}{individual}")
    return f"{born:%d%m%y}{'A' if born.year >= 2000 else '-'}{individual}{_SIGNS[number % 31]}"


def make_example(
    desk: Desk, persons: int, seed: int = 7, progress: Progress = SILENT, folder: Path | None = None
) -> MadeExample:
    """Fill a store with the example: organisation, breach, register and plan, evidence, and what was learned a day
    later; risk and notices are left to the officer. All of it happened in the days before today."""
    place = folder or desk.example_folder
    fixed = example_document(place)
    organisation = Organisation.from_document(fixed["organisation"])  # type: ignore[arg-type]
    today = desk.clock.now().astimezone(ZoneInfo(organisation.time_zone)).date()
    document: dict[str, Any] = moved_to(fixed, today, organisation.time_zone)
    save_organisation(desk, organisation)
    added = add_breach(desk, revision_from_document(document["breach"]))
    data = desk.sheets.csv(HEADINGS, register_rows(document, persons, seed))
    with desk.scratch("register.csv", data) as path:
        staged = stage_import(desk, added.breach_id, path, progress=progress)
    accepted = accept_import(desk, staged.import_id)
    make_plan(desk, added.breach_id, progress)
    for each in document["evidence"]:
        path = place / "evidence" / each["file"]
        keep_evidence(desk, added.breach_id, path, EvidenceKind(each["kind"]), each["title"], each["source"],
                      each["received_on"])  # fmt: skip
    revise_breach(desk, added.breach_id, revision_from_document(document["revision"]))
    make_plan(desk, added.breach_id, progress)
    return MadeExample(added.breach_id, accepted.new)
