"""What was found about the sender's domain, in plain words: what is so, why it matters, what to do."""

from __future__ import annotations

from dpo_app.core.mail.mail_trust import TrustFinding, TrustLevel
from dpo_app.i18n import N_, _
from dpo_app.messages.sentence import Sentence, Words

_L = TrustLevel
WORDS: Words = (
    (_L.GOOD, N_("good")),
    (_L.WARN, N_("look at it")),
    (_L.BAD, N_("mend it first")),
)
_ASK = N_("Ask whoever runs the domain and the mail server.")
FINDINGS: dict[str, Sentence] = {
    "spf_none": Sentence(
        N_("The domain {domain} does not say which servers may send its mail (no SPF)."),
        N_("Many receivers will refuse the messages or call them spam."), _ASK,
    ),
    "spf_many": Sentence(
        N_("The domain {domain} has {count} SPF records."), N_("Receivers then count none of them."), _ASK,
    ),
    "spf_open": Sentence(
        N_("The SPF record of {domain} lets everybody send in its name (+all)."),
        N_("Fraudsters can write messages that look like yours."), _ASK,
    ),
    "spf_lookups": Sentence(
        N_("The SPF record of {domain} needs {count} look-ups; ten are allowed."),
        N_("Receivers then treat it as broken."), _ASK,
    ),
    "spf_pass": Sentence(N_("SPF of {domain} allows the server {address}.")),
    "spf_fail": Sentence(
        N_("SPF of {domain} forbids the server {address}."), N_("The messages will be refused."), _ASK,
    ),
    "spf_softfail": Sentence(
        N_("SPF of {domain} does not count on the server {address}."), N_("The messages may land in the spam folder."), _ASK,
    ),
    "spf_neutral": Sentence(
        N_("SPF of {domain} says nothing about the server {address}."), N_("It does not help the messages."), _ASK,
    ),
    "spf_error": Sentence(N_("The SPF record of {domain} cannot be worked out."), N_("Receivers treat it as broken."), _ASK),
    "spf_server_unknown": Sentence(
        N_("The domain {domain} has SPF; whether it allows your server is not known."), "",
        N_("Give the address of the mail server, or let the name server be asked."),
    ),
    "dkim_no_selector": Sentence(
        N_("Whether the server signs the messages (DKIM) was not looked at."), "",
        N_("Ask for the selector: it stands as s= in the DKIM-Signature of any message from your server."),
    ),
    "dkim_none": Sentence(
        N_("There is no DKIM key at {name}."), N_("Signatures cannot be checked; from some thousand messages a day large "
                                                 "providers refuse them."), _ASK,
    ),
    "dkim_revoked": Sentence(N_("The DKIM key at {name} was revoked."), N_("Signatures with it count as false."), _ASK),
    "dkim_broken": Sentence(N_("The DKIM key at {name} cannot be read."), N_("Signatures with it count as false."), _ASK),
    "dkim_short": Sentence(N_("The DKIM key at {name} has only {bits} bits."), N_("Receivers no longer accept it."), _ASK),
    "dkim_weak": Sentence(N_("The DKIM key at {name} has {bits} bits."), N_("2048 are advised."), ""),
    "dkim_testing": Sentence(
        N_("The DKIM key at {name} is marked as a test."), N_("Receivers may ignore the signature."), _ASK,
    ),
    "dkim_good": Sentence(N_("There is a good DKIM key at {name} ({bits} bits).")),
    "dmarc_none": Sentence(
        N_("The domain {domain} has no DMARC policy."),
        N_("Anybody can write in your name without being noticed, and large providers ask for one."), _ASK,
    ),
    "dmarc_many": Sentence(N_("The domain {domain} has several DMARC policies."), N_("Receivers then count none."), _ASK),
    "dmarc_broken": Sentence(N_("The DMARC policy of {domain} cannot be read."), N_("Receivers then count none."), _ASK),
    "dmarc_only_watches": Sentence(
        N_("The DMARC policy of {domain} only watches (p=none)."),
        N_("Forged messages in your name reach people as well as yours."), _ASK,
    ),
    "dmarc_strict": Sentence(
        N_("The DMARC policy of {domain} is strict."),
        N_("Return address and signature must have exactly this domain, not one below it."),
        N_("Send a trial message to yourself before the run."),
    ),
    "dmarc_good": Sentence(N_("The DMARC policy of {domain} asks receivers to act on forgeries (p={policy}).")),
    "seed_no_results": Sentence(
        N_("The headers hold no judgement of the receiver (Authentication-Results)."), "",
        N_("Send a trial message to an address at another provider and paste all of its headers."),
    ),
    "seed_result": Sentence(N_("The receiver found {what}: {result}.")),
}  # fmt: skip
SENTENCES: dict[str, Sentence] = {
    "dns_unreachable": Sentence(
        N_("No name server answered."), N_("The network or the name server cannot be reached."),
        N_("Try again later, or paste the records."),
    ),
    "trust_no_domain": Sentence(
        N_("The organisation has no mail address yet."), "", N_("Fill it in, or give the domain."),
    ),
    "smime_unreadable": Sentence(
        N_("The file holds no certificate that this password opens."), "",
        N_("Choose the PKCS#12 file (.p12 or .pfx) of the organisation and its password."),
    ),
    "smime_key_kind": Sentence(
        N_("The certificate has no RSA key."),
        N_("With other keys each repeat of a message would look different, so that it could not be proven the same."),
        N_("Ask for a certificate with an RSA key of 2048 bits or more."),
    ),
    "smime_other_address": Sentence(
        N_("The certificate is not made for {address}."), N_("Mail programs would show a warning instead of a seal."),
        N_("Use a certificate for the address that the messages come from."),
    ),
    "smime_expired": Sentence(
        N_("The certificate for signing is not valid now (valid until {until})."), N_("Nothing is sent with it."),
        N_("Import a valid one, or take it out."),
    ),
    "page_lacks": Sentence(
        N_("The page cannot be written: the organisation's data lack the field {field}."), "",
        N_("Fill it in under the organisation."),
    ),
    "no_page_text": Sentence(N_("There is no text for the web page in the language {language}.")),
}  # fmt: skip


def finding_words(finding: TrustFinding) -> tuple[str, str, str]:
    """Return what is so, why it matters and what to do, in the language of the screen."""
    sentence = FINDINGS[finding.code]
    facts = dict(finding.facts)
    what, why, do = (_(part).format(**facts) if part else "" for part in sentence)
    return what, why, do
