"""The list of persons at its limit: first rows by every order and filter, and a person found by any part of what they
are called by. Beside it what a plain LIKE over the same rows takes, in the same run.

`python tests/bench/bench_lists.py [persons]`
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, text

from dpo_app import bootstrap
from dpo_app.core.delivery import Standing
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import BreachId
from dpo_app.core.persons.care import CareRule
from dpo_app.core.persons.channel import Channel
from dpo_app.core.persons.names import sort_key
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.services.lines import PersonFilter
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.store import vault
from dpo_app.store.tables import delivery, import_run, person, person_care, person_plan
from tests.builders import PASSPHRASE, a_revision

FIRST, TURNS = 256, 5
SYLLABLES = ("vir", "ta", "nen", "kor", "ho", "la", "mäki", "nie", "mi", "lehto", "saari", "salo", "koski", "rin",
             "ne", "jär", "vi", "ran", "heik", "ki", "öst", "berg", "ström", "aho")  # fmt: skip


def rows(count: int) -> Iterator[dict[str, Any]]:
    """Yield persons, made up by chance."""
    draw = random.Random(7)

    def word() -> str:
        return "".join(draw.choice(SYLLABLES) for _ in range(3)).capitalize()

    for number in range(1, count + 1):
        family, given = word(), word()
        yield {
            "id": number, "breach_id": 1, "import_id": 1, "row_number": number, "code": f"{number:08X}"[-8:],
            "customer_number": f"E{100_000 + number}", "family_name": family, "given_names": given,
            "sort_key": sort_key(family, given), "match_key": "", "national_id": "",
            "born": f"{1936 + draw.randrange(80)}-{1 + draw.randrange(12):02d}-{1 + draw.randrange(28):02d}",
            "language": draw.choice(("fi", "fi", "fi", "fi", "sv", "en")), "email": f"{word().lower()}.{number}@example.com",
            "phone": f"+358 40 {draw.randrange(1000):03d} {draw.randrange(10000):04d}", "care_of": "",
            "street": f"Katu {draw.randrange(99)}", "postcode": f"{draw.randrange(99999):05d}", "town": "Kannus",
            "country": "FI", "registered": f"{2009 + draw.randrange(17)}-05-06", "removed": "", "deceased": False,
            "protected": number % 400 == 0, "guardian": "", "extra": {}, "noted": "",
        }  # fmt: skip


def fill(connection: Connection, count: int) -> None:
    """Put persons, plans, rules of care and deliveries into the tables."""
    now = datetime.now(UTC)
    connection.execute(insert(import_run).values(id=1, uid="0" * 32, breach_id=1, state="accepted", file_name="r.csv",
                                                 file_sha256="0" * 64, staged_at=now, reading={}))  # fmt: skip
    draw = random.Random(8)
    chunk: list[dict[str, Any]] = []
    for each in rows(count):
        chunk.append(each)
        if len(chunk) == 20_000 or each["id"] == count:
            connection.execute(insert(person), chunk)
            plans, sent, care = [], [], []
            for one in chunk:
                state = draw.choices(("confirmed", "possible", "undetermined", "not_exposed"), (60, 30, 1, 9))[0]
                channel = "none" if state == "not_exposed" else "officer" if one["protected"] else draw.choice(
                    ("email", "email", "letter"))  # fmt: skip
                plans.append({"revision_id": 1, "person_id": one["id"], "exposure": state, "windows": 1,
                              "exposure_reason": "in_window", "channel": channel, "channel_reason": "has_email",
                              "age": 40})  # fmt: skip
                if one["protected"]:
                    care.append({"person_id": one["id"], "rule": "protected", "breach_id": 1})
                if channel == "email":
                    state = "unknown" if one["id"] % 100_003 == 7 else "posted" if one["id"] % 3 else "queued"
                    sent.append({"breach_id": 1, "person_id": one["id"], "notice_id": 1, "channel": "email", "attempt": 1,
                                 "state": state, "state_at": now, "token": f"{one['id']:012d}", "language": "fi",
                                 "number": one["id"], "pages": 0, "sha256": "", "reason": ""})  # fmt: skip
            for table, values in ((person_plan, plans), (delivery, sent), (person_care, care)):
                if values:
                    connection.execute(insert(table), values)
            chunk = []


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return median and worst seconds of some turns, and the last result."""
    took = []
    result: Any = None
    for _ in range(TURNS):
        start = time.perf_counter()
        result = work()
        took.append(time.perf_counter() - start)
    return statistics.median(took), max(took), result


