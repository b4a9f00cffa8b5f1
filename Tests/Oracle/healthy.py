# SPDX-License-Identifier: BSD-3-Clause
"""Half an hour of a fabric in which nothing is wrong, and much happens that looks as if it were."""
import random
import struct

import roce_traffic
from roce_traffic import PSN_ERROR, SEND, WRITE, Connection, Host, Tap

MICROSECOND, MILLISECOND, SECOND = 1_000, 1_000_000, 1_000_000_000
LENGTH = 1800 * SECOND
HOSTS, QUEUE_PAIRS, DATAGRAM_FLOWS = 8, 64, 4
GAP = 836  # A packet of 4096 bytes at 40 Gb/s.
# The queue pairs that lose a packet, and when; those that end and are used again, and when.
LOSSES = {3: 300 * SECOND, 17: 900 * SECOND, 30: 1500 * SECOND}
REUSED = {5: [600, 1200], 21: [450], 45: [700], 60: [1000]}


def healthy():
    """64 queue pairs among 8 hosts: 40 write, 10 read, 8 send, 6 add; and 4 flows of datagrams."""
    chance = random.Random(64)
    tap = Tap()
    hosts = [Host(number + 1) for number in range(HOSTS)]
    for index in range(QUEUE_PAIRS):
        source = index % HOSTS
        destination = (source + 1 + index // HOSTS % 3) % HOSTS
        psn = 0xFFFFFF - chance.randrange(50, 2000) if index % 8 == 0 else None
        connection = Connection(tap, hosts[source], hosts[destination],
                                (0x1000 + index, 0x2000 + index), chance, psn=psn,
                                path_mtu=1024 if index % 5 == 4 else 4096)
        live(connection, index, chance)
    for index in range(DATAGRAM_FLOWS):
        datagrams(tap, hosts[index], hosts[index + 4], index, chance)
    return tap


def live(connection, index, chance):
    """One queue pair's half hour; at times it is closed, and opened again a little later."""
    ends = [second * SECOND for second in REUSED.get(index, [])]
    loss = LOSSES.get(index)
    mean = [0.6, 0.9, 0.5, 0.3][kind(index)]
    time = connection.open(index * MILLISECOND) + chance.randrange(SECOND)
    while time < LENGTH:
        if ends and time >= ends[0]:
            ends.pop(0)
            time = connection.close(time) + 1500 * MILLISECOND
            connection.restart()
            time = connection.open(time)
        elif loss and time >= loss:
            loss = None
            lose(connection, time)
        else:
            talk(connection, kind(index), time, chance)
        time += int(chance.expovariate(1 / mean) * SECOND) + 100 * MICROSECOND


def kind(index):
    return 0 if index < 40 else 1 if index < 50 else 2 if index < 58 else 3


def talk(connection, which, time, chance):
    if which == 0:
        write(connection, time, chance)
    elif which == 1:
        connection.read(time, chance.randrange(1, 10 * connection.path_mtu), GAP)
    elif which == 2:
        size = chance.randrange(1, 3 * connection.path_mtu)
        connection.transfer(time, connection.message(SEND, size), GAP)
    else:
        connection.fetch_and_add(time)


def write(connection, time, chance):
    """One WRITE in a hundred is marked once, and one in a hundred has a packet overtaken."""
    requests = connection.message(WRITE, chance.randrange(1, 12 * connection.path_mtu))
    times = [time + index * GAP for index in range(len(requests))]
    marked = chance.randrange(len(requests)) if chance.random() < 0.01 else None
    if chance.random() < 0.01 and len(requests) > 5:
        late = chance.randrange(1, len(requests) - 4)
        times[late] += chance.randrange(1, 4) * GAP + 100
    for index, request in enumerate(requests):
        connection.send(times[index], request, ce=index == marked)
    if marked is not None:
        connection.notify(times[marked] + 4 * MICROSECOND)
    connection.completed += 1
    connection.answer(max(times) + connection.round_trip, requests[-1].psn)


def lose(connection, time):
    """A packet is lost before the tap, two others have passed it when the NAK comes back."""
    requests = connection.message(WRITE, 8 * connection.path_mtu)
    for index, request in enumerate(requests[:7]):
        if index != 4:
            connection.send(time + index * GAP, request)
    connection.answer(time + 5 * GAP + 3 * MICROSECOND, requests[4].psn, PSN_ERROR)
    connection.transfer(time + 7 * GAP + 10 * MICROSECOND, requests[4:], GAP)


def datagrams(tap, source, destination, index, chance):
    time, psn = SECOND, 0
    while time < LENGTH:
        transport = roce_traffic.bth(0x64, 0x3000 + index, psn)
        transport += struct.pack(">II", 0x11111111, 0x3100 + index)
        roce_traffic.ends(tap, time, source, destination, 0xC400 + index, roce_traffic.DATA,
                          transport, 4 * chance.randrange(1, 250))
        psn = (psn + 1) & 0xFFFFFF
        time += int(chance.expovariate(1 / 0.3) * SECOND) + 100 * MICROSECOND
