"""What a rehearsal found: how many messages are right, in which languages, how big, and who could not be sent one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from dpo_app.core.ids import grouped
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.parts import button, label, row, sign
from dpo_app.gui.widgets.plain_table import plain_table, put
from dpo_app.gui.words import language_name, number
from dpo_app.i18n import _, ngettext
from dpo_app.messages.rehearsal import left_out_reason, why_left_out
from dpo_app.services.mail.rehearse import Rehearsal

Fact = tuple[str, str, str, str]


class RehearsalSheet(QDialog):
    """The figures, and the list of those who would get nothing; a row opens the person."""

    def __init__(self, parent: QWidget, office: Office, found: Rehearsal) -> None:
        super().__init__(parent)
        self.office, self._named = office, found.named
        self.setObjectName("rehearsal_sheet")
        self.setWindowTitle(_("Rehearsal"))
        self.setMinimumWidth(theme.px(640))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(12))
        box.addWidget(label(_("Rehearsal"), "title"))
        box.addWidget(label(_("Every message was made and read again, as it is before it is sent. None was sent, and "
                              "nobody moved."), "second", wrap=True))  # fmt: skip
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(theme.px(8))
        grid.setColumnStretch(2, 1)
        for place, (icon, role, what, how) in enumerate(rehearsal_facts(found)):
            grid.addWidget(sign(icon, role, 18), place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(what), place, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(how, wrap=True, name=f"rehearsal_fact_{place}"), place, 2)
        box.addLayout(grid)
        shut = button(_("Close"), name="rehearsal_close")
        shut.clicked.connect(self.accept)
        foot = row(None, shut)
        if found.named:
            self._list(box, found)
            go = button(_("Open the person"), "", "user", "rehearsal_open")
            go.clicked.connect(self._open)
            foot.addWidget(go)
        box.addLayout(foot)

    def _list(self, box: QVBoxLayout, found: Rehearsal) -> None:
        self.table = plain_table([_("Name"), _("Code"), _("Why")], "rehearsal_left_out")
        self.table.setAccessibleName(_("Cannot be sent"))
        self.table.setMinimumHeight(theme.px(200))
        self.table.setRowCount(len(found.named))
        for place, line in enumerate(found.named):
            put(self.table, place, [line.name or "–", grouped(line.code), why_left_out(line.reason, line.wrong)])
        self.table.itemActivated.connect(lambda _item: self._open())
        self.table.selectRow(0)
        box.addWidget(self.table, 1)
        more = found.left_out + found.wrong - len(found.named)
        if more:
            box.addWidget(label(ngettext("{count} more is not shown", "{count} more are not shown", more).format(
                count=number(more)), "second"))  # fmt: skip

    def _open(self) -> None:
        place = self.table.currentRow()
        if 0 <= place < len(self._named):
            self.accept()
            self.office.page_wanted.emit("persons", {"person": self._named[place].person_id})


def rehearsal_facts(found: Rehearsal) -> list[Fact]:
    """Return the lines of the sheet: sign, colour, what, and how it is."""
    right = ngettext("{made} of {count} e-mail", "{made} of {count} e-mails", found.planned).format(
        made=number(found.made), count=number(found.planned)
    )
    rows: list[Fact] = [
        ("circle-check" if found.made == found.planned else "info-circle",
         "ok" if found.made == found.planned else "info", _("Ready to send"), right),
    ]  # fmt: skip
    if found.wrong:
        rows.append(("circle-x", "danger", _("Not as planned"), ngettext(
            "{count} does not say what the ledger says; a run would stop there",
            "{count} do not say what the ledger says; a run would stop there", found.wrong,
        ).format(count=number(found.wrong))))  # fmt: skip
    for reason, count in found.reasons.most_common():
        rows.append(("alert-triangle", "warn", _("Cannot be sent"), f"{number(count)}: {left_out_reason(reason)}"))
    if found.made:
        languages = ", ".join(f"{language_name(code)} {number(count)}" for code, count in found.languages.most_common())
        rows.append(("language", "info", _("Languages"), languages))
        rows.append(("file-text", "info", _("Different texts"), number(len(found.texts))))
        rows.append(("mail", "info", _("Size"), _("{average} on average, {largest} at most, {total} together").format(
            average=size_words(found.total_bytes // found.made), largest=size_words(found.largest),
            total=size_words(found.total_bytes))))  # fmt: skip
    return rows


def size_words(size: int) -> str:
    """Return a size as people read it."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1_000))} kB"
    return f"{size / 1_000_000:.1f} MB"
