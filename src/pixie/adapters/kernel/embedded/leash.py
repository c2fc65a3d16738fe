"""Ties a program to the life of whoever started it.

As a script, `leash.py PARENT SIGNAL UID GID PROGRAM ARGUMENT...` becomes PROGRAM, having asked the kernel to send
SIGNAL when PARENT dies. That is done here and not between fork and exec of the parent, where Python code is not safe
beside threads. It stands alone, without Pixie, so that it starts in some milliseconds.
"""

import os
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent(number: int) -> None:
    """Let the kernel send this process signal `number` when the thread that started it ends. Linux only."""
    if sys.platform != "linux":
        return
    try:
        import ctypes  # noqa: PLC0415 - some builds of Python lack it; the warden is there too
    except ImportError:
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)


def become(uid: int, gid: int) -> None:
    if uid != os.geteuid():
        os.setgroups([gid])
        os.setgid(gid)
        os.setuid(uid)


def main(arguments: list[str]) -> None:
    parent, number, uid, gid = (int(argument) for argument in arguments[:4])
    program = arguments[4:]
    become(uid, gid)
    die_with_parent(number)  # after the change of user, which would undo it
    if os.getppid() != parent:  # it died before the kernel was asked
        sys.exit(1)
    os.execv(program[0], program)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(sys.argv[1:])
