"""Conferences: the case that most acts load, and what happens to a conference itself."""
