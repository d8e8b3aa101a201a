"""What the private server says when it cannot do its part."""

OWN_SERVER = "set DAIBIEU_DATABASE_URL to use a PostgreSQL server of your own"


class EmbeddedServerError(RuntimeError):
    """The private server cannot start, or refused an order; the message says why and what to do."""
