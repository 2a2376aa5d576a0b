"""Notices, the deliveries that carry them to persons, their events, and batches."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from dpo_app.core.delivery import ACTIVE
from dpo_app.store.tables.base import Id, JsonText, UtcDateTime, metadata

notice = Table(
    "notice",
    metadata,
    Column("id", Id, primary_key=True),
    Column("uid", String(32), nullable=False, unique=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    Column("revision_id", ForeignKey("revision.id"), nullable=False),
    # persons | authority | public
    Column("recipient", String(10), nullable=False),
    Column("version", Integer, nullable=False),
    Column("phase", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("document", JsonText, nullable=False),
    Column("canonical", LargeBinary),
    Column("sha256", String(64), nullable=False, default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("approved_by", Text, nullable=False, default=""),
    Column("approved_at", UtcDateTime),
    UniqueConstraint("breach_id", "recipient", "version"),
)

batch = Table(
    "batch",
    metadata,
    Column("id", Id, primary_key=True),
    Column("uid", String(32), nullable=False, unique=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    Column("notice_id", ForeignKey("notice.id"), nullable=False),
    Column("channel", String(8), nullable=False),
    # making | made | printed | posted | exported | reported_sent | withdrawn | sending | sent | stopped
    Column("state", String(14), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("settled_on", Date),
    Column("members", Integer, nullable=False),
    Column("pages", Integer, nullable=False, default=0),
    Column("sheets", Integer, nullable=False, default=0),
    Column("merkle_root", String(64), nullable=False, default=""),
    # Batch key of letters: layout, envelope, printing, sheets per letter, zone, languages.
    Column("facts", JsonText, nullable=False),
    # [{name, sha256, letters, pages}]
    Column("files", JsonText, nullable=False),
    Index("ix_batch_breach", "breach_id", "state"),
)

_active = text("state in ({})".format(", ".join(f"'{state.value}'" for state in sorted(ACTIVE))))

delivery = Table(
    "delivery",
    metadata,
    Column("id", Id, primary_key=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    Column("person_id", Id, nullable=False),
    Column("notice_id", ForeignKey("notice.id"), nullable=False),
    Column("channel", String(8), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("state", String(14), nullable=False),
    Column("state_at", UtcDateTime, nullable=False),
    # Twelve signs on the letter or in the e-mail: opaque, another one for each attempt.
    Column("token", String(12), nullable=False),
    Column("language", String(8), nullable=False),
    Column("batch_id", ForeignKey("batch.id")),
    # Place in its batch, from 1 without holes; 0 while in none.
    Column("number", Integer, nullable=False, default=0),
    Column("pages", Integer, nullable=False, default=0),
    Column("sha256", String(64), nullable=False, default=""),
    # Why it was refused, rejected, returned: a code, never a value of the person.
    Column("reason", String(30), nullable=False, default=""),
    # How often it was handed to a mail server, and when it is tried again (null: now, or not by itself).
    Column("tries", Integer, nullable=False, default=0, server_default="0"),
    Column("next_try_at", UtcDateTime),
    UniqueConstraint("person_id", "notice_id", "channel", "attempt"),
    Index("ix_delivery_token", "token", unique=True),
    Index("ix_delivery_batch", "batch_id", "number"),
    # The few in a state: unknown outcomes, and what waits.
    Index("ix_delivery_state", "breach_id", "state", "person_id"),
    Index("ix_delivery_standing", "breach_id", "person_id", "state", "state_at"),
    # Nobody can be on two ways at once (letters-and-email.md 6.1).
    Index(
        "ux_delivery_active", "person_id", "notice_id", unique=True,
        sqlite_where=_active, postgresql_where=_active,
    ),
)  # fmt: skip

delivery_event = Table(
    "delivery_event",
    metadata,
    Column("id", Id, primary_key=True),
    Column("delivery_id", Id, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("state", String(14), nullable=False),
    Column("source", String(10), nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Index("ix_delivery_event_delivery", "delivery_id", "id"),
)
