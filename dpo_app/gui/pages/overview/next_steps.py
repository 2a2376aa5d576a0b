"""What is to do next in a breach: the law's order first, then what others wait for, then housekeeping.

Each area has a function that takes what the Overview read and returns its steps; a new area adds its function to
`AREAS`, and what it needs to `read_found`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dpo_app.core.facts.fact_catalogue import FactGroup
from dpo_app.core.ids import BreachId
from dpo_app.core.notices.notice import NoticeState
from dpo_app.core.persons.channel import ChannelReason
from dpo_app.gui.words import clock_words, counted, number
from dpo_app.i18n import _, ngettext
from dpo_app.services.authority.authority_view import waiting_at_authorities
from dpo_app.services.clocks.clocks import clocks_of
from dpo_app.services.mail.decide_returned import failed_by_class
from dpo_app.services.mail.read_returned import UNDECIDED
from dpo_app.services.notices.owed import count_owed
from dpo_app.services.ports.desk import Desk

MOST = 5
#: What the Overview read of one breach, by name: see `read_found`.
Found = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One thing to do next: sign, what, why, button, where it leads."""

    icon: str
    role: str
    what: str
    why: str
    action: str
    page: str
    target: object = None


def read_found(desk: Desk, queries: Any, breach_id: BreachId) -> Found:
    """Return what the Overview and its steps are made from, read from one snapshot."""
    saved = queries.newest_revision(breach_id)
    standing = queries.standings(breach_id, saved.id)
    planned = queries.is_planned(saved.id)
    return {
        "owed": count_owed(queries, saved) if planned else 0,
        "enquiries": queries.enquiry_counts(breach_id)[0],
        "saved": saved, "persons": queries.count_persons(breach_id), "planned": planned,
        "exposure": queries.exposure_counts(saved.id), "channel": queries.channel_counts(saved.id),
        "standing": standing, "notices": queries.notices(breach_id),
        "batches": queries.batches(breach_id), "clocks": clocks_of(desk, queries, breach_id, standings=standing),
        "authority": waiting_at_authorities(queries, breach_id),
        "risk": queries.assessment(breach_id), "now": desk.clock.now(),
        "failed": sum(count for _reason, count, _own in failed_by_class(queries, breach_id)),
        "undecided": sum(n for (_kind, outcome), n in queries.returned_counts(breach_id).items() if outcome == UNDECIDED),
    }  # fmt: skip


def next_steps(found: Found) -> list[Step]:
    """Return what is to do, at most five."""
    steps: list[Step] = []
    for area in AREAS:
        steps += area(found)
    return steps[:MOST]


def clock_steps(found: Found) -> list[Step]:
    """Return what is late and owes its reason, and the clock that waits for an answer of the officer."""
    now, words = found["now"], clock_words()
    return [
        Step("alert-octagon", "danger", _("Say why it was late: {duty}").format(duty=words.title(each)),
             _("The reason is owed with the notice (Art. 33(1))."), _("Write the reason"), "overview", {"reason": each.key})
        for each in found["clocks"].deadlines if each.owes_reason(now)
    ]  # fmt: skip


def fact_steps(found: Found) -> list[Step]:
    """Return what the facts lack."""
    if found["saved"].facts.windows:
        return []
    return [Step("list-details", "warn", _("Record when somebody was inside"),
                 _("Without a window nobody can be called exposed."), _("Add a window"), "facts",
                 {"group": FactGroup.WINDOWS, "edit": True})]  # fmt: skip


def risk_steps(found: Found) -> list[Step]:
    """Return the assessment that is missing, or that judged older facts: what is owed hangs on it."""
    risk = found["risk"]
    if risk is None:
        return [Step("scale", "warn", _("Assess the risk"), _("It decides whether authority and persons are owed a notice."),
                     _("Assess it"), "risk")]  # fmt: skip
    if risk.revision_id != found["saved"].id:
        return [Step("scale", "warn", _("Look at the risk again"), _("The facts changed since it was assessed."),
                     _("Assess it"), "risk")]  # fmt: skip
    return []


def authority_steps(found: Found) -> list[Step]:
    """Return what an authority is owed: the first notice, what is drafted or approved, what was learned since."""
    waits = found["authority"]
    target = {"notice": int(waits.newest)} if waits.newest else None
    if waits.to_hand_in:
        return [Step("building-bank", "warn", _("Hand the notice in to the authority"),
                     _("It is approved; copy it into the form and record when."), _("Open the notice"), "authority",
                     target)]  # fmt: skip
    if waits.drafts:
        return [Step("building-bank", "warn", _("Finish the notice to the authority"),
                     _("Answer what is missing, or leave it open with a reason."), _("Open the draft"), "authority",
                     target)]  # fmt: skip
    if waits.first_owed:
        return [Step("building-bank", "warn", _("Tell the authority"), _("The form is filled from what is known."),
                     _("Go to the authority"), "authority")]  # fmt: skip
    if waits.follow_up_owed:
        return [Step("building-bank", "warn", _("Follow up with the authority"),
                     _("Facts were learned since the last notice (Art. 33(4))."), _("Go to the authority"), "authority")]  # fmt: skip
    return []


def person_steps(found: Found) -> list[Step]:
    """Return what is to do before anybody can be written to."""
    if not found["persons"]:
        return [Step("table-import", "warn", _("Bring in the register"), _("CSV or spreadsheet, in any column order."),
                     _("Import the register"), "persons", "import")]  # fmt: skip
    if not found["planned"]:
        return [Step("refresh", "warn", _("Work out who is exposed"),
                     _("Facts or persons changed since the last time."), _("Work it out"), "persons", "plan")]  # fmt: skip
    return []


