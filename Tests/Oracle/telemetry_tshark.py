#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What there is to know of every direction of every queue pair in a capture, by tshark's reading.

    telemetry_tshark.py CAPTURE                       prints it as JSON
    telemetry_tshark.py CAPTURE --against REPORT.json compares it with a report of Sluice
    telemetry_tshark.py --index INDEX.tsv             compares the sums with an index of captures

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
import os
import sys

import tshark_roce
from tshark_roce import ACKNOWLEDGE, CNP, ENDS, READ_REQUEST, READ_RESPONSES

RESTART = 1 << 20
ECN = ["not_ect", "ect1", "ect0", "ce"]
MTUS = [256, 512, 1024, 2048, 4096]


class Sequence:
    """The PSNs of one direction, unwrapped: they grow beyond 2^24."""

    def __init__(self):
        self.next = None
        self.seen, self.holes = set(), set()
        self.inside_reads = set()
        self.missing = self.filled = self.repeated = self.inside = self.before_first = 0
        self.never_seen = self.restarts = self.rewinds = self.longest_rewind = 0
        self.rewound = 0

    def start(self, psn):
        self.end()
        self.restarts += self.next is not None and bool(self.seen)
        self.seen, self.holes, self.inside_reads = set(), set(), set()
        self.next = psn

    def end(self):
        self.never_seen += len(self.holes)

    def take(self, psn, count):
        """Takes a request that uses `count` PSNs; True when it was not seen before."""
        distance = 0 if self.next is None else signed(psn - self.next)
        if self.next is None or abs(distance) >= RESTART:
            self.start(psn)
            distance = 0
        extended = self.next + distance
        if extended in self.seen:
            self.repeat()
            return False
        self.seen.add(extended)
        self.inside_reads.update(range(extended + 1, extended + count))
        if distance >= 0:
            self.holes.update(range(self.next, extended))
            self.missing += distance
            self.next = extended + count
            self.rewound = 0
        elif extended in self.holes:
            filled = self.holes & set(range(extended, extended + count))
            self.holes -= filled
            self.filled += len(filled)
            self.next = max(self.next, extended + count)
        elif extended in self.inside_reads:
            self.inside += 1
        else:
            self.before_first += 1
        return True

    def repeat(self):
        self.repeated += 1
        self.rewinds += self.rewound == 0
        self.rewound += 1
        self.longest_rewind = max(self.longest_rewind, self.rewound)


class Responses:
    """READ responses to one side of a queue pair, with and without knowing what was asked."""

    def __init__(self):
        self.packets = self.missing = self.filled = self.repeated = self.unfinished = 0
        self.seen, self.holes, self.next = set(), set(), None
        self.asked, self.answered = set(), set()

    def take(self, operation, psn):
        self.packets += 1
        if psn in self.asked:
            self.answered.add(psn)
        if psn in self.seen:
            self.repeated += 1
        elif psn in self.holes:
            self.holes.discard(psn)
            self.filled += 1
        self.seen.add(psn)
        starts = operation in (0x0D, 0x10)
        if starts:
            self.unfinished += self.next is not None
        elif self.next is not None and 0 < signed(psn - self.next) < RESTART:
            jumped = {(self.next + step) & 0xFFFFFF for step in range(signed(psn - self.next))}
            self.missing += len(jumped - self.seen - self.holes)
            self.holes |= jumped - self.seen
        self.next = None if operation in (0x0F, 0x10) else (psn + 1) & 0xFFFFFF

    def ask(self, psn, count):
        """What is asked for again, after so many packets that PSNs wrapped, is a new question."""
        self.asked.update((psn + step) & 0xFFFFFF for step in range(count))


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
        unanswered = responses.asked - responses.answered
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
                "never_seen": len(responses.holes), "unfinished": responses.unfinished,
                "asked": len(responses.asked) if self.peer else None,
                "unanswered": len(unanswered) if self.peer else None},
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
            direction.responses.next = None

    def facts(self):
        return {each: direction.facts() for each, direction in sorted(self.directions.items())
                if direction.packets}


