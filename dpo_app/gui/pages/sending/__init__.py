"""Sending: e-mail, letters, what came back, trust."""
