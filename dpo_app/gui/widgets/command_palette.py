"""Command search: commands at once, persons when they come; what is typed is never kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from dpo_app.core.ids import grouped
from dpo_app.gui import theme
from dpo_app.gui.widgets.parts import label
from dpo_app.i18n import _

TYPING_MS = 120
MOST = 12


class CommandPalette(QDialog):
    """One field over a list; Enter runs the chosen line."""

    def __init__(
        self, window: QWidget, commands: list[tuple[str, str, Callable[[], None]]], office: Any, breach_id: Any
    ) -> None:
        super().__init__(window, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("command_palette")
        self._commands, self._office, self._breach_id = commands, office, breach_id
        self.field = QLineEdit()
        self.field.setObjectName("command_field")
        self.field.setPlaceholderText(_("Find a person, a page or a command"))
        self.field.setAccessibleName(self.field.placeholderText())
        self.list = QListWidget()
        self.list.setObjectName("command_list")
        box = QVBoxLayout(self)
        box.addWidget(self.field)
        box.addWidget(self.list, 1)
        self.none = label("", "second", wrap=True, name="command_none")
        self.none.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        box.addWidget(self.none, 1)
        self.setFixedSize(theme.px(640), theme.px(420))
        self.move(window.x() + (window.width() - self.width()) // 2, window.y() + theme.px(90))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPING_MS)
        self._timer.timeout.connect(self._persons)
        self.field.textChanged.connect(self._typed)
        self.field.returnPressed.connect(self._run)
        self.list.itemActivated.connect(lambda _i: self._run())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._typed("")

    def _typed(self, text: str) -> None:
        self.list.clear()
        plain = text.lstrip(">@").strip().casefold()
        if not text.startswith("@"):
            for name, key, run in self._commands:
                if plain in name.casefold():
                    self._add(f"{name}    {key}", run)
        if len(plain) >= 2 and not text.startswith(">"):
            self._timer.start()
        self.list.setCurrentRow(0)
        self._say_nothing()

    def _say_nothing(self) -> None:
        """Say in words that nothing matches, once nobody is being looked for any more."""
        none = self.list.count() == 0
        self.none.setText(_("Looking…") if self._timer.isActive() else _("Nothing matches. Try fewer letters."))
        self.none.setVisible(none)
        self.list.setVisible(not none)

    def _add(self, text: str, run: Callable[[], None]) -> None:
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.UserRole, run)
        self.list.addItem(item)

    def _persons(self) -> None:
        text, breach_id = self.field.text().lstrip("@").strip(), self._breach_id
        if breach_id is None:
            self._say_nothing()
            return

        def read(queries: Any) -> Any:
            revision = queries.newest_revision(breach_id)
            return text, queries.person_lines(revision.id, queries.find_persons(breach_id, text, MOST))

        self._office.read(read, self._show_persons)

    def _show_persons(self, found: Any) -> None:
        text, lines = found
        if text != self.field.text().lstrip("@").strip():
            return
        for line in lines:
            target = {"person": line.id}
            self._add(
                f"{line.family_name}, {line.given_names}    {grouped(line.code)}",
                lambda t=target: self._office.page_wanted.emit("persons", t),  # type: ignore[misc]
            )
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        self._say_nothing()

    def _run(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        run = item.data(Qt.ItemDataRole.UserRole)
        self.accept()
        run()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
            return
        super().keyPressEvent(event)
