# SPDX-License-Identifier: BSD-3-Clause
"""DPDK's own testpmd, told to forward for a while, again and again, in one process."""

import os
import re
import select
import subprocess
import time

from . import threads
from .measurement import Failure, Sample

PROMPT = b"testpmd> "
# What one command may take, in seconds.
PATIENCE = 20
# DPDK 23.03 gave its threads new names.
WORKERS = ("rte-worker-", "lcore-worker-")


class Testpmd:
    """A running testpmd. Its worker sleeps except between `start` and `stop`."""

    def __init__(self, source, conditions):
        # Line by line, so that what a command printed is there before the prompt.
        words = ["stdbuf", "-oL", "dpdk-testpmd", *self.eal(source, conditions), "--"]
        words += ["--interactive", "--nb-cores=1", "--burst=64", "--no-flush-rx"]
        # As many buffers as Sluice's pool has, kept in a cache of the same size.
        words += [f"--total-num-mbufs={source.buffers}", "--mbcache=512", "--disable-link-check"]
        self.process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.output = b""
        try:
            self.wait()
            self.thread = threads.find(self.process.pid, WORKERS)
        except Failure:
            self.close()
            raise

    @staticmethod
    def eal(source, conditions):
        words = [f"--lcores=0@{conditions.control_core},1@{conditions.core}", "--no-pci"]
        words += [f"--file-prefix=bench-{os.getpid()}", "--no-telemetry"]
        words += ["--in-memory"] if conditions.hugepages else ["--no-huge", "-m", "256"]
        return words + [f"--vdev={device}" for device in source.testpmd]

    def measure(self, case, seconds):
        self.command(f"set fwd {case.mode}")
        self.command(f"set burst {case.burst}")
        before = threads.nanoseconds(self.process.pid, self.thread)
        self.command("start")
        time.sleep(seconds)
        text = self.command("stop")
        after = threads.nanoseconds(self.process.pid, self.thread)
        return Sample(self.forwarded(text), after - before)

    @staticmethod
    def forwarded(text):
        """Packets received by all ports; every one of them must have been sent."""
        totals = text.partition("Accumulated forward statistics")[2]
        counts = re.search(r"RX-packets:\s*(\d+).*?TX-packets:\s*(\d+)", totals, re.DOTALL)
        if counts is None:
            raise Failure(f"testpmd printed no statistics:\n{text}")
        received, sent = int(counts[1]), int(counts[2])
        if received == 0 or sent != received:
            raise Failure(f"testpmd received {received} packets and sent {sent}")
        return received

    def command(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()
        return self.wait()

    def wait(self):
        """What testpmd prints until its next prompt."""
        end = time.monotonic() + PATIENCE
        while PROMPT not in self.output:
            ready, _, _ = select.select([self.process.stdout], [], [], end - time.monotonic())
            data = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not data:
                raise Failure(f"testpmd did not answer:\n{self.output.decode(errors='replace')}")
            self.output += data
        text, _, self.output = self.output.partition(PROMPT)
        return text.decode(errors="replace")

    def close(self):
        try:
            self.process.communicate(b"quit\n", timeout=PATIENCE)
        except (subprocess.TimeoutExpired, OSError, ValueError):
            self.process.kill()
            self.process.wait()
