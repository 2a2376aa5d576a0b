"""Whom a controller owes a notice, who leads and who is concerned, each with its reasons.

GDPR Art. 55 and 56 (competence, lead authority), Art. 4(16) (main establishment), 4(22) (authority concerned), 4(23)
(cross-border processing); EDPB Guidelines 8/2022 on the lead authority; Guidelines 9/2022 version 2.0, section II.C,
for controllers without an establishment in the EEA: a representative does not open the one-stop-shop.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from dpo_app.core.authority.authorities import EEA, Authority, AuthorityScope, Directory


class OwedRole(StrEnum):
    """What an authority is to a breach."""

    COMPETENT = "competent"
    LEAD = "lead"
    CONCERNED = "concerned"
    BESIDE = "beside"
    PLACE = "place"
    EVERY_STATE = "every_state"


class OwedReason(StrEnum):
    """Why; `messages` has a sentence with its article for each."""

    ONLY_ESTABLISHMENT = "only_establishment"
    MAIN_ESTABLISHMENT = "main_establishment"
    ESTABLISHMENTS_IN_STATES = "establishments_in_states"
    RESIDENTS_AFFECTED = "residents_affected"
    RESIDENTS_MAYBE = "residents_maybe"
    ESTABLISHED_THERE = "established_there"
    PUBLIC_BODY = "public_body"
    NO_ESTABLISHMENT = "no_establishment"
    MAIN_UNKNOWN = "main_unknown"
    LAND_UNKNOWN = "land_unknown"
    LAND_OF_SEAT = "land_of_seat"
    FEDERAL_SECTOR = "federal_sector"
    OUTSIDE_EEA = "outside_eea"


class BodyKind(StrEnum):
    """What kind of body the controller is, as far as it decides competence."""

    PRIVATE = "private"
    PUBLIC = "public"
    TELECOM_POST = "telecom_post"


@dataclass(frozen=True)
class CrossBorder:
    """What decides competence. `country` is where the main establishment is (Art. 4(16)), "" if it is not known;
    `land` its region where a state has several authorities. `establishments` are the states with one that this
    processing is in the context of. `persons` counts those concerned by state of residence, "" for unknown.

    `substantially` are states whose residents are, in the officer's judgement, substantially affected; None means that
    nobody has judged yet, and then `likely_substantial` decides (special categories or a high risk).
    """

    country: str
    land: str = ""
    sector: BodyKind = BodyKind.PRIVATE
    establishments: frozenset[str] = frozenset()
    persons: Mapping[str, int] = field(default_factory=dict)
    substantially: frozenset[str] | None = None
    likely_substantial: bool = False
    place: str = ""


class Owed(NamedTuple):
    """An authority, what it is to this breach, whether the controller owes it a notice of its own, and the reasons.
    `owed` None: the officer has to judge. `persons` are those concerned who live in its state."""

    authority: str
    role: OwedRole
    owed: bool | None
    reasons: tuple[OwedReason, ...]
    persons: int = 0


def who_is_owed(case: CrossBorder, directory: Directory) -> tuple[Owed, ...]:
    """Return every authority that a breach touches: those owed a notice first, then those concerned."""
    states = {state for state in case.establishments if state in EEA}
    if case.country in EEA:
        states.add(case.country)
    found = _with_establishment(case, states, directory) if states else _without_establishment(case, directory)
    found += _beside(case)
    order, certain = list(OwedRole), {True: 0, None: 1, False: 2}
    return tuple(sorted(found, key=lambda each: (certain[each.owed], order.index(each.role), -each.persons)))


def is_cross_border(case: CrossBorder) -> bool | None:
    """Tell whether the processing is cross-border within the EEA (Art. 4(23)); None if that has to be judged."""
    states = {state for state in (*case.establishments, case.country) if state in EEA}
    if len(states) > 1:
        return True
    others = {state for state, count in case.persons.items() if state in EEA and count} - states
    if not others:
        return False
    if case.substantially is not None:
        return bool(case.substantially & others)
    return True if case.likely_substantial else None


def _with_establishment(case: CrossBorder, states: set[str], directory: Directory) -> list[Owed]:
    own, reasons, role = case.country, [OwedReason.ONLY_ESTABLISHMENT], OwedRole.COMPETENT
    crossing = is_cross_border(case)
    if case.sector is BodyKind.PUBLIC:
        # Art. 55(2): no lead authority for public bodies; their own state's authority is competent alone.
        reasons, crossing = [OwedReason.PUBLIC_BODY], False
    elif own not in EEA:
        return _main_unknown(case, states, directory)
    elif crossing:
        role = OwedRole.LEAD
        reasons = [OwedReason.MAIN_ESTABLISHMENT]
        reasons.append(OwedReason.ESTABLISHMENTS_IN_STATES if len(states) > 1 else OwedReason.RESIDENTS_AFFECTED)
    authority, extra = _of_state(own, case, directory)
    found = [Owed(authority, role, True, (*reasons, *extra), case.persons.get(own, 0))]
    if case.sector is BodyKind.PUBLIC:
        return found
    for state in sorted(EEA - {own}):
        why = _concerned(case, state)
        if why:
            found.append(Owed(_of_state(state, None, directory)[0], OwedRole.CONCERNED, False, why,
                              case.persons.get(state, 0)))  # fmt: skip
    return found


def _concerned(case: CrossBorder, state: str) -> tuple[OwedReason, ...]:
    """Return why a state's authority is concerned (Art. 4(22)(a) and (b)); () if it is not."""
    why = []
    if state in case.establishments:
        why.append(OwedReason.ESTABLISHED_THERE)
    if case.persons.get(state, 0):
        if case.substantially is None:
            why.append(OwedReason.RESIDENTS_AFFECTED if case.likely_substantial else OwedReason.RESIDENTS_MAYBE)
        elif state in case.substantially:
            why.append(OwedReason.RESIDENTS_AFFECTED)
    return tuple(why)


