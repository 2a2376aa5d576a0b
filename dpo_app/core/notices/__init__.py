"""Notices to persons: sections, audiences, placeholders, and the check against Art. 34(2)."""
