"""Notices to persons: editor, check, preview, approval."""
