# SPDX-License-Identifier: BSD-3-Clause
"""The rows of the table, and the devices that packets come from and go to."""

import pathlib
from dataclasses import replace

from . import frames, rules
from .growth import Growth
from .making import WithoutMaking
from .measurement import Case, Source

OUTPUT = pathlib.Path(__file__).resolve().parent.parent.parent / "out/benchmark"

BASELINE = Case("io", "testpmd", "io")

TESTPMD = [
    Case("macswap", "testpmd", "macswap"),
    Case("io", "testpmd", "io", burst=32),
    Case("macswap", "testpmd", "macswap", burst=32),
]

SEND = Case("send", "sluice", "send", target=5)
PARSE = Case("parse, send", "sluice", "parse")
SET_MAC = Case("parse, set MACs, send", "sluice", "set-mac", target=30)
# Of which marking may cost 15 cycles more than `parse, send` while nothing is marked.
MARK_ECN = Case("parse, mark-ecn, send", "sluice", "mark-ecn")
EIGHT_COUNTS = Case("8 × count, send", "sluice", "eight-counts")

EXACT, PREFIX, TERNARY = "exact match of", "blocks of", "ranges and bits of"
RULES = {each.name: each for each in (
    rules.RuleSet(name, kind, count, table, OUTPUT / f"rules-{kind}-{count}.csv")
    for name, kind, count, table in (
        ("exact 100", "exact", 100, EXACT),
        ("exact 1,024", "exact", 1024, EXACT),
        ("exact 100,000", "exact", 100_000, EXACT),
        ("prefix 1,000", "prefix", 1000, PREFIX),
        ("ternary 10", "ternary", 10, TERNARY),
        ("ternary 10,000", "ternary", 10_000, TERNARY),
        ("ternary 10,000 grouped", "grouped", 10_000, TERNARY),
    ))}
CLASSIFY = [Case(f"parse, classify {name}, send", "sluice", "classify", rules=each,
                 target=35 if name == "prefix 1,000" else None) for name, each in RULES.items()]

# What the stage `classify` may cost with many rules, as a multiple of its cost with few.
GROWTHS = [
    Growth(PARSE, *(next(case for case in CLASSIFY if case.rules.name == name) for name in names),
           goal)
    for *names, goal in (
        ("exact 100", "exact 100,000", 1.5),
        ("exact 1,024", "exact 100,000", 1.5),
        ("ternary 10", "ternary 10,000", 3),
        ("ternary 10", "ternary 10,000 grouped", 3),
    )]

# Packets of null: are zeros behind an Ethernet header: parse takes its way for unusual packets,
# and there is no field of IP to read or write. The target is for packets with headers.
WITHOUT_HEADERS = [SEND, PARSE, replace(SET_MAC, target=None), EIGHT_COUNTS]
WITH_HEADERS = [
    SEND,
    PARSE,
    SET_MAC,
    Case("parse, set DSCP, send", "sluice", "set-dscp"),
    Case("parse, guarded count, send", "sluice", "guard"),
    Case("parse, map-priority, send", "sluice", "map-priority"),
    Case("parse, meter, send", "sluice", "meter"),
    MARK_ECN,
    EIGHT_COUNTS,
    Case("parse, 8 × idle count, send", "sluice", "eight-idle"),
    *CLASSIFY,
]

# With as many flows as are asked for.
WITH_FLOWS = [
    SEND,
    PARSE,
    Case("parse, track-qps, send", "sluice", "track-qps", target=50),
    Case("parse, track-qps, dcqcn-rp, send", "sluice", "dcqcn-rp", target=110),
]

# Traffic that Sluice makes itself, so that sequence numbers go on, and that has no buffers of its
# own: what is beyond the caches are the tables.
WRITES = Case("making writes, send", "sluice", "writes")
MADE = [
    (Case("parse, send", "sluice", "writes-parse"), None, None),
    (Case("parse, track-qps, send", "sluice", "writes-track-qps"), 50, None),
    (Case("parse, track-qps, roce-telemetry, send", "sluice", "writes-telemetry"), None, None),
    (Case("flagship", "sluice", "writes-flagship"), 100, 104),
]
WITH_WRITES = [SEND, WRITES, *(case for case, *_ in MADE)]
WITHOUT_MAKING = [WithoutMaking(case, WRITES, SEND, *goals) for case, *goals in MADE]

PIPELINES = list(dict.fromkeys(case.mode for case in WITH_HEADERS + WITH_FLOWS + WITH_WRITES))


def null():
    return Source(
        "null to null",
        (f"net_null0,size={frames.SIZE}", "net_null1,no-rx=1"),
        (f"null:size={frames.SIZE}", "null:no-rx"))


def endless_capture(path):
    return Source(
        "endless capture to null",
        (f"net_pcap0,rx_pcap={path},infinite_rx=1", "net_null1,no-rx=1"),
        (f"pcap:in={path},infinite", "null:no-rx"))


def many_flows(path, flows):
    """As many packets as flows; the driver keeps each in a buffer of its own."""
    devices = endless_capture(path)
    return replace(
        devices, name=f"endless capture of {flows} flows", buffers=flows + 8192,
        settings=(("capacity", max(flows, 65536)),))


def made_writes(bits, message):
    """Between null devices, packets become writes of so many queue pairs before they are parsed."""
    packets = "each packet a message" if message == 1 else f"messages of {message} packets"
    return replace(
        null(), name=f"null to null, writes of {1 << bits} queue pairs, {packets}",
        settings=(("capacity", 1 << bits), ("bits", bits), ("message", message)),
        program="benchmark-nic", warm_up=0.5)
