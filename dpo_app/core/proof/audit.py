"""The audit trail: entries in a canonical form, chained so that nothing can be changed, removed or reordered unseen.

Security.md section 5. An entry's hash is SHA-256(0x00 | "audit-v1" | canonical bytes); the head after entry n is
SHA-256(0x01 | head n-1 | entry hash n); the chain begins with a head that binds the store. The form is published with
test vectors in tests/data/audit-vectors.json, so that anybody can verify without us.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, NamedTuple

from dpo_app.core.digests import hmac_sha256, same, sha256

FORMAT = "audit-v1"
Fact = int | str
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class AuditAction(StrEnum):
    """What an entry records; `messages.audit` has a sentence for each."""

    STORE_CREATED = "store_created"
    UNLOCKED = "unlocked"
    LOCKED = "locked"
    LOCKED_WHILE_SENDING = "locked_while_sending"
    WAY_IN_CHANGED = "way_in_changed"
    WAY_IN_ADDED = "way_in_added"
    WAY_IN_REMOVED = "way_in_removed"
    ROLLBACK_ACCEPTED = "rollback_accepted"
    SCHEMA_UPDATED = "schema_updated"
    CLOCK_DOUBT = "clock_doubt"
    SETTINGS_CHANGED = "settings_changed"
    BREACH_ADDED = "breach_added"
    REVISION_ADDED = "revision_added"
    AWARE_RECORDED = "aware_recorded"
    ANCHOR_RECORDED = "anchor_recorded"
    DUTY_MET = "duty_met"
    DELAY_REASONED = "delay_reasoned"
    TARGET_SET = "target_set"
    LAW_CHOSEN = "law_chosen"
    CLOCK_FACT_SET = "clock_fact_set"
    CONTRACT_RECORDED = "contract_recorded"
    CLOCK_TAKEN_BACK = "clock_taken_back"
    EVIDENCE_KEPT = "evidence_kept"
    EVIDENCE_SAVED = "evidence_saved"
    EVIDENCE_NOT_SAVED = "evidence_not_saved"
    EVIDENCE_VERIFIED = "evidence_verified"
    RISK_ASSESSED = "risk_assessed"
    IMPORT_ACCEPTED = "import_accepted"
    IMPORT_STAGED = "import_staged"
    IMPORT_CORRECTED = "import_corrected"
    IMPORT_DISCARDED = "import_discarded"
    IMPORT_UNDONE = "import_undone"
    IMPORT_LINKED = "import_linked"
    PAIR_DECIDED = "pair_decided"
    PAIRS_LEFT = "pairs_left"
    PAIR_REOPENED = "pair_reopened"
    REGISTER_LINKED = "register_linked"
    PERSONS_MERGED = "persons_merged"
    PERSONS_UNMERGED = "persons_unmerged"
    PERSONS_CORRECTED = "persons_corrected"
    CORRECTION_UNDONE = "correction_undone"
    PLAN_MADE = "plan_made"
    EXPOSURE_OVERRULED = "exposure_overruled"
    CHANNEL_CHANGED = "channel_changed"
    EXCUSED = "excused"
    CARE_MARKED = "care_marked"
    CARE_TAKEN_OFF = "care_taken_off"
    ADDRESS_SHOWN = "address_shown"
    OWED_LISTED = "owed_listed"
    FOLLOW_UP_DRAFTED = "follow_up_drafted"
    DATES_CORRECTED = "dates_corrected"
    RECORD_EXPORTED = "record_exported"
    MESSAGE_SHOWN = "message_shown"
    COPIED = "copied"
    FILTER_SAVED = "filter_saved"
    FILTER_REMOVED = "filter_removed"
    CODE_CHECKED = "code_checked"
    IDENTITY_TRIED = "identity_tried"
    ENQUIRY_ADDED = "enquiry_added"
    ENQUIRY_CLOSED = "enquiry_closed"
    PERSON_VIEWED = "person_viewed"
    ID_SHOWN = "id_shown"
    SEARCHED = "searched"
    LIST_EXPORTED = "list_exported"
    NOTICE_DRAFTED = "notice_drafted"
    NOTICE_EDITED = "notice_edited"
    NOTICE_APPROVED = "notice_approved"
    LETTERS_FROZEN = "letters_frozen"
    LETTERS_MADE = "letters_made"
    LETTERS_STOPPED = "letters_stopped"
    LETTERS_REFUSED = "letters_refused"
    LETTERS_PRINTED = "letters_printed"
    LETTERS_POSTED = "letters_posted"
    LETTERS_RETURNED = "letters_returned"
    LETTER_REPRINTED = "letter_reprinted"
    LETTERS_CLOSED = "letters_closed"
    PUBLIC_PUBLISHED = "public_published"
    RETURN_TAKEN_BACK = "return_taken_back"
    ADDRESS_CORRECTED = "address_corrected"
    BATCH_WITHDRAWN = "batch_withdrawn"
    EMAILS_FROZEN = "emails_frozen"
    EMAILS_EXPORTED = "emails_exported"
    EMAILS_REPORTED_SENT = "emails_reported_sent"
    EMAILS_DRAFTED = "emails_drafted"
    MAILBOX_READ = "mailbox_read"
    SENDER_CHECKED = "sender_checked"
    PAGE_WRITTEN = "page_written"
    MAIL_CAME_BACK = "mail_came_back"
    MAIL_DECIDED = "mail_decided"
    BOUNCE_TAKEN_BACK = "bounce_taken_back"
    LADDER_MOVED = "ladder_moved"
    AUTHORITY_DRAFTED = "authority_drafted"
    AUTHORITY_EDITED = "authority_edited"
    AUTHORITY_APPROVED = "authority_approved"
    AUTHORITY_TOLD = "authority_told"
    AUTHORITY_LOGGED = "authority_logged"
    AUTHORITY_COPIED = "authority_copied"
    MAIL_SERVER_TRIED = "mail_server_tried"
    TRIAL_SENT = "trial_sent"
    BREACH_ARMED = "breach_armed"
    BREACH_DISARMED = "breach_disarmed"
    SENDING_REHEARSED = "sending_rehearsed"
    SENDING_BEGAN = "sending_began"
    SENDING_ENDED = "sending_ended"
    SENDING_STOPPED = "sending_stopped"
    EMAILS_HANDED_OVER = "emails_handed_over"
    HANDOVERS_FOUND = "handovers_found"
    EMAILS_RESOLVED = "emails_resolved"
    EMAILS_RELEASED = "emails_released"
    SERVER_LOG_READ = "server_log_read"
    AUDIT_EXPORTED = "audit_exported"
    REGISTER_EXPORTED = "register_exported"
    BUNDLE_EXPORTED = "bundle_exported"
    VERIFIED = "verified"


class ClockFlag(StrEnum):
    """How far the time of an entry can be trusted."""

    PLAIN = "plain"
    BEHIND = "behind"


@dataclass(frozen=True)
class AuditEntry:
    """One entry. Subjects are opaque references (32 hex digits), facts are small and never personal, commitments are
    HMACs under a key that can be erased, as hex. `at` is UTC; only milliseconds count."""

    seq: int
    store_id: str
    at: datetime
    monotonic_ms: int
    boot_id: str
    clock: ClockFlag
    actor: str
    device: str
    program: str
    action: AuditAction
    subjects: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    commitments: Mapping[str, str] = field(default_factory=dict)


def _instant(value: datetime) -> str:
    return value.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def canonical(entry: AuditEntry) -> bytes:
    """Return the canonical bytes of an entry: JSON, keys sorted, no blanks, NFC, integers only, no nulls."""
    for name, value in entry.facts.items():
        if isinstance(value, bool) or not isinstance(value, (int, str)):
            raise TypeError(f"fact {name} must be a whole number or a text")
    document = {
        "format": FORMAT,
        "seq": entry.seq,
        "store": entry.store_id,
        "at": _instant(entry.at),
        "monotonic_ms": entry.monotonic_ms,
        "boot": entry.boot_id,
        "clock": entry.clock.value,
        "actor": entry.actor,
        "device": entry.device,
        "program": entry.program,
        "action": entry.action.value,
        "subjects": list(entry.subjects),
        "facts": dict(entry.facts),
        "commitments": dict(entry.commitments),
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return unicodedata.normalize("NFC", text).encode()


def genesis(store_id: str) -> bytes:
    """Return the head before the first entry; it binds the store (32 hex digits)."""
    return sha256(b"\x02" + FORMAT.encode() + bytes.fromhex(store_id))


def entry_hash(canonical_bytes: bytes) -> bytes:
    """Return the hash of an entry's canonical bytes."""
    return sha256(b"\x00" + FORMAT.encode() + canonical_bytes)


