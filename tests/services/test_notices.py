"""Notices in a real store: frozen means frozen, what was approved is what is sent, and everybody adds up always."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dpo_app import bootstrap
from dpo_app.core.authority.authorities import AuthorityChannel
from dpo_app.core.authority.authority_log import AuthorityEvent, ContactKind
from dpo_app.core.delivery import ReturnReason
from dpo_app.core.digests import sha256_hex
from dpo_app.core.errors import DpoError, InputError, JobCancelled, RuleError
from dpo_app.core.facts.breach import Measure, MeasureKind
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.facts.fact_choices import EventKind
from dpo_app.core.facts.fact_values import Event
from dpo_app.core.ids import BatchId, BreachId, NoticeId, PersonId, grouped
from dpo_app.core.notices.notice import NoticePhase, NoticeState, SectionKey
from dpo_app.core.notices.notice_text import canonical
from dpo_app.core.persons.channel import Channel
from dpo_app.core.proof.audit import TrailState
from dpo_app.services.authority.record_authority import record_authority_event
from dpo_app.services.desk.manage_store import decide, save_organisation
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.facts.record_breach import add_breach, revise_breach
from dpo_app.services.letters.make_letters import confirm_posted, finish_batch, make_letters, withdraw_batch
from dpo_app.services.letters.record_returned import record_returned
from dpo_app.services.lines import PersonFilter, Standings
from dpo_app.services.mail.export_emails import confirm_sent, export_emails
from dpo_app.services.notices import write_notice
from dpo_app.services.notices.preview_message import preview
from dpo_app.services.notices.write_notice import Confirmed, check_draft, draft_notice, edit_notice, settle_claims
from dpo_app.services.ports.desk import Desk
from dpo_app.services.proof.export_audit import verify_trail
from dpo_app.store import vault
from tests.approving import approve_notice
from tests.builders import PASSPHRASE, W1, W2, a_register, a_revision, a_row, an_organisation
from tests.conftest import CHEAP, bring_in

ROWS = [
    a_row(1), a_row(2), a_row(3, **{"Sähköposti": ""}), a_row(4, **{"Sähköposti": "", "Kieli": "sv"}),
    a_row(5, **{"Sähköposti": "", "Postinumero": ""}), a_row(6, Turvakielto="1"), a_row(7, Ensikäynti="1.1.2019"),
    a_row(8, **{"Sähköposti": "", "Katuosoite": ""}), a_row(9, Ensikäynti="1.1.2020"), a_row(10, Kieli="en"),
    a_row(11, **{"Sähköposti": ""}), a_row(12, **{"Sähköposti": ""}),
]  # fmt: skip


@pytest.fixture
def planned(desk: Desk, breach_id: BreachId, tmp_path: Path) -> BreachId:
    """A breach with persons and a plan."""
    bring_in(desk, breach_id, a_register(tmp_path / "register.csv", ROWS))
    make_plan(desk, breach_id)
    return breach_id


def approve(desk: Desk, breach_id: BreachId, phase: NoticePhase = NoticePhase.INITIAL) -> NoticeId:
    notice_id, _ = draft_notice(desk, breach_id, phase=phase)
    approve_notice(desk, notice_id, "Maija Mallikas")
    return notice_id


def standings(desk: Desk, breach_id: BreachId) -> Standings:
    """Return the standings, and fail if any of their sums is wrong."""
    with desk.read() as queries:
        revision = queries.newest_revision(breach_id)
        found = queries.standings(breach_id, revision.id)
        scope = queries.exposure_counts(revision.id)
        waiting = {c: queries.waiting(breach_id, revision.id, c) for c in (Channel.EMAIL, Channel.LETTER)}
        for channel, expected in waiting.items():
            assert sum(1 for _ in queries.message_rows(breach_id, revision.id, channel, "fi")) == expected
        assert sum(waiting.values()) <= found.open
    assert found.in_scope == found.told + found.on_the_way + found.open + found.unknown + found.excused
    assert found.in_scope == sum(n for state, n in scope.items() if state != ExposureState.NOT_EXPOSED.value)
    for name, parts in found.parts.items():
        assert sum(parts.values()) == getattr(found, name), (name, parts)
    return found


def test_approval_freezes_text_and_values(desk: Desk, planned: BreachId) -> None:
    notice_id = approve(desk, planned)
    with desk.read() as queries:
        frozen = queries.notice(notice_id)
    assert frozen.sha256 == sha256_hex(canonical(frozen)) and frozen.approved_by == "Maija Mallikas"
    before = preview(desk, notice_id).text
    save_organisation(desk, an_organisation(phone="09 111 1111"))
    assert preview(desk, notice_id).text == before, "the telephone number was approved too"
    revise_breach(desk, planned, a_revision(windows=(W1,), source="later"))
    with desk.read() as queries:
        assert queries.notice(notice_id) == frozen


def test_a_change_is_a_new_version_and_the_old_one_stays_readable(desk: Desk, planned: BreachId) -> None:
    first = approve(desk, planned)
    with pytest.raises(RuleError, match="notice_frozen"):
        edit_notice(desk, first, ())
    second, _ = draft_notice(desk, planned)
    with desk.read() as queries:
        texts = queries.notice(second).texts
    changed = tuple(replace(t, text="Soita heti.") if t.section is SectionKey.CONTACT else t for t in texts)
    edit_notice(desk, second, changed)
    approved, _ = approve_notice(desk, second, "M")
    with desk.read() as queries:
        versions = [(n.version, n.state) for _i, n in queries.notices(planned)]
        kept_id, kept = queries.approved_notice(planned) or (0, approved)
        assert (kept_id, kept.sha256) == (second, approved.sha256) == (second, sha256_hex(canonical(kept)))
        assert queries.notice(first).texts != kept.texts == changed
    assert versions == [(1, NoticeState.SUPERSEDED), (2, NoticeState.APPROVED)]
    assert "Soita heti." in preview(desk, second).text and "Soita heti." not in preview(desk, first).text


def test_an_approval_needs_a_name_and_a_whole_text(desk: Desk, planned: BreachId) -> None:
    notice_id, _ = draft_notice(desk, planned)
    with pytest.raises(InputError, match="field_missing"):
        approve_notice(desk, notice_id, "  ")
    with desk.read() as queries:
        texts = queries.notice(notice_id).texts
    edit_notice(desk, notice_id, [t for t in texts if (t.section, t.language) != (SectionKey.CONSEQUENCES, "sv")])
    first = check_draft(desk, notice_id).missing[0]
    assert (first.check.value, first.language, first.persons) == ("consequences", "sv", 1)
    with pytest.raises(RuleError) as caught:
        approve_notice(desk, notice_id, "M")
    assert caught.value.facts["article"] == "Art. 34(2)" and caught.value.facts["language"] == "sv"


def test_nothing_is_made_from_a_draft(desk: Desk, planned: BreachId, tmp_path: Path) -> None:
    draft_notice(desk, planned)
    for make in (make_letters, export_emails):
        with pytest.raises(RuleError, match="no_approved_notice"):
            make(desk, planned, tmp_path / "out")
    assert standings(desk, planned).open == 11
    with pytest.raises(RuleError, match="no_initial_notice"):
        draft_notice(desk, planned, phase=NoticePhase.FOLLOW_UP)


def test_a_batch_is_finished_with_the_text_it_was_frozen_with(desk: Desk, planned: BreachId, tmp_path: Path) -> None:
    class Stops:
        """Goes on while letters are measured, and stops when they are printed."""

        calls = 0

        def step(self, done: int, total: int | None = None) -> None:
            self.calls += 1
            if self.calls > 1:
                raise JobCancelled

    approve(desk, planned)
    with pytest.raises(JobCancelled):
        make_letters(desk, planned, tmp_path / "out", progress=Stops())
    later, _ = draft_notice(desk, planned, phase=NoticePhase.FOLLOW_UP)
    with desk.read() as queries:
        texts = queries.notice(later).texts
        (batch,) = queries.batches(planned)
    edit_notice(desk, later, [replace(t, text="Uusi teksti.") if t.section is SectionKey.CONTACT else t for t in texts])
    approve_notice(desk, later, "M")
    made = finish_batch(desk, BatchId(batch.id), tmp_path / "out")
    document = pypdfium2.PdfDocument(tmp_path / "out" / made.files[0]["name"])
    said = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "Uusi teksti" not in said and "09 000 0000" in said


def test_letters_for_persons_who_came_after_the_notice_was_written(
    desk: Desk, breach_id: BreachId, tmp_path: Path
) -> None:
    approve(desk, breach_id)
    revise_breach(desk, breach_id, a_revision(summary="Copied, as the log shows.", source="later"))
    bring_in(desk, breach_id, a_register(tmp_path / "register.csv", ROWS))
    make_plan(desk, breach_id)
    assert make_letters(desk, breach_id, tmp_path / "l").letters == 4
    assert export_emails(desk, breach_id, tmp_path / "e").planned == 4
    assert standings(desk, breach_id).on_the_way == 8


def test_whoever_is_refused_is_named_and_counted_no_more(desk: Desk, planned: BreachId, tmp_path: Path) -> None:
    approve(desk, planned)
    with desk.read() as queries:
        revision = queries.newest_revision(planned).id
        assert queries.waiting(planned, revision, Channel.LETTER) == 5
    made = make_letters(desk, planned, tmp_path / "l")
    assert (made.letters, [code for _p, code, _d in made.refused]) == (4, ["addr_postcode_missing"])
    with desk.read() as queries:
        assert queries.waiting(planned, revision, Channel.LETTER) == 0
        (line,) = queries.refused_lines(planned, Channel.LETTER)
    assert (line.name, line.code, line.reason) == ("Sukunenf, Aino", made.refused[0][0], made.refused[0][1])
    make_plan(desk, planned)
    with desk.read() as queries:
        assert queries.channel_counts(revision)["public"] == 2, "the next rung"
    standings(desk, planned)


def test_returned_letters_by_their_code(desk: Desk, planned: BreachId, tmp_path: Path) -> None:
    approve(desk, planned)
    make_letters(desk, planned, tmp_path / "l")
    with desk.read() as queries:
        first, second, *_rest = [row.token for row in queries.batch_rows(BatchId(1))]
    early = record_returned(desk, [first], ReturnReason.MOVED)
    assert early.letters[0].problem == "not_posted" and early.returned == 0
    confirm_posted(desk, BatchId(1), desk.clock.now().date())
    assert standings(desk, planned).told == 4
    wrong = first[:-1] + ("2" if first[-1] != "2" else "3")
    typed = [grouped(first).lower(), f" {second} ", first, wrong, "", "x" * 500]
    found = record_returned(desk, typed, ReturnReason.UNKNOWN)
    assert [each.problem for each in found.letters] == ["", "", "", "token_wrong", "token_wrong", "token_wrong"]
    assert (found.returned, found.again) == (2, 1)
    assert record_returned(desk, [second], ReturnReason.OTHER).again == 1
    assert standings(desk, planned).told == 2
    assert make_letters(desk, planned, tmp_path / "again").letters == 0, "not to the same address by itself"
    make_plan(desk, planned)
    with desk.read() as queries:
        assert queries.channel_reasons(queries.newest_revision(planned).id)["public", "letter_failed"] == 3
        last = queries.trail.lines(limit=2)[1]
    assert (last.action, last.facts) == ("letters_returned", {"letters": 2, "reason": "unknown"})
    assert verify_trail(desk).state is TrailState.INTACT


def test_days_of_posting_are_those_of_the_organisation(
    desk: Desk, planned: BreachId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(desk, planned)
    made_on = desk.clock.now()
    make_letters(desk, planned, tmp_path / "l")
    with pytest.raises(InputError, match="before_made"):
        confirm_posted(desk, BatchId(1), made_on.date() - timedelta(days=2))
    # 23:30 in UTC is the next day in Helsinki, summer and winter.
    late = (made_on + timedelta(days=1)).replace(hour=23, minute=30)
    monkeypatch.setattr(type(desk.clock), "now", lambda _self: late)
    assert confirm_posted(desk, BatchId(1), late.date() + timedelta(days=1))[0] == 4


# ---- whatever is done in whatever order, everybody is somewhere


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with persons, plan and approved notice, to be copied."""
    folder = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dpo_app.store.keys.crypto.calibrated_cost", lambda: CHEAP)
        store, lines = vault.create(folder / "t.dpo", "Esimerkki Oy", PASSPHRASE)
        vault.confirm_recovery(store, {1: lines[1], 4: lines[4]})
    save_organisation(bootstrap.build(store, "Tester"), an_organisation())
    desk = bootstrap.build(store, "Tester")
    breach_id = add_breach(desk, a_revision()).breach_id
    bring_in(desk, breach_id, a_register(folder / "register.csv", ROWS))
    make_plan(desk, breach_id)
    approve(desk, breach_id)
    store.close()
    return folder / "t.dpo"


