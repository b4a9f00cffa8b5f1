# SPDX-License-Identifier: BSD-3-Clause
"""The meters of RFC 2697, RFC 2698 and RFC 4115, by their words and with whole numbers."""
from scapy.all import IP, IPv6


def ip_length(packet):
    """What the IP header says; of other packets, what follows the Ethernet header and its tags."""
    layers = packet.layers
    if IP in layers:
        return layers[IP].len
    if IPv6 in layers:
        return 40 + layers[IPv6].plen
    at = 12
    while packet.data[at:at + 2] in (b"\x81\x00", b"\x88\xa8"):
        at += 4
    return packet.length - at - 2


class Clock:
    """Tokens that come one after the other, so many a second, from the first packet on."""

    def __init__(self, rate):
        self.rate, self.start, self.now = int(rate), None, None

    def ticks(self, time):
        if self.start is None:
            self.start = self.now = time
        before = self.rate * (self.now - self.start) // 10**9
        self.now = max(self.now, time)
        return self.rate * (self.now - self.start) // 10**9 - before


class Meter:
    def __init__(self, cir, cbs, rate, size):
        self.clocks = Clock(cir), Clock(rate)
        self.cbs, self.size = cbs, size
        self.tc, self.other = cbs, size

    def fill(self, time):
        first, second = (clock.ticks(time) for clock in self.clocks)
        self.tc = min(self.tc + first, self.cbs)
        self.other = min(self.other + second, self.size)


class InProfile(Meter):
    """RFC 4115."""

    def color(self, time, size, before="green"):
        self.fill(time)
        if before == "green" and self.tc >= size:
            self.tc -= size
            return "green"
        if before != "red" and self.other >= size:
            self.other -= size
            return "yellow"
        return "red"


class SingleRate(InProfile):
    """RFC 2697."""

    def fill(self, time):
        for _ in range(self.clocks[0].ticks(time)):
            if self.tc < self.cbs:
                self.tc += 1
            elif self.other < self.size:
                self.other += 1
            else:
                break


class TwoRate(Meter):
    """RFC 2698."""

    def color(self, time, size, before="green"):
        self.fill(time)
        if before == "red" or self.other < size:
            return "red"
        self.other -= size
        if before == "yellow" or self.tc < size:
            return "yellow"
        self.tc -= size
        return "green"


def policer(rate, burst):
    return SingleRate(rate, burst, 0, 0)