def used(length, path_mtu):
    return max(1, -(-(length or 0) // path_mtu))


def signed(difference):
    return ((difference + (1 << 23)) & 0xFFFFFF) - (1 << 23)


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


def check_index(path):
    """Compares the sums over each capture with the counts in an index; the number of failures."""
    failures = 0
    with open(path, encoding="utf-8") as file:
        columns = file.readline().rstrip("\n").split("\t")
        for line in file:
            row = dict(zip(columns, line.rstrip("\n").split("\t")))
            facts = Capture(os.path.join(os.path.dirname(path), row["file"])).facts().values()
            found, said = sums(facts), index_counts(row)
            wrong = {field: (said.get(field, 0), found.get(field, 0))
                     for field in said.keys() | found.keys()
                     if said.get(field, 0) != found.get(field, 0)}
            failures += bool(wrong)
            print(row["file"], "as indexed" if not wrong else
                  "; ".join(f"{field}: index {a}, found {b}" for field, (a, b) in wrong.items()))
    return failures


def sums(facts):
    total = collections.Counter()
    for each in facts:
        for code, n in each["opcodes"].items():
            total[f"opcode {int(code):#04x}"] += n
        for field, n in each["ecn"].items():
            total[field] += n
        for code, n in each["naks"].items():
            total[f"nak {code}"] += n
        total["rnr"] += each["rnr_naks"]
        total["repeated"] += each["repeated"]
    return +total


def index_counts(row):
    names = """SEND_FIRST SEND_MIDDLE SEND_LAST SEND_LAST_IMM SEND_ONLY SEND_ONLY_IMM WRITE_FIRST
        WRITE_MIDDLE WRITE_LAST WRITE_LAST_IMM WRITE_ONLY WRITE_ONLY_IMM READ_REQUEST
        READ_RESP_FIRST READ_RESP_MIDDLE READ_RESP_LAST READ_RESP_ONLY ACK ATOMIC_ACK CMP_SWAP
        FETCH_ADD - SEND_LAST_INV SEND_ONLY_INV""".split()
    base = {"RC": 0, "UC": 0x20, "UD": 0x60}
    codes = {f"{kind}_{operation}": f"opcode {start + code:#04x}" for kind, start in base.items()
             for code, operation in enumerate(names)}
    codes |= {"CNP": "opcode 0x81", "REQUEST_PSN_REPEATED": "repeated", "RNR_NAK": "rnr",
              "NAK_PSN_SEQUENCE_ERROR": "nak 0x60", "NAK_INVALID_REQUEST": "nak 0x61",
              "NAK_REMOTE_ACCESS_ERROR": "nak 0x62", "NAK_REMOTE_OPERATIONAL_ERROR": "nak 0x63",
              "not-ECT": "not_ect", "ECT0": "ect0", "ECT1": "ect1", "CE": "ce"}
    words = f"{row['opcodes']} {row['responses_and_cm']} {row['ecn']}".split()
    pairs = [word.split("=") for word in words]
    return {codes[field]: int(n) for field, n in pairs if field in codes}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("capture", nargs="?")
    parser.add_argument("--against", metavar="REPORT.json")
    parser.add_argument("--index", metavar="INDEX.tsv")
    options = parser.parse_args()
    if options.index:
        sys.exit(check_index(options.index) > 0)
    if not options.capture:
        parser.error("name a capture, or an index of captures")
    ours = Capture(options.capture).facts()
    if not options.against:
        json.dump(ours, sys.stdout, indent=2)
        print()
        return
    with open(options.against, encoding="utf-8") as file:
        theirs = json.load(file)
    lines = list(differences(ours, theirs))
    print("\n".join(lines) or f"{len(ours)} directions agree")
    sys.exit(bool(lines))


if __name__ == "__main__":
    main()
