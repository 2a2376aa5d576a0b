"""A notice to an authority as it stands: read from one snapshot, filled from the facts and the ledger, put in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dpo_app.core.authority.authorities import EEA, Authority, AuthorityRegime
from dpo_app.core.authority.authority_facts import Known, Ledger, RiskView, proposals
from dpo_app.core.authority.authority_log import AuthorityEvent, earlier_number, told
from dpo_app.core.authority.authority_notice import (
    Answer,
    AuthorityNotice,
    Change,
    Completeness,
    Filled,
    changes_since,
    fill,
)
from dpo_app.core.authority.authority_paper import AuthorityPaper
from dpo_app.core.authority.authority_template import Template, WebForm, template_form
from dpo_app.core.authority.lead_authority import BodyKind, CrossBorder, Owed, OwedRole, is_cross_border, who_is_owed
from dpo_app.core.clocks.clock_record import RecordKind
from dpo_app.core.clocks.deadline import authority_due
from dpo_app.core.facts import fact_choices as of
from dpo_app.core.facts.breach import Revision, SavedRevision
from dpo_app.core.ids import BreachId, NoticeId, RevisionId, breach_ref, notice_ref
from dpo_app.core.notices.notice import NoticePhase, NoticeState
from dpo_app.core.organisation import Organisation
from dpo_app.core.risk.risk import Owed as RiskOwed
from dpo_app.core.risk.risk import RiskLevel
from dpo_app.messages.notice_words import NoticeWords, texts_of
from dpo_app.services.clocks.clocks import clocks_of
from dpo_app.services.notices.write_notice import organisation_of
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.forms import Forms, FormWords
from dpo_app.services.ports.store import Queries

#: The clock of the first notice.
FIRST_NOTICE = "gdpr.art33_1"


@dataclass(frozen=True)
class Case:
    """A notice with everything that its page, its check and its paper show.

    `texts` are its fields in words, `before` those of the notice it follows, `program` what the program would say in
    fields where the officer's words stand in its place; `newest` is the number of the newest
    revision, so that a draft from older facts is seen; `form` is the order of the authority's web form.
    """

    notice_id: NoticeId
    notice: AuthorityNotice
    authority: Authority
    saved: SavedRevision
    newest: int
    organisation: Organisation
    template: Template
    form: WebForm
    words: FormWords
    filled: Filled
    texts: Mapping[str, str]
    changes: tuple[Change, ...] = ()
    before: Mapping[str, str] | None = None
    earlier_number: str = ""
    earlier_revision: int = 0
    handed_in_at: datetime | None = None
    program: Mapping[str, str] = field(default_factory=dict)

    @property
    def outdated(self) -> bool:
        """Tell whether a draft was made from facts that are no longer the newest."""
        return self.notice.state is NoticeState.DRAFT and self.saved.number < self.newest

    def changed(self, key: str) -> Change | None:
        """Return how a field differs from the notice before, or None."""
        return next((each for each in self.changes if each.key == key), None)

    def paper(self, made_at: datetime) -> AuthorityPaper:
        """Return what the PDF says."""
        facts = self.saved.facts
        return AuthorityPaper(
            self.notice, notice_ref(self.notice_id), self.authority, self.organisation.name or facts.controller,
            self.template, self.filled, self.words.fields, self.words.sections, self.texts, self.before or {},
            self.changes, self.earlier_number, self.saved.number, facts.known_as_of, made_at,
            self.organisation.time_zone, facts.title,
            facts.reference or breach_ref(BreachId(self.notice.breach_id)), self.words.to_be_determined,
            self.earlier_revision,
        )  # fmt: skip


def case_of(desk: Desk, queries: Queries, notice_id: NoticeId) -> Case:
    """Return a notice as it stands: an approved one as it was frozen, a draft filled from its revision and the ledger
    of now. Raises InputError("no_such_notice")."""
    notice = queries.authority_notice(notice_id)
    breach_id = BreachId(notice.breach_id)
    saved = queries.revision(RevisionId(notice.revision_id))
    newest = queries.newest_revision(breach_id)
    events = queries.authority_events(breach_id)
    authority = desk.forms.directory().find(notice.authority)
    template, words = desk.forms.template(notice.template), desk.forms.words(notice.language, notice.template)
    organisation = organisation_of(queries)
    said = said_in(template, words, organisation.time_zone)
    program: dict[str, str] = {}
    if notice.state is NoticeState.DRAFT:
        known = known_of(desk, queries, saved, events, authority, organisation)
        facts = {"in_eea": _in_eea(known, authority), "asks_person_id": "no",
                 "late": _late(desk, queries, notice, events)}  # fmt: skip
        found = proposals(known)
        filled = fill(template, found, notice.own, facts, notice.phase, notice.withdraw)
        program = {k: said.value(k, each.value, each.extra) for k, each in found.items() if k in notice.own}
        texts: Mapping[str, str] = texts_of(said, filled.answers)
    else:
        filled, texts = _frozen(notice), notice.texts
    earlier = queries.authority_notice(NoticeId(notice.earlier)) if notice.earlier else None
    handed_in = next((each.at for each in told(events) if each.notice_id == notice_id), None)
    number = next((a.value for a in filled.answers if a.key == "earlier_id" and isinstance(a.value, str)), "")
    return Case(
        notice_id, notice, authority, saved, newest.number, organisation, template,
        form_of(desk.forms, template, words, authority), words, filled, texts,
        changes_since(earlier.answers, filled.answers) if earlier and not notice.withdraw else (),
        earlier.texts if earlier else None, number,
        queries.revision(RevisionId(earlier.revision_id)).number if earlier else 0, handed_in, program,
    )  # fmt: skip


def said_in(template: Template, words: FormWords, zone: str) -> NoticeWords:
    """Return what puts answers in the words of a form's language."""
    return NoticeWords(template, words.language, zone, words.option, words.to_be_determined)


