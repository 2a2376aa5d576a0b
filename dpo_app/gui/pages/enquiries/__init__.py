"""Enquiries: who asks, what was answered."""
