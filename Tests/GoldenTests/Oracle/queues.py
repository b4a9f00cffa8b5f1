# SPDX-License-Identifier: BSD-3-Clause
"""Queues and marks, worked out event by event with fractions, and SplitMix64 as it was published."""
from fractions import Fraction
from math import ceil

from packets import edited
from rules import rule
from scapy.all import IP, IPv6, UDP


def network(packet):
    return packet.layers.getlayer(IP) or packet.layers.getlayer(IPv6)


def traffic_class(packet):
    layer = network(packet)
    return 0 if layer is None else layer.tos if isinstance(layer, IP) else layer.tc


def priority(packet):
    return traffic_class(packet) >> 5


def is_roce(packet):
    return UDP in packet.layers and packet.layers[UDP].dport == 4791


def is_feedback(packet):
    """A CNP, an acknowledgement, or a datagram to QP 0 or 1."""
    transport = bytes(packet.layers[UDP].payload)
    return transport[0] & 31 in (0x11, 0x12) or transport[0] == 0x81 \
        or int.from_bytes(transport[5:8], "big") <= 1


def marked(packet):
    def change(layers):
        layer = layers.getlayer(IP) or layers.getlayer(IPv6)
        setattr(layer, "tos" if isinstance(layer, IP) else "tc", traffic_class(packet) | 3)
    return edited(packet, change)


class SplitMix64:
    """Steele, Lea and Flood 2014; its seed is drawn from the run's, which is 1 when not given."""

    def __init__(self, stage=1):
        self.state = 1 + stage * 0x1000
        self.state = self.next()

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        z = self.state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
        return z ^ z >> 31

    def below(self, chance):
        return Fraction(self.next() >> 32, 2**32) < chance


class Curve:
    def __init__(self, low, high=None, chance=1):
        self.low, self.high = low, low if high is None else high
        # A probability has 32 bits behind the point.
        self.chance = Fraction(round(chance * 2**32), 2**32)

    def chooses(self, measure, generator):
        if measure <= self.low:
            return False
        if measure > self.high:
            return True
        share = Fraction(measure - self.low) / (self.high - self.low)
        return generator.below(self.chance * share)


class Marker:
    def __init__(self, curve, scalable=None, drops=False, priorities=range(8)):
        self.curve, self.scalable, self.drops = curve, scalable or curve, drops
        self.priorities, self.generator = priorities, SplitMix64()

    def result(self, packet, measure, at_priority=None):
        """The packet as it goes on; None when it is dropped."""
        code = traffic_class(packet) & 3
        at_priority = priority(packet) if at_priority is None else at_priority
        if network(packet) is None or code == 3 or at_priority not in self.priorities:
            return packet
        if code == 1:
            chosen = self.scalable.chooses(measure, self.generator)
        else:
            chosen = self.curve.chooses(measure, self.generator)
        if not chosen:
            return packet
        return marked(packet) if code else None if self.drops else packet


class Fluid:
    """A queue that drains like a fluid; whole bytes are counted, a begun one as whole."""

    def __init__(self, rate):
        self.rate, self.depth, self.time = Fraction(rate, 8 * 10**9), Fraction(0), None

    def found(self, packet):
        if self.time is not None:
            self.depth = max(0, self.depth - self.rate * (packet.time - self.time))
        self.time = packet.time
        return ceil(self.depth)

    def add(self, packet):
        self.depth += packet.length + 24


def mark_all(case, rate, marker):
    fluid, host, drops = Fluid(rate), [], []
    for packet in case.inputs():
        depth = fluid.found(packet)
        fluid.add(packet)
        new = marker.result(packet, depth)
        host.append(new) if new else drops.append(packet)
    return {"host": host, "drops": drops}


@rule("mark-ecn-red")
def mark_ecn_red(case):
    return mark_all(case, 10**9, Marker(Curve(500, 4000, 0.6)))


