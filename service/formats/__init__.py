"""What all that is read from outside has in common: strict JSON, field types, and faults in our own words."""
