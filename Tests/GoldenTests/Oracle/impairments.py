# SPDX-License-Identifier: BSD-3-Clause
"""What `impair` may do to packets: what was written is held against what was read."""
from dataclasses import replace

import icrc
from pauses import figures
from rules import rule
from scapy.all import IP, UDP


def number(packet):
    """The PSN of a RoCE packet."""
    layers = packet.layers
    if UDP in layers and layers[UDP].dport == 4791:
        return int.from_bytes(bytes(layers[UDP].payload)[9:12], "big")
    return None


@rule("impair-plan")
def plan(case):
    host, drops, comments, listed = [], [], [], [13441138, 13441138, 13441150]
    seen = 0
    for packet in case.inputs():
        reason = None
        if number(packet) in listed:
            listed.remove(number(packet))
            reason = "impaired-psn"
        elif IP not in packet.layers or UDP not in packet.layers:
            seen += 1
            reason = "impaired-every" if seen % 5 == 0 else None
        (drops if reason else host).append(packet)
        comments += [reason] if reason else []
    found = [text.split(": ")[1] for text in case.comments("drops.pcapng")]
    assert found == comments, (found, comments)
    assert len(comments) == 11, comments
    return {"host": host, "drops": drops}


def without_mark(old, new):
    """The new packet as if it had not been marked, and whether it was."""
    if IP in old.layers and old.layers[IP].tos & 3 in (1, 2) and new.data[15] & 3 == 3:
        data = bytearray(new.data)
        data[15] = old.data[15]
        data[24:26] = old.data[24:26]
        return bytes(data), True
    return new.data, False


@rule("impair-chance")
def chance(case):
    """Some are lost, some have another bit and a bad ICRC, some of those that may be are marked."""
    written = {packet.time: packet for packet in case.written("host.pcapng")}
    lost = {packet.time for packet in case.written("drops.pcapng")}
    host, drops, flipped, marked = [], [], 0, 0
    for packet in case.inputs():
        if packet.time in lost:
            drops.append(packet)
            continue
        new = written[packet.time]
        data, is_marked = without_mark(packet, new)
        bits = [bin(a ^ b).count("1") for a, b in zip(packet.data, data)]
        assert sum(bits) <= 1 and len(data) == len(packet.data), packet.time
        if sum(bits):
            flipped += 1
            if number(packet) is not None:
                assert icrc.stored(new.data) != icrc.value(new.data), packet.time
                assert bits.index(1) >= 14 + 20 + 8 + 12
        if is_marked:
            marked += 1
            clean = IP(bytes(packet.layers[IP]))
            clean.tos |= 3
            del clean.chksum
            assert new.data[14:34] == bytes(clean)[:20], packet.time
        host.append(replace(packet, data=new.data))
    found = figures(case, "impair")
    counted = {"corrupted": flipped, "marked CE": marked}
    assert {name: found[name] for name in counted} == counted, (found, counted)
    assert found["lost"] + found["lost in bursts"] == len(drops) and len(drops) > 20, found
    assert flipped > 20 and marked > 20, counted
    return {"host": host, "drops": drops}


@rule("impair-delay")
def delay(case):
    """By its address each packet is known again: 30 to 70 us late, or 500 us later still."""
    inputs = case.inputs()
    by_data = {packet.data: packet for packet in inputs}
    host = case.written("host.pcapng")
    times = {packet.data: packet.time for packet in host}
    assert len(by_data) == len(inputs) and sorted(times) == sorted(by_data)
    # All leave in the order of time, and a copy when its packet does.
    assert [p.time for p in host] == sorted(p.time for p in host)
    copies = len(host) - len(times)
    assert all(times[packet.data] == packet.time for packet in host)
    assert max(sum(p.data == data for p in host) for data in times) == 2
    waits = {data: time - by_data[data].time for data, time in times.items()}
    assert all(30_000 <= wait <= 70_000 or 530_000 <= wait <= 570_000 for wait in waits.values())
    # Those that nothing overtakes keep their order.
    punctual = [data for data in times if waits[data] < 500_000]
    arrivals = [by_data[data].time for data in punctual]
    assert arrivals == sorted(arrivals)
    late = len(times) - len(punctual)
    found = figures(case, "impair")
    assert found == {"delayed": len(punctual), "reordered": late, "duplicated": copies}, found
    assert 2 <= late <= 30 and 5 <= copies <= 40, found
    # Jitter is no constant, though packets 1 us apart wait for those before them.
    assert len({waits[data] for data in punctual}) > 50
    return {"host": host}
