"""Sentences about stores, keys and unlocking (screens.md section 6, messages 1 to 4 and 14)."""

from __future__ import annotations

from dpo_app.i18n import N_
from dpo_app.messages.sentence import Sentence, Words

_WHOLE = N_("Nothing was changed, nothing is deleted.")
SENTENCES: dict[str, Sentence] = {
    "wrong_passphrase": Sentence(
        N_("That passphrase does not open this store."), N_("The store itself is whole."),
        N_("Check Caps Lock and the keyboard's language."),
    ),
    "wrong_recovery": Sentence(
        N_("These lines do not open this store."), N_("The store itself is whole."),
        N_("Look whether the sheet belongs to this store."),
    ),
    "wrong_keyring": Sentence(
        N_("The key in the keyring does not open this store."), _WHOLE, N_("Type the passphrase instead.")
    ),
    "keyring_silent": Sentence(
        N_("The keyring did not answer within {seconds} seconds."), _WHOLE, N_("Type the passphrase instead.")
    ),
    "keyring_refused": Sentence(
        N_("This computer's keyring cannot be trusted with a key ({backend})."), _WHOLE,
        N_("Go on with the passphrase."),
    ),
    "keyring_empty": Sentence(
        N_("The keyring has no key for this store."), _WHOLE, N_("Type the passphrase and set quick unlock up again.")
    ),
    "keyring_missing": Sentence(
        N_("This computer offers no keyring that can be trusted with a key."), _WHOLE, N_("Go on with the passphrase.")
    ),
    "keyring_locked": Sentence(
        N_("The keyring is locked, or its question was dismissed."), _WHOLE, N_("Type the passphrase instead.")
    ),
    "keyring_changed": Sentence(
        N_("The keyring that holds the key for this store is not here; another one is ({backend})."), _WHOLE,
        N_("Type the passphrase and set quick unlock up again."),
    ),
    "keyring_failed": Sentence(
        N_("The keyring answered with an error ({cause})."), _WHOLE, N_("Type the passphrase instead.")
    ),
    "keyring_not_kept": Sentence(
        N_("The keyring took the key and did not give it back; quick unlock was not set up."), _WHOLE,
        N_("Go on with the passphrase."),
    ),
    "keyring_wrong": Sentence(
        N_("What the keyring holds for this store is not a key of this program."), _WHOLE,
        N_("Type the passphrase and set quick unlock up again."),
    ),
    "keyring_foreign": Sentence(
        N_("The keyring gave the key of another store."), _WHOLE,
        N_("Type the passphrase and set quick unlock up again."),
    ),
    "no_such_way_in": Sentence(N_("This store has no such way to unlock ({way})."), "", N_("Use another way.")),
    "key_file_missing": Sentence(
        N_("The key file is missing, so nothing can be unlocked."), N_("The persons in the store are not lost."),
        N_("Put the key file from a backup beside the store."),
    ),
    "key_file_damaged": Sentence(
        N_("The key file is damaged, so no passphrase can be tried."), N_("The persons in the store are not lost."),
        N_("Put the key file from a backup beside the store; nothing here will be deleted."),
    ),
    "key_file_newer": Sentence(
        N_("The key file was made by a newer version of the program."), _WHOLE, N_("Open the store with that version.")
    ),
    "schema_newer": Sentence(
        N_("The store was used with a newer version of the program."), _WHOLE, N_("Open the store with that version.")
    ),
    "store_damaged": Sentence(
        N_("The store's database cannot be read ({cause})."), _WHOLE, N_("Restore the newest backup into a new folder.")
    ),
    "store_missing": Sentence(
        N_("The store's database is missing."), N_("A store is never made anew over an old one."),
        N_("Put the file back from a backup."),
    ),
    "store_not_encrypted": Sentence(
        N_("The database in this folder is not encrypted; it was not opened."), _WHOLE,
        N_("Restore the newest backup into a new folder."),
    ),
    "no_store": Sentence(N_("There is no store in {folder}."), "", N_("Choose a folder whose name ends in .dpo.")),
    "store_in_use": Sentence(
        N_("This store is open in another window."), N_("Only one program may write to it."), N_("Close the other one.")
    ),
    "store_io": Sentence(
        N_("The store cannot be read or written ({cause})."), N_("What was acknowledged before is safe."),
        N_("Look at the disk and open the store again."),
    ),
    "nothing_to_accept": Sentence(N_("This store is the state that was closed last; there is nothing to accept.")),
    "writing_stopped": Sentence(
        N_("After a fault of the disk nothing more is written to this store ({cause})."),
        N_("What was acknowledged before is safe, and everything can be read."),
        N_("Look at the disk, then lock the store and open it again."),
    ),
    "anchor_not_written": Sentence(
        N_("The change was saved, but the anchor beside the store was not ({cause})."),
        N_("Until it is, an older copy put in the store's place might not be noticed."),
        N_("Make room or look at the disk, then make any change."),
    ),
    "keys_unconfirmed": Sentence(
        N_("The new key file is in place, but the disk did not confirm it."),
        N_("The new way to unlock is the one that counts."), N_("Look at the disk before you close the store."),
    ),
    "older_and_rolled_back": Sentence(
        N_("This store is of an older version of the program, and older than the one you closed last."), _WHOLE,
        N_("Put the newer store back, or open it with the older version to look at what is missing."),
    ),
    "store_busy": Sentence(N_("The store was busy for more than 5 seconds; nothing was changed."), "", N_("Try again.")),
    "store_constraint": Sentence(
        N_("The change contradicts what is in the store ({cause}); nothing was saved."), "", N_("Load the page anew.")
    ),
    "store_interrupted": Sentence(N_("Reading was stopped.")),
    "store_fault": Sentence(N_("The store answered with an error ({cause}); nothing was changed.")),
    "folder_unsafe": Sentence(
        N_("{file} belongs to somebody else or is a link; the store was not opened."), _WHOLE,
        N_("Copy the store into a folder of your own."),
    ),
    "plain_driver": Sentence(N_("The database driver does not encrypt; nothing was written."), "", N_("Install the program again.")),
    "passphrase_weak": Sentence(
        N_("That passphrase is too easy to guess."), N_("It needs {signs} signs or {words} words."),
        N_("Take a sentence that only you would say."),
    ),
    "recovery_line": Sentence(N_("Line {line} has a slip, or is of another store's sheet."), "", N_("Type it again.")),
    "recovery_lines_missing": Sentence(N_("All {lines} lines are needed.")),
    "recovery_two_lines": Sentence(N_("Two lines must be typed back from the paper.")),
    "slot_not_verified": Sentence(N_("The new key could not be read back; the old one still opens the store.")),
    "last_way_in": Sentence(N_("This is the last way in that does not hang on this computer; it stays.")),
    "two_ways_in": Sentence(
        N_("No persons can be brought in yet."),
        N_("A store with persons needs two ways to unlock that both have worked once."),
        N_("Type two lines of the recovery sheet back."),
    ),
    "migration_failed": Sentence(N_("The store could not be brought up to date; it is as it was.")),
    "backup_not_verified": Sentence(N_("The copy could not be read back; the store was not changed.")),
    "passphrases_differ": Sentence(N_("The two passphrases differ."), "", N_("Type them again.")),
}  # fmt: skip
WORDS: Words = ()
