"""Facts: what is known, as revisions that are never edited; a draft counts only when it is saved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout

from dpo_app.core.facts.breach import Revision, SavedRevision
from dpo_app.core.facts.evidence import Evidence
from dpo_app.core.facts.fact_catalogue import FactGroup
from dpo_app.core.ids import BreachId, EvidenceId, parse_ref
from dpo_app.gui.office import Office
from dpo_app.gui.pages.facts.difference_view import DifferenceView
from dpo_app.gui.pages.facts.evidence_sheet import EvidenceSheet
from dpo_app.gui.pages.facts.fact_view import FactView
from dpo_app.gui.pages.facts.follows_sheet import FollowsSheet
from dpo_app.gui.pages.facts.revision_form import RevisionForm
from dpo_app.gui.pages.page import Page
from dpo_app.gui.widgets.parts import EN_SPACE, Banner, button, clear, label
from dpo_app.gui.words import counted, full_moment, number
from dpo_app.i18n import _, ngettext
from dpo_app.services.facts.assess_exposure import make_plan
from dpo_app.services.facts.keep_evidence import keep_evidence, save_evidence, verify_evidence
from dpo_app.services.facts.record_breach import revise_breach
from dpo_app.services.facts.revision_effects import effects_of
from dpo_app.services.notices.follow_up import draft_follow_up
from dpo_app.services.notices.owed import count_owed
from dpo_app.services.progress import Changes, Topic


class FactsPage(Page):
    """The facts of a revision by group, its differences to the one before, and the draft of the next."""

    key = "facts"
    topics = frozenset({Topic.FACTS, Topic.PLAN, Topic.PERSONS, Topic.DELIVERIES})

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.box.addLayout(self._head())
        self.note = QVBoxLayout()
        self.box.addLayout(self.note)
        self.view = FactView(office.desk.read_only)
        self.view.evidence_wanted.connect(self._evidence_wanted)
        self.differences = DifferenceView()
        self.differences.follow_up_wanted.connect(self._follow_up)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.differences)
        self.box.addWidget(self.stack, 1)
        self.form: RevisionForm | None = None
        self._newest: SavedRevision | None = None
        self._shown: tuple[SavedRevision, SavedRevision | None] | None = None
        self._evidence: list[Evidence] = []
        self._picked: int | None = None
        self._edit_group: FactGroup | None = None
        self._edit_wanted = False
        self._group: FactGroup | None = None

    def _head(self) -> QHBoxLayout:
        self.title = label("", "title", name="facts_title")
        self.source = label("", "second", wrap=True)
        self.new = button(_("New revision…"), "primary", "plus", "new_revision")
        self.new.clicked.connect(self._edit)
        self.new.setEnabled(not self.office.desk.read_only)
        self.compare = button(_("Compare"), "", "git-compare", "compare_revisions")
        self.compare.setCheckable(True)
        self.compare.clicked.connect(self._compare)
        self.picker = QComboBox()
        self.picker.setObjectName("revision_picker")
        self.picker.setAccessibleName(_("Revision shown"))
        self.picker.activated.connect(self._pick)
        self.picker.hide()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.source)
        head = QHBoxLayout()
        head.addLayout(words, 1)
        for each in (self.picker, self.compare, self.new):
            head.addWidget(each)
        return head

    def reload(self) -> None:
        """Read all revisions, the evidence, and what follows from the last revision."""
        breach_id = self.breach_id
        assert breach_id is not None
        picked = self._picked

        def read(queries: Any) -> dict[str, Any]:
            revisions = queries.revisions(breach_id)
            place = next((n for n, each in enumerate(revisions) if each.number == picked), len(revisions) - 1)
            new, old = revisions[place], revisions[place - 1] if place else None
            return {
                "revisions": revisions, "new": new, "old": old, "persons": queries.count_persons(breach_id),
                "moves": queries.moves(old.id, new.id) if old else {},
                "owed": count_owed(queries, revisions[-1]) if old else 0,
                "exposure": queries.exposure_counts(new.id), "evidence": queries.evidence(breach_id),
                "told": tuple(dict.fromkeys(
                    each.authority for each in queries.authority_told(breach_id)
                    if not each.withdraw and each.at < new.recorded_at)),
            }  # fmt: skip

        self.office.read(read, self._show)

    def _show(self, found: dict[str, Any]) -> None:
        new, old = found["new"], found["old"]
        self._newest, self._evidence, self._shown = found["revisions"][-1], found["evidence"], (new, old)
        self._show_picker(found["revisions"], new)
        self.source.setText(
            _("Known as of {when} · source: {source} · recorded by {who}").format(
                when=full_moment(new.facts.known_as_of), source=new.facts.source, who=new.author
            )
        )
        self.view.show_revision(new, old, self._evidence)
        if self._group is not None:
            self.view.show_group(self._group)
            self._group = None
        self.differences.show_found(found)
        self._show_side()
        if self._edit_wanted:
            self._edit()

    def _show_side(self) -> None:
        """Show the facts, or the comparison where there is something to compare."""
        if self._shown is None:
            return
        new, old = self._shown
        self.compare.setVisible(old is not None and self.form is None)
        both = self.compare.isChecked() and old is not None
        if old is not None:
            text = _("Facts by group") if both else _("Compare with revision {number}").format(number=old.number)
            self.compare.setText(f"{EN_SPACE}{text}")
            self.compare.setAccessibleName(text)
        self.stack.setCurrentWidget(self.differences if both else self.view)
        if both and old is not None:
            self.title.setText(_("Revision {new} beside revision {old}").format(new=new.number, old=old.number))
        else:
            self.title.setText(_("Revision {number}").format(number=new.number))

    def _compare(self) -> None:
        self._show_side()

    def _show_picker(self, revisions: list[SavedRevision], shown: SavedRevision) -> None:
        self.picker.clear()
        for each in reversed(revisions):
            text = _("Revision {number}, known as of {when}")
            self.picker.addItem(text.format(number=each.number, when=full_moment(each.facts.known_as_of)), each.number)
        self.picker.setCurrentIndex(self.picker.findData(shown.number))
        self.picker.setVisible(len(revisions) > 1 and self.form is None)
        if self.form is None:
            clear(self.note)
            if shown is not revisions[-1]:
                text = _("This is what was known then. Revision {number} counts now.").format(
                    number=revisions[-1].number
                )
                self.note.addWidget(Banner("info", text, closable=False))

    def _pick(self, place: int) -> None:
        self._picked = None if place == 0 else self.picker.itemData(place)
        self.reload()

    def open_breach(self, breach_id: BreachId) -> None:
        """Show the newest revision of another breach."""
        if breach_id != self.breach_id:
            self._picked = None
            self.compare.setChecked(False)
            self._close_form()
        super().open_breach(breach_id)

    def _edit(self) -> None:
        if self.form is not None:
            self._show_wanted()
            return
        if self._newest is None or self._newest.breach_id != self.breach_id:
            # The link came before the facts of this breach were read.
            self._edit_wanted = True
            return
        self._edit_wanted = False
        self.form = RevisionForm(self._newest.facts, self.office, self._evidence)
        self.form.given_up.connect(self._close_form)
        self.form.finished.connect(self._weigh)
        for each in (self.stack, self.new, self.picker, self.compare):
            each.hide()
        clear(self.note)
        draft = _("Draft of revision {number}: nothing counts until you save it.").format(
            number=self._newest.number + 1
        )
        self.note.addWidget(Banner("draft", draft, closable=False))
        self.box.addWidget(self.form, 1)
        self._show_wanted()

    def _show_wanted(self) -> None:
        """Show the group of the draft that a link asked for, once."""
        if self.form is not None and self._edit_group is not None:
            self.form.show_group(self._edit_group)
            self._edit_group = None

    def _close_form(self) -> None:
        if self.form is not None:
            self.box.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        clear(self.note)
        self.stack.show()
        self.new.show()
        self.picker.setVisible(self.picker.count() > 1)
        self._show_side()

    def _weigh(self, facts: Revision) -> None:
        """Work out what follows before the draft counts."""
        breach_id, desk = self.breach_id, self.office.desk
        assert breach_id is not None and self._newest is not None
        number = self._newest.number + 1
        job = self.office.runner.run(lambda _progress: effects_of(desk, breach_id, facts), _("What follows"))

        def show(effects: Any) -> None:
            sheet = FollowsSheet(self, number, effects)
            sheet.agreed.connect(lambda: self._save(facts))
            sheet.finished.connect(sheet.deleteLater)
            sheet.open()

        job.done.connect(show)
        job.failed.connect(self._refused)

    def _save(self, facts: Revision) -> None:
        breach_id, desk = self.breach_id, self.office.desk
        assert breach_id is not None

        def work(progress: Any) -> Changes:
            revise_breach(desk, breach_id, facts)
            make_plan(desk, breach_id, progress)
            return Changes.of(breach_id, Topic.FACTS, Topic.PLAN, Topic.BREACHES)

        job = self.office.do(work, None, _("Saving the revision"))
        job.done.connect(lambda _result: self._saved())
        job.failed.connect(self._refused)

    def _refused(self, error: BaseException) -> None:
        if self.form is not None:
            self.form.show_error(error)

    def _saved(self) -> None:
        self._picked = None
        self.compare.setChecked(True)
        self._close_form()

    def _follow_up(self) -> None:
        """Draft the notice to those who were told and are owed more; the officer reads it on its page."""
        breach_id, desk = self.breach_id, self.office.desk
        assert breach_id is not None

        def drafted(made: Any) -> None:
            text = ngettext("Follow-up N{notice} is drafted for {count} person.",
                            "Follow-up N{notice} is drafted for {count} persons.", made[1])  # fmt: skip
            self.office.toast.emit(text.format(notice=made[0], count=number(made[1])))
            self.office.page_wanted.emit("notices", None)

        self.office.do(lambda _progress: draft_follow_up(desk, breach_id), drafted, _("Drafting the follow-up"))

    def _evidence_wanted(self, ref: str) -> None:
        if ref == "":
            path = self.office.dialogs.open_file(self, _("Keep a file as evidence"), "")
            if path is not None:
                sheet = EvidenceSheet(self, path)
                sheet.agreed.connect(lambda kind, title, source, day: self._keep(path, kind, title, source, day))
                sheet.finished.connect(sheet.deleteLater)
                sheet.open()
        elif ref == "*":
            self._verify()
        else:
            self._save_out(ref)

    def _keep(self, path: Path, kind: Any, title: str, source: str, day: Any) -> None:
        breach_id, desk = self.breach_id, self.office.desk
        assert breach_id is not None
        self._group = FactGroup.EVIDENCE
        self.office.do(
            lambda progress: keep_evidence(desk, breach_id, path, kind, title, source, day, progress),
            lambda made: self.office.toast.emit(_("{evidence} is kept.").format(evidence=made.evidence.ref)),
            _("Keeping the file"),
        )

    def _save_out(self, ref: str) -> None:
        number, desk = parse_ref(ref, "E"), self.office.desk
        kept = next((each for each in self._evidence if each.ref == ref), None)
        if number is None or kept is None or desk.read_only:
            return
        path = self.office.dialogs.save_file(self, _("Save evidence as a file"), kept.file_name, "")
        if path is not None:
            self.office.do(
                lambda _progress: save_evidence(desk, EvidenceId(number), path),
                lambda _made: self.office.told(_("{evidence} is written.").format(evidence=ref), Topic.TRAIL),
                _("Saving evidence"),
            )

    def _verify(self) -> None:
        breach_id, desk = self.breach_id, self.office.desk
        assert breach_id is not None

        def said(found: Any) -> None:
            text = counted("{count} file is what was kept.", "All {count} files are what was kept.", found.files)
            if found.damaged:
                text = _("Damaged: {files}. Take them from a backup.").format(files=", ".join(found.damaged))
                clear(self.note)
                self.note.addWidget(Banner("danger", text))
            self.office.told(text, Topic.TRAIL)

        self.office.do(lambda progress: verify_evidence(desk, breach_id, progress), said, _("Checking evidence"))

    def show_target(self, target: object) -> None:
        """Links here ask for a draft, or for a group."""
        if target == "edit":
            self._edit()
        elif isinstance(target, dict) and "group" in target:
            self._group = FactGroup(target["group"])
            self.view.show_group(self._group)
            if target.get("edit"):
                self._edit_group = self._group
                self._edit()
