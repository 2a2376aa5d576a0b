"""What letters would be made, before any is: batches, sheets, weight, postage, who is left out, and proofs to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dpo_app.core.errors import InputError
from dpo_app.core.ids import BreachId, PersonId, RevisionId
from dpo_app.core.letters.letter import DEFAULT_BATCH, Proof, make_token, sheets_of
from dpo_app.core.letters.postage import ZONES, PriceList, letter_grams, price_list
from dpo_app.core.proof.audit import AuditAction
from dpo_app.files import ensure_folder, inside, write_bytes
from dpo_app.services.letters.letter_layouts import letter_look
from dpo_app.services.letters.letter_run import LetterRun, Refused, Sized, printing_of
from dpo_app.services.notices.message_plan import plan_messages
from dpo_app.services.notices.preview_message import SAMPLE_SIGNS
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries
from dpo_app.services.progress import SILENT, Changes, Progress, Topic

_SETTING = "postage"
_MOST_ODD = 6


@dataclass
class PlannedBatch:
    """Letters of one zone and sheets class: how many, by language, sheets, grams of one and of all, cents if known."""

    zone: str
    sheets_class: int
    letters: int = 0
    sheets: int = 0
    grams: float = 0.0
    cents: int | None = 0
    languages: Counter[str] = field(default_factory=Counter)
    lightest: float = 0.0
    heaviest: float = 0.0

    @property
    def batches(self) -> int:
        """Return in how many batches they come."""
        return -(-self.letters // DEFAULT_BATCH)


@dataclass
class LetterPlan:
    """Everything that is known before letters are made; `proofs` are (why, person number, person code, pages)."""

    planned: list[PlannedBatch]
    refused: Counter[str]
    proofs: list[tuple[Proof, PersonId, str, int]]
    currency: str

    @property
    def letters(self) -> int:
        """Return how many letters there will be."""
        return sum(each.letters for each in self.planned)

    @property
    def sheets(self) -> int:
        """Return how many sheets of paper they take."""
        return sum(each.sheets for each in self.planned)

    @property
    def grams(self) -> int:
        """Return what they weigh together."""
        return round(sum(each.grams for each in self.planned))

    @property
    def cents(self) -> int | None:
        """Return what they cost; None if a price is missing."""
        known = [each.cents for each in self.planned]
        return sum(cents for cents in known if cents is not None) if None not in known else None


def prices_of(queries: Queries) -> PriceList:
    """Return the officer's price list."""
    return price_list(queries.setting(_SETTING) or {})


def save_prices(desk: Desk, prices: PriceList) -> Changes:
    """Keep the officer's price list. Raises InputError("bad_price")."""
    document = price_list(prices.to_document()).to_document()
    with desk.begin() as uow:
        uow.settings.put(_SETTING, document)
        uow.audit.record(AuditAction.SETTINGS_CHANGED, facts={"name": _SETTING})
        uow.commit()
    return Changes.of(None, Topic.SETTINGS)


def plan_letters(
    desk: Desk, breach_id: BreachId, layout: str = "fi-c5", duplex: bool = False, *, large: bool = False,
    also: Sequence[str] = (), progress: Progress = SILENT,
) -> LetterPlan:  # fmt: skip
    """Measure all letters that would be made and add them up; nothing is kept. Raises as `make_letters` does."""
    with desk.read() as queries:
        plan = plan_messages(desk, queries, breach_id)
        run = LetterRun(desk, plan, printing_of(desk, queries, layout, duplex, large, also), letter_look(queries))
        run.set_forms(queries)
        ids = queries.post_order(breach_id, RevisionId(plan.newest.id), plan.notice_id)
        prices = prices_of(queries)
    envelope = run.printing.layout.envelopes[0].weight_g
    groups: dict[tuple[int, int], PlannedBatch] = {}
    refused: Counter[str] = Counter()
    proofs = _Proofs()
    for each in run.sized(ids, progress):
        if isinstance(each, Refused):
            refused[each.code] += 1
            continue
        proofs.see(each)
        key = (each.zone, each.sheets_class)
        group = groups.setdefault(key, PlannedBatch(ZONES[each.zone].name, each.sheets_class))
        _add(group, each, sheets_of(each.pages, duplex), envelope, prices)
    planned = [groups[key] for key in sorted(groups)]
    return LetterPlan(planned, refused, proofs.chosen(), prices.currency)


