"""The public notice (Art. 34(3)(c)): the approved sections as a bulletin for web, press and notice board, and its
publication as a person reports it.

It is no text of its own: whoever reads it in public reads what the others got, without name, code or anything else of
one person. Those who can be reached in no other way count as told when the publication is recorded with its proof.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from dpo_app.core.delivery import DeliveryState
from dpo_app.core.digests import sha256_hex
from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.facts.evidence import EvidenceKind
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import BreachId, NoticeId, RevisionId, notice_ref
from dpo_app.core.notices.notice import Block, BlockKind, Reader, SectionKey
from dpo_app.core.notices.notice_html import html_text, site_of
from dpo_app.core.notices.notice_text import compile_form, plain_text, texts_for
from dpo_app.core.organisation import Organisation
from dpo_app.core.persons.channel import Channel
from dpo_app.core.proof.audit import AuditAction
from dpo_app.files import appearing_folder, ensure_folder, write_bytes
from dpo_app.services.facts.keep_evidence import keep_evidence
from dpo_app.services.lines import MessageRow
from dpo_app.services.notices.message_plan import MessagePlan, new_token, plan_messages
from dpo_app.services.notices.notice_fields import short_date
from dpo_app.services.notices.write_notice import organisation_of
from dpo_app.services.ports.desk import Desk
from dpo_app.services.progress import SILENT, Changes, Progress, Topic

STATE = "published"


@dataclass(frozen=True)
class Bulletin:
    """One language's public notice: blocks without anything personal, the date, and who speaks."""

    language: str
    blocks: tuple[Block, ...]
    day: str
    organisation: Organisation

    @property
    def title(self) -> str:
        """Return its heading."""
        return next(("".join(run.text for run in b.runs) for b in self.blocks if b.kind is BlockKind.TITLE), "")

    @property
    def text(self) -> str:
        """Return it as plain text, for press and notice board."""
        head = f"{self.organisation.name}\n{self.day}\n\n" if self.organisation.name else f"{self.day}\n\n"
        return head + plain_text(self.blocks)

    @property
    def html(self) -> str:
        """Return it as a page that needs nothing else."""
        return html_text(self.blocks, self.language, self.title, site_of(self.organisation.web_page), {})


@dataclass(frozen=True)
class PublicNotice:
    """The public notice in all its languages, and how many persons can be reached by it only."""

    notice_id: NoticeId
    bulletins: tuple[Bulletin, ...]
    persons: int


@dataclass(frozen=True)
class Published:
    """What a recorded publication changed."""

    persons: int
    changes: Changes


def public_notice(desk: Desk, breach_id: BreachId) -> PublicNotice:
    """Return the bulletins of the newest approved notice.

    Raises RuleError: "no_approved_notice", "plan_outdated", "public_empty" if nothing is left without what is personal.
    """
    with desk.read() as queries:
        plan = plan_messages(desk, queries, breach_id, channel=Channel.PUBLIC)
        waiting = queries.waiting(breach_id, RevisionId(plan.newest.id), Channel.PUBLIC)
    day = (plan.notice.approved_at or desk.clock.now()).date()
    bulletins = tuple(
        Bulletin(language, _blocks(desk, plan, language), short_date(day, language), plan.organisation)
        for language in plan.notice.languages
    )
    empty = [each.language for each in bulletins if not any(b.kind is BlockKind.PARAGRAPH for b in each.blocks)]
    if empty:
        raise RuleError("public_empty", language=empty[0])
    return PublicNotice(plan.notice_id, bulletins, waiting)


#: Whoever reads in public is told what is said to those of whom nobody can tell; if the notice has nothing of its own
#: for them, what it says to the next more certain.
_AS_READ = (ExposureState.UNDETERMINED, ExposureState.POSSIBLE, ExposureState.LIKELY, ExposureState.CONFIRMED)


def _blocks(desk: Desk, plan: MessagePlan, language: str) -> tuple[Block, ...]:
    """Return what everybody may read; paragraphs that call a person by name or give a code are for letters only."""
    notice, forms = plan.notice, plan.forms
    categories = frozenset(category.value for category in forms.revision.categories)
    found = (texts_for(notice, Reader(language, state, Channel.PUBLIC), categories) for state in _AS_READ)
    said = next(
        (p for p in found if any(notice.texts[n].section is SectionKey.WHAT_HAPPENED for n in p)), ()
    )  # fmt: skip
    texts = [notice.texts[place] for place in said]
    compiled = compile_form(texts, forms.fields[language], desk.wording.frame(language).titles, salutation=False)
    kept = [block for block in compiled if not block.personal]
    # A heading under which nothing is left goes, too.
    return tuple(
        block
        for place, block in enumerate(kept)
        if block.kind is not BlockKind.SUBHEADING
        or (place + 1 < len(kept) and kept[place + 1].kind in (BlockKind.PARAGRAPH, BlockKind.BULLET))
    )


