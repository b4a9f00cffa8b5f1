# SPDX-License-Identifier: BSD-3-Clause
"""Reads a capture of made traffic with tshark and scapy, and prints what it contains."""
import logging
import struct
import subprocess
import zlib

import tshark_roce
from telemetry_tshark import Capture

SAMPLE = 50


def check(path):
    """Prints the sums of a capture; 1 when tshark or scapy finds a fault that is not meant."""
    name = path.rsplit("/", 1)[-1]
    malformed = len(shown(path, "_ws.malformed"))
    pauses = len(shown(path, "macc.opcode == 0x0101"))
    capture = Capture(path)
    directions = [each for each in capture.directions.values() if each.packets]
    whole = list(frames(path))
    bad, checked = invariant_checksums(whole)
    first, last = min(each.first for each in directions), max(each.last for each in directions)
    total = {field: sum(each.facts()[field] for each in directions) for field in (
        "packets", "bytes", "requests", "repeated", "reads_resumed", "missing", "filled_later",
        "never_seen", "restarts", "rewinds", "acks", "rnr_naks", "cnps", "messages")}
    total["longest_rewind"] = max(each.sequence.longest_rewind for each in directions)
    ecn = {field: sum(each.ecn[field] for each in directions) for field in ("not_ect", "ect0", "ce")}
    naks = {}
    for each in directions:
        for code, count in each.naks.items():
            naks[hex(code)] = naks.get(hex(code), 0) + count
    print(f"{name}: {(last - first) / 1e9:.3f} s, {len(whole)} frames, {len(directions)} directions")
    print("  " + " ".join(f"{field}={count}" for field, count in total.items() if count))
    print(f"  ecn={ecn} naks={naks} pauses={pauses}")
    disagreed = scapy_disagrees(whole)
    print(f"  malformed={malformed} ICRC bad={bad} of {checked} whole frames, "
          f"scapy disagrees with {disagreed} of {SAMPLE}")
    meant = 5 if name == "corruption.pcap" else 0
    return int(malformed > 0 or bad != meant or disagreed > meant)


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
