"""The trail in words: a sentence for each action, with the entry's facts in it."""

from __future__ import annotations

from dpo_app.core.audit import AuditAction, TrailState
from dpo_app.i18n import N_
from dpo_app.messages.sentence import Sentence, Words

SENTENCES: dict[str, Sentence] = {
    "head_form": Sentence(
        N_("That is no head hash."),
        N_("A head is 64 signs of 0-9 and a-f."),
        N_("Type it as it stands on the paper."),
    ),
    "no_audit_entry": Sentence(N_("The change was not saved."), N_("It left no entry in the audit trail.")),
}
_A = AuditAction
#: What an entry says; `{fields}` are the entry's facts.
ACTIONS: dict[AuditAction, str] = {
    _A.STORE_CREATED: N_("The store was made"),
    _A.UNLOCKED: N_("The store was opened ({way}); failed tries before: {failed}"),
    _A.LOCKED: N_("The store was locked"),
    _A.WAY_IN_CHANGED: N_("A way to unlock was changed ({way})"),
    _A.WAY_IN_ADDED: N_("A way to unlock was added ({way})"),
    _A.WAY_IN_REMOVED: N_("A way to unlock was removed ({way})"),
    _A.ROLLBACK_ACCEPTED: N_("The store was accepted although it is not the state that was closed last; {missing} "
                              "entries are missing: {reason}"),
    _A.SCHEMA_UPDATED: N_("The store was brought up to date, from schema {before} to {after}"),
    _A.CLOCK_DOUBT: N_("The computer's clock stood behind the last entry"),
    _A.SETTINGS_CHANGED: N_("Settings were changed: {name}"),
    _A.BREACH_ADDED: N_("Breach B{breach} was recorded with {windows} windows of intrusion"),
    _A.REVISION_ADDED: N_("Revision {revision} of the facts was saved; {changed} facts differ"),
    _A.AWARE_RECORDED: N_("Awareness was recorded as {aware_at}; the 72 hours end {due_at}"),
    _A.ANCHOR_RECORDED: N_("{event} was recorded at {event_at}: {source}"),
    _A.DUTY_MET: N_("Duty {duty} was recorded as met at {met_at}: {source}"),
    _A.DELAY_REASONED: N_("The delay of {duty} was reasoned: {reason}"),
    _A.TARGET_SET: N_("The officer's own date for {duty} was set to {target_at}"),
    _A.LAW_CHOSEN: N_("Law {law}: {choice}; {reason}"),
    _A.CLOCK_FACT_SET: N_("{fact} was recorded as {value}: {reason}"),
    _A.CONTRACT_RECORDED: N_("Agreement {agreement} was recorded: {hours} hours from {event}"),
    _A.CLOCK_TAKEN_BACK: N_("The record {kind} of {duty} was taken back: {reason}"),
    _A.IMPORT_STAGED: N_("Import I{import} was read: {rows} rows, nothing counts yet"),
    _A.IMPORT_CORRECTED: N_("{rows} rows of import I{import} were corrected"),
    _A.IMPORT_DISCARDED: N_("Import I{import} was thrown away before it counted"),
    _A.IMPORT_ACCEPTED: N_("Import I{import} was accepted: {rows} rows = {new} new + {changed} changed + {duplicate} "
                           "duplicate + {rejected} rejected"),
    _A.IMPORT_UNDONE: N_("Import I{import} was taken back; {persons} persons were removed"),
    _A.PLAN_MADE: N_("Exposure and channels of {persons} persons were worked out under revision {revision}"),
    _A.EXPOSURE_OVERRULED: N_("Exposure was overruled to {value} for {persons} persons: {reason}"),
    _A.CHANNEL_CHANGED: N_("The channel was changed to {value} for {persons} persons: {reason}"),
    _A.EXCUSED: N_("{persons} persons were excused: {reason}"),
    _A.CARE_MARKED: N_("{persons} persons were marked ({rule}): {reason}"),
    _A.CARE_TAKEN_OFF: N_("A mark was taken off {persons} persons ({rule}): {reason}"),
    _A.ADDRESS_SHOWN: N_("A protected address was shown"),
    _A.OWED_LISTED: N_("{persons} persons were listed who are owed more than they were told"),
    _A.FOLLOW_UP_DRAFTED: N_("Follow-up N{notice} was drafted for {persons} persons who are owed more"),
    _A.DATES_CORRECTED: N_("The dates of a person in the register were corrected: {reason}"),
    _A.RECORD_EXPORTED: N_("The record of a person was made (Art. 15)"),
    _A.MESSAGE_SHOWN: N_("The text of a message to a person was shown"),
    _A.COPIED: N_("{persons} rows of a list were copied"),
    _A.FILTER_SAVED: N_("A filter of the person list was saved"),
    _A.FILTER_REMOVED: N_("A filter of the person list was removed"),
    _A.CODE_CHECKED: N_("The code of a message was checked: {result}"),
    _A.IDENTITY_TRIED: N_("Somebody who asked was to be identified: {result}"),
    _A.ENQUIRY_ADDED: N_("Enquiry Q{enquiry} was logged ({way}, {kind})"),
    _A.ENQUIRY_CLOSED: N_("Enquiry Q{enquiry} was closed"),
    _A.PERSON_VIEWED: N_("A person was looked at"),
    _A.ID_SHOWN: N_("A national id was shown"),
    _A.SEARCHED: N_("A search found {hits} persons"),
    _A.LIST_EXPORTED: N_("A list of {persons} persons was exported"),
    _A.NOTICE_DRAFTED: N_("Notice N{notice} was drafted from revision {revision} ({languages})"),
    _A.NOTICE_EDITED: N_("Notice N{notice} was edited"),
    _A.NOTICE_APPROVED: N_("Notice N{notice} was approved by {approved_by} and frozen ({languages})"),
    _A.LETTERS_FROZEN: N_("Batch L{batch} of {letters} letters was frozen"),
    _A.LETTERS_MADE: N_("Batch L{batch} was made: {letters} letters, {pages} pages, {sheets} sheets"),
    _A.LETTERS_STOPPED: N_("Batch L{batch} was stopped: letter {letter} is not as the ledger has it ({fault}); {persons} "
                           "persons are open again"),
    _A.LETTERS_REFUSED: N_("No letter could be made for {persons} persons"),
    _A.LETTERS_PRINTED: N_("Batch L{batch} was printed"),
    _A.LETTERS_POSTED: N_("Batch L{batch} was posted on {on}: {letters} letters"),
    _A.LETTERS_RETURNED: N_("{letters} letters came back: {reason}"),
    _A.BATCH_WITHDRAWN: N_("Batch L{batch} was withdrawn; {persons} persons are open again: {reason}"),
    _A.EMAILS_FROZEN: N_("Batch L{batch} of {emails} e-mails was frozen"),
    _A.EMAILS_EXPORTED: N_("{emails} e-mails were written as files (batch L{batch})"),
    _A.EMAILS_REPORTED_SENT: N_("{emails} e-mails of batch L{batch} were reported as sent"),
    _A.AUDIT_EXPORTED: N_("The audit PDF of breach B{breach} was made"),
    _A.REGISTER_EXPORTED: N_("The register of breaches was exported: {breaches} breaches ({form})"),
    _A.BUNDLE_EXPORTED: N_("The trail was exported for a verifier: {entries} entries"),
    _A.VERIFIED: N_("The trail was verified: {entries} entries"),
}  # fmt: skip
WORDS: Words = (
    *ACTIONS.items(),
    (TrailState.INTACT, N_("complete and unchanged")),
    (TrailState.ALTERED, N_("altered")),
    (TrailState.BEHIND, N_("behind a known head")),
)