def export_public(desk: Desk, breach_id: BreachId, out: Path) -> tuple[str, list[str]]:
    """Write the bulletins into a folder of their own: PDF, page and text in each language; returns folder and files."""
    found = public_notice(desk, breach_id)
    ensure_folder(out)
    folder_name = f"{notice_ref(found.notice_id)}-public"
    names: list[str] = []
    with appearing_folder(out / folder_name) as folder:
        for each in found.bulletins:
            for ending, data in (
                ("html", each.html.encode()), ("txt", each.text.encode()),
                ("pdf", desk.letters.bulletin(each.blocks, each.language, each.organisation.name, each.day)),
            ):  # fmt: skip
                name = f"notice-{each.language}.{ending}"
                write_bytes(folder / name, data)
                names.append(name)
        sums = "".join(f"{sha256_hex((folder / name).read_bytes())}  {name}\n" for name in names)
        write_bytes(folder / "SHA256SUMS", sums.encode())
    return folder_name, names


def record_published(
    desk: Desk, breach_id: BreachId, on: date, place: str, proof: Path | None, progress: Progress = SILENT
) -> Published:
    """Record that the notice was published on a day, where, and with what proof (a screenshot, a page of the paper).

    Those on the public rung count as told from then on. Raises InputError: "field_missing", "proof_needed", "in_future",
    "before_approved"; RuleError("nobody_to_write_to") if nobody is reached by it only.
    """
    if not place.strip():
        raise InputError("field_missing", field="place")
    if proof is None:
        raise InputError("proof_needed")
    found = public_notice(desk, breach_id)
    with desk.read() as queries:
        zone = ZoneInfo(organisation_of(queries).time_zone)
        approved = queries.notice(found.notice_id).approved_at
    if on > desk.clock.now().astimezone(zone).date():
        raise InputError("in_future", field="on")
    if approved is not None and on < approved.astimezone(zone).date():
        raise InputError("before_approved")
    if not found.persons:
        raise RuleError("nobody_to_write_to", channel=Channel.PUBLIC.value)
    kept = keep_evidence(desk, breach_id, proof, EvidenceKind.MESSAGE_TO_PERSONS, place.strip(), "", on, progress)
    with desk.begin() as uow:
        plan = plan_messages(desk, uow.queries, breach_id, channel=Channel.PUBLIC)
        rows = uow.queries.message_rows(
            breach_id, RevisionId(plan.newest.id), Channel.PUBLIC, plan.organisation.language, None, plan.notice_id
        )
        batch_id = uow.deliveries.open_batch(
            desk.ids.uid(), breach_id, plan.notice_id, Channel.PUBLIC, desk.clock.now(), desk.actor,
            {"revision": plan.newest.id, "place": place.strip(), "proof_sha256": kept.evidence.sha256},
            _numbered(desk, breach_id, rows),
        )  # fmt: skip
        persons = uow.deliveries.move_batch(
            batch_id, DeliveryState.REPORTED_SENT, STATE, desk.clock.now(), desk.actor, settled_on=on
        )
        uow.audit.record(
            AuditAction.PUBLIC_PUBLISHED,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={
                "notice": plan.notice_id, "on": on.isoformat(), "persons": persons, "proof_sha256": kept.evidence.sha256,
            },
            remarks={"place": place},
        )  # fmt: skip
        uow.commit()
    return Published(persons, Changes.of(breach_id, Topic.DELIVERIES, Topic.FACTS))


def _numbered(desk: Desk, breach_id: BreachId, rows: Iterator[MessageRow]) -> Iterator[MessageRow]:
    for place, row in enumerate(rows, 1):
        yield row._replace(token=new_token(desk, breach_id), number=place)


def texts_of(found: PublicNotice, languages: Sequence[str] = ()) -> dict[str, str]:
    """Return the plain texts by language."""
    return {each.language: each.text for each in found.bulletins if not languages or each.language in languages}
