"""Measurements of what the service and its rules take, beside their goals."""
