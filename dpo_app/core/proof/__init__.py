"""The audit trail, its chain, and the register of breaches (Art. 33(5))."""
