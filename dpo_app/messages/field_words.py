"""What fields are called in sentences: an error names a field by its path, `window[2].name`, a reader by its label.

A name that is not known, such as a slip in a file, is shown as it was written.
"""

from __future__ import annotations

import re

from dpo_app.i18n import N_, _
from dpo_app.messages import breach, fact_words

#: Parts of the entries of lists, by the list; the labels of their fields on the screen.
PARTS: dict[str, dict[str, str]] = {
    "window": {
        "name": N_("Name"), "from": N_("From"), "to": N_("To"), "intrusion": N_("Somebody inside"),
        "disclosure": N_("Data seen or taken"), "identifiable": N_("Known whose"), "note": N_("Note"),
    },
    "event": {"kind": N_("What"), "at": N_("When"), "source": N_("Source"), "note": N_("Note")},
    "system": {"name": N_("Name"), "place": N_("Place"), "country": N_("Country"), "note": N_("Note")},
    "measure": {
        "text": N_("Measure"), "kind": N_("Purpose"), "state": N_("State"), "done_on": N_("Done"),
        "planned_on": N_("Planned for"), "safeguard": N_("What kind"), "owner": N_("Who sees to it"),
    },
    "party": {
        "name": N_("Name"), "role": N_("Role"), "contact": N_("Contact"), "country": N_("Country"), "note": N_("Note"),
    },
    "statement": {
        "author": N_("Author"), "kind": N_("Who speaks"), "made_on": N_("Day"), "source": N_("Source"),
        "text": N_("Text"),
    },
    "report": {"to": N_("To whom"), "made_on": N_("Day"), "reference": N_("Reference"), "note": N_("Note")},
    "fact": {
        "key": N_("Name"), "state": N_("State"), "source": N_("Source of this fact"), "evidence": N_("Evidence"),
        "reason": N_("Why it is not yet known"), "due": N_("Known by"),
    },
    "kind": {"kind": N_("Kind of data"), "row": N_("Level"), "reason": N_("Reason")},
    "adjustment": {"key": N_("Step"), "reason": N_("Reason")},
    "factor": {"factor": N_("Factor"), "weight": N_("Weight"), "note": N_("Note")},
    "count": {
        "count": N_("Estimate"), "basis": N_("Basis"), "minimum": N_("Least number"), "maximum": N_("Greatest number"),
    },
}  # fmt: skip
#: Fields that stand alone: of a revision, of an assessment of the risk, of what is recorded at a desk.
ALONE: dict[str, str] = breach.FACTS | fact_words.FACTS | {
    "known_as_of": N_("Known as of"), "source": N_("Source"), "awareness": N_("Awareness"), "nature": N_("Nature"),
    "occurrence": N_("When it happened"), "data": N_("Data"), "persons": N_("Persons"),
    "consequences": N_("Consequences"), "before": N_("Security before the breach"), "contact": N_("Contact"),
    "reporting": N_("Other reports"), "cross_border": N_("Across borders"), "scope": N_("Which laws ask"),
    "communication": N_("Telling the persons"), "fact": N_("State of a fact"),
    "kind": N_("Kind of data"), "identifier": N_("What identifies them"), "identifying": N_("Ease of identification"),
    "identifying_reason": N_("Reason for the ease of identification"), "confidentiality": N_("Loss of confidentiality"),
    "integrity": N_("Loss of integrity"), "availability": N_("Loss of availability"), "malicious": N_("On purpose"),
    "adjustment": N_("Step"), "answers": N_("Answers"), "factor": N_("Factor"), "decision": N_("Decision"),
    "decision_reason": N_("Reason for the decision"), "exemption": N_("Exemption of Art. 34(3)"),
    "exemption_reason": N_("Reason for the exemption"),
    "at": N_("Time"), "on": N_("Day"), "due": N_("Day"), "by": N_("Who did it"), "reason": N_("Reason"),
    "place": N_("Place"), "partner": N_("Partner of the contract"), "hours": N_("Hours"), "id": N_("Name of the layout"),
    "organisation": N_("Organisation"), "id_kind": N_("Kind of identifier"), "sector": N_("Sector"), "size": N_("Size"),
}  # fmt: skip
_ENTRY = re.compile(r"(\w+)\[(\d+)\](?:\.(.+))?")


def field_name(path: str) -> str:
    """Return what a field is called, in the language of the screen; an unknown path as it stands."""
    entry = _ENTRY.fullmatch(path)
    if entry:
        kind, number, part = entry.groups()
        if kind not in PARTS:
            return path
        item = _("{name} {number}").format(name=_(ALONE[kind]), number=number)
        if part is None:
            return item
        return f"{item}: {_(PARTS[kind][part])}" if part in PARTS[kind] else path
    if path in ALONE:
        return _(ALONE[path])
    outer, _dot, last = path.rpartition(".")
    if outer in ALONE and last in PARTS["count"]:
        return f"{_(ALONE[outer])}: {_(PARTS['count'][last])}"
    return path


def quoted(path: str) -> str:
    """Return a field's name as a label within a sentence: in quotes; an unknown path likewise."""
    return _("“{label}”").format(label=field_name(path))
