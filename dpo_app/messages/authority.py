"""Words and sentences about authorities: who is owed, why, and how a notice to one stands."""

from __future__ import annotations

from dpo_app.core.authority.authorities import AuthorityChannel, AuthorityRegime, AuthorityScope
from dpo_app.core.authority.authority_log import ContactKind
from dpo_app.core.authority.authority_notice import AnswerState, Completeness, GapKind
from dpo_app.core.authority.authority_template import Origin
from dpo_app.core.authority.lead_authority import BodyKind, OwedReason, OwedRole
from dpo_app.i18n import N_, nN_
from dpo_app.messages.sentence import Sentence, Words

SENTENCES: dict[str, Sentence] = {
    "no_such_authority": Sentence(
        N_("There is no authority {authority} in the directory."), "", N_("List them: dpo authorities.")
    ),
    "no_such_template": Sentence(N_("There is no form {template}.")),
    "no_form_words": Sentence(
        N_("The form has no words in that language ({language})."),
        N_("A text is never replaced by another language."), N_("Choose Finnish, Swedish or English."),
    ),
    "no_authority_known": Sentence(
        N_("No authority can be named for this breach."), N_("Neither the organisation's country nor that of the persons "
        "is known."), N_("Fill in the organisation's country, or name the authority."),
    ),
    "no_initial_to_authority": Sentence(
        N_("The authority {authority} has not been given a first notice yet."),
        N_("A follow-up adds to a notice that was handed in (Art. 33(4))."),
        N_("Write the first notice, or record the one that was made by other means."),
    ),
    "initial_given": Sentence(
        N_("The authority {authority} has been given its first notice already."), "", N_("Write a follow-up.")
    ),
    "authority_withdrawn": Sentence(
        N_("The notice to the authority {authority} was withdrawn; nothing can be added to it."), "",
        N_("Record a new breach if there is one after all."),
    ),
    "no_such_field": Sentence(N_("The form has no field {field}.")),
    "field_value": Sentence(N_("Field {no} does not take this value ({kind}).")),
    "field_not_open": Sentence(
        N_("Field {no} may not stay open."), N_("Only some fields may, in an incomplete notice."), N_("Answer it.")
    ),
    "date_in_past": Sentence(N_("{field} lies in the past."), "", N_("Name a day to come.")),
    "nothing_to_leave_open": Sentence(N_("No field is unanswered that may stay open.")),
    "notice_from_old_facts": Sentence(
        N_("Notice {notice} was written from revision {revision}; revision {newest} is the newest."),
        N_("An authority is told what is known now."), N_("Take the newest facts over, and read it again."),
    ),
    "authority_incomplete": Sentence(
        nN_("The notice cannot be approved yet: {count} field is not settled.", "The notice cannot be approved yet: {count} fields are not settled.", "count"),
        N_("The first one is field {no}, {field}."), N_("Answer them, or leave open what may be, with a reason and a date."),
    ),
    "notice_not_approved": Sentence(
        N_("Notice {notice} is a draft; only an approved one can have been handed in."), "", N_("Approve it first.")
    ),
    "handed_in_before": Sentence(
        N_("Notice {notice} is recorded as handed in already."), "", N_("Correct that entry, or write a follow-up.")
    ),
    "handed_in_before_approval": Sentence(
        N_("That is before notice {notice} was approved."), N_("What was not frozen cannot be what was handed in."),
        N_("Correct the time."),
    ),
    "told_before_aware": Sentence(
        N_("That is before the awareness of the breach."), N_("Nobody can tell what nobody knew."),
        N_("Correct the time, or the awareness by a new revision."),
    ),
    "late_reason_needed": Sentence(
        N_("The notice was handed in after the 72 hours."), N_("Art. 33(1) asks for the reasons for the delay."),
        N_("Write the reason."),
    ),
    "no_such_entry": Sentence(N_("There is no entry {entry} in the log of this breach.")),
    "no_such_kept_file": Sentence(N_("There is no such file in the store.")),
}  # fmt: skip
WORDS: Words = (
    (AuthorityScope.GENERAL, N_("all bodies")), (AuthorityScope.PRIVATE, N_("private bodies")),
    (AuthorityScope.PUBLIC, N_("public bodies")),
    (AuthorityScope.FEDERAL, N_("federal bodies, telecommunications and post")),
    (AuthorityScope.REGION, N_("bodies of the region")),
    (AuthorityScope.REGIONAL_PUBLIC, N_("public bodies of the region")),
    (AuthorityScope.UNION, N_("bodies of the Union")),
    (AuthorityRegime.GDPR, "GDPR"), (AuthorityRegime.UK_GDPR, "UK GDPR"),
    (AuthorityRegime.CH_FADP, N_("Swiss data protection act")),
    (AuthorityRegime.EU_BODIES, N_("Regulation (EU) 2018/1725")),
    (AuthorityChannel.PORTAL, N_("web form")), (AuthorityChannel.FORM, N_("form as a file")),
    (AuthorityChannel.EMAIL, N_("e-mail")), (AuthorityChannel.POST, N_("letter")),
    (AuthorityChannel.PHONE, N_("telephone")),
    (OwedRole.COMPETENT, N_("competent")), (OwedRole.LEAD, N_("lead")), (OwedRole.CONCERNED, N_("concerned")),
    (OwedRole.BESIDE, N_("under its own law")), (OwedRole.PLACE, N_("where it took place")),
    (OwedRole.EVERY_STATE, N_("state of the persons")),
    (OwedReason.ONLY_ESTABLISHMENT, N_("The controller is established there, and nothing crosses a border (Art. 55(1)).")),
    (OwedReason.MAIN_ESTABLISHMENT, N_("The main establishment is there: it leads (Art. 56(1), 4(16)).")),
    (OwedReason.ESTABLISHMENTS_IN_STATES, N_("The controller has establishments in several states (Art. 4(23)(a)).")),
    (OwedReason.RESIDENTS_AFFECTED, N_("Persons who live in other states are likely to be substantially affected "
                                       "(Art. 4(23)(b), 4(22)(b)).")),
    (OwedReason.RESIDENTS_MAYBE, N_("Persons live there; whether they are substantially affected is for you to judge "
                                    "(Guidelines 8/2022).")),
    (OwedReason.ESTABLISHED_THERE, N_("The controller has an establishment there (Art. 4(22)(a)).")),
    (OwedReason.PUBLIC_BODY, N_("A public body answers to the authority of its own state alone (Art. 55(2)).")),
    (OwedReason.NO_ESTABLISHMENT, N_("Without an establishment in the EEA every authority is told in whose state persons "
                                     "live; a representative changes nothing (Guidelines 9/2022).")),
    (OwedReason.MAIN_UNKNOWN, N_("The main establishment is not known: at least the authority where the breach took place "
                                 "is told, the rest is corrected later.")),
    (OwedReason.LAND_UNKNOWN, N_("In Germany the authority of the Land of the seat is competent; name the Land in the "
                                 "organisation's details.")),
    (OwedReason.LAND_OF_SEAT, N_("The authority of the region of the seat is competent.")),
    (OwedReason.FEDERAL_SECTOR, N_("Telecommunications and post answer to the federal authority.")),
    (OwedReason.OUTSIDE_EEA, N_("There is no one-stop-shop with it: whether its law applies is judged on its own.")),
    (BodyKind.PRIVATE, N_("private")), (BodyKind.PUBLIC, N_("public body")),
    (BodyKind.TELECOM_POST, N_("telecommunications or post")),
    (Origin.FACTS, N_("from Facts")), (Origin.LEDGER, N_("from the ledger")),
    (Origin.ORGANISATION, N_("from the organisation")), (Origin.NOTICE, N_("from this notice")),
    (Origin.WORDS, N_("your words")),
    (AnswerState.KNOWN, N_("known")), (AnswerState.ESTIMATED, N_("estimated")),
    (AnswerState.OPEN, N_("not yet known")), (AnswerState.MISSING, N_("needs your words")),
    (AnswerState.EMPTY, N_("nothing to say")),
    (Completeness.COMPLETE, N_("complete")), (Completeness.INCOMPLETE, N_("incomplete")),
    (Completeness.WITHDRAW, N_("withdrawal")),
    (ContactKind.SUBMITTED, N_("notice handed in")), (ContactKind.ATTEMPTED, N_("tried, the channel was down")),
    (ContactKind.RECEIVED, N_("message from the authority")), (ContactKind.SENT, N_("message to the authority")),
    (ContactKind.CALL, N_("call")), (ContactKind.ORDER, N_("order of the authority")),
    (GapKind.UNANSWERED, N_("has no answer")), (GapKind.OPEN_WITHOUT_REASON, N_("is open without a reason")),
    (GapKind.OPEN_WITHOUT_DATE, N_("is open without a date by which it will be known")),
    (GapKind.OPEN_AT_THE_END, N_("is open in a final notice without a reason")),
)  # fmt: skip
