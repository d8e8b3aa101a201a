"""Frames and outcomes: from a plan's groups to seats, and the ties on the way."""
