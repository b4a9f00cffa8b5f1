#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes the captures of Inputs/ (or of a folder that is named): always the same bytes."""
import logging
import os
import struct
import sys

logging.getLogger("scapy").setLevel(logging.ERROR)
sys.dont_write_bytecode = True
import connections  # noqa: E402
import pauses  # noqa: E402
import tunnels  # noqa: E402
from scapy.all import (  # noqa: E402
    ARP, Dot1AD, Dot1Q, Ether, ICMP, ICMPv6EchoRequest, IP, IPOption_NOP, IPv6, IPv6ExtHdrFragment,
    IPv6ExtHdrHopByHop, IPv6ExtHdrRouting, LLC, Dot3, PadN, Raw, TCP, UDP)

PLACE = sys.argv[1] if len(sys.argv) > 1 and __name__ == "__main__" else os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "Inputs")
START = 1_700_000_000_123_456_789
A, B = "02:00:00:00:00:0a", "02:00:00:00:00:0b"


def write(name, packets, link=1, step=1_001, snap=None):
    """pcap with nanoseconds; packets are layers, bytes, or (bytes, original length, time)."""
    with open(os.path.join(PLACE, name), "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, link))
        for number, packet in enumerate(packets):
            time, length = START + number * step, None
            if isinstance(packet, tuple):
                packet, length, time = packet
            data = bytes(packet)
            length = length or len(data)
            kept = data[:snap]
            file.write(struct.pack("<IIII", time // 10**9, time % 10**9, len(kept), length) + kept)


def ethernet(source=A, target=B):
    return Ether(src=source, dst=target)


def ip4(**more):
    return IP(src="10.1.0.1", dst="10.2.0.2", ttl=64, id=0x1234, **more)


def ip6(**more):
    return IPv6(src="2001:db8::1", dst="2001:db8::2", hlim=64, fl=0x12345, **more)


def broken(packet):
    """The packet with its transport checksum off by one."""
    packet = packet.__class__(bytes(packet))
    packet.lastlayer(Raw).underlayer.chksum ^= 1
    return packet


def zero_sum():
    """A UDP packet whose checksum comes out as 0 and is sent as 0xffff."""
    packet = ethernet() / ip4() / UDP(sport=4000, dport=4001) / Raw(b"\0\0")
    short = Ether(bytes(packet))[UDP].chksum
    return ethernet() / ip4() / UDP(sport=4000, dport=4001) / Raw(struct.pack(">H", short))


def roce():
    transport = struct.pack(">BBHII", 0x0A, 0x40, 0xFFFF, 0x11, 0x80000007) + bytes(16)
    return ethernet() / ip4(tos=0x02, flags="DF") / UDP(sport=49152, dport=4791, chksum=0) / Raw(
        transport + b"payload." * 8 + b"ICRC")


def mixed():
    """One packet of each kind that the parser knows."""
    tags = Dot1Q(vlan=100, prio=3)
    fragment = ip4(flags="MF") / UDP(sport=1, dport=2, len=1400) / Raw(b"f" * 64)
    return [
        ethernet() / ip4() / UDP(sport=1000, dport=2000) / Raw(b"even"),
        ethernet() / ip4() / UDP(sport=1000, dport=2000) / Raw(b"odd"),
        ethernet() / ip4() / UDP(sport=1000, dport=2000, chksum=0) / Raw(b"no checksum"),
        zero_sum(),
        broken(ethernet() / ip4() / UDP(sport=1000, dport=2000) / Raw(b"wrong checksum")),
        ethernet() / ip4(tos=0x03) / TCP(sport=1000, dport=80, flags="S", options=[("MSS", 1460)]),
        ethernet() / ip4() / TCP(sport=80, dport=1000, flags="PAU", seq=7, ack=9) / Raw(b"tcp!!"),
        ethernet() / ip4() / ICMP(id=1, seq=1) / Raw(b"ping"),
        ethernet() / fragment,
        ethernet() / ip4(frag=100, proto=17) / Raw(b"last part"),
        ethernet() / ip4(options=[IPOption_NOP()] * 4) / UDP(sport=5, dport=6) / Raw(b"options"),
        roce(),
        ethernet() / ip6(tc=0x02) / UDP(sport=1000, dport=2000) / Raw(b"six"),
        ethernet() / ip6() / TCP(sport=1000, dport=2000, flags="FA") / Raw(b"tcp six"),
        ethernet() / ip6() / ICMPv6EchoRequest(id=1, seq=1, data=b"ping six"),
        ethernet() / ip6() / IPv6ExtHdrHopByHop(options=[PadN(optdata=b"\0\0\0\0")])
        / UDP(sport=7, dport=8) / Raw(b"hop by hop"),
        ethernet() / ip6() / IPv6ExtHdrRouting(type=0, segleft=1, addresses=["2001:db8::9"])
        / UDP(sport=9, dport=10) / Raw(b"source routed"),
        ethernet() / ip6() / IPv6ExtHdrFragment(offset=100, m=0, id=5, nh=17) / Raw(b"last part"),
        ethernet() / ARP(hwsrc=A, psrc="10.1.0.1", pdst="10.2.0.2"),
        ethernet() / ARP(op=2, hwsrc=B, psrc="10.2.0.2", hwdst=A, pdst="10.1.0.1") / Raw(bytes(18)),
        ethernet() / tags / ip4() / UDP(sport=1000, dport=2000) / Raw(b"tagged"),
        ethernet() / tags / ip6() / TCP(sport=1000, dport=2000, flags="A"),
        ethernet() / Dot1AD(vlan=200, prio=5, id=1) / Dot1Q(vlan=300) / ip4()
        / UDP(sport=1000, dport=2000) / Raw(b"two tags"),
        ethernet() / tags / ARP(hwsrc=A, psrc="10.1.0.1", pdst="10.2.0.2"),
        Ether(src=A, dst="01:80:c2:00:00:0e", type=0x88CC) / Raw(b"\x02\x07\x04" + bytes(30)),
        Dot3(src=A, dst="01:80:c2:00:00:00", len=38) / LLC(dsap=0x42, ssap=0x42, ctrl=3)
        / Raw(bytes(35) + bytes(8)),
    ]


def patched(packet, place, new):
    data = bytearray(bytes(packet))
    data[place:place + len(new)] = new
    return bytes(data)


def malformed():
    """One packet for each name that a malformation of an Ethernet packet has, in their order."""
    udp4 = bytes(ethernet() / ip4() / UDP(sport=1, dport=2) / Raw(b"12345678"))
    udp6 = bytes(ethernet() / ip6() / UDP(sport=1, dport=2) / Raw(b"12345678"))
    tcp4 = bytes(ethernet() / ip4() / TCP() / Raw(b"12345678"))
    tags = Dot1Q(vlan=1) / Dot1Q(vlan=2) / Dot1Q(vlan=3) / Dot1Q(vlan=4) / Dot1Q(vlan=5)
    jumbo = bytes([59, 0, 0xC2, 4, 0, 1, 0, 0])
    deep = ip6(nh=0, plen=10 * 8) / Raw(bytes([60, 0, 1, 4, 0, 0, 0, 0]) * 10)
    return [
        ("ethernet.header-cut", udp4[:13]),
        ("ethernet.length", patched(udp4[:40], 12, b"\x05\xdc")),
        ("vlan.header-cut", bytes(ethernet() / Dot1Q(vlan=1))[:16]),
        ("vlan.too-many", ethernet() / tags / ip4() / Raw(b"deep")),
        ("arp.header-cut", bytes(ethernet() / ARP())[:41]),
        ("ipv4.header-cut", udp4[:33]),
        ("ipv4.version", patched(udp4, 14, b"\x55")),
        ("ipv4.header-length", patched(udp4, 14, b"\x44")),
        ("ipv4.total-length", patched(udp4, 16, b"\x00\x13")),
        ("ipv4.packet-cut", patched(udp4, 16, b"\x05\xdc")),
        ("ipv6.header-cut", udp6[:53]),
        ("ipv6.version", patched(udp6, 14, b"\x40")),
        ("ipv6.packet-cut", patched(udp6, 18, b"\x05\xdc")),
        ("ipv6.jumbogram", patched(ethernet() / ip6(nh=0) / Raw(jumbo), 18, b"\0\0")),
        ("ipv6.extension-cut", ethernet() / ip6(nh=0, plen=4) / Raw(bytes([17, 0, 1, 4]))),
        ("ipv6.chain-too-deep", ethernet() / deep),
        ("udp.header-cut", ethernet() / ip4(proto=17) / Raw(b"1234567")),
        ("udp.length", patched(udp4, 38, b"\x00\x07")),
        ("tcp.header-cut", ethernet() / ip4(proto=6) / Raw(b"1234567")),
        ("tcp.data-offset", patched(tcp4, 46, b"\x40")),
        ("icmp.header-cut", ethernet() / ip4(proto=1) / Raw(b"1234567")),
        ("icmpv6.header-cut", ethernet() / ip6(nh=58) / Raw(b"1234567")),
    ] + malformed_fabric()


def malformed_fabric():
    """The same for what only fabrics have: labels, MAC control and RoCE."""
    def label(kind, data):
        return Ether(src=A, dst=B, type=kind) / Raw(data)

    def datagram(data):
        return ethernet() / ip4() / UDP(sport=49152, dport=4791) / Raw(data)

    grh = bytes.fromhex("60000000 0010 1b 01") + bytes(32)
    send = bytes.fromhex("04000000 00000011 00000000")
    return [
        ("mpls.header-cut", label(0x8847, b"\0\x01\0")),
        ("mpls.too-many", label(0x8847, b"\0\x01\0\x40" * 9 + b"\0\x01\x01\x40")),
        ("mac-control.cut", label(0x8808, b"\x01\x01\0\x08" + bytes(15))),
        ("grh.header-cut", label(0x8915, grh[:39])),
        ("grh.version", label(0x8915, b"\x40" + grh[1:] + send + b"ICRC")),
        ("grh.packet-cut", label(0x8915, grh + send + b"ICR")),
        ("bth.header-cut", datagram(send[:11])),
        ("bth.version", datagram(send[:1] + b"\x01" + send[2:] + b"ICRC")),
        ("bth.opcode", datagram(b"\x15" + send[1:] + b"ICRC")),
        ("roce.length", datagram(b"\x0a" + send[1:] + bytes(15) + b"ICRC")),
        ("cm.message-cut", datagram(
            b"\x64\0\xff\xff" + b"\0\0\0\x01" + bytes(4) + b"\x80\x01\0\0\0\0\0\x01"
            + b"\x01\x07\x02\x03" + bytes(200) + b"ICRC")),
    ]


def numbered(count, network="10.9", length=20):
    return [ethernet() / IP(src=f"{network}.{n // 256}.{n % 256}", dst="10.2.0.2", id=n)
            / UDP(sport=n + 1, dport=4000) / Raw(bytes([n & 255]) * (length + n % 7))
            for n in range(count)]


def at(packets, times):
    return [(bytes(packet), None, START + time) for packet, time in zip(packets, times)]


def congested():
    """What comes to a port that is too slow for it: all priorities and code points of ECN."""
    state, time, packets = 1, 0, []

    def draw(below):
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (state >> 33) % below

    for number in range(240):
        time += draw(4) and draw(2900)
        traffic = (0, 26, 26, 26, 48, 40)[draw(6)] << 2 | (2, 2, 1, 0, 3)[draw(5)]
        network = ip6(tc=traffic) if draw(4) == 0 else ip4(tos=traffic)
        packet = ethernet() / network / UDP(sport=number, dport=2000) / Raw(bytes(draw(400)))
        if number % 40 == 39:
            packet = ethernet() / ARP(hwsrc=A, psrc="10.1.0.1", pdst="10.2.0.2")
        packets.append((bytes(packet), None, START + time))
    return packets


def erf(kind, data, time, padding=b""):
    """A record of Endace's format (ERF types 2 and 21), filled up to 8 bytes as cards do it.

    The wire length of Ethernet counts the frame check sequence, which the record holds too.
    """
    fraction = (time % 10**9 << 32) // 10**9
    data += b"FCS!" if kind == 2 else b""
    body = padding + data + bytes(-(len(padding) + len(data)) % 8)
    return struct.pack("<II", fraction, time // 10**9) + struct.pack(
        ">BBHHH", kind, 4, 16 + len(body), 0, len(data)) + body


def link_types():
    four = ip4() / UDP(sport=1, dport=2) / Raw(b"v4")
    six = ip6() / UDP(sport=1, dport=2) / Raw(b"v6")
    write("raw.pcap", [four, six], link=101)
    cooked = struct.pack(">HHH6sHH", 0, 1, 6, b"\x02\0\0\0\0\x0a", 0, 0x0800)
    write("cooked.pcap", [cooked + bytes(four), cooked[:-2] + b"\x86\xdd" + bytes(six)], link=113)
    cooked2 = struct.pack(">HHIHBB8s", 0x0800, 0, 2, 1, 0, 6, b"\x02\0\0\0\0\x0a\0\0")
    write("cooked2.pcap", [cooked2 + bytes(four), b"\x86\xdd" + cooked2[2:] + bytes(six)], link=276)
    write("loopback.pcap", [struct.pack("<I", 2) + bytes(four), struct.pack(">I", 2) + bytes(four),
                            struct.pack("<I", 30) + bytes(six)], link=0)
    lrh = struct.pack(">BBHHH", 0x00, 0x02, 1, 8, 2)
    write("infiniband.pcap", [lrh + bytes(12) + b"payload." + bytes(6)], link=247)
    packet = bytes(mixed()[0])
    write("erf.pcap", [erf(2, packet, START + n * 1000, b"\0\0") for n in range(3)]
          + [erf(21, lrh + bytes(12) + b"payload." + bytes(6), START + 5000)], link=197)


def main():
    os.makedirs(PLACE, exist_ok=True)
    write("mixed.pcap", mixed())
    write("cut.pcap", mixed(), snap=60)
    write("malformed.pcap", [packet for _, packet in malformed()])
    write("numbered.pcap", numbered(200))
    write("jumbo.pcap", [ethernet() / ip4() / UDP(sport=1, dport=2) / Raw(b"j" * length)
                         for length in (9000 - 28, 9014 - 42 - 14, 1472, 8)])
    # Times that are equal within and between the two, and one that goes backwards.
    write("east.pcap", at(numbered(12, "10.1"), [0, 10, 10, 20, 30, 30, 50, 45, 60, 70, 80, 90]))
    write("west.pcap", at(numbered(12, "10.2"), [5, 10, 15, 20, 30, 31, 40, 50, 60, 61, 62, 99]))
    write("empty.pcap", [])
    for name, packets in zip(("host", "wire"), connections.traffic(START)):
        write(f"dcqcn-{name}.pcap", packets)
    write("congested.pcap", congested())
    link_types()
    tunnels.write_inputs(write)
    pauses.write_inputs(write)
    pauses.write_storm(write)


if __name__ == "__main__":
    main()
