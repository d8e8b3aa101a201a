"""Tables and queries, a file a noun; the database is PostgreSQL 18 and nothing else."""
