"""The commands: they put the service together and start it."""