def main() -> int:
    """Measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory(dir=os.environ.get("DPO_BENCH", None)) as folder:
        store, lines = vault.create(Path(folder) / "b.dpo", "Bench", PASSPHRASE)
        vault.confirm_recovery(store, {1: lines[1], 4: lines[4]})
        desk = bootstrap.build(store, "Bench")
        add_breach(desk, a_revision())
        draft_notice(desk, BreachId(1))
        start = time.perf_counter()
        with store.engine.connect().execution_options(dpo_write=True) as connection, connection.begin():
            fill(connection, count)
        size = sum(path.stat().st_size for path in (Path(folder) / "b.dpo").glob("store.db*")) / 1e6
        print(f"{count} persons with all indexes in {time.perf_counter() - start:.0f} s, {size:.0f} MB")
        measure(desk)
        store.close()
    return 0


def measure(desk: Any) -> None:
    """Print a line for each order, filter and search."""
    breach, revision = BreachId(1), 1
    with desk.read() as queries:
        queries.person_ids(breach, revision, PersonFilter(), limit=FIRST)
        cases: list[tuple[str, PersonFilter, str, bool]] = [
            *((f"order {order}{' down' if down else ''}", PersonFilter(), order, down)
              for order in ("name", "exposure", "channel", "standing", "language", "postcode", "born", "code", "registered")
              for down in (False, True)),
            *((f"exposure {state}", PersonFilter(exposures=frozenset({state})), "name", False) for state in ExposureState),
            *((f"channel {channel}", PersonFilter(channels=frozenset({channel})), "name", False) for channel in Channel),
            *((f"standing {standing}", PersonFilter(standings=frozenset({standing})), "name", False)
              for standing in Standing),
            ("language sv", PersonFilter(language="sv"), "name", False),
            ("care", PersonFilter(care=True), "name", False),
            ("protected", PersonFilter(care_rules=frozenset({CareRule.PROTECTED})), "name", False),
            ("open, letter, sv", PersonFilter(standings=frozenset({Standing.OPEN}), channels=frozenset({Channel.LETTER}),
                                              language="sv"), "name", False),
            ("confirmed by postcode", PersonFilter(exposures=frozenset({ExposureState.CONFIRMED})), "postcode", False),
        ]  # fmt: skip
        for name, wanted, order, down in cases:
            median, worst, found = timed(
                lambda w=wanted, o=order, d=down: queries.person_ids(breach, revision, w, o, d, limit=FIRST)
            )
            print(f"first rows, {name:28} {median * 1000:7.1f} ms, worst {worst * 1000:7.1f} ms, {len(found)} rows"
                  f"{'   OVER 300' if worst > 0.3 else ''}")  # fmt: skip
        like = text("SELECT id FROM person WHERE breach_id = 1 AND (family_name || ' ' || given_names || ' ' || code || ' ' "
                    "|| customer_number || ' ' || email) LIKE :part ORDER BY sort_key LIMIT 20")  # fmt: skip
        for part in ("virtanen", "rtane", "taho", "Äki", "ki", "E123456", "23456", "040123", "0001E240", "aho.1234@",
                     "koskisalo virta", "nobodyatall"):  # fmt: skip
            median, worst, found = timed(lambda p=part: queries.find_persons(breach, p))
            start = time.perf_counter()
            queries._connection.execute(like, {"part": f"%{part}%"}).scalars().all()
            plain = time.perf_counter() - start
            print(f"find {part:20} {median * 1000:7.1f} ms, worst {worst * 1000:7.1f} ms, {len(found)} found; LIKE "
                  f"{plain * 1000:7.1f} ms, {plain / max(median, 1e-6):.0f} times as long"
                  f"{'   OVER 200' if worst > 0.2 else ''}")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
