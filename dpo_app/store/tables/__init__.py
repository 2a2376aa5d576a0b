"""All tables of the store on one `metadata`; importing this package makes them known."""

from __future__ import annotations

from dpo_app.store.tables.audit import audit_entry, audit_remark, audit_subject
from dpo_app.store.tables.authority import authority_event, authority_file
from dpo_app.store.tables.base import metadata
from dpo_app.store.tables.breach import breach, decision, revision, setting
from dpo_app.store.tables.care import care_mark, notice_audience, notice_recipient, person_care, saved_filter, told_plan
from dpo_app.store.tables.clock import clock_record
from dpo_app.store.tables.enquiry import enquiry
from dpo_app.store.tables.facts import assessment, evidence, evidence_chunk
from dpo_app.store.tables.linkage import correction, correction_change, link_pair, person_merge
from dpo_app.store.tables.notice import batch, delivery, delivery_event, notice
from dpo_app.store.tables.person import import_run, person, person_key, person_plan
from dpo_app.store.tables.returned_mail import returned_mail
from dpo_app.store.tables.sending import arming, handover
from dpo_app.store.tables.staging import import_profile, person_before, staged_problem, staged_row

__all__ = [
    "arming", "assessment", "audit_entry", "audit_remark", "audit_subject", "authority_event", "authority_file", "batch",
    "breach", "care_mark", "clock_record", "correction", "correction_change", "decision", "delivery", "delivery_event", "enquiry",
    "evidence", "evidence_chunk", "handover", "import_profile", "import_run", "link_pair", "metadata", "notice",
    "notice_audience", "notice_recipient", "person", "person_before", "person_care", "person_key", "person_merge",
    "person_plan", "returned_mail", "revision", "saved_filter", "setting", "staged_problem", "staged_row",
    "told_plan",
]  # fmt: skip
