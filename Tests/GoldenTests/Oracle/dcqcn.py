# SPDX-License-Identifier: BSD-3-Clause
"""DCQCN's two ends by the words of its paper and of HPCC's simulator: timers that run."""
import json
import os
from fractions import Fraction

import icrc
from connections import ACKNOWLEDGE, NOTIFICATION, PAIRS
from packets import Packet
from rules import rule
from scapy.all import Dot1Q, Ether, IP, IPv6, Raw, UDP

OTHER = {**{mine: other for mine, other in PAIRS.values()},
         **{other: mine for mine, other in PAIRS.values()}}
NEVER = 1 << 70
LINE = 25_000_000_000


class Paper:
    g, alpha_period, T, B, F = Fraction(1, 256), 55_000, 55_000, 10_000_000, 5
    additive, hyper, least, most = 40_000_000, 200_000_000, 100_000_000, 1

    def __init__(self):
        self.rate = self.target = LINE
        self.alpha, self.limited = Fraction(1), False
        self.t = self.b = self.bytes = 0
        self.raise_at = self.alpha_at = self.cut_at = NEVER
        self.marked_alpha = self.marked_cut = False
        self.cuts = 0

    def run(self, now):
        """Ends timers in their order; of one time alpha's first, then increases, then cuts."""
        while True:
            due = min(self.alpha_at, self.raise_at, self.cut_at)
            if due > now:
                return
            if due == self.alpha_at:
                self.alpha = (1 - self.g) * self.alpha + (self.g if self.marked_alpha else 0)
                self.marked_alpha = False
                self.alpha_at += self.alpha_period
            elif due == self.raise_at:
                self.increase()
                self.t += 1
                self.raise_at += self.T
            else:
                self.check(due)

    def increase(self):
        i = min(self.t, self.b) - self.F
        if max(self.t, self.b) >= self.F:
            self.target += self.hyper_step(i) if i > 0 else self.additive
        self.target = min(self.target, LINE)
        self.rate = (self.rate + self.target + 1) // 2

    def hyper_step(self, i):
        return i * self.hyper

    def cut(self, now, clamps=True):
        if clamps:
            self.target = self.rate
        share = min(self.alpha / 2, self.most)
        self.rate = max(self.rate - int(self.rate * share), self.least)
        self.t = self.b = self.bytes = 0
        self.raise_at = now + self.T
        self.cuts += 1

    def notify(self, now):
        self.run(now)
        self.cut(now)
        self.alpha = (1 - self.g) * self.alpha + self.g
        self.alpha_at = now + self.alpha_period
        self.limited = True

    def sent(self, count):
        if self.cuts == 0:
            return
        self.bytes += count
        while self.bytes >= self.B:
            self.bytes -= self.B
            self.increase()
            self.b += 1


class NVIDIA(Paper):
    g, alpha_period, T, B, F = Fraction(5, 1024), 1000, 20_000, 50_000, 1
    additive, hyper, least, most = 100_000_000, 500_000_000, 1_000_000, Fraction(1, 2)

    def hyper_step(self, i):
        return self.hyper

    def notify(self, now):
        self.run(now)
        if not self.limited:
            self.limited = True
            self.alpha = Fraction(1023, 1024)
            self.alpha_at, self.cut_at = now + 1000, now + 4001
        else:
            self.marked_alpha = True
        self.marked_cut = True

    def check(self, now):
        self.cut_at = now + 4000
        if self.marked_cut:
            self.marked_cut = False
            self.cut(now, clamps=self.t > 0 or self.b > 0)


