"""Nominations over HTTP."""
