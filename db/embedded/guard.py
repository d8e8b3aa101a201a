"""Run another program that ends when its parent process does: ``guard.py PARENT SIGNAL UID GID PROGRAM …``.

It runs as a script and imports only the standard library. The kernel drops the death signal when the user
changes, so the signal is requested after that. A parent that ended even earlier is noticed because the number
of the parent process has changed.
"""

import os
import sys


def become_program(command: list[str], parent: int, signal: int, uid: int, gid: int) -> None:
    """Take the rights of ``uid`` (0: keep the rights), request ``signal`` for the end of the parent, and run
    ``command`` in this process."""
    on_linux = sys.platform == "linux"
    if on_linux:  # ctypes is loaded first, since the new user may not be able to read Python's files
        from ctypes import CDLL, c_ulong, get_errno

        prctl = CDLL(None, use_errno=True).prctl
    if uid:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if on_linux and prctl(1, c_ulong(signal), c_ulong(0), c_ulong(0), c_ulong(0)):
        sys.exit(f"prctl(PR_SET_PDEATHSIG): {os.strerror(get_errno())}")
    if os.getppid() != parent:
        sys.exit("the process that started this program has ended")
    os.umask(0o077)
    os.execv(command[0], command)  # noqa: S606 - the purpose of this script


if __name__ == "__main__":
    become_program(sys.argv[5:], *map(int, sys.argv[1:5]))
