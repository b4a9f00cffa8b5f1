# SPDX-License-Identifier: BSD-3-Clause
"""Pause frames as scapy makes and reads them, and what they ask for, added up in fractions."""
import json
import os
from dataclasses import replace
from fractions import Fraction
from math import ceil

from rules import rule
from scapy.all import Ether, IP, Raw, UDP
from scapy.contrib.mac_control import MACControlClassBasedFlowControl, MACControlPause

START = 1_700_000_000_123_456_789
SWITCH, GROUP = "02:00:00:00:00:05", "01:80:c2:00:00:01"


def pfc(**quanta):
    """A PFC frame: `p3=65535` for each class that is enabled."""
    fields = {}
    for name, time in quanta.items():
        fields[f"c{name[1:]}_enabled"], fields[f"c{name[1:]}_pause_time"] = 1, time
    return Ether(src=SWITCH, dst=GROUP) / MACControlClassBasedFlowControl(**fields)


def data(number):
    return (Ether(src="02:00:00:00:00:0a", dst="02:00:00:00:00:0b")
            / IP(src="10.1.0.1", dst="10.2.0.2", id=number, tos=26 << 2 | 2)
            / UDP(sport=49152, dport=4000) / Raw(bytes(26)))


def write_inputs(write):
    """Data each microsecond for 2 ms, and among it all that pause frames can ask for."""
    frames = [
        (10_500, pfc(p3=65535)),
        # Renewed at half its time, and once more: no gap.
        (178_270, pfc(p3=65535)), (346_040, pfc(p3=65535)),
        # Class 4 joins, with a shorter time; class 3 goes on early.
        (400_123, pfc(p3=65535, p4=1000)), (450_007, pfc(p3=0)),
        # A shorter time replaces what is left of a longer one.
        (500_001, pfc(p4=60000)), (500_101, pfc(p4=1)),
        # What is not paused can be told to go on.
        (600_000, pfc(p3=0, p4=0)),
        # A class that is not honoured, a vector of nothing, all classes at once.
        (700_000, pfc(p0=5000)), (710_000, pfc()),
        (720_333, pfc(**{f"p{n}": 100 * (n + 1) for n in range(8)})),
        # IEEE 802.3's PAUSE stops all, twice at one time, and lets them go on.
        (900_000, Ether(src=SWITCH, dst=GROUP) / MACControlPause(pause_time=3000)),
        (900_000, Ether(src=SWITCH, dst=GROUP) / MACControlPause(pause_time=2000)),
        (905_000, Ether(src=SWITCH, dst=GROUP) / MACControlPause(pause_time=0)),
        # The last one lasts longer than the capture.
        (1_990_000, pfc(p4=65535)),
    ]
    frames = [(time, padded(bytes(frame))) for time, frame in frames]
    frames += [(number * 10_000, bytes(data(number))) for number in range(200)]
    frames.sort(key=lambda frame: frame[0])
    write("pauses.pcap", [(frame, None, START + time) for time, frame in frames])


def padded(frame):
    return frame + bytes(60 - len(frame))


def times(packet):
    """By class, the time that a frame asks for; None of other packets."""
    layers = packet.layers
    if MACControlPause in layers:
        return {number: layers[MACControlPause].pause_time for number in range(8)}
    if MACControlClassBasedFlowControl in layers:
        frame = layers[MACControlClassBasedFlowControl]
        return {number: getattr(frame, f"c{number}_pause_time") for number in range(8)
                if getattr(frame, f"c{number}_enabled")}
    return None


class Pauses:
    """All intervals in which a class was to stop, laid over each other at the end."""

    def __init__(self, rate):
        self.quantum = Fraction(512 * 10**9, rate)
        self.spans = {number: [] for number in range(8)}
        self.stops, self.starts = [0] * 8, [0] * 8

    def frame(self, asked, now):
        for number, quanta in asked.items():
            spans = self.spans[number]
            if spans:
                # A new time ends the old one.
                spans[-1][1] = min(spans[-1][1], now)
            spans.append([now, now + ceil(quanta * self.quantum)])
            if quanta:
                self.stops[number] += 1
            else:
                self.starts[number] += 1

    def figures(self):
        found = {}
        for number in range(8):
            if self.stops[number] + self.starts[number]:
                paused = sum(end - begin for begin, end in self.spans[number])
                found[f"priority {number} XOFF"] = self.stops[number]
                found[f"priority {number} XON"] = self.starts[number]
                found[f"priority {number} paused ns"] = paused
        return found


def figures(case, stage):
    path = os.path.join(case.folder, "expected", "report.json")
    with open(path) as file:
        stages = json.load(file)["pipelines"][0]["stages"]
    return next(one["figures"] for one in stages if one["stage"] == stage)


@rule("pfc")
def pfc_case(case):
    pauses, packets = Pauses(100 * 10**9), case.inputs()
    frames = [packet for packet in packets if times(packet) is not None]
    for frame in frames:
        pauses.frame(times(frame), frame.time)
    single = sum(MACControlPause in frame.layers for frame in frames)
    expected = {"PFC frames": len(frames) - single, "PAUSE frames": single, **pauses.figures()}
    assert figures(case, "pfc") == expected, (figures(case, "pfc"), expected)
    return {"host": [packet for packet in packets if times(packet) is None], "drops": frames}