def next_head(head: bytes, hash_of_entry: bytes) -> bytes:
    """Return the head after an entry."""
    return sha256(b"\x01" + head + hash_of_entry)


def seal(mac_key: bytes, head: bytes) -> bytes:
    """Return the seal of a head: whoever edits the file with tools and re-hashes the chain does not have the key."""
    return hmac_sha256(mac_key, b"head|" + head)


def commitment(person_key: bytes, field_name: str, value: str) -> str:
    """Return what proves later that a field had a value, and nothing once its key (the person's, or that of the
    officer's words) is erased; hex."""
    return hmac_sha256(person_key, f"{field_name}|{value}".encode()).hex()


#: Facts in the officer's own words: they may name persons. An entry holds commitments to them only; the words stand in
#: a table of their own, from which they can be erased without touching the chain.
REMARKS = frozenset({"reason", "source", "place"})


class Remark(NamedTuple):
    """Words of the officer that belong to an entry: which fact, the random key of the commitment, the words."""

    name: str
    key: bytes
    text: str

    def __repr__(self) -> str:
        return f"Remark({self.name!r})"


class ShownEntry(NamedTuple):
    """What lists of entries filter and sort by: milliseconds since 1970, actor, action and subjects beside the
    canonical bytes. An edit there alone would lie on the screen while the chain stays whole."""

    at_ms: int
    actor: str
    action: str
    subjects: frozenset[str]


