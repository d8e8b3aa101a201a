"""Become another program that ends when its parent does: ``guard.py PARENT SIGNAL UID GID PROGRAM …``.

Run as a script with nothing of ours to import. The kernel forgets the death signal when the user changes, so
it is asked for after that; a parent that died even earlier is noticed by its number.
"""

import os
import sys


def become_program(command: list[str], parent: int, signal: int, uid: int, gid: int) -> None:
    """Take the rights of ``uid`` (0: keep ours), ask for ``signal`` at the parent's death, be ``command``."""
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
        sys.exit("the process that wanted this program is gone")
    os.umask(0o077)
    os.execv(command[0], command)  # noqa: S606 - that is what it is for


if __name__ == "__main__":
    become_program(sys.argv[5:], *map(int, sys.argv[1:5]))
