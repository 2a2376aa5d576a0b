"""The risk of a breach: what the method says and why; and evidence files."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import click

from dpo_app.cli.session import Meter, Session, reference
from dpo_app.core.errors import InputError
from dpo_app.core.facts.evidence import Evidence, EvidenceKind
from dpo_app.core.ids import EvidenceId
from dpo_app.core.risk.risk import RiskAnswers, RiskResult
from dpo_app.core.risk.risk_document import answers_from_document, document_from_answers
from dpo_app.files import read_limited
from dpo_app.messages.risk import reasons, step_words
from dpo_app.services.facts.judge_risk import keep_assessment, risk_of
from dpo_app.services.facts.keep_evidence import keep_evidence, save_evidence, verify_evidence

LIMIT = 2_000_000


def _same(text: str) -> str:
    return text


def _answers(file: Path) -> RiskAnswers:
    try:
        return answers_from_document(tomllib.loads(read_limited(file, LIMIT).decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise InputError("cannot_read", file=file.name) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError("toml_broken", where=str(error).rpartition("(")[2].rstrip(")")) from None


def _said(result: RiskResult) -> dict[str, Any]:
    return {
        "level": result.level.value, "score": result.score, "outcome": result.outcome.value,
        "decided": result.decided.value, "by_score": result.by_score.value, "at_once": result.at_once,
        "reasons": reasons(result, _same),
        "steps": [{"step": s.kind.value, "answer": s.answer, "points": s.quarters / 4} for s in result.steps],
        "rules": [{"rule": r.rule.value, "holds": r.holds, "open": [q.value for q in r.open], "citation": r.citation}
                  for r in result.rules],
        "many_persons": result.many_persons, "unintelligible": result.unintelligible,
    }  # fmt: skip


@click.command()
@click.argument("which")
@click.option("--record", "file", type=click.Path(path_type=Path), help="Keep an assessment from a TOML file.")
@click.pass_obj
def risk(session: Session, which: str, file: Path | None) -> None:
    """Show how severe a breach is, what is owed, and why; without an assessment, what the facts say so far."""
    number = reference(which, "B", "B1")
    with session.desk() as desk:
        if file is not None:
            keep_assessment(desk, number, _answers(file))
        with desk.read() as queries:
            view = risk_of(queries, number, desk.risk)
        method = desk.risk
    result = view.result
    kept = view.kept
    session.say(
        {
            "breach": which.upper(), "method": method.id, "assessed": kept is not None, "outdated": view.outdated,
            "revision": kept.revision if kept else view.revision, **_said(result),
            "answers": document_from_answers(view.answers),
        },
        "Not assessed yet; this is what the facts say." if kept is None else
        f"Assessed on revision {kept.revision} by {kept.made_by}." + (" The facts are newer." if view.outdated else ""),
        *(f"  {text:70} {figure}" for text, figure in (step_words(step, _same) for step in result.steps)),
        f"  = {result.score:g} {result.level.value} ({method.title})",
        *reasons(result, _same), f"Owed: {result.decided.value}",
    )  # fmt: skip


@click.group()
def evidence() -> None:
    """Keep files that prove facts, encrypted in the store."""


def _line(each: Evidence) -> dict[str, Any]:
    return {
        "evidence": each.ref, "file": each.file_name, "kind": each.kind.value, "title": each.title,
        "source": each.source, "received_on": each.received_on.isoformat() if each.received_on else "",
        "size": each.size, "sha256": each.sha256, "added_at": each.added_at.isoformat(), "added_by": each.added_by,
    }  # fmt: skip


@evidence.command("add")
@click.argument("which")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice([each.value for each in EvidenceKind]), default=EvidenceKind.OTHER.value)
@click.option("--title", default="")
@click.option("--source", default="", help="Who gave it.")
@click.option("--received", type=click.DateTime(["%Y-%m-%d"]), help="The day on which it came.")
@click.pass_obj
def add(session: Session, which: str, file: Path, kind: str, title: str, source: str, received: Any) -> None:
    """Keep a file; it is hashed and encrypted, and the original stays where it is."""
    number = reference(which, "B", "B1")
    day = received.date() if received else None
    with session.desk() as desk:
        kept = keep_evidence(desk, number, file, EvidenceKind(kind), title, source, day, Meter("bytes")).evidence
    session.say(_line(kept), f"{kept.ref} kept: {kept.size} bytes, SHA-256 {kept.sha256}")


@evidence.command("list")
@click.argument("which")
@click.pass_obj
def list_(session: Session, which: str) -> None:
    """List the files of a breach."""
    number = reference(which, "B", "B1")
    with session.desk() as desk, desk.read() as queries:
        queries.breach_uid(number)
        kept = queries.evidence(number)
    session.say({"evidence": [_line(each) for each in kept]},
                *(f"{each.ref}  {each.file_name}  {each.kind}  {each.size} bytes" for each in kept))  # fmt: skip


@evidence.command("save")
@click.argument("which")
@click.option("--out", type=click.Path(path_type=Path), required=True)
@click.pass_obj
def save(session: Session, which: str, out: Path) -> None:
    """Write a kept file out again, if it is what was kept."""
    with session.desk() as desk:
        value = save_evidence(desk, EvidenceId(reference(which, "E", "E1")), out)
    session.say(_line(value), f"{value.ref} written: SHA-256 {value.sha256}")


@evidence.command("verify")
@click.argument("which")
@click.pass_obj
def verify(session: Session, which: str) -> None:
    """Check every file of a breach against its hash; exit 1 if one is damaged."""
    number = reference(which, "B", "B1")
    with session.desk() as desk:
        found = verify_evidence(desk, number, Meter("files"))
    session.say({"files": found.files, "damaged": list(found.damaged)},
                f"{found.files} files checked, {len(found.damaged)} damaged {' '.join(found.damaged)}")  # fmt: skip
    if found.damaged:
        raise SystemExit(1)


COMMANDS = (risk, evidence)
