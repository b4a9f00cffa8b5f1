# SPDX-License-Identifier: BSD-3-Clause
"""The processor time of one thread of another process, as the kernel's scheduler counts it."""

import os
import time

from .measurement import Failure


def find(process, names, seconds=10):
    """The number of the thread whose name begins with one of `names`, once there is one."""
    end = time.monotonic() + seconds
    tasks = f"/proc/{process}/task"
    while time.monotonic() < end:
        for thread in os.listdir(tasks) if os.path.isdir(tasks) else []:
            if read(f"{tasks}/{thread}/comm").startswith(names):
                return thread
        time.sleep(0.02)
    raise Failure(f"process {process} has no thread called {' or '.join(names)}")


def nanoseconds(process, thread):
    """Exact for a thread that sleeps; for one that runs, true to the last scheduler tick."""
    text = read(f"/proc/{process}/task/{thread}/schedstat")
    if not text:
        raise Failure("the kernel has no /proc/PID/task/TID/schedstat, or the thread has ended")
    return int(text.split()[0])


def read(path):
    try:
        with open(path) as file:
            return file.read().strip()
    except OSError:
        return ""
