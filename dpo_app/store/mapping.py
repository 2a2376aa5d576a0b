"""Core values to rows and back, one pair per type.

A round-trip property test keeps each pair honest (tests/store/test_mapping.py).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from dpo_app.core.facts.breach import Revision, SavedRevision
from dpo_app.core.facts.breach_document import document_from_revision, revision_from_document
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.notices.notice import Audience, Notice, NoticePhase, NoticeState, SectionKey, SectionText
from dpo_app.core.persons.channel import Channel


def revision_to_row(value: Revision) -> dict[str, Any]:
    """Return the columns of a revision that come from its facts."""
    return {
        "title": value.title,
        "reference": value.reference,
        "controller": value.controller,
        "known_as_of": value.known_as_of,
        "document": document_from_revision(value),
    }


def revision_from_row(row: Row[Any]) -> SavedRevision:
    """Return the revision of a row of `revision`."""
    return SavedRevision(
        id=row.id,
        breach_id=row.breach_id,
        number=row.number,
        author=row.author,
        recorded_at=row.recorded_at,
        facts=revision_from_document(row.document),
    )


def notice_to_row(value: Notice) -> dict[str, Any]:
    """Return the columns of a notice but its identity, creation and canonical bytes."""
    return {
        "breach_id": value.breach_id,
        "revision_id": value.revision_id,
        "version": value.version,
        "phase": value.phase.value,
        "state": value.state.value,
        "sha256": value.sha256,
        "approved_by": value.approved_by,
        "approved_at": value.approved_at,
        "document": {
            "languages": list(value.languages),
            "wording": value.wording,
            "fields": value.fields,
            "texts": [_text_document(text) for text in value.texts],
        },
    }


def notice_from_row(row: Row[Any]) -> Notice:
    """Return the notice of a row of `notice`."""
    document = row.document
    return Notice(
        breach_id=row.breach_id,
        revision_id=row.revision_id,
        version=row.version,
        languages=tuple(document["languages"]),
        texts=tuple(_text_from_document(text) for text in document["texts"]),
        phase=NoticePhase(row.phase),
        state=NoticeState(row.state),
        wording=document["wording"],
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        sha256=row.sha256,
        fields=document["fields"],
    )


def _text_document(text: SectionText) -> dict[str, Any]:
    audience = text.audience
    return {
        "section": text.section.value,
        "language": text.language,
        "text": text.text,
        "wording": text.wording,
        "exposures": sorted(audience.exposures),
        "channels": sorted(audience.channels),
        "categories": sorted(audience.categories),
        "min_age": audience.min_age,
        "below_age": audience.below_age,
        "easy": audience.easy,
    }


def _text_from_document(document: dict[str, Any]) -> SectionText:
    return SectionText(
        section=SectionKey(document["section"]),
        language=document["language"],
        text=document["text"],
        wording=document["wording"],
        audience=Audience(
            exposures=frozenset(ExposureState(value) for value in document["exposures"]),
            channels=frozenset(Channel(value) for value in document["channels"]),
            categories=frozenset(document["categories"]),
            min_age=document["min_age"],
            below_age=document["below_age"],
            easy=document.get("easy", False),
        ),
    )
