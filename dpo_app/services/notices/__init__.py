"""Draft, check, preview, approve and publish notices; plan who reads which text."""
