"""Care: what the officer put on persons, and which rules the last plan found; audiences of a follow-up; saved filters."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from dpo_app.store.tables.base import Id, JsonText, UtcDateTime, metadata

care_mark = Table(
    "care_mark",
    metadata,
    Column("id", Id, primary_key=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    Column("person_id", Id, nullable=False),
    # A rule of `core.persons.care.MARKABLE`.
    Column("rule", String(20), nullable=False),
    # The channel of a wish; "" for the others and for a mark taken off.
    Column("value", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("marked_by", Text, nullable=False),
    Column("marked_at", UtcDateTime, nullable=False),
    Column("taken_off", Boolean, nullable=False),
    Column("current", Boolean, nullable=False),
    Index("ix_care_mark_person", "person_id", "rule", "current"),
    Index("ix_care_mark_breach", "breach_id", "current", "rule"),
)

#: The rules that apply, worked out with the plan: rows of the few who need care, so that lists can show and count them.
person_care = Table(
    "person_care",
    metadata,
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Column("rule", String(20), primary_key=True),
    Column("breach_id", ForeignKey("breach.id"), nullable=False),
    Index("ix_person_care_rule", "breach_id", "rule", "person_id"),
)

#: A notice that is for some persons only, and why those: `owed` = told under an older revision and now owed more.
notice_audience = Table(
    "notice_audience",
    metadata,
    Column("notice_id", ForeignKey("notice.id"), primary_key=True, autoincrement=False),
    Column("kind", String(10), nullable=False),
)

notice_recipient = Table(
    "notice_recipient",
    metadata,
    Column("notice_id", ForeignKey("notice.id"), primary_key=True, autoincrement=False),
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Index("ix_notice_recipient_person", "person_id", "notice_id"),
)

#: What a message to a person was made from: their exposure as planned when it was frozen. The plan of a revision is worked
#: out anew when dates or decisions change; what somebody was told is not.
told_plan = Table(
    "told_plan",
    metadata,
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Column("notice_id", ForeignKey("notice.id"), primary_key=True, autoincrement=False),
    Column("revision_id", ForeignKey("revision.id"), nullable=False),
    Column("exposure", String(12), nullable=False),
    Column("windows", Integer, nullable=False),
    # Their letter took the texts in easy language.
    Column("easy", Boolean, nullable=False, server_default="0"),
)

#: Filters of the person list by name. What was typed into the search is never kept.
saved_filter = Table(
    "saved_filter",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("document", JsonText, nullable=False),
)
