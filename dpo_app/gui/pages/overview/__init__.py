"""Overview: clocks, what comes next, who has been told."""
