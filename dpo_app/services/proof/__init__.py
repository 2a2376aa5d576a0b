"""Audit PDF, bundle for a verifier, register of breaches."""
