"""The schema's history: ``versions/`` holds a file a step, ``sql/`` what it says, subject by subject."""
