"""Count the clocks of a breach, keep what changes them, hand them to a calendar."""
