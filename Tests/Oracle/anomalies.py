#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes a capture for each anomaly of RoCE fabrics, which shows that one and no other, and one of
a healthy fabric, which shows none.

    anomalies.py FOLDER [NAME...] [--check]

Every run writes the same bytes. The link has 100 Gb/s; hosts send at 80 Gb/s or less. All captures
begin with the CM's exchanges, and hold both directions. `--check` has tshark read what was written
and prints what each capture contains.
"""
import argparse
import os
import random
import struct
import sys
import zlib

import roce_traffic
from roce_traffic import CE, PSN_ERROR, REMOTE_ACCESS_ERROR, SEND, WRITE, Connection, Host, Tap

MICROSECOND, MILLISECOND, SECOND = 1_000, 1_000_000, 1_000_000_000
PACKET = 418  # A packet of 4096 bytes at 80 Gb/s.
SLOWLY = 10 * PACKET  # What runs beside: two of these and one fast one stay below the link's rate.
START = 10 * MILLISECOND
TIMEOUT = 67_108_864  # 4.096 us * 2^14


class Fabric:
    """Hosts with connections between them, all opened at the start."""

    def __init__(self, name, pairs, snap=roce_traffic.SNAP, **options):
        self.random = random.Random(zlib.crc32(name.encode()))
        self.tap = Tap(snap)
        self.hosts = {}
        self.connections = []
        for index, (source, destination, *different) in enumerate(pairs):
            queue_pairs = (0x100 + index, 0x200 + index)
            these = {**options, **(different[0] if different else {})}
            connection = Connection(self.tap, self.host(source), self.host(destination),
                                    queue_pairs, self.random, **these)
            connection.open(index * 100 * MICROSECOND)
            self.connections.append(connection)

    def host(self, number):
        return self.hosts.setdefault(number, Host(number))

    def background(self, connections, until, every, size=65536, begin=START):
        """Messages at even times, with a little chance in them."""
        for connection in connections:
            time = begin + self.random.randrange(every)
            while time < until:
                connection.write(time, size, SLOWLY)
                time += every + self.random.randrange(-every // 8, every // 8)


def go_back(connection, time, requests, lost, gap, in_flight, round_trip):
    """Loses one packet before the tap; a NAK comes back, and all from there on is sent again."""
    sent = lost + in_flight
    for index, request in enumerate(requests[:sent]):
        if index != lost:
            connection.send(time + index * gap, request)
        if request.ack and index < lost:
            connection.answer(time + index * gap + 3 * MICROSECOND, request.psn)
    connection.answer(time + (lost + 1) * gap + 3 * MICROSECOND, requests[lost].psn, PSN_ERROR)
    again = time + max(sent * gap, (lost + 1) * gap + round_trip)
    return connection.transfer(again, requests[lost:], gap)


def go_back_n_storm():
    """8 losses, 230 packets in flight at each: all of them are sent again. CE and CNPs besides."""
    fabric = Fabric("go-back-n-storm", [(1, 2), (1, 2), (3, 2), (3, 4)])
    bad, *others = fabric.connections
    time = START
    for _ in range(8):
        requests = bad.message(WRITE, 1 << 20)
        for count in range(6):
            bad.notify(time + 5 * MICROSECOND + count * 60 * MICROSECOND)
        marked = bad.message(WRITE, 12 * 4096)
        time = go_back(bad, time, requests, lost=20, gap=PACKET, in_flight=230,
                       round_trip=90 * MICROSECOND)
        time = bad.transfer(time, marked, PACKET, marked=range(0, 12, 2))
        time += 300 * MICROSECOND
    fabric.background(others, time, every=MILLISECOND)
    return fabric.tap


def silent_drop():
    """10 single losses in a second, all between hosts 1 and 2 and over one UDP source port."""
    path = {"port": 0xD35E}
    fabric = Fabric("silent-drop", [(1, 2, path)] * 4 + [(1, 3), (3, 2), (3, 4), (4, 1)])
    fabric.background(fabric.connections[4:], SECOND, every=4 * MILLISECOND)
    for number, connection in enumerate(fabric.connections[:4]):
        fails = [100, 350, 700] if number < 2 else [200, 800]
        time, message = START + number * MILLISECOND, 0
        while time < SECOND:
            if fails and time >= fails[0] * MILLISECOND:
                fails.pop(0)
                go_back(connection, time, connection.message(WRITE, 65536), lost=10, gap=PACKET,
                        in_flight=5, round_trip=4 * MICROSECOND)
            else:
                connection.write(time, 65536, PACKET)
            message += 1
            time += 4 * MILLISECOND
    return fabric.tap


def timeout_recovery():
    """5 times, the last packet of a message is lost behind the tap, and nobody says so."""
    fabric = Fabric("timeout-recovery", [(1, 2), (1, 2), (3, 2), (3, 4)])
    bad, *others = fabric.connections
    time = START
    for _ in range(5):
        for _ in range(20):
            bad.write(time, 65536, PACKET)
            time += MILLISECOND
        requests = bad.message(WRITE, 24 * 4096)
        for index, request in enumerate(requests):
            bad.send(time + index * PACKET, request)
        bad.answer(time + 16 * PACKET + 5 * MICROSECOND, requests[15].psn)
        again = time + len(requests) * PACKET + TIMEOUT
        for index, request in enumerate(requests[16:]):
            bad.send(again + index * PACKET, request)
        bad.completed += 1
        bad.answer(again + 8 * PACKET + 5 * MICROSECOND, requests[-1].psn)
        time = again + MILLISECOND
    fabric.background(others, time, every=2 * MILLISECOND)
    return fabric.tap


def rnr_storm():
    """The receiver has no buffer: one SEND is refused 50 times in 100 ms (timer 15: 1.92 ms)."""
    fabric = Fabric("rnr-storm", [(1, 2), (1, 2), (3, 2), (3, 4)])
    bad, *others = fabric.connections
    time = START
    for _ in range(50):
        bad.transfer(time, bad.message(SEND, 2048), PACKET)
        time += MILLISECOND
    request = bad.message(SEND, 2048)[0]
    for _ in range(50):
        bad.send(time, request)
        bad.answer(time + bad.round_trip, request.psn, 0x2F)
        time += 2 * MILLISECOND
    time = bad.transfer(time, [request], PACKET)
    for _ in range(50):
        bad.transfer(time, bad.message(SEND, 2048), PACKET)
        time += MILLISECOND
    fabric.background(others, time, every=2 * MILLISECOND)
    return fabric.tap


def cnp_storm():
    """One queue pair gets a CNP every 4 us for 50 ms; one in four of its few packets has CE."""
    fabric = Fabric("cnp-storm", [(1, 2), (1, 2), (3, 2), (3, 4)])
    bad, *others = fabric.connections
    fabric.background(others, 200 * MILLISECOND, every=MILLISECOND)
    fabric.background([bad], 100 * MILLISECOND, every=MILLISECOND)
    time, until = 101 * MILLISECOND, 151 * MILLISECOND
    for count in range(50 * MILLISECOND // (4 * MICROSECOND)):
        bad.notify(time + count * 4 * MICROSECOND)
    while time < until:
        bad.write(time, 65536, 8 * MICROSECOND, marked=range(0, 16, 4))
        time += 16 * 8 * MICROSECOND
    fabric.background([bad], 200 * MILLISECOND, every=MILLISECOND, begin=until + 200 * MICROSECOND)
    return fabric.tap


def ecn_misconfiguration():
    """Three of eight queue pairs send Not-ECT; where ECT is marked, the CNPs carry CE as well."""
    wrong = {"tos": 26 << 2}
    pairs = [(1, 2), (1, 2, wrong), (1, 3), (3, 2, wrong), (3, 4), (4, 1), (4, 2, wrong), (2, 3)]
    fabric = Fabric("ecn-misconfiguration", pairs)
    for connection in fabric.connections:
        time, count = START + fabric.random.randrange(MILLISECOND), 0
        while time < 500 * MILLISECOND:
            marked = (3,) if connection.tos & 3 and count % 10 == 0 else ()
            connection.write(time, 65536, SLOWLY, marked)
            if marked:
                connection.notify(time + 4 * MICROSECOND + 3 * SLOWLY, tos=48 << 2 | CE)
            time += 4 * MILLISECOND
            count += 1
    return fabric.tap


def pfc_storm():
    """Host 2 pauses priority 3 for 400 ms on end: what goes to it stops in a message's middle."""
    fabric = Fabric("pfc-storm", [(1, 2), (3, 2), (3, 4), (4, 1)])
    paused, others = fabric.connections[:2], fabric.connections[2:]
    begin, end = 200 * MILLISECOND, 600 * MILLISECOND
    fabric.background(others, 800 * MILLISECOND, every=2 * MILLISECOND)
    fabric.background(paused, begin - MILLISECOND, every=2 * MILLISECOND)
    for connection in paused:
        requests = connection.message(WRITE, 65536)
        connection.transfer(begin - 3 * SLOWLY, requests[:8], SLOWLY)
        connection.transfer(end + 3 * MICROSECOND, requests[8:], SLOWLY)
    for time in range(begin, end, 250 * MICROSECOND):
        fabric.tap.pause(time, fabric.host(2).mac, 3, 0xFFFF)
    fabric.tap.pause(end, fabric.host(2).mac, 3, 0)
    fabric.background(paused, 800 * MILLISECOND, every=2 * MILLISECOND, begin=end + MILLISECOND)
    return fabric.tap


