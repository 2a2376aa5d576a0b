"""Words and sentences about the mail server, runs of e-mails, and what servers answer."""

from __future__ import annotations

from dpo_app.core.delivery import Resolution
from dpo_app.core.mail.mail_server import Security, SignIn
from dpo_app.core.mail.smtp_reply import ReplyClass, Step
from dpo_app.i18n import N_, nN_
from dpo_app.messages.sentence import Sentence, Words

_C, _S = ReplyClass, Step
_NOTHING = N_("Nothing was sent.")
SENTENCES: dict[str, Sentence] = {
    "not_armed": Sentence(
        N_("Nothing is sent before breach {breach} is armed."),
        N_("Arming names who decided and until when; it can be taken back at any time."), N_("Arm it for sending."),
    ),
    "arming_until": Sentence(
        N_("A breach can be armed until a time that lies ahead, at most {days} days."), "", N_("Choose another time.")
    ),
    "count_typed": Sentence(
        nN_("You typed {stated}, but {planned} e-mail would be sent.", "You typed {stated}, but {planned} e-mails would be sent.", "planned"), _NOTHING,
        N_("Look at who gets one, then type that number."),
    ),
    "run_outdated": Sentence(
        N_("Run {batch} was begun with an older notice."), N_("Whoever still waits in it would get the old text."),
        N_("Stop that run first; its persons are open again and get the new text."),
    ),
    "no_mail_server_set": Sentence(
        N_("No mail server is set."), _NOTHING, N_("Enter the server that your organisation sends its mail by.")
    ),
    "mail_url": Sentence(
        N_("That is no address of a mail server."), _NOTHING,
        N_("Write smtps://, smtp+starttls://, or smtp:// to this computer only, without the password."),
    ),
    "mail_host": Sentence(N_("This is no name of a mail server."), _NOTHING, N_("Write it as mail.example.com.")),
    "mail_host_missing": Sentence(
        N_("The name of the mail server is missing."), _NOTHING, N_("Write it as mail.example.com.")
    ),
    "return_mailbox": Sentence(
        N_("The address that reports come back to is no mail address."), _NOTHING,
        N_("Write it as office@example.com, or leave it empty for the organisation's address."),
    ),
    "mail_port": Sentence(N_("The port is no number from 1 to 65535."), _NOTHING, N_("Usual are 465 and 587.")),
    "mail_plain": Sentence(
        N_("{host} is another computer, and the line would not be protected."), _NOTHING,
        N_("Choose TLS or STARTTLS."),
    ),
    "mail_password_in_clear": Sentence(
        N_("A password is never sent over a line that is not protected."), _NOTHING, N_("Choose TLS or STARTTLS.")
    ),
    "mail_login": Sentence(N_("User or password is missing or cannot be used."), _NOTHING, N_("Fill in both.")),
    "mail_connections": Sentence(N_("The number of connections must lie between 1 and {most}."), "", N_("Three is usual.")),
    "mail_limits": Sentence(N_("A limit is a whole number, 0 for none."), "", N_("Correct it.")),
    "no_token_wanted": Sentence(
        N_("The mail server is not signed in to with a token."), N_("Nothing was changed."),
        N_("Choose signing in by user and OAuth token under the mail server."),
    ),
    "mail_hours": Sentence(
        N_("These are no days and hours to send in."), N_("Nothing was changed."),
        N_("Choose at least one day, and an end that lies after the begin: mon-fri 08:00-20:00."),
    ),
    "mail_authority": Sentence(
        N_("The certificate of your own authority cannot be read."), _NOTHING, N_("Choose a file in PEM form.")
    ),
    "mail_address": Sentence(N_("An address cannot be written on the envelope of an e-mail."), _NOTHING),
    "wrong_person": Sentence(
        N_("The run stopped at e-mail {number}: read again, it does not say what the ledger says ({what})."),
        N_("No e-mail that was not right has left."), N_("Look at this person's name and mail address."),
    ),
    "no_such_code": Sentence(
        N_("No e-mail has the code {given}."), N_("Nothing was changed."), N_("Compare the twelve signs.")
    ),
    "not_unknown": Sentence(N_("The outcome of e-mail {given} is known: {state}."), N_("Nothing was changed.")),
    "how_to_resolve": Sentence(
        N_("It is not said what to count, or for which e-mails."), N_("Nothing was changed."),
        N_("Give codes or --all with --as, or a log with --log."),
    ),
}  # fmt: skip
WORDS: Words = (
    (Security.TLS, N_("TLS")), (Security.STARTTLS, N_("STARTTLS")), (Security.PLAIN, N_("not protected, this computer only")),
    (SignIn.NONE, N_("none")), (SignIn.PASSWORD, N_("user and password")), (SignIn.OAUTH, N_("user and OAuth token")),
    (_C.ACCEPTED, N_("taken by the server")), (_C.DEAD, N_("no such address")),
    (_C.REASSIGNED, N_("the address belongs to somebody else now")), (_C.FULL, N_("the mailbox is full")),
    (_C.GREYLISTED, N_("the server wants a second try later")), (_C.TOO_FAST, N_("too many at once for the server")),
    (_C.TROUBLE, N_("the server has trouble")), (_C.LINE, N_("the line broke")),
    (_C.POLICY, N_("refused by a rule of the receiver")), (_C.TRUST, N_("the sender is not believed (SPF, DKIM or DMARC)")),
    (_C.LOGIN, N_("the server does not let us in")), (_C.SETUP, N_("the server does not take our sender")),
    (_C.PROTOCOL, N_("the server does not understand us")), (_C.CONTENT, N_("the message cannot be taken as it is")),
    (_C.PATH, N_("no way to the receiver")), (_C.UNCLEAR, N_("refused without a clear reason")),
    (_C.BAD_ADDRESS, N_("this is not one mail address")),
    (_C.NO_SMTPUTF8, N_("the address has letters that mail does not carry everywhere")),
    (_S.CONNECT, N_("connecting")), (_S.GREETING, N_("greeting")), (_S.EHLO, N_("hello")), (_S.STARTTLS, N_("STARTTLS")),
    (_S.HANDSHAKE, N_("protecting the line")), (_S.AUTH, N_("signing in")), (_S.MAIL, N_("sender")),
    (_S.RCPT, N_("recipient")), (_S.DATA, N_("before the text")), (_S.BODY, N_("within the text")),
    (_S.DOT, N_("after the text")),
    (Resolution.SENT, N_("counted as sent")), (Resolution.AGAIN, N_("sent again")),
    (Resolution.LETTER, N_("left to a letter")),
)  # fmt: skip
#: Why a run paused, as a sentence with what to do; `{said}` is what the server answered.
#: What a try of the server found; nothing was being sent, so nothing paused.
TRIES: dict[str, Sentence] = {
    "login": Sentence(
        N_("The server does not let us in."), "", N_("Check user and password. Some providers allow only OAuth.")
    ),
    "token": Sentence(
        N_("The server does not take the access token; it has probably expired."), "", N_("Paste a new one.")
    ),
    "certificate": Sentence(
        N_("The server's certificate is not right."),
        N_("Somebody else could be reading along."),
        N_("Check the server's name, or choose the certificate authority of your own."),
    ),
    "no_starttls": Sentence(N_("The server offers no protected line."), "", N_("Choose TLS, or another server.")),
    "unreachable": Sentence(
        N_("The server cannot be reached."),
        "",
        N_("Check its name, port and protection, and the line of this computer."),
    ),
}
PAUSES: dict[str, Sentence] = {
    "officer": Sentence(N_("Paused by you."), N_("None is lost; the rest waits."), N_("Go on when you are ready.")),
    "locked": Sentence(
        N_("Paused when the window was locked."), N_("None is lost; the rest waits."),
        N_("Go on when you are ready; tick Go on while locked to keep a run going behind the lock."),
    ),
    "not_armed": Sentence(
        N_("Sending has paused itself: the breach is not armed any more."), N_("None is lost; the rest waits."),
        N_("Arm it again to go on."),
    ),
    "refusals": Sentence(
        N_("Sending has paused itself: the server refused many messages in a row."), N_("None is lost; the rest waits."),
        N_("Look at what the server said, then go on or stop."),
    ),
    "policy": Sentence(
        N_("Sending has paused itself: a receiver refuses us by a rule of its own."),
        N_("Those refused are held, not marked; the rest waits."), N_("Ask your mail administrator, then release them."),
    ),
    "trust": Sentence(
        N_("Sending has paused itself: a receiver does not believe the sender (SPF, DKIM or DMARC)."),
        N_("Whatever follows would be refused or land in spam."), N_("Have the records mended, then go on."),
    ),
    "login": Sentence(
        N_("Sending has paused itself: the server does not let us in."), N_("Nobody was marked; all wait."),
        N_("Check user and password. Some providers allow only OAuth."),
    ),
    "token": Sentence(
        N_("Sending has paused itself: the server does not take the access token; it has probably expired."),
        N_("Nobody was marked; all wait."), N_("Paste a new token, then go on."),
    ),
    "setup": Sentence(
        N_("Sending has paused itself: the server does not take our sender's address."), N_("Nobody was marked; all wait."),
        N_("Try without a signed return address, or ask the server's administrator."),
    ),
    "certificate": Sentence(
        N_("Nothing was sent: the server's certificate is not right."), N_("Somebody else could be reading along."),
        N_("Check the server's name, or have the certificate mended."),
    ),
    "no_starttls": Sentence(
        N_("Nothing was sent: the server offers no protected line."), "", N_("Choose TLS, or another server.")
    ),
    "unreachable": Sentence(
        N_("Sending has paused itself: the server cannot be reached."), N_("None is lost; the rest waits."),
        N_("Check the line, then go on."),
    ),
    "unknowns": Sentence(
        N_("Sending has paused itself: the line broke after the text several times in a row."),
        N_("Nobody knows whether these messages left; none is sent again by itself."),
        N_("Find out what the server did, then go on."),
    ),
    "wrong_person": Sentence(
        N_("Sending has paused itself: an e-mail did not say what the ledger says."),
        N_("It has not left, and none that was wrong has."), N_("Look at this person's name and mail address."),
    ),
    "mail_not_as_planned": Sentence(
        N_("Sending has paused itself: an e-mail did not come out as planned."), N_("It has not left."),
        N_("Look at this person's name and mail address."),
    ),
    "journal": Sentence(
        N_("Sending has paused itself: the journal could not be written."),
        N_("Messages whose answer could not be written down count as unknown."), N_("Look at the disk, then go on."),
    ),
    "stopped": Sentence(N_("Stopped for good."), N_("Those who waited are open again.")),
    "bug": Sentence(N_("Sending has paused itself: something went wrong in the program."), N_("None is lost.")),
}  # fmt: skip
#: Why a delivery by e-mail is where it is, beside the classes of answers.
REASONS: dict[str, str] = {
    "no_answer": N_("handed over, no answer"), "interrupted": N_("the program ended while it was being handed over"),
    "plan_changed": N_("no longer on the e-mail rung"), "changed": N_("name or address changed since the first try"),
    "stopped": N_("the run was stopped"), "decided": N_("decided by the officer"), "server_log": N_("by the server's log"),
    "mended": N_("released"), "id_in_mail": N_("a national id would have been in it"),
}  # fmt: skip
