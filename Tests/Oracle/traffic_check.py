# SPDX-License-Identifier: BSD-3-Clause
"""Reads a capture of made traffic with tshark and scapy, and prints what it contains."""
import collections
import logging
import struct
import subprocess
import zlib

import tshark_roce
from telemetry_tshark import Capture

SAMPLE = 50


SUMS = """packets bytes requests messages repeated rewinds missing filled_later never_seen
          reads_resumed restarts acks rnr_naks cnps""".split()


def check(path):
    """Prints the sums of a capture; 1 when tshark or scapy finds a fault that is not meant."""
    name = path.rsplit("/", 1)[-1]
    malformed = len(shown(path, "_ws.malformed"))
    pauses = len(shown(path, "macc.opcode == 0x0101"))
    capture = Capture(path)
    whole = list(frames(path))
    bad, checked = invariant_checksums(whole)
    disagreed = scapy_disagrees(whole)
    print(f"{name}: {len(whole)} frames")
    print("  " + ", ".join(f"{field} {count}" for field, count in sums(capture).items() if count))
    print("  " + ", ".join(f"{field} {count}" for field, count in rates(capture.packets).items()))
    print(f"  PFC frames {pauses}, malformed {malformed}, "
          f"ICRC bad {bad} of {checked} whole frames; scapy "
          f"disagrees with {disagreed} of {SAMPLE}")
    meant = 5 if name == "corruption.pcap" else 0
    return int(malformed > 0 or bad != meant or disagreed > meant)


def sums(capture):
    directions = [each for each in capture.directions.values() if each.packets]
    facts = [each.facts() for each in directions]
    total = {field: sum(each[field] for each in facts) for field in SUMS}
    total["longest_rewind"] = max(each["longest_rewind"] for each in facts)
    for each in facts:
        for code, count in each["naks"].items():
            total["NAK " + code] = total.get("NAK " + code, 0) + count
        for mark, count in each["ecn"].items():
            total[mark] = total.get(mark, 0) + count
    first, last = min(each.first for each in directions), max(each.last for each in directions)
    return {"seconds": f"{(last - first) / 1e9:.3f}", "directions": len(directions), **total}


def rates(packets):
    """The most that came in a short time: what thresholds have to lie above, or below."""
    bits, tap, sources, cnps, second = (collections.Counter() for _ in range(5))
    met = set()
    for packet in packets:
        to, time = packet.destination, packet.time
        bits[to, time // 10_000] += packet.length * 8
        tap[time // 10_000] += packet.length * 8
        second[to, time // 10**9] += packet.length * 8
        if (to, time // 100_000, packet.source) not in met:
            met.add((to, time // 100_000, packet.source))
            sources[to, time // 100_000] += 1
        if packet.opcode == tshark_roce.CNP:
            cnps[to, packet.queue_pair, time // 1_000_000] += 1
    return {"Gb/s to one host in its busiest 10 us": round(most(bits) / 10_000, 1),
            "over the tap": round(most(tap) / 10_000, 1),
            "to one host in a second": round(most(second) / 1e9, 3),
            "most sources to one host in 100 us": most(sources),
            "most CNPs to one queue pair in 1 ms": most(cnps)}


def most(counts):
    return max(counts.values(), default=0)


def shown(path, display_filter):
    disabled = [word for each in tshark_roce.protocols() if each not in tshark_roce.WANTED
                for word in ("--disable-protocol", each)]
    command = ["tshark", "-n", "-r", path, "-Y", display_filter, "-T", "fields", "-e",
               "frame.number", *disabled]
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout.split()


def frames(path):
    with open(path, "rb") as file:
        file.read(24)
        while len(header := file.read(16)) == 16:
            _, _, captured, length = struct.unpack("<4I", header)
            yield file.read(captured), length


def invariant_checksums(whole):
    """How many ICRCs are wrong of those frames that are captured whole."""
    bad = checked = 0
    for frame, length in whole:
        if len(frame) == length and frame[12:14] == b"\x08\x00":
            ones = b"\xff"
            masked = (ones * 8 + frame[14:15] + ones + frame[16:22] + ones + frame[23:24]
                      + ones * 2 + frame[26:40] + ones * 2 + frame[42:46] + ones + frame[47:])
            # Over what ends in its own checksum, CRC-32 leaves this residue.
            bad += zlib.crc32(masked) != 0x2144DF1C
            checked += 1
    return bad, checked


def scapy_disagrees(whole):
    logging.getLogger("scapy").setLevel(logging.ERROR)
    from scapy.all import Ether
    from scapy.contrib.roce import BTH
    wrong = 0
    chosen = [frame for frame, length in whole
              if len(frame) == length and frame[12:14] == b"\x08\x00"]
    for frame in chosen[::max(1, len(chosen) // SAMPLE)][:SAMPLE]:
        packet = Ether(frame)
        packet[BTH].icrc = None
        wrong += bytes(packet) != frame
    return wrong
