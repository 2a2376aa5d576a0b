"""Write a notice to persons: draft it from the facts, edit it, check it, approve and freeze it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dpo_app.core.digests import sha256_hex
from dpo_app.core.errors import InputError, RuleError
from dpo_app.core.facts.breach import Revision, SavedRevision
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.ids import BreachId, NoticeId, RevisionId, notice_ref
from dpo_app.core.notices.claims import OpenClaim, claims_of, done_texts, open_claims, settle, unconfirmed
from dpo_app.core.notices.notice import Notice, NoticePhase, NoticeState, Reader, SectionKey, SectionText
from dpo_app.core.notices.notice_check import ARTICLE_34_2, Finding, check_notice, missing
from dpo_app.core.notices.notice_text import canonical
from dpo_app.core.organisation import Organisation
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.notices.notice_fields import fields_for
from dpo_app.services.notices.owed import renew_recipients
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries
from dpo_app.services.progress import Changes, Topic

DEFAULT_LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True)
class Confirmed:
    """What whoever approves a notice has confirmed: the languages they have read it in, and that what it says the
    organisation has done was done."""

    read: tuple[str, ...]
    facts: bool


@dataclass(frozen=True)
class Checked:
    """What a check found; `article_34_2` is (points that hold, points in all)."""

    findings: tuple[Finding, ...]
    article_34_2: tuple[int, int]

    @property
    def missing(self) -> tuple[Finding, ...]:
        """Return what forbids approval."""
        return missing(self.findings)


def organisation_of(queries: Queries) -> Organisation:
    """Return the organisation kept in the store."""
    return Organisation.from_document(queries.setting("organisation") or {})


def fitting_wording(desk: Desk, saved: SavedRevision) -> str:
    """Return the ready wording that fits the data of a breach best."""
    own = {category.value for category in saved.facts.categories}
    infos = desk.wording.all()
    best = max(infos, key=lambda info: (len(own.intersection(info.fits)), info.id == "lost-device"))
    return str(best.id)


def draft_notice(
    desk: Desk, breach_id: BreachId, languages: Sequence[str] = DEFAULT_LANGUAGES, wording: str = "",
    phase: NoticePhase = NoticePhase.INITIAL,
) -> tuple[NoticeId, Changes]:  # fmt: skip
    """Draft a notice from the newest revision with a ready wording, in these languages.

    Texts for a certainty that no window and no missing date can give are left out. Raises RuleError("no_wording",
    language=…), InputError("no_such_wording"), RuleError("no_initial_notice") for a follow-up without a first one.
    """
    with desk.begin() as uow:
        saved = uow.queries.newest_revision(breach_id)
        existing = uow.queries.notices(breach_id)
        if phase is not NoticePhase.INITIAL and not any(
            notice.state is not NoticeState.DRAFT for _, notice in existing
        ):
            raise RuleError("no_initial_notice")
        chosen = wording or fitting_wording(desk, saved)
        if chosen not in {info.id for info in desk.wording.all()}:
            raise InputError("no_such_wording", wording=chosen)
        possible = {ExposureState(w.disclosure.value) for w in saved.facts.windows}
        possible.add(ExposureState.UNDETERMINED)
        holds = claims_of(saved.facts, authority_told_at(uow.queries, breach_id) is not None)
        texts = tuple(
            text
            for language in languages
            for text in _with_measures(desk.wording.texts(chosen, language, holds), language, saved.facts)
            if not text.audience.exposures or text.audience.exposures & possible
        )
        notice = Notice(breach_id, saved.id, len(existing) + 1, tuple(languages), texts, phase, wording=chosen)
        notice_id = uow.notices.add(desk.ids.uid(), notice, desk.clock.now())
        uow.audit.record(
            AuditAction.NOTICE_DRAFTED,
            subjects=(uow.queries.breach_uid(breach_id),),
            facts={
                "notice": notice_id, "version": notice.version, "phase": phase.value, "revision": saved.number,
                "wording": texts[0].wording if texts else "", "languages": " ".join(languages),
            },
        )  # fmt: skip
        uow.commit()
    return notice_id, Changes.of(breach_id, Topic.NOTICES)


def _with_measures(texts: Sequence[SectionText], language: str, facts: Revision) -> tuple[SectionText, ...]:
    """Make one paragraph of sentences for the same readers. Where nothing that the wording says of measures holds, put
    what the facts say was done in its place, for somebody to bring into the language and confirm."""
    joined: list[SectionText] = []
    for text in texts:
        last = joined[-1] if joined else None
        if last is not None and (last.section, last.audience) == (text.section, text.audience):
            joined[-1] = replace(last, text=f"{last.text} {text.text}")
        else:
            joined.append(text)
    done = done_texts(facts)
    if done and not any(text.section is SectionKey.WHAT_WE_DID for text in joined):
        joined.append(SectionText(SectionKey.WHAT_WE_DID, language, "\n\n".join(map(unconfirmed, done))))
    return tuple(joined)


def authority_told_at(queries: Queries, breach_id: BreachId) -> datetime | None:
    """Return when an authority was first given a notice, None if none was or if it was withdrawn."""
    given = queries.authority_told(breach_id)
    withdrawn = {each.authority for each in given if each.withdraw}
    return min((each.at for each in given if each.authority not in withdrawn), default=None)


def edit_notice(desk: Desk, notice_id: NoticeId, texts: Sequence[SectionText]) -> Changes:
    """Keep a draft's texts as the officer has them now; nothing happens if they are as they were. Raises
    RuleError("notice_frozen") for an approved one."""
    with desk.read() as queries:
        kept = queries.notice(notice_id)
    if kept.state is NoticeState.DRAFT and kept.texts == tuple(texts):
        return Changes(kept.breach_id, frozenset())
    with desk.begin() as uow:
        notice = uow.queries.notice(notice_id)
        languages = tuple(dict.fromkeys((*notice.languages, *(text.language for text in texts))))
        uow.notices.save(notice_id, replace(notice, texts=tuple(texts), languages=languages))
        uow.audit.record(
            AuditAction.NOTICE_EDITED,
            subjects=(uow.queries.breach_uid(BreachId(notice.breach_id)),),
            facts={"notice": notice_id, "texts": len(texts)},
        )
        uow.commit()
    return Changes.of(notice.breach_id, Topic.NOTICES)


def open_claims_of(queries: Queries, notice_id: NoticeId) -> tuple[OpenClaim, ...]:
    """Return the sentences of a notice that nobody has confirmed."""
    return open_claims(queries.notice(notice_id).texts)


def settle_claims(
    desk: Desk, notice_id: NoticeId, stands: Sequence[int], left_out: Sequence[int], written: Mapping[int, str]
) -> Changes:
    """Decide sentences that nobody had confirmed, by their numbers: they stand, are left out or written anew.

    Raises InputError("no_such_claim", number=…), RuleError("notice_frozen").
    """
    with desk.read() as queries:
        notice = queries.notice(notice_id)
    known = {each.number for each in open_claims(notice.texts)}
    for number in (*stands, *left_out, *written):
        if number not in known:
            raise InputError("no_such_claim", number=number, notice=notice_ref(notice_id))
    return edit_notice(desk, notice_id, settle(notice.texts, stands, left_out, written))


def fields_of(desk: Desk, queries: Queries, notice: Notice) -> dict[str, dict[str, str]]:
    """Return the Field values of a notice by language: the frozen ones of an approved notice, else from the facts."""
    if notice.fields:
        return notice.fields
    saved = queries.revision(RevisionId(notice.revision_id))
    organisation = organisation_of(queries)
    told = authority_told_at(queries, BreachId(notice.breach_id))
    return {
        language: dict(fields_for(language, saved.facts, organisation, desk.wording.frame(language), told))
        for language in notice.languages
    }


def readers_of(queries: Queries, notice: Notice, notice_id: NoticeId | None = None) -> list[tuple[Reader, int]]:
    """Return the kinds of readers of a notice, by the newest plan of its breach; of a notice for some persons only,
    theirs."""
    newest = queries.newest_revision(BreachId(notice.breach_id))
    own = notice_id if notice_id is not None and queries.recipients(notice_id) is not None else None
    return queries.reader_counts(RevisionId(newest.id), organisation_of(queries).language or "fi", own)


def check_draft(desk: Desk, notice_id: NoticeId, texts: Sequence[SectionText] | None = None) -> Checked:
    """Check a notice, or how it would be with other texts, against Art. 34(2)."""
    with desk.read() as queries:
        notice = queries.notice(notice_id)
        if texts is not None:
            notice = replace(notice, texts=tuple(texts))
        saved = queries.revision(RevisionId(notice.revision_id))
        fields: Mapping[str, Mapping[str, str]] = fields_of(desk, queries, notice)
        readers = readers_of(queries, notice, notice_id)
        findings = check_notice(notice, saved.facts, readers, fields)
    failed = {each.check for each in missing(findings)}
    held = sum(check not in failed for check in ARTICLE_34_2)
    return Checked(findings, (held, len(ARTICLE_34_2)))


def _check_confirmed(desk: Desk, notice_id: NoticeId, confirmed: Confirmed) -> None:
    with desk.read() as queries:
        notice = queries.notice(notice_id)
    unread = [each for each in notice.languages if each not in confirmed.read]
    if unread:
        raise RuleError("notice_unread", language=unread[0])
    if not confirmed.facts:
        raise RuleError("facts_unconfirmed", article="Art. 34(2)")


def approve_notice(desk: Desk, notice_id: NoticeId, by: str, confirmed: Confirmed) -> tuple[Notice, Changes]:
    """Freeze a notice: its text can no longer change, its SHA-256 goes into the trail.

    Raises RuleError("notice_incomplete", article=…) while a check forbids it, RuleError("notice_frozen"),
    RuleError("notice_unread", language=…) and RuleError("facts_unconfirmed") for what was not confirmed,
    InputError("field_missing") without a name.
    """
    if not by.strip():
        raise InputError("field_missing", field="by")
    _check_confirmed(desk, notice_id, confirmed)
    renew_recipients(desk, notice_id)
    checked = check_draft(desk, notice_id)
    if checked.missing:
        first = checked.missing[0]
        raise RuleError(
            "notice_incomplete", article="Art. 34(2)", count=len(checked.missing), check=first.check.value,
            language=first.language, persons=first.persons,
        )  # fmt: skip
    with desk.begin() as uow:
        notice = uow.queries.notice(notice_id)
        if notice.state is not NoticeState.DRAFT:
            raise RuleError("notice_frozen", notice=notice_ref(notice_id))
        frozen = replace(notice, fields=fields_of(desk, uow.queries, notice))
        form = canonical(frozen)
        approved = replace(
            frozen, state=NoticeState.APPROVED, approved_by=by.strip(), approved_at=desk.clock.now(),
            sha256=sha256_hex(form),
        )  # fmt: skip
        uow.notices.freeze(notice_id, approved, form)
        wordings = sorted({text.wording for text in notice.texts if text.wording})
        uow.audit.record(
            AuditAction.NOTICE_APPROVED,
            subjects=(uow.queries.breach_uid(BreachId(notice.breach_id)), uow.queries.notice_uid(notice_id)),
            facts={
                "notice": notice_id, "version": notice.version, "sha256": approved.sha256,
                "approved_by": approved.approved_by, "wordings": " ".join(wordings),
                "languages": " ".join(notice.languages), "read": " ".join(confirmed.read), "facts": "confirmed",
            },
        )  # fmt: skip
        uow.commit()
    return approved, Changes.of(notice.breach_id, Topic.NOTICES, Topic.DELIVERIES)
