"""Letters: paper, windows, order of the post, postage, and what is read back from a page."""
