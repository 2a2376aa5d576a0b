"""Enquiries in words."""

from __future__ import annotations

from dpo_app.messages.sentence import Sentence, Words

SENTENCES: dict[str, Sentence] = {}
WORDS: Words = ()
