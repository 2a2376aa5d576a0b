"""Persons: from a row of a register to who they are, how they are reached, and what care they need."""