@rule("mark-ecn-step")
def mark_ecn_step(case):
    """DCTCP at a tenth of the rate: 9,750 bytes."""
    return mark_all(case, 10**9, Marker(Curve(65 * 1500 // 10)))


@rule("mark-ecn-delay")
def mark_ecn_delay(case):
    """At 1 Gb/s a byte takes 8 ns."""
    return mark_all(case, 10**9, Marker(Curve(24_000 // 8), Curve(8_000 // 8, 16_000 // 8), True))


@rule("mark-ecn-roce")
def mark_ecn_roce(case):
    """Every packet of RoCE that finds one before it, but for CNPs, acknowledgements and QP 1."""
    fluid, host = Fluid(10**6), []
    marker = Marker(Curve(0))
    for packet in case.inputs():
        depth = fluid.found(packet)
        fluid.add(packet)
        if is_roce(packet) and is_feedback(packet):
            host.append(packet)
            continue
        host.append(marker.result(packet, depth))
    return {"host": host, "drops": []}


class Port:
    """Queues before a link. `order` says which of the queues that have packets is next."""

    def __init__(self, rate, capacity, order, line=priority, enqueue=None, dequeue=None):
        self.bit, self.capacity, self.order, self.line = Fraction(10**9, rate), capacity, order, line
        self.enqueue, self.dequeue = enqueue, dequeue
        self.lines, self.free = {}, Fraction(0)
        self.sent, self.drops = [], []

    def size(self, packet):
        return packet.length + 24

    def depth(self, line):
        return sum(self.size(packet) for packet, _ in self.lines.get(line, ()))

    def run(self, packets):
        for packet in packets:
            self.serve(packet.time)
            self.take(packet)
        self.serve(None)
        return {"host": self.sent, "drops": [p for _, p in sorted(self.drops, key=lambda d: d[0])]}

    def take(self, packet):
        line, original = self.line(packet), packet
        if sum(map(self.depth, self.lines)) + self.size(packet) > self.capacity:
            self.drops.append((packet.time, packet))
            return
        if self.enqueue:
            packet = self.enqueue(packet, self.depth(line))
        if packet is None:
            self.drops.append((original.time, original))
            return
        self.lines.setdefault(line, []).append((packet, packet.time))

    def serve(self, until):
        """Begins what begins before or at `until`, where nobody who comes then is there yet."""
        while waiting := [line for line in self.lines if self.lines[line]]:
            start = max(self.free, min(self.lines[line][0][1] for line in waiting))
            if until is not None and start > until:
                return
            # Somebody who comes at the instant of an idle link's packet comes behind it.
            ready = [line for line in waiting if self.lines[line][0][1] <= start]
            line = self.order(self, ready)
            packet, arrival = self.lines[line].pop(0)
            self.free = start + self.size(packet) * 8 * self.bit
            self.leave(packet, line, int(start) - arrival)

    def leave(self, packet, line, waited):
        end = ceil(self.free)
        new = packet
        if self.dequeue:
            new = self.dequeue(packet, self.depth(line), waited)
        if new is None:
            self.drops.append((end, at(packet, end)))
        else:
            self.sent.append(at(new, end))


def at(packet, time):
    return type(packet)(packet.data, time, packet.length, packet.link)


def first(port, ready):
    return ready[0]


def highest(port, ready):
    return max(ready)


class RoundRobin:
    def __init__(self, weights):
        self.weights, self.credit, self.turn, self.paid = weights, [0] * 8, 0, False

    def __call__(self, port, ready):
        strict = [line for line in ready if self.weights[line] == 0]
        if strict:
            return max(strict)
        while True:
            if self.turn in ready:
                if not self.paid:
                    self.credit[self.turn] += self.weights[self.turn] * 1538
                self.paid = True
                size = port.size(port.lines[self.turn][0][0])
                if self.credit[self.turn] >= size:
                    # Who has nothing more to send keeps no credit.
                    is_last = len(port.lines[self.turn]) == 1
                    self.credit[self.turn] = 0 if is_last else self.credit[self.turn] - size
                    return self.turn
            self.turn, self.paid = (self.turn + 1) % 8, False


@rule("queue-fifo")
def queue_fifo(case):
    marker = Marker(Curve(1000, 6000, 0.5))
    return Port(600 * 10**6, 9000, first, lambda _: 0, marker.result).run(case.inputs())


@rule("queue-strict")
def queue_strict(case):
    """Marks by the depth that a packet leaves behind."""
    marker = Marker(Curve(2000), drops=True)
    port = Port(700 * 10**6, 12_000, highest,
                dequeue=lambda packet, depth, _: marker.result(packet, depth))
    return port.run(case.inputs())


@rule("queue-dwrr")
def queue_dwrr(case):
    """Marks by the time that a packet waited."""
    marker = Marker(Curve(20_000), Curve(5_000), priorities=(3, 5))
    port = Port(723_456_789, 10_000, RoundRobin([1, 1, 1, 4, 1, 2, 0, 0]),
                dequeue=lambda packet, _, waited: marker.result(packet, waited))
    return port.run(case.inputs())


@rule("queue-virtual")
def queue_virtual(case):
    fluid, marker, host, drops = Fluid(700 * 10**6), Marker(Curve(3000, 6000)), [], []
    for packet in case.inputs():
        depth = fluid.found(packet)
        if fluid.depth + packet.length + 24 > 7000:
            drops.append(packet)
            continue
        fluid.add(packet)
        host.append(marker.result(packet, depth))
    return {"host": host, "drops": drops}


@rule("switch")
def switch(case):
    """HPCC's curve for 25 Gb/s, at 0.1; feedback is not marked."""
    marker = Marker(Curve(100_000 // 250, 400_000 // 250, 0.2), priorities=[3])

    def line(packet):
        if not is_roce(packet):
            return 0
        return 3 if traffic_class(packet) >> 2 == 0 else priority(packet)

    def mark(packet, depth, _):
        if line(packet) != 3 or is_feedback(packet):
            return packet
        return marker.result(packet, depth, at_priority=3)

    weights = RoundRobin([1, 1, 1, 4, 1, 1, 0, 0])
    return Port(100 * 10**6, 10**6, weights, line, dequeue=mark).run(case.inputs())
