"""The machinery of all routes: identity, work, bodies, problems, retries, the document."""
