"""The units in which shares are counted: millionths of a seat are published, billionths decide how."""

MILLION = 1_000_000
"""Published shares are counted in millionths of a seat."""
BILLION = 1_000_000_000
"""Shares are rounded to billionths first, so that float noise makes no difference for the millionths."""
BILLIONTHS = BILLION // MILLION
"""Billionths in a millionth."""
