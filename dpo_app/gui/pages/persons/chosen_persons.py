"""What is done with the persons chosen in the list: decisions, marks, the clipboard, a file. A thousand are one call."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from dpo_app.core.ids import BreachId, PersonId
from dpo_app.core.persons.care import CareRule
from dpo_app.core.proof.audit import AuditAction
from dpo_app.files import write_bytes
from dpo_app.gui.office import Office
from dpo_app.gui.words import counted, number
from dpo_app.i18n import _, ngettext
from dpo_app.services.desk.manage_store import decide, note
from dpo_app.services.lines import PersonFilter
from dpo_app.services.notices.owed import owed_persons
from dpo_app.services.persons.export_persons import COLUMNS, copied_text, export_rows
from dpo_app.services.persons.mark_care import Marked, mark_care


def export_headings() -> list[str]:
    """Return the headings of `export_persons.COLUMNS` in the language of the screen."""
    known = {
        "code": _("Reference"), "family_name": _("Family name"), "given_names": _("Given names"),
        "birth_year": _("Birth year"), "language": _("Language"), "exposure": _("Exposure"), "channel": _("Channel"),
        "channel_reason": _("Why"), "standing": _("Standing"),
    }  # fmt: skip
    return [known[name] for name in COLUMNS]


class ChosenPersons:
    """Acts for a page on what `chosen` returns; the page asks, this asks for the reason."""

    def __init__(self, page: QWidget, office: Office, chosen: Callable[[], tuple[BreachId, list[int]] | None]) -> None:
        self._page, self._office, self._chosen = page, office, chosen

    def _asked(self) -> tuple[BreachId, list[PersonId], str] | None:
        found = self._chosen()
        if found is None or not found[1]:
            return None
        reason = self._office.dialogs.text(
            self._page, _("Reason"), _("Why? It stands in the audit trail, so name nobody.")
        )
        return None if reason is None else (found[0], list(map(PersonId, found[1])), reason)

    def decide(self, kind: str, value: str) -> None:
        """Overrule exposure or channel of all of them, or excuse them."""
        asked, desk = self._asked(), self._office.desk
        if asked is not None:
            breach_id, ids, reason = asked
            self._office.do(
                lambda _p: decide(desk, breach_id, ids, kind, value, reason), None, _("Keeping the decision"), long=True
            )

    def mark(self, rule: str) -> None:
        """Put a mark of care on all of them."""
        asked, desk = self._asked(), self._office.desk
        if asked is None:
            return
        breach_id, ids, reason = asked

        def then(marked: Marked) -> None:
            if marked.in_hand:
                text = ngettext(
                    "{count} message to them lies ready: take it out by hand before it leaves. The persons' panes say where.",
                    "{count} messages to them lie ready: take them out by hand before they leave. The persons' panes say where.",
                    len(marked.in_hand),
                )
                self._office.dialogs.tell(
                    self._page, _("Take a message out"), text.format(count=number(len(marked.in_hand)))
                )

        self._office.do(
            lambda _p: mark_care(desk, breach_id, ids, CareRule(rule), reason), then, _("Keeping the mark"), long=True
        )

    def copy(self) -> None:
        """Put them on the clipboard with headings, on purpose only; those with a protected address stay out."""
        found, desk = self._chosen(), self._office.desk
        if found is None or not found[1]:
            return
        breach_id, ids = found
        headings = export_headings()

        def then(copied: tuple[str, int]) -> None:
            QGuiApplication.clipboard().setText(copied[0])
            text = ngettext("{count} row is copied; protected addresses stay out.",
                            "{count} rows are copied; protected addresses stay out.", copied[1])  # fmt: skip
            self._office.toast.emit(text.format(count=number(copied[1])))

        self._office.do(lambda _p: copied_text(desk, breach_id, ids, headings), then)

    def export(self, breach_id: BreachId, wanted: PersonFilter, chosen: Sequence[int] | None = None) -> None:
        """Write the filtered list, or those chosen, to a file that is safe to open."""
        desk = self._office.desk
        path = self._office.dialogs.save_file(
            self._page, _("Export the list"), "persons.xlsx", "XLSX (*.xlsx);;CSV (*.csv)"
        )
        if path is None:
            return

        def work(_progress: Any) -> int:
            rows = list(export_rows(desk, breach_id, wanted, chosen))
            make = desk.sheets.csv if path.suffix.lower() == ".csv" else desk.sheets.xlsx
            write_bytes(path, make(COLUMNS, rows))
            note(desk, AuditAction.LIST_EXPORTED, persons=len(rows))
            return len(rows)

        def written(count: int) -> None:
            self._office.toast.emit(
                counted("{count} person written; protected addresses stay out of files.",
                        "{count} persons written; protected addresses stay out of files.", count)
            )  # fmt: skip

        self._office.do(work, written, _("Writing the list"))


def listed_ids(
    queries: Any, breach_id: BreachId, revision_id: Any, wanted: PersonFilter, order: str, down: bool,
    only: frozenset[int] | None, limit: int | None = None,
) -> Any:  # fmt: skip
    """Return the numbers of a list in order: of a filter, and of those a link named or who are owed more."""
    if wanted.owed:
        owed = frozenset(owed_persons(queries, breach_id).ids)
        only = owed if only is None else only & owed
    if only is None:
        return queries.person_ids(breach_id, revision_id, wanted, order, down, limit)
    whole = queries.person_ids(breach_id, revision_id, wanted, order, down)
    found = array("q", (each for each in whole if each in only))
    return found[:limit]
