"""Rules of care: who must not simply be written to, what that means for them, and who decides (domain: special care).

The rules are data (`resources/care/rules.toml`); here stands only what has to be computed: which of them apply to a
person, and what they do together. They stand before the ladder of channels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from dpo_app.core.veil import veiled


class CareRule(StrEnum):
    """Why a person needs care, in the order in which the rules are asked; `messages.care` has the notes."""

    PROTECTED = "protected"
    DECEASED = "deceased"
    DO_NOT_WRITE = "do_not_write"
    SUSPECT = "suspect"
    GUARDIANSHIP = "guardianship"
    CHILD = "child"
    MINOR = "minor"
    INSTITUTION = "institution"
    SHARED_MAIL = "shared_mail"
    ROLE_MAIL = "role_mail"
    STAFF = "staff"
    WISH = "wish"
    LARGE_PRINT = "large_print"
    EASY_LANGUAGE = "easy_language"


class CareEffect(StrEnum):
    """What a rule does: leave it to the officer, not use the mail address, put a wished channel first, or only show."""

    OFFICER = "officer"
    NO_EMAIL = "no_email"
    WISH = "wish"
    NOTE = "note"


#: Rules that an officer, or a list the officer has, puts on a person; the others are read from the register.
MARKABLE = (
    CareRule.PROTECTED, CareRule.DECEASED, CareRule.GUARDIANSHIP, CareRule.DO_NOT_WRITE, CareRule.WISH,
    CareRule.STAFF, CareRule.INSTITUTION, CareRule.SUSPECT, CareRule.LARGE_PRINT, CareRule.EASY_LANGUAGE,
)  # fmt: skip


class Law(NamedTuple):
    """Where a rule comes from: country ("EU" for all) and citation, as the country writes it."""

    country: str
    cite: str


@dataclass(frozen=True)
class RuleCard:
    """One rule as data: what it does, whether its persons may stand in files, where it comes from."""

    rule: CareRule
    effect: CareEffect
    in_files: bool
    laws: tuple[Law, ...]


class Ages(NamedTuple):
    """Below which ages a person is a child or a minor here."""

    child_under: int = 15
    minor_under: int = 18


@dataclass(frozen=True)
class CareRules:
    """All rules of care by rule, ages by country, and which mail addresses belong to an office."""

    version: str
    cards: Mapping[CareRule, RuleCard]
    ages: Mapping[str, Ages]
    role_parts: frozenset[str]

    def ages_in(self, country: str) -> Ages:
        """Return the ages that hold in a country."""
        return self.ages.get(country) or self.ages.get("default") or Ages()


def rules_from(document: Mapping[str, Any]) -> CareRules:
    """Return the rules of a document. Raises ValueError if a rule is missing, unknown or given twice."""
    cards: dict[CareRule, RuleCard] = {}
    for each in document["rule"]:
        rule = CareRule(each["id"])
        if rule in cards:
            raise ValueError(f"rule of care given twice: {rule}")
        laws = tuple(Law(law["country"], law["cite"]) for law in each["law"])
        cards[rule] = RuleCard(rule, CareEffect(each["effect"]), bool(each["files"]), laws)
    missing = set(CareRule) - set(cards)
    if missing:
        raise ValueError(f"rule of care missing: {sorted(missing)[0]}")
    ages = {country: Ages(own["child_under"], own["minor_under"]) for country, own in document["ages"].items()}
    return CareRules(document["version"], cards, ages, frozenset(document["role_mail"]["local_parts"]))


@veiled
class CareFacts(NamedTuple):
    """What of a person decides which rules apply. `marks` are those the officer put on them, `wish` the channel they
    asked for ("" for none), `staff_mail` tells that the address is one of the organisation's own."""

    protected: bool = False
    deceased: bool = False
    age: int | None = None
    guardian: bool = False
    email: str = ""
    shared_mail: bool = False
    staff_mail: bool = False
    marks: frozenset[CareRule] = frozenset()
    wish: str = ""
    country: str = ""


def applying(facts: CareFacts, rules: CareRules) -> tuple[CareRule, ...]:
    """Return the rules that apply to a person, in the order in which they are asked.

    A grown-up with a guardian in the register is under guardianship; a child's guardian is not counted twice. Of an
    unknown age nothing is guessed: the register's guardian then stands for guardianship, which asks the officer.
    """
    ages = rules.ages_in(facts.country)
    child = facts.age is not None and facts.age < ages.child_under
    minor = facts.age is not None and ages.child_under <= facts.age < ages.minor_under
    local = facts.email.partition("@")[0].casefold()
    holds = {
        CareRule.PROTECTED: facts.protected,
        CareRule.DECEASED: facts.deceased,
        CareRule.GUARDIANSHIP: facts.guardian and not child and not minor,
        CareRule.CHILD: child,
        CareRule.MINOR: minor,
        CareRule.SHARED_MAIL: facts.shared_mail,
        CareRule.ROLE_MAIL: bool(local) and local in rules.role_parts,
        CareRule.STAFF: facts.staff_mail,
        CareRule.WISH: bool(facts.wish),
    }
    return tuple(rule for rule in CareRule if holds.get(rule, False) or rule in facts.marks)


class CareOutcome(NamedTuple):
    """What the rules do together: the rule that leaves it to the officer (the first one), the rule by which the mail
    address is not used, and the wished channel. Rules that are only shown do nothing."""

    officer: CareRule | None = None
    no_email: CareRule | None = None
    wish: str = ""


NO_CARE = CareOutcome()


def outcome(found: Sequence[CareRule], rules: CareRules, *, wish: str = "", mail_concerned: bool = True) -> CareOutcome:
    """Return what the rules found do together. `mail_concerned` False: the mail address is not one that the rules about
    mail addresses speak of, such as a private one of somebody on the staff."""
    officer = no_email = None
    for rule in found:
        effect = rules.cards[rule].effect
        if effect is CareEffect.OFFICER:
            officer = officer or rule
        elif effect is CareEffect.NO_EMAIL and mail_concerned:
            no_email = no_email or rule
    return CareOutcome(officer, no_email, wish)
