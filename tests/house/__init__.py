"""The house itself: its floors, locks, commands and containers."""
