"""A run of letters with one layout: who is measured into which batch, whose members are frozen, what a letter says.

Whoever makes, previews or reads back letters asks here, so that all of them mean the same letter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from dpo_app.core.errors import InputError, RuleError, StoreError
from dpo_app.core.ids import BatchId, RevisionId
from dpo_app.core.letters.layout import Layout, layout_from_document
from dpo_app.core.letters.letter import BODY_PT, LARGE_PT, Letterhead, LetterRow, post_order, sheet_class, zone_of
from dpo_app.core.notices.notice import Slot
from dpo_app.core.persons.channel import Channel
from dpo_app.core.persons.postal import set_address
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.letters.letter_layouts import LetterLook, layout_named, own_layouts
from dpo_app.services.lines import MessageRow
from dpo_app.services.notices.message_plan import MessagePlan, new_token, with_languages
from dpo_app.services.notices.notice_fields import short_date
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.letters import Press, PressOrder, Pressroom
from dpo_app.services.ports.store import Queries
from dpo_app.services.progress import Progress

PAGE = 500


class Sized(NamedTuple):
    """A letter that was measured: who gets it, its pages, sheets class and zone (the batch it belongs to), and its key
    in the order of the post."""

    message: MessageRow
    pages: int
    sheets_class: int
    zone: int
    key: tuple[str, ...]


class Refused(NamedTuple):
    """A person for whom no letter can be made: the code of why, and the sign that cannot be printed."""

    message: MessageRow
    code: str
    detail: str


@dataclass(frozen=True)
class Printing:
    """How the letters of a run are printed: layout, both sides, large print, further languages in the same envelope."""

    layout: Layout
    duplex: bool = False
    large: bool = False
    also: tuple[str, ...] = ()
    document: Mapping[str, Any] | None = None

    def facts(self) -> dict[str, Any]:
        """Return what a batch keeps of it; an own layout in full, so that a later change does not reach the batch."""
        own = {"layout_document": dict(self.document)} if self.document is not None else {}
        return {"layout": self.layout.id, "duplex": self.duplex, "large": self.large, "also": list(self.also)} | own

    @classmethod
    def of(cls, desk: Desk, facts: Mapping[str, Any]) -> Printing:
        """Return the printing that a batch was frozen with. Raises InputError("no_such_layout")."""
        document = facts.get("layout_document")
        known = desk.letters.layouts()
        if document is None and facts["layout"] not in known:
            raise InputError("no_such_layout", layout=facts["layout"], known=", ".join(known))
        layout = layout_from_document(document) if document is not None else known[facts["layout"]]
        return cls(layout, facts["duplex"], facts.get("large", False), tuple(facts.get("also", ())), document)


def printing_of(
    desk: Desk, queries: Queries, layout: str, duplex: bool = False, large: bool = False, also: Sequence[str] = ()
) -> Printing:
    """Return a printing by the name of its layout. Raises InputError("no_such_layout")."""
    return Printing(layout_named(desk, queries, layout), duplex, large, tuple(also), own_layouts(queries).get(layout))


class LetterRun:
    """A run of letters with one printing: what is set for all of them."""

    def __init__(self, desk: Desk, plan: MessagePlan, printing: Printing, look: LetterLook) -> None:
        self.desk, self.plan, self.printing, self._look = desk, plan, printing, look
        self._forms_set = -1
        self._press: Press | None = None
        self._head: Letterhead | None = None
        plan.forms.also = printing.also

    @property
    def press(self) -> Press:
        """Return the press; made anew when readers brought forms that were not set yet."""
        if self._press is None or self._forms_set != len(self.plan.forms.blocks):
            self._forms_set = len(self.plan.forms.blocks)
            self._press = self.desk.letters.prepare(self._order())
        return self._press

    def _order(self) -> PressOrder:
        forms = self.plan.forms
        return PressOrder(
            self.printing.layout, tuple(forms.blocks), tuple(forms.languages), self.head(), self.printing.duplex,
            self._created(), LARGE_PT if self.printing.large else BODY_PT,
        )  # fmt: skip

    def pressroom(self, letters: int) -> Pressroom:
        """Return a room to print so many letters in. Whoever prints in it has set the forms of all readers before."""
        return self.desk.letters.pressroom(self.press, self._order(), letters)

    def _created(self) -> str:
        approved = self.plan.notice.approved_at
        return approved.strftime("%Y%m%d%H%M%SZ") if approved else "20000101000000Z"

    def head(self) -> Letterhead:
        """Return what stands on every letter; the date is that of the approval, so that a letter made again is the
        same letter."""
        if self._head is None:
            self._head = self._make_head()
        return self._head

    def _make_head(self) -> Letterhead:
        organisation, notice = self.plan.organisation, self.plan.notice
        day = (notice.approved_at or self.desk.clock.now()).date()
        frames = {language: self.desk.wording.frame(language) for language in notice.languages}
        place = f"{organisation.street}, {organisation.postcode} {organisation.town}".strip(", ")
        reach = " · ".join(filter(None, (organisation.phone, organisation.email)))
        return Letterhead(
            organisation.name or self.plan.newest.facts.controller,
            tuple(filter(None, (place, reach))),
            organisation.return_line,
            {language: short_date(day, language) for language in notice.languages},
            {language: frame.reference for language, frame in frames.items()},
            {language: frame.page for language, frame in frames.items()},
            self._look.logo,
            self._look.colour,
        )

    def row(self, message: MessageRow) -> LetterRow | str:
        """Return what a person's letter is made from, or the code of why there is none."""
        message = with_languages(message, self.plan)
        own = self.plan.organisation.country
        set_ = set_address(message.full_name, message.address, self.desk.country_rules, own)
        if set_.problem is not None:
            return set_.problem.value
        form = self.plan.form(message, Channel.LETTER)
        slots: dict[Slot, str] = self.plan.slots(message)
        return LetterRow(message.number, message.token or "W" * 12, form, set_.lines, slots, message.large)

    def row_without_address(self, message: MessageRow) -> LetterRow:
        """Return a person's letter with the name alone in the window, for a preview."""
        form = self.plan.form(message, Channel.LETTER)
        name = (message.full_name or "–",)
        return LetterRow(message.number, message.token, form, name, self.plan.slots(message), message.large)

    def set_forms(self, queries: Queries) -> None:
        """Set the form of every kind of reader there is, so that presses know them all from the beginning."""
        counts = queries.reader_counts(RevisionId(self.plan.newest.id), self.plan.organisation.language)
        for reader, _ in counts:
            if reader.language in self.plan.notice.languages:
                self.plan.forms.number(reader, Channel.LETTER)

    def sized(self, ids: Sequence[int], progress: Progress) -> Iterator[Sized | Refused]:
        """Measure the letters of persons in the order given; a page of the register at a time."""
        revision, language = RevisionId(self.plan.newest.id), self.plan.organisation.language
        for start in range(0, len(ids), PAGE):
            progress.step(start, len(ids))
            part = ids[start : start + PAGE]
            with self.desk.read() as queries:
                messages = queries.message_rows_of(revision, part, language)
                attempts = queries.attempts(self.plan.breach_id, Channel.LETTER, part)
            for message in messages:
                yield self._size(message._replace(attempt=attempts.get(message.person_id, 0) + 1))

    def _size(self, message: MessageRow) -> Sized | Refused:
        # The widest code stands for the one that is given later: a page count must not change by it.
        row = self.row(message._replace(token="W" * 12))
        if isinstance(row, str):
            return Refused(message, row, "")
        measured = self.press.measure(row)
        if measured.refused:
            return Refused(message, measured.refused, measured.detail)
        own, address = self.plan.organisation.country, message.address
        key = post_order(address.country or own, address.postcode, address.town, address.street, message.full_name)
        sheets = sheet_class(measured.pages, self.printing.duplex)
        return Sized(message, measured.pages, sheets, zone_of(address.country, own).order, key)

    def batches(
        self, ids: Sequence[int], size: int, refused: list[Refused], progress: Progress
    ) -> Iterator[tuple[dict[str, Any], list[MessageRow]]]:
        """Yield batches as they fill: their key, and their members in the order of the post. What is measured and not
        yet in a batch is all that memory holds."""
        filling: dict[tuple[int, int], list[Sized]] = defaultdict(list)
        for each in self.sized(ids, progress):
            if isinstance(each, Refused):
                refused.append(each)
                continue
            key = (each.zone, each.sheets_class)
            filling[key].append(each)
            if len(filling[key]) == size:
                yield _batch(key, filling.pop(key))
        for key in sorted(filling):
            yield _batch(key, filling[key])

    def freeze(self, members: Sequence[MessageRow], facts: dict[str, Any]) -> BatchId:
        """Commit the members of a batch with tokens and places, before anything is written. Raises
        RuleError("letters_taken") if another run has frozen one of them since this one began."""
        try:
            return self._freeze(members, facts)
        except StoreError as error:
            # A person has one letter on its way at most: the ledger itself refuses a second one.
            if error.code != "store_constraint":
                raise
            raise RuleError("letters_taken") from None

    def _freeze(self, members: Sequence[MessageRow], facts: dict[str, Any]) -> BatchId:
        desk, plan = self.desk, self.plan
        with desk.begin() as uow:
            batch_id = uow.deliveries.open_batch(
                desk.ids.uid(), plan.breach_id, plan.notice_id, Channel.LETTER, desk.clock.now(), desk.actor,
                {
                    **facts, **self.printing.facts(), "revision": plan.newest.id,
                    "envelope": self.printing.layout.envelopes[0].name,
                },
                (
                    row._replace(token=new_token(desk, plan.breach_id), number=place)
                    for place, row in enumerate(members, 1)
                ),
            )  # fmt: skip
            uow.audit.record(
                AuditAction.LETTERS_FROZEN,
                subjects=(uow.queries.breach_uid(plan.breach_id),),
                facts={"batch": batch_id, "letters": len(members), "notice": plan.notice_id},
            )
            uow.commit()
        return batch_id


def _batch(key: tuple[int, int], members: list[Sized]) -> tuple[dict[str, Any], list[MessageRow]]:
    members.sort(key=lambda each: (each.key, each.message.person_id))
    languages = Counter(each.message.language for each in members)
    return {"zone": key[0], "sheets_class": key[1], "languages": dict(languages)}, [each.message for each in members]
