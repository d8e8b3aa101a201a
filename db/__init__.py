"""Tables and queries, one file for each subject. The database is PostgreSQL 18; no other is supported."""
