"""Values for tests, with defaults that are right; each test names only what it is about."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from dpo_app.core.facts.breach import (
    Awareness,
    Basis,
    BreachKind,
    Cause,
    Consequence,
    Count,
    DataCategory,
    Measure,
    MeasureKind,
    Revision,
)
from dpo_app.core.facts.exposure import Certainty, Window
from dpo_app.core.organisation import Organisation

PASSPHRASE = "correct horse battery staple"
W1 = Window("copy", date(2018, 11, 1), date(2018, 11, 30), Certainty.CONFIRMED, Certainty.CONFIRMED)
W2 = Window("second", date(2018, 12, 1), date(2019, 3, 31), Certainty.LIKELY, Certainty.POSSIBLE, False)
HEADINGS = ("Asiakasnumero", "Sukunimi", "Etunimi", "Henkilötunnus", "Sähköposti", "Katuosoite", "Postinumero",
            "Postitoimipaikka", "Kieli", "Ensikäynti", "Poistettu", "Kuollut", "Turvakielto")  # fmt: skip


def a_revision(**changes: Any) -> Revision:
    """Return a revision with two windows."""
    values: dict[str, Any] = {
        "title": "Register copied", "reference": "2020-10/1", "controller": "Esimerkki Oy",
        "known_as_of": datetime(2020, 10, 24, 18, 30, tzinfo=UTC), "source": "Investigators",
        "awareness": Awareness(datetime(2020, 9, 28, 11, 5, tzinfo=UTC), "Ransom message"),
        "kinds": (BreachKind.CONFIDENTIALITY,), "cause": Cause.MALICIOUS_EXTERNAL, "summary": "Copied.",
        "windows": (W1, W2), "categories": (DataCategory.NAME, DataCategory.NATIONAL_ID, DataCategory.HEALTH),
        "persons": Count(500, Basis.ESTIMATE), "consequences": (Consequence.EXTORTION,),
        "measures": (Measure(MeasureKind.CONTAIN, "The database was taken off the internet.", date(2020, 9, 29)),),
    }  # fmt: skip
    return Revision(**(values | changes))


def an_organisation(**changes: Any) -> Organisation:
    """Return an organisation with everything a notice needs."""
    values = {
        "name": "Esimerkki Oy", "street": "Mallikatu 1", "postcode": "00100", "town": "Helsinki", "phone": "09 000 0000",
        "hours": "8–16", "email": "tietosuoja@example.com", "web_page": "https://www.example.com/tiedote",
        "dpo": "Maija Mallikas", "signatory": "Maija Mallikas", "return_line": "PL 1, 00101 HELSINKI",
    }  # fmt: skip
    return Organisation(**(values | changes))


def _letters(number: int) -> str:
    return "".join("abcdefghij"[int(sign)] for sign in str(number))


def a_row(number: int, **changes: str) -> list[str]:
    """Return a register row; keys are headings of `HEADINGS`."""
    values = {
        "Asiakasnumero": f"A{1000 + number}", "Sukunimi": f"Sukunen{_letters(number)}", "Etunimi": "Aino", "Henkilötunnus": "",
        "Sähköposti": f"aino{number}@example.com", "Katuosoite": "Mallipolku 4", "Postinumero": "90307",
        "Postitoimipaikka": "Kannus", "Kieli": "fi", "Ensikäynti": "23.9.2012", "Poistettu": "", "Kuollut": "",
        "Turvakielto": "",
    }  # fmt: skip
    return [(values | changes)[heading] for heading in HEADINGS]


def a_csv(rows: Sequence[Sequence[str]], *, headings: Sequence[str] = HEADINGS, delimiter: str = ";") -> str:
    """Return rows as delimited text."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue()


def a_register(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Write a register file."""
    path.write_text(a_csv(rows), "utf-8")
    return path
