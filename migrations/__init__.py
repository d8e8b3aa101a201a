"""The schema's history; ``versions/`` holds a file a step."""
