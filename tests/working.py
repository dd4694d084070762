"""Work for executors to do, which processes on this machine and on a cluster must be able to import."""

import os
import signal


def fail_at(shared, task):
    """Return ``task``, unless it is what is shared: that is an error."""
    if task == shared:
        raise LookupError(f"no {task}")
    return task


def die_at(shared, task):
    """Return ``task``, unless it is what is shared: that kills the process, as too little memory does."""
    if task == shared:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


class Counted:
    """Keeps a list of the processes in which it was unpickled."""

    def __init__(self, file):
        self.file = file

    def __setstate__(self, state):
        self.__dict__.update(state)
        with self.file.open("a") as lines:
            lines.write(f"{os.getpid()}\n")
