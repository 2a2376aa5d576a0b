"""The banner that stands as long as something is wrong with the store itself: not the state that was closed last, a
damaged key file, a recovery sheet nobody has proved, a passphrase that may be lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dpo_app.gui.widgets.parts import Banner
from dpo_app.gui.words import clock_words, full_moment, number
from dpo_app.i18n import _, ngettext
from dpo_app.services.ports.desk import Desk, Opening


class Ways(NamedTuple):
    """What the banner's buttons do."""

    look: Callable[[], None]
    other: Callable[[], None]
    sheet: Callable[[], None]
    passphrase: Callable[[], None]


def standing_banner(desk: Desk, ways: Ways) -> Banner | None:
    """Return the gravest thing to say about the store, or None."""
    if desk.read_only:
        what, more = _state(desk.opening)
        acts = ((_("Look at what is missing"), ways.look), (_("Choose another store"), ways.other))
        return Banner("danger", what, more, acts, closable=False)
    renew = (_("Make a new sheet…"), ways.sheet)
    if not desk.keys_whole():
        more = _("The store opens, but perhaps not by every way that was set up. A new recovery sheet writes the key file "
                 "anew.")  # fmt: skip
        return Banner("danger", _("A part of the key file is damaged."), more, (renew,))
    if desk.opening.way == "recovery":
        more = _("If the passphrase is lost, set a new one: the old one is not asked for now.")
        fresh = (_("New passphrase…"), ways.passphrase)
        return Banner("warn", _("The recovery sheet opened this store."), more, (fresh,))
    if not desk.ready_for_persons():
        more = _("Until two lines are typed back from paper no persons can be brought in.")
        return Banner("warn", _("The recovery sheet has not been proved."), more, (renew,))
    if desk.regimes.faults:
        what = ngettext("{count} rule pack has a fault and was left out.", "{count} rule packs have faults and were left out.",
                        len(desk.regimes.faults)).format(count=number(len(desk.regimes.faults)))  # fmt: skip
        return Banner("warn", what, "; ".join(clock_words().fault(each) for each in desk.regimes.faults))
    return None


def _state(found: Opening) -> tuple[str, str]:
    """Return what is wrong with a store that may only be read, and what that means."""
    when = full_moment(found.known_at) if found.known_at is not None else ""
    if found.anchor == "behind":
        what = _("This store is older than the one you closed on {when}.").format(when=when)
        more = ngettext(
            "{count} entry of the trail is missing, as after restoring a backup. You can read everything; nothing can be "
            "changed until you decide.",
            "{count} entries of the trail are missing, as after restoring a backup. You can read everything; nothing can "
            "be changed until you decide.",
            found.missing,
        ).format(count=number(found.missing))  # fmt: skip
        return what, more
    if found.anchor == "other":
        what = _("The trail of this store is not the one you closed on {when}.").format(when=when)
        return what, _("It went another way, as when two copies of a store were worked on. You can read everything; "
                       "nothing can be changed until you decide.")  # fmt: skip
    more = _("Nobody can tell whether this is the state you closed last. You can read everything; nothing can be changed "
             "until you decide.")  # fmt: skip
    if found.anchor == "missing":
        return _("The anchor beside the store is missing."), more
    return _("The anchor beside the store is damaged."), more
