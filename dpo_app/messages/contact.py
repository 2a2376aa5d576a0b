"""Words about doubtful contact data and about what a correction leaves out."""

from __future__ import annotations

from dpo_app.core.persons.contact_check import ContactProblem
from dpo_app.core.persons.correction import LeftOut
from dpo_app.i18n import N_
from dpo_app.messages.sentence import Sentence, Words

_C = ContactProblem
SENTENCES: dict[str, Sentence] = {}
WORDS: Words = (
    (_C.EMAIL_SLIP, N_("Slip in a well-known mail domain")), (_C.EMAIL_LOOK_ALIKE, N_("Letters that only look alike")),
    (_C.EMAIL_INTERNATIONAL, N_("Mail address with letters of other scripts")), (_C.EMAIL_ROLE, N_("Mail address of an office")),
    (_C.EMAIL_SHARED, N_("Mail address of several persons")),
    (_C.PHONE_INVALID, N_("No such telephone number")), (_C.ADDRESS_UNFIT, N_("No letter reaches this address")),
    (_C.ALAND, N_("Åland under Finland")), (_C.POSTCODE_COUNTRY, N_("Postcode of another country")),
    (_C.POSTCODE_IN_TOWN, N_("Postcode in the town")), (_C.POSTCODE_FORM, N_("Postcode missing or wrong")),
    (_C.BOX_FORM, N_("Box written in another way")), (_C.CARE_OF_IN_STREET, N_("c/o in the street")),
    (_C.LINE_LONG, N_("Line too long for a window")), (_C.NO_HOUSE, N_("Street without a number")),
    (_C.NATIONAL_ID_BORN, N_("National id and birth date differ")), (_C.BORN_LATE, N_("Born in the future")),
    (_C.BORN_EARLY, N_("Older than anybody")), (_C.REGISTERED_UNBORN, N_("Registered before birth")),
    (_C.REMOVED_EARLY, N_("Removed before registered")), (_C.NAME_CAPITALS, N_("Name in capitals")),
    (LeftOut.PROTECTED, N_("protected address: left out unless asked for")),
    (LeftOut.TO_PROTECTED, N_("the new address is that of a protected person")),
    (LeftOut.UNPROTECTS, N_("protection is taken off one by one")), (LeftOut.NOT_FOUND, N_("nobody has this number")),
    (LeftOut.AMBIGUOUS, N_("names two persons")), (LeftOut.STOPPED, N_("the row has a problem that stops it")),
    (LeftOut.TWICE, N_("the person is in the file twice")),
)  # fmt: skip
#: What a kind means and what to do with it.
WHY: dict[ContactProblem, str] = {
    _C.EMAIL_SLIP: N_("One sign away from a provider that many use. Look whether the person wrote it so."),
    _C.EMAIL_LOOK_ALIKE: N_("The domain holds letters of another script; a mail might go to a stranger."),
    _C.EMAIL_INTERNATIONAL: N_("Right, but many mail servers refuse it. A letter may be needed."),
    _C.EMAIL_ROLE: N_("Others read it too. Another way is safer."),
    _C.EMAIL_SHARED: N_("Each gets a message of their own, and both may read both. You decide."),
    _C.PHONE_INVALID: N_("No number of that country has this form. It is kept as it stands."),
    _C.ADDRESS_UNFIT: N_("The letter would be refused when it is made."),
    _C.ALAND: N_("Postcodes beginning with 22 are Åland's; letters from abroad need its own prefix."),
    _C.POSTCODE_COUNTRY: N_("The postcode has the form of another country than the address."),
    _C.POSTCODE_IN_TOWN: N_("Postcode and town stand in one column."),
    _C.POSTCODE_FORM: N_("The country's postcodes have another form, or there is none."),
    _C.BOX_FORM: N_("The country's post writes boxes in one way."),
    _C.CARE_OF_IN_STREET: N_("It has a line of its own above the street."),
    _C.LINE_LONG: N_("More than 40 signs may not fit into the window of an envelope."),
    _C.NO_HOUSE: N_("In the country some houses have none; in a town the letter comes back."),
    _C.NATIONAL_ID_BORN: N_("One of the two is wrong; a child could be taken for grown up."),
    _C.BORN_LATE: N_("The birth date is later than today."),
    _C.BORN_EARLY: N_("More than 115 years ago and not marked as deceased."),
    _C.REGISTERED_UNBORN: N_("One of the dates is wrong; exposure hangs on them."),
    _C.REMOVED_EARLY: N_("Exposure stays undetermined until one of them is corrected."),
    _C.NAME_CAPITALS: N_("As it stands it will be written on the envelope."),
}  # fmt: skip
#: Columns of a person by their word.
COLUMNS: dict[str, str] = {
    "family_name": N_("Family name"), "given_names": N_("Given names"), "born": N_("Born on"),
    "national_id": N_("National id"), "customer_number": N_("Customer number"), "email": N_("E-mail address"),
    "phone": N_("Telephone"), "care_of": N_("c/o"), "street": N_("Street or box"), "postcode": N_("Postcode"),
    "town": N_("Town"), "country": N_("Country"), "language": N_("Language"), "registered": N_("Registered on"),
    "removed": N_("Removed on"), "guardian": N_("Guardian"), "protected": N_("Protected address"),
}  # fmt: skip
