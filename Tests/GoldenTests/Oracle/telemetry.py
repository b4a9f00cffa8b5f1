# SPDX-License-Identifier: BSD-3-Clause
"""What `roce-telemetry` counts, counted in the bytes of each packet."""
import json
import os

from rules import rule
from scapy.all import IP, UDP


REQUESTS = {*range(0x0D), 0x13, 0x14, 0x16, 0x17}
ENDS = {0x02, 0x03, 0x04, 0x05, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x13, 0x14, 0x16, 0x17}
PATH_MTU = 1024
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def numbers(opcode, data):
    """The sequence numbers of a request: a read takes those of its response."""
    return max(-(-int.from_bytes(data[24:28]) // PATH_MTU), 1) if opcode == 0x0C else 1


def count(packets):
    """The figures that follow from opcodes, sequence numbers and syndromes alone."""
    seen, counts = set(), {}

    def add(name, value=1):
        counts[name] = counts.get(name, 0) + value

    for packet in packets:
        ip, udp = packet.layers.getlayer(IP), packet.layers.getlayer(UDP)
        if udp is None or udp.dport != 4791:
            continue
        data = bytes(udp.payload)
        opcode, sequence = data[0], int.from_bytes(data[9:12])
        pair = ip.dst, data[5:8]
        add("packets")
        add("bytes", len(packet.data))
        if opcode in REQUESTS:
            if (pair, sequence) in seen:
                add("repeated")
                continue
            seen.update((pair, sequence + n) for n in range(numbers(opcode, data)))
            add("messages", opcode in ENDS)
            add("rx_read_requests", opcode == 0x0C)
            add("rx_atomic_requests", opcode in (0x13, 0x14))
        elif opcode == 0x11:
            add("acks", data[12] >> 5 == 0)
            add("packet_seq_err", data[12] == 0x60)
        else:
            add("wire_read_responses")
    return counts


@rule("telemetry")
def telemetry(case):
    with open(os.path.join(ROOT, "Cases", case.name, "expected", "report.json")) as file:
        stages = json.load(file)["pipelines"][0]["stages"]
    figures = next(s["figures"] for s in stages if s["stage"] == "roce-telemetry")
    figures["repeated"] = (figures.get("wire_retransmitted_packets", 0)
                           + figures.get("wire_duplicate_packets", 0))
    packets = case.inputs()
    for name, value in count(packets).items():
        assert figures.get(name, 0) == value, (name, figures.get(name), value)
    return {"host": packets, "drops": []}
