"""Reports as PDF: audit file, authority notice, register, bulletin, a person's record."""
