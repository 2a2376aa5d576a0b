"""The directory of supervisory authorities: found by words, with languages, site and how far anybody has checked it."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from dpo_app.core.authority.authorities import Authority
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.gui.widgets.plain_table import narrow, plain_table, put
from dpo_app.gui.words import day
from dpo_app.i18n import _
from dpo_app.messages import word


class DirectorySheet(QDialog):
    """All authorities; what is typed narrows the list."""

    def __init__(self, parent: QWidget, office: Office) -> None:
        super().__init__(parent)
        self._forms = office.desk.forms
        self.setObjectName("directory_sheet")
        self.setWindowTitle(_("Supervisory authorities"))
        self.setMinimumSize(theme.px(900), theme.px(560))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(12))
        box.addWidget(label(_("Supervisory authorities"), "title"))
        box.addWidget(label(_("Addresses that nobody has checked are marked so, and printed in no notice."), "second",
                            wrap=True))  # fmt: skip
        self.search = QLineEdit()
        self.search.setObjectName("directory_search")
        self.search.setPlaceholderText(_("Country, language or a part of the name"))
        self.search.setAccessibleName(_("Country, language or a part of the name"))
        self.search.textChanged.connect(lambda _t: self._show())
        box.addWidget(self.search)
        headings = ("", _("Authority"), _("For"), _("Languages"), _("Site"), _("Web form"), _("Checked"))
        self.table = plain_table(headings, "directory_table")
        narrow(self.table, 0, 2, 3, 4, 5, 6)
        box.addWidget(self.table, 1)
        self.count = label("", "caption")
        shut = button(_("Close"), name="directory_close")
        shut.clicked.connect(self.accept)
        box.addLayout(row(self.count, None, shut))
        self._show()
        self.search.setFocus()

    def _show(self) -> None:
        directory = self._forms.directory()
        found = directory.matching(self.search.text())
        self.table.setRowCount(len(found))
        for place, each in enumerate(found):
            put(self.table, place, self._row(each))
        text = _("{count} of {all}, as of {version}")
        self.count.setText(text.format(count=len(found), all=len(directory.authorities), version=directory.version))

    def _row(self, each: Authority) -> tuple[str, ...]:
        form = self._forms.web_form(each.id)
        known = _("order known") if form is not None else "–"
        checked = day(each.verified_on) if each.verified_on is not None else _("(unverified)")
        return (each.id, each.name, word(each.scope), " ".join(each.languages), each.site or "–", known, checked)
