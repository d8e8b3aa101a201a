"""Use cases, a file a noun: load, decide with the rules, write the row and its audit event.

Each takes the actor. None opens a transaction and none knows of HTTP.
"""
