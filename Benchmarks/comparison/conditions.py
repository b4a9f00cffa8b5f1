# SPDX-License-Identifier: BSD-3-Clause
"""The machine and the programs, without which a number means nothing."""

import datetime
import os
import re
import subprocess
from dataclasses import asdict, dataclass

from . import frames
from .measurement import Failure
from .threads import read

# Megabytes that each side's pool and rings fit into.
HUGEPAGE_MEGABYTES = 256


@dataclass
class Conditions:
    """Each is printed, or no number is."""

    date: str
    commit: str
    dpdk: str
    processor: str
    reported_megahertz: str
    cores: int
    core: int
    control_core: int
    hugepages: bool
    rounds: int
    seconds: float
    frame_bytes: int = frames.SIZE
    flows: int = frames.FLOWS
    tsc_hertz: int = 0
    load_before: float = 0
    load_after: float = 0
    # The share of all processor time that other machines on the host took meanwhile.
    stolen_percent: float = 0

    @property
    def memory(self):
        return "hugepages" if self.hugepages else "no hugepages"

    def missing(self):
        return [name for name, value in asdict(self).items() if value == ""]


def gather(options):
    available = cores()
    core = options.core if options.core is not None else available[-1]
    if core not in available:
        raise Failure(f"core {core} is not one of {available}, which this process may use")
    information = read("/proc/cpuinfo")
    conditions = Conditions(
        date=datetime.date.today().isoformat(),
        commit=output("git", "describe", "--always", "--dirty"),
        dpdk=output("pkg-config", "--modversion", "libdpdk"),
        processor=first(r"model name\s*: (.*)", information),
        reported_megahertz=first(r"cpu MHz\s*: (.*)", information),
        cores=len(available), core=core,
        control_core=next((other for other in available if other != core), core),
        hugepages=options.hugepages != "never" and has_hugepages(),
        rounds=options.rounds, seconds=options.seconds, load_before=os.getloadavg()[0])
    if conditions.missing():
        raise Failure(f"cannot tell {', '.join(conditions.missing())}: no number without them")
    return conditions


def cores():
    """Those that this process may use."""
    return sorted(os.sched_getaffinity(0))


def has_hugepages():
    information = read("/proc/meminfo")
    free = int(first(r"HugePages_Free:\s*(\d+)", information) or 0)
    kilobytes = int(first(r"Hugepagesize:\s*(\d+)", information) or 0)
    # Both programs are there at the same time.
    return free * kilobytes >= 2 * HUGEPAGE_MEGABYTES * 1024


def stolen_ticks():
    """Ticks that other machines took, and all ticks there were."""
    ticks = [int(word) for word in read("/proc/stat").splitlines()[0].split()[1:9]]
    return ticks[7], sum(ticks)


def output(*words):
    """What a program prints, or nothing when it fails."""
    try:
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def first(pattern, text):
    match = re.search(pattern, text)
    return match[1].strip() if match else ""
