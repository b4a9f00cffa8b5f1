#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What there is to know of every direction of every queue pair in a capture, by tshark's reading.

    telemetry_tshark.py CAPTURE                       prints it as JSON
    telemetry_tshark.py CAPTURE --against REPORT.json compares it with a report of Sluice

A direction is named "source>destination/0xQP", the queue pair being the destination's. Exit status
1 when something differs. What the words mean:

requests      packets of RC, UC or XRC that take a PSN from the direction's sequence
repeated      requests whose PSN was seen before, since the sequence last started
reads_resumed READ requests that start inside an earlier one: a retry of its later part
before_first  requests with PSNs before the first one that was captured
missing       PSNs that the sequence jumped over; a READ takes as many as its response has packets
filled_later  those of them that came afterwards; never_seen: those that did not
restarts      a new connection made by the CM, or a jump of 2^20 PSNs or more
rewinds       times that the sequence went back to PSNs seen before
messages      Last, Only, READ and atomic requests, each PSN counted once; a datagram is one

What cannot be known: how many PSNs a READ takes, where no path MTU shows ("path_mtu" null; 4096 is
taken); READ responses asked for and never seen, where the peer is not known ("peer" null). Packets
with a bad ICRC are counted like all others: tshark does not check it.
"""
import argparse
import collections
import json
import sys

import telemetry_report
import tshark_roce
from sequences import Responses, Sequence, signed, used
from tshark_roce import ACKNOWLEDGE, CNP, ENDS, READ_REQUEST, READ_RESPONSES

ECN = ["not_ect", "ect1", "ect0", "ce"]
MTUS = [256, 512, 1024, 2048, 4096]


class Direction:
    def __init__(self):
        self.packets = self.bytes = self.ack_requests = self.acks = self.cnps = self.messages = 0
        self.requests = 0
        self.opcodes, self.naks, self.timers = (collections.Counter() for _ in range(3))
        self.ecn, self.dscp = collections.Counter(), collections.Counter()
        self.vlans = set()
        self.sequence, self.responses = Sequence(), Responses()
        self.path_mtu = self.path_mtu_from = self.peer = self.first = None
        self.last = None

    def count(self, packet):
        self.packets += 1
        self.bytes += packet.length
        self.first = self.first or packet.time
        self.last = packet.time
        self.opcodes[packet.opcode] += 1
        self.ack_requests += packet.ack_request
        self.cnps += packet.opcode == CNP
        if packet.ecn is not None:
            self.ecn[ECN[packet.ecn]] += 1
            self.dscp[packet.dscp] += 1
        if packet.vlan:
            self.vlans.add(packet.vlan)
        if packet.is_response and packet.operation == ACKNOWLEDGE:
            self.acknowledge(packet.syndrome)

    def acknowledge(self, syndrome):
        if syndrome is None:
            return
        kind = syndrome >> 5
        if kind == 0:
            self.acks += 1
        elif kind == 1:
            self.timers[syndrome & 0x1F] += 1
        elif kind == 3:
            self.naks[syndrome] += 1

    def facts(self):
        sequence, responses = self.sequence, self.responses
        return {
            "packets": self.packets, "bytes": self.bytes,
            "opcodes": {str(code): n for code, n in sorted(self.opcodes.items())},
            "ecn": {name: self.ecn[name] for name in ECN},
            "dscp": {str(code): n for code, n in sorted(self.dscp.items())},
            "ack_requests": self.ack_requests, "acks": self.acks, "cnps": self.cnps,
            "naks": {hex(code): n for code, n in sorted(self.naks.items())},
            "rnr_naks": sum(self.timers.values()),
            "rnr_timers": {str(code): n for code, n in sorted(self.timers.items())},
            "messages": self.messages, "requests": self.requests,
            "repeated": sequence.repeated, "reads_resumed": sequence.inside,
            "before_first": sequence.before_first,
            "missing": sequence.missing, "filled_later": sequence.filled,
            "never_seen": sequence.never_seen, "restarts": sequence.restarts,
            "rewinds": sequence.rewinds, "longest_rewind": sequence.longest_rewind,
            "read_responses": {
                "packets": responses.packets, "repeated": responses.repeated,
                "missing": responses.missing, "filled_later": responses.filled,
                "never_seen": responses.never_seen, "unfinished": responses.unfinished,
                "asked": responses.asked if self.peer else None,
                "unanswered": responses.unanswered if self.peer else None},
            "path_mtu": self.path_mtu, "path_mtu_from": self.path_mtu_from, "peer": self.peer,
            "vlans": sorted(self.vlans), "first_ns": self.first, "last_ns": self.last}


class Capture:
    """Reads a capture twice: for the pairs and path MTUs, and then for what went over them."""

    def __init__(self, path):
        self.packets = list(tshark_roce.packets(path))
        self.directions = collections.defaultdict(Direction)
        self.pair()
        self.learn_path_mtus()
        self.connections = {}
        for packet in self.packets:
            self.take(packet)
        for direction in self.directions.values():
            direction.sequence.end()
            direction.responses.end()

    def pair(self):
        """Pairs directions by CM, or by the PSNs that responses have in common with requests."""
        asked, requests, votes = {}, {}, collections.defaultdict(collections.Counter)
        told = {}
        for packet in self.packets:
            ends = (packet.source, packet.destination)
            if packet.cm and "request" in packet.cm:
                requests[(packet.source, packet.cm["request"])] = packet.cm
            elif packet.cm and (request := requests.get((packet.destination, packet.cm["to"]))):
                one = key(packet.source, packet.destination, request["queue_pair"])
                other = key(packet.destination, packet.source, packet.cm["queue_pair"])
                told[one], told[other] = other, one
            elif packet.is_request:
                asked.setdefault(ends, {}).setdefault(packet.psn, set()).add(packet.queue_pair)
            elif packet.is_response:
                for queue_pair in asked.get(ends[::-1], {}).get(packet.psn, ()):
                    votes[name(packet)][key(*ends[::-1], queue_pair)] += 1
        for response, candidates in votes.items():
            best = candidates.most_common(1)[0][0]
            self.directions[response].peer = best
            self.directions[best].peer = self.directions[best].peer or response
        for one, other in told.items():
            self.directions[one].peer = other

    def learn_path_mtus(self):
        for packet in self.packets:
            direction = self.directions[name(packet)]
            if (packet.reliable_class and packet.operation in tshark_roce.FIRST_OR_MIDDLE
                    and packet.payload in MTUS):
                direction.path_mtu, direction.path_mtu_from = packet.payload, "payload"
        for packet in self.packets:
            if packet.cm and packet.cm.get("path_mtu"):
                self.mtu_of_connection(packet)
        for direction in list(self.directions.values()):
            if direction.path_mtu is None and direction.peer:
                peer = self.directions[direction.peer]
                direction.path_mtu = peer.path_mtu
                direction.path_mtu_from = "peer" if peer.path_mtu else None
        self.learn_from_reads()

    def mtu_of_connection(self, packet):
        one = key(packet.destination, packet.source, packet.cm["queue_pair"])
        for side in (one, self.directions[one].peer):
            if side and self.directions[side].path_mtu is None:
                self.directions[side].path_mtu = packet.cm["path_mtu"]
                self.directions[side].path_mtu_from = "cm"

    def learn_from_reads(self):
        """The PSN after a READ tells how many it took, when just one path MTU explains it."""
        before = {}
        for packet in self.packets:
            direction = self.directions[name(packet)]
            if direction.path_mtu is None and packet.is_request:
                if last := before.get(name(packet)):
                    fits = [mtu for mtu in MTUS
                            if signed(packet.psn - last.psn) == used(last.read_length, mtu) > 1]
                    if len(fits) == 1:
                        direction.path_mtu, direction.path_mtu_from = fits[0], "psn after read"
                before[name(packet)] = packet if packet.operation == READ_REQUEST else None

    def take(self, packet):
        direction = self.directions[name(packet)]
        direction.count(packet)
        if packet.cm:
            self.connect(packet)
        if packet.is_request:
            direction.requests += 1
            count = self.psns(packet, direction)
            is_new = direction.sequence.take(packet.psn, count)
            direction.messages += is_new and packet.operation in ENDS
            if packet.operation == READ_REQUEST and direction.peer:
                self.directions[direction.peer].responses.ask(packet.psn, count)
        elif packet.is_response and packet.operation in READ_RESPONSES:
            direction.responses.take(packet.operation, packet.psn)
        elif not packet.reliable_class and packet.opcode & 0xE0 == 0x60:
            direction.messages += 1

    def psns(self, packet, direction):
        if packet.operation != READ_REQUEST:
            return 1
        return used(packet.read_length, direction.path_mtu or max(MTUS))

    def connect(self, packet):
        """Both sides say which PSN is the first that comes to their queue pair."""
        said = key(packet.destination, packet.source, packet.cm["queue_pair"])
        what = tuple(sorted((k, v) for k, v in packet.cm.items() if v is not None))
        if self.connections.get(said) != what:
            self.connections[said] = what
            direction = self.directions[said]
            direction.sequence.start(packet.cm["psn"])
            if direction.peer:
                responses = self.directions[direction.peer].responses
                responses.end()
                responses.start()

    def facts(self):
        return {each: direction.facts() for each, direction in sorted(self.directions.items())
                if direction.packets}


def key(source, destination, queue_pair):
    return f"{source}>{destination}/{queue_pair:#x}"


def name(packet):
    return key(packet.source, packet.destination, packet.queue_pair)


def differences(ours, theirs):
    """Yields a line for all that two reports, by "source>destination/QP", say differently.

    Compared is what both know: a field that theirs lacks is not, a direction that one lacks is.
    """
    ours, theirs = ({normal(each): facts for each, facts in side.items()}
                    for side in (ours, theirs))
    for each in sorted(ours.keys() | theirs.keys()):
        if each not in theirs or each not in ours:
            yield f"{each}: only in {'tshark' if each in ours else 'Sluice'}"
        else:
            yield from (f"{each}: {line}" for line in unlike(ours[each], theirs[each], ""))


def unlike(one, other, path):
    if isinstance(one, dict) and isinstance(other, dict):
        # In a table of counts, what is not listed is zero; in facts, it is not known.
        counts = all(isinstance(value, int) for value in [*one.values(), *other.values()])
        fields = one.keys() | other.keys() if counts else one.keys() & other.keys()
        for field in sorted(fields):
            yield from unlike(one.get(field, 0), other.get(field, 0), f"{path}{field} ")
    elif one != other:
        yield f"{path}is {other}, by tshark {one}"


def normal(each):
    ends, queue_pair = each.rsplit("/", 1)
    return f"{ends}/{int(queue_pair, 0):#x}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("capture")
    parser.add_argument("--against", metavar="REPORT.json")
    options = parser.parse_args()
    ours = Capture(options.capture).facts()
    if not options.against:
        json.dump(ours, sys.stdout, indent=2)
        print()
        return
    with open(options.against, encoding="utf-8") as file:
        theirs = telemetry_report.directions(json.load(file))
    ours = {each: telemetry_report.comparable(facts) for each, facts in ours.items()}
    lines = telemetry_report.differences(ours, theirs)
    print("\n".join(lines) or f"{len(ours)} directions agree")
    sys.exit(bool(lines))


if __name__ == "__main__":
    main()
