"""The arithmetic of a split: shares of a table, and their rounding to whole seats."""
