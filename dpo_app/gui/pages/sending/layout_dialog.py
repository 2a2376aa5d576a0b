"""Layouts of letters: look at each over its envelopes, and make one of your own, checked while you type."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from dpo_app.core.errors import DpoError
from dpo_app.core.letters.layout import Layout, LayoutFault, layout_from_document
from dpo_app.files import read_limited, write_bytes
from dpo_app.gui import theme
from dpo_app.gui.ask_box import anything
from dpo_app.gui.office import Office
from dpo_app.gui.pages.sending.marks_dialog import MarksDialog
from dpo_app.gui.widgets.envelope_picture import EnvelopePicture
from dpo_app.gui.widgets.number_fields import DecimalField
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.i18n import _, current
from dpo_app.messages import explain, word
from dpo_app.services.letters.letter_layouts import (
    LOGO_BYTES,
    OWN,
    LetterLook,
    check_layout,
    known_layouts,
    letter_look,
    remove_layout,
    save_layout,
    save_look,
)

SHOWN_DPI, WAIT_MS = 80, 150
_UNSAFE = re.compile(r"[^a-z0-9]+")
#: Where each figure stands in the document: path of keys and places.
_FIGURES: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("envelope_width", ("envelope", 0, "size", 0)), ("envelope_height", ("envelope", 0, "size", 1)),
    ("window_left", ("envelope", 0, "window", 0)), ("window_top", ("envelope", 0, "window", 1)),
    ("window_width", ("envelope", 0, "window", 2)), ("window_height", ("envelope", 0, "window", 3)),
    ("packet", ("envelope", 0, "packet")), ("address_x", ("address", "x")),
    ("address_baseline", ("address", "first_baseline")), ("address_width", ("address", "width")),
    ("address_lines", ("address", "lines")), ("sender_x", ("sender", "x")), ("sender_y", ("sender", "y")),
    ("info_x", ("info", "x")), ("info_y", ("info", "y")), ("code_x", ("code", "x")), ("code_y", ("code", "y")),
    ("text_top", ("body", "first_top")),
)  # fmt: skip


def _titles() -> dict[str, str]:
    return {
        "envelope_width": _("Envelope, width"), "envelope_height": _("Envelope, height"),
        "window_left": _("Window from the left"), "window_top": _("Window from the top"),
        "window_width": _("Window, width"), "window_height": _("Window, height"),
        "packet": _("Folded sheet, height"), "address_x": _("Address from the left"),
        "address_baseline": _("First line of the address"), "address_width": _("Address, width"),
        "address_lines": _("Address, lines"), "sender_x": _("Sender from the left"), "sender_y": _("Sender from the top"),
        "info_x": _("Date from the left"), "info_y": _("Date from the top"), "code_x": _("Data Matrix from the left"),
        "code_y": _("Data Matrix from the top"), "text_top": _("Text begins at"),
    }  # fmt: skip


class LayoutDialog(QDialog):
    """Figures at the left, the page with its envelope at the right. Only a layout that holds can be kept."""

    def __init__(self, parent: QWidget, office: Office, chosen: str) -> None:
        super().__init__(parent)
        self.office = office
        self._document: dict[str, Any] = {}
        self._layouts: dict[str, Layout] = {}
        self._filling = False
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self._look)
        self.setObjectName("layout_dialog")
        self.setWindowTitle(_("Letter layouts"))
        self.resize(theme.px(980), theme.px(700))
        box = QHBoxLayout(self)
        box.setContentsMargins(*[theme.px(20)] * 4)
        box.setSpacing(theme.px(16))
        box.addLayout(self._left(), 1)
        self.picture = EnvelopePicture("layout_picture")
        box.addWidget(self.picture, 1)
        office.read(lambda queries: known_layouts(office.desk, queries), lambda found: self._fill(found, chosen))

    def _left(self) -> QVBoxLayout:
        left = QVBoxLayout()
        self.choice = QComboBox()
        self.choice.setObjectName("layout_choice")
        self.choice.setAccessibleName(_("Layout and envelope"))
        self.choice.currentIndexChanged.connect(self._chosen)
        self.envelope = QComboBox()
        self.envelope.setObjectName("layout_envelope")
        self.envelope.setAccessibleName(_("Envelope"))
        self.envelope.currentIndexChanged.connect(lambda _place: self._wait.start())
        left.addWidget(self.choice)
        left.addWidget(self.envelope)
        self.source = label("", "second", wrap=True, name="layout_source")
        left.addWidget(self.source)
        grid = QGridLayout()
        self.fields: dict[str, DecimalField] = {}
        titles = _titles()
        for place, (name, _path) in enumerate(_FIGURES):
            field = DecimalField()
            field.setObjectName(f"figure_{name}")
            field.setAccessibleName(titles[name])
            field.setRange(0, 400)
            field.setDecimals(0 if name == "address_lines" else 1)
            if name != "address_lines":
                field.setSuffix(" mm")
            field.valueChanged.connect(lambda _value: None if self._filling else self._wait.start())
            self.fields[name] = field
            grid.addWidget(label(titles[name], "second"), place // 2, place % 2 * 2)
            grid.addWidget(field, place // 2, place % 2 * 2 + 1)
        left.addLayout(grid)
        self.faults = label("", "body", wrap=True, name="layout_faults")
        left.addWidget(self.faults)
        left.addStretch(1)
        self._foot(left)
        return left

    def _foot(self, left: QVBoxLayout) -> None:
        self.name = QLineEdit()
        self.name.setObjectName("layout_name")
        self.name.setAccessibleName(_("Name of your layout"))
        self.name.setPlaceholderText(_("Name of your layout"))
        self.name.textChanged.connect(lambda _text: self._may_save())
        self.save = button(_("Keep as my layout"), "primary", "", "layout_save")
        self.save.clicked.connect(self._save)
        self.remove = button(_("Remove"), "danger", "", "layout_remove")
        self.remove.clicked.connect(self._remove)
        shut = button(_("Close"), name="layout_close")
        shut.clicked.connect(self.accept)
        self.logo = button(_("Picture on letters…"), "link", "", "letter_logo")
        self.logo.clicked.connect(self._pick_logo)
        self.colour = button(_("Colour on letters…"), "link", "", "letter_colour")
        self.colour.clicked.connect(self._pick_colour)
        self.marks = button(_("Insertion marks…"), "link", "", "layout_marks")
        self.marks.clicked.connect(self._pick_marks)
        self.marks_proof = button(_("Proof of the marks…"), "link", "", "layout_marks_proof")
        self.marks_proof.clicked.connect(self._save_marks_proof)
        left.addLayout(row(self.logo, self.colour, None))
        left.addLayout(row(self.marks, self.marks_proof, None))
        left.addWidget(self.name)
        left.addLayout(row(self.remove, None, shut, self.save))

    def _fill(self, found: dict[str, Layout], chosen: str) -> None:
        self._layouts = found
        self._filling = True
        self.choice.clear()
        for key, layout in found.items():
            self.choice.addItem(layout.titles.get(current(), layout.titles.get("en", key)), key)
        self._filling = False
        self.choice.setCurrentIndex(max(0, self.choice.findData(chosen)))
        self._chosen()

    def _chosen(self) -> None:
        if self._filling or not self._layouts:
            return
        layout = self._layouts[self.choice.currentData()]
        self._document = layout.to_document()
        self._filling = True
        self.envelope.clear()
        self.envelope.addItems([each.name for each in layout.envelopes])
        for name, path in _FIGURES:
            self.fields[name].setValue(float(_at(self._document, path)))
        self._filling = False
        own = layout.status == OWN
        self.name.setText(layout.titles.get("en", "") if own else "")
        self.remove.setVisible(own)
        note = (
            _("These figures were not confirmed: measure your envelope first.") if layout.status == "unverified" else ""
        )
        self.source.setText(" ".join(filter(None, (layout.source, note))))
        self._wait.start()

    def _edited(self) -> dict[str, Any]:
        document = deepcopy(self._document)
        for name, path in _FIGURES:
            value = self.fields[name].value()
            holder = _at(document, path[:-1])
            if abs(float(holder[path[-1]]) - value) > 0.05:
                holder[path[-1]] = int(value) if name == "address_lines" else value
        return document

    def _look(self) -> None:
        """Check the figures and draw the page anew."""
        if not self._document:
            return
        try:
            layout, faults = check_layout(self._edited())
        except DpoError as error:
            self.faults.setText(str(explain(error)))
            return
        self._say(faults)
        self.marks_proof.setVisible(layout.marks is not None)
        place = max(0, self.envelope.currentIndex())
        desk = self.office.desk
        job = self.office.runner.run(lambda _p: list(desk.letters.images(desk.letters.test_page(layout), SHOWN_DPI)))
        envelope = layout.envelopes[min(place, len(layout.envelopes) - 1)]
        job.done.connect(lambda pages: self.picture.show_page(pages[0], layout, envelope))

    def _say(self, faults: list[tuple[LayoutFault, str]]) -> None:
        said = [f"✕ {word(fault)} ({part})" if part else f"✕ {word(fault)}" for fault, part in faults]
        self.faults.setText(
            "\n".join(said) or "✓ " + _("The whole address shows and nothing else, wherever the sheet slips to.")
        )
        self._holds = not faults
        self._may_save()

    def _may_save(self) -> None:
        free = not self.office.desk.read_only
        self.save.setEnabled(free and getattr(self, "_holds", False) and bool(self.name.text().strip()))

    def _save(self) -> None:
        name = self.name.text().strip()
        document = self._edited()
        key = f"{OWN}-{_UNSAFE.sub('-', name.lower()).strip('-')[:24] or 'layout'}"
        # The other envelopes of the layout it began from were not looked at with these figures.
        document |= {"id": key, "title": {"en": name}, "source": _("measured by us"), "status": OWN}
        document["envelope"] = [{**document["envelope"][0], "source": _("measured by us")}]
        layout_from_document(document)
        desk = self.office.desk
        job = self.office.do(lambda _p: save_layout(desk, document), lambda _c: self._again(key))
        job.failed.connect(
            lambda error: self.faults.setText(str(explain(error)) if isinstance(error, DpoError) else "")
        )

    def _again(self, key: str) -> None:
        desk = self.office.desk
        self.office.read(lambda queries: known_layouts(desk, queries), lambda found: self._fill(found, key))

    def _pick_marks(self) -> None:
        if self._document:
            sheet = MarksDialog(self, self._document.get("marks") or {})
            sheet.accepted.connect(lambda: self._mark(sheet.document))
            sheet.open()

    def _mark(self, document: dict[str, Any]) -> None:
        self._document = {**self._document, "marks": document}
        self._wait.start()

    def _save_marks_proof(self) -> None:
        path = self.office.dialogs.save_file(self, _("Proof of the marks"), "marks-proof.pdf", "*.pdf")
        if path is None:
            return
        desk, layout = self.office.desk, layout_from_document(self._edited())
        job = self.office.runner.run(
            lambda _p: write_bytes(Path(path), desk.letters.marks_proof(layout, False), replace=True)
        )
        job.done.connect(lambda _r: self.office.toast.emit(_("{file} written").format(file=Path(path).name)))
        job.failed.connect(
            lambda error: self.faults.setText(str(explain(error)) if isinstance(error, DpoError) else "")
        )

    def _pick_logo(self) -> None:
        path = self.office.dialogs.open_file(self, _("Picture on letters"), "*.png *.jpg *.jpeg")
        if path is not None:
            self._look_changed(lambda look: replace(look, logo=read_limited(path, LOGO_BYTES)))

    def _pick_colour(self) -> None:
        answer = self.office.dialogs.text(
            self,
            _("Colour on letters"),
            _("Colour of sender and title, such as #1A3C8C; empty is black."),
            "",
            anything,
        )
        if answer is not None:
            self._look_changed(lambda look: replace(look, colour=answer.strip()))

    def _look_changed(self, change: Callable[[LetterLook], LetterLook]) -> None:
        desk = self.office.desk

        def work(_progress: Any) -> Any:
            with desk.read() as queries:
                look = letter_look(queries)
            return save_look(desk, change(look))

        job = self.office.do(work, lambda _c: self.office.toast.emit(_("The letterhead was saved.")))
        job.failed.connect(
            lambda error: self.faults.setText(str(explain(error)) if isinstance(error, DpoError) else "")
        )

    def _remove(self) -> None:
        key, desk = self.choice.currentData(), self.office.desk
        self.office.do(lambda _p: remove_layout(desk, key), lambda _c: self._again("fi-c5"))


def _at(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        document = document[step]
    return document
