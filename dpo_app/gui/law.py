"""What the law asks on each page, in a few words: Help > What the law asks here."""

from __future__ import annotations

from dpo_app.i18n import _


def law_of(key: str) -> str:
    """Return the words for a page; those of the deadlines for every page without its own."""
    texts = {
        "facts": _("Art. 33(3) and 33(5): nature, kinds of data, numbers, consequences, measures; each fact with its "
                   "source. Revisions are never edited."),
        "risk": _("Art. 33(1): the authority is told unless a risk is unlikely. Art. 34(1): persons are told where the risk "
                  "is high. Recitals 75 and 76: likelihood and severity count. Every breach stands in the register."),
        "register": _("Art. 33(5): the controller documents every breach, its facts, effects and remedies, so that the "
                      "authority can check. That holds for those that were not notified, too."),
        "authority": _("Art. 33(1): within 72 hours of becoming aware, unless a risk is unlikely; late only with reasons. "
                       "Art. 33(3): what the notice says. Art. 33(4): the rest may follow without undue delay."),
        "persons": _("Art. 34(1): persons at high risk are told without undue delay. Everybody in scope is always in "
                     "exactly one of five standings."),
        "notices": _("Art. 34(2): plain language, nature of the breach, contact, likely consequences, measures and what "
                     "the person can do."),
        "sending": _("Art. 34(1) and (3): each person directly, by e-mail, else by letter; in public where that is "
                     "impossible."),
        "enquiries": _("Art. 12(3): a request under Art. 15 to 22 is answered within a month. Art. 12(6): who asks must be "
                       "identified. Art. 34(2): persons are told where to ask."),
        "audit": _("Art. 5(2) and 33(5): you must be able to prove what you did. The printed head proves the trail."),
    }  # fmt: skip
    return texts.get(key, _("Art. 33(1): the authority is told within 72 hours of becoming aware. Art. 34(1): persons at "
                            "high risk without undue delay."))  # fmt: skip
