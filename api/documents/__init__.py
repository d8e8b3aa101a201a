"""Documents over HTTP: the papers of an allocation and of a conference, as files."""
