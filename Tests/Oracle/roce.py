#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes RoCE packets of every opcode with scapy, and holds what `sluice inspect` reads in them
against what went into them.

    Tests/Oracle/roce.py SLUICE [--count N] [--seed N]

scapy builds Ethernet, VLAN, IP, UDP, GRH, BTH and AETH, and computes the ICRC over IPv4. That over
IPv6 and GRH, which Debian's scapy does not know, is zlib's here, and the other extension headers
are packed here, by the tables of the InfiniBand specification. One packet in 16 has a bit of its
payload turned over, and one in 16 is cut, after which the ICRC must be bad, or unverifiable.
Exit status 1 when a field differs.
"""
import argparse
import logging
import os
import random
import struct
import subprocess
import sys
import tempfile
import zlib

logging.getLogger("scapy").setLevel(logging.ERROR)
from scapy.all import Dot1Q, Ether, IP, IPv6, Raw, UDP  # noqa: E402
from scapy.contrib.roce import AETH, BTH, GRH  # noqa: E402

SEND = ["SEND_FIRST", "SEND_MIDDLE", "SEND_LAST", "SEND_LAST_IMM", "SEND_ONLY", "SEND_ONLY_IMM"]
WRITE = ["WRITE_FIRST", "WRITE_MIDDLE", "WRITE_LAST", "WRITE_LAST_IMM", "WRITE_ONLY",
         "WRITE_ONLY_IMM"]
READ = ["READ_REQUEST", "READ_RESP_FIRST", "READ_RESP_MIDDLE", "READ_RESP_LAST", "READ_RESP_ONLY"]
NAMES = SEND + WRITE + READ + ["ACK", "ATOMIC_ACK", "CMP_SWAP", "FETCH_ADD", "RESYNC",
                               "SEND_LAST_INV", "SEND_ONLY_INV"]
OPERATIONS = {**dict(enumerate(NAMES)), 0x1C: "FLUSH", 0x1D: "ATOMIC_WRITE"}
CLASSES = {
    "RC": (0x00, set(OPERATIONS) - {0x15}),
    "UC": (0x20, set(range(0x0C))),
    "RD": (0x40, set(range(0x16)) | {0x1C}),
    "UD": (0x60, {4, 5}),
    "XRC": (0xA0, set(range(0x18)) - {0x15}),
}
RESPONSES = range(0x0D, 0x13)
COLUMNS = ["bth.opcode", "bth.se", "bth.migreq", "bth.pad", "bth.pkey", "bth.fecn", "bth.becn",
           "bth.dest_qp", "bth.ackreq", "bth.psn", "rdeth.ee_context", "deth.qkey", "deth.src_qp",
           "xrceth.srq", "reth.va", "reth.rkey", "reth.length", "atomiceth.va", "atomiceth.rkey",
           "atomiceth.swap", "atomiceth.compare", "aeth.syndrome", "aeth.msn", "atomicacketh.data",
           "immdt.data", "ieth.rkey", "feth.selectivity", "feth.placement", "roce.payload",
           "ip.src", "ip.dst", "ip.ecn", "udp.src", "vlan.id", "grh.sgid", "roce.icrc"]
ECN = ["Not-ECT", "ECT(1)", "ECT(0)", "CE"]


def opcodes():
    yield 0x81, "CNP"
    for name, (base, operations) in CLASSES.items():
        for operation in sorted(operations):
            yield base + operation, f"{name}_{OPERATIONS[operation]}"


def sealed(frame, rdma):
    """The frame with the ICRC of what lies from its GRH or IPv6 header on, up to `rdma` from the
    end: Annexes A16 and A17 of the InfiniBand specification."""
    start = frame.index(b"\x89\x15") + 2 if b"\x89\x15" in frame[12:18] else 0
    is_old = start > 0
    start = start or frame.index(b"\x86\xdd") + 2
    covered = bytearray(frame[start:-4])
    transport = len(frame) - start - rdma
    covered[0] |= 0x0F
    for index in (1, 2, 3, 7, transport + 4) + (() if is_old else (46, 47)):
        covered[index] = 0xFF
    value = zlib.crc32(b"\xff" * 8 + bytes(covered))
    return frame[:-4] + struct.pack("<I", value)


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.opcodes = list(opcodes())

    def bits(self, count):
        return self.random.getrandbits(count)

    def extensions(self, opcode, name):
        """The extension headers as bytes, and their fields as text."""
        kind, operation = name.split("_", 1)[0], opcode & 0x1F
        data, fields = b"", {}

        def add(form, **values):
            nonlocal data
            data += struct.pack(form, *values.values())
            fields.update((key.replace("__", "."), value) for key, value in values.items())

        if name == "CNP":
            return bytes(16), {}
        if kind == "RD":
            add(">I", rdeth__ee_context=self.bits(24))
        if operation not in RESPONSES:
            if kind in ("RD", "UD"):
                add(">II", deth__qkey=self.bits(32), deth__src_qp=self.bits(24))
            if kind == "XRC":
                add(">I", xrceth__srq=self.bits(24))
        if operation == 0x1C:
            selectivity, placement = self.bits(2), self.bits(4)
            data += struct.pack(">I", selectivity << 4 | placement)
            fields.update({"feth.selectivity": selectivity, "feth.placement": placement})
        if operation in (0x06, 0x0A, 0x0B, 0x0C, 0x1C, 0x1D):
            add(">QII", reth__va=self.bits(64), reth__rkey=self.bits(32), reth__length=self.bits(32))
        if operation in (0x13, 0x14):
            add(">QIQQ", atomiceth__va=self.bits(64), atomiceth__rkey=self.bits(32),
                atomiceth__swap=self.bits(64), atomiceth__compare=self.bits(64))
        if operation in (0x0D, 0x0F, 0x10, 0x11, 0x12):
            syndrome, msn = self.bits(8), self.bits(24)
            data += bytes(AETH(syndrome=syndrome, msn=msn))
            fields.update({"aeth.syndrome": syndrome, "aeth.msn": msn})
        if operation == 0x12:
            add(">Q", atomicacketh__data=self.bits(64))
        if operation in (0x03, 0x05, 0x09, 0x0B):
            add(">I", immdt__data=self.bits(32))
        if operation in (0x16, 0x17):
            add(">I", ieth__rkey=self.bits(32))
        return data, fields

    def packet(self, number):
        """A frame, its length on the wire, and the fields that it has."""
        opcode, name = self.opcodes[number % len(self.opcodes)]
        extensions, fields = self.extensions(opcode, name)
        size = 0 if name in ("CNP", "RC_ACK", "XRC_ACK", "RD_ACK") else self.random.randrange(100)
        padding = -size % 4
        values = dict(
            opcode=opcode, solicited=self.bits(1), migreq=self.bits(1), padcount=padding,
            pkey=self.bits(16), fecn=self.bits(1), becn=self.bits(1), ackreq=self.bits(1),
            # Not QP 1, which has messages of its own.
            dqpn=2 + self.bits(23), psn=self.bits(24))
        payload = self.random.randbytes(size)
        rdma = BTH(**values) / Raw(extensions + payload + bytes(padding))
        frame, around = self.wrapped(rdma)
        frame = bytes(frame)
        if "." not in around.get("ip.src", ""):
            frame = sealed(frame, len(bytes(rdma)))
        fields.update({
            "bth.opcode": name, "bth.se": values["solicited"], "bth.migreq": values["migreq"],
            "bth.pad": padding, "bth.pkey": values["pkey"], "bth.fecn": values["fecn"],
            "bth.becn": values["becn"], "bth.dest_qp": values["dqpn"],
            "bth.ackreq": values["ackreq"], "bth.psn": values["psn"], "roce.payload": size,
            "roce.icrc": "good", **around})
        return self.damaged(bytearray(frame), fields, size, padding)

    def wrapped(self, rdma):
        """BTH in RoCEv2 over IPv4 or IPv6, or in RoCEv1; perhaps behind a tag."""
        fields, link = {}, Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
        if self.bits(1):
            fields["vlan.id"] = self.bits(12)
            link = link / Dot1Q(vlan=fields["vlan.id"])
        form = self.random.randrange(5)
        if form == 0:
            address = ":".join(f"{self.bits(16) | 0x1000:x}" for _ in range(8))
            fields["grh.sgid"] = address
            if link.haslayer(Dot1Q):
                link[Dot1Q].type = 0x8915
            else:
                link.type = 0x8915
            return link / GRH(
                ipver=6, tclass=self.bits(8), flowlabel=self.bits(20), nexthdr=0x1B,
                paylen=len(bytes(rdma)), hoplmt=self.bits(8),
                sgid=int(address.replace(":", ""), 16), dgid=self.bits(128)) / rdma, fields
        ecn, port = self.bits(2), self.bits(16)
        fields.update({"ip.ecn": ECN[ecn], "udp.src": port})
        if form < 3:
            network = IP(src="10.0.0.1", dst="10.0.0.2", tos=self.bits(6) << 2 | ecn,
                         ttl=self.bits(8), id=self.bits(16))
            fields.update({"ip.src": "10.0.0.1", "ip.dst": "10.0.0.2"})
        else:
            network = IPv6(src="fd00::1", dst="fd00::2", tc=self.bits(6) << 2 | ecn,
                           fl=self.bits(20), hlim=self.bits(8))
            fields.update({"ip.src": "fd00::1", "ip.dst": "fd00::2"})
        return link / network / UDP(sport=port, dport=4791, chksum=0) / rdma, fields

    def damaged(self, frame, fields, size, padding):
        length, damage = len(frame), self.random.randrange(16)
        if damage == 0 and size > 0:
            at = length - 4 - padding - size + self.random.randrange(size)
            frame[at] ^= 1 << self.random.randrange(8)
            fields["roce.icrc"] = "bad"
        elif damage == 1:
            frame = frame[:length - 1 - self.random.randrange(min(size + padding + 4, 8))]
            fields["roce.icrc"] = "unverifiable"
        return bytes(frame), length, fields


def write(path, packets):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for number, (frame, length, _) in enumerate(packets):
            file.write(struct.pack("<IIII", number, 0, len(frame), length) + frame)


def same(text, value):
    """Whether Sluice's text means the value that went in."""
    if value is None:
        return text == ""
    if text in ("true", "false"):
        return (text == "true") == bool(value)
    if isinstance(value, int):
        return text != "" and int(text, 0) == value
    return text == value


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("sluice")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    maker = Maker(options.seed)
    packets = [maker.packet(number) for number in range(options.count)]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "roce.pcap")
        write(path, packets)
        words = [options.sluice, "inspect", path, "--tsv", "--fields", ",".join(COLUMNS)]
        output = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    lines = output.splitlines()
    header, rows = lines[0].split("\t"), [line.split("\t") for line in lines[1:]]
    places = [header.index(column) for column in COLUMNS]
    if len(rows) != len(packets):
        sys.exit(f"sluice printed {len(rows)} packets of {len(packets)}")
    wrong = 0
    for number, (row, (_, _, fields)) in enumerate(zip(rows, packets), 1):
        for column, place in zip(COLUMNS, places):
            if not same(row[place], fields.get(column)):
                wrong += 1
                print(f"packet {number}: {column} is {row[place] or 'absent'}, "
                      f"scapy put {fields.get(column, 'nothing')} there ({fields['bth.opcode']})")
    kinds = len({fields["bth.opcode"] for _, _, fields in packets})
    print(f"{len(packets)} packets of {kinds} opcodes, {len(COLUMNS)} fields each: {wrong} differ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
