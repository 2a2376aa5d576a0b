"""Facts of a breach, their revisions, and the risk."""
