# SPDX-License-Identifier: BSD-3-Clause
"""What is measured, and how measurements become the numbers of the table."""

import statistics
from dataclasses import dataclass, field


class Failure(Exception):
    """Something that makes the numbers unavailable or untrue."""


def judged(cost, goal):
    """In a word, whether a goal was reached."""
    return "reached" if cost <= goal else "missed"


@dataclass(frozen=True)
class Source:
    """Devices that both sides forward between, in the words of each."""

    name: str
    testpmd: tuple
    sluice: tuple
    # Buffers of the pool; an endless capture keeps each of its packets in one.
    buffers: int = 8192
    # Names and values of further parameters of the measured pipelines.
    settings: tuple = ()
    # The program beside testpmd: Sluice, or Sluice with a stage that makes the traffic.
    program: str = "sluice"
    # Seconds at the start that are not counted: until all queue pairs are known.
    warm_up: float = 0


@dataclass(frozen=True)
class Case:
    """One row of the table: a way to forward packets, by one of the two programs."""

    name: str
    who: str
    mode: str
    burst: int = 64
    # Cycles a packet over testpmd io that the case may cost.
    target: int | None = None
    # The rules.RuleSet that packets are looked up in.
    rules: object = None


@dataclass(frozen=True)
class Sample:
    """Packets that a thread forwarded, and the processor time that it took for them."""

    packets: int
    nanoseconds: int

    def cycles(self, hertz):
        return self.nanoseconds * hertz / 1e9 / self.packets

    def without(self, beginning):
        """What is left of a run when another one that ended earlier is taken off."""
        return Sample(self.packets - beginning.packets, self.nanoseconds - beginning.nanoseconds)


@dataclass
class Row:
    """All samples of a case; each stands beside one of testpmd io, taken just before it."""

    case: Case
    cycles: list = field(default_factory=list)
    beside: list = field(default_factory=list)

    @property
    def name(self):
        return f"{self.case.who} {self.case.name}"

    def add(self, cycles, beside):
        self.cycles.append(cycles)
        self.beside.append(beside)

    @property
    def median(self):
        return statistics.median(self.cycles)

    @property
    def extra(self):
        """Median of the differences within the pairs, which share the state of the machine."""
        return statistics.median(a - b for a, b in zip(self.cycles, self.beside))

    @property
    def least(self):
        """What is left of the difference when both had the machine at its quietest."""
        return min(self.cycles) - min(self.beside)

    @property
    def ratio(self):
        """Throughput of a core, relative to testpmd io."""
        return statistics.median(b / a for a, b in zip(self.cycles, self.beside))

    @property
    def spread(self):
        return (max(self.cycles) - min(self.cycles)) / self.median

    @property
    def verdict(self):
        """Whether the target was reached; nil where there is none."""
        return None if self.case.target is None else self.extra <= self.case.target

    def as_json(self):
        return {
            "case": self.case.name,
            "program": self.case.who,
            "burst": self.case.burst,
            "cyclesPerPacket": {
                "minimum": min(self.cycles),
                "median": self.median,
                "maximum": max(self.cycles),
            },
            "extraCycles": self.extra,
            "leastExtraCycles": self.least,
            "ratioToTestpmd": self.ratio,
            "spread": self.spread,
            "targetExtraCycles": self.case.target,
            "targetReached": self.verdict,
            "samples": self.cycles,
            "testpmdBeside": self.beside,
        }
