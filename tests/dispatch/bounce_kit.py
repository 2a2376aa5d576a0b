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


def a_bounce(to: str, said: str = "550 5.1.1 User unknown", action: str = "failed", number: int = 1) -> bytes:
    """Return a delivery report to a return address, without anything of the original."""
    status = next((word for word in said.split() if word.count(".") == 2 and word[0] in "245"), "5.0.0")
    return f"""Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Date: Thu, 1 Oct 2026 09:12:33 +0300
Message-ID: <{number}.{action}@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system at host mx.example. <x@posti.example>: host mx said: {said}

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; x@posti.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--b--
""".encode()
