"""Audit and the register of breaches."""
