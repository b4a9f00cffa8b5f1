#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Which packets were lost between the two places where a capture was taken, packet by packet.

    induced_losses.py CLIENT.pcap SERVER.pcap   matches the frames of both, prints what is missing
    induced_losses.py CAPTURE                   says what one side alone can know

The client is the host that the first TCP SYN, CM request or RoCE request of the capture comes from.
Two sides give the truth. A lost request shows to the receiving side as a gap only when a later PSN
arrives before a copy of it: that is `gap`, and the rest is `no_gap` (the end of a message that a
timeout brings again, a copy of what had arrived already). Gaps are counted in PSNs: a READ request
takes as many as its response has packets. `telemetry_tshark.py` over the receiving side must find
as many `missing`, which is checked here (exit status 1).

One side alone knows less. Losses on the way to it leave gaps in the identification of IPv4, which
Linux counts up for each pair of hosts; but a sender that was idle for 4 ms or more skips some by
chance, and a busy one a few, so this is a hint (a sender's own side shows how many are chance). Of
the losses on the way from it, it knows those that a NAK told of, and no others.
"""
import collections
import json
import struct
import sys

import tshark_roce
from sequences import signed, used
from telemetry_tshark import Capture, name

IDLE = 4_000_000


def frames(path):
    """The bytes of each frame of a pcap, in which ECN and the header checksum do not matter."""
    with open(path, "rb") as file:
        order = "<" if file.read(4)[:1] in (b"\xd4", b"\x4d") else ">"
        file.read(20)
        while len(header := file.read(16)) == 16:
            yield masked(file.read(struct.unpack(order + "4I", header)[2]))


def masked(frame):
    offset = 18 if frame[12:14] == b"\x81\x00" else 14
    if frame[offset:offset + 1] == b"\x45":
        octet = bytes([frame[offset + 1] & 0xFC])
        return (frame[:offset + 1] + octet + frame[offset + 2:offset + 10] + frame[offset + 12:])
    if frame[offset:offset + 1] and frame[offset] >> 4 == 6:
        return frame[:offset + 1] + bytes([frame[offset + 1] & 0xCF]) + frame[offset + 2:]
    return frame


def matched(sent, sent_frames, got, got_frames):
    """Whether each packet sent was got: what is got comes in the order in which it was sent."""
    waiting = collections.defaultdict(collections.deque)
    for packet in got:
        waiting[got_frames[packet.number - 1]].append(packet)
    arrived = []
    for packet in sent:
        copies = waiting[sent_frames[packet.number - 1]]
        arrived.append(bool(copies))
        if copies:
            copies.popleft()
    unexplained = sum(len(copies) for copies in waiting.values())
    return arrived, unexplained


def losses(sent, arrived, path_mtu):
    """What was lost of one direction, and which of its PSNs the receiver saw jumped over."""
    result = {"sent": len(sent), "lost": arrived.count(False), "by_opcode": collections.Counter(),
              "packets": [], "gap_psns": 0, "gap": 0, "no_gap": 0}
    for index, (packet, came) in enumerate(zip(sent, arrived)):
        if came:
            continue
        result["by_opcode"][f"{packet.opcode:#04x}"] += 1
        psns = covered(packet, path_mtu)
        jumped = len(shown(psns, sent, arrived, index, path_mtu)) if packet.is_request else 0
        result["gap_psns"] += jumped
        if packet.is_request:
            result["gap" if jumped else "no_gap"] += 1
        result["packets"].append({"frame": packet.number, "psn": packet.psn,
                                  "opcode": packet.opcode, "gap": bool(jumped)})
    return result


def covered(packet, path_mtu):
    read = packet.operation == tshark_roce.READ_REQUEST
    count = used(packet.read_length, path_mtu or 4096) if read else 1
    return {(packet.psn + step) & 0xFFFFFF for step in range(count)}


def shown(psns, sent, arrived, index, path_mtu):
    """Those PSNs that no copy brought before, and that a later PSN passes before a copy does."""
    wanted = set(psns)
    for packet, came in zip(sent[:index], arrived[:index]):
        if came and packet.is_request:
            # What came before and lies beyond has passed it already, or has shown it already.
            wanted = {psn for psn in wanted if signed(psn - packet.psn) > 0}
            wanted -= covered(packet, path_mtu)
    passed = set()
    for packet, came in zip(sent[index + 1:], arrived[index + 1:]):
        if came and packet.is_request:
            wanted -= covered(packet, path_mtu)
            beyond = {psn for psn in wanted if signed(packet.psn - psn) > 0}
            passed |= beyond
            wanted -= beyond
    return passed


def both_sides(client, server):
    sides = [(Capture(path), list(frames(path))) for path in (client, server)]
    hosts = sender_of(sides[0][0].packets)
    report, status = {}, 0
    for (one, one_frames), (other, other_frames), which in (
            (sides[0], sides[1], True), (sides[1], sides[0], False)):
        sent = [p for p in one.packets if (p.mac == hosts) == which]
        got = [p for p in other.packets if (p.mac == hosts) == which]
        arrived, unexplained = matched(sent, one_frames, got, other_frames)
        for each in sorted({name(packet) for packet in sent}):
            chosen = [index for index, packet in enumerate(sent) if name(packet) == each]
            facts = losses([sent[i] for i in chosen], [arrived[i] for i in chosen],
                           one.directions[each].path_mtu)
            facts["receiver_missing"] = other.directions[each].sequence.missing
            facts["unexplained"] = unexplained
            status |= facts["receiver_missing"] != facts["gap_psns"] or unexplained > 0
            report[each] = facts
    return report, status


def sender_of(packets):
    return next(packet.mac for packet in packets
                if packet.is_request or (packet.cm and "request" in packet.cm))


def one_side(path):
    capture = Capture(path)
    report = {}
    by_source = collections.defaultdict(list)
    for packet in capture.packets:
        if packet.identification is not None:
            by_source[packet.source, packet.destination].append(packet)
    for ends, packets in by_source.items():
        certain = doubtful = 0
        for before, after in zip(packets, packets[1:]):
            skipped = (after.identification - before.identification - 1) & 0xFFFF
            if skipped and after.time - before.time < IDLE:
                certain += skipped if skipped < 0x8000 else 0
            elif skipped < 0x8000:
                doubtful += skipped
        report[">".join(ends)] = {"packets": len(packets), "identifications_skipped": certain,
                                  "skipped_after_idle_4ms": doubtful}
    for each, direction in sorted(capture.directions.items()):
        if direction.packets and direction.requests:
            report[each] = told(capture, each, direction)
    return report


def told(capture, each, direction):
    naks = {packet.psn for packet in capture.packets
            if name(packet) == direction.peer and packet.syndrome == 0x60}
    responses = capture.directions[direction.peer].responses if direction.peer else None
    return {"requests": direction.requests, "repeated": direction.sequence.repeated,
            "gaps_here": direction.sequence.missing, "psns_that_naks_name": sorted(naks),
            "lost_after_here_at_least": len(naks),
            "read_response_psns_lost_before_here_at_least": responses and responses.missing}


def main():
    paths = sys.argv[1:]
    if len(paths) not in (1, 2) or paths[0].startswith("-"):
        sys.exit(__doc__)
    report, status = both_sides(*paths) if len(paths) == 2 else (one_side(paths[0]), 0)
    json.dump(report, sys.stdout, indent=1)
    print()
    sys.exit(status)


if __name__ == "__main__":
    main()