class KeptEntry(NamedTuple):
    """An entry as kept: its place, canonical bytes, head after it, the seal of that head, the copy that lists are made
    from (None outside a store), and the officer's words as far as they are not erased."""

    seq: int
    canonical: bytes
    head: bytes
    mac: bytes
    shown: ShownEntry | None = None
    remarks: tuple[Remark, ...] = ()


class TrailState(StrEnum):
    """What a verification found."""

    INTACT = "intact"
    ALTERED = "altered"
    BEHIND = "behind"


class Verdict(NamedTuple):
    """State, number of entries walked, last head, and the first sequence at which the chain does not hold (0: none)."""

    state: TrailState
    entries: int
    head: bytes
    first_bad: int = 0


def verify(
    kept: Iterable[KeptEntry], store_id: str, mac_key: bytes | None, expected_head: bytes | None = None
) -> Verdict:
    """Walk the whole trail from its genesis.

    Altered: a sequence is missing or out of order, canonical bytes do not read as an entry of this store and place or
    not as lists show it, the officer's words are not those the entry is committed to, a head does not follow, a seal is
    wrong or missing. Words that are gone were erased: that is no alteration. Behind: whole, but `expected_head` (a
    printed head) is not in it.
    """
    head = genesis(store_id)
    seen_expected = expected_head is None or same(expected_head, head)
    count = 0
    for entry in kept:
        count += 1
        follows = next_head(head, entry_hash(entry.canonical))
        whole = (
            entry.seq == count
            and _reads_as(entry, store_id)
            and same(entry.head, follows)
            and (mac_key is None or same(entry.mac, seal(mac_key, follows)))
        )
        if not whole:
            return Verdict(TrailState.ALTERED, count, head, count)
        head = follows
        seen_expected = seen_expected or (expected_head is not None and same(expected_head, head))
    return Verdict(TrailState.INTACT if seen_expected else TrailState.BEHIND, count, head)


def _reads_as(entry: KeptEntry, store_id: str) -> bool:
    try:
        document = json.loads(entry.canonical)
        own = bool(document["seq"] == entry.seq and document["store"] == store_id and document["format"] == FORMAT)
        kept = document["commitments"]
        words = all(same(kept[each.name].encode(), _of(each)) for each in entry.remarks)
        return own and words and (entry.shown is None or entry.shown == _shown(document))
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def _of(remark: Remark) -> bytes:
    return commitment(remark.key, remark.name, remark.text).encode()


def _shown(document: Mapping[str, Any]) -> ShownEntry:
    since = datetime.fromisoformat(document["at"]) - _EPOCH
    subjects = frozenset(document["subjects"])
    return ShownEntry(since // timedelta(milliseconds=1), document["actor"], document["action"], subjects)


#: A clock further behind the last entry than this is flagged (security.md section 10).
CLOCK_TOLERANCE = timedelta(minutes=2)


def clock_flag(now: datetime, last: datetime | None) -> ClockFlag:
    """Return whether the clock stands behind the last entry."""
    return ClockFlag.BEHIND if last is not None and now < last - CLOCK_TOLERANCE else ClockFlag.PLAIN
