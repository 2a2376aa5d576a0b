"""The corpus of messages that came back, and what is true of each."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

CORPUS = Path(__file__).parent.parent / "data" / "bounces"
KEY = b"k" * 32


class Truth(NamedTuple):
    """What a message is, as `truth.csv` says."""

    file: str
    kind: str
    reason: str
    proof: str
    status: str
    token: str

    @property
    def data(self) -> bytes:
        """Return the message."""
        return (CORPUS / self.file).read_bytes()


def corpus(part: str = "") -> list[Truth]:
    """Return the corpus, or its part `seen` or `held`."""
    with (CORPUS / "truth.csv").open(encoding="utf-8", newline="") as stream:
        return [Truth(**row) for row in csv.DictReader(stream) if row["file"].startswith(part)]


def truth(name: str) -> Truth:
    """Return the message whose file name contains `name`."""
    return next(each for each in corpus() if name in each.file)
