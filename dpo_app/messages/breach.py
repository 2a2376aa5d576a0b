"""Words and sentences about breaches, exposure and channels."""

from __future__ import annotations

from dpo_app.core.delivery import DeliveryState, Standing
from dpo_app.core.facts.breach import Basis, BreachKind, Cause, Consequence, DataCategory, MeasureKind
from dpo_app.core.facts.differences import ChangeKind
from dpo_app.core.facts.exposure import Certainty, ExposureReason, ExposureState
from dpo_app.core.facts.moves import OwedReason
from dpo_app.core.persons.channel import Channel, ChannelReason
from dpo_app.i18n import N_
from dpo_app.messages.sentence import Sentence, Words

_FIELD = N_("Nothing was saved.")
SENTENCES: dict[str, Sentence] = {
    "nobody_owed": Sentence(
        N_("Nobody who was told is owed more."),
        N_("No exposure is surer than when they were told, no other window and no other data concerns them."),
        N_("Look at the difference between the revisions."),
    ),
    "date_form": Sentence(
        N_("That is no date."), N_("The dates in the register decide who is exposed."),
        N_("Write 2018-11-30, 2018-11 or 2018, or nothing."),
    ),
    "toml_broken": Sentence(N_("The file is no valid TOML ({where})."), _FIELD, N_("Mend the line and try again.")),
    "field_missing": Sentence(N_("{field} is missing."), _FIELD, N_("Fill it in.")),
    "field_unknown": Sentence(N_("{field} is not a known field."), _FIELD, N_("Look for a slip in its name.")),
    "field_not_text": Sentence(N_("{field} must be text."), _FIELD),
    "field_not_table": Sentence(N_("{field} must be a table."), _FIELD),
    "field_not_list": Sentence(N_("{field} must be a list."), _FIELD),
    "field_not_date": Sentence(N_("{field} is no date."), _FIELD, N_("Write it as 2026-09-28.")),
    "field_not_instant": Sentence(N_("{field} is no time."), _FIELD, N_("Write it as 2026-09-28T14:05:00+03:00.")),
    "field_without_zone": Sentence(
        N_("{field} has no time zone."), N_("Deadlines are counted to the second."),
        N_("Add the zone, such as +03:00."),
    ),
    "field_not_number": Sentence(N_("{field} must be a whole number, 0 or more."), _FIELD),
    "field_not_flag": Sentence(N_("{field} must be true or false."), _FIELD),
    "field_not_choice": Sentence(N_("{field} is not one of the choices."), N_("Possible: {choices}.")),
    "window_ends_before": Sentence(N_("The window ends before it begins ({field})."), "", N_("Correct one of the days.")),
    "window_name_twice": Sentence(N_("Two windows have the same name."), "", N_("Give each one its own.")),
    "awareness_after_known": Sentence(
        N_("Awareness is later than the date as of which the facts are known."), "", N_("Correct one of the two.")
    ),
    "awareness_before_breach": Sentence(
        N_("Awareness lies before the first window of intrusion."),
        N_("Nobody can know of a breach before it happened."), N_("Correct the time or the window."),
    ),
    "in_future": Sentence(N_("{field} lies in the future."), N_("Only what is known now can be recorded."), N_("Correct it.")),
    "revision_older": Sentence(
        N_("These facts are older than the last revision."), N_("Revisions go forward in time."),
        N_("Give the time as of which the facts are known now."),
    ),
    "revision_same": Sentence(N_("Nothing differs from revision {revision}; no new one was saved.")),
    "no_such_breach": Sentence(N_("There is no breach {breach}."), "", N_("List the breaches to see which exist.")),
    "no_such_revision": Sentence(N_("There is no such revision.")),
    "no_such_person": Sentence(N_("There is no such person."), "", N_("Search by name, code or number.")),
    "reason_needed": Sentence(N_("A reason is needed."), N_("Without one the decision cannot be proved later."),
                              N_("Write one sentence.")),
    "nobody_chosen": Sentence(N_("Nobody is chosen."), "", N_("Choose at least one person.")),
    "channel_impossible": Sentence(N_("{persons} of these persons cannot be reached by that channel."), "",
                                   N_("Choose only persons with a mail address or a postal address.")),
}  # fmt: skip
WORDS: Words = (
    (ExposureState.CONFIRMED, N_("Confirmed")), (ExposureState.LIKELY, N_("Likely")),
    (ExposureState.POSSIBLE, N_("Possible")), (ExposureState.UNDETERMINED, N_("Undetermined")),
    (ExposureState.NOT_EXPOSED, N_("Not exposed")),
    (Certainty.CONFIRMED, N_("confirmed")), (Certainty.LIKELY, N_("likely")), (Certainty.POSSIBLE, N_("possible")),
    (ExposureReason.IN_WINDOW, N_("In the register during the intrusion")),
    (ExposureReason.LEFT_BEFORE, N_("Removed before the first intrusion")),
    (ExposureReason.CAME_AFTER, N_("Registered after the last intrusion")),
    (ExposureReason.BETWEEN_WINDOWS, N_("In the register only between the intrusions")),
    (ExposureReason.NO_WINDOWS, N_("No window of intrusion is known yet")),
    (ExposureReason.NO_START_DATE, N_("Nobody knows since when the data was in the register")),
    (ExposureReason.MONTH_UNDECIDED, N_("Only the month is known, and it does not decide")),
    (ExposureReason.DATES_CONTRADICT, N_("The dates contradict each other")),
    (ExposureReason.OVERRULED, N_("Decided by the officer")),
    (Channel.EMAIL, N_("E-mail")), (Channel.LETTER, N_("Letter")), (Channel.PUBLIC, N_("Public notice")),
    (Channel.OFFICER, N_("You decide")), (Channel.NONE, N_("Nothing owed")),
    (ChannelReason.HAS_EMAIL, N_("has an e-mail address")), (ChannelReason.NO_EMAIL, N_("no e-mail address")),
    (ChannelReason.EMAIL_FAILED, N_("the e-mail did not arrive")),
    (ChannelReason.NO_ADDRESS, N_("no address that can be used")),
    (ChannelReason.LETTER_FAILED, N_("no letter can be made or it came back")),
    (ChannelReason.NOT_EXPOSED, N_("not exposed")), (ChannelReason.PROTECTED, N_("protected address")),
    (ChannelReason.DECEASED, N_("deceased")), (ChannelReason.CHILD, N_("child under 15: write to the guardians")),
    (ChannelReason.DO_NOT_WRITE, N_("asked not to be written to")), (ChannelReason.SUSPECT, N_("may be the attacker")),
    (ChannelReason.GUARDIANSHIP, N_("has a guardian")), (ChannelReason.INSTITUTION, N_("prison, shelter or clinic")),
    (ChannelReason.SHARED_MAIL, N_("several persons share the mail address")),
    (ChannelReason.ROLE_MAIL, N_("the mail address is an office's")),
    (ChannelReason.STAFF, N_("the mail address is a work address")), (ChannelReason.WISH, N_("asked for this channel")),
    (ChannelReason.MINOR, N_("15 to 17 years old")), (ChannelReason.CHOSEN, N_("chosen by the officer")),
    (Standing.TOLD, N_("Told")), (Standing.ON_THE_WAY, N_("On the way")), (Standing.OPEN, N_("Open")),
    (Standing.UNKNOWN, N_("Unknown outcome")), (Standing.EXCUSED, N_("Excused")),
    (DeliveryState.PLANNED, N_("planned")), (DeliveryState.REFUSED, N_("could not be made")),
    (DeliveryState.RENDERED, N_("being made")), (DeliveryState.QUEUED, N_("waiting")),
    (DeliveryState.HANDING_OVER, N_("being handed over")), (DeliveryState.DEFERRED, N_("deferred")),
    (DeliveryState.HELD, N_("held")), (DeliveryState.UNKNOWN, N_("outcome unknown")),
    (DeliveryState.ACCEPTED, N_("accepted by the server")), (DeliveryState.CONFIRMED, N_("delivered")),
    (DeliveryState.EXPORTED, N_("written as a file")), (DeliveryState.REPORTED_SENT, N_("reported as sent")),
    (DeliveryState.REJECTED, N_("rejected")), (DeliveryState.BOUNCED, N_("bounced")),
    (DeliveryState.GIVEN_UP, N_("given up")), (DeliveryState.MISDELIVERED, N_("reached somebody else")),
    (DeliveryState.BATCHED, N_("made")), (DeliveryState.PRINTED, N_("printed")), (DeliveryState.POSTED, N_("posted")),
    (DeliveryState.RETURNED, N_("came back")), (DeliveryState.SPOILED, N_("spoiled")),
    (DeliveryState.CANCELLED, N_("cancelled")),
    (OwedReason.SURER, N_("surer than they were told")), (OwedReason.NEW_WINDOW, N_("another window concerns them")),
    (OwedReason.NEW_DATA, N_("more kinds of data are concerned")),
    (ChangeKind.ADDED, N_("added")), (ChangeKind.CHANGED, N_("changed")), (ChangeKind.REMOVED, N_("removed")),
    (BreachKind.CONFIDENTIALITY, N_("confidentiality")), (BreachKind.INTEGRITY, N_("integrity")),
    (BreachKind.AVAILABILITY, N_("availability")),
    (Cause.MALICIOUS_EXTERNAL, N_("Attack from outside")), (Cause.MALICIOUS_INTERNAL, N_("Misuse from inside")),
    (Cause.MISTAKE_INTERNAL, N_("Mistake inside")), (Cause.MISTAKE_EXTERNAL, N_("Mistake of another party")),
    (Cause.TECHNICAL, N_("Technical fault")), (Cause.UNKNOWN, N_("Not yet known")),
    (DataCategory.NAME, N_("name")), (DataCategory.CONTACT, N_("contact details")),
    (DataCategory.NATIONAL_ID, N_("national id")), (DataCategory.HEALTH, N_("health")),
    (DataCategory.PASSWORD, N_("password")), (DataCategory.ACCOUNT, N_("bank account")), (DataCategory.CARD, N_("payment card")),
    (DataCategory.FINANCIAL, N_("financial data")), (DataCategory.LOCATION, N_("location")),
    (DataCategory.MESSAGES, N_("messages")), (DataCategory.PHOTOS, N_("photos")),
    (DataCategory.BIOMETRIC, N_("biometric data")), (DataCategory.CRIMINAL, N_("criminal offences")),
    (DataCategory.RELIGION, N_("beliefs")), (DataCategory.SEX_LIFE, N_("sex life")),
    (DataCategory.UNION, N_("union membership")), (DataCategory.CHILD, N_("data of children")),
    (DataCategory.GENETIC, N_("genetic data")), (DataCategory.POLITICAL, N_("political opinions")),
    (DataCategory.ETHNIC, N_("ethnic origin")), (DataCategory.OCCUPATIONAL_HEALTH, N_("occupational health")),
    (DataCategory.DOCUMENT, N_("official documents")), (DataCategory.PROFILE, N_("profiles and habits")),
    (DataCategory.OTHER, N_("other data")),
    (Consequence.EXTORTION, N_("extortion")), (Consequence.IDENTITY_THEFT, N_("identity theft")),
    (Consequence.FRAUD, N_("fraud")), (Consequence.FINANCIAL_LOSS, N_("financial loss")),
    (Consequence.LOSS_OF_CONFIDENTIALITY, N_("loss of confidentiality")),
    (Consequence.LOSS_OF_CONTROL, N_("loss of control over the data")),
    (Consequence.DISCRIMINATION, N_("discrimination")), (Consequence.REPUTATION, N_("damage to reputation")),
    (Consequence.DISTRESS, N_("distress")), (Consequence.PHYSICAL_HARM, N_("physical harm")),
    (Consequence.LIMITED_RIGHTS, N_("limited rights")),
    (Consequence.PSEUDONYMS_REVERSED, N_("pseudonyms reversed")),
    (Consequence.PROFESSIONAL_SECRECY, N_("loss of professional secrecy")),
    (Consequence.DISCLOSURE, N_("disclosure to others")),
    (Consequence.DISADVANTAGE, N_("economic or social disadvantage")),
    (Consequence.PROPERTY, N_("damage to property")), (Consequence.OTHER, N_("other consequences")),
    (MeasureKind.CONTAIN, N_("to contain")), (MeasureKind.MITIGATE, N_("to mitigate")),
    (MeasureKind.PREVENT, N_("to prevent")),
    (Basis.EXACT, N_("counted")), (Basis.ESTIMATE, N_("estimated")), (Basis.UNKNOWN, N_("not yet known")),
    (Basis.UNDETERMINABLE, N_("cannot be determined")),
)  # fmt: skip
#: What the paths of `core.facts.differences` are called; the last part of a list's key is its own name.
FACTS: dict[str, str] = {
    "title": N_("Title"), "reference": N_("Reference"), "controller": N_("Controller"), "note": N_("Note"),
    "awareness.at": N_("Aware since"), "awareness.how": N_("How it became known"),
    "awareness.reason_for_delay": N_("Reason for delay"), "nature.kinds": N_("Kind"), "nature.cause": N_("Cause"),
    "nature.summary": N_("Summary"), "window": N_("Window"), "data.categories": N_("Kinds of data"),
    "data.persons": N_("Number of persons"), "data.records": N_("Number of records"),
    "consequences.likely": N_("Likely consequences"), "consequences.text": N_("Consequences in words"),
    "measure": N_("Measure"),
}  # fmt: skip
#: What a batch is, by its state in the store.
BATCH_STATES: dict[str, str] = {
    "making": N_("being made"), "made": N_("made"), "printed": N_("printed"), "posted": N_("posted"),
    "exported": N_("written as files"), "reported_sent": N_("reported as sent"), "withdrawn": N_("withdrawn"),
    "unusable": N_("stopped, not usable"), "published": N_("published"),
    "sending": N_("being sent"), "sent": N_("sent"), "stopped": N_("stopped"),
}  # fmt: skip
