"""The rules: from plain data they compute plain data, without I/O, clock or randomness."""
