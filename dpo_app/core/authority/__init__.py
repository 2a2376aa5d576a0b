"""Notices to supervisory authorities: the common form, whom they go to, and what became of them."""
