"""Bring persons in, keep them right, find who is there twice, and take care of the fragile."""
