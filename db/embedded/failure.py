"""What the private server says when it cannot do its part."""

OWN_SERVER = "set DAIBIEU_DATABASE_URL to use a PostgreSQL server of your own"


class EmbeddedFailed(RuntimeError):  # noqa: N818 - reads as what happened
    """The private server cannot start, or refused an order; the message says why and what to do."""
