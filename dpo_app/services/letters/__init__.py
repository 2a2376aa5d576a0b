"""Plan, make, read back, print, post letters, and take in those that come back."""
