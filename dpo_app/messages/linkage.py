"""Words and sentences about who is one person, merges and corrections."""

from __future__ import annotations

from dpo_app.core.persons.household import Shared
from dpo_app.core.persons.linkage.compare import Field, Level
from dpo_app.core.persons.linkage.verdict import Verdict
from dpo_app.i18n import N_, nN_
from dpo_app.messages.sentence import Sentence, Words

SENTENCES: dict[str, Sentence] = {
    "no_such_pair": Sentence(N_("There is no such pair."), "", N_("Search for duplicates again.")),
    "pair_decided": Sentence(N_("This pair has been decided already."), "", N_("Take the last one back first.")),
    "pair_none_decided": Sentence(N_("There is no decision to take back.")),
    "pair_built_on": Sentence(
        N_("This pair cannot be taken apart yet."), N_("A later decision concerns the same rows."),
        N_("Take the later ones back first."),
    ),
    "no_such_merge": Sentence(N_("There is no merge {merge}.")),
    "merge_undone": Sentence(N_("Merge {merge} was taken back already.")),
    "merge_built_on": Sentence(
        N_("Merge {merge} cannot be taken back yet."), N_("Merge {later} made a third person of them."),
        N_("Take back {later} first."),
    ),
    "merge_same": Sentence(N_("That is one and the same person."), "", N_("Name two persons.")),
    "merge_breach": Sentence(N_("The two belong to different breaches."), N_("Persons belong to one breach."), ""),
    "merge_on_the_way": Sentence(
        N_("The two cannot become one person now."), N_("The same notice is on its way to both."),
        N_("Confirm one of the messages as posted or sent, or withdraw its batch, then merge them."),
    ),
    "register_moves": Sentence(
        N_("The register could not be searched."), N_("Persons were changed again and again while it was looked through."),
        N_("Search again when the import or the corrections are done."),
    ),
    "no_such_correction": Sentence(N_("There is no correction {correction}.")),
    "nothing_to_correct": Sentence(
        N_("Nothing was changed."), N_("No person would have another value; {left_out} are left out."),
        N_("Look at the preview to see why."),
    ),
    "value_form": Sentence(N_("That value cannot stand in {column}."), "", N_("Write it anew, or leave it empty.")),
    "no_matching_column": Sentence(
        N_("No column says whom a row is about."), N_("Nothing was changed."),
        N_("Add a column with the code, the customer number or the national id."),
    ),
    "correction_undone": Sentence(N_("Correction {correction} was taken back already.")),
    "correction_sent": Sentence(
        N_("Correction {correction} can no longer be taken back."),
        N_("Something was sent to {persons} of its persons since, or is on its way."),
        N_("Correct the persons concerned anew; what was sent stays in their history."),
    ),
    "correction_built_on": Sentence(
        N_("Correction {correction} cannot be taken back yet."), N_("Correction {later} changed the same persons later."),
        N_("Take back {later} first."),
    ),
    "correction_merged": Sentence(
        N_("Correction {correction} cannot be taken back yet."), nN_("{persons} of its persons is merged with others.", "{persons} of its persons are merged with others.", "persons"),
        N_("Take those merges back first."),
    ),
    "import_merged": Sentence(
        N_("Import {id} cannot be undone yet."), nN_("{persons} of its persons is merged with others.", "{persons} of its persons are merged with others.", "persons"),
        N_("Take those merges back first."),
    ),
}  # fmt: skip
WORDS: Words = (
    (Shared.ADDRESS, N_("same address")), (Shared.EMAIL, N_("same mail address")),
    (Level.MISSING, N_("not known")), (Level.SAME, N_("same")), (Level.NEAR, N_("nearly the same")),
    (Level.PARTLY, N_("same in part")), (Level.SWAPPED, N_("in each other's place")), (Level.DIFFERENT, N_("different")),
    (Verdict.OPEN, N_("undecided")), (Verdict.MERGED, N_("merged")), (Verdict.KEEP_LEFT, N_("one person, left kept")),
    (Verdict.KEEP_RIGHT, N_("one person, right kept")), (Verdict.DIFFERENT, N_("different people")),
)  # fmt: skip
#: What is compared, by its word.
FIELDS: dict[Field, str] = {
    Field.FAMILY: N_("Family name"), Field.GIVEN: N_("Given names"), Field.BORN: N_("Born on"),
    Field.NATIONAL_ID: N_("National id"), Field.NUMBER: N_("Customer number"), Field.ADDRESS: N_("Address"),
    Field.EMAIL: N_("E-mail address"), Field.PHONE: N_("Telephone"),
}  # fmt: skip
