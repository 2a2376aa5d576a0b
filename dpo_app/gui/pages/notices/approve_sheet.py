"""The sheet before a notice is frozen: what is approved, for whom, and what cannot be changed afterwards."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QVBoxLayout, QWidget

from dpo_app.core.errors import DpoError
from dpo_app.core.ids import NoticeId
from dpo_app.core.notices.notice import Notice
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.gui.words import counted, number
from dpo_app.i18n import _
from dpo_app.messages import explain, word
from dpo_app.services.notices.write_notice import Confirmed, approve_notice

NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


class ApproveSheet(QDialog):
    """Name, a tick for each language and one for the measures; then the text is frozen and hashed."""

    def __init__(self, parent: QWidget, office: Office, notice_id: NoticeId, notice: Notice, counts: Any) -> None:
        super().__init__(parent)
        self.office, self.notice_id = office, notice_id
        self.setObjectName("approve_sheet")
        self.setWindowTitle(_("Approve the notice"))
        self.setMinimumWidth(theme.px(560))
        box = QVBoxLayout(self)
        side = theme.px(24)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(12))
        box.addWidget(label(_("Approve the notice to persons"), "title"))
        total: dict[str, int] = {}
        for reader, count in counts:
            total[reader.exposure] = total.get(reader.exposure, 0) + count
        parts = " · ".join(f"{number(n)} {word(e)}" for e, n in total.items())  # type: ignore[arg-type]
        scope = f"{parts} = " + counted("{count} person", "{count} persons", sum(total.values()))
        goes = row(label(_("Goes to"), "second"), label(scope, wrap=True))
        goes.setStretch(1, 1)
        box.addLayout(goes)
        box.addWidget(label(_("After this the text cannot be changed, only followed by a new version. Nothing is sent yet."),
                            "second", wrap=True))  # fmt: skip
        self.languages = notice.languages
        self.ticks = [QCheckBox(_("I have read the text in {language}").format(language=NAMES.get(code, code)))
                      for code in notice.languages]  # fmt: skip
        for code, tick in zip(notice.languages, self.ticks, strict=True):
            tick.setObjectName(f"read_{code}")
            tick.toggled.connect(self._look)
            box.addWidget(tick)
        # The officer may have written of measures before anybody has taken them: somebody must say that they were.
        done = QCheckBox(_("What it says we have done has been done"))
        done.setObjectName("facts_confirmed")
        done.toggled.connect(self._look)
        box.addWidget(done)
        self.ticks.append(done)
        self.by = QLineEdit()
        self.by.setObjectName("approved_by")
        self.by.setAccessibleName(_("Approved by"))
        self.by.textChanged.connect(self._look)
        box.addLayout(row(label(_("Approved by"), "second"), self.by))
        self.error = label("", "error", wrap=True, name="approve_error")
        box.addWidget(self.error)
        later = button(_("Not yet"), name="approve_later")
        later.clicked.connect(self.reject)
        self.go = button(_("Approve and freeze"), "primary", "signature", "approve_go")
        self.go.clicked.connect(self._approve)
        box.addLayout(row(None, later, self.go))
        self._look()

    def _look(self) -> None:
        ready = all(tick.isChecked() for tick in self.ticks) and bool(self.by.text().strip())
        self.go.setEnabled(ready)
        self.go.setToolTip("" if ready else _("Read every language, confirm the measures and give your name"))

    def _approve(self) -> None:
        desk, notice_id, by = self.office.desk, self.notice_id, self.by.text()
        *read, done = (tick.isChecked() for tick in self.ticks)
        languages = tuple(code for code, ticked in zip(self.languages, read, strict=True) if ticked)
        confirmed = Confirmed(languages, done)
        self.go.setEnabled(False)
        job = self.office.do(lambda _p: approve_notice(desk, notice_id, by, confirmed), None, _("Freezing the notice"))
        job.done.connect(lambda _r: self.accept())
        job.failed.connect(self._failed)

    def _failed(self, error: BaseException) -> None:
        self.error.setText(str(explain(error)) if isinstance(error, DpoError) else type(error).__name__)
        self._look()
