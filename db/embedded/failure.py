"""The error that the private server raises."""

OWN_SERVER = "set DAIBIEU_DATABASE_URL to use a PostgreSQL server of your own"


class EmbeddedServerError(RuntimeError):
    """The private server cannot start, or refused a statement; the message says why and what to do."""
