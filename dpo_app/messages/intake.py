"""Words and sentences about bringing in registers."""

from __future__ import annotations

from dpo_app.core.persons.columns import Column, Sureness
from dpo_app.core.persons.intake import ProblemCode
from dpo_app.i18n import N_, nN_
from dpo_app.messages.sentence import Sentence, Words

_NOT = N_("Nothing was brought in.")
_P = ProblemCode
#: Encodings of text files by the name that officers know them by.
ENCODINGS = {
    "utf-8": "UTF-8", "cp1252": "Windows-1252", "iso-8859-15": "ISO-8859-15", "utf-16": "UTF-16", "mac-roman": "Mac Roman",
}  # fmt: skip


def encoding_name(encoding: str) -> str:
    """Return what an encoding is called; with or without a mark at its beginning it is the same to a reader."""
    return ENCODINGS.get(encoding.lower().removesuffix("-sig"), encoding)


SENTENCES: dict[str, Sentence] = {
    "file_empty": Sentence(N_("The file is empty."), _NOT, N_("Export the register again.")),
    "file_no_rows": Sentence(N_("The file has headings and no rows."), _NOT, N_("Export the register again.")),
    "file_is_pdf": Sentence(N_("The file was not read: it is a PDF."), _NOT, N_("Export the register as CSV or spreadsheet.")),
    "file_is_picture": Sentence(N_("The file was not read: it is a picture."), _NOT, N_("Export the register as CSV or spreadsheet.")),
    "file_is_document": Sentence(N_("The file was not read: it is a text document."), _NOT,
                                 N_("Save the table as CSV or spreadsheet.")),
    "file_is_program": Sentence(N_("The file was not read: it is a program."), _NOT, N_("Choose the register's export.")),
    "file_is_archive": Sentence(N_("The file was not read: it is an archive."), _NOT, N_("Unpack it and choose the file in it.")),
    "file_is_database": Sentence(N_("The file was not read: it is a database."), _NOT, N_("Export the register as CSV or spreadsheet.")),
    "file_no_text": Sentence(N_("The file was not read: it is no text and no spreadsheet."), _NOT,
                             N_("Export the register as CSV or spreadsheet.")),
    "file_no_table": Sentence(N_("The file was not read: its lines do not form columns."), _NOT,
                              N_("Choose the sign that parts the columns, or another file.")),
    "file_protected": Sentence(N_("The file was not read: it is protected with a password."), _NOT,
                               N_("Save it without the password on this computer, and choose it again.")),
    "file_cut": Sentence(N_("The file was not read: it is cut off or damaged."), _NOT, N_("Export or copy it again.")),
    "file_too_much": Sentence(N_("Reading stopped: the file needs more memory or time than is allowed."), _NOT,
                              N_("Split the file, or save it as CSV.")),
    "file_unreadable": Sentence(N_("The file cannot be read ({cause})."), _NOT, N_("Save it as CSV and choose that.")),
    "package_bomb": Sentence(N_("The file was not read: unpacked it would be enormous."), _NOT, N_("Ask where it comes from.")),
    "package_foreign": Sentence(N_("The file was not read: it holds parts that no spreadsheet has."), _NOT,
                                N_("Save it anew in your spreadsheet program, or as CSV.")),
    "no_such_sheet": Sentence(N_("There is no such sheet in the workbook."), _NOT, nN_("Choose its {sheets} sheet.", "Choose one of its {sheets} sheets.", "sheets")),
    "no_headings": Sentence(N_("No row with headings was found."), _NOT, N_("Say in which row the headings stand.")),
    "encoding_unsure": Sentence(N_("The letters of the file can be read in several ways."), N_("Possible: {candidates}."),
                                N_("Choose the one in which å, ä and ö look right.")),
    "encoding_wrong": Sentence(N_("The file is not written in {encoding}."), _NOT, N_("Choose another encoding.")),
    "too_many_columns": Sentence(N_("Row {row} has more than {limit} columns."), _NOT, N_("Choose another sign between columns.")),
    "too_many_rows": Sentence(N_("The file has more than {limit} rows."), _NOT, N_("Split the file.")),
    "cell_too_long": Sentence(N_("Row {row} holds a cell of more than {limit} signs."), _NOT,
                              N_("Look for a quotation mark that is not closed.")),
    "column_twice": Sentence(N_("Two columns would become the same ({column})."), _NOT, N_("Leave one of them out.")),
    "column_needed": Sentence(N_("There is no column with names and none with customer numbers."), _NOT,
                              N_("Say which column holds them.")),
    "column_unsure": Sentence(N_("The heading {column} does not fit what stands under it ({fitting} of {filled} values)."),
                              _NOT, N_("Say what the column is.")),
    "column_alike": Sentence(N_("The heading {column} stands over two columns."), _NOT,
                             N_("Say what each of them is, or leave one out.")),
    "import_stale": Sentence(
        N_("Import {id} was read before the register changed."),
        N_("Another import was accepted or taken back since, so what was found the same may not be so now."),
        N_("Choose the file again."),
    ),
    "no_such_heading": Sentence(N_("The file has no column {column}.")),
    "no_such_column": Sentence(N_("{column} is nothing that a column can become.")),
    "date_order_unsure": Sentence(N_("In column {column} day and month cannot be told apart."), _NOT,
                                  N_("Save the dates as 2015-04-03, or leave the column out.")),
    "no_such_import": Sentence(N_("There is no import {id}.")),
    "import_state": Sentence(N_("Import {id} is {state}; this cannot be done with it now.")),
    "import_sent": Sentence(N_("Import {id} can no longer be undone."),
                            N_("Something was sent to {persons} of its persons, or is on its way."),
                            N_("Excuse or correct single persons instead.")),
    "import_built_on": Sentence(
        N_("Import {id} cannot be undone yet."), N_("Import {later} changed some of its persons later."),
        N_("Undo import {later} first."),
    ),
    "no_such_row": Sentence(N_("Row {row} has no problem that could be corrected.")),
}  # fmt: skip
WORDS: Words = (
    (_P.DATE_NOT_EXIST, N_("Date does not exist")), (_P.NO_NAME_OR_NUMBER, N_("Neither name nor number")),
    (_P.COLUMN_COUNT, N_("Another number of columns")), (_P.CELL_TOO_LONG, N_("Cell too long")),
    (_P.BORN_IN_FUTURE, N_("Born in the future")), (_P.NATIONAL_ID_CHECK, N_("National id, check sign")),
    (_P.NATIONAL_ID_BORN, N_("National id and birth date differ")),
    (_P.NATIONAL_ID_SHARED, N_("Two names, one national id")), (_P.NUMBER_SHARED, N_("Two persons, one number")),
    (_P.EMAIL_FORM, N_("No mail address")), (_P.EMAIL_SEVERAL, N_("Several mail addresses")),
    (_P.EMAIL_ELSEWHERE, N_("Mail in another column")), (_P.PHONE_FORM, N_("No telephone number")),
    (_P.DATES_CONTRADICT, N_("Dates contradict")), (_P.FLAG_UNCLEAR, N_("Neither yes nor no")),
    (_P.COUNTRY_UNKNOWN, N_("Unknown country")), (_P.LANGUAGE_UNKNOWN, N_("Unknown language")),
    (_P.SIGNS_REMOVED, N_("Hidden signs left out")), (_P.ID_IN_ADDRESS, N_("National id in the address")),
    (_P.FORMULA, N_("Formula")), (_P.NAME_IN_CAPITALS, N_("Name in capitals")),
    (_P.POSTCODE_BLANK, N_("Postcode with a space")), (_P.POSTCODE_ZERO, N_("Leading zeros restored")),
    (_P.NO_START_DATE, N_("No start date")),
    (Column.CUSTOMER_NUMBER, N_("Customer number")), (Column.FAMILY_NAME, N_("Family name")),
    (Column.GIVEN_NAMES, N_("Given names")), (Column.FULL_NAME, N_("Whole name")), (Column.NATIONAL_ID, N_("National id")),
    (Column.BORN, N_("Born on")), (Column.EMAIL, N_("E-mail address")), (Column.PHONE, N_("Telephone")),
    (Column.CARE_OF, N_("c/o")), (Column.STREET, N_("Street or box")), (Column.POSTCODE, N_("Postcode")),
    (Column.TOWN, N_("Town")), (Column.COUNTRY, N_("Country")), (Column.LANGUAGE, N_("Language")),
    (Column.REGISTERED, N_("Registered on")), (Column.REMOVED, N_("Removed on")), (Column.DECEASED, N_("Deceased")),
    (Column.PROTECTED, N_("Protected address")), (Column.LARGE_PRINT, N_("Large print")),
    (Column.EASY_LANGUAGE, N_("Easy language")), (Column.GUARDIAN, N_("Guardian")), (Column.EXTRA, N_("keep as it is")),
    (Column.LEAVE_OUT, N_("leave out")),
    (Sureness.BOTH, N_("by heading and content")), (Sureness.HEADING, N_("by heading")),
    (Sureness.CONTENT, N_("by content")), (Sureness.TWICE, N_("heading stands twice")), (Sureness.ASK, N_("heading and content differ")),
    (Sureness.NONE, N_("not recognised")),
)  # fmt: skip
#: Why a problem of a row is one: shown beside the value.
REASONS: dict[ProblemCode, str] = {
    _P.DATE_NOT_EXIST: N_("there is no such day"),
    _P.NO_NAME_OR_NUMBER: N_("nobody could be told apart or addressed"),
    _P.COLUMN_COUNT: N_("the row has more or fewer cells than the headings"),
    _P.CELL_TOO_LONG: N_("longer than 32 767 signs"),
    _P.BORN_IN_FUTURE: N_("later than today"),
    _P.NATIONAL_ID_CHECK: N_("its check sign is wrong; it is kept and not used to tell persons apart"),
    _P.NATIONAL_ID_BORN: N_("the national id states another birth date"),
    _P.NATIONAL_ID_SHARED: N_("the names have no word in common; both are kept"),
    _P.NUMBER_SHARED: N_("they are not the same person; both are kept"),
    _P.EMAIL_FORM: N_("it is left out"), _P.EMAIL_SEVERAL: N_("one address in a cell; they are left out"),
    _P.EMAIL_ELSEWHERE: N_("a mail address stands in this column; it is left out"),
    _P.PHONE_FORM: N_("kept as it stands"), _P.DATES_CONTRADICT: N_("removed before registered: exposure is undetermined"),
    _P.FLAG_UNCLEAR: N_("taken as yes, to be safe"), _P.COUNTRY_UNKNOWN: N_("no letter can be sent there"),
    _P.LANGUAGE_UNKNOWN: N_("the organisation's language is used"),
    _P.SIGNS_REMOVED: N_("control, direction or invisible signs were in it"),
    _P.ID_IN_ADDRESS: N_("it would show in the envelope's window; left out of the address"),
    _P.FORMULA: N_("the text of a formula; it is kept as text"), _P.NAME_IN_CAPITALS: N_("kept as it stands"),
    _P.POSTCODE_BLANK: N_("the space was taken out"), _P.POSTCODE_ZERO: N_("a spreadsheet program had cut them"),
    _P.NO_START_DATE: N_("without it exposure is undetermined"),
}  # fmt: skip
