#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Gives `classify` many rules, or rules about huge ranges, and holds the packets that it counts for
each of them against a plain reading of the same rules.

    Tests/Oracle/rules.py SLUICE [--seed N]

Exit status 1 when a rule has other packets, 2 when a table was not built or it took too long.
"""
import argparse
import ipaddress
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
from collections import Counter

# A run with 100,000 rules takes a few seconds; this is where somebody would think that it hangs.
LONGEST = 120


class Packet:
    """A datagram over IPv4 or IPv6, and what rules can ask of it."""

    def __init__(self, source, destination, port, ttl):
        self.source, self.destination = source, destination
        self.port, self.ttl = port, ttl

    def frame(self):
        addresses = self.source.packed + self.destination.packed
        udp = struct.pack("!4H", 4000, self.port, 8, 0)
        if self.source.version == 4:
            ip = struct.pack("!2B3H2BH", 0x45, 0, 28, 1, 0, self.ttl, 17, 0) + addresses
            kind = 0x0800
        else:
            ip = struct.pack("!IHBB", 6 << 28, 8, 17, self.ttl) + addresses
            kind = 0x86DD
        return bytes(6) + bytes(6) + struct.pack("!H", kind) + ip + udp


class Rule:
    """A conjunction: for each field it asks for, the values from one number to another."""

    def __init__(self, version, ranges, words):
        self.version = version
        self.ranges = ranges
        self.words = words

    def matches(self, numbers):
        return self.version == numbers["version"] and all(
            low <= numbers[name] <= high for name, (low, high) in self.ranges.items())


def numbers(packet):
    return {"version": packet.source.version, "source": int(packet.source),
            "destination": int(packet.destination), "port": packet.port, "ttl": packet.ttl}


def exact_rules(generator, count=100_000):
    """One source and one port each, which a dictionary finds."""
    rules = []
    for _ in range(count):
        source = 10 << 24 | generator.randrange(1 << 18)
        port = generator.randrange(16)
        rules.append(Rule(4, {"source": (source, source), "port": (port, port)},
                          f"ip.src == {ipaddress.ip_address(source)} and udp.dst == {port}"))
    packets = [Packet(ipaddress.IPv4Address(10 << 24 | generator.randrange(1 << 18)),
                      ipaddress.IPv4Address(1), generator.randrange(16), 64)
               for _ in range(20_000)]
    for packet, rule in zip(packets, generator.sample(rules, 5000)):
        packet.source = ipaddress.IPv4Address(rule.ranges["source"][0])
        packet.port = rule.ranges["port"][0]
    return rules, packets


def ternary_rules(generator, count=10_000):
    """Blocks of both addresses, ranges of ports, and some of the TTLs."""
    rules = []
    for _ in range(count):
        source, destination = block(generator), block(generator)
        low = generator.randrange(60_000)
        high = low + generator.choice([0, 0, 100, 5000])
        ranges = {"source": ends(source), "destination": ends(destination), "port": (low, high)}
        words = f"ip.src in {source} and ip.dst in {destination} and udp.dst in {low}..{high}"
        if generator.randrange(4) == 0:
            ranges["ttl"] = (32, 64)
            words += " and ip.ttl in 32..64"
        rules.append(Rule(4, ranges, words))
    packets = [Packet(address(generator), address(generator), generator.randrange(65536),
                      generator.choice([1, 32, 64, 65])) for _ in range(300)]
    for rule in generator.sample(rules, 300):
        inside = {name: generator.choice([low, high, generator.randint(low, high)])
                  for name, (low, high) in rule.ranges.items()}
        packets.append(Packet(ipaddress.IPv4Address(inside["source"]),
                              ipaddress.IPv4Address(inside["destination"]), inside["port"],
                              inside.get("ttl", 64)))
    return rules, packets


def huge_ranges(generator, count=200):
    """Ranges that begin and end anywhere in all addresses there are, of either version."""
    rules = []
    for number in range(count):
        version = 4 if number % 2 else 6
        kind = ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address
        bits = 32 if version == 4 else 128
        low, high = sorted(generator.getrandbits(bits) for _ in range(2))
        if number < 20:
            low, high = number // 2, (1 << bits) - 1 - number // 2
        port = sorted(generator.getrandbits(16) for _ in range(2))
        rules.append(Rule(version, {"source": (low, high), "port": tuple(port)},
                          f"ip.src in {kind(low)}..{kind(high)} and "
                          f"udp.dst in {port[0]}..{port[1]}"))
    generator.shuffle(rules)
    packets = []
    for rule in rules * 3:
        low, high = rule.ranges["source"]
        kind = ipaddress.IPv4Address if rule.version == 4 else ipaddress.IPv6Address
        limit = (1 << kind(0).max_prefixlen) - 1
        near = generator.choice([low, high, max(low - 1, 0), min(high + 1, limit)])
        packets.append(Packet(kind(near), kind(1), generator.choice(rule.ranges["port"]), 64))
    return rules, packets


def block(generator):
    length = generator.choice([14, 18, 20, 22, 24, 28, 32])
    return ipaddress.ip_network((int(address(generator)), length), strict=False)


def address(generator):
    return ipaddress.IPv4Address(10 << 24 | generator.randrange(1 << 20))


def ends(network):
    return int(network.network_address), int(network.broadcast_address)


def expected(rules, packets):
    """How many packets each rule has that wins them, by its number."""
    exact = {}
    if all(low == high for rule in rules for low, high in rule.ranges.values()):
        for number, rule in enumerate(rules):
            key = (rule.version, *(low for low, _ in rule.ranges.values()))
            exact.setdefault(key, number)
        names = list(rules[0].ranges)
    counts = Counter()
    for packet in packets:
        has = numbers(packet)
        if exact:
            winner = exact.get((has["version"], *(has[name] for name in names)))
        else:
            winner = next((number for number, rule in enumerate(rules) if rule.matches(has)), None)
        counts[winner] += 1
    return counts


def write_capture(path, packets):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for time, packet in enumerate(packets):
            frame = packet.frame()
            file.write(struct.pack("<4I", 0, time, len(frame), len(frame)) + frame)


PIPELINE = """sluice: 1
ports: {in: "null:", out: "null:"}
pipelines:
  main:
    input: in
    stages:
      - parse
      - classify: {rules: {file: rules.csv}, shown: 1000000}
      - send: out
