"""Use cases, one file for each noun: load rows, apply the rules, store the row and its audit event.

Each takes a ``Work`` with the actor. None begins a transaction, and none depends on HTTP.
"""
