"""Words and sentences about notices."""

from __future__ import annotations

from dpo_app.core.notices.notice import NoticePhase, NoticeState, SectionKey
from dpo_app.core.notices.notice_check import FindingLevel, NoticeCheck
from dpo_app.i18n import N_, nN_
from dpo_app.messages.sentence import Sentence, Words

SENTENCES: dict[str, Sentence] = {
    "person_no_email": Sentence(
        N_("This person has no mail address, so there is no e-mail to show."), "", N_("Look at the letter or the text.")
    ),
    "nobody_to_show": Sentence(N_("There is nobody yet to show it for."), "", N_("Bring in the register first.")),
    "no_such_notice": Sentence(N_("There is no notice {notice}."), "", N_("List the notices to see which exist.")),
    "notice_frozen": Sentence(
        N_("Notice {notice} is approved; its text can no longer change."), "", N_("Write a new version from it.")
    ),
    "no_wording": Sentence(
        N_("There is no ready wording in that language ({language})."), N_("A text is never replaced by another language."),
        N_("Choose another language or write the text yourself."),
    ),
    "no_such_wording": Sentence(N_("There is no ready wording {wording}.")),
    "no_initial_notice": Sentence(
        N_("A follow-up needs a first notice that was approved."), "", N_("Approve the first notice.")
    ),
    "notice_incomplete": Sentence(
        nN_("The notice cannot be approved yet: {count} thing is missing.", "The notice cannot be approved yet: {count} things are missing.", "count"),
        nN_("{article} with 33(3); the first one: {check}, language {language}, {persons} person.", "{article} with 33(3); the first one: {check}, language {language}, {persons} persons.", "persons"),
        N_("Look at the checks and write what is missing."),
    ),
    "notice_unread": Sentence(
        N_("Nobody has confirmed that the text in the language {language} was read."),
        N_("What is approved goes out in every language as it stands."),
        N_("Read it and confirm that: a tick in the window, --read {language} on the command line."),
    ),
    "facts_unconfirmed": Sentence(
        N_("Nobody has confirmed that what the notice says was done has been done."),
        N_("{article}: persons rely on the measures it names."),
        N_("Confirm it: a tick in the window, --confirm-facts on the command line."),
    ),
    "no_such_claim": Sentence(
        N_("Notice {notice} has no unconfirmed sentence {number}."), "", N_("Check the notice to see their numbers.")
    ),
    "no_approved_notice": Sentence(
        N_("There is no approved notice to persons."), N_("{article}: nothing goes out before it is read and frozen."),
        N_("Approve the notice first."),
    ),
    "plan_outdated": Sentence(
        N_("Exposure and channels are not worked out for the newest facts and persons."), "",
        N_("Work out the plan of {breach} first."),
    ),
    "language_missing": Sentence(
        N_("The approved notice has no text in the language {language}, and somebody reads it."),
        N_("A text is never replaced by another language."), N_("Write a new version with that language."),
    ),
    "nobody_to_write_to": Sentence(N_("Nobody is open on this channel ({channel}); nothing was made.")),
}  # fmt: skip
SECTION_NAMES: dict[SectionKey, str] = {
    SectionKey.HEADING: N_("Heading"),
    SectionKey.WHAT_HAPPENED: N_("What happened"),
    SectionKey.YOUR_DATA: N_("Your data"),
    SectionKey.CONSEQUENCES: N_("Consequences"),
    SectionKey.WHAT_WE_DID: N_("What we did"),
    SectionKey.WHAT_YOU_CAN_DO: N_("What you can do"),
    SectionKey.CONTACT: N_("Contact"),
    SectionKey.GENUINE: N_("Genuine"),
    SectionKey.SIGNATURE: N_("Signature"),
}
#: What a finding names beyond its check; after a colon stands the value.
DETAILS: dict[str, str] = {
    "no_value": N_("(({value})) is empty: fill in the facts, or Edit, Organisation"),
    "unknown_placeholder": N_("no placeholder is called “{value}”"),
    "loose_placeholder": N_("a bracket of a placeholder has no partner"),
    "unconfirmed": N_("“{value}”: confirm it, change it or leave it out"),
    "link": N_("a link: {value}"),
    "foreign_link": N_("a link elsewhere: {value}"),
    "national_id": N_("a national id stands in the text"),
    "health_word": N_("the heading says that it is about health"),
    "health_word_in_mail": N_("the e-mail says that it is about health"),
    "no_code": N_("the code is missing"),
    "long_sentence": N_("a sentence of {value} words"),
    "no_readers": N_("nobody is in scope yet"),
}
WORDS: Words = (
    *SECTION_NAMES.items(),
    (NoticeState.DRAFT, N_("Draft")), (NoticeState.APPROVED, N_("Approved")), (NoticeState.SUPERSEDED, N_("Superseded")),
    (NoticePhase.INITIAL, N_("First notice")), (NoticePhase.FOLLOW_UP, N_("Follow-up notice")),
    (NoticePhase.FINAL, N_("Final notice")),
    (FindingLevel.STOP, N_("missing")), (FindingLevel.WARN, N_("look at it")), (FindingLevel.HINT, N_("hint")),
    (NoticeCheck.HEADING, N_("Heading")), (NoticeCheck.NATURE, N_("Say what happened and when")),
    (NoticeCheck.THEIR_DATA, N_("Say which of their data is concerned")),
    (NoticeCheck.CERTAINTY, N_("One text speaks to surely and to perhaps exposed persons alike")),
    (NoticeCheck.CONSEQUENCES, N_("Say the likely consequences")),
    (NoticeCheck.MEASURES, N_("Say what you have done")),
    (NoticeCheck.UNCONFIRMED, N_("A sentence that nobody has confirmed")), (NoticeCheck.ADVICE, N_("Say what the person can do")),
    (NoticeCheck.CONTACT, N_("Say whom to ask")),
    (NoticeCheck.GENUINE, N_("Say how to know that the message is genuine, with the code")),
    (NoticeCheck.SIGNATURE, N_("Sign the notice")),
    (NoticeCheck.PLACEHOLDERS, N_("A placeholder is unknown or has no value")),
    (NoticeCheck.FORBIDDEN, N_("Something must not stand there")),
    (NoticeCheck.LANGUAGE, N_("A language is missing")), (NoticeCheck.PLAIN, N_("A sentence is long")),
    (NoticeCheck.EASY, N_("Easy language is not written here")),
    (NoticeCheck.CONSISTENT, N_("No persons are planned yet, so nobody can be checked")),
)  # fmt: skip
