"""Marks for an inserting machine, as the print house gives them: bars with their heights, and a code on each sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QPlainTextEdit, QVBoxLayout, QWidget

from dpo_app.core.letters.insertion import Bar, InsertionMarks, parse_bars
from dpo_app.gui import theme
from dpo_app.gui.widgets.number_fields import DecimalField
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.i18n import _


def _titles() -> dict[str, str]:
    return {
        "x": _("Bars from the left"), "length": _("Bars, length"), "thick": _("Bars, thickness"),
        "code_x": _("Code from the left"), "code_y": _("Code from the top"), "module": _("Code, side of a module"),
    }  # fmt: skip


class MarksDialog(QDialog):
    """`document` is what was set, {} for no marks."""

    def __init__(self, parent: QWidget, document: Mapping[str, Any]) -> None:
        super().__init__(parent)
        self.document: dict[str, Any] = dict(document)
        self.setObjectName("marks_dialog")
        self.setWindowTitle(_("Insertion marks"))
        self.setMinimumWidth(theme.px(620))
        box = QVBoxLayout(self)
        side = theme.px(20)
        box.setContentsMargins(side, theme.px(16), side, theme.px(16))
        box.setSpacing(theme.px(10))
        box.addWidget(label(_("The print house says which bars its machine reads and where. Without its list leave "
                              "this empty."), wrap=True))  # fmt: skip
        shown = dict(document) or InsertionMarks().to_document()
        self.bars = QPlainTextEdit("\n".join(f"{name} {y:g}" for name, y in shown["bars"]))
        self.bars.setObjectName("marks_bars")
        self.bars.setAccessibleName(_("Bars"))
        self.bars.setTabChangesFocus(True)
        self.bars.setPlaceholderText("always 100\nend_of_set 104.2\nsheet_1 108.5")
        self.bars.setFixedHeight(theme.px(130))
        box.addWidget(label(_("Bars: one a line, name and height in mm from the top edge"), "strong"))
        box.addWidget(self.bars)
        box.addWidget(label(_("Names: {names}").format(names=", ".join(Bar)), "second", wrap=True))
        self.code = QCheckBox(_("Data Matrix on each sheet: batch, letter, sheet, sheets, end of letter"))
        self.code.setObjectName("marks_code")
        self.code.setChecked(bool(shown["code"]))
        code = shown["code"] or {"x": 193.0, "y": 262.0, "module": 0.4}
        self._figures(box, shown, code)
        self.wrong = label("", "error", wrap=True, name="marks_wrong")
        box.addWidget(self.wrong)
        self._foot(box)

    def _figures(self, box: QVBoxLayout, shown: Mapping[str, Any], code: Mapping[str, Any]) -> None:
        values = {"x": shown["x"], "length": shown["length"], "thick": shown["thick"], "code_x": code["x"],
                  "code_y": code["y"], "module": code["module"]}  # fmt: skip
        grid = QGridLayout()
        self.fields: dict[str, DecimalField] = {}
        for place, (name, title) in enumerate(_titles().items()):
            if name == "code_x":
                grid.addWidget(self.code, 2, 0, 1, 4)
            field = DecimalField()
            field.setObjectName(f"marks_{name}")
            field.setAccessibleName(title)
            field.setRange(0.1 if name in ("length", "thick", "module") else 0, 400)
            field.setDecimals(2 if name in ("thick", "module") else 1)
            field.setSuffix(" mm")
            field.setValue(float(values[name]))
            self.fields[name] = field
            below, at = (3, place - 3) if place > 2 else (0, place)
            line, column = below + at // 2, at % 2
            grid.addWidget(label(title, "second"), line, column * 2)
            grid.addWidget(field, line, column * 2 + 1)
        box.addLayout(grid)

    def _foot(self, box: QVBoxLayout) -> None:
        none = button(_("No marks"), "", "", "marks_none")
        none.clicked.connect(lambda: self._give({}))
        shut = button(_("Cancel"), name="marks_cancel")
        shut.clicked.connect(self.reject)
        keep = button(_("Show them on the page"), "primary", "", "marks_keep")
        keep.clicked.connect(self._keep)
        box.addLayout(row(none, None, shut, keep))

    def _keep(self) -> None:
        try:
            bars = parse_bars(self.bars.toPlainText())
        except ValueError:
            self.wrong.setText(_("A line is the name of a bar and a number: end_of_set 104.2"))
            return
        value = {name: field.value() for name, field in self.fields.items()}
        code = {"x": value["code_x"], "y": value["code_y"], "module": value["module"]} if self.code.isChecked() else {}
        self._give({"bars": bars, "x": value["x"], "length": value["length"], "thick": value["thick"], "code": code})

    def _give(self, document: dict[str, Any]) -> None:
        self.document = document if document.get("bars") or document.get("code") else {}
        self.accept()