def form_of(forms: Forms, template: Template, words: FormWords, authority: Authority) -> WebForm:
    """Return the order of an authority's web form; the template's own where it is not described, that of the federal
    form for the other authorities of a state."""
    found = forms.web_form(authority.id) or forms.web_form(authority.country)
    return found or template_form(template, words.sections, words.language, authority.id)


def _frozen(notice: AuthorityNotice) -> Filled:
    subtype = next((each.value for each in notice.answers if each.key == "subtype"), "")
    return Filled(notice.answers, (), Completeness(str(subtype)))


def _in_eea(known: Known, authority: Authority) -> str:
    """Return whether the controller is established in the EEA; for an authority of another law nobody asks."""
    if authority.regime is not AuthorityRegime.GDPR:
        return "not_asked"
    stated = known.facts.cross_border.establishment
    if stated is not None:
        return "yes" if stated is of.Establishment.EEA else "no"
    return "yes" if known.organisation.country in EEA else "no"


def _late(desk: Desk, queries: Queries, notice: AuthorityNotice, events: Sequence[AuthorityEvent]) -> str:
    """Return whether the first notice is late: reasons are given with it (Art. 33(1))."""
    if notice.phase is not NoticePhase.INITIAL or told(events, notice.authority):
        return "no"
    return "yes" if desk.clock.now() > first_notice_due(desk, queries, BreachId(notice.breach_id)) else "no"


def first_notice_due(desk: Desk, queries: Queries, breach_id: BreachId) -> datetime:
    """Return when the first notice is due: the end of the clock of Art. 33(1), counted from the awareness that drives
    it; without such a clock, 72 hours from the awareness of the newest facts."""
    clocks = clocks_of(desk, queries, breach_id)
    due = next((each.due for each in clocks.deadlines if each.key == FIRST_NOTICE and each.due is not None), None)
    return due or authority_due(clocks.revisions[-1].facts.awareness.at)


def _late_reason(queries: Queries, breach_id: BreachId) -> str:
    """Return the reason for lateness that was recorded with the clock."""
    given = [
        each.text
        for each in queries.clock_records(breach_id)
        if each.current and each.kind is RecordKind.REASON and each.key == FIRST_NOTICE
    ]
    return given[-1] if given else ""


def ledger_of(queries: Queries, breach_id: BreachId, saved: SavedRevision) -> Ledger:
    """Return what the ledger tells an authority about the persons of a breach."""
    revision_id = RevisionId(saved.id)
    standing = queries.standings(breach_id, revision_id)
    names = ("told", "on_the_way", "open", "unknown", "excused")
    approved = queries.approved_notice(breach_id)
    return Ledger(
        queries.count_persons(breach_id), standing.in_scope, queries.exposure_counts(revision_id)["undetermined"],
        {name: getattr(standing, name) for name in names}, standing.parts, queries.first_told_at(breach_id),
        queries.persons_by_country(revision_id), queries.minors_in_scope(revision_id),
        (notice_ref(approved[0]), approved[1].version, approved[1].sha256) if approved else None,
    )  # fmt: skip


