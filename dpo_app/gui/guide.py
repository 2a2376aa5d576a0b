"""Help > Guide: the manual, chapter by chapter, in the window's language; it works without network and beside the pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QListWidget, QTextBrowser, QVBoxLayout, QWidget

from dpo_app import paths
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.i18n import _, current

FIRST_HOUR, WORDS = 0, -1


class Chapter(NamedTuple):
    """A chapter: its heading, and its text as Markdown without the heading."""

    heading: str
    text: str


def chapters_of(markdown: str) -> list[Chapter]:
    """Return the chapters of a guide: each begins with a heading of the first level."""
    parts = re.split(r"^# (.+)$", markdown, flags=re.MULTILINE)[1:]
    return [Chapter(heading.strip(), text.strip()) for heading, text in zip(parts[::2], parts[1::2], strict=True)]


def guide_file(language: str) -> Path:
    """Return the guide of a language; in English if there is none."""
    path = paths.resources() / "guide" / f"{language}.md"
    return path if path.is_file() else path.with_name("en.md")


class GuideWindow(QDialog):
    """Chapters at the left, the text at the right; what is typed shows the chapters that hold it."""

    def __init__(self, parent: QWidget, office: Office, chapter: int = FIRST_HOUR) -> None:
        super().__init__(parent)
        self.setObjectName("guide")
        self.setWindowTitle(_("Guide"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(theme.px(900), theme.px(640))
        self._chapters: list[Chapter] = []
        self._first = chapter
        self.search = QLineEdit()
        self.search.setObjectName("guide_search")
        self.search.setPlaceholderText(_("Find in the guide"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setObjectName("guide_chapters")
        self.list.setAccessibleName(_("Chapters"))
        self.list.currentRowChanged.connect(self._show)
        self.text = QTextBrowser()
        self.text.setObjectName("guide_text")
        self.text.setAccessibleName(_("Text of the chapter"))
        self.text.setOpenLinks(False)
        self.text.setTabChangesFocus(True)
        left = QVBoxLayout()
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        self.found = label("", "second", wrap=True, name="guide_found")
        left.addWidget(self.found)
        body = QHBoxLayout()
        body.setSpacing(theme.px(12))
        body.addLayout(left, 2)
        body.addWidget(self.text, 5)
        box = QVBoxLayout(self)
        side = theme.px(16)
        box.setContentsMargins(side, side, side, side)
        box.addLayout(body, 1)
        shut = button(_("Close"), name="guide_close")
        shut.clicked.connect(self.accept)
        box.addLayout(row(None, shut))
        path = guide_file(current())
        office.runner.run(lambda _progress: path.read_text("utf-8")).done.connect(self._loaded)

    def _loaded(self, markdown: Any) -> None:
        self._chapters = chapters_of(str(markdown))
        self.list.addItems([each.heading for each in self._chapters])
        self.list.setCurrentRow(self._first % len(self._chapters))

    def _show(self, place: int) -> None:
        if 0 <= place < len(self._chapters):
            chapter = self._chapters[place]
            self.text.setMarkdown(f"## {chapter.heading}\n\n{chapter.text}")
            self._mark()

    def _filter(self, typed: str) -> None:
        wanted = typed.strip().casefold()
        hits = [n for n, each in enumerate(self._chapters) if wanted in f"{each.heading}\n{each.text}".casefold()]
        for n in range(self.list.count()):
            self.list.item(n).setHidden(n not in hits)
        self.found.setText("" if hits else _("No chapter holds these words."))
        if hits and self.list.currentRow() not in hits:
            self.list.setCurrentRow(hits[0])
        self._mark()

    def _mark(self) -> None:
        """Go to the first place in the chapter where the words stand."""
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
        if self.search.text().strip():
            self.text.find(self.search.text().strip())
