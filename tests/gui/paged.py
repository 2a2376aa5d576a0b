"""A window on a breach with persons, a plan and, where wanted, an approved notice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dpo_app import bootstrap
from dpo_app.core.ids import BreachId, NoticeId
from dpo_app.gui.desktop import Desktop
from dpo_app.services.desk.manage_store import save_organisation
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.facts.record_breach import add_breach
from dpo_app.services.notices.write_notice import draft_notice
from dpo_app.services.ports.desk import Desk
from dpo_app.store import vault
from tests.approving import approve_notice
from tests.builders import a_register, a_revision, a_row, an_organisation
from tests.conftest import bring_in
from tests.gui.conftest import Hand

FOREIGN = "\u6f22\u5b57"
#: Three by letter (one of them cannot be printed), two by e-mail, one who is protected.
ROWS = [
    a_row(1), a_row(2, **{"Sähköposti": ""}), a_row(3, **{"Sähköposti": "", "Kieli": "sv"}), a_row(4),
    a_row(5, Turvakielto="1"), a_row(6, **{"Sähköposti": "", "Sukunimi": f"Abc{FOREIGN}"}),
]  # fmt: skip


def a_desk(opened: vault.OpenStore, folder: Path, *, approved: bool) -> Desk:
    """Fill a store and return its desk."""
    save_organisation(bootstrap.build(opened, "Tester"), an_organisation())
    desk = bootstrap.build(opened, "Tester")
    breach_id = add_breach(desk, a_revision()).breach_id
    bring_in(desk, breach_id, a_register(folder / "register.csv", ROWS))
    make_plan(desk, breach_id)
    if approved:
        approve_notice(desk, draft_notice(desk, breach_id)[0], "Maija Mallikas")
    return desk


def go_to(desktop: Desktop, hand: Hand, opened: vault.OpenStore, desk: Desk, page: str) -> Any:
    """Open the window at a page and return the page once nothing runs."""
    desktop.use(opened, desk, opened.folder)
    hand.until(lambda: desktop.main is not None and desktop.main.breach_id is not None and not desktop.runner.busy())
    desktop.main.show()
    hand.click(f"tab_{page}")
    hand.until(lambda: not desktop.runner.busy())
    return desktop.main.page(page)


def kept(desk: Desk, notice: int = 1) -> Any:
    """Return a notice as the store has it."""
    with desk.read() as queries:
        return queries.notice(NoticeId(notice))


def standing(desk: Desk) -> Any:
    """Return where everybody stands, as the store has it."""
    with desk.read() as queries:
        return queries.standings(BreachId(1), queries.newest_revision(BreachId(1)).id)