copies = count(1)


class Officer:
    """Does one thing at a time to a store; what the rules forbid changes nothing."""

    def __init__(self, desk: Desk, out: Path, seed: int) -> None:
        self.desk, self.out, self.chance = desk, out, random.Random(seed)
        self.folders = count(1)

    def _batch(self) -> BatchId:
        with self.desk.read() as queries:
            found = queries.batches(BreachId(1))
        return BatchId(self.chance.choice(found).id) if found else BatchId(1)

    def _folder(self) -> Path:
        return self.out / str(next(self.folders))

    def _persons(self) -> list[PersonId]:
        with self.desk.read() as queries:
            revision = queries.newest_revision(BreachId(1))
            ids = list(queries.person_ids(BreachId(1), revision.id, PersonFilter()))
        return [PersonId(n) for n in self.chance.sample(ids, 2)]

    def letters(self) -> None:
        make_letters(self.desk, BreachId(1), self._folder(), limit=self.chance.choice([None, 1, 2]))

    def emails(self) -> None:
        export_emails(self.desk, BreachId(1), self._folder(), limit=self.chance.choice([None, 1]))

    def post(self) -> None:
        confirm_posted(self.desk, self._batch(), self.desk.clock.now().date())

    def sent(self) -> None:
        batch = self._batch()
        with self.desk.read() as queries:
            members = queries.batch(batch).members
        confirm_sent(self.desk, batch, members)

    def withdraw(self) -> None:
        withdraw_batch(self.desk, self._batch(), "spoiled")

    def returned(self) -> None:
        with self.desk.read() as queries:
            tokens = [row.token for row in queries.batch_rows(self._batch())]
        record_returned(self.desk, tokens[:2], self.chance.choice(list(ReturnReason)))

    def plan(self) -> None:
        make_plan(self.desk, BreachId(1))

    def follow_up(self) -> None:
        approve(self.desk, BreachId(1), NoticePhase.FOLLOW_UP)

    def excuse(self) -> None:
        decide(self.desk, BreachId(1), self._persons(), "excuse", "excused", "told by telephone")

    def overrule(self) -> None:
        state = self.chance.choice([ExposureState.NOT_EXPOSED, ExposureState.CONFIRMED])
        decide(self.desk, BreachId(1), self._persons(), "exposure", state.value, "seen in the log")

    def move(self) -> None:
        decide(self.desk, BreachId(1), self._persons(), "channel", self.chance.choice(["letter", "officer"]), "asked")

    def learn(self) -> None:
        windows = self.chance.choice([(W1,), (W1, W2), (W1, replace(W2, disclosure=W1.disclosure))])
        revise_breach(self.desk, BreachId(1), a_revision(windows=windows, source="report"))
        make_plan(self.desk, BreachId(1))


