# SPDX-License-Identifier: BSD-3-Clause
"""Pause frames as scapy makes and reads them, and what they ask for, added up in fractions."""
import json
import os
from fractions import Fraction
from math import ceil

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


RULES = {}


def rule(name):
    def keep(function):
        RULES[name] = function
        return function
    return keep


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
