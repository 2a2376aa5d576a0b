"""Words and sentences about e-mail that comes back."""

from __future__ import annotations

from dpo_app.core.mail.bounce import BounceReason, MailKind, Proof
from dpo_app.core.mail.mail_account import Protection
from dpo_app.i18n import N_, nN_
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
    (_K.NO_MESSAGE, N_("no e-mail at all")),
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
    (Protection.TLS, N_("TLS from the start")),
    (Protection.STARTTLS, N_("STARTTLS")),
    (Protection.PLAIN, N_("none, on this computer only")),
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
    "box_url": Sentence(
        N_("That is no address of a mailbox."), "",
        N_("Write it as imaps://user@mail.example.com/INBOX; the password is asked for apart."),
    ),
    "box_host": Sentence(N_("The mailbox needs the name of its server."), "", N_("Write a name such as mail.example.com.")),
    "box_port": Sentence(N_("The port of the mailbox must be from 1 to 65535."), "", N_("The usual one is 993.")),
    "box_plain": Sentence(
        N_("The mailbox at {host} is not read without protection."),
        N_("The password and all messages would travel in clear."), N_("Choose TLS or STARTTLS."),
    ),
    "box_login": Sentence(N_("The mailbox needs a user and a password."), "", N_("Fill in both.")),
    "box_folder": Sentence(N_("The name of the folder is missing or wrong."), "", N_("The usual one is INBOX.")),
    "no_mail_account": Sentence(
        N_("No mailbox is set up in this store."), "", N_("Set up the mailbox that bounces come back to, or read files."),
    ),
    "box_unreachable": Sentence(
        N_("The mailbox at {server} cannot be reached."), N_("The network or the server did not answer."),
        N_("Check the name and the port, and try again later. Nothing was changed."),
    ),
    "box_certificate": Sentence(
        N_("The mailbox at {server} was not opened."), N_("Its certificate is not valid for this name."),
        N_("Ask who runs the server; never switch the check off."),
    ),
    "box_login_refused": Sentence(
        N_("The mailbox at {server} refused the sign-in."), N_("The user, the password or the token is wrong."),
        N_("Enter the password anew."),
    ),
    "box_no_folder": Sentence(
        N_("The folder in the mailbox at {server} cannot be opened."), N_("It does not exist, or this user may not read it."),
        N_("Check the name of the folder."),
    ),
    "box_no_tls": Sentence(
        N_("The mailbox at {server} was not opened."), N_("No protected line to it came about (TLS)."),
        N_("Check the port and the protection: TLS is usually on 993, STARTTLS on 143."),
    ),
    "box_refused": Sentence(
        N_("The mailbox at {server} refused what was asked."), N_("Its answer was no, or none of this protocol."),
        N_("Try again later; if it stays so, ask who runs the server, or read files. Nothing was changed."),
    ),
    "box_lost": Sentence(
        N_("The line to the mailbox at {server} broke."), N_("What was read until then is recorded."),
        N_("Read it again; it goes on from there."),
    ),
    "drafts_outdated": Sentence(
        N_("Batch {batch} was begun with a text that a newer one has replaced."), "",
        N_("Withdraw the batch and delete its drafts."),
    ),
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
        nN_("You agreed to {stated} person, now there are {found}.", "You agreed to {stated} persons, now there are {found}.", "stated"), N_("More e-mail came back meanwhile."),
        N_("Look at the list again and agree anew."),
    ),
    "nothing_to_dismiss": Sentence(N_("There is no message without a person to set aside.")),
    "no_mail_here": Sentence(
        N_("There are no messages in the folder {file}."), "",
        N_("Choose a folder with .eml files, a mailbox file (.mbox) or a Maildir."),
    ),
}  # fmt: skip
