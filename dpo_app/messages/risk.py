"""Words and sentences about the risk, its method, and evidence."""

from __future__ import annotations

from collections.abc import Callable

from dpo_app.core.facts.evidence import EvidenceKind
from dpo_app.core.risk import risk as of
from dpo_app.core.risk.risk import RiskResult, Step, StepKind
from dpo_app.i18n import N_
from dpo_app.messages.sentence import Sentence, Words

_FIELD = N_("Nothing was saved.")
SENTENCES: dict[str, Sentence] = {
    "no_such_evidence": Sentence(N_("There is no evidence {evidence} for this breach."), _FIELD,
                                 N_("Keep the file first, then name it.")),
    "evidence_twice": Sentence(N_("This file is kept already, as {evidence}."), _FIELD),
    "evidence_damaged": Sentence(
        N_("Evidence {evidence} is not what was kept."), N_("Its content does not fit its hash."),
        N_("Take it from a backup; do not rely on this copy."),
    ),
    "file_changed": Sentence(N_("{file} was changed while it was read."), _FIELD, N_("Close it elsewhere and try again.")),
    "file_empty": Sentence(N_("{file} is empty."), _FIELD),
    "risk_no_data": Sentence(N_("No kind of data is scored ({field})."), _FIELD, N_("Score at least one.")),
    "risk_row_of_other_kind": Sentence(N_("{field} belongs to another kind of data."), _FIELD, N_("Choose another row.")),
    "risk_level_unknown": Sentence(N_("{field}: this identifier has no such level."), _FIELD, N_("Choose another level.")),
    "risk_reason": Sentence(
        N_("{field} needs a reason of a sentence."), N_("Without one the assessment does not convince anybody later."),
        N_("Write why."),
    ),
    "risk_exemption_not_needed": Sentence(
        N_("An exemption of Art. 34(3) is chosen, but the persons need not be told."), _FIELD,
        N_("Take the exemption out."),
    ),
}  # fmt: skip
WORDS: Words = (
    (of.DataKind.SIMPLE, N_("Simple data: name, contact, family, education, career")),
    (of.DataKind.BEHAVIOURAL, N_("Data on behaviour: location, traffic, habits, preferences")),
    (of.DataKind.FINANCIAL, N_("Financial data: income, account, card, transactions")),
    (of.DataKind.SENSITIVE, N_("Sensitive data: health, beliefs, sex life, offences")),
    (of.ContextRow.PROFILE, N_("allows a profile, or conclusions on social or financial standing")),
    (of.ContextRow.SENSITIVE_HINT, N_("allows conclusions on health, beliefs or sex life")),
    (of.ContextRow.SAFETY, N_("critical for the safety or the health of these persons")),
    (of.ContextRow.NO_INSIGHT, N_("gives no insight, or is just as easily had in public")),
    (of.ContextRow.DAILY_LIFE, N_("gives a detailed profile of everyday life")),
    (of.ContextRow.SENSITIVE_PROFILE, N_("gives a profile of sensitive matters")),
    (of.ContextRow.SOME_INSIGHT, N_("gives some insight, but no significant one")),
    (of.ContextRow.FRAUD, N_("enables fraud, or gives a detailed financial profile")),
    (of.ContextRow.GENERAL, N_("allows only general conclusions")),
    (of.ContextRow.CERTAIN_MATTER, N_("allows conclusions on a sensitive matter")),
    (of.Adjustment.VOLUME, N_("Much data on each person")),
    (of.Adjustment.BUSINESS, N_("What the organisation does makes the data telling")),
    (of.Adjustment.VULNERABLE, N_("Vulnerable persons")),
    (of.Adjustment.INACCURATE, N_("Data wrong or out of date")),
    (of.Adjustment.PUBLIC_BEFORE, N_("Data was public before")),
    (of.Adjustment.HARMLESS, N_("Nature of the data makes harm unlikely")),
    (of.Identifier.NAME, N_("Full name")), (of.Identifier.NATIONAL_ID, N_("National id or passport number")),
    (of.Identifier.PHONE_ADDRESS, N_("Phone or home address")), (of.Identifier.MAIL, N_("Mail address")),
    (of.Identifier.PICTURE, N_("Picture")), (of.Identifier.CODE, N_("Code, alias or initials")),
    (of.Identifier.ENCRYPTED, N_("Encrypted or well pseudonymised")),
    (of.LossOfConfidentiality.NOT_CONCERNED, N_("Nobody got the data")),
    (of.LossOfConfidentiality.EXPOSED, N_("Data lay open, with no sign that anybody took it")),
    (of.LossOfConfidentiality.KNOWN, N_("Known recipients got the data")),
    (of.LossOfConfidentiality.UNKNOWN, N_("Unknown recipients got the data: published, sold, taken by an attacker")),
    (of.LossOfIntegrity.NOT_CONCERNED, N_("Data was not changed")),
    (of.LossOfIntegrity.RESTORED, N_("Data was changed and put right before it was used")),
    (of.LossOfIntegrity.REVERSIBLE, N_("Data was changed and perhaps used, and can be put right")),
    (of.LossOfIntegrity.NOT_REVERSIBLE, N_("Data was changed and perhaps used, and cannot be put right")),
    (of.LossOfAvailability.NOT_CONCERNED, N_("Data was there all the time")),
    (of.LossOfAvailability.COPY_AT_HAND, N_("Another copy was at hand")),
    (of.LossOfAvailability.FOR_A_TIME, N_("Data could not be had for a time")),
    (of.LossOfAvailability.FOR_GOOD, N_("Data is lost for good")),
    (of.RiskLevel.LOW, N_("low")), (of.RiskLevel.MEDIUM, N_("medium")), (of.RiskLevel.HIGH, N_("high")),
    (of.RiskLevel.VERY_HIGH, N_("very high")),
    (of.Owed.REGISTER_ONLY, N_("Register only (Art. 33(5))")),
    (of.Owed.AUTHORITY, N_("Authority (Art. 33(1))")),
    (of.Owed.PERSONS, N_("Authority and persons (Art. 33(1), 34(1))")),
    (of.Question.UNAVAILABLE_NOTICED, N_("Was data missing long enough that persons noticed it or were delayed?")),
    (of.Question.NO_USABLE_BACKUP, N_("Was there no backup that could be used?")),
    (of.Question.TAKEN_ON_PURPOSE, N_("Was data taken on purpose and not given back under control?")),
    (of.Question.UNKNOWN_HANDS, N_("Is the data in unknown hands?")),
    (of.Question.READABLE, N_("Can they read it?")),
    (of.Question.ENOUGH_FOR_FRAUD, N_("Is it enough for identity fraud: a name with birth date and address, an id?")),
    (of.Question.NATIONAL_IDS_OF_MANY, N_("Are national ids of many persons among it?")),
    (of.Question.RECIPIENTS_NOT_BOUND, N_("Are the recipients not bound to secrecy?")),
    (of.Question.SPECIAL_DATA, N_("Is it data of Art. 9 or 10, or under professional secrecy?")),
    (of.Question.TAKEN_BY_ATTACKER, N_("Did an attacker take it?")),
    (of.Question.OPENING_CREDENTIALS, N_("Are there credentials that open money, mail or health data, not strongly hashed?")),
    (of.Question.EXTORTION_OR_PUBLICATION, N_("Are persons blackmailed or threatened, or is data published?")),
    (of.Question.UNDETERMINED_WHOSE, N_("Can nobody say whose data it was?")),
    (of.Question.FEW_TRUSTED_RECIPIENTS, N_("Did only few known recipients get it, who are trusted or promised in writing to delete it?")),
    (of.Question.LIGHT_DATA, N_("Is it data of little weight?")),
    (of.Question.SYSTEMATIC_FAULT, N_("Was it a fault of a machine or a process, so that there may be more of it?")),
    (of.Question.UNREADABLE, N_("Is it strongly encrypted or hashed, and is the key safe?")),
    (of.Question.COPY_AT_HAND, N_("Is another copy of the data at hand?")),
    (of.RiskRule.R1, N_("Data could not be had, and persons felt it")),
    (of.RiskRule.R2, N_("Data was taken on purpose")),
    (of.RiskRule.R3, N_("Enough for identity fraud, of many persons, in unknown hands")),
    (of.RiskRule.R4, N_("National ids of many went to recipients not bound to secrecy")),
    (of.RiskRule.R5, N_("An attacker took special data")),
    (of.RiskRule.R6, N_("Credentials are out that open money, mail or health data")),
    (of.RiskRule.R7, N_("Persons are blackmailed or threatened, or data is published: tell them at once")),
    (of.RiskRule.R8, N_("Few trusted recipients and data of little weight")),
    (of.RiskRule.R9, N_("Nobody can read it, and a copy is at hand")),
    (of.RiskRule.R10, N_("Nobody can say whose data it was: everybody in the window counts")),
    (of.Factor.BREACH_TYPE, N_("Kind of breach")), (of.Factor.DATA, N_("Nature, sensitivity and volume of the data")),
    (of.Factor.IDENTIFICATION, N_("How easily persons are identified")),
    (of.Factor.SEVERITY, N_("How severe for the persons, and in whose hands")),
    (of.Factor.SPECIAL_PERSONS, N_("Special persons: children, vulnerable")),
    (of.Factor.SPECIAL_CONTROLLER, N_("Special controller: health, much sensitive data")),
    (of.Factor.NUMBER, N_("Number of persons")), (of.Factor.GENERAL, N_("All things together")),
    (of.Weight.LOWERS, N_("lowers the risk")), (of.Weight.NEUTRAL, N_("neither")), (of.Weight.RAISES, N_("raises the risk")),
    (StepKind.CONTEXT, N_("Kind of data")), (StepKind.ADJUSTMENT, N_("adjusted")),
    (StepKind.IDENTIFYING, N_("ease of identification")), (StepKind.CONFIDENTIALITY, N_("confidentiality")),
    (StepKind.INTEGRITY, N_("integrity")), (StepKind.AVAILABILITY, N_("availability")),
    (StepKind.INTENT, N_("meant to harm")),
    (EvidenceKind.INVESTIGATION_REPORT, N_("Report of an investigation")),
    (EvidenceKind.MESSAGE_TO_PERSONS, N_("Message to persons")), (EvidenceKind.RISK_ASSESSMENT, N_("Assessment of the risk")),
    (EvidenceKind.RANSOM_NOTE, N_("Ransom note")), (EvidenceKind.PHISHING_MAIL, N_("Phishing e-mail")),
    (EvidenceKind.LOG, N_("Log")), (EvidenceKind.SCREENSHOT, N_("Screenshot")),
    (EvidenceKind.CORRESPONDENCE, N_("Correspondence")), (EvidenceKind.CONTRACT, N_("Contract")),
    (EvidenceKind.BREACH_PROCEDURE, N_("Procedure for breaches")),
    (EvidenceKind.DELETION_POLICY, N_("Policy on deletion")),
    (EvidenceKind.WRONG_RECIPIENTS, N_("Message to wrong recipients")),
    (EvidenceKind.OUTSIDE_NOTICE, N_("Notice from outside")), (EvidenceKind.OTHER, N_("Other evidence")),
)  # fmt: skip
#: The choices of an identifier's level, from 0.25 to 1: what makes it weigh that much.
LEVELS: dict[tuple[of.Identifier, int], str] = {
    (of.Identifier.NAME, 1): N_("many in the country share it"), (of.Identifier.NAME, 2): N_("few share it"),
    (of.Identifier.NAME, 3): N_("few in a small town share it"),
    (of.Identifier.NAME, 4): N_("with date of birth, address or mail"),
    (of.Identifier.NATIONAL_ID, 1): N_("the number alone, no register can be reached"),
    (of.Identifier.NATIONAL_ID, 2): N_("with a hint to the person"),
    (of.Identifier.NATIONAL_ID, 3): N_("with birth date or sex readable in it"),
    (of.Identifier.NATIONAL_ID, 4): N_("with the name, or a scan of the document"),
    (of.Identifier.PHONE_ADDRESS, 1): N_("not listed, and alone"), (of.Identifier.PHONE_ADDRESS, 2): N_("listed for some"),
    (of.Identifier.PHONE_ADDRESS, 3): N_("listed in public"), (of.Identifier.PHONE_ADDRESS, 4): N_("with the name"),
    (of.Identifier.MAIL, 1): N_("says nothing of its owner"), (of.Identifier.MAIL, 2): N_("found on the web with effort"),
    (of.Identifier.MAIL, 3): N_("main identifier in many services"),
    (of.Identifier.MAIL, 4): N_("contains name and employer"),
    (of.Identifier.PICTURE, 1): N_("unclear or far away"), (of.Identifier.PICTURE, 2): N_("clear, without context"),
    (of.Identifier.PICTURE, 3): N_("clear, with place or group"),
    (of.Identifier.PICTURE, 4): N_("clear and tied to other data"),
    (of.Identifier.CODE, 1): N_("no link for outsiders"), (of.Identifier.CODE, 2): N_("a link for insiders of a group"),
    (of.Identifier.CODE, 3): N_("the link is in other data that was breached"),
    (of.Identifier.CODE, 4): N_("the key to it was breached, too"),
    (of.Identifier.ENCRYPTED, 1): N_("the key is safe"), (of.Identifier.ENCRYPTED, 4): N_("the key is lost, too"),
}  # fmt: skip
#: Citations of the rules in resources/risk, for the catalogues.
CITATIONS: tuple[str, ...] = (
    N_("Guidelines 01/2021, cases 2 and 3"),
    N_("Recital 76; Guidelines 01/2021, case 8"),
    N_("Recital 75; Guidelines 01/2021, case 11; the threshold of 100 persons is ours"),
    N_("Guidelines 01/2021, case 14"),
    N_("Art. 9, 10; recital 75"),
    N_("Guidelines 9/2022, IV.B; Guidelines 01/2021, case 7"),
    N_("Art. 34(1); recital 86"),
    N_("Guidelines 9/2022, IV.B: when in doubt, err on the side of telling"),
    N_("Guidelines 01/2021, cases 9, 13 and 15"),
    N_("Art. 34(3)(a); Guidelines 01/2021, cases 1, 6 and 10"),
)
CHIPS: dict[of.RiskLevel, str] = {
    of.RiskLevel.LOW: N_("Low risk"), of.RiskLevel.MEDIUM: N_("Medium risk"), of.RiskLevel.HIGH: N_("High risk"),
    of.RiskLevel.VERY_HIGH: N_("Very high risk"),
}  # fmt: skip
_KINDS: dict[StepKind, tuple[type, str]] = {
    StepKind.CONTEXT: (of.DataKind, "{points}"), StepKind.ADJUSTMENT: (of.Adjustment, "{points}"),
    StepKind.IDENTIFYING: (of.Identifier, "× {points}"), StepKind.CONFIDENTIALITY: (of.LossOfConfidentiality, "+ {points}"),
    StepKind.INTEGRITY: (of.LossOfIntegrity, "+ {points}"), StepKind.AVAILABILITY: (of.LossOfAvailability, "+ {points}"),
}  # fmt: skip
_WORDS = {(type(member), member.value): text for member, text in WORDS}