def incast():
    """32 hosts write 4 KB to one within 100 us, 50 times; half of it has CE. 11 Gb/s at most."""
    pairs = [(number, 100) for number in range(1, 33)] + [(101, 102)]
    fabric = Fabric("incast", pairs, path_mtu=1024)
    senders = fabric.connections[:32]
    for round_number in range(50):
        window = START + round_number * 2 * MILLISECOND
        for place, connection in enumerate(fabric.random.sample(senders, 32)):
            time = window + place * 700
            done = connection.write(time, 4096, 23 * MICROSECOND, marked=(1, 3))
            connection.notify(done + MICROSECOND)
    fabric.background(fabric.connections[32:], 110 * MILLISECOND, every=MILLISECOND)
    return fabric.tap


def microburst():
    """20 times in a second, two hosts send 30 us at 100 Gb/s each to one; 2 % of the link else."""
    fabric = Fabric("microburst", [(1, 3), (2, 3), (1, 3), (2, 3)])
    line = 334
    for index, connection in enumerate(fabric.connections[:2]):
        for burst in range(20):
            connection.write(30 * MILLISECOND + burst * 48 * MILLISECOND + index * 150,
                             90 * 4096, line)
    for index, connection in enumerate(fabric.connections[2:]):
        time = START + index * 17 * MICROSECOND
        while time < SECOND:
            connection.write(time, 65536, 34 * MICROSECOND)
            time += 16 * 34 * MICROSECOND
    return fabric.tap


