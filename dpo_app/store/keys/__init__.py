"""Root key, ways to unlock, and the one module for cryptography."""
