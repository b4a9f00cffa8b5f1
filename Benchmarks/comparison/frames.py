# SPDX-License-Identifier: BSD-3-Clause
"""The capture that is forwarded: RoCEv2 writes of 82 bytes, each of a flow of its own."""

import random
import struct
import zlib

SIZE = 82
FLOWS = 1024


def write(path, flows=FLOWS):
    """Writes one frame for each flow, the same bytes every time; many flows come in no order."""
    order = list(range(flows))
    if flows != FLOWS:
        random.Random(flows).shuffle(order)
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for flow in order:
            frame = make(flow)
            file.write(struct.pack("<IIII", flow // 1_000_000, flow, len(frame), len(frame)))
            file.write(frame)


def read(path):
    """The frames of a capture in the machine's byte order, without their times."""
    frames = []
    with open(path, "rb") as file:
        file.read(24)
        while len(header := file.read(16)) == 16:
            length = struct.unpack("=IIII", header)[2]
            frame = file.read(length)
            if len(frame) == length:
                frames.append(frame)
    return frames


def make(flow):
    """Source address, UDP source port (the flow's entropy), queue pair and PSN differ by flow."""
    source = struct.pack(">BBH", 10, 0, 256 + flow % 4096)
    destination = bytes([10, 1, 0, 1])
    transport = write_only(queue_pair=0x100 + flow, sequence=flow * 7 & 0xFFFFFF)
    udp = struct.pack(">HHHH", 0xC000 + flow % 8192, 4791, 8 + len(transport) + 4, 0)
    ip = ipv4(source, destination, payload=len(udp) + len(transport) + 4)
    check = invariant_checksum(ip, udp, transport)
    ethernet = bytes.fromhex("020000000001" "020000000002" "0800")
    return ethernet + ip + udp + transport + check


def write_only(queue_pair, sequence):
    """An RDMA WRITE Only of eight bytes: BTH, RETH, data."""
    bth = struct.pack(">BBHII", 0x0A, 0x40, 0xFFFF, queue_pair, 0x80000000 | sequence)
    reth = struct.pack(">QII", 0x7F0000000000 + sequence * 8, 0x1234, 8)
    return bth + reth + struct.pack(">Q", sequence)


def ipv4(source, destination, payload):
    """ECT(0), don't fragment, a right header checksum."""
    fields = struct.pack(">BBHHHBBH", 0x45, 0x02, 20 + payload, 0, 0x4000, 64, 17, 0)
    header = fields + source + destination
    total = sum(struct.unpack(">10H", header))
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    return header[:10] + struct.pack(">H", total ^ 0xFFFF) + header[12:]


def invariant_checksum(ip, udp, transport):
    """The ICRC: what routers change counts as ones (InfiniBand volume 1, annex A17.3.3)."""
    ones = b"\xff"
    masked_ip = ip[:1] + ones + ip[2:8] + ones + ip[9:10] + ones * 2 + ip[12:]
    masked_udp = udp[:6] + ones * 2
    masked_transport = transport[:4] + ones + transport[5:]
    return struct.pack("<I", zlib.crc32(ones * 8 + masked_ip + masked_udp + masked_transport))
