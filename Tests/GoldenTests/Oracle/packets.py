# SPDX-License-Identifier: BSD-3-Clause
"""Packets of captures, and what scapy makes of them when fields change."""
import logging
import struct
from dataclasses import dataclass, replace

import icrc

logging.getLogger("scapy").setLevel(logging.ERROR)
from scapy.all import (  # noqa: E402
    CookedLinux, CookedLinuxV2, Ether, ICMP, IP, IPv6, Loopback, Raw,
    RawPcapNgReader, RawPcapReader, TCP, UDP, bind_layers)
from scapy.layers.inet6 import _ICMPv6  # noqa: E402

# scapy knows the number that IPv6 has on Linux; captures have those of BSD.
bind_layers(Loopback, IPv6, type=30)

FIRST = {1: Ether, 101: IP, 113: CookedLinux, 276: CookedLinuxV2, 0: Loopback}


@dataclass(frozen=True)
class Packet:
    data: bytes
    time: int
    length: int
    link: int = 1

    @property
    def layers(self):
        """What scapy reads in it."""
        if self.link == 101 and self.data[:1] >= b"\x60":
            return IPv6(self.data)
        return FIRST[self.link](self.data) if self.link in FIRST else Raw(self.data)

    def grown(self, data):
        """The packet with other bytes, and a length on the wire that is as much longer."""
        return replace(self, data=bytes(data), length=self.length + len(data) - len(self.data))

    def cut(self, count):
        return replace(self, data=self.data[:count])


def read(path):
    """The packets of a pcap or pcapng file, as scapy reads it."""
    with open(path, "rb") as file:
        is_next_generation = file.read(4) == b"\x0a\x0d\x0d\x0a"
    if is_next_generation:
        return [next_generation(data, meta) for data, meta in RawPcapNgReader(path)]
    reader = RawPcapReader(path)
    unit = 1 if reader.nano else 1000
    if reader.linktype == 197:
        return [from_erf(data) for data, _ in reader]
    return [Packet(data, meta.sec * 10**9 + meta.usec * unit, meta.wirelen, reader.linktype)
            for data, meta in reader]


def from_erf(record):
    """The packet of an ERF record: Ethernet (type 2) or InfiniBand (type 21)."""
    fraction, seconds = struct.unpack("<II", record[:8])
    kind, wire = record[8] & 0x7F, int.from_bytes(record[14:16], "big")
    start = 16 + (2 if kind == 2 else 0)
    time = seconds * 10**9 + (fraction * 10**9 + 2**31 >> 32)
    return Packet(record[start:start + wire], time, wire, 1 if kind == 2 else 247)


def next_generation(data, meta):
    ticks = meta.tshigh << 32 | meta.tslow
    return Packet(data, ticks * 10**9 // meta.tsresol, meta.wirelen, meta.linktype)


def edited(packet, change):
    """The packet after `change` of its scapy layers, with the checksums that follow from it.

    A transport checksum that was right is computed by scapy over the whole packet. One that was
    wrong, or covers bytes that are not there, changes by as much as what it covers (RFC 1624).
    """
    old, new = packet.layers, packet.layers
    change(new)
    for layer in (IP,):
        if layer in new:
            del new[layer].chksum
    data = bytes(new)
    if packet.link == 1:
        data = icrc.followed(packet.data, data)
    new = new.__class__(data)
    old_transport, transport = transport_of(old), transport_of(new)
    if transport is None or is_absent(old_transport):
        return packet.grown(bytes(new))
    if is_right(old):
        del_checksum(transport)
    else:
        set_checksum(transport, incremental(old, new))
    return packet.grown(bytes(new))


def transport_of(layers):
    for kind in (TCP, UDP, ICMP):
        if kind in layers and not getattr(layers.getlayer(IP), "frag", 0):
            return layers[kind]
    return next((layer for layer in chain(layers) if isinstance(layer, _ICMPv6)), None)


def chain(layers):
    while layers:
        yield layers
        layers = layers.payload


def name_of(transport):
    return "cksum" if isinstance(transport, _ICMPv6) else "chksum"


def checksum(transport):
    return getattr(transport, name_of(transport))


def is_absent(transport):
    return transport is None or isinstance(transport, UDP) and not transport.chksum


def del_checksum(transport):
    delattr(transport, name_of(transport))


def set_checksum(transport, value):
    setattr(transport, name_of(transport), value)


def is_right(layers):
    """Whether scapy computes the checksum that the transport header has."""
    copy = layers.__class__(bytes(layers))
    if IP in copy and (copy[IP].flags.MF or copy[IP].frag or copy[IP].len > len(copy[IP])):
        return False
    if IPv6 in copy and copy[IPv6].plen > len(copy[IPv6].payload):
        return False
    del_checksum(transport_of(copy))
    return bytes(copy) == bytes(layers)


def covered(layers):
    """What a transport checksum covers and a change of fields can reach, as 16-bit words."""
    network = layers[IP] if IP in layers else layers[IPv6]
    addresses = bytes(network)[12:20] if IP in layers else bytes(network)[8:40]
    transport = transport_of(layers)
    if isinstance(transport, ICMP):
        addresses = b""
    fixed = bytearray(bytes(transport))
    place = {UDP: 6, TCP: 16}.get(type(transport), 2)
    fixed[place:place + 2] = b"\0\0"
    data = addresses + bytes(fixed)
    data += bytes(len(data) % 2)
    return [data[i] << 8 | data[i + 1] for i in range(0, len(data), 2)]


def incremental(old, new):
    total = ~checksum(transport_of(old)) & 0xFFFF
    for before, after in zip(covered(old), covered(new)):
        total += (~before & 0xFFFF) + after
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    value = ~total & 0xFFFF
    return 0xFFFF if value == 0 and isinstance(transport_of(new), UDP) else value
