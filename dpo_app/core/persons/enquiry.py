"""Those who ask: what they want, how they are identified, what may be said before that, and until when an answer is due.

Nothing is confirmed before identity is established, not even that somebody is in the register. Identity is a right code
and one fact, or two facts that a stranger would not have and that were not in the stolen data; a national id never
counts, a birth date never alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from dpo_app.core.clocks.workdays import is_closed
from dpo_app.core.dates import DateOrder, NoSuchDate, parse_date
from dpo_app.core.delivery import DeliveryState
from dpo_app.core.facts.breach import DataCategory
from dpo_app.core.partial_date import parse_partial
from dpo_app.core.persons.names import folded


class EnquiryWay(StrEnum):
    """How somebody asks."""

    CALL = "call"
    EMAIL = "email"
    VISIT = "visit"
    LETTER = "letter"


class EnquiryKind(StrEnum):
    """What they want, the frequent ones first: the first nine go by a digit, the others by 0 and a digit."""

    GENUINE = "genuine"
    MY_DATA = "my_data"
    WHAT_TO_DO = "what_to_do"
    NEW_ADDRESS = "new_address"
    THREAT = "threat"
    ACCESS = "access"
    ERASE = "erase"
    COMPENSATION = "compensation"
    COMPLAINT = "complaint"
    WHO_DID_IT = "who_did_it"
    WHY_LATE = "why_late"
    WHY_THIS_WAY = "why_this_way"
    NATIONAL_ID = "national_id"
    RELATIVE = "relative"
    OTHER = "other"


FREQUENT = tuple(EnquiryKind)[:9]
RARE = tuple(EnquiryKind)[9:]
#: Requests of the GDPR with the article, answered within a month (Art. 12(3)).
REQUESTS: Mapping[EnquiryKind, str] = {EnquiryKind.ACCESS: "Art. 15", EnquiryKind.ERASE: "Art. 17"}


class Caller(StrEnum):
    """Who asks."""

    SELF = "self"
    GUARDIAN = "guardian"
    RELATIVE = "relative"
    LAWYER = "lawyer"
    PRESS = "press"
    AUTHORITY = "authority"
    OTHER = "other"


class Identity(StrEnum):
    """How it was established who asks; only `none` and `not_sure` establish nothing."""

    NONE = "none"
    NOT_SURE = "not_sure"
    CODE_AND_FACT = "code_and_fact"
    TWO_FACTS = "two_facts"
    CALL_BACK = "call_back"
    STRONG = "strong"


ESTABLISHED = frozenset(Identity) - {Identity.NONE, Identity.NOT_SURE}


class CodeResult(StrEnum):
    """What the code in somebody's hand says: ours and sent, not ours, ours but of a message that never left."""

    GENUINE = "genuine"
    NOT_OURS = "not_ours"
    NOT_SENT = "not_sent"


class EnquiryState(StrEnum):
    """Whether anything is still to be done."""

    OPEN = "open"
    CLOSED = "closed"


class AskedFact(StrEnum):
    """What a person can be asked to tell that the register knows too."""

    CUSTOMER_NUMBER = "customer_number"
    REGISTERED = "registered"
    BORN = "born"
    POSTCODE = "postcode"
    PHONE = "phone"
    EMAIL = "email"


#: With which kind of data a fact was stolen.
_STOLEN_WITH = {
    AskedFact.BORN: DataCategory.NATIONAL_ID, AskedFact.POSTCODE: DataCategory.CONTACT,
    AskedFact.PHONE: DataCategory.CONTACT, AskedFact.EMAIL: DataCategory.CONTACT,
}  # fmt: skip
#: Weak ones do not count without a strong one beside them.
_WEAK = frozenset({AskedFact.BORN})

_S = DeliveryState
#: States of a message that has left the house, whatever became of it.
LEFT_THE_HOUSE = frozenset(
    {
        _S.HANDING_OVER, _S.DEFERRED, _S.UNKNOWN, _S.ACCEPTED, _S.CONFIRMED, _S.EXPORTED, _S.REPORTED_SENT,
        _S.REJECTED, _S.BOUNCED, _S.GIVEN_UP, _S.MISDELIVERED, _S.PRINTED, _S.POSTED, _S.RETURNED,
    }
)  # fmt: skip


class Evidence(NamedTuple):
    """What a caller brought: a right code of this person, facts told rightly, and whether the officer called back on the
    number in the register or saw a strong identification."""

    code: bool = False
    right: frozenset[AskedFact] = frozenset()
    called_back: bool = False
    strong: bool = False


def facts_to_ask(categories: Iterable[DataCategory], *, with_code: bool) -> tuple[AskedFact, ...]:
    """Return the facts that may be asked. Without a code none that was stolen; the code in the hand makes up for that,
    for who stole the register did not get the message."""
    stolen = frozenset(categories)
    return tuple(
        fact for fact in AskedFact if with_code or fact not in _STOLEN_WITH or _STOLEN_WITH[fact] not in stolen
    )


def identity_of(evidence: Evidence, categories: Iterable[DataCategory]) -> Identity:
    """Return what the evidence establishes."""
    if evidence.strong:
        return Identity.STRONG
    if evidence.code and evidence.right:
        return Identity.CODE_AND_FACT
    counted = evidence.right & set(facts_to_ask(categories, with_code=False))
    if evidence.called_back and counted:
        return Identity.CALL_BACK
    if len(counted) >= 2 and counted - _WEAK:
        return Identity.TWO_FACTS
    return Identity.NOT_SURE if evidence.code or evidence.right or evidence.called_back else Identity.NONE


def tells_rightly(fact: AskedFact, kept: str, answer: str, today: date) -> bool:
    """Tell whether an answer is what the register has, as people say it: dates in any order the country writes, a month
    where the register has a day, telephone numbers by their last seven digits."""
    said = answer.strip()
    if not kept or not said:
        return False
    if fact in (AskedFact.BORN, AskedFact.REGISTERED):
        return _same_date(fact, kept, said, today)
    if fact is AskedFact.PHONE:
        digits = [re.sub(r"\D", "", text)[-7:] for text in (kept, said)]
        return len(digits[1]) == 7 and digits[0] == digits[1]
    return folded(kept).replace(" ", "") == folded(said).replace(" ", "")


def _same_date(fact: AskedFact, kept: str, said: str, today: date) -> bool:
    known = parse_partial(kept)
    try:
        told = parse_date(said, DateOrder.DAY_FIRST, today)
    except NoSuchDate:
        return False
    if known is None or told is None:
        return False
    if fact is AskedFact.BORN:
        # A birth date is known by heart, to the day.
        return known == told
    # Nobody knows the day on which they became a customer: the month has to be right, a year alone is a guess.
    return (
        told.latest - told.earliest < timedelta(days=31)
        and told.earliest <= known.latest and known.earliest <= told.latest
    )  # fmt: skip


def answer_due(received: date, country: str) -> date:
    """Return the day by which a request of the GDPR is answered: one month (Art. 12(3)), ending on the same date of the
    next month or its last day, and if that is a Saturday, a Sunday or a holiday, on the next working day (Regulation
    1182/71, Art. 3)."""
    year, month = (received.year + 1, 1) if received.month == 12 else (received.year, received.month + 1)
    first_after = date(year + month // 12, month % 12 + 1, 1)
    due = min(date(year, month, 1) + timedelta(days=received.day - 1), first_after - timedelta(days=1))
    while is_closed(due, country):
        due += timedelta(days=1)
    return due
