"""Enquiries in words: ways, kinds, identity, codes, and who may be told what about somebody else."""

from __future__ import annotations

from dpo_app.core.persons.enquiry import AskedFact, Caller, CodeResult, EnquiryKind, EnquiryState, EnquiryWay, Identity
from dpo_app.i18n import N_, nN_
from dpo_app.messages.sentence import Sentence, Words

SENTENCES: dict[str, Sentence] = {
    "identity_first": Sentence(
        N_("The enquiry was not saved with a person."), N_("It is not established who asked ({article})."),
        N_("Establish it, or save the enquiry without a person."),
    ),
    "note_too_long": Sentence(N_("The note is longer than {most} signs."), "", N_("Shorten it.")),
    "due_in_past": Sentence(N_("The day by which it is due has passed."), "", N_("Choose a later day.")),
    "outcome_needed": Sentence(
        N_("The enquiry stays open."), N_("It is not said what came of it."), N_("Write a sentence about it.")
    ),
    "enquiry_closed": Sentence(N_("Enquiry {enquiry} is closed already."), "", N_("Log a new one.")),
    "no_such_enquiry": Sentence(N_("There is no enquiry {enquiry}."), "", N_("List them to see which exist.")),
    "filter_name": Sentence(
        N_("The filter was not kept."), N_("It has no name, or one longer than {most} signs."), N_("Give it a short name.")
    ),
    "filter_empty": Sentence(
        N_("The filter was not kept."), N_("It leaves nobody out; what is typed into the search is never kept."),
        N_("Choose something to filter by first."),
    ),
    "no_such_filter": Sentence(N_("There is no such filter.")),
    "too_many_to_copy": Sentence(
        nN_("Nothing was copied: {persons} person is chosen.", "Nothing was copied: {persons} persons are chosen.", "persons"), N_("At most {most} go to the clipboard at once."),
        N_("Export them to a file."),
    ),
    "no_message_text": Sentence(
        N_("There is no text of this message."), N_("It was never made."), N_("Look at the messages that were sent.")
    ),
    "no_answer": Sentence(
        N_("There is no ready answer in this language ({language})."), N_("Answers are reviewed texts."),
        N_("Choose another language."),
    ),
}  # fmt: skip
_K, _I, _C = EnquiryKind, Identity, Caller
WORDS: Words = (
    (EnquiryWay.CALL, N_("Call")), (EnquiryWay.EMAIL, N_("E-mail")), (EnquiryWay.VISIT, N_("Visit")),
    (EnquiryWay.LETTER, N_("Letter")),
    (_K.GENUINE, N_("Genuine?")), (_K.MY_DATA, N_("My data")), (_K.WHAT_TO_DO, N_("What can I do")),
    (_K.NEW_ADDRESS, N_("New address")), (_K.THREAT, N_("Threat")), (_K.ACCESS, N_("Copy of data, Art. 15")),
    (_K.ERASE, N_("Erasure, Art. 17")), (_K.COMPENSATION, N_("Compensation")), (_K.COMPLAINT, N_("Complaint")),
    (_K.WHO_DID_IT, N_("Who did it")), (_K.WHY_LATE, N_("Why so late")), (_K.WHY_THIS_WAY, N_("Why this way")),
    (_K.NATIONAL_ID, N_("Change of national id")), (_K.RELATIVE, N_("For somebody else")), (_K.OTHER, N_("Other")),
    (_C.SELF, N_("the person")), (_C.GUARDIAN, N_("guardian")), (_C.RELATIVE, N_("relative")),
    (_C.LAWYER, N_("lawyer")), (_C.PRESS, N_("press")), (_C.AUTHORITY, N_("authority")), (_C.OTHER, N_("somebody else")),
    (_I.NONE, N_("not asked")), (_I.NOT_SURE, N_("not sure")), (_I.CODE_AND_FACT, N_("code and a fact")),
    (_I.TWO_FACTS, N_("two facts")), (_I.CALL_BACK, N_("called back")), (_I.STRONG, N_("strong identification")),
    (CodeResult.GENUINE, N_("The message is genuine")), (CodeResult.NOT_OURS, N_("Not one of our codes")),
    (CodeResult.NOT_SENT, N_("A code of ours, but its message was never sent")),
    (EnquiryState.OPEN, N_("open")), (EnquiryState.CLOSED, N_("closed")),
    (AskedFact.CUSTOMER_NUMBER, N_("customer number")), (AskedFact.REGISTERED, N_("customer since (month)")),
    (AskedFact.BORN, N_("birth date")), (AskedFact.POSTCODE, N_("postcode")), (AskedFact.PHONE, N_("telephone")),
    (AskedFact.EMAIL, N_("mail address")),
)  # fmt: skip
#: What holds for callers who are not the person.
CALLER_RULES: dict[Caller, str] = {
    _C.SELF: "",
    _C.GUARDIAN: N_(
        "A guardian of a child, or of an adult in this matter: ask for the mandate, then as for the person."
    ),
    _C.RELATIVE: N_("A spouse or a parent of an adult is told nothing about the person; give the general advice."),
    _C.LAWYER: N_("A lawyer shows a power of attorney in writing first; take the address and answer in writing."),
    _C.PRESS: N_("The press is told what stands on the public page, and to whom to turn; nothing about any person."),
    _C.AUTHORITY: N_(
        "Call back on the authority's public number; disclose on a written request with its legal ground."
    ),
    _C.OTHER: N_("Nothing about the person; give the general advice and note who asked."),
}
