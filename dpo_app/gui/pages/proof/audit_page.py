"""Audit: what can be proved, the head to print, the trail in words."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout

from dpo_app.core.proof.audit import TrailState
from dpo_app.files import write_bytes
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.page import Page
from dpo_app.gui.widgets.parts import Card, button, label, row
from dpo_app.gui.widgets.plain_table import plain_table, put
from dpo_app.gui.words import counted, moment, number
from dpo_app.i18n import _, current, ngettext
from dpo_app.messages.facts import FactWords
from dpo_app.messages.trail import TrailWords
from dpo_app.services.lines import TrailLine
from dpo_app.services.progress import Topic
from dpo_app.services.proof.export_audit import TrailReport, export_audit, verify_trail

SHOWN = 300


class AuditPage(Page):
    """Head card, exports, and the newest entries."""

    key = "audit"
    topics = frozenset({Topic.TRAIL})

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        pdf = button(_("Audit PDF…"), "primary", "file-type-pdf", "audit_pdf")
        pdf.clicked.connect(self._pdf)
        self.box.addLayout(row(label(_("What can be proved"), "title"), None, pdf))
        self.box.addWidget(self._head_card())
        line = QHBoxLayout()
        line.setSpacing(theme.px(12))
        trail = Card(_("The trail, newest first"))
        self.table = plain_table([_("No"), _("When"), _("What"), _("Who")], "trail")
        head = self.table.horizontalHeader()
        for column, width in ((0, 60), (1, 150), (3, 130)):
            head.setSectionResizeMode(column, head.ResizeMode.Fixed)
            head.resizeSection(column, theme.px(width))
        self.table.itemSelectionChanged.connect(self._entry)
        trail.body.addWidget(self.table)
        self.entry = Card(_("Entry"))
        self.entry.setFixedWidth(theme.px(340))
        self.canonical = QPlainTextEdit()
        self.canonical.setReadOnly(True)
        self.canonical.setObjectName("canonical")
        self.canonical.setAccessibleName(_("Canonical text of the entry"))
        self.canonical.setTabChangesFocus(True)
        self.canonical.setFont(theme.font("code"))
        self.entry.body.addWidget(label(_("Canonical text, and the head after it"), "caption", wrap=True))
        self.entry.body.addWidget(self.canonical, 1)
        line.addWidget(trail, 1)
        line.addWidget(self.entry)
        self.box.addLayout(line, 1)
        self._lines: list[TrailLine] = []

    def _head_card(self) -> Card:
        card = Card()
        self.sign = QLabel()
        self.verdict = label("", "heading")
        self.count = label("", "second")
        self.head = label("", "code", wrap=True, name="head_hash")
        self.head.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        verify = button(_("Verify now"), "", "refresh", "verify_now")
        verify.clicked.connect(self._verify)
        copy = button(_("Copy the head"), "quiet", "copy", "copy_head")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.head.text().replace(" ", "")))
        words = QVBoxLayout()
        words.addWidget(self.verdict)
        words.addWidget(self.count)
        words.addWidget(self.head)
        line = QHBoxLayout()
        line.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        line.addWidget(copy)
        line.addWidget(verify)
        card.body.addLayout(line)
        self._say("info", "shield-check", _("Not verified since the store was opened"))
        return card

    def _say(self, role: str, icon: str, text: str) -> None:
        self.sign.setPixmap(theme.pixmap(icon, role, 24))
        self.verdict.setText(text)

    def reload(self) -> None:
        """Read the head and the newest entries."""

        def read(queries: Any) -> Any:
            return queries.trail.lines(limit=SHOWN), queries.trail.count(), queries.trail.last()

        self.office.read(read, self._show)

    def _show(self, found: Any) -> None:
        self._lines, count, last = found
        self.count.setText(counted("{count} entry; head:", "{count} entries; head:", count))
        head = last[1].hex() if last else ""
        self.head.setText(" ".join(head[i : i + 4] for i in range(0, len(head), 4)))
        words = TrailWords(FactWords(current(), "", _))
        self.table.setRowCount(len(self._lines))
        for place, line in enumerate(self._lines):
            put(
                self.table, place, [str(line.seq), moment(line.at), words.sentence(line.action, line.facts), line.actor]
            )
        if self._lines and self.table.currentRow() < 0:
            self.table.selectRow(0)

    def _entry(self) -> None:
        place = self.table.currentRow()
        if 0 <= place < len(self._lines):
            line = self._lines[place]
            self.canonical.setPlainText(f"{line.canonical}\n\n{line.head}")

    def _verify(self) -> None:
        desk = self.office.desk
        self.office.do(lambda progress: verify_trail(desk, progress=progress), self._verified, _("Verifying the trail"),
                       long=True)  # fmt: skip

    def _verified(self, report: TrailReport) -> None:
        if report.state is TrailState.INTACT:
            self._say("ok", "shield-check", _("The trail is complete and unchanged"))
        elif report.journal.first_bad:
            text = _("The journal of e-mails is not the one that entry {seq} binds")
            self._say("danger", "alert-octagon", text.format(seq=number(report.journal.first_bad)))
        elif report.journal.moved:
            text = ngettext(
                "{count} message stands elsewhere than its last event says",
                "{count} messages stand elsewhere than their last event says",
                report.journal.moved,
            )
            self._say("danger", "alert-octagon", text.format(count=number(report.journal.moved)))
        elif report.state is TrailState.ALTERED:
            text = _("The trail does not hold from entry {seq} on").format(seq=number(report.first_bad))
            self._say("danger", "alert-octagon", text)
        else:
            self._say("danger", "alert-octagon", _("The store is behind its anchor: entries are missing"))

    def _pdf(self) -> None:
        desk, breach_id = self.office.desk, self.breach_id
        path = self.office.dialogs.save_file(self, _("Save the audit PDF"), f"audit-B{breach_id}.pdf", "PDF (*.pdf)")
        if path is None or breach_id is None:
            return

        def work(_progress: Any) -> str:
            write_bytes(path, export_audit(desk, breach_id, current()))
            return path.name

        said = _("Audit PDF saved as {name}")
        self.office.do(
            work, lambda name: self.office.toast.emit(said.format(name=name)), _("Making the audit PDF"), long=True
        )