"""


def found(sluice, folder, rules, packets):
    """The same as `expected`, as Sluice's report has it; and all figures of the stage."""
    with open(os.path.join(folder, "rules.csv"), "w") as file:
        file.write("id,match\n")
        for number, rule in enumerate(rules):
            file.write(f'r{number},"{rule.words}"\n')
    with open(os.path.join(folder, "main.yaml"), "w") as file:
        file.write(PIPELINE)
    write_capture(os.path.join(folder, "in.pcap"), packets)
    run = subprocess.run([sluice, "replay", "main.yaml", "--in", "in=in.pcap", "--json"],
                         cwd=folder, capture_output=True, text=True, timeout=LONGEST)
    if run.returncode != 0:
        sys.exit(f"sluice ended with status {run.returncode}: {run.stderr}")
    stages = json.loads(run.stdout)["pipelines"][0]["stages"]
    figures = next(stage["figures"] for stage in stages if stage["stage"] == "classify")
    counts = Counter({None: figures["no rule matched"]})
    for name, value in figures.items():
        if name.endswith(": packets"):
            counts[int(name[1:-len(": packets")])] = value
    return +counts, figures


def many_classes(sluice, folder):
    """As many classes as there may be, and more."""
    for count, is_accepted in [(4095, True), (20_000, False)]:
        with open(os.path.join(folder, "rules.csv"), "w") as file:
            file.write("match,class\n")
            for number in range(20_000):
                file.write(f"udp.dst == {number},c{number % count}\n")
        run = subprocess.run([sluice, "check", "main.yaml"], cwd=folder, capture_output=True,
                             text=True, timeout=LONGEST)
        said = "more than 4095 classes" in run.stdout + run.stderr
        if (run.returncode == 0) != is_accepted or said == is_accepted:
            print(f"20000 rules of {count} classes: status {run.returncode}\n{run.stderr[:2000]}")
            return False
        print(f"20000 rules of {count} classes: {'taken' if is_accepted else 'refused'}")
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sluice")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sluice = os.path.abspath(options.sluice)
    good = True
    for name, make in [("exact rules", exact_rules), ("ternary rules", ternary_rules),
                       ("huge ranges", huge_ranges)]:
        rules, packets = make(random.Random(options.seed))
        with tempfile.TemporaryDirectory() as folder:
            try:
                counts, figures = found(sluice, folder, rules, packets)
            except subprocess.TimeoutExpired:
                sys.exit(f"{name}: not done after {LONGEST} s")
            if figures["rules asked one by one"] or not figures["bytes of memory"]:
                print(f"{name}: not all are in tables: {figures['rules asked one by one']} are not")
                sys.exit(2)
            wanted = expected(rules, packets)
            differing = [number for number in counts | wanted if counts[number] != wanted[number]]
            for number in differing[:5]:
                words = "no rule" if number is None else rules[number].words
                print(f"{name}: {counts[number]} packets for {wanted[number]}: {words}")
            good = good and not differing
            print(f"{len(rules)} {name}: {len(packets)} packets, {len(wanted)} rules with packets, "
                  f"{figures['bytes of memory']} bytes, {len(differing)} differ")
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "main.yaml"), "w") as file:
            file.write(PIPELINE)
        good = many_classes(sluice, folder) and good
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