@rule("pfc-public")
def pfc_public(case):
    """LLDP of data center bridging, which is about PFC but stops nothing."""
    packets = case.inputs()
    assert not any(times(packet) for packet in packets)
    assert figures(case, "pfc") == {"PFC frames": 0, "PAUSE frames": 0}
    return {"host": packets, "drops": []}


def write_storm(write):
    """Two classes that always have something to send, and a peer that stops one of them."""
    frames = [
        (40_000, pfc(p3=100)), (100_000, pfc(p3=1000)), (356_000, pfc(p3=1000)),
        (612_000, pfc(p3=1000)), (868_000, pfc(p3=1000)),
        # Taken back before it is a storm; one of another class; one that lasts.
        (2_000_000, pfc(p3=600)), (2_200_000, pfc(p3=0)), (2_300_000, pfc(p0=60000)),
        (2_500_500, pfc(p3=1000)), (2_800_500, pfc(p3=1000)),
    ]
    write("storm-pauses.pcap", [(padded(bytes(f)), None, START + t) for t, f in frames])
    times = [(3_000 + 20_000 * n, 3) for n in range(200)] + [(7_111 + 30_000 * n, 0) for n in range(130)]
    packets = [(Ether(src="02:00:00:00:00:0a", dst="02:00:00:00:00:0b")
                / IP(src="10.1.0.1", dst="10.2.0.2", id=number, tos=kind << 5 | 2)
                / UDP(sport=49152, dport=4000) / Raw(bytes(300 + 7 * (number % 90))), None, START + time)
               for number, (time, kind) in enumerate(sorted(times))]
    write("storm-data.pcap", packets)


class PausedPort:
    """A link of 1 Gb/s, where a byte takes 8 ns; class 3 stops as frames ask."""
    DETECT, RESTORE = 411_000, 300_000

    def __init__(self, frames, packets):
        self.frames = [(f.time, times(f)[3]) for f in frames if 3 in times(f)]
        self.packets, self.waiting = list(packets), {0: [], 3: []}
        self.free, self.last_sent, self.backlog = 0, 0, None
        self.begin, self.end, self.storm = None, 0, False
        self.storms, self.sent, self.drops = [], [], []

    def run(self):
        while (now := self.next()) is not None:
            self.watch(now)
            self.send(now)
            while self.frames and self.frames[0][0] == now:
                self.ask(now, self.frames.pop(0)[1])
            while self.packets and self.packets[0].time == now:
                self.take(now, self.packets.pop(0))
            self.send(now)

    def next(self):
        waits = self.free if self.waiting[0] else None
        if self.waiting[3]:
            ready = max(self.free, self.end)
            waits = ready if waits is None else min(waits, ready)
        heads = [self.frames[0][0]] if self.frames else []
        heads += [self.packets[0].time] if self.packets else []
        return min([t for t in (waits, self.due(), *heads) if t is not None], default=None)

    def due(self):
        if self.storm:
            return self.end + self.RESTORE
        if self.begin is None or self.backlog is None:
            return None
        due = max(self.begin, self.backlog, self.last_sent) + self.DETECT
        return due if due <= self.end else None

    def watch(self, now):
        if self.due() != now:
            return
        self.storm = not self.storm
        self.storms.append(now)
        if self.storm:
            self.drops += [(now, packet) for packet in self.waiting[3]]
            self.waiting[3], self.backlog = [], None
        else:
            self.begin = None

    def ask(self, now, quanta):
        if quanta == 0:
            self.begin, self.end = None, now
            return
        if self.begin is None or now > self.end:
            self.begin = now
        self.end = now + quanta * 512

    def take(self, now, packet):
        kind = packet.layers[IP].tos >> 5
        if kind == 3 and self.storm:
            self.drops.append((now, packet))
            return
        if kind == 3 and self.backlog is None:
            self.backlog = now
        self.waiting[kind].append(packet)

    def send(self, now):
        if now < self.free:
            return
        kind = 3 if self.waiting[3] and self.end <= now else 0
        if not self.waiting[kind]:
            return
        packet = self.waiting[kind].pop(0)
        if kind == 3:
            self.last_sent, self.backlog = now, self.backlog if self.waiting[3] else None
        self.free = now + (packet.length + 24) * 8
        self.sent.append(replace(packet, time=self.free))


@rule("pause-storm")
def pause_storm(case):
    frames = case.inputs("wire")
    port = PausedPort(frames, case.inputs("host"))
    port.run()
    begin = port.storms[0] - START
    assert 503_000 <= begin <= 540_000 and len(port.storms) == 4, port.storms
    # The last pause of the first storm ends 512 us after 868 us.
    assert port.storms[1] - START == 868_000 + 512_000 + 300_000
    found = figures(case, "pfc")
    assert found["priority 3 storms detected"] == found["priority 3 storms restored"] == 2, found
    reasons = [text.split(": ")[1] for text in case.comments("drops.pcapng")]
    drops = [(frame.time, frame, "pause-frame") for frame in frames]
    drops += [(time, replace(packet, time=time), "pause-storm") for time, packet in port.drops]
    drops.sort(key=lambda drop: drop[0])
    assert reasons == [reason for _, _, reason in drops], reasons
    assert reasons.count("pause-storm") > 50
    return {"wire": port.sent, "host": [], "drops": [packet for _, packet, _ in drops]}
