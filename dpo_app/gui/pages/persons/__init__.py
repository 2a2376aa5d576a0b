"""Persons: list, pane, import, cleaning."""
