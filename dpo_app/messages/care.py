"""Rules of care in words: what each is called, what the law says, what the program does, who decides."""

from __future__ import annotations

from typing import NamedTuple

from dpo_app.core.persons.care import CareEffect, CareRule
from dpo_app.i18n import N_, nN_
from dpo_app.messages.sentence import Sentence, Words

SENTENCES: dict[str, Sentence] = {
    "care_not_markable": Sentence(
        N_("That mark cannot be put on by hand ({rule})."), N_("It follows from the register."),
        N_("Correct the register instead."),
    ),
    "wish_channel": Sentence(N_("It is not said which channel the person asked for."), "", N_("Say e-mail or letter.")),
    "protected_one_by_one": Sentence(
        N_("Nothing was changed: protection is taken off one person at a time ({persons} were chosen)."),
        N_("An address that comes into the wrong hands can cost a life."), N_("Open each person and give the reason."),
    ),
    "protected_in_group": Sentence(
        nN_("Nothing was changed: {persons} of them has a protected address.", "Nothing was changed: {persons} of them have a protected address.", "persons"),
        N_("A group is written to in batches, and they never stand in a batch."),
        N_("Leave them out, and write to each of them by themselves."),
    ),
    "not_one_by_one": Sentence(
        N_("No message was made for this person."), N_("They are not in scope, or were told or are being told already."),
        N_("Look at where they stand first."),
    ),
}  # fmt: skip


class CareNote(NamedTuple):
    """What stands behind a rule: law and practice, what the program does, who decides."""

    law: str
    does: str
    decides: str


_R = CareRule
NOTES: dict[CareRule, CareNote] = {
    _R.PROTECTED: CareNote(
        N_("The address is kept secret because the person is in danger; only the address for contact may be used."),
        N_("Never in a batch, a list or a file. Written to one by one."),
        N_("You decide how, person by person; taking the mark off needs a reason."),
    ),
    _R.DECEASED: CareNote(
        N_("The GDPR does not speak of the dead, but the records may concern relatives."),
        N_("Nothing is sent until it is decided."), N_("You decide: nobody, or the estate by letter."),
    ),
    _R.DO_NOT_WRITE: CareNote(
        N_("A wish not to be written to does not end the duty to tell of a high risk."),
        N_("Nothing is sent until it is decided."), N_("You decide: tell another way, or excuse with the reason."),
    ),
    _R.SUSPECT: CareNote(
        N_("Somebody who may have done it is still owed what concerns their own data, but not what helps them."),
        N_("Nothing is sent until it is decided."), N_("You decide, best with the police."),
    ),
    _R.GUARDIANSHIP: CareNote(
        N_("The guardian of an adult acts where the matter is within the mandate; the person may be told as well."),
        N_("Nothing is sent until it is decided."), N_("You decide: to the guardian, to the person, or to both."),
    ),
    _R.CHILD: CareNote(
        N_("A child is told through the guardians, in words a child understands. Where guardians live apart, each gets "
           "a letter."),
        N_("Nothing is sent until it is decided."),
        N_("You decide; take care where safety is doubtful or the child has forbidden it."),
    ),
    _R.MINOR: CareNote(
        N_("A minor who can judge the matter is told in person, and may have forbidden that the guardians learn of it."),
        N_("Gets an own message by the usual channel."), N_("You decide whether the guardians are told as well."),
    ),
    _R.INSTITUTION: CareNote(
        N_("Post and mail to a prison, a shelter or a clinic may be read by others, and says where somebody is."),
        N_("Nothing is sent until it is decided."), N_("You decide, best after asking the person."),
    ),
    _R.SHARED_MAIL: CareNote(
        N_("Who shares a mail address reads what was meant for the other; a letter to the name is closed."),
        N_("Nothing is sent until it is decided. Each person gets a message of their own."),
        N_("You decide, for all of them at once: a letter as a rule."),
    ),
    _R.ROLE_MAIL: CareNote(
        N_("An address such as info@ is read by several people."),
        N_("Nothing is sent until it is decided."), N_("You decide: a letter as a rule."),
    ),
    _R.STAFF: CareNote(
        N_("The staff of the organisation are owed the same as everybody; their work mail may be what was broken into."),
        N_("The work address is not used; a letter is."), N_("The program, unless you choose another channel."),
    ),
    _R.WISH: CareNote(
        N_("A person may ask for a channel; the duty to tell them stays if it cannot be used."),
        N_("The wished channel comes first, then the usual ones."), N_("The program, unless you choose another channel."),
    ),
    _R.LARGE_PRINT: CareNote(
        N_("What somebody cannot read does not inform them."),
        N_("Letters to them are set in 16 points."), N_("You, or a column of the register."),
    ),
    _R.EASY_LANGUAGE: CareNote(
        N_("The words must be such as the reader understands; easy language is written for those who need it."),
        N_("Letters take the texts for easy language; a section without one is read in the usual words. E-mails are in "
           "the usual words."),
        N_("You, or a column of the register; you write the texts."),
    ),
}  # fmt: skip
WORDS: Words = (
    (_R.PROTECTED, N_("protected address")), (_R.DECEASED, N_("deceased")),
    (_R.DO_NOT_WRITE, N_("asked not to be written to")), (_R.SUSPECT, N_("may be the attacker")),
    (_R.GUARDIANSHIP, N_("has a guardian")), (_R.CHILD, N_("child")), (_R.MINOR, N_("minor")),
    (_R.INSTITUTION, N_("prison, shelter or clinic")), (_R.SHARED_MAIL, N_("shared mail address")),
    (_R.ROLE_MAIL, N_("an office's mail address")), (_R.STAFF, N_("staff, work address")),
    (_R.WISH, N_("asked for a channel")), (_R.LARGE_PRINT, N_("needs large print")),
    (_R.EASY_LANGUAGE, N_("needs easy language")),
    (CareEffect.OFFICER, N_("left to the officer")), (CareEffect.NO_EMAIL, N_("mail address not used")),
    (CareEffect.WISH, N_("wish first")), (CareEffect.NOTE, N_("shown only")),
)  # fmt: skip
