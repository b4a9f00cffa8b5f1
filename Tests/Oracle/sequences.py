# SPDX-License-Identifier: BSD-3-Clause
"""What the PSNs of one direction say: which were jumped over, came later, or came again."""

RESTART = 1 << 20


class Sequence:
    """The PSNs of one direction, unwrapped: they grow beyond 2^24."""

    def __init__(self):
        self.next = None
        self.seen, self.holes = set(), set()
        self.inside_reads = set()
        self.missing = self.filled = self.repeated = self.inside = self.before_first = 0
        self.never_seen = self.restarts = self.rewinds = self.longest_rewind = 0
        self.rewound = 0

    def start(self, psn):
        self.end()
        self.restarts += self.next is not None and bool(self.seen)
        self.seen, self.holes, self.inside_reads = set(), set(), set()
        self.next = psn

    def end(self):
        self.never_seen += len(self.holes)

    def take(self, psn, count):
        """Takes a request that uses `count` PSNs; True when it was not seen before."""
        distance = 0 if self.next is None else signed(psn - self.next)
        if self.next is None or abs(distance) >= RESTART:
            self.start(psn)
            distance = 0
        extended = self.next + distance
        if extended in self.seen:
            self.repeat()
            return False
        self.seen.add(extended)
        self.inside_reads.update(range(extended + 1, extended + count))
        if distance >= 0:
            self.holes.update(range(self.next, extended))
            self.missing += distance
            self.next = extended + count
            self.rewound = 0
        elif extended in self.holes:
            filled = self.holes & set(range(extended, extended + count))
            self.holes -= filled
            self.filled += len(filled)
            self.next = max(self.next, extended + count)
        elif extended in self.inside_reads:
            self.inside += 1
        else:
            self.before_first += 1
        return True

    def repeat(self):
        self.repeated += 1
        self.rewinds += self.rewound == 0
        self.rewound += 1
        self.longest_rewind = max(self.longest_rewind, self.rewound)


class Responses:
    """READ responses to one side of a queue pair, with and without knowing what was asked."""

    def __init__(self):
        self.packets = self.missing = self.filled = self.repeated = self.unfinished = 0
        self.asked = self.unanswered = self.never_seen = 0
        self.start()

    def start(self):
        self.seen, self.holes, self.next = set(), set(), None
        self.awaited = set()

    def end(self):
        self.never_seen += len(self.holes)
        self.unanswered += len(self.awaited)

    def take(self, operation, psn):
        self.packets += 1
        self.awaited.discard(psn)
        if psn in self.seen:
            self.repeated += 1
        elif psn in self.holes:
            self.holes.discard(psn)
            self.filled += 1
        self.seen.add(psn)
        starts = operation in (0x0D, 0x10)
        if starts:
            self.unfinished += self.next is not None
        elif self.next is not None and 0 < signed(psn - self.next) < RESTART:
            jumped = {(self.next + step) & 0xFFFFFF for step in range(signed(psn - self.next))}
            self.missing += len(jumped - self.seen - self.holes)
            self.holes |= jumped - self.seen
        self.next = None if operation in (0x0F, 0x10) else (psn + 1) & 0xFFFFFF

    def ask(self, psn, count):
        """Only PSNs asked for the first time: a retry may ask for what has come meanwhile."""
        asked = {(psn + step) & 0xFFFFFF for step in range(count)} - self.awaited - self.seen
        self.asked += len(asked)
        self.awaited |= asked


def used(length, path_mtu):
    return max(1, -(-(length or 0) // path_mtu))


def signed(difference):
    return ((difference + (1 << 23)) & 0xFFFFFF) - (1 << 23)