def known_of(
    desk: Desk, queries: Queries, saved: SavedRevision, events: Sequence[AuthorityEvent], authority: Authority,
    organisation: Organisation,
) -> Known:  # fmt: skip
    """Return everything a notice to an authority is filled from."""
    ledger = ledger_of(queries, BreachId(saved.breach_id), saved)
    directory = desk.forms.directory()
    risk = risk_of(desk, queries, saved)
    case = cross_border_of(saved.facts, organisation, ledger, risk)
    lead = next((each for each in who_is_owed(case, directory) if each.role is OwedRole.LEAD), None)
    names = tuple(dict.fromkeys(directory.find(each.authority).name for each in told(events)))
    return Known(
        saved.facts, organisation, ledger, desk.actor, risk, _late_reason(queries, BreachId(saved.breach_id)),
        earlier_number(events, authority.id),
        is_cross_border(case), directory.find(lead.authority).name if lead else "", names,
    )  # fmt: skip


def risk_of(desk: Desk, queries: Queries, saved: SavedRevision) -> RiskView:
    """Return what the newest assessment of the risk says; nothing while there is none."""
    kept = queries.assessment(BreachId(saved.breach_id))
    if kept is None:
        return RiskView()
    outcome = {RiskOwed.PERSONS: "high", RiskOwed.AUTHORITY: "risk", RiskOwed.REGISTER_ONLY: "unlikely"}
    severity = {RiskLevel.LOW: "minor", RiskLevel.MEDIUM: "moderate"}
    title = desk.risk.title if kept.method == desk.risk.id else kept.method
    return RiskView(outcome[kept.decided], severity.get(kept.level, "severe"), title, kept.quarters, kept.level.value)


def cross_border_of(facts: Revision, organisation: Organisation, ledger: Ledger, risk: RiskView) -> CrossBorder:
    """Return what decides on lead and concerned authorities, from the facts where they state it, else from the
    organisation and the ledger. The officer's *no* to *cross-border* is a judgement; *yes* makes the effect likely."""
    stated = facts.cross_border
    country = stated.main_establishment or organisation.country
    if stated.establishment is of.Establishment.OUTSIDE and country in EEA:
        country = ""
    public = organisation.sector == "public" or facts.scope.sector is of.Sector.PUBLIC
    telecom = facts.scope.sector is of.Sector.TELECOM
    persons = {each: count for each, count in ledger.countries.items() if each}
    if not ledger.in_scope:
        persons = {each.country: each.count.value or 0 for each in stated.persons_by_country}
    return CrossBorder(
        country, organisation.land, BodyKind.PUBLIC if public else BodyKind.TELECOM_POST if telecom else BodyKind.PRIVATE,
        frozenset(stated.states) if country in EEA else frozenset(), persons,
        frozenset() if stated.concerned is of.Answer.NO else None,
        stated.concerned is of.Answer.YES or facts.has_special_data or risk.outcome == "high",
    )  # fmt: skip


def owed_by(desk: Desk, queries: Queries, breach_id: BreachId) -> tuple[Owed, ...]:
    """Return which authorities the newest facts and the ledger touch, and why."""
    saved = queries.newest_revision(breach_id)
    ledger = ledger_of(queries, breach_id, saved)
    case = cross_border_of(saved.facts, organisation_of(queries), ledger, risk_of(desk, queries, saved))
    return who_is_owed(case, desk.forms.directory())


def language_for(desk: Desk, authority: Authority, organisation: Organisation, wanted: str = "") -> str:
    """Return the language of a notice: the one wanted, else the first of the authority's in which the form has words,
    else the organisation's, else English. Raises RuleError("no_form_words") for one that was wanted and is not there."""
    known = desk.forms.languages()
    if wanted:
        return desk.forms.words(wanted).language
    return next((each for each in (*authority.languages, organisation.language) if each in known), "en")


def open_answers(filled: Filled, template: Template) -> tuple[Answer, ...]:
    """Return the fields that nobody has answered and that an incomplete notice may leave open."""
    fields, gaps = template.by_number(), {gap.no for gap in filled.gaps}
    return tuple(each for each in filled.answers if each.no in gaps and fields[each.no].open)
