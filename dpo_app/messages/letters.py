from __future__ import annotations

from enum import StrEnum

from dpo_app.messages.sentence import Sentence

SENTENCES: dict[str, Sentence] = {}
WORDS: dict[StrEnum, str] = {}
