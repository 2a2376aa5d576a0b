"""The directory of supervisory authorities; needs no store."""

from __future__ import annotations

from typing import Any

import click

from dpo_app.cli.session import Session
from dpo_app.core.authority.authorities import Authority
from dpo_app.core.authority.authority_template import WebForm
from dpo_app.messages import word


def _line(each: Authority) -> str:
    mark = "" if each.verified else "  (unverified)"
    return f"{each.id:9} {each.name} [{' '.join(each.languages)}]  {each.site or '–'}{mark}"


def _document(each: Authority, form: WebForm | None) -> dict[str, Any]:
    return {
        "id": each.id, "country": each.country, "land": each.land, "name": each.name, "name_en": each.name_en,
        "languages": list(each.languages), "regime": each.regime.value, "scope": each.scope.value, "site": each.site,
        "postal": each.postal, "phone": each.phone,
        "channels": [{"kind": c.kind.value, "url": c.url, "note": c.note} for c in each.channels],
        "verified_on": each.verified_on.isoformat() if each.verified_on else None,
        "web_form": None if form is None else {
            "title": form.title, "sections": [s.title for s in form.sections],
            "verified_on": form.verified_on.isoformat() if form.verified_on else None,
        },
    }  # fmt: skip


@click.command()
@click.argument("text", default="")
@click.pass_obj
def authorities(session: Session, text: str) -> None:
    """List supervisory authorities; TEXT narrows the list: an id, a country, a language, a part of a name."""
    from dpo_app import bootstrap

    forms = bootstrap.forms()
    directory = forms.directory()
    found = directory.matching(text)
    lines = [_line(each) for each in found]
    if len(found) == 1:
        one = found[0]
        lines += [f"  {one.name_en}: {word(one.scope)}, {word(one.regime)}"]
        lines += [f"  {word(c.kind)}: {c.url} {c.note}".rstrip() for c in one.channels]
        form = forms.web_form(one.id)
        if form is not None:
            seen = "" if form.verified else " (nobody has seen the form, the order may differ)"
            lines.append(f"  {form.title}{seen}: {' · '.join(s.title for s in form.sections)}")
    session.say(
        {"version": directory.version, "authorities": [_document(each, forms.web_form(each.id)) for each in found]},
        *(lines or [f"No authority matches {text[:40]}."]),
    )


COMMANDS = (authorities,)
