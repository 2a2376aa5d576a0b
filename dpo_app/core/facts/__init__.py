"""What is known of a breach: revisions, windows, facts with state and source, exposure, and what moved between two revisions."""
