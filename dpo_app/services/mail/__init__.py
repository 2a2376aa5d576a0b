"""Send e-mails with a journal, take in what comes back, and check that they will be believed."""
