"""Names in other scripts: shaped right, found by a search, or refused by name; words parted where they may be."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from bidi.algorithm import get_display

from dpo_app.core.letters.read_back import plain_line
from dpo_app.core.notices.notice import Slot
from dpo_app.documents.fonts import REGULAR, SHAPED, faces, missing_sign, stretches
from dpo_app.documents.letters.hyphenation import places
from dpo_app.documents.letters.shaping import one_direction, right_to_left
from dpo_app.documents.letters.typeset import MM, Piece, break_lines
from tests.documents.letter_kit import a_form, a_letter, a_press
from tests.documents.test_letters import texts

NAMES = ["محمد علي", "شِيرِين", "שרה כהן", "Sara שרה כהן", "श्रीकृष्ण शर्मा", "გიორგი მაისურაძე", "Արմեն Պետրոսյան", "สมชาย ใจดี",
         "Екатерина", "Ελένη", "Áile Ŋuorgam"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_another_script_is_on_the_page_and_can_be_searched(name: str) -> None:
    press = a_press()
    row = a_letter(name=name)
    assert press.measure(row).refused == ""
    pdf = press.one(row)
    (page,) = texts(pdf)
    joined = "".join(page.split())
    if right_to_left(name):
        # PDFium gives right-to-left text in the order of the eye or of the ear; every sign is there twice.
        assert all(joined.count(sign) >= 2 for sign in name if not sign.isspace())
    else:
        assert joined.count("".join(name.split())) == 2
    with pikepdf.open(BytesIO(pdf)) as opened:
        fonts = {str(font.BaseFont) for font in opened.pages[0].Resources.Font.values()}
        used = {f"/{faces()[number].name}" for number, _ in stretches(name, REGULAR)}
        assert fonts == used | {"/NotoSans-Regular", "/NotoSans-Bold"}, "a font only where it is used"


def test_joined_letters_and_the_order_from_right_to_left() -> None:
    arabic = faces()[SHAPED + 1]
    alone = [arabic.shaped(sign)[0].number for sign in "علي"]
    joined = [glyph.number for glyph in arabic.shaped("علي")]
    assert len(joined) == 3 and not set(joined) & set(alone), "the letters take their joined forms"
    hebrew = faces()[SHAPED]
    assert [g.number for g in hebrew.shaped("שרה")] == [hebrew.shaped(sign)[0].number for sign in "הרש"]


@pytest.mark.parametrize("text", ["Sara שרה כהן", "محمد علي", "Dr. שרה", "שרה כהן Oy"])
def test_stretches_stand_as_the_bidirectional_algorithm_has_them(text: str) -> None:
    assert one_direction(text)
    seen = "".join(part[::-1] if number >= SHAPED else part for number, part in stretches(text, REGULAR))
    assert seen == get_display(text, base_dir="L")


@pytest.mark.parametrize(
    ("text", "called"),
    [("漢字", "CJK UNIFIED IDEOGRAPH-6F22"), ("김", "HANGUL SYLLABLE GIM"), ("🏠🏡🏘", "HOUSE BUILDING"),
     ("محمد 12", "ARABIC LETTER MEEM"), ("שרה محمد", "HEBREW LETTER SHIN"), ("\ue000", "U+E000")],
)  # fmt: skip
def test_what_cannot_be_set_right_is_refused_by_name(text: str, called: str) -> None:
    assert missing_sign(f"Aino {text}") == called
    assert a_press().measure(a_letter(name=f"Aino {text}")).refused == "addr_glyph"


def test_right_to_left_lines_are_compared_by_their_signs() -> None:
    assert plain_line("שרה כהן") == plain_line("הרש ןהכ") == plain_line("כהן שרה")
    assert plain_line("שרה") != plain_line("שרי")
    assert plain_line("Aino B") != plain_line("Bino A")


@pytest.mark.parametrize(
    ("language", "parted"),
    [
        ("fi", "tie|to|tur|va|louk|kaus"), ("fi", "asiakas|re|kis|teri,"), ("fi", "hen|ki|lö|tun|nuk|set"),
        ("fi", "lau|an|taina"), ("fi", "yhteys|tie|dot"), ("fi", "ruo|aksi."), ("fi", "yliopis|tossa"),
        ("fi", "maa|il|man|laa|jui|nen"), ("fi", "FI-00100"), ("fi", "aino@example.com"), ("fi", "GDPR-|asetus"),
        ("sv", "per|son|upp|gif|ter"), ("en", "author|it|ies"), ("de", "Daten|schutz|be|auf|tragte"),
        ("fi", "maahan"), ("xx", "tietoturvaloukkaus"),
    ],
)  # fmt: skip
def test_where_words_are_parted(language: str, parted: str) -> None:
    word = parted.replace("|", "")
    cut = [0, *places(word, language), len(word)]
    assert "|".join(word[a:b] for a, b in zip(cut, cut[1:], strict=False)) == parted


LONG = "Tietoturvaloukkauksesta ilmoittaminen rekisteröidyille henkilökohtaisesti on rekisterinpitäjän velvollisuus"


def test_hyphens_fill_lines_but_never_part_a_name_nor_three_lines_in_a_row() -> None:
    fonts = faces()
    words = [(Piece(REGULAR, word),) for word in (LONG + " ").split() * 6]
    width = 62 * MM
    plain = break_lines(words, width, 11, fonts)
    hyphened = break_lines(words, width, 11, fonts, "fi")
    hyphen = fonts[REGULAR].word("-").glyphs
    ends = [line.pieces[-1][2].endswith(hyphen) for line in hyphened]
    assert len(hyphened) < len(plain) and any(ends)
    assert not any(all(ends[n : n + 3]) for n in range(len(ends) - 2))
    whole = [(Piece(REGULAR, word, True),) for word in (LONG + " ").split() * 6]
    assert break_lines(whole, width, 11, fonts, "fi") == plain


def test_large_print_is_large_on_every_page() -> None:
    press = a_press(form=a_form(12), size_pt=16.0)
    row = a_letter()
    composition, _ = press._form(row).compose(row.slots)
    assert composition.size == 16 and len(composition.pages) > 1
    assert row.slots[Slot.CODE] in texts(press.one(row))[-1]
