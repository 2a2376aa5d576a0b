"""Loads ready wordings from `resources/wording/<language>/`; a test checks each file against this reading."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from dpo_app.core.errors import RuleError
from dpo_app.core.facts.exposure import ExposureState
from dpo_app.core.notices.claims import EVERY_CLAIM, Claim
from dpo_app.core.notices.notice import Audience, SectionKey, SectionText
from dpo_app.core.notices.notice_text import Titles
from dpo_app.core.persons.channel import Channel
from dpo_app.services.ports.wording import Frame, PageText, WordingInfo

_FRAME = "sections.toml"
_KNOWN = frozenset({"section", "text", "exposures", "channels", "categories", "min_age", "below_age", "needs", "easy"})


class WordingFolder:
    """Wordings in a folder: `services.ports.wording.Wordings`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @lru_cache(maxsize=64)  # noqa: B019 - one folder, made once a program run
    def _document(self, language: str, name: str) -> dict[str, Any]:
        path = self._folder / language / name
        if not path.is_file():
            raise RuleError("no_wording", language=language)
        return tomllib.loads(path.read_text("utf-8"))

    def languages(self) -> tuple[str, ...]:
        """Return the languages that have a frame."""
        return tuple(sorted(each.parent.name for each in self._folder.glob(f"*/{_FRAME}")))

    def all(self) -> tuple[WordingInfo, ...]:
        """Return every ready wording."""
        names = sorted({each.name for each in self._folder.glob("*/*.toml")} - {_FRAME})
        found = []
        for name in names:
            documents = {
                language: self._document(language, name)
                for language in self.languages()
                if (self._folder / language / name).is_file()
            }
            first = next(iter(documents.values()))
            found.append(
                WordingInfo(
                    first["id"], first["version"], {lang: d["title"] for lang, d in documents.items()},
                    tuple(first["fits"]), {lang: tuple(d["leads"]) for lang, d in documents.items()},
                )
            )  # fmt: skip
        return tuple(found)

    def texts(self, wording_id: str, language: str, holds: frozenset[Claim] = EVERY_CLAIM) -> tuple[SectionText, ...]:
        """Return the texts of a wording that need nothing but what the facts hold. Raises RuleError("no_wording") if the
        language is missing."""
        document = self._document(language, f"{wording_id}.toml")
        mark = f"{document['id']}@{document['version']}"
        return tuple(
            _text(each, language, mark) for each in document["text"] if set(map(Claim, each.get("needs", ()))) <= holds
        )

    def frame(self, language: str) -> Frame:
        """Return what stands around the texts. Raises RuleError("no_wording")."""
        document = self._document(language, _FRAME)
        titles = Titles(document["headings"], document["salutation"], document["salutation_plain"])
        return Frame(
            titles, document["subject"], document["page"], document["reference"], document["categories"],
            document["safeguards"], document["periods"],
        )  # fmt: skip

    def genuine_page(self, language: str) -> PageText:
        """Return the page on how to know genuine messages. Raises RuleError("no_page_text")."""
        path = self._folder.parent / "pages" / language / "genuine.toml"
        if not path.is_file():
            raise RuleError("no_page_text", language=language)
        document = tomllib.loads(path.read_text("utf-8"))
        return PageText(document["id"], document["version"], document["title"], document["text"].strip())


def _text(document: dict[str, Any], language: str, mark: str) -> SectionText:
    strange = set(document) - _KNOWN
    if strange:
        raise ValueError(f"unknown key in a wording: {sorted(strange)[0]}")
    return SectionText(
        SectionKey(document["section"]), language, document["text"].strip(),
        Audience(
            frozenset(map(ExposureState, document.get("exposures", ()))),
            frozenset(map(Channel, document.get("channels", ()))),
            frozenset(document.get("categories", ())),
            document.get("min_age"), document.get("below_age"), bool(document.get("easy", False)),
        ),
        mark,
    )  # fmt: skip