def _main_unknown(case: CrossBorder, states: set[str], directory: Directory) -> list[Owed]:
    """Return what is owed while the main establishment is not known: at least a notice where the breach took place."""
    place = case.place if case.place in EEA else sorted(states)[0]
    found = [Owed(_of_state(place, None, directory)[0], OwedRole.PLACE, True, (OwedReason.MAIN_UNKNOWN,),
                  case.persons.get(place, 0))]  # fmt: skip
    for state in sorted(EEA - {place}):
        why = _concerned(case, state)
        if why:
            found.append(Owed(_of_state(state, None, directory)[0], OwedRole.CONCERNED, None, why,
                              case.persons.get(state, 0)))  # fmt: skip
    return found


def _without_establishment(case: CrossBorder, directory: Directory) -> list[Owed]:
    """Return the authorities of every state in which persons live: there is no one-stop-shop."""
    states = [state for state, count in case.persons.items() if state in EEA and count]
    return [
        Owed(_of_state(state, None, directory)[0], OwedRole.EVERY_STATE, True, (OwedReason.NO_ESTABLISHMENT,),
             case.persons[state])
        for state in sorted(states)
    ]  # fmt: skip


def _beside(case: CrossBorder) -> list[Owed]:
    """Return the ICO and the FDPIC where their law may apply: there is no one-stop-shop with them."""
    found = []
    for state, authority in (("GB", "UK"), ("CH", "CH")):
        count = case.persons.get(state, 0)
        at_home = state == case.country
        if at_home or state in case.establishments:
            reasons = (OwedReason.ESTABLISHED_THERE, OwedReason.OUTSIDE_EEA)
            found.append(Owed(authority, OwedRole.BESIDE, True, reasons, count))
        elif count:
            found.append(Owed(authority, OwedRole.BESIDE, None, (OwedReason.OUTSIDE_EEA,), count))
    return found


def _of_state(state: str, case: CrossBorder | None, directory: Directory) -> tuple[str, tuple[OwedReason, ...]]:
    """Return the authority of a state, and what of the region or sector decided; without a case, the state's own."""
    if case is None or state not in ("DE", "ES", "FI"):
        return state, ()
    if state == "DE" and case.sector is BodyKind.TELECOM_POST:
        return "DE", (OwedReason.FEDERAL_SECTOR,)
    if case.land:
        regional = [each for each in directory.of_country(state) if each.land == case.land and _serves(each, case)]
        if regional:
            return regional[0].id, (OwedReason.LAND_OF_SEAT,)
    return state, (OwedReason.LAND_UNKNOWN,) if state == "DE" and not case.land else ()


def _serves(authority: Authority, case: CrossBorder) -> bool:
    public = case.sector is BodyKind.PUBLIC
    return {
        AuthorityScope.PRIVATE: not public,
        AuthorityScope.PUBLIC: public,
        AuthorityScope.REGION: public,
        AuthorityScope.REGIONAL_PUBLIC: public,
    }.get(authority.scope, True)