def points(quarters: int) -> str:
    """Return quarters as points with two decimals where they are needed: `4`, `0.25`."""
    return f"{quarters / 4:g}"


def step_words(step: Step, translate: Callable[[str], str]) -> tuple[str, str]:
    """Return a line of the sum as words and figure, such as ("Full name", "× 1")."""
    if step.kind is StepKind.INTENT:
        said = N_("Somebody meant to harm") if step.quarters else N_("Nobody meant to harm")
        return translate(said), f"+ {points(step.quarters)}"
    kind, form = _KINDS[step.kind]
    sign = "+ " if step.kind is StepKind.ADJUSTMENT and step.quarters >= 0 else ""
    return translate(_WORDS[kind, step.answer]), sign + form.format(points=points(step.quarters))


def reasons(result: RiskResult, translate: Callable[[str], str]) -> list[str]:
    """Return why something is owed, a sentence each: the sum, the rules that hold, what is open, the flags."""
    sum_ = translate(
        N_("{context} × {identifying} + {circumstances} = {score}: {level}. By the score alone: {owed}.")
    ).format(
        context=result.context, identifying=points(result.identifying), circumstances=points(result.circumstances),
        score=points(result.quarters), level=translate(_WORDS[of.RiskLevel, result.level.value]),
        owed=translate(_WORDS[of.Owed, result.by_score.value]),
    )  # fmt: skip
    said = [sum_]
    for each in result.rules:
        text = translate(_WORDS[of.RiskRule, each.rule.value])
        form = N_("{rule}: {text} ({citation}).") if each.holds else N_("{rule} is open: {text} ({citation}).")
        said.append(translate(form).format(rule=each.rule.value, text=text, citation=translate(each.citation)))
    if result.relief is not None:
        text = translate(_WORDS[of.RiskRule, result.relief.rule.value])
        said.append(translate(N_("{rule}: {text} ({citation}).")).format(
            rule=result.relief.rule.value, text=text, citation=translate(result.relief.citation)))  # fmt: skip
    if result.many_persons:
        said.append(translate(N_("More than 100 persons.")))
    if result.under_outcome:
        said.append(translate(N_("The officer decided less than the method says.")))
    return said
