"""Words and sentences about e-mail that comes back."""

from __future__ import annotations

from dpo_app.core.bounce import BounceReason, MailKind, Proof
from dpo_app.i18n import N_
from dpo_app.messages.sentence import Sentence, Words

_K, _R, _P = MailKind, BounceReason, Proof
WORDS: Words = (
    (_K.BOUNCED, N_("not delivered")),
    (_K.DELAYED, N_("late, still being tried")),
    (_K.DELIVERED, N_("delivered to the mailbox")),
    (_K.RELAYED, N_("passed on")),
    (_K.AUTO_REPLY, N_("automatic answer")),
    (_K.CHALLENGE, N_("a filter asks who we are")),
    (_K.COMPLAINT, N_("reported as unwanted")),
    (_K.RECEIPT, N_("read receipt")),
    (_K.ANSWER, N_("answer of a person")),
    (_K.UNREADABLE, N_("not understood")),
    (_R.DEAD_ADDRESS, N_("no such address")),
    (_R.DEAD_DOMAIN, N_("no such domain")),
    (_R.DISABLED, N_("mailbox closed")),
    (_R.MOVED, N_("moved to another address")),
    (_R.FULL, N_("mailbox full")),
    (_R.EXPIRED, N_("tried for days in vain")),
    (_R.SERVER, N_("trouble at the receiving server")),
    (_R.GREYLISTED, N_("asked to wait")),
    (_R.DELAYED, N_("late")),
    (_R.POLICY, N_("refused by a filter or a rule")),
    (_R.TRUST, N_("our domain was not believed (SPF, DKIM, DMARC)")),
    (_R.SETUP, N_("our server is not set up right")),
    (_R.CONTENT, N_("the content was refused")),
    (_R.TOO_BIG, N_("the message was too big")),
    (_R.UNCLEAR, N_("no reason given")),
    (_P.RETURN_PATH, N_("signed return address")),
    (_P.ENVELOPE_ID, N_("signed envelope id")),
    (_P.MESSAGE_ID, N_("signed message id")),
    (_P.FORGED, N_("a code with a wrong signature")),
    (_P.ADDRESS, N_("the address alone")),
    (_P.NONE, N_("nothing")),
)
#: The officer's verdicts on a message that nobody could tie.
VERDICTS = {"bounced": N_("not delivered"), "nothing": N_("nothing for us"), "answer": N_("answer of a person")}
SENTENCES: dict[str, Sentence] = {
    "no_such_mail": Sentence(N_("There is no message {mail}."), "", N_("List the undecided messages to see which exist.")),
    "mail_decided": Sentence(N_("This message was decided before. Nothing was changed.")),
    "mail_needs_code": Sentence(
        N_("Nothing ties this message to a person."), "",
        N_("Type the code of twelve signs from the text, or set the message aside."),
    ),
    "mail_no_code": Sentence(
        N_("No e-mail of ours has this code. Nothing was changed."), "",
        N_("Compare the twelve signs with those in the message."),
    ),
    "mail_not_sent": Sentence(
        N_("This e-mail has not gone out, or counts as not delivered already. Nothing was changed."),
    ),
    "mail_not_applied": Sentence(N_("This message moved nobody, so there is nothing to take back.")),
    "mail_moved_on": Sentence(
        N_("Another message has gone to this person since. Nothing was changed."),
    ),
    "nobody_to_move": Sentence(N_("There is nobody to move to the letter for these reasons.")),
    "failed_count_differs": Sentence(
        N_("You agreed to {stated} persons, now there are {found}."), N_("More e-mail came back meanwhile."),
        N_("Look at the list again and agree anew."),
    ),
    "nothing_to_dismiss": Sentence(N_("There is no message without a person to set aside.")),
    "no_mail_here": Sentence(
        N_("There are no messages in the folder {file}."), "",
        N_("Choose a folder with .eml files, a mailbox file (.mbox) or a Maildir."),
    ),
}  # fmt: skip
