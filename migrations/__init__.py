"""The history of the schema: ``versions/`` has one file for each step, ``sql/`` its SQL by subject."""
