"""The public notice: as it will be read, saved as files, and recorded as published with its proof."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QTextBrowser, QVBoxLayout, QWidget

from dpo_app.core.errors import DpoError
from dpo_app.core.ids import BreachId
from dpo_app.gui import theme
from dpo_app.gui.ask_box import a_day
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.parts import Card, button, label, row
from dpo_app.gui.words import counted, example_day, language_name, number, typed_day
from dpo_app.i18n import _, ngettext
from dpo_app.messages import explain
from dpo_app.services.notices.public_notice import (
    PublicNotice,
    Published,
    export_public,
    public_notice,
    record_published,
)


class PublicPart(QWidget):
    """Whoever nothing else reaches counts as told when the publication is recorded."""

    stale = Signal()

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.breach_id: BreachId | None = None
        self._found: PublicNotice | None = None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        card = Card(_("Public notice"))
        self.persons = label("", "strong", wrap=True, name="public_persons")
        card.body.addWidget(self.persons)
        card.body.addWidget(label(_("Art. 34(3)(c): the approved sections without names and codes, for web, press and "
                                    "notice board."), "second", wrap=True))  # fmt: skip
        self.language = QComboBox()
        self.language.setObjectName("public_language")
        self.language.setAccessibleName(_("Language"))
        self.language.currentIndexChanged.connect(self._show_language)
        self.text = QTextBrowser()
        self.text.setObjectName("public_text")
        self.text.setAccessibleName(_("Public notice"))
        self.text.setOpenLinks(False)
        card.body.addWidget(self.language)
        card.body.addWidget(self.text, 1)
        self.error = label("", "error", wrap=True, name="public_error")
        card.body.addWidget(self.error)
        self.export = button(_("Save as files…"), "", "file-export", "public_export")
        self.export.clicked.connect(self._export)
        self.publish = button(_("Record its publication…"), "primary", "circle-check", "public_published")
        self.publish.clicked.connect(self._publish)
        card.body.addLayout(row(None, self.export, self.publish))
        box.addWidget(card, 1)
        box.setSpacing(theme.px(12))

    def show_found(self, found: dict[str, Any]) -> None:
        """Read the bulletins of the notice that the page found."""
        self._found = None
        for each in (self.export, self.publish):
            each.setEnabled(False)
        if found["approved"] is None or not found["planned"]:
            self.persons.setText(_("There is nothing to publish before a text is approved and the plan is worked out."))
            self.text.clear()
            return
        desk, breach_id = self.office.desk, self.breach_id
        assert breach_id is not None
        job = self.office.runner.run(lambda _p: public_notice(desk, breach_id))
        job.done.connect(self._show)
        job.failed.connect(self._failed)

    def _show(self, found: PublicNotice) -> None:
        self._found = found
        self.error.setText("")
        self.persons.setText(
            ngettext("{count} person can be reached by it only", "{count} persons can be reached by it only", found.persons)
            .format(count=number(found.persons))
        )  # fmt: skip
        before = self.language.currentData()
        self.language.clear()
        for each in found.bulletins:
            self.language.addItem(language_name(each.language), each.language)
        self.language.setCurrentIndex(max(0, self.language.findData(before)))
        free = not self.office.desk.read_only
        self.export.setEnabled(True)
        self.publish.setEnabled(free and found.persons > 0)

    def _show_language(self, place: int) -> None:
        if self._found is not None and 0 <= place < len(self._found.bulletins):
            self.text.setHtml(self._found.bulletins[place].html)

    def _export(self) -> None:
        desk, breach_id = self.office.desk, self.breach_id
        folder = self.office.dialogs.folder(self, _("Where does the public notice go?"))
        if folder is None or breach_id is None:
            return
        job = self.office.do(
            lambda _p: export_public(desk, breach_id, folder),
            lambda made: self.office.toast.emit(counted("{count} file written", "{count} files written", len(made[1]))),
        )
        job.failed.connect(self._failed)

    def _publish(self) -> None:
        desk, breach_id, dialogs = self.office.desk, self.breach_id, self.office.dialogs
        answer = dialogs.text(self, _("Record its publication"), _("On which day was it published?"),
                              example_day(), a_day)  # fmt: skip
        on = typed_day(answer) if answer is not None else None
        if on is None or breach_id is None:
            return
        place = dialogs.text(self, _("Record its publication"), _("Where? Web page, newspaper, notice board."))
        if place is None:
            return
        proof = dialogs.open_file(self, _("Its proof: a picture of the page or the advertisement"), "*.*")
        if proof is None:
            return
        job = self.office.do(lambda progress: record_published(desk, breach_id, on, place, proof, progress), self._done)
        job.failed.connect(self._failed)

    def _done(self, done: Published) -> None:
        self.office.toast.emit(
            ngettext("{count} person counts as told", "{count} persons count as told", done.persons).format(
                count=number(done.persons)
            )
        )

    def _failed(self, error: BaseException) -> None:
        self.error.setText(str(explain(error)) if isinstance(error, DpoError) else type(error).__name__)
