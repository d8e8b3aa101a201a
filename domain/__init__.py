"""The rules: plain data in, plain data out; no input or output, no clock, no randomness."""
