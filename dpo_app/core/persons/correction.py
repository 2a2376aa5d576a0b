"""Corrections of persons who are in the register."""

from __future__ import annotations

from enum import StrEnum


class LeftOut(StrEnum):
    """Why a correction leaves somebody out."""

    PROTECTED = "protected"
    TO_PROTECTED = "to_protected"
    UNPROTECTS = "unprotects"
    NOT_FOUND = "not_found"
    AMBIGUOUS = "ambiguous"
    STOPPED = "stopped"
    TWICE = "twice"
