"""Entries of the trail in words: one place for screen and report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from dpo_app.core.authority.authorities import AuthorityChannel
from dpo_app.core.authority.authority_log import ContactKind
from dpo_app.core.clocks.clock_record import RecordKind
from dpo_app.core.clocks.regime import Anchor, FactName
from dpo_app.core.delivery import ReturnReason
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.letters.read_back import ReadBackFault
from dpo_app.core.mail.bounce import BounceReason
from dpo_app.core.mail.trial import TrialResult
from dpo_app.core.notices.notice import NoticePhase
from dpo_app.core.persons.care import CareRule
from dpo_app.core.persons.channel import Channel
from dpo_app.core.persons.enquiry import CodeResult, EnquiryKind, EnquiryWay, Identity
from dpo_app.core.persons.linkage.verdict import Verdict
from dpo_app.core.proof.audit import REMARKS, AuditAction
from dpo_app.i18n import N_, form_of
from dpo_app.messages import fill, msgid
from dpo_app.messages.facts import FactWords
from dpo_app.messages.returned_mail import VERDICTS

#: Facts that name a thing by its number.
_NUMBERED = frozenset({"breach", "revision", "import", "notice", "batch", "mail", "merge", "correction"})
#: Facts that are a member of one of these.
_KINDS: dict[str, tuple[type[StrEnum], ...]] = {
    "value": (Channel, ExposureState), "way": (EnquiryWay,), "kind": (EnquiryKind, ContactKind), "rule": (CareRule,),
    "result": (CodeResult, Identity, TrialResult), "phase": (NoticePhase,), "channel": (AuthorityChannel,),
    "reason": (ReturnReason,),
}  # fmt: skip
WAYS_IN = {
    "passphrase": N_("passphrase"),
    "recovery": N_("recovery sheet"),
    "keyring": N_("keyring of this computer"),
}
#: Whether a law applies to a breach.
CHOICES = {"applies": N_("applies"), "does not apply": N_("does not apply")}
#: Facts whose value is a member with a word of its own.
_MEMBERS: dict[str, Any] = {"event": Anchor, "fact": FactName, "kind": RecordKind}


class TrailWords:
    """Turns entries into sentences of the language of `words`; `words` also knows numbers, days and instants."""

    def __init__(self, words: FactWords) -> None:
        self._words, self._ = words, words.translate

    def sentence(self, action: str, facts: Mapping[str, Any]) -> str:
        """Return what an entry says; of an action that this version does not know, its bare name."""
        if action not in set(AuditAction):
            return action
        said = {name: self._fact(name, value) for name, value in facts.items()}
        return fill(form_of(msgid(AuditAction(action)), facts, self._words.catalogue), said)

    def _fact(self, name: str, value: Any) -> Any:
        if isinstance(value, int):
            return self._words.number(value) if name not in _NUMBERED else value
        if name in REMARKS and not value:
            return self._("(erased)")
        try:
            if name.endswith("_at"):
                return self._words.instant(datetime.fromisoformat(value))
            if name == "on":
                return self._words.day(date.fromisoformat(value))
        except ValueError:
            return value
        if name == "verdict" and value in set(Verdict):
            return self._(msgid(Verdict(value)))
        if name == "way" and value in WAYS_IN:
            return self._(WAYS_IN[value])
        if name == "choice" and value in CHOICES:
            return self._(CHOICES[value])
        if name in _MEMBERS and value in set(_MEMBERS[name]):
            return self._(msgid(_MEMBERS[name](value)))
        if name == "fault" and value in set(ReadBackFault):
            return self._(msgid(ReadBackFault(value)))
        if name == "classes":
            known = [BounceReason(each) for each in value.split(", ") if each in set(BounceReason)]
            return ", ".join(self._(msgid(each)) for each in known)
        if name == "verdict" and value in VERDICTS:
            return self._(VERDICTS[value])
        for kind in _KINDS.get(name, ()):
            if value in set(kind):
                return self._(msgid(kind(value)))
        return value
