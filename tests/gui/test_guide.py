"""The guide: the same chapters in each language, shortcuts that exist, found by words, beside the pages."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QListWidget, QTextBrowser

from dpo_app.gui.desktop import Desktop
from dpo_app.gui.guide import Chapter, chapters_of, guide_file
from tests.gui.conftest import Hand


def _chapters(language: str) -> list[Chapter]:
    return chapters_of(guide_file(language).read_text("utf-8"))


def _keys(text: str) -> list[str]:
    return re.findall(r"`((?:Ctrl|Shift|F\d)[^`]*)`", text)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_each_language_says_the_same_in_the_same_order(language: str) -> None:
    own, english = _chapters(language), _chapters("en")
    assert guide_file(language).stem == language
    assert [_keys(each.text) for each in own] == [_keys(each.text) for each in english]
    for ours, theirs in zip(own, english, strict=True):
        assert ours.heading != theirs.heading
        assert ours.text.count("\n| ") == theirs.text.count("\n| ")
        assert len(re.findall(r"^(?:- |\d\. )", ours.text, re.MULTILINE)) == len(
            re.findall(r"^(?:- |\d\. )", theirs.text, re.MULTILINE)
        )


def test_the_shortcuts_it_names_exist(open_window: Desktop) -> None:
    known = {each.shortcut().toString() for each in open_window.main.findChildren(QAction)}
    named = {key for chapter in _chapters("en") for key in _keys(chapter.text)}
    # Copying is the system's own key, with no entry in a menu: the form assistant answers to it.
    known.add("Ctrl+C")
    assert named and named <= known, named - known


def test_words_are_found_and_the_chapter_is_shown(open_window: Desktop, hand: Hand) -> None:
    open_window.main.guide()
    chapters = hand.find(QListWidget, "guide_chapters")
    hand.until(lambda: chapters.count() > 0)
    text = hand.find(QTextBrowser, "guide_text")
    assert "Write down when you learned of it" in text.toPlainText()
    hand.type("guide_search", "spool")
    assert hand.text("guide_found") == "No chapter holds these words."
    hand.type("guide_search", "random")
    shown = [chapters.item(n).text() for n in range(chapters.count()) if not chapters.item(n).isHidden()]
    assert shown == ["Sending"]
    assert text.textCursor().selectedText() == "random" and "unknown outcome" in text.toPlainText()
    hand.click("guide_close")
