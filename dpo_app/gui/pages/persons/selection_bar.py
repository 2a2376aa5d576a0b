"""The bar below the list while several persons are chosen: what can be done with all of them at once."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QMenu, QVBoxLayout

from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.persons.care import MARKABLE, CareRule
from dpo_app.core.persons.channel import Channel
from dpo_app.gui.widgets.flow_layout import FlowLayout
from dpo_app.gui.widgets.parts import button, label
from dpo_app.gui.words import number
from dpo_app.i18n import _, ngettext
from dpo_app.messages import word


class SelectionBar(QFrame):
    """Emits what was asked for: (kind, value), a mark, a copy, an export; decides nothing."""

    decided = Signal(str, str)
    marked = Signal(str)
    copy_wanted = Signal()
    export_wanted = Signal()
    all_wanted = Signal()
    none_wanted = Signal()

    def __init__(self, writes: bool) -> None:
        super().__init__()
        self.setObjectName("selection_bar")
        self.setProperty("tint", "info")
        box = QVBoxLayout(self)
        self.count = label("", "medium", name="selection_count", wrap=True)
        box.addWidget(self.count)
        flow = FlowLayout()
        channels, exposures, care = QMenu(self), QMenu(self), QMenu(self)
        for channel in (Channel.EMAIL, Channel.LETTER, Channel.PUBLIC, Channel.OFFICER):
            channels.addAction(word(channel), partial(self.decided.emit, "channel", channel.value))
        for state in ExposureState:
            exposures.addAction(word(state), partial(self.decided.emit, "exposure", state.value))
        for rule in MARKABLE:
            if rule is not CareRule.WISH:
                care.addAction(word(rule), partial(self.marked.emit, rule.value))
        for name, text, menu in (
            ("selected_channel", _("Change channel"), channels), ("selected_exposure", _("Overrule exposure"), exposures),
            ("selected_care", _("Mark for care"), care),
        ):  # fmt: skip
            each = button(text, "quiet", name=name)
            each.setMenu(menu)
            each.setEnabled(writes)
            flow.addWidget(each)
        excuse = button(_("Excuse…"), "quiet", name="selected_excuse")
        excuse.clicked.connect(lambda: self.decided.emit("excuse", "excused"))
        excuse.setEnabled(writes)
        copy = button(_("Copy with headings"), "quiet", "copy", "selected_copy", _("Copy with headings (Ctrl+C)"))
        copy.clicked.connect(self.copy_wanted)
        export = button(_("Export…"), "quiet", "file-export", "selected_export")
        export.clicked.connect(self.export_wanted)
        self.every = button("", "link", name="select_all_matching")
        self.every.clicked.connect(self.all_wanted)
        single = button(_("Choose single ones"), "link", name="select_single")
        single.clicked.connect(self.none_wanted)
        for each in (excuse, export, copy, self.every, single):
            flow.addWidget(each)
        box.addLayout(flow)
        self.hide()

    def show_count(self, chosen: int, total: int) -> None:
        """Show how many are chosen of those that match; all of them are the filter, not its rows."""
        self.setVisible(chosen > 1)
        if chosen == total:
            self.count.setText(_("All {count} that match").format(count=number(total)))
        else:
            text = ngettext("{count} person chosen", "{count} persons chosen", chosen)
            self.count.setText(text.format(count=number(chosen)))
        self.every.setText(_("Choose all {count} that match").format(count=number(total)))
        self.every.setAccessibleName(self.every.text())
        self.every.setVisible(chosen < total)