def notice_steps(found: Found) -> list[Step]:
    """Return what the notice to persons lacks."""
    if not found["persons"]:
        return []
    if _in_state(found, NoticeState.DRAFT):
        return [Step("signature", "warn", _("Approve the notice to persons"),
                     _("Nothing goes out before it is read and frozen."), _("Read the draft"), "notices")]  # fmt: skip
    if not _in_state(found, NoticeState.APPROVED):
        return [Step("file-text", "warn", _("Write to the persons"), _("A ready wording is filled from the facts."),
                     _("Draft the notice"), "notices")]  # fmt: skip
    return []


def sending_steps(found: Found) -> list[Step]:
    """Return what can go out, and whom the officer decides on one by one."""
    if not found["persons"]:
        return []
    steps: list[Step] = []
    if found["standing"].unknown:
        what = ngettext("Decide {count} e-mail with unknown outcome", "Decide {count} e-mails with unknown outcome",
                        found["standing"].unknown).format(count=number(found["standing"].unknown))  # fmt: skip
        steps.append(Step("help-circle", "unknown", what, _("The line broke after the text was sent."), _("Decide"),
                          "sending", "email"))  # fmt: skip
    exported = [b for b in found["batches"] if b.state == "exported" and b.channel == "email"]
    if exported:
        count = sum(b.members for b in exported)
        steps.append(Step("circle-check", "info",
                          counted("Confirm that {count} exported e-mail was sent", "Confirm that {count} exported e-mails were sent", count),
                          _("Only then are these persons told."), _("Confirm"), "sending", "email"))  # fmt: skip
    approved, opened = _in_state(found, NoticeState.APPROVED), found["standing"].parts.get("open", {})
    # Whom e-mail failed stands on its rung until the officer agrees to the letter, but gets no second e-mail.
    emails = max(0, opened.get(ChannelReason.HAS_EMAIL.value, 0) - found["failed"])
    letters = sum(n for r, n in opened.items() if r in (ChannelReason.NO_EMAIL, ChannelReason.EMAIL_FAILED))
    if approved and emails:
        steps.append(Step("send", "info", counted("Send {count} e-mail", "Send {count} e-mails", emails),
                          _("By your mail server, or as files."), _("Look through"), "sending", "email"))  # fmt: skip
    if approved and letters:
        steps.append(Step("mailbox", "info", counted("Make {count} letter", "Make {count} letters", letters),
                          _("For those without e-mail."), _("Look through"), "sending", "letters"))  # fmt: skip
    waiting = [b for b in found["batches"] if b.state in ("made", "printed") and b.channel == "letter"]
    if waiting:
        steps.append(Step("truck-delivery", "info", counted("Confirm posting of {count} batch", "Confirm posting of {count} batches", len(waiting)),
                          _("Only then are these persons told."), _("Confirm"), "sending", "letters"))  # fmt: skip
    officer = sum(n for r, n in opened.items() if r in
                  (ChannelReason.PROTECTED, ChannelReason.DECEASED, ChannelReason.CHILD))  # fmt: skip
    if officer:
        steps.append(Step("user-exclamation", "warn", counted("Decide for {count} person", "Decide for {count} persons", officer),
                          _("Protected address, child or deceased: never in a batch."), _("Show them"), "persons",
                          {"channel": "officer"}))  # fmt: skip
    return steps


def bounce_steps(found: Found) -> list[Step]:
    """Return whom e-mail failed and what came back that nobody could tie."""
    steps = []
    if found["failed"]:
        what = ngettext(
            "Move {count} person on to the letter", "Move {count} persons on to the letter", found["failed"]
        )
        steps.append(Step("mailbox-off", "warn", what.format(count=number(found["failed"])),
                          _("Their e-mail was not delivered."), _("Look through"), "sending", "bounces"))  # fmt: skip
    if found["undecided"]:
        what = ngettext(
            "Read {count} message that came back", "Read {count} messages that came back", found["undecided"]
        )
        steps.append(Step("mailbox", "info", what.format(count=number(found["undecided"])),
                          _("Nothing ties them to a person for certain."), _("Decide"), "sending", "bounces"))  # fmt: skip
    return steps


def _in_state(found: Found, state: NoticeState) -> bool:
    return any(each.state is state for _id, each in found["notices"])


def owed_steps(found: Found) -> list[Step]:
    """Return the second notice, if anybody was told less than they are owed now."""
    if not found["owed"]:
        return []
    what = ngettext("{count} person who was told is owed more", "{count} persons who were told are owed more",
                    found["owed"])  # fmt: skip
    return [Step("user-exclamation", "warn", what.format(count=number(found["owed"])),
                 _("The facts say more than their message did. A follow-up goes to them alone."), _("Show them"), "persons",
                 {"owed": True})]  # fmt: skip


def enquiry_steps(found: Found) -> list[Step]:
    """Return open enquiries, those of today and before first said."""
    if not found["enquiries"]:
        return []
    what = ngettext("{count} enquiry is open", "{count} enquiries are open", found["enquiries"])
    return [Step("headset", "info", what.format(count=number(found["enquiries"])),
                 _("Requests under Art. 15 and 17 are due in a month."), _("Open the enquiries"), "enquiries")]  # fmt: skip


#: In the order in which their steps are shown.
AREAS: tuple[Callable[[Found], list[Step]], ...] = (
    clock_steps, fact_steps, risk_steps, authority_steps, person_steps, owed_steps, notice_steps, bounce_steps, sending_steps, enquiry_steps,
)  # fmt: skip
