"""The questions of the risk page, a step at a time: each takes the answers so far and hands changed ones on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QComboBox, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from dpo_app.core.facts.fact_choices import Answer, Exemption
from dpo_app.core.risk.risk import (
    Adjustment,
    AdjustmentAnswer,
    ContextRow,
    DataKind,
    Factor,
    FactorAnswer,
    Identifier,
    KindAnswer,
    LossOfAvailability,
    LossOfConfidentiality,
    LossOfIntegrity,
    Method,
    Owed,
    Question,
    RiskAnswers,
    Weight,
)
from dpo_app.gui import theme
from dpo_app.gui.widgets.parts import clear, label, row, rule, saying
from dpo_app.gui.widgets.segment import Segment
from dpo_app.i18n import _
from dpo_app.messages import word
from dpo_app.messages.risk import LEVELS, points


class RiskStep(QWidget):
    """One step; `changed` brings the new answers. It is made anew when it is shown."""

    changed = Signal(object)

    def __init__(self, answers: RiskAnswers, method: Method) -> None:
        super().__init__()
        self.answers, self.method = answers, method
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, theme.px(8), 0)
        self.box.setSpacing(theme.px(8))
        self.build()
        self.box.addStretch(1)

    def build(self) -> None:
        """Lay out the questions; overridden by each step."""

    def take(self, **changes: Any) -> None:
        """Hand on the answers with some of them changed."""
        self.answers = replace(self.answers, **changes)
        self.changed.emit(self.answers)

    def radios(
        self, name: str, items: Iterable[tuple[str, str]], value: str, chosen: Callable[[str], None]
    ) -> QButtonGroup:
        """Add choices as sentences, one under the other."""
        group = QButtonGroup(self)
        for key, text in items:
            each = QRadioButton()
            each.setObjectName(f"{name}_{key}")
            each.setChecked(key == value)
            each.clicked.connect(lambda _=False, k=key: chosen(k))
            group.addButton(each)
            self.box.addLayout(saying(each, text))
        return group

    def reason(self, name: str, text: str, value: str, typed: Callable[[str], None]) -> QLineEdit:
        """Add a field for a reason."""
        made = QLineEdit(value)
        made.setObjectName(name)
        made.setPlaceholderText(text)
        made.setAccessibleName(text)
        made.textEdited.connect(typed)
        self.box.addWidget(made)
        return made


class KindStep(RiskStep):
    """Which kinds of data, and where each stands; the one that weighs most counts."""

    def build(self) -> None:
        self.box.addWidget(
            label(_("What kinds of data are in the breach? The one that weighs most counts."), wrap=True)
        )
        said = {each.kind: each for each in self.answers.kinds}
        for kind in DataKind:
            self._kind(kind, said.get(kind))

    def _kind(self, kind: DataKind, said: KindAnswer | None) -> None:
        table = self.method.kinds[kind]
        tick = QCheckBox()
        tick.setObjectName(f"kind_{kind.value}")
        tick.setChecked(said is not None)
        where = QComboBox()
        where.setObjectName(f"row_{kind.value}")
        where.setAccessibleName(word(kind))
        where.addItem(_("base: {points}").format(points=table.base), "")
        for key, score in table.rows.items():
            where.addItem(f"{score}: {word(key)}", key.value)
        where.setCurrentIndex(max(0, where.findData(said.row.value if said and said.row else "")))
        where.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        where.setMinimumContentsLength(8)
        self.box.addLayout(saying(tick, word(kind)))
        line = row(24, where)
        self.box.addLayout(line)
        why = self.reason(f"why_{kind.value}", _("Why this row and not the base"), said.reason if said else "",
                          lambda _text: gather())  # fmt: skip

        def gather() -> None:
            others = [each for each in self.answers.kinds if each.kind is not kind]
            data = where.currentData()
            if tick.isChecked():
                others.append(KindAnswer(kind, ContextRow(data) if data else None, why.text() if data else ""))
            where.setEnabled(tick.isChecked())
            why.setVisible(bool(tick.isChecked() and data))
            self.take(kinds=tuple(sorted(others, key=lambda each: -list(DataKind).index(each.kind))))

        where.setEnabled(said is not None)
        why.setVisible(said is not None and said.row is not None)
        tick.toggled.connect(lambda _on: gather())
        where.activated.connect(lambda _place: gather())


class AdjustStep(RiskStep):
    """What raises or lowers the context by a step."""

    def build(self) -> None:
        self.box.addWidget(
            label(_("Does anything make the data weigh more or less? Each step needs its reason."), wrap=True)
        )
        for key, step in self.method.adjustments.items():
            self._one(key, step)

    def _one(self, key: Adjustment, step: int) -> None:
        said = next((each for each in self.answers.adjustments if each.key is key), None)
        tick = QCheckBox()
        tick.setObjectName(f"adjust_{key.value}")
        tick.setChecked(said is not None)
        self.box.addLayout(saying(tick, f"{word(key)}   {step:+d}"))
        why = self.reason(f"why_{key.value}", _("Why"), said.reason if said else "", lambda _text: gather())
        why.setVisible(said is not None)

        def gather() -> None:
            found = {each.key: each for each in self.answers.adjustments if each.key is not key}
            if tick.isChecked():
                found[key] = AdjustmentAnswer(key, why.text())
            why.setVisible(tick.isChecked())
            self.take(adjustments=tuple(found[each] for each in Adjustment if each in found))

        tick.toggled.connect(lambda _on: gather())


class IdentifyingStep(RiskStep):
    """Could a stranger tell who the persons are?"""

    def build(self) -> None:
        self.box.addWidget(label(_("Could a stranger tell who the persons are, from this data and what anybody can look "
                                   "up? Take what tells most."), wrap=True))  # fmt: skip
        by = QComboBox()
        by.setObjectName("identifier")
        by.setAccessibleName(_("By what a person is recognised"))
        for each in Identifier:
            by.addItem(word(each), each.value)
        by.setCurrentIndex(by.findData(self.answers.identifier.value))
        self.box.addLayout(row(by, None))
        self._levels = QVBoxLayout()
        self._levels.setSpacing(theme.px(6))
        self.box.addLayout(self._levels)
        self._show_levels()
        self.reason("identifying_reason", _("Why (optional)"), self.answers.identifying_reason,
                    lambda text: self.take(identifying_reason=text))  # fmt: skip

        def chosen() -> None:
            identifier = Identifier(by.currentData())
            levels = self.method.identifiers[identifier]
            known = self.answers.identifying if self.answers.identifying in levels else levels[-1]
            self.take(identifier=identifier, identifying=known)
            self._show_levels()

        by.activated.connect(lambda _place: chosen())

    def _show_levels(self) -> None:
        clear(self._levels)
        group = QButtonGroup(self)
        identifier = self.answers.identifier
        for level in self.method.identifiers[identifier]:
            text = f"{_(LEVELS[identifier, level])}   × {points(level)}"
            if (identifier, level) in self.method.unverified:
                text += "   " + _("(our reading)")
            each = QRadioButton()
            each.setObjectName(f"level_{level}")
            each.setChecked(level == self.answers.identifying)
            each.clicked.connect(lambda _=False, n=level: self.take(identifying=n))
            group.addButton(each)
            self._levels.addLayout(saying(each, text))


class CircumstancesStep(RiskStep):
    """What happened to the data, and whether on purpose."""

    def build(self) -> None:
        parts: tuple[tuple[str, str, type[StrEnum], dict[Any, int]], ...] = (
            (_("Confidentiality"), "confidentiality", LossOfConfidentiality, self.method.confidentiality),
            (_("Integrity"), "integrity", LossOfIntegrity, self.method.integrity),
            (_("Availability"), "availability", LossOfAvailability, self.method.availability),
        )  # fmt: skip
        for heading, name, kind, table in parts:
            self.box.addWidget(label(heading, "strong"))
            items = [(each.value, f"{word(each)}   + {points(table[each])}") for each in kind]
            self.radios(name, items, getattr(self.answers, name).value,
                        partial(self._lose, name, kind))  # fmt: skip
        self.box.addWidget(label(_("Intent"), "strong"))
        no, yes = _("Nobody meant to harm"), _("Somebody meant to harm")
        most = points(self.method.intent_quarters)
        self.radios("malicious", (("no", f"{no}   + 0"), ("yes", f"{yes}   + {most}")),
                    "yes" if self.answers.malicious else "no", lambda key: self.take(malicious=key == "yes"))  # fmt: skip

    def _lose(self, name: str, kind: type[StrEnum], key: str) -> None:
        self.take(**{name: kind(key)})


class QuestionsStep(RiskStep):
    """What the score does not know: questions of the rules that stand over it."""

    def build(self) -> None:
        self.box.addWidget(label(_("The score does not know these things. What is not known leaves a rule open; it does "
                                   "not decide."), wrap=True))  # fmt: skip
        for question in Question:
            self.box.addWidget(label(word(question), wrap=True))
            said = self.answers.answers.get(question, Answer.UNKNOWN)
            choices = [(each.value, word(each)) for each in Answer]
            made = Segment(choices, said.value, f"ask_{question.value}", word(question))
            made.chosen.connect(lambda key, q=question: self.take(answers=self.answers.answers | {q: Answer(key)}))
            self.box.addWidget(made)


class FactorsStep(RiskStep):
    """The factors of Guidelines 9/2022, shown beside the score."""

    def build(self) -> None:
        self.box.addWidget(
            label(_("Guidelines 9/2022, section IV.B. When in doubt, err on the side of telling."), wrap=True)
        )
        said = {each.factor: each for each in self.answers.factors}
        for factor in Factor:
            each = said.get(factor, FactorAnswer(factor, Weight.NEUTRAL))
            self.box.addWidget(label(word(factor), "strong", wrap=True))
            choices = [(weight.value, word(weight)) for weight in Weight]
            made = Segment(choices, each.weight.value, f"factor_{factor.value}", word(factor))
            made.chosen.connect(lambda key, f=factor: self._weigh(f, weight=Weight(key)))
            self.box.addWidget(made)
            self.reason(f"note_{factor.value}", _("Remark (optional)"), each.note,
                        partial(self._note, factor))  # fmt: skip

    def _note(self, factor: Factor, text: str) -> None:
        self._weigh(factor, note=text)

    def _weigh(self, factor: Factor, **changes: Any) -> None:
        said = {each.factor: each for each in self.answers.factors}
        said[factor] = replace(said.get(factor, FactorAnswer(factor, Weight.NEUTRAL)), **changes)
        self.take(factors=tuple(said[each] for each in Factor if each in said))


class DecisionStep(RiskStep):
    """What the officer decides, and an exemption of Art. 34(3) with its reason."""

    def build(self) -> None:
        self.box.addWidget(label(_("You decide. Less than the method says needs a reason, and is marked."), wrap=True))
        items = [("", _("What the method says")), *((each.value, word(each)) for each in Owed)]
        self.radios("decide", items, self.answers.decision.value if self.answers.decision else "",
                    lambda key: self.take(decision=Owed(key) if key else None))  # fmt: skip
        self.reason("decision_reason", _("Why, in a sentence"), self.answers.decision_reason,
                    lambda text: self.take(decision_reason=text))  # fmt: skip
        self.box.addWidget(rule())
        self.box.addWidget(label(_("Need the persons not be told one by one?"), "strong", wrap=True))
        exempt = [("", _("No exemption")), *((each.value, word(each)) for each in Exemption)]
        self.radios("exempt", exempt, self.answers.exemption.value if self.answers.exemption else "",
                    lambda key: self.take(exemption=Exemption(key) if key else None))  # fmt: skip
        self.reason("exemption_reason", _("Why the condition is met, in a sentence"), self.answers.exemption_reason,
                    lambda text: self.take(exemption_reason=text))  # fmt: skip


def steps() -> tuple[tuple[str, str, type[RiskStep]], ...]:
    """Return the steps in order: key, heading, widget."""
    return (
        ("kind", _("Kind of data"), KindStep), ("adjust", _("Adjustments"), AdjustStep),
        ("identifying", _("Identifying"), IdentifyingStep), ("circumstances", _("Circumstances"), CircumstancesStep),
        ("questions", _("Beyond the score"), QuestionsStep),
        ("factors", _("Factors of the guidelines"), FactorsStep), ("decision", _("Decision"), DecisionStep),
    )  # fmt: skip
