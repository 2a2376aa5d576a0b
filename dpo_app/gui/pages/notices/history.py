"""Steps of an editor that can be undone and done again."""

from __future__ import annotations

from dpo_app.core.notices.notice import SectionText

MOST_STEPS = 100


class History:
    """States of a notice's texts before each step, oldest first. A new step forgets what was undone."""

    def __init__(self) -> None:
        self._past: list[tuple[SectionText, ...]] = []
        self._future: list[tuple[SectionText, ...]] = []

    @property
    def can_undo(self) -> bool:
        """Tell whether a step can be undone."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Tell whether an undone step can be done again."""
        return bool(self._future)

    def keep(self, texts: list[SectionText]) -> None:
        """Keep the texts as they are before a step."""
        self._past.append(tuple(texts))
        del self._past[:-MOST_STEPS]
        self._future.clear()

    def back(self, texts: list[SectionText]) -> list[SectionText] | None:
        """Return the texts before the last step; `texts` are those of now. None if there is no step."""
        if not self._past:
            return None
        self._future.append(tuple(texts))
        return list(self._past.pop())

    def forth(self, texts: list[SectionText]) -> list[SectionText] | None:
        """Return the texts after the step undone last; None if none was."""
        if not self._future:
            return None
        self._past.append(tuple(texts))
        return list(self._future.pop())

    def forget(self) -> None:
        """Begin anew, with another notice."""
        self._past.clear()
        self._future.clear()