class Queue:
    """The packets of the notified queue pair, in line."""

    def __init__(self, point, room):
        self.point, self.room = point, room
        self.ideal, self.waiting, self.left, self.dropped, self.delayed = 0, [], [], [], 0

    def until(self, now):
        """Lets go what is due; notifications and packets of that time come after it."""
        while self.waiting and -(-self.ideal // 1) <= now:
            self.leave(self.waiting.pop(0), -(-self.ideal // 1))

    def come(self, packet):
        self.until(packet.time)
        if not self.point.limited:
            self.left.append(packet)
        elif self.waiting or self.ideal > packet.time:
            if len(self.waiting) == self.room:
                self.dropped.append(packet)
                return
            self.delayed += 1
            self.waiting.append(packet)
        else:
            self.leave(packet, packet.time)

    def leave(self, packet, time):
        self.point.run(time)
        gap = (packet.length + 24) * 8 * 10**9 * 2**14 // self.point.rate
        start = self.ideal if -(-self.ideal // 1) == time else time
        self.ideal = start + Fraction(gap, 2**14)
        self.point.sent(packet.length)
        self.left.append(Packet(packet.data, time, packet.length))


def transport(packet):
    """Opcode and queue pair."""
    ip, _ = icrc.place(packet.data)
    bth = ip + (28 if packet.data[ip] >> 4 == 4 else 48)
    return packet.data[bth], int.from_bytes(packet.data[bth + 5:bth + 8], "big")


def answer(packet, tos, priority):
    """The notification, built by scapy."""
    old = packet.layers
    new = Ether(src=old.dst, dst=old.src)
    if Dot1Q in old:
        new /= Dot1Q(vlan=old[Dot1Q].vlan, prio=priority)
    if IP in old:
        new /= IP(src=old[IP].dst, dst=old[IP].src, tos=tos, id=0, flags="DF", ttl=64)
    else:
        new /= IPv6(src=old[IPv6].dst, dst=old[IPv6].src, tc=tos, hlim=64)
    peer = OTHER[transport(packet)[1]]
    bth = bytes([NOTIFICATION, 0, 0xFF, 0xFF, 0x40]) + peer.to_bytes(3, "big")
    data = bytes(new / UDP(sport=0, dport=4791, chksum=0) / Raw(bth + bytes(4 + 16 + 4)))
    data = icrc.with_value(data, icrc.value(data))
    return Packet(data, packet.time, len(data))


def answers(case, key, interval, tos, priority):
    """The notifications for marked data, and how many there was no time for."""
    last, made, late, unpaired = {}, [], 0, 0
    for packet in case.inputs("wire"):
        opcode, queue_pair = transport(packet)
        ip, _ = icrc.place(packet.data)
        layers = packet.layers
        traffic_class = layers[IP].tos if IP in layers else layers[IPv6].tc
        if traffic_class & 3 != 3 or opcode in (ACKNOWLEDGE, NOTIFICATION):
            continue
        if queue_pair not in OTHER:
            unpaired += 1
        elif packet.time - last.get(key(packet), -NEVER) < interval:
            late += 1
        else:
            last[key(packet)] = packet.time
            made.append(answer(packet, tos, priority))
    return made, late, unpaired


def source(packet):
    layers = packet.layers
    return layers[IP].src if IP in layers else layers[IPv6].src


def run(case, point, room, np, consumes):
    queue = Queue(point, room)
    others, host, drops = [], [], []
    notified = unknown = 0
    for port, packet in case.merged("host", "wire"):
        opcode, queue_pair = transport(packet)
        if port == "host":
            if queue_pair == PAIRS[1][1]:
                queue.come(packet)
            else:
                others.append(packet)
            continue
        if opcode == NOTIFICATION:
            queue.until(packet.time)
            if queue_pair in OTHER:
                point.notify(packet.time)
                notified += 1
            else:
                unknown += 1
            if consumes:
                drops.append(packet)
                continue
        host.append(packet)
    queue.until(NEVER)
    made, late, unpaired = answers(case, *np)
    check(case, {
        "CNPs handled": notified, "unpaired CNPs": unknown, "rate decreases": point.cuts,
        "delayed packets": queue.delayed, "CE seen": len(made) + late + unpaired,
        "CNPs sent": len(made), "suppressed by the interval": late, "unpaired": unpaired})

    def by_time(packet):
        return packet.time

    return {"wire": sorted(queue.left + others + made, key=by_time), "host": host,
            "drops": sorted(drops + queue.dropped, key=by_time)}


def check(case, expected):
    """Holds figures of the report against what was counted here."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Cases", case.name,
                           "expected", "report.json")) as file:
        report = json.load(file)
    stages = [stage for pipeline in report["pipelines"] for stage in pipeline["stages"]]
    figures = {name: value for stage in stages for name, value in stage.get("figures", {}).items()}
    for name, value in expected.items():
        assert figures.get(name, 0) == value, (name, figures.get(name), value)


@rule("dcqcn-paper")
def paper(case):
    return run(case, Paper(), 1024, (lambda packet: transport(packet)[1], 4000, 0xC2, 6), False)


@rule("dcqcn-nvidia")
def nvidia(case):
    return run(case, NVIDIA(), 30, (source, 5000, 34 << 2 | 1, 3), True)
