from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpo_app.core.digests import merkle_root, sha256
from dpo_app.core.proof import audit
from dpo_app.core.proof.audit import AuditAction, AuditEntry, ClockFlag, KeptEntry, TrailState
from dpo_app.core.sequence import Sequence

STORE = "0123456789abcdef" * 2
KEY = b"k" * 32
VECTORS = Path(__file__).parent.parent / "data" / "audit-vectors.json"


def an_entry(seq: int, **facts: int | str) -> AuditEntry:
    return AuditEntry(
        seq, STORE, datetime(2026, 11, 24, 9, 0, seq % 60, 123000, tzinfo=UTC), 1000 + seq, "boot", ClockFlag.PLAIN,
        "Tester", "desk", "0.1.0", AuditAction.PLAN_MADE, ("ab" * 16,), facts or {"persons": seq},
    )  # fmt: skip


def a_trail(length: int) -> list[KeptEntry]:
    head, kept = audit.genesis(STORE), []
    for seq in range(1, length + 1):
        form = audit.canonical(an_entry(seq))
        head = audit.next_head(head, audit.entry_hash(form))
        kept.append(KeptEntry(seq, form, head, audit.seal(KEY, head)))
    return kept


def test_published_vectors() -> None:
    vectors = json.loads(VECTORS.read_text("utf-8"))
    head = bytes.fromhex(vectors["genesis"])
    assert head == audit.genesis(vectors["store"])
    for each in vectors["entries"]:
        form = each["canonical"].encode()
        assert audit.entry_hash(form).hex() == each["entry_hash"]
        head = audit.next_head(head, bytes.fromhex(each["entry_hash"]))
        assert head.hex() == each["head"]
    assert audit.canonical(an_entry(1)).decode() == vectors["entries"][0]["canonical"]


def test_whole_trail_is_intact_and_knows_its_printed_heads() -> None:
    kept = a_trail(20)
    assert audit.verify(kept, STORE, KEY).state is TrailState.INTACT
    assert audit.verify(kept, STORE, KEY, kept[7].head).state is TrailState.INTACT
    assert audit.verify(kept[:5], STORE, KEY, kept[7].head).state is TrailState.BEHIND
    assert audit.verify([], STORE, KEY).entries == 0


def _attack(kept: list[KeptEntry], pick: Sequence) -> tuple[list[KeptEntry], int]:
    """Change a trail in one of many ways; returns it with the first sequence that must be named."""
    place = pick.below(len(kept) - 1)
    kind = pick.below(6)
    changed = list(kept)
    if kind == 0:
        changed[place] = changed[place]._replace(canonical=changed[place].canonical.replace(b"Tester", b"Nobody"))
    elif kind == 1:
        del changed[place]
    elif kind == 2:
        changed.insert(place, changed[place])
        return changed, place + 2
    elif kind == 3:
        changed[place], changed[place + 1] = changed[place + 1], changed[place]
    elif kind == 4:
        changed[place] = changed[place]._replace(mac=b"\x00" * 32)
    else:
        # Edited and hashed again by somebody without the key.
        head = audit.genesis(STORE) if place == 0 else changed[place - 1].head
        for at in range(place, len(changed)):
            form = changed[at].canonical.replace(b"Tester", b"Nobody") if at == place else changed[at].canonical
            head = audit.next_head(head, audit.entry_hash(form))
            changed[at] = changed[at]._replace(canonical=form, head=head)
    return changed, place + 1


def test_a_thousand_attacks_are_found_at_the_right_entry() -> None:
    kept, pick = a_trail(30), Sequence(11)
    for _ in range(1_000):
        changed, first_bad = _attack(kept, pick)
        verdict = audit.verify(changed, STORE, KEY)
        assert (verdict.state, verdict.first_bad) == (TrailState.ALTERED, first_bad)


def test_cut_tail_shows_against_a_printed_head() -> None:
    kept = a_trail(30)
    assert audit.verify(kept[:-1], STORE, KEY, kept[-1].head).state is TrailState.BEHIND


def test_facts_are_whole_numbers_or_text() -> None:
    with pytest.raises(TypeError):
        audit.canonical(an_entry(1, share=0.5))  # type: ignore[arg-type]


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_merkle_root_equals_a_second_computation(leaves: list[bytes]) -> None:
    level = [sha256(b"\x00" + leaf) for leaf in leaves]
    while len(level) > 1:
        paired = [sha256(b"\x01" + a + b) for a, b in zip(level[::2], level[1::2], strict=False)]
        level = paired + ([level[-1]] if len(level) % 2 else [])
    assert merkle_root(leaves) == (level[0] if level else sha256(b""))


def test_commitments_say_nothing_without_the_key() -> None:
    assert audit.commitment(b"a" * 32, "name", "X") != audit.commitment(b"b" * 32, "name", "X")
