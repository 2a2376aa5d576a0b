"""Ways to unlock the open store: a new passphrase, quick unlock by the computer's keyring, and going on with a store that
is not the state that was closed last. All work runs in jobs; what goes wrong is told where the officer types."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from dpo_app.core.errors import DpoError
from dpo_app.gui import theme
from dpo_app.gui.faults import sentence
from dpo_app.gui.jobs import JobRunner, Work
from dpo_app.gui.pages.start.create_wizard import strength_in_words
from dpo_app.gui.widgets.parts import button, label, row
from dpo_app.gui.widgets.passphrase_field import PassphraseField
from dpo_app.gui.words import full_moment, number
from dpo_app.i18n import _
from dpo_app.services.lines import TrailLine
from dpo_app.services.ports.desk import Desk, Opening

WIDTH = 460


class _WayDialog(QDialog):
    """A box with a title, a sentence, fields, a place for errors, Cancel and one action."""

    def __init__(self, parent: QWidget, runner: JobRunner, name: str, title: str, text: str, action: str) -> None:
        super().__init__(parent)
        self._runner = runner
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setFixedWidth(theme.px(WIDTH))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.box = QVBoxLayout(self)
        side = theme.px(24)
        self.box.setContentsMargins(side, side, side, theme.px(16))
        self.box.setSpacing(theme.px(8))
        self.box.addWidget(label(title, "title"))
        self.text = label(text, "second", wrap=True)
        self.box.addWidget(self.text)
        self.error = label("", "error", wrap=True, name=f"{name}_error")
        self.error.hide()
        self.band = QProgressBar()
        self.band.setRange(0, 0)
        self.band.setTextVisible(False)
        self.band.hide()
        self.cancel = button(_("Cancel"), name=f"{name}_cancel")
        self.go = button(action, "primary", "", f"{name}_go")
        self.cancel.clicked.connect(self.reject)
        self.go.clicked.connect(self._give)

    def _close_box(self) -> None:
        for part in (self.error, self.band):
            self.box.addWidget(part)
        self.box.addSpacing(theme.px(8))
        self.box.addLayout(row(None, self.cancel, self.go))

    def _give(self) -> None:
        raise NotImplementedError

    def _say(self, text: str) -> None:
        self.error.setText(text)
        self.error.setAccessibleName(text)
        self.error.setVisible(bool(text))
        self.adjustSize()

    def _work(self, work: Work) -> None:
        self._say("")
        self.go.setEnabled(False)
        self.band.show()
        job = self._runner.run(work)
        job.done.connect(self._worked)
        job.failed.connect(self._failed)

    def _worked(self, _result: Any) -> None:
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self.band.hide()
        self.go.setEnabled(True)
        self._say(sentence(error))


class PassphraseDialog(_WayDialog):
    """The old passphrase, the new one, and the new one again. The old one is not asked for after the recovery sheet
    opened the store: it may be lost."""

    def __init__(self, parent: QWidget, runner: JobRunner, opened: Any, desk: Any) -> None:
        self._lost = desk.opening.way == "recovery"
        text = (
            _("The recovery sheet opened the store, so the old passphrase is not asked for; it opens nothing more once the "
              "new one is saved. The sheet stays as it is.")
            if self._lost
            else _("The old one opens the store until the new one is saved. The recovery sheet stays as it is; copies of "
                   "the store made before still open with the old passphrase.")
        )  # fmt: skip
        super().__init__(parent, runner, "passphrase_dialog", _("Change the passphrase"), text, _("Change"))
        self._opened, self._desk = opened, desk
        self._titles: dict[PassphraseField, QWidget] = {}
        self.old = self._field("old_passphrase", _("Passphrase now"))
        self.new = self._field("new_passphrase", _("New passphrase"))
        self.verdict = label("", "caption", wrap=True, name="new_strength")
        self.box.addWidget(self.verdict)
        self.again = self._field("again_passphrase", _("New passphrase again"))
        self.caps = label(_("Caps Lock is on"), "medium", tone="warn", name="caps_lock")
        self.caps.hide()
        self.box.addWidget(self.caps)
        self.new.textChanged.connect(lambda text: self.verdict.setText(strength_in_words(text)[1] if text else ""))
        self._close_box()
        self.old.setHidden(self._lost)
        self._titles[self.old].setHidden(self._lost)
        (self.new if self._lost else self.old).setFocus()

    def _field(self, name: str, title: str) -> PassphraseField:
        field = PassphraseField(name, title)
        words = label(title, "medium")
        words.setBuddy(field)
        field.caps_changed.connect(lambda on: self.caps.setVisible(on))
        self.box.addWidget(words)
        self.box.addWidget(field)
        self._titles[field] = words
        return field

    def _give(self) -> None:
        old, new, again = self.old.text(), self.new.text(), self.again.text()
        if not old and not self._lost:
            self._point(self.old, _("Type the passphrase of now first."))
        elif new != again:
            self._point(self.again, _("The two are not the same."))
        else:
            opened, desk = self._opened, self._desk

            def work(_progress: Any) -> None:
                from dpo_app import bootstrap

                bootstrap.change_passphrase(opened, desk, old or None, new)

            self._work(work)

    def _point(self, field: PassphraseField, text: str) -> None:
        self._say(text)
        field.setFocus()
        field.selectAll()

    def _failed(self, error: BaseException) -> None:
        super()._failed(error)
        code = error.code if isinstance(error, DpoError) else ""
        field = {"wrong_passphrase": self.old, "passphrase_weak": self.new}.get(code)
        if field is not None:
            field.setFocus()
            field.selectAll()

    def done(self, result: int) -> None:
        """Close, and keep nothing of what was typed."""
        for field in (self.old, self.new, self.again):
            field.forget()
        super().done(result)


class QuickUnlockDialog(_WayDialog):
    """Switches quick unlock on or off, after saying what it means."""

    def __init__(self, parent: QWidget, runner: JobRunner, opened: Any, desk: Any, on: bool) -> None:
        if on:
            text = _("The keyring of this computer opens this store. Whoever is logged in here as you can open it without "
                     "the passphrase.")  # fmt: skip
            action = _("Switch off")
        else:
            text = _("The keyring of this computer keeps a key for this store, so that it opens without the passphrase "
                     "while you are logged in. Whoever sits down at your open session can then open it, too. Passphrase "
                     "and recovery sheet go on working.")  # fmt: skip
            action = _("Switch on")
        super().__init__(parent, runner, "quick_dialog", _("Quick unlock"), text, action)
        self._opened, self._desk, self._on = opened, desk, on
        self._close_box()

    def _give(self) -> None:
        opened, desk, on = self._opened, self._desk, self._on

        def work(_progress: Any) -> None:
            from dpo_app import bootstrap

            (bootstrap.remove_quick_unlock if on else bootstrap.add_quick_unlock)(opened, desk)

        self._work(work)


class StateDialog(_WayDialog):
    """What this store holds and what its anchor knows; going on with it needs a reason. Emits the desk that may write."""

    accepted_state = Signal(object)

    def __init__(self, parent: QWidget, runner: JobRunner, opened: Any, desk: Desk, newest: TrailLine | None) -> None:
        text = _("The anchor is a small file beside the store that says how far its trail had come. If you restored a "
                 "backup on purpose, go on with it: the missing entries stay missing, and the trail says so. If not, "
                 "somebody may have put an older file in the place of a newer one: look for that first.")  # fmt: skip
        super().__init__(
            parent, runner, "state_dialog", _("Not the state that was closed last"), text, _("Go on with this state")
        )
        self._opened, self._desk = opened, desk
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(theme.px(16))
        for line, (title, value) in enumerate(_known(desk.opening, newest)):
            grid.addWidget(label(title, "second"), line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(value, "medium", wrap=True), line, 1)
        self.box.addLayout(grid)
        self.box.addSpacing(theme.px(8))
        self.reason = QLineEdit()
        self.reason.setObjectName("state_reason")
        why = label(_("Why do you go on with it? It stands in the audit trail, so name nobody."), "medium", wrap=True)
        why.setBuddy(self.reason)
        self.reason.setAccessibleName(why.text())
        self.box.addWidget(why)
        self.box.addWidget(self.reason)
        self._close_box()
        self.reason.setFocus()

    def _give(self) -> None:
        opened, desk, reason = self._opened, self._desk, self.reason.text()

        def work(_progress: Any) -> Any:
            from dpo_app import bootstrap

            return bootstrap.accept_state(opened, desk, reason)

        self._work(work)

    def _worked(self, result: Any) -> None:
        super()._worked(result)
        self.accepted_state.emit(result)


def _known(found: Opening, newest: TrailLine | None) -> list[tuple[str, str]]:
    here = _("none") if newest is None else _("entry {number}, {when}").format(
        number=number(newest.seq), when=full_moment(newest.at))  # fmt: skip
    lines = [(_("Newest here"), here)]
    if found.known_at is not None:
        there = number((newest.seq if newest else 0) + found.missing)
        known = _("entry {number}, {when}").format(number=there, when=full_moment(found.known_at))
        if found.anchor == "behind":
            lines += [(_("The anchor knows"), known), (_("Missing"), number(found.missing))]
        else:
            lines += [(_("The anchor was written"), full_moment(found.known_at))]
        lines += [(_("Its head"), " ".join(found.known_head[n : n + 4] for n in range(0, 16, 4)) + " …")]
    else:
        lines += [(_("The anchor"), _("is missing") if found.anchor == "missing" else _("is damaged"))]
    return lines
