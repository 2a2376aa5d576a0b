"""Linkage: how many true pairs of the public FEBRL sets are found surely, and how long a register takes.

python tests/bench/bench_linkage.py [rows ...]

The peer in the same run is what a script would do in an afternoon: records that share a birth date, then rapidfuzz's
Jaro-Winkler over the whole name, 0.9 and more. Ours may take longer; the ratio says how much, and what it finds more.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import suppress
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from rapidfuzz.distance import JaroWinkler

from dpo_app import bootstrap
from dpo_app.core.persons.linkage.link import link
from dpo_app.core.persons.linkage.record import Record, RecordMaker
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.services.persons.find_problems import find_problems
from dpo_app.services.persons.import_persons import accept_import, stage_import
from dpo_app.services.persons.link_import import link_import
from dpo_app.services.persons.list_households import households
from dpo_app.store import vault
from dpo_app.store.keys.crypto import KdfCost
from tests.bench.febrl import SETS, load, why_missing
from tests.bench.made_register import made_rows
from tests.bench.memory import Memory
from tests.builders import a_revision

Pairs = set[tuple[int, int]]
PRECISION = 0.998
PASSPHRASE = "a long passphrase of a bench"
HEADINGS = ("Sukunimi", "Etunimi", "Syntymäaika", "Henkilötunnus", "Asiakasnumero", "Katuosoite", "Postinumero",
            "Postitoimipaikka", "Sähköposti", "Puhelin", "Ensikäynti")  # fmt: skip
#: rows: (seconds, MiB) that linkage may take.
FIGURES = {33_000: (20.0, 2_048), 1_000_000: (600.0, 2_048)}


def say(text: str, reached: bool | None = None) -> bool:
    mark = "" if reached is None else "  reached" if reached else "  MISSED"
    sys.stdout.write(f"{text}{mark}\n")
    sys.stdout.flush()
    return reached is not False


def peer_pairs(records: list[Record]) -> Pairs:
    """Return the pairs that the afternoon's script would merge."""
    born: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.born:
            born[record.born].append(record)
    return {
        (a.key, b.key)
        for group in born.values()
        for a, b in combinations(group, 2)
        if JaroWinkler.similarity(f"{a.family} {a.given}", f"{b.family} {b.given}") >= 0.9
    }


def rates(said: Pairs, true: Pairs) -> tuple[float, float]:
    both = len(said & true)
    return both / max(1, len(said)), both / max(1, len(true))


def measured(name: str, records: list[Record], true: Pairs, ids_checked: bool) -> tuple[float, float, float]:
    """Link and compare with the peer; returns precision, recall and seconds."""
    began = time.perf_counter()
    peer = rates(peer_pairs(records), true)
    between = time.perf_counter()
    linked = link(records, ids_checked=ids_checked)
    seconds = time.perf_counter() - between
    said = {pair for group in linked.groups for pair in combinations(group, 2)}
    precision, recall = rates(said, true)
    shown = {(pair.left, pair.right) for pair in linked.perhaps}
    say(
        f"{name}: {len(records):,} records, {len(true):,} true pairs; surely the same: precision {precision:.4f}, "
        f"recall {recall:.4f}; to look at: {len(shown):,}, of them true {len(shown & true):,}"
    )
    say(
        f"  {seconds:.1f} s, {linked.compared:,} pairs compared, {linked.blocks.large:,} large blocks; peer "
        f"{between - began:.2f} s ({seconds / (between - began):.0f} x), precision {peer[0]:.4f}, recall {peer[1]:.4f}"
    )
    return precision, recall, seconds


def public_sets() -> bool:
    if why_missing():
        return say(f"left out: {why_missing()}")
    good = True
    for which, wanted in SETS.items():
        precision, recall, _seconds = measured(f"FEBRL {which}", *load(which), ids_checked=False)
        good &= say(f"  wanted: precision {PRECISION}, recall {wanted}", precision >= PRECISION and recall >= wanted)
    return good


def made_register(rows: int) -> bool:
    maker, records, persons = RecordMaker(), list[Record](), defaultdict[int, list[int]](list)
    memory = Memory()
    memory.start()
    for place, made in enumerate(made_rows(rows)):
        values = made._asdict()
        persons[values.pop("who")].append(place)
        records.append(maker.make(place, **values))
    true = {pair for places in persons.values() for pair in combinations(places, 2)}
    precision, _recall, seconds = measured(f"made register of {rows:,} rows", records, true, ids_checked=True)
    peak = memory.stop()
    most, mib = FIGURES.get(rows, (rows / 1_500, 2_048))
    return say(
        f"  peak memory {peak:.0f} MiB; wanted {most:.0f} s, {mib} MiB, precision {PRECISION}",
        seconds <= most and peak <= mib and precision >= PRECISION,
    )


def through_the_store(rows: int) -> bool:
    """Read a file, find who is twice in it, accept it, and look at what else the register's cleaning asks."""
    with tempfile.TemporaryDirectory() as name:
        folder, memory = Path(name), Memory()
        with (folder / "r.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, delimiter=";")
            writer.writerow(HEADINGS)
            writer.writerows((*made[1:], "1.1.2015") for made in made_rows(rows))
        opened, lines = vault.create(folder / "bench.dpo", "Bench", PASSPHRASE, cost=KdfCost(3, 64 * 1024, 4))
        vault.confirm_recovery(opened, {1: lines[1], 4: lines[4]})
        desk = bootstrap.build(opened, "Bench")
        memory.start()
        try:
            breach_id = add_breach(desk, a_revision()).breach_id
            staged = stage_import(desk, breach_id, folder / "r.csv")
            began = time.perf_counter()
            found = link_import(desk, staged.import_id)
            seconds = time.perf_counter() - began
            accept_import(desk, staged.import_id)
            began = time.perf_counter()
            find_problems(desk, breach_id)
            checked = time.perf_counter() - began
            began = time.perf_counter()
            households(desk, breach_id)
            grouped = time.perf_counter() - began
        finally:
            with suppress(Exception):
                opened.close()
        most, mib = FIGURES.get(rows, (rows / 1_500, 2_048))
        return say(
            f"through the store, {rows:,} rows: linked in {seconds:.1f} s ({found.sure:,} merged by score, "
            f"{found.perhaps:,} to look at), contact data checked in {checked:.1f} s, households in {grouped:.1f} s, "
            f"peak memory {memory.stop():.0f} MiB; wanted {most:.0f} s, {mib} MiB", seconds <= most,
        )  # fmt: skip


def main() -> int:
    good = public_sets()
    for rows in [int(each) for each in sys.argv[1:]] or [33_000]:
        good &= made_register(rows)
        good &= through_the_store(rows)
    say("figures reached" if good else "FIGURES MISSED")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
