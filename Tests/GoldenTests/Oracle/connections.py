# SPDX-License-Identifier: BSD-3-Clause
"""Both sides of three RoCEv2 connections, one of them over IPv6 in a VLAN, with congestion."""
import struct

import icrc
from scapy.all import Dot1Q, Ether, IP, IPv6, Raw, UDP

HOST, WIRE = "02:00:00:00:01:01", "02:00:00:00:02:02"
# By connection: the queue pair of the host, and that of the other end.
PAIRS = {1: (0x11, 0x21), 2: (0x12, 0x22), 3: (0x13, 0x23)}
SEND, ACKNOWLEDGE, NOTIFICATION = 0x04, 0x11, 0x81
CE = 26 << 2 | 3


def frame(connection, from_host, queue_pair, opcode, psn, rest, tos=26 << 2 | 2, asks=False):
    """A RoCEv2 packet with a right ICRC."""
    ether = Ether(src=HOST, dst=WIRE) if from_host else Ether(src=WIRE, dst=HOST)
    ends = ("2001:db8::1", "2001:db8::2") if connection == 3 else ("10.1.0.1", "10.2.0.2")
    source, target = ends if from_host else reversed(ends)
    if connection == 3:
        network = Dot1Q(vlan=42, prio=3) / IPv6(src=source, dst=target, tc=tos, hlim=64)
    else:
        network = IP(src=source, dst=target, tos=tos, id=0, flags="DF")
    notified = 0x40000000 if opcode == NOTIFICATION else 0
    bth = struct.pack(">BBHII", opcode, 0 if notified else 0x40, 0xFFFF, notified | queue_pair,
                      (0x80000000 if asks else 0) | psn)
    udp = UDP(sport=0xC000 + queue_pair, dport=4791, chksum=0)
    data = bytes(ether / network / udp / Raw(bth + rest + bytes(4)))
    return icrc.with_value(data, icrc.value(data))


def request(connection, psn, size, asks=False):
    return frame(connection, True, PAIRS[connection][1], SEND, psn, bytes(size), asks=asks)


def answer(connection, psn, tos=26 << 2 | 2):
    rest = struct.pack(">II", 0x1F000001, 0)[:4]
    return frame(connection, False, PAIRS[connection][0], ACKNOWLEDGE, psn, rest, tos)


def marked(connection, psn, queue_pair=None):
    queue_pair = queue_pair or PAIRS[connection][0]
    return frame(connection, False, queue_pair, SEND, psn, bytes(256), CE)


def notification(queue_pair):
    return frame(1, False, queue_pair, NOTIFICATION, 0, bytes(16), 48 << 2 | 2)


def traffic(start):
    """What the host sends, and what comes by the wire; no two at one time."""
    host, wire = [], []
    for number in range(3):
        for connection in PAIRS:
            psn, time = 100 * connection + number, number * 10_000 + connection * 100
            host.append((time, request(connection, psn, 64, asks=True)))
            wire.append((time + 5000, answer(connection, psn)))
    host += [(50_000 + 400 * n, request(1, 1000 + n, 1000)) for n in range(400)]
    host += [(50_137 + 1000 * n, request(2, 2000 + n, 500)) for n in range(60)]
    wire += [(time, notification(0x11)) for time in (60_011, 70_013, 140_019, 200_017)]
    wire += [(75_003, notification(0x99))]
    wire += [(80_021 + 1000 * n, marked(2, 3000 + n)) for n in range(20)]
    wire += [(81_055 + 3000 * n, marked(3, 4000 + n)) for n in range(10)]
    wire += [(90_071, answer(1, 1001, CE)), (91_073, marked(1, 5, queue_pair=0x77))]
    return [[(data, None, start + time) for time, data in sorted(packets)]
            for packets in (host, wire)]