STEPS = [name for name in vars(Officer) if not name.startswith("_")]


@given(steps=st.lists(st.sampled_from(STEPS), min_size=3, max_size=12), seed=st.integers(0, 10_000))
@settings(
    max_examples=25, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_everybody_is_somewhere_whatever_is_done(template: Path, tmp_path: Path, steps: list[str], seed: int) -> None:
    folder = tmp_path / f"{next(copies)}.dpo"
    shutil.copytree(template, folder)
    store = vault.open_store(folder, vault.Secret(vault.SlotKind.PASSPHRASE, passphrase=PASSPHRASE))
    try:
        desk = bootstrap.build(store, "Tester")
        officer = Officer(desk, folder.with_suffix(".out"), seed)
        for step in ("letters", "emails", *steps):
            try:
                getattr(officer, step)()
            except DpoError as error:
                assert isinstance(error, InputError | RuleError), error
            standings(desk, BreachId(1))
        assert verify_trail(desk).state is TrailState.INTACT
    finally:
        store.close()


def test_an_approval_needs_every_language_read_and_the_facts_confirmed(desk: Desk, planned: BreachId) -> None:
    notice_id, _ = draft_notice(desk, planned)
    for confirmed, code in (
        (Confirmed((), True), "notice_unread"),
        (Confirmed(("fi", "sv"), True), "notice_unread"),
        (Confirmed(("fi", "sv", "en"), False), "facts_unconfirmed"),
    ):
        with pytest.raises(RuleError, match=code):
            write_notice.approve_notice(desk, notice_id, "Maija Mallikas", confirmed)
    approved, _ = write_notice.approve_notice(desk, notice_id, "Maija Mallikas", Confirmed(("fi", "sv", "en"), True))
    assert approved.state is NoticeState.APPROVED


def test_a_draft_says_of_the_authority_and_the_police_what_the_facts_say(desk: Desk, planned: BreachId) -> None:
    def what_we_did() -> str:
        notice_id, _ = draft_notice(desk, planned, ("en",))
        with desk.read() as queries:
            texts = queries.notice(notice_id).texts
        return next(each.text for each in texts if each.section is SectionKey.WHAT_WE_DID)

    assert what_we_did() == "The way into the system was closed on ((closed on))."
    told = AuthorityEvent(
        planned,
        "FI",
        ContactKind.SUBMITTED,
        desk.clock.now(),
        AuthorityChannel.FORM,
        "M",
        phase=NoticePhase.INITIAL,
        reason="Late.",
    )
    record_authority_event(desk, told)
    at = datetime(2020, 9, 30, 9, tzinfo=UTC)
    revise_breach(desk, planned, a_revision(measures=(), events=(Event(EventKind.POLICE_REPORT, at),), source="later"))
    said = what_we_did()
    assert "closed" not in said and "((police told on))" in said and "((authority told on))" in said


def test_measures_in_the_officers_own_words_wait_to_be_confirmed(desk: Desk, planned: BreachId) -> None:
    own = Measure(MeasureKind.MITIGATE, "A crisis line (24 h) was opened.", date(2020, 9, 30))
    revise_breach(desk, planned, a_revision(measures=(own,), source="later"))
    make_plan(desk, planned)
    notice_id, _ = draft_notice(desk, planned)
    details = {each.detail for each in check_draft(desk, notice_id).missing}
    assert details == {"unconfirmed:A crisis line [24 h] was opened."}
    with pytest.raises(RuleError, match="notice_incomplete"):
        approve_notice(desk, notice_id, "M")
    with pytest.raises(InputError, match="no_such_claim"):
        settle_claims(desk, notice_id, [4], [], {})
    settle_claims(desk, notice_id, [3], [], {1: "Avasimme kriisipuhelimen.", 2: "Vi öppnade en kristelefon."})
    approve_notice(desk, notice_id, "M")


def test_keeping_a_draft_that_is_as_it_was_leaves_no_entry(desk: Desk, planned: BreachId) -> None:
    notice_id, _ = draft_notice(desk, planned)
    with desk.read() as queries:
        texts, before = queries.notice(notice_id).texts, queries.trail.count()
    edit_notice(desk, notice_id, texts)
    with desk.read() as queries:
        assert queries.trail.count() == before
