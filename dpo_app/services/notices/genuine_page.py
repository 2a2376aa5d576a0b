"""The page for the organisation's web site: how people know that a message is genuine. A reviewed text, filled with the
organisation's own data; written as a file that can be put on the site."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dpo_app.core.errors import RuleError
from dpo_app.core.notices.notice import Block, BlockKind, Field, Run
from dpo_app.core.notices.notice_html import html_text, site_of
from dpo_app.core.notices.notice_text import fill_fields, parse, placeholders, plain_text
from dpo_app.core.organisation import Organisation
from dpo_app.core.proof.audit import AuditAction
from dpo_app.files import write_bytes
from dpo_app.services.ports.desk import Desk


@dataclass(frozen=True)
class GenuinePage:
    """The page in one language: title, plain text, HTML, and the reviewed text it came from as `id@version`."""

    language: str
    title: str
    text: str
    html: str
    wording: str


def genuine_page(desk: Desk, language: str) -> GenuinePage:
    """Return the page. Raises RuleError("no_page_text"), RuleError("page_lacks") if the organisation lacks what it
    names."""
    with desk.read() as queries:
        own = Organisation.from_document(queries.setting("organisation") or {})
    page = desk.wording.genuine_page(language)
    values = {
        Field.CONTROLLER.value: own.name, Field.PHONE.value: own.phone, Field.HOURS.value: own.hours,
        Field.EMAIL.value: own.email, Field.WEB_PAGE.value: own.web_page,
    }  # fmt: skip
    lacking = sorted(name for name in placeholders(page.text) if not values.get(name))
    if lacking:
        raise RuleError("page_lacks", field=lacking[0])
    title = Block(BlockKind.TITLE, (Run(page.title),))
    blocks = (title, *fill_fields(parse(page.text), values))
    html = html_text(blocks, language, page.title, site_of(own.web_page), {})
    return GenuinePage(language, page.title, plain_text(blocks), html, f"{page.id}@{page.version}")


def save_genuine_page(desk: Desk, language: str, path: Path) -> GenuinePage:
    """Write the page, as HTML or, to a name that ends in .txt, as plain text; an entry of the trail. Raises as
    `genuine_page`, InputError("file_exists")."""
    page = genuine_page(desk, language)
    write_bytes(path, (page.text if path.suffix.lower() == ".txt" else page.html).encode())
    if not desk.read_only:
        with desk.begin() as uow:
            uow.audit.record(AuditAction.PAGE_WRITTEN, facts={"language": language, "wording": page.wording})
            uow.commit()
    return page
