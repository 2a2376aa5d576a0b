"""Laws, clocks and the register: words, and sentences for what can be wrong with their data."""

from __future__ import annotations

from dpo_app.core.clocks.clock_record import RecordKind
from dpo_app.core.clocks.deadline import ClockState, Drives
from dpo_app.core.clocks.period import Adjust, Unit
from dpo_app.core.clocks.regime import Addressee, Anchor, FactName, Status
from dpo_app.core.proof.register import Notified
from dpo_app.i18n import N_
from dpo_app.messages.sentence import Sentence, Words

SENTENCES: dict[str, Sentence] = {
    "no_calendar": Sentence(
        N_("There is no calendar of public holidays for {country}."),
        N_("The strict count stands; the second one cannot be made."), N_("Choose the country whose working days count."),
    ),
    "no_calendar_part": Sentence(
        N_("The calendar of {country} has no part {part}."), "", N_("Write it as in ISO 3166-2, such as BY for Bavaria."),
    ),
    "no_calendar_year": Sentence(
        N_("The calendar of {country} does not know the year {year}."),
        N_("A year without known holidays is not a year without holidays."), N_("Look at the date again."),
    ),
    "no_such_rule": Sentence(N_("There is no duty {rule} for this breach."), "", N_("List the deadlines to see which exist.")),
    "no_such_law": Sentence(N_("There is no law {law}."), "", N_("Known: {known}.")),
    "law_proposed": Sentence(N_("{law} is only proposed; it starts no clock.")),
    "law_not_in_force": Sentence(
        N_("{law} was not in force when this clock would have begun."), N_("It holds from {valid_from}."),
    ),
    "no_such_anchor": Sentence(N_("{anchor} is no event that starts a clock."), "", N_("Known: {known}.")),
    "awareness_not_stated": Sentence(
        N_("No revision states that time of awareness."), N_("The clocks follow the facts."),
        N_("Save a revision with the corrected time first, then decide which one counts."),
    ),
    "done_before_start": Sentence(
        N_("That is before the clock began."), N_("Nobody can be told of what nobody knows."), N_("Correct the time."),
    ),
    "no_target_wanted": Sentence(
        N_("This duty has an end in the law."), N_("Only one without a number takes your own date.")
    ),
    "contract_hours": Sentence(N_("The hours of an agreement are a whole number from 1 to 8 760.")),
    "nothing_due": Sentence(N_("No clock of this breach has an end that could go into a calendar.")),
    "register_kind": Sentence(
        N_("{file} has no form that the register is written in."), "", N_("End the name in .pdf, .xlsx, .csv or .json.")
    ),
}  # fmt: skip
#: Why a rule pack cannot be used; `{detail}` is what was found or what is allowed.
FAULTS: dict[str, str] = {
    "missing": N_("it is missing"), "unknown": N_("no such key is known"), "twice": N_("it is there twice: {detail}"),
    "not_table": N_("it must be a table"), "not_list": N_("it must be a list of texts or tables"),
    "not_text": N_("it must be text"), "not_flag": N_("it must be true or false"), "not_date": N_("it must be a date"),
    "not_number": N_("it must be a whole number from 1"), "not_choice": N_("allowed: {detail}"),
    "ends_before": N_("it lies before the beginning"), "no_such_rule": N_("there is no rule {detail}"),
    "not_toml": N_("the file is not TOML ({detail})"), "not_read": N_("the file cannot be read ({detail})"),
}  # fmt: skip
WORDS: Words = (
    (ClockState.RUNNING, N_("Running")), (ClockState.DUE_SOON, N_("Due soon")), (ClockState.LATE, N_("Late")),
    (ClockState.DONE, N_("Done")), (ClockState.DONE_LATE, N_("Done late")),
    (ClockState.NOT_STARTED, N_("Not started")), (ClockState.NOT_OWED, N_("Not owed")),
    (Anchor.AWARENESS, N_("awareness")), (Anchor.DETECTED, N_("detection")),
    (Anchor.PROCESSOR_AWARE, N_("awareness of the processor")),
    (Anchor.HIGH_RISK_DETERMINED, N_("high risk established")),
    (Anchor.SIGNIFICANT_INCIDENT, N_("awareness of the significant incident")),
    (Anchor.CLASSIFIED_MAJOR, N_("classified as major")), (Anchor.EXPLOITED_FLAW, N_("awareness of the exploited flaw")),
    (Anchor.FIX_AVAILABLE, N_("a fix is available")), (Anchor.HANDLED, N_("the incident is handled")),
    (Anchor.NEW_FACTS, N_("new facts known")),
    (Anchor.CONTRACT_CLOCK, N_("beginning by the agreement")),
    (Addressee.AUTHORITY, N_("authority")), (Addressee.PERSONS, N_("persons")),
    (Addressee.CONTROLLER, N_("controller")), (Addressee.CSIRT, N_("CSIRT")),
    (Addressee.FINANCIAL_AUTHORITY, N_("financial supervisor")), (Addressee.PARTNER, N_("partner")),
    (FactName.COUNTRY, N_("country of the organisation")), (FactName.ROLE, N_("role of the organisation")),
    (FactName.RISK, N_("outcome of the risk")), (FactName.PROVIDER, N_("kind of service")),
    (FactName.COMMUNICATION, N_("decision about telling the persons")),
    (Status.IN_FORCE, N_("in force")), (Status.PROPOSED, N_("proposed, not in force")),
    (Drives.STRICT, N_("the strict count")), (Drives.ADJUSTED, N_("the count with working days")),
    (Drives.LATEST, N_("the outer limit")), (Drives.TARGET, N_("your own date")),
    (Adjust.NONE, N_("none")), (Adjust.EU_1182_71, N_("Regulation 1182/71")),
    (Adjust.NEXT_WORKING_DAY_NOON, N_("noon of the next working day")),
    (Unit.HOURS, N_("hours")), (Unit.DAYS, N_("days")), (Unit.WORKING_DAYS, N_("working days")),
    (Unit.MONTHS, N_("months")), (Unit.UNDUE_DELAY, N_("without undue delay")),
    (RecordKind.ANCHOR, N_("event")), (RecordKind.DONE, N_("duty met")), (RecordKind.REASON, N_("reason for the delay")),
    (RecordKind.TARGET, N_("own date")), (RecordKind.LAW, N_("choice of law")), (RecordKind.FACT, N_("fact")),
    (RecordKind.CONTRACT, N_("agreement")),
    (Notified.IN_TIME, N_("notified in time")), (Notified.LATE, N_("notified late")),
    (Notified.NOT_YET, N_("not notified yet")), (Notified.OVERDUE, N_("not notified, overdue")),
    (Notified.NOT_OWED, N_("not notified, not owed")), (Notified.BY_CONTROLLER, N_("the controller notifies")),
)  # fmt: skip
#: What would start a clock that has not started: asked of the officer.
QUESTIONS: dict[Anchor, str] = {
    Anchor.AWARENESS: N_("When did you become aware of the breach?"),
    Anchor.DETECTED: N_("When was the breach detected?"),
    Anchor.PROCESSOR_AWARE: N_("When did you, as processor, become aware?"),
    Anchor.HIGH_RISK_DETERMINED: N_("When was a high risk to persons established?"),
    Anchor.SIGNIFICANT_INCIDENT: N_("When did you become aware that the incident is significant?"),
    Anchor.CLASSIFIED_MAJOR: N_("When was the incident classified as major?"),
    Anchor.EXPLOITED_FLAW: N_("When did you become aware that the flaw is exploited?"),
    Anchor.FIX_AVAILABLE: N_("Since when is a fix available?"),
    Anchor.HANDLED: N_("When was the incident handled?"),
    Anchor.CONTRACT_CLOCK: N_("When did the agreement's own time begin?"),
    Anchor.NEW_FACTS: N_("When did facts become known that the authority does not have?"),
}  # fmt: skip
