"""Sentences that belong to no single area: files, cancelling, bugs."""

from __future__ import annotations

from dpo_app.i18n import N_
from dpo_app.messages.sentence import Sentence, Words

SENTENCES: dict[str, Sentence] = {
    "which_store": Sentence(
        N_("It is not clear which store is meant ({count} found)."), "", N_("Name its folder with --store.")
    ),
    "no_passphrase": Sentence(
        N_("There is nobody to ask for the passphrase."), "", N_("Name a file with --passphrase-file.")
    ),
    "organisation_country": Sentence(
        N_("The country of the organisation is no country code."), "", N_("Write two capitals, such as FI or SE.")
    ),
    "organisation_language": Sentence(
        N_("The language of the organisation is no language code."),
        "",
        N_("Write two small letters, such as fi or sv."),
    ),
    "organisation_zone": Sentence(
        N_("There is no such time zone."), N_("Deadlines are shown in it."), N_("Write one such as Europe/Helsinki.")
    ),
    "organisation_email": Sentence(
        N_("The mail address of the organisation is none."),
        N_("Persons answer to it."),
        N_("Write one such as privacy@example.com."),
    ),
    "organisation_choice": Sentence(
        N_("{field} of the organisation is not one of the choices."), N_("Possible: {choices}.")
    ),
    "organisation_web_page": Sentence(
        N_("The web page of the notice is no address."), "", N_("Write it with https:// in front.")
    ),
    "unforeseen": Sentence(N_("Something went wrong in the program ({code}); what was saved before is safe.")),
    "cancelled": Sentence(N_("Stopped. Nothing half done was kept.")),
    "disk_full": Sentence(
        N_("The disk is full; the last change was not saved."),
        N_("What was acknowledged before is safe."),
        N_("Free at least {needed_mb} MB, then try again."),
    ),
    "cannot_write": Sentence(
        N_("{file} was not written."),
        N_("The system refused it ({cause})."),
        N_("Choose another folder, or look at its permissions."),
    ),
    "cannot_read": Sentence(N_("{file} cannot be read."), "", N_("Look at its permissions, or choose another file.")),
    "no_such_file": Sentence(N_("There is no file {file}."), "", N_("Choose the file again.")),
    "file_exists": Sentence(
        N_("{file} is there already and was not overwritten."), "", N_("Choose another name or folder.")
    ),
    "file_too_big": Sentence(N_("{file} is bigger than {limit_mb} MB and was not read.")),
    "bad_file_name": Sentence(N_("That file name leads out of the chosen folder."), "", N_("Choose another name.")),
    "bad_reference": Sentence(
        N_("{reference} is no reference."),
        N_("References look like {example}."),
        N_("List them to see which exist."),
    ),
    "read_only": Sentence(
        N_("The store is open for reading only; nothing was changed."),
        N_("It is not the state that was closed last."),
        N_("Look at what is missing, then go on with it for a reason you can give."),
    ),
}
WORDS: Words = ()
