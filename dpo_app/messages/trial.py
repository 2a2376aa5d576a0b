"""Words and sentences about the trial message before the first run."""

from __future__ import annotations

from dpo_app.core.mail.trial import TrialResult
from dpo_app.i18n import N_, _
from dpo_app.messages.sending import PAUSES
from dpo_app.messages.sentence import Sentence, Words

_R = TrialResult
_NOTHING = N_("Nothing was sent.")
SENTENCES: dict[str, Sentence] = {
    "trial_address": Sentence(N_("That is not exactly one mail address."), _NOTHING, N_("Write it as office@example.com.")),
    "trial_to_person": Sentence(
        N_("A person of breach {breach} has this address."), N_("To them it would be the notice itself, under a false name."),
        N_("Choose an address that is nobody's in the register."),
    ),
    "trial_no_notice": Sentence(N_("There is no notice to persons yet."), _NOTHING, N_("Draft it first.")),
    "trial_language": Sentence(
        N_("The notice has no text in the language {language}."), _NOTHING, N_("Choose one of its languages.")
    ),
    "trial_read_only": Sentence(N_("The store is open for reading only."), _NOTHING),
    "no_trial": Sentence(
        N_("No trial message of this breach was taken by a server yet."), "", N_("Send one to yourself first.")
    ),
    "trial_no_mailbox": Sentence(
        N_("No mailbox is set up in which the program could look."), "",
        N_("Open the message where it came in, and paste its headers under Trust."),
    ),
}  # fmt: skip
WORDS: Words = (
    (_R.TAKEN, N_("taken by the server")), (_R.LATER, N_("not taken now")), (_R.REFUSED, N_("refused")),
    (_R.UNANSWERED, N_("handed over, no answer")), (_R.LOST, N_("the line broke")),
    (_R.CERTIFICATE, N_("the certificate is not right")), (_R.NO_STARTTLS, N_("no protected line")),
    (_R.LOGIN, N_("the server does not let us in")), (_R.UNREACHABLE, N_("the server cannot be reached")),
)  # fmt: skip
#: What became of a trial, why, and what to do.
RESULTS: dict[TrialResult, Sentence] = {
    _R.TAKEN: Sentence(N_("The server has taken the message."), "", N_("See whether it arrives, and where: it may lie in the "
                                                                     "spam folder.")),
    _R.LATER: Sentence(N_("The server does not take the message now."), N_("A run would try again later by itself."),
                       N_("Try again in some minutes.")),
    _R.REFUSED: Sentence(N_("The server has refused the message."), N_("A run would meet the same answer."),
                         N_("Show what it said to your mail administrator.")),
    _R.UNANSWERED: Sentence(N_("The line broke after the text; nobody knows whether the server has taken the message."), "",
                            N_("See whether it arrives.")),
    _R.LOST: Sentence(N_("The line broke before the message was handed over."), _NOTHING, N_("Try it again.")),
    _R.CERTIFICATE: PAUSES["certificate"],
    _R.NO_STARTTLS: PAUSES["no_starttls"],
    _R.LOGIN: Sentence(N_("The server does not let us in."), _NOTHING,
                       N_("Check user and password. Some providers allow only OAuth.")),
    _R.UNREACHABLE: Sentence(N_("The server cannot be reached."), _NOTHING, N_("Check the line and the name of the server.")),
}  # fmt: skip


def trial_words(result: TrialResult, said: str = "") -> str:
    """Return what became of a trial message as sentences; `said`, the server's own answer, on a line of its own."""
    words = " ".join(_(part) for part in RESULTS[result] if part)
    return "\n".join([words, _("It said: {said}").format(said=said)]) if said else words
