"""Layouts that come with the program and those the officer made, and the letterhead: picture and colour."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dpo_app.core.errors import InputError
from dpo_app.core.letters.layout import Layout, LayoutFault, layout_from_document
from dpo_app.core.proof.audit import AuditAction
from dpo_app.services.ports.desk import Desk
from dpo_app.services.ports.store import Queries
from dpo_app.services.progress import Changes, Topic

OWN = "own"
LOGO_BYTES = 2_000_000
_SETTING, _HEAD_SETTING = "letter_layouts", "letterhead"
_ID = re.compile(r"^own-[a-z0-9-]{1,24}$")


@dataclass(frozen=True)
class LetterLook:
    """What the organisation's letters look like beside its name: `logo` is a PNG or JPEG file, `colour` `#rrggbb`."""

    logo: bytes = b""
    colour: str = ""


def own_layouts(queries: Queries) -> dict[str, dict[str, Any]]:
    """Return the documents of the officer's layouts by id."""
    return dict(queries.setting(_SETTING) or {})


def known_layouts(desk: Desk, queries: Queries) -> dict[str, Layout]:
    """Return all layouts by id, the officer's own last."""
    own = {key: layout_from_document(document) for key, document in sorted(own_layouts(queries).items())}
    return {**desk.letters.layouts(), **own}


def layout_named(desk: Desk, queries: Queries, layout_id: str) -> Layout:
    """Return a layout. Raises InputError("no_such_layout")."""
    found = known_layouts(desk, queries)
    if layout_id not in found:
        raise InputError("no_such_layout", layout=layout_id, known=", ".join(found))
    return found[layout_id]


def check_layout(document: Mapping[str, Any]) -> tuple[Layout, list[tuple[LayoutFault, str]]]:
    """Return a layout as it would be, and what is wrong with it. Raises InputError("bad_layout")."""
    layout = layout_from_document(document)
    return layout, layout.faults()


def save_layout(desk: Desk, document: Mapping[str, Any]) -> Changes:
    """Keep a layout of the officer's own. Raises InputError: "bad_layout", "layout_faults" for one that does not hold
    for each of its envelopes."""
    layout, faults = check_layout(document)
    if not _ID.match(layout.id):
        raise InputError("bad_layout", field="id")
    if faults:
        raise InputError("layout_faults", fault=faults[0][0], part=faults[0][1])
    with desk.begin() as uow:
        own = own_layouts(uow.queries)
        own[layout.id] = {**document, "status": OWN}
        uow.settings.put(_SETTING, own)
        uow.audit.record(AuditAction.SETTINGS_CHANGED, facts={"name": layout.id})
        uow.commit()
    return Changes.of(None, Topic.SETTINGS)


def remove_layout(desk: Desk, layout_id: str) -> Changes:
    """Forget a layout of the officer's own; batches made with it keep their copy. Raises InputError("no_such_layout")."""
    with desk.begin() as uow:
        own = own_layouts(uow.queries)
        if own.pop(layout_id, None) is None:
            raise InputError("no_such_layout", layout=layout_id, known=", ".join(own))
        uow.settings.put(_SETTING, own)
        uow.audit.record(AuditAction.SETTINGS_CHANGED, facts={"name": layout_id})
        uow.commit()
    return Changes.of(None, Topic.SETTINGS)


def letter_look(queries: Queries) -> LetterLook:
    """Return picture and colour of the letterhead."""
    kept = queries.setting(_HEAD_SETTING) or {}
    return LetterLook(b64decode(kept.get("logo", "")), str(kept.get("colour", "")))


def save_look(desk: Desk, look: LetterLook) -> Changes:
    """Keep picture and colour of the letterhead. Raises InputError: "bad_logo", "bad_colour" if it is too pale to be
    read."""
    if look.logo:
        desk.letters.logo(look.logo)
    desk.letters.colour(look.colour)
    with desk.begin() as uow:
        uow.settings.put(_HEAD_SETTING, {"logo": b64encode(look.logo).decode(), "colour": look.colour})
        uow.audit.record(AuditAction.SETTINGS_CHANGED, facts={"name": "letterhead"})
        uow.commit()
    return Changes.of(None, Topic.SETTINGS)