def _add(group: PlannedBatch, each: Sized, sheets: int, envelope: float, prices: PriceList) -> None:
    grams = letter_grams(sheets, envelope)
    cents = prices.cents(each.zone, grams)
    group.letters += 1
    group.sheets += sheets
    group.grams += grams
    group.cents = None if cents is None or group.cents is None else group.cents + cents
    group.languages[each.message.language] += 1
    group.lightest = min(group.lightest or grams, grams)
    group.heaviest = max(group.heaviest, grams)


class _Proofs:
    """Picks letters worth looking at while all pass by: the first and last in the order of the post, the longest and
    the shortest, and those with an unusual number of pages."""

    def __init__(self) -> None:
        self._first: Sized | None = None
        self._last: Sized | None = None
        self._longest: Sized | None = None
        self._shortest: Sized | None = None
        self._pages: Counter[int] = Counter()
        self._by_pages: dict[int, list[Sized]] = {}

    def see(self, each: Sized) -> None:
        """Take a letter into account."""
        self._first = min(self._first or each, each, key=lambda s: s.key)
        self._last = max(self._last or each, each, key=lambda s: s.key)
        self._longest = max(self._longest or each, each, key=_length)
        self._shortest = min(self._shortest or each, each, key=_length)
        self._pages[each.pages] += 1
        kept = self._by_pages.setdefault(each.pages, [])
        if len(kept) < _MOST_ODD:
            kept.append(each)

    def chosen(self) -> list[tuple[Proof, PersonId, str, int]]:
        """Return the proofs, each with why it is one."""
        usual = max(self._pages, key=lambda pages: (self._pages[pages], -pages), default=0)
        odd = [each for pages in sorted(self._by_pages) if pages != usual for each in self._by_pages[pages]]
        found = [
            (Proof.FIRST, self._first), (Proof.LAST, self._last), (Proof.LONGEST, self._longest),
            (Proof.SHORTEST, self._shortest), *((Proof.ODD, each) for each in odd[:_MOST_ODD]),
        ]  # fmt: skip
        return [(why, PersonId(each.message.person_id), each.message.code, each.pages) for why, each in found if each]


def _length(each: Sized) -> tuple[int, int]:
    address = each.message.address
    return each.pages, len(each.message.full_name) + len(address.street) + len(address.care_of) + len(address.town)


def proof_pdf(
    desk: Desk, breach_id: BreachId, person_id: PersonId, layout: str = "fi-c5", duplex: bool = False, *,
    large: bool = False, also: Sequence[str] = (),
) -> bytes:  # fmt: skip
    """Return one person's letter as it would be made, with a code that is nobody's. Raises InputError("no_such_person"),
    InputError("address_not_usable")."""
    with desk.read() as queries:
        plan = plan_messages(desk, queries, breach_id)
        run = LetterRun(desk, plan, printing_of(desk, queries, layout, duplex, large, also), letter_look(queries))
        rows = queries.message_rows_of(RevisionId(plan.newest.id), [person_id], plan.organisation.language)
    if not rows:
        raise InputError("no_such_person")
    row = run.row(rows[0]._replace(token=make_token(SAMPLE_SIGNS, breach_id), number=1))
    if isinstance(row, str):
        raise InputError("address_not_usable", problem=row)
    return run.press.one(row)


def write_proofs(
    desk: Desk, breach_id: BreachId, out: Path, layout: str = "fi-c5", duplex: bool = False, *, large: bool = False,
    also: Sequence[str] = (), progress: Progress = SILENT,
) -> tuple[LetterPlan, list[str]]:  # fmt: skip
    """Write the proof letters into a folder, named by why they are proofs and never by person."""
    plan = plan_letters(desk, breach_id, layout, duplex, large=large, also=also, progress=progress)
    ensure_folder(out)
    names = []
    for place, (why, person_id, _, _) in enumerate(plan.proofs, 1):
        name = f"{place:02d}-{why.value.replace('_', '-')}.pdf"
        pdf = proof_pdf(desk, breach_id, person_id, layout, duplex, large=large, also=also)
        write_bytes(inside(out, name), pdf)
        names.append(name)
    return plan, names
