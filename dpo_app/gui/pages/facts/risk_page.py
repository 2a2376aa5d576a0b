"""Risk: the method step by step, the sum as it grows, what is owed and why, and every assessment that was kept."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from dpo_app import i18n
from dpo_app.core.errors import DpoError
from dpo_app.core.ids import BreachId
from dpo_app.core.risk.risk import Assessment, Owed, RiskAnswers, RiskLevel, RiskResult, StepKind, assess_risk
from dpo_app.core.risk.risk_cases import nearest_case
from dpo_app.gui import theme
from dpo_app.gui.office import Office
from dpo_app.gui.pages.facts.risk_steps import RiskStep, steps
from dpo_app.gui.pages.page import Page
from dpo_app.gui.widgets.parts import Banner, Card, Chip, button, clear, label, row, rule, scrolling
from dpo_app.gui.words import full_moment
from dpo_app.i18n import _
from dpo_app.messages import explain, word
from dpo_app.messages.risk import CHIPS, points, step_words
from dpo_app.services.facts.judge_risk import RiskView, keep_assessment, risk_of, suggested_answers
from dpo_app.services.progress import Topic

TONES = {RiskLevel.LOW: "ok", RiskLevel.MEDIUM: "warn", RiskLevel.HIGH: "danger", RiskLevel.VERY_HIGH: "danger"}


class RiskPage(Page):
    """Three columns over the tabs: steps, the question at hand, the sum."""

    key = "risk"
    topics = frozenset({Topic.FACTS, Topic.PLAN})

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._answers: RiskAnswers | None = None
        self._view: RiskView | None = None
        self._step = "kind"
        back = button(_("Back"), "quiet", "arrow-back-up", "risk_back")
        back.clicked.connect(lambda: office.page_wanted.emit("overview", None))
        anew = button(_("From the facts again"), "", "refresh", "risk_anew")
        anew.clicked.connect(self._anew)
        self.box.addLayout(row(back, label(_("Assess the risk"), "title"), None, anew))
        self.note = QVBoxLayout()
        self.box.addLayout(self.note)
        columns = QHBoxLayout()
        columns.setSpacing(theme.px(12))
        columns.addWidget(self._rail())
        self.question = Card(" ")
        self._place = QVBoxLayout()
        inner = QWidget()
        inner.setLayout(self._place)
        self._place.setContentsMargins(0, 0, 0, 0)
        self.question.body.addWidget(scrolling(inner), 1)
        columns.addWidget(self.question, 1)
        columns.addWidget(self._sum_card())
        self.box.addLayout(columns, 1)

    def _rail(self) -> QWidget:
        card = Card(_("Steps"))
        card.setFixedWidth(theme.px(212))
        self._buttons = QButtonGroup(self)
        for key, heading, _kind in steps():
            each = button(heading, "rail", name=f"step_{key}")
            each.setCheckable(True)
            each.setChecked(key == self._step)
            each.setSizePolicy(each.sizePolicy().Policy.Expanding, each.sizePolicy().Policy.Fixed)
            each.clicked.connect(lambda _=False, k=key: self._go(k))
            self._buttons.addButton(each)
            card.body.addWidget(each)
        card.body.addWidget(rule())
        card.body.addWidget(label(_("Kept assessments"), "strong"))
        self._history = QVBoxLayout()
        card.body.addLayout(self._history)
        card.body.addStretch(1)
        return card

    def _sum_card(self) -> QWidget:
        card = Card(_("The sum"))
        card.setFixedWidth(theme.px(352))
        self._sum = QVBoxLayout()
        self._sum.setSpacing(theme.px(6))
        inner = QWidget()
        inner.setLayout(self._sum)
        self._sum.setContentsMargins(0, 0, theme.px(6), 0)
        card.body.addWidget(scrolling(inner), 1)
        self.error = label("", "error", wrap=True, name="risk_error")
        card.body.addWidget(self.error)
        self.keep = button(_("Keep this assessment"), "primary", "device-floppy", "keep_assessment")
        self.keep.clicked.connect(self._keep)
        self.keep.setEnabled(not self.office.desk.read_only)
        card.body.addLayout(row(None, self.keep))
        return card

    def open_breach(self, breach_id: BreachId) -> None:
        """Show the assessment of another breach; what was begun for this one goes on."""
        if breach_id != self.breach_id:
            self._answers = None
        super().open_breach(breach_id)

    def reload(self) -> None:
        """Read the newest assessment, or what the facts say."""
        breach_id, method = self.breach_id, self.office.desk.risk
        assert breach_id is not None
        self.office.read(lambda q: (risk_of(q, breach_id, method), q.assessments(breach_id)), self._show)

    def _show(self, found: tuple[RiskView, list[Assessment]]) -> None:
        self._view, kept = found
        if self._answers is None:
            self._answers = self._view.answers
            self._go(self._step)
        clear(self._history)
        for each in reversed(kept):
            text = _("Revision {number}: {level}").format(number=each.revision, level=word(each.level))
            self._history.addWidget(label(text, "medium", wrap=True))
            who = f"{full_moment(each.made_at)} · {each.made_by}"
            self._history.addWidget(label(f"{who} · {word(each.decided)}", "caption", wrap=True))
        if not kept:
            self._history.addWidget(label(_("None yet. The answers are what the facts say."), "caption", wrap=True))
        clear(self.note)
        if self._view.outdated:
            text = _("The last assessment judged older facts.")
            more = _("Revision {number} counts now: look at each answer, then keep a new assessment.")
            self.note.addWidget(Banner("warn", text, more.format(number=self._view.revision), closable=False))
        self._show_sum()

    def _go(self, key: str) -> None:
        self._step = key
        if self._answers is None:
            return
        clear(self._place)
        _key, heading, kind = next(each for each in steps() if each[0] == key)
        if self.question.heading is not None:
            self.question.heading.setText(heading)
        step: RiskStep = kind(self._answers, self.office.desk.risk)
        step.changed.connect(self._taken)
        self._place.addWidget(step)

    def _taken(self, answers: RiskAnswers) -> None:
        self._answers = answers
        self.error.setText("")
        self._show_sum()

    def _anew(self) -> None:
        breach_id = self.breach_id
        assert breach_id is not None

        def take(answers: RiskAnswers) -> None:
            self._answers = answers
            self._go(self._step)
            self._show_sum()

        self.office.read(lambda queries: suggested_answers(queries, breach_id), take)

    def _show_sum(self) -> None:
        clear(self._sum)
        assert self._answers is not None
        if not self._answers.kinds:
            self._sum.addWidget(label(_("Choose at least one kind of data."), "error", wrap=True))
            self._sum.addStretch(1)
            return
        result = assess_risk(self._answers, self.office.desk.risk)
        for step in result.steps:
            if step.quarters or step.kind in (StepKind.CONTEXT, StepKind.IDENTIFYING, StepKind.INTENT):
                text, figure = step_words(step, _)
                self._line(text, figure)
        self._sum.addWidget(rule())
        total = f"= {points(result.quarters)}"
        self._sum.addLayout(row(label(total, "figure", name="risk_score"), None,
                                Chip(_(CHIPS[result.level]), TONES[result.level], "scale")))  # fmt: skip
        self._before(result)
        self._owed(result)
        self._sum.addStretch(1)

    def _line(self, text: str, figure: str, tone: str = "") -> None:
        line = row(space=8)
        line.addWidget(label(text, wrap=True, tone=tone), 1)
        number = label(figure, "strong")
        line.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
        self._sum.addLayout(line)

    def _before(self, result: RiskResult) -> None:
        """Say what the answers would change before they are kept."""
        kept = self._view.kept if self._view else None
        if kept is None or (kept.quarters, kept.decided) == (result.quarters, result.decided):
            return
        text = _("Kept so far: {score}, {level}; {owed}").format(
            score=points(kept.quarters), level=word(kept.level), owed=word(kept.decided)
        )
        self._sum.addWidget(label(text, "caption", wrap=True, name="risk_before"))

    def _owed(self, result: RiskResult) -> None:
        self._sum.addWidget(rule())
        self._sum.addWidget(label(_("What is owed"), "strong"))
        tone = {Owed.REGISTER_ONLY: "ok", Owed.AUTHORITY: "warn", Owed.PERSONS: "danger"}[result.decided]
        self._sum.addWidget(label(word(result.decided), "strong", wrap=True, tone=tone, name="risk_owed"))
        if result.under_outcome:
            text = _("Less than the method says ({owed}): give the reason.").format(owed=word(result.outcome))
            self._sum.addWidget(label(text, wrap=True, tone="warn"))
        self._sum.addWidget(
            label(_("By the score alone: {owed}").format(owed=word(result.by_score)), "caption", wrap=True)
        )
        holding = [each for each in (*result.rules, *filter(None, (result.relief,))) if each.holds]
        for each in holding:
            self._line(f"{each.rule.value}: {word(each.rule)}", "")
            self._sum.addWidget(label(_(each.citation), "caption", wrap=True))
        waiting = [each for each in result.rules if not each.holds]
        if waiting:
            text = _("Open: {rules}. Answer what the score does not know.")
            rules = ", ".join(each.rule.value for each in waiting)
            self._sum.addWidget(label(text.format(rules=rules), wrap=True, tone="warn", name="risk_open"))
        flags = [_("More than 100 persons.")] * result.many_persons + [
            _("Nobody who has it can read it.")
        ] * result.unintelligible
        for flag in flags:
            self._sum.addWidget(label(flag, "second", wrap=True))
        self._nearest()

    def _nearest(self) -> None:
        assert self._answers is not None
        desk = self.office.desk
        case = nearest_case(self._answers, desk.risk_cases, desk.risk)
        self._sum.addWidget(rule())
        self._sum.addWidget(label(_("Nearest example of the guidelines, for comparison"), "caption", wrap=True))
        title = case.titles.get(i18n.current(), case.titles["en"])
        text = _("Case {number} of Guidelines 01/2021: {title}. Owed there: {owed}")
        said = text.format(number=case.no, title=title, owed=word(case.owed))
        self._sum.addWidget(label(said, "second", wrap=True, name="nearest_case"))

    def _keep(self) -> None:
        breach_id, desk, answers = self.breach_id, self.office.desk, self._answers
        if breach_id is None or answers is None:
            return
        job = self.office.runner.write(lambda _progress: keep_assessment(desk, breach_id, answers))
        job.done.connect(self._kept)
        job.failed.connect(self._refused)

    def _kept(self, made: Any) -> None:
        self.error.setText("")
        self.office.toast.emit(_("The assessment is kept with revision {number}.").format(number=made.kept.revision))
        self.office.changed.emit(made.changes)

    def _refused(self, error: BaseException) -> None:
        if isinstance(error, DpoError):
            self.error.setText(str(explain(error)))
            field = str(error.facts.get("field", ""))
            self._show_field(field)

    def _show_field(self, field: str) -> None:
        """Go to the step of a refused field."""
        homes = {"kind": "kind", "adjustment": "adjust", "identifying": "identifying", "decision_reason": "decision",
                 "exemption": "decision", "exemption_reason": "decision"}  # fmt: skip
        home = homes.get(field.partition("[")[0])
        if home is not None and home != self._step:
            for each in self._buttons.buttons():
                each.setChecked(each.objectName() == f"step_{home}")
            self._go(home)
