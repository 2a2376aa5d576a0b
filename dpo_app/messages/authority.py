"""Words and sentences about authorities: who is owed, why, and how a notice to one stands."""

from __future__ import annotations

from dpo_app.core.authorities import AuthorityChannel, AuthorityRegime, AuthorityScope
from dpo_app.core.authority_notice import AnswerState, Completeness, GapKind
from dpo_app.core.authority_template import Origin
from dpo_app.core.lead_authority import OwedReason, OwedRole, Sector
from dpo_app.i18n import N_
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
    (Sector.PRIVATE, N_("private")), (Sector.PUBLIC, N_("public body")),
    (Sector.TELECOM_POST, N_("telecommunications or post")),
    (Origin.FACTS, N_("from Facts")), (Origin.LEDGER, N_("from the ledger")),
    (Origin.ORGANISATION, N_("from the organisation")), (Origin.NOTICE, N_("from this notice")),
    (Origin.WORDS, N_("your words")),
    (AnswerState.KNOWN, N_("known")), (AnswerState.ESTIMATED, N_("estimated")),
    (AnswerState.OPEN, N_("not yet known")), (AnswerState.MISSING, N_("needs your words")),
    (AnswerState.EMPTY, N_("nothing to say")),
    (Completeness.COMPLETE, N_("complete")), (Completeness.INCOMPLETE, N_("incomplete")),
    (Completeness.WITHDRAW, N_("withdrawal")),
    (GapKind.UNANSWERED, N_("has no answer")), (GapKind.OPEN_WITHOUT_REASON, N_("is open without a reason")),
    (GapKind.OPEN_WITHOUT_DATE, N_("is open without a date by which it will be known")),
    (GapKind.OPEN_AT_THE_END, N_("is open in a final notice without a reason")),
)  # fmt: skip
