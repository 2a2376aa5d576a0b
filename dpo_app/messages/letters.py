"""Words and sentences about letters, e-mails and batches."""

from __future__ import annotations

from dpo_app.core.delivery import ReturnFollows, ReturnReason
from dpo_app.core.letters.layout import LayoutFault
from dpo_app.core.letters.letter import PostZone, Proof
from dpo_app.core.letters.read_back import ReadBackFault
from dpo_app.core.persons.postal import AddressProblem
from dpo_app.i18n import N_, nN_
from dpo_app.messages.sentence import Sentence, Words

_P, _R, _F, _L, _W = AddressProblem, ReturnReason, ReadBackFault, LayoutFault, ReturnFollows
WORDS: Words = (
    (_P.NO_NAME, N_("the address has no name")),
    (_P.NO_DELIVERY_POINT, N_("the address has no street or box")),
    (_P.NO_TOWN, N_("the address has no town")),
    (_P.POSTCODE_MISSING, N_("the postcode is missing")),
    (_P.POSTCODE_FORM, N_("the postcode has not the form of its country")),
    (_P.COUNTRY_UNKNOWN, N_("the country is unknown")),
    (_P.PLACEHOLDER, N_("a word stands for an unknown address")),
    (_P.NO_FIXED_ABODE, N_("no fixed abode")),
    (_P.STARTS_ODD, N_("a line of the address begins with a sign that no address begins with")),
    (_P.EMAIL_IN, N_("a mail address stands in the postal address")),
    (_P.ID_IN, N_("a national id stands in the postal address")),
    (_P.MANY_LINES, N_("the address has more lines than the window shows")),
    (_P.LINE_WIDE, N_("a line of the address is wider than the window")),
    (_P.GLYPH, N_("a sign of the name or address cannot be printed")),
    (_P.TOO_LONG, N_("the letter is too long")),
    (_R.UNKNOWN, N_("addressee unknown")),
    (_R.MOVED, N_("moved away")),
    (_R.INSUFFICIENT, N_("address incomplete or wrong")),
    (_R.UNCLAIMED, N_("not collected")),
    (_R.REFUSED, N_("not accepted by the person")),
    (_R.DECEASED, N_("addressee deceased")),
    (_R.NO_BOX, N_("no letter box")),
    (_R.BUSINESS_GONE, N_("company no longer exists")),
    (_R.POSTAGE, N_("postage missing")),
    (_R.DAMAGED, N_("envelope damaged")),
    (_R.OTHER, N_("another reason")),
    (_L.ADDRESS_OUTSIDE, N_("the address can slip out of the window")),
    (_L.RETURN_OUTSIDE, N_("the return line can slip out of the window")),
    (_L.TEXT_SHOWS, N_("the text can be seen in the window")),
    (_L.CODE_SHOWS, N_("the Data Matrix can be seen in the window")),
    (_L.SENDER_SHOWS, N_("the sender can be seen in the window")),
    (_L.INFO_SHOWS, N_("date and reference can be seen in the window")),
    (_L.MARKS_SHOW, N_("the insertion marks can be seen in the window")),
    (_L.MARKS_PLACE, N_("the insertion marks lie over something else or off the sheet")),
    (_L.OVERLAP, N_("two parts lie over each other")),
    (_L.KEEP_CLEAR, N_("something stands in an area to be kept clear")),
    (_L.OFF_PAGE, N_("a part does not fit on the sheet")),
    (_L.NO_ROOM, N_("there is too little room for the text")),
    (_W.PUBLIC, N_("next: public notice, unless a better address is found")),
    (_W.ASK, N_("next: ask for the new address, else public notice")),
    (_W.CORRECT, N_("next: correct the address and write again")),
    (_W.OFFICER, N_("next: you decide")),
    (_W.OURS, N_("next: our fault, look at the whole batch")),
    (PostZone.HOME, N_("inland")),
    (PostZone.EUROPE, N_("Europe")),
    (PostZone.WORLD, N_("elsewhere")),
    (Proof.FIRST, N_("first letter")),
    (Proof.LAST, N_("last letter")),
    (Proof.LONGEST, N_("longest letter")),
    (Proof.SHORTEST, N_("shortest letter")),
    (Proof.ODD, N_("unusual number of pages")),
    (_F.FILE, N_("the file cannot be read")),
    (_F.PAGES, N_("a page is missing or stands in another letter")),
    (_F.ADDRESS, N_("the window shows another address")),
    (_F.CODE, N_("it bears another code")),
    (_F.MATRIX, N_("its Data Matrix says something else")),
    (_F.SHEET, N_("a sheet bears the insertion code of another")),
    (_F.TEXT, N_("its text is not the one approved for this person")),
)
SENTENCES: dict[str, Sentence] = {
    "no_such_layout": Sentence(N_("There is no layout {layout}."), "", N_("Possible: {known}.")),
    "bad_layout": Sentence(
        N_("This is no complete layout: {field} is missing or is no figure."), "", N_("Fill in every measure in mm.")
    ),
    "no_layout_file": Sentence(
        N_("The file {file} is no layout."), N_("A layout is a text file in the form TOML; this one cannot be read as such."),
        N_("Take a file of resources/layouts as a pattern, and give it an id such as own-office."),
    ),
    "no_marks": Sentence(
        N_("The layout {layout} has no marks for inserting machines."), "",
        N_("Put the bars that the print house gives into a layout of your own."),
    ),
    "layout_faults": Sentence(
        N_("This layout was not kept: {fault} ({part})."), N_("A sheet moves in its envelope."),
        N_("Change the measures until the picture shows nothing but the address in the window."),
    ),
    "bad_logo": Sentence(
        N_("This picture cannot stand on letters."), N_("It is no PNG or JPEG, or larger than {limit_mb} MB."),
        N_("Choose another file."),
    ),
    "bad_colour": Sentence(
        N_("This colour cannot be used."), N_("It is no colour such as #1A2B3C, or too pale to be read on white paper."),
        N_("Choose a darker one."),
    ),
    "no_such_batch": Sentence(N_("There is no batch {batch}."), "", N_("List the batches to see which exist.")),
    "batch_unfinished": Sentence(
        N_("Batch {batch} was being made when the program ended."), N_("Its members are frozen; nothing was posted."),
        N_("Finish it or withdraw it first."),
    ),
    "letters_taken": Sentence(
        N_("These letters were being made a second time, and the other run has them."),
        N_("Nobody gets two letters: this run has stopped."),
        N_("See under Sending which batches there are; make letters again if somebody is left."),
    ),
    "batch_size": Sentence(
        N_("No letters were made: a batch holds 1 to {most} letters."),
        N_("A larger one is hard to carry, to count and to make again."), N_("Give another size."),
    ),
    "batch_state": Sentence(N_("Batch {batch} is {state}; this cannot be done with it now.")),
    "letters_do_not_match": Sentence(
        N_("Batch {batch} was stopped: letter {letter}, page {page} of {file}, does not match its person: {fault}."),
        N_("No letter of this batch may leave. Its persons are open again; the files are kept in a folder marked "
           "UNUSABLE for you to look at."),
        N_("Make the letters again. If it happens twice, report it: the report holds no personal data."),
    ),
    "press_ended": Sentence(
        N_("The letters were not made: a part of the program that prints them ended."),
        N_("The batch is frozen and nobody is lost."), N_("Finish the batch, or withdraw it."),
    ),
    "letters_unreadable": Sentence(N_("The file {file} of letters cannot be read."), "", N_("Make the letters again.")),
    "batch_changed": Sentence(
        N_("Batch {batch} cannot be finished: the address of one of its persons changed ({problem})."), "",
        N_("Withdraw the batch and make the letters anew."),
    ),
    "before_made": Sentence(N_("Batch {batch} was made after that day."), "", N_("Give the day on which it was posted.")),
    "token_wrong": Sentence(
        N_("No letter of ours has this code. Nothing was changed."), "",
        N_("Compare the twelve signs with those on the letter."),
    ),
    "not_returned": Sentence(
        N_("The letter with this code is not recorded as come back. Nothing was changed."), "",
        N_("Look at the person: the letter may have been written again."),
    ),
    "no_codes_found": Sentence(
        N_("No code of a letter was found in {file}."), N_("A code is read from 150 dots an inch on."),
        N_("Scan it sharper, or type the code under the square."),
    ),
    "cannot_see_picture": Sentence(
        N_("The file {file} is no picture or PDF that can be read."), "", N_("Choose PNG, JPEG, TIFF or PDF.")
    ),
    "no_code_column": Sentence(
        N_("The list {file} has no column with codes of letters."), "", N_("Codes have twelve signs, such as K7Q2-M9X4-T3AB.")
    ),
    "address_unchanged": Sentence(
        N_("This is the address from which the letter came back."), "", N_("Type another one, or leave it to the public notice.")
    ),
    "address_not_usable": Sentence(
        N_("No letter can be made to this address: {problem}."), "", N_("Correct it and try again.")
    ),
    "not_posted": Sentence(
        N_("The letter with this code was not recorded as posted. Nothing was changed."), "",
        N_("Confirm first that its batch was posted."),
    ),
    "public_empty": Sentence(
        N_("Nothing is left for the public notice in {language}."), N_("All its paragraphs call persons by name or code."),
        N_("Write a new version with paragraphs that everybody may read."),
    ),
    "proof_needed": Sentence(
        N_("A publication is recorded with its proof."), N_("Art. 34(3)(c): it must inform as effectively; show that it was there."),
        N_("Choose a picture of the page, the advertisement or the notice board."),
    ),
    "before_approved": Sentence(
        N_("The notice was approved after that day."), "", N_("Give the day on which it was published.")
    ),
    "not_that_file": Sentence(
        N_("The file {file} is not the one that was read back and released for this batch. Nothing was printed."), "",
        N_("Choose the PDF in the folder of the batch."),
    ),
    "hand_over_differs": Sentence(
        N_("Nothing was encrypted: the file {file} in this folder is not the one that was made for this batch."),
        N_("Only letters that were read back and released may leave the house."),
        N_("Choose the folder of the batch as the program wrote it."),
    ),
    "hand_over_unreadable": Sentence(
        N_("The archive {file} cannot be opened with this passphrase, or it is damaged."), "",
        N_("Make the archive again."),
    ),
    "hand_over_broken": Sentence(
        N_("The archive was written and could not be read back; it was removed."), N_("The disk may be failing."),
        N_("Write it to another disk."),
    ),
    "passphrase_way": Sentence(
        N_("Nothing was encrypted: there is no terminal on which the passphrase could be shown once."), "",
        N_("Run the command in a terminal, or name an open file descriptor with --passphrase-fd."),
    ),
    "sheets_differ": Sentence(
        nN_("You counted {stated} sheet, the batch has {planned}. Nothing was recorded.", "You counted {stated} sheets, the batch has {planned}. Nothing was recorded.", "stated"),
        N_("A sheet too few or too many is a letter that is missing, or two in one envelope."),
        N_("Count again; print a spoiled letter again or withdraw the batch."),
    ),
    "no_such_letter": Sentence(N_("Batch {batch} has no letter {letter}.")),
    "reprint_differs": Sentence(
        N_("Letter {letter} of batch {batch} cannot be printed again."),
        N_("The person's data, the letterhead or the layout changed since: it would be another letter."),
        N_("Withdraw the batch and make the letters anew."),
    ),
    "bad_price": Sentence(
        N_("The price list was not kept."), N_("A line is zone (home, europe or world), grams and price: home 50 2.75, or home:50:2.75 on the command line."),
        N_("Correct the line and save again."),
    ),
    "count_differs": Sentence(
        nN_("You stated {stated} e-mail, the export holds {planned}.", "You stated {stated} e-mails, the export holds {planned}.", "stated"), "",
        N_("Find out what happened to the others before you confirm."),
    ),
    "sender_address": Sentence(
        N_("The sender's mail address is missing or wrong."), N_("Every e-mail needs one."),
        N_("Fill in the organisation's mail address."),
    ),
    "id_in_mail": Sentence(
        N_("E-mail {number} was stopped: it would contain a national id."), N_("No file was kept."),
        N_("Look at this person's name in the register."),
    ),
    "mail_not_as_planned": Sentence(
        N_("E-mail {number} was stopped: read again, it does not say what was planned."), N_("No file was kept."),
        N_("Look at this person's name and mail address."),
    ),
}  # fmt: skip