def corruption():
    """5 packets in 10 s have one bit of payload turned over; the receiver drops and NAKs them."""
    fabric = Fabric("corruption", [(1, 2), (1, 2), (3, 2), (3, 4)], path_mtu=1024, full=True,
                    snap=65535)
    fabric.background(fabric.connections[1:], 10 * SECOND, every=100 * MILLISECOND, size=8192)
    bad, fails = fabric.connections[0], [1000, 3000, 5000, 7000, 9000]
    time = START
    while time < 10 * SECOND:
        if fails and time >= fails[0] * MILLISECOND:
            fails.pop(0)
            requests = bad.message(WRITE, 8192)
            for index, request in enumerate(requests):
                bad.send(time + index * 150, request, damage=200 if index == 4 else None)
            bad.answer(time + 5 * 150 + 3 * MICROSECOND, requests[4].psn, PSN_ERROR)
            bad.transfer(time + 10 * MICROSECOND, requests[4:], 150)
        else:
            bad.write(time, 8192, 150)
        time += 100 * MILLISECOND
    return fabric.tap


def queue_pair_error():
    """A WRITE is refused for its key (NAK 0x62), and its queue pair is never heard of again."""
    fabric = Fabric("queue-pair-error", [(1, 2), (1, 2), (3, 2), (3, 4)])
    bad, *others = fabric.connections
    fabric.background(others, 500 * MILLISECOND, every=2 * MILLISECOND)
    fabric.background([bad], 100 * MILLISECOND, every=2 * MILLISECOND)
    requests = bad.message(WRITE, 65536)
    time = 105 * MILLISECOND
    for index, request in enumerate(requests):
        bad.send(time + index * PACKET, request)
    bad.answer(time + 5 * MICROSECOND, requests[0].psn, REMOTE_ACCESS_ERROR)
    return fabric.tap


ANOMALIES = [go_back_n_storm, silent_drop, timeout_recovery, rnr_storm, cnp_storm,
             ecn_misconfiguration, pfc_storm, incast, microburst, corruption, queue_pair_error]


def written(make):
    return make.__name__.replace("_", "-")


def main():
    import healthy
    import traffic_check
    makers = {written(make): make for make in [*ANOMALIES, healthy.healthy]}
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(makers))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if unknown := set(options.names) - makers.keys():
        parser.error(f"no anomaly is called {', '.join(sorted(unknown))}")
    os.makedirs(options.folder, exist_ok=True)
    wrong = 0
    for each in options.names or makers:
        path = os.path.join(options.folder, each + ".pcap")
        Connection.connections = 0
        makers[each]().write(path)
        wrong += traffic_check.check(path) if options.check else 0
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
