"""Conferences: the terms that a plan sets for one, its deadlines, and its life."""
