"""What all input formats have in common: strict JSON, field types, and findings with our own codes."""
