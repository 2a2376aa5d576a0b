"""The letters part of Sending: who waits for a letter, letters in batches, posting, envelopes that come back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from dpo_app.core.errors import InputError
from dpo_app.core.ids import BatchId, BreachId
from dpo_app.core.letters.layout import Layout
from dpo_app.core.letters.letter import PostZone
from dpo_app.core.letters.postage import PriceList, parse_prices
from dpo_app.core.persons.channel import Channel
from dpo_app.gui import theme
from dpo_app.gui.ask_box import a_day, a_number
from dpo_app.gui.office import Office
from dpo_app.gui.pages.sending.hand_over_sheet import ask_and_close
from dpo_app.gui.pages.sending.layout_dialog import LayoutDialog
from dpo_app.gui.pages.sending.left_out_sheet import LeftOutSheet, reason_word
from dpo_app.gui.pages.sending.letter_print import ask_and_print
from dpo_app.gui.pages.sending.proof_sheet import ProofSheet
from dpo_app.gui.pages.sending.sending_part import Check, SendingPart
from dpo_app.gui.printing import spool_note
from dpo_app.gui.widgets.parts import Card, button, label, row
from dpo_app.gui.words import example_day, language_name, number, typed_day
from dpo_app.i18n import _, current, ngettext
from dpo_app.messages import explain, word
from dpo_app.services.letters.letter_layouts import known_layouts
from dpo_app.services.letters.make_letters import confirm_posted, finish_batch, make_letters
from dpo_app.services.letters.plan_letters import LetterPlan, plan_letters, prices_of, save_prices
from dpo_app.services.letters.settle_letters import confirm_printed, reprint_letter
from dpo_app.services.progress import Changes, Topic


class LettersPart(SendingPart):
    """Letters of the newest approved notice."""

    channel = Channel.LETTER

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._refused: list[tuple[str, int]] = []
        self._known: Mapping[str, Layout] = {}
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(12))
        left = QVBoxLayout()
        left.setSpacing(theme.px(12))
        left.addWidget(self._figures())
        left.addWidget(self._batches(), 1)
        line.addLayout(left, 1)
        line.addWidget(self.checks_card())

    def _figures(self) -> Card:
        card = Card()
        self.number = label("0", "number", name="letter_number")
        self.layout_choice = QComboBox()
        self.layout_choice.setObjectName("layout")
        self.layout_choice.setAccessibleName(_("Layout and envelope"))
        self._fill_layouts(self.office.desk.letters.layouts())
        self.duplex = QCheckBox(_("Both sides"))
        self.duplex.setObjectName("duplex")
        self.large = QCheckBox(_("Large print"))
        self.large.setObjectName("large_print")
        self.also = button("", "", "", "letter_also")
        self.also.setMenu(QMenu(self.also))
        self._languages: tuple[str, ...] = ()
        self._show_also()
        self.make = button(_("Make letters…"), "primary", "file-text", "make_letters")
        self.make.clicked.connect(self._letters)
        self.count = button(_("Count and weigh"), "", "scale", "plan_letters")
        self.count.clicked.connect(self._count)
        self.proofs = button(_("Proofs…"), "", "eye", "letter_proofs")
        self.proofs.clicked.connect(self._proofs)
        self.layouts = button(_("Layouts…"), "link", "template", "letter_layouts")
        self.layouts.clicked.connect(self._layouts)
        self.prices = button(_("Prices…"), "link", "", "letter_prices")
        self.prices.clicked.connect(self._prices)
        self.busy_buttons = [self.make, self.count]
        self.figures = label("", "second", wrap=True, name="letter_figures")
        card.body.addWidget(label(_("Letters to make"), "second"))
        card.body.addLayout(row(self.number, self.who_link(), None, self.layouts, self.prices))
        card.body.addLayout(row(self.layout_choice, self.duplex, self.large, self.also, None))
        card.body.addLayout(row(self.count, self.proofs, None, self.make))
        card.body.addWidget(self.figures)
        for each in self.job_widgets():
            card.body.addWidget(each)
        for changed in (self.layout_choice.currentIndexChanged, self.duplex.toggled, self.large.toggled):
            changed.connect(self._forget)
        self._forget()
        return card

    def _fill_layouts(self, found: Mapping[str, Layout]) -> None:
        before = self.layout_choice.currentData() or "fi-c5"
        if [self.layout_choice.itemData(n) for n in range(self.layout_choice.count())] == list(found):
            return
        self.layout_choice.clear()
        for layout in found.values():
            self.layout_choice.addItem(layout.titles.get(current(), layout.titles.get("en", layout.id)), layout.id)
        self.layout_choice.setCurrentIndex(max(0, self.layout_choice.findData(before)))

    def _fill_languages(self, languages: tuple[str, ...]) -> None:
        """Offer the languages of the approved notice; what was chosen stays."""
        if languages == self._languages:
            return
        chosen, self._languages = self._chosen_languages(), languages
        menu = self.also.menu()
        menu.clear()
        for code in languages:
            act = menu.addAction(language_name(code))
            act.setData(code)
            act.setCheckable(True)
            act.setChecked(code in chosen)
            act.toggled.connect(self._show_also)
            act.toggled.connect(self._forget)
        self._show_also()

    def _chosen_languages(self) -> tuple[str, ...]:
        return tuple(act.data() for act in self.also.menu().actions() if act.isChecked())

    def _show_also(self, *_changed: object) -> None:
        names = ", ".join(language_name(code) for code in self._chosen_languages())
        self.also.setText(
            _("Also in: {languages}").format(languages=names) if names else _("Only in the reader's language")
        )
        self.also.setAccessibleName(self.also.text())
        self.also.setToolTip(_("A further language follows in the same envelope, on a page of its own"))
        self.also.setVisible(len(self._languages) > 1)

    def _forget(self, *_changed: object) -> None:
        """What was counted holds for the options it was counted with."""
        self._plan: LetterPlan | None = None
        self.figures.setText("")
        self.proofs.setEnabled(False)

    def _options(self) -> dict[str, Any]:
        return {
            "layout": self.layout_choice.currentData(), "duplex": self.duplex.isChecked(),
            "large": self.large.isChecked(), "also": self._chosen_languages(),
        }  # fmt: skip

    def _batches(self) -> Card:
        self.posted = button(_("Confirm posting…"), "", "truck-delivery", "confirm_posted")
        self.posted.clicked.connect(self._posted)
        self.printed = button(_("Confirm printing…"), "", "check", "confirm_printed")
        self.printed.clicked.connect(self._printed)
        self.finish = button(_("Finish the batch…"), "", "refresh", "finish_batch")
        self.finish.clicked.connect(self._finish)
        self.closed = button(_("For the print house…"), "link", "lock", "hand_over")
        self.closed.setToolTip(_("Encrypt the folder of the batch"))
        self.closed.clicked.connect(self._close)
        self.print = button(_("Print…"), "link", "printer", "print_letters")
        self.print.clicked.connect(self._print)
        self.again = button(_("One letter again…"), "link", "copy", "reprint_letter")
        self.again.clicked.connect(self._again)
        heads = [_("No"), _("Messages"), _("Sheets"), _("Made"), _("State")]
        card = self.batches_card(heads, (self.finish, self.printed, self.posted))
        card.body.insertLayout(card.body.count() - 1, row(None, self.again, self.closed, self.print))
        return card

    def read(self, queries: Any, breach_id: BreachId, found: dict[str, Any]) -> dict[str, Any]:
        """Read the layouts, the officer's own among them."""
        return {"layouts": known_layouts(self.office.desk, queries)}

    def show_found(self, found: dict[str, Any]) -> None:
        """Show what the page read."""
        # Those who would get one now: whoever was refused in this round, or came back, is not among them.
        waiting = found["waiting"]["letter"]
        self.number.setText(number(waiting))
        self.make.setEnabled(self.is_ready(found) and waiting > 0)
        self.count.setEnabled(found["approved"] is not None and found["planned"] and waiting > 0)
        approved = found["approved"]
        self._fill_languages(tuple(approved[1].languages) if approved is not None else ())
        self._known = found["layouts"]
        self._fill_layouts(self._known)
        super().show_found(found)

    def checks(self, found: dict[str, Any]) -> list[Check]:
        """Return what must be right for letters."""
        rows = super().checks(found)
        officer = found["channel"].get("officer", 0)
        if officer:
            what = ngettext("{count} person stays with you", "{count} persons stay with you", officer)
            rows.append(("user-shield", "warn", what.format(count=number(officer)),
                         _("Protected, child, deceased: never in a batch.")))  # fmt: skip
        self._refused = found["refused"]
        for code, count in self._refused:
            what = ngettext("{count} letter left out", "{count} letters left out", count).format(count=number(count))
            rows.append(("alert-triangle", "warn", what, reason_word(code)))
        rows.append(("info-circle", "info", _("Only the address shows in the window"),
                     _("Print the test page and fold it once for each layout and printer.")))  # fmt: skip
        return rows

    def after_checks(self) -> tuple[QWidget, ...]:
        """Return the way to those who were left out."""
        if not self._refused:
            return ()
        who = button(_("See who and why"), "link", "users", "left_out_who")
        who.clicked.connect(self._left_out)
        return (who,)

    def cells(self, b: Any) -> list[str]:
        """Return what a batch's line shows."""
        reference, members, made, state = super().cells(b)
        return [reference, members, number(b.sheets), made, state]

    def chosen(self, b: Any) -> None:
        """Show the actions that a batch allows."""
        free = self._free and b is not None
        made = bool(free and b.state in ("made", "printed"))
        for each in (self.posted, self.print, self.again, self.closed):
            each.setVisible(made)
        self.printed.setVisible(bool(free and b.state == "made"))
        self.finish.setVisible(bool(free and b.state == "making"))

    def about(self, b: Any) -> list[str]:
        """Return what else is known of a batch, its layout included."""
        parts = super().about(b)
        layout = self.layout_choice.findData(b.facts.get("layout"))
        if layout >= 0:
            parts.insert(2, self.layout_choice.itemText(layout))
        return parts

    def _left_out(self) -> None:
        breach_id = self.breach_id
        assert breach_id is not None
        self.office.read(
            lambda queries: queries.refused_lines(breach_id, Channel.LETTER),
            lambda lines: LeftOutSheet(self.window(), self.office, lines).open(),
        )

    def _letters(self) -> None:
        desk, breach_id, options = self.office.desk, self.breach_id, self._options()
        folder = self.office.dialogs.folder(self, _("Where do the letters go?"))
        if folder is None or breach_id is None:
            return

        def said(made: Any) -> None:
            parts = [ngettext("{count} letter made", "{count} letters made", made.letters).format(
                count=number(made.letters))]  # fmt: skip
            if len(made.batches) > 1:
                parts.append(ngettext("{count} batch", "{count} batches", len(made.batches)).format(
                    count=number(len(made.batches))))  # fmt: skip
            if made.refused:
                parts.append(ngettext("{count} left out", "{count} left out", len(made.refused)).format(
                    count=number(len(made.refused))))  # fmt: skip
            self.office.toast.emit(" · ".join(parts))

        self.start(
            lambda progress: make_letters(desk, breach_id, folder, progress=progress, **options),
            _("Making letters"),
            said,
        )

    def _count(self) -> None:
        desk, breach_id, options = self.office.desk, self.breach_id, self._options()
        if breach_id is not None:
            self.start(
                lambda progress: plan_letters(desk, breach_id, progress=progress, **options),
                _("Counting"),
                self._counted,
            )

    def _counted(self, plan: LetterPlan) -> None:
        self.make.setEnabled(plan.letters > 0 and not self.office.desk.read_only)
        self.count.setEnabled(True)
        money = f"{plan.cents / 100:,.2f} {plan.currency}" if plan.cents is not None else _("price not known")
        parts = [
            ngettext("{count} sheet", "{count} sheets", plan.sheets).format(count=number(plan.sheets)),
            _("{kilos} kg").format(kilos=f"{plan.grams / 1000:.1f}"), _("postage {money}").format(money=money),
        ]  # fmt: skip
        parts += [
            ngettext("{zone}, sheets {sheets}: {letters} letter of {grams} g",
                     "{zone}, sheets {sheets}: {letters} letters of {grams} g", each.letters).format(
                zone=word(PostZone(each.zone)), sheets=each.sheets_class, letters=number(each.letters),
                grams=f"{each.lightest:.0f}–{each.heaviest:.0f}" if each.heaviest > each.lightest else f"{each.lightest:.0f}",
            )
            for each in plan.planned
        ]  # fmt: skip
        refused = sum(plan.refused.values())
        if refused:
            parts.append(
                ngettext("{count} letter left out", "{count} letters left out", refused).format(count=number(refused))
            )
        self.figures.setText(" · ".join(parts))
        self._plan = plan
        self.proofs.setEnabled(bool(plan.proofs))

    def _proofs(self) -> None:
        if self._plan is not None and self.breach_id is not None:
            layout = self._known[self.layout_choice.currentData()]
            ProofSheet(self.window(), self.office, self.breach_id, self._plan.proofs, layout, self._options()).open()

    def _layouts(self) -> None:
        sheet = LayoutDialog(self.window(), self.office, self.layout_choice.currentData())
        sheet.finished.connect(lambda _code: self.stale.emit())
        sheet.open()

    def _prices(self) -> None:
        if not self.office.desk.read_only:
            self.office.read(prices_of, self._ask_prices)

    def _ask_prices(self, found: PriceList) -> None:
        shown = "; ".join(f"{p.zone} {p.up_to_grams} {p.cents / 100:.2f}" for p in found.prices)

        def wrong(answer: str) -> str:
            try:
                parse_prices(price_lines(answer), found.currency)
            except InputError as error:
                return str(explain(error))
            return ""

        answer = self.office.dialogs.text(
            self, _("Prices"), _("Zone (home, europe, world), grams and price, parted by semicolons: home 50 2.75; world 50 3.50"),
            shown, wrong,
        )  # fmt: skip
        if answer is None:
            return
        prices, desk = parse_prices(price_lines(answer), found.currency), self.office.desk
        self.settle(lambda _p: save_prices(desk, prices))
        self._forget()

    def _printed(self) -> None:
        b, desk = self.current(), self.office.desk
        answer = self.office.dialogs.text(
            self, _("Confirm printing"), _("How many sheets were counted?"), check=a_number
        )
        if b is None or answer is None:
            return
        self.settle(lambda _p: confirm_printed(desk, BatchId(b.id), int("".join(answer.split()))))

    def _print(self) -> None:
        b = self.current()
        if b is not None:
            ask_and_print(self, self.office, b, self.start, lambda said: self.figures.setText(f"{said} {spool_note()}"))

    def _close(self) -> None:
        b = self.current()
        if b is not None:
            ask_and_close(self, self.office, b, self.start)

    def _again(self) -> None:
        b, desk, dialogs = self.current(), self.office.desk, self.office.dialogs
        which = dialogs.text(self, _("One letter again"), _("Which letter of the batch? Its number."), check=a_number)
        if b is None or which is None:
            return
        reason = dialogs.text(self, _("One letter again"), _("Why? The spoiled print must be destroyed."))
        folder = dialogs.folder(self, _("Where does the letter go?")) if reason is not None else None
        if reason is None or folder is None:
            return
        job = self.office.do(
            lambda _p: reprint_letter(desk, BatchId(b.id), int("".join(which.split())), reason, folder),
            lambda made: self.office.toast.emit(_("{file} written").format(file=made[0])), _("Making letters"),
        )  # fmt: skip
        job.failed.connect(self.failed)

    def _posted(self) -> None:
        b, desk = self.current(), self.office.desk
        question = _("On which day were they handed to the post?")
        answer = self.office.dialogs.text(self, _("Confirm posting"), question, example_day(), a_day)
        on = typed_day(answer) if answer is not None else None
        if b is None or on is None:
            return
        self.settle(lambda _p: confirm_posted(desk, BatchId(b.id), on))

    def _finish(self) -> None:
        b, desk = self.current(), self.office.desk
        folder = self.office.dialogs.folder(self, _("Where do the letters go?"))
        if b is None or folder is None:
            return
        changes = Changes.of(self.breach_id, Topic.DELIVERIES)
        self.start(lambda progress: (finish_batch(desk, BatchId(b.id), folder, progress=progress), changes),
                   _("Making letters"), None)  # fmt: skip


def price_lines(answer: str) -> list[str]:
    """Return the lines of prices as typed into one field: a comma parts them unless it stands inside a price."""
    return re.split(r";|\n|,(?!\d)", answer)
