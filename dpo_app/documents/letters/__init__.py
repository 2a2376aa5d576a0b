"""The press: forms set once, pages stamped, and read back by another library."""
