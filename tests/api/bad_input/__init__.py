"""Bad input: a clear problem with a pointer, and nothing changed in the database."""
