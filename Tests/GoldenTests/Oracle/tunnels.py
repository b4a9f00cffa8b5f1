# SPDX-License-Identifier: BSD-3-Clause
"""VXLAN, Geneve and both versions of RoCE: inputs of the golden cases, and what becomes of them."""
import struct
import zlib

import icrc
from rules import rule
from scapy.all import ARP, Dot1Q, Ether, IP, IPv6, IPv6ExtHdrFragment, Raw, TCP, UDP, fragment
from scapy.contrib.geneve import GENEVE, GeneveOptions
from scapy.layers.vxlan import VXLAN

A, B = "02:00:00:00:00:0a", "02:00:00:00:00:0b"
NEAR4, FAR4 = "192.0.2.1", "192.0.2.2"
NEAR6, FAR6 = "2001:db8:ffff::1", "2001:db8:ffff::2"
NOT_ECT, ECT1, ECT0, CE = range(4)
ORDINARY = bytes.fromhex("0102 00 01 01020304")
CRITICAL = bytes.fromhex("0102 80 00")

# RFC 6040, figure 4: by the inner field, what leaves for each outer field; None is a drop.
DECAPSULATION = {
    NOT_ECT: {NOT_ECT: NOT_ECT, ECT0: NOT_ECT, ECT1: NOT_ECT, CE: None},
    ECT0: {NOT_ECT: ECT0, ECT0: ECT0, ECT1: ECT1, CE: CE},
    ECT1: {NOT_ECT: ECT1, ECT0: ECT1, ECT1: ECT1, CE: CE},
    CE: {NOT_ECT: CE, ECT0: CE, ECT1: CE, CE: CE},
}


# -- Inputs --

def outer(version=4, ecn=0, port=4789, **more):
    link = Ether(src="02:00:00:00:01:0a", dst="02:00:00:00:01:0b")
    if more.pop("tagged", False):
        link /= Dot1Q(vlan=12)
    ip = IP(src=FAR4, dst=NEAR4, tos=ecn, ttl=60, id=9, flags="DF") if version == 4 else \
        IPv6(src=FAR6, dst=NEAR6, tc=ecn, hlim=60)
    return link / ip / UDP(sport=50000, dport=port, chksum=0)


def inner(version=4, tos=0, **more):
    ip = IP(src="10.1.0.1", dst="10.2.0.2", tos=tos, id=7) if version == 4 else \
        IPv6(src="2001:db8::1", dst="2001:db8::2", tc=tos)
    return Ether(src=A, dst=B) / ip / UDP(sport=1000, dport=2000, **more) / Raw(b"within")


def vxlan(packet, id=5001, **more):
    return outer(**more) / VXLAN(vni=id, flags=8) / packet


def geneve(packet, id=5001, options=b"", proto=0x6558, **more):
    more.setdefault("port", 6081)
    flags = 0x80 if more.pop("control", False) else 0x40 if options == CRITICAL else 0
    head = struct.pack(">BBHI", len(options) // 4, flags, proto, id << 8) + options
    return outer(**more) / Raw(head + bytes(packet))


def roce(tos):
    bth = struct.pack(">BBHII", 0x0A, 0x40, 0xFFFF, 0x11, 0x80000007) + bytes(16)
    frame = bytes(Ether(src=A, dst=B) / IP(src="10.1.0.1", dst="10.2.0.2", tos=tos, flags="DF")
                  / UDP(sport=49152, dport=4791, chksum=0) / Raw(bth + b"payload." * 8 + b"ICRC"))
    return icrc.with_value(frame, icrc.value(frame))


def tunnels():
    """Tunnels of all kinds, and what looks like one."""
    table = [make(inner(version, tos=26 << 2 | own), version=around, ecn=mark)
             for make, version, around in ((vxlan, 4, 4), (geneve, 6, 4), (vxlan, 4, 6))
             for own in range(4) for mark in range(4)]
    generic = VXLAN(vni=5001, flags=0x0C, NextProtocol=3)
    too_long = Ether(src=A, dst=B) / IP(src="10.1.0.1", dst="10.2.0.2", len=1500) \
        / UDP(sport=1000, dport=2000, chksum=0) / Raw(b"within")
    return table + [
        vxlan(Ether(src=A, dst="ff:ff:ff:ff:ff:ff") / ARP(psrc="10.1.0.1", pdst="10.2.0.2"), ecn=CE),
        vxlan(Ether(src=A, dst=B) / Dot1Q(vlan=5, prio=3) / IP(src="10.1.0.1", dst="10.2.0.2", tos=2)
              / TCP(sport=1, dport=2), ecn=CE, tagged=True),
        vxlan(roce(tos=26 << 2 | ECT0), ecn=CE),
        geneve(inner(tos=ECT0), options=ORDINARY * 2, ecn=CE, version=6),
        geneve(inner(), options=CRITICAL),
        geneve(inner(), control=True),
        geneve(inner().payload, proto=0x0800),
        vxlan(inner(), id=7),
        vxlan(inner(), port=8472),
        outer(port=4790) / generic / inner(),
        outer() / VXLAN(vni=5001, flags=0) / inner(),
        bytes(vxlan(inner())) + b"FCS!",
        vxlan(vxlan(inner(tos=ECT0), id=6, ecn=ECT0), ecn=CE),
        Ether(src=A, dst=B) / fragment(vxlan(inner() / Raw(bytes(64))).payload, 80)[0],
        Ether(src=A, dst=B) / fragment(vxlan(inner() / Raw(bytes(64))).payload, 80)[1],
        vxlan(too_long),
        inner(), Ether(src=A, dst=B) / ARP(psrc="10.1.0.1", pdst="10.2.0.2"),
    ]


def long_tunnels():
    long = inner(tos=ECT0) / Raw(bytes(300))
    return [vxlan(long, ecn=CE), vxlan(inner(6) / Raw(bytes(300)), version=6, ecn=CE),
            geneve(long, ecn=ECT1), geneve(long, options=ORDINARY * 2, version=6)]


def mapped(address):
    return bytes(10) + b"\xff\xff" + bytes(int(part) for part in address.split("."))


def v1_value(frame, grh):
    """The ICRC of RoCEv1, whose packet ends with its own."""
    covered = bytearray(frame[grh:-4])
    covered[0] |= 0x0F
    for index in (1, 2, 3, 7, 40 + 4):
        covered[index] = 0xFF
    return zlib.crc32(b"\xff" * 8 + bytes(covered)).to_bytes(4, "little")


def v1(source, target, rest, label=0, tclass=0x6A, hops=63, tags=b"", wrong=0):
    link = bytes.fromhex("02000000000b02000000000a") + tags + b"\x89\x15"
    grh = struct.pack(">IHBB", 6 << 28 | tclass << 20 | label, len(rest) + 4, 0x1B, hops)
    frame = link + grh + source + target + rest + bytes(4)
    value = int.from_bytes(v1_value(frame, len(link)), "big") ^ wrong
    return frame[:-4] + value.to_bytes(4, "big")


def send(target, payload=b"", opcode=0x04, extra=b""):
    padding = -len(payload) % 4
    return struct.pack(">BBHII", opcode, 0x40 | padding << 4, 0xFFFF, target, 0x80000100) + extra \
        + payload + bytes(padding)


def roce_v1():
    four = mapped("10.0.0.1"), mapped("10.0.0.2")
    local = bytes.fromhex("fe80" + 12 * "00" + "000a"), bytes.fromhex("fe80" + 12 * "00" + "000b")
    def datagram(source, target):
        return send(target, b"datagram", 0x64, struct.pack(">II", 1, source))
    public = [  # scapy's test/contrib/roce.uts
        "7cfe90753cd87cfe90753cd889156020000000281b4000000000000000000000ffff0f0000020000000000000000"
        "0000ffff0f0000020a70ffff0000010a80a788bc000055d4c0726000000047b3000000050000000001000000e3d8"
        "56bb",
        "7cfe90753cd87cfe90753cd889156020000000141b4000000000000000000000ffff0f0000020000000000000000"
        "0000ffff0f0000021140ffff0000010900a788c00000000525f0c038"]
    return [bytes.fromhex(text) for text in public] + [
        v1(*four, send(0x11, b"hello")),
        v1(*four, send(0x11, b"tagged"), tags=bytes.fromhex("8100600a")),
        v1(*local, send(0x11, b"two tags"), tags=bytes.fromhex("88a820648100600a")),
        v1(*local, send(0x11, b"label"), label=0x12345),
        v1(*four, send(0x11, b"label"), label=0x1FACE),
        v1(*local, datagram(0x11, 0x12)),
        v1(*four, datagram(0x109, 0x10A)),
        v1(*four, send(0x11, b"wrong"), wrong=0x01000080),
        v1(*local, send(0x11, b"wrong"), wrong=0xFFFFFFFF),
        v1(four[0], local[1], send(0x11, b"one of each")),
        v1(*four, send(0xABCDEF, bytes(range(256)) * 16), tclass=0x03, hops=1),
        v1(*four, send(0x11, b"check sequence")) + b"FCS!",
        v1(*four, send(0x11, b"other"))[:20] + b"\x3b" + v1(*four, send(0x11, b"other"))[21:],
        bytes(Ether(src=A, dst=B) / IP(src="10.1.0.1", dst="10.2.0.2") / UDP(sport=1, dport=2)),
        roce(tos=ECT0),
    ]


def write_inputs(write):
    write("tunnels.pcap", tunnels())
    write("tunnels-cut.pcap", long_tunnels(), snap=140)
    write("roce-v1.pcap", roce_v1())
    write("roce-v1-cut.pcap", roce_v1(), snap=100)


# -- Rules --


def with_traffic_class(frame, value):
    """The frame with that DSCP and ECN in its outermost IP header; scapy computes IPv4's checksum."""
    layers = Ether(frame)
    ip = layers.getlayer(IP) or layers.getlayer(IPv6)
    if isinstance(ip, IP) and IPv6 not in layers.layers()[:2]:
        ip.tos, ip.chksum = value, None
        ip.chksum = IP(bytes(ip)).chksum
    else:
        ip.tc = value
    start = len(layers) - len(ip)
    size = 20 if isinstance(ip, IP) else 40
    return frame[:start] + bytes(ip)[:size] + frame[start + size:]


def traffic_class(layers):
    for layer in layers.layers():
        if layer in (IP, IPv6):
            ip = layers[layer]
            return ip.tos if layer is IP else ip.tc
    return None


class Tunnel:
    """The outermost tunnel that scapy's Ethernet, IP and UDP lead to, by the words of the RFCs."""

    def __init__(self, data):
        self.kind, layers = None, Ether(data)
        ip = next((layers[kind] for kind in layers.layers() if kind in (IP, IPv6)), None)
        if ip is None or not isinstance(ip.payload, UDP) or isinstance(ip, IP) and (
                ip.frag or ip.flags.MF):
            return
        udp = ip.payload
        at = len(layers) - len(udp)
        head = data[at + 8:]
        self.end = at + udp.len
        self.id, self.flags = int.from_bytes(head[4:7], "big"), head[1]
        self.outer = ip.tos if isinstance(ip, IP) else ip.tc
        if udp.dport in (4789, 8472, 4790) and head[0] & 8:
            self.kind, self.start = "vxlan", at + 16
        elif udp.dport == 6081:
            self.kind, self.start = "geneve", at + 16 + head[0] % 64 * 4
            if head[2:4] != b"\x65\x58" or self.flags & 0x80:
                self.kind = None

    def within(self, packet):
        """The packet that comes out; None where it is dropped."""
        data = packet.data[self.start:self.end]
        out = packet.grown(data)
        out = type(out)(data, out.time, self.end - self.start, out.link)
        own = traffic_class(Ether(data))
        if own is None:
            return out
        left = DECAPSULATION[own & 3][self.outer & 3]
        if left is None:
            return None
        return out if left == own & 3 else type(out)(
            with_traffic_class(data, own & ~3 | left), out.time, out.length, 1)


def decapsulated(packets, kinds=("vxlan", "geneve"), id=None):
    host, drops = [], []
    for packet in packets:
        tunnel = Tunnel(packet.data)
        # What is malformed, such as the one whose length is 1500, is left alone.
        if tunnel.kind not in kinds or id not in (None, tunnel.id) \
                or b"\x45\x00\x05\xdc" in packet.data:
            host.append(packet)
        elif tunnel.kind == "geneve" and tunnel.flags & 0x40:
            drops.append(packet)
        else:
            out = tunnel.within(packet)
            (drops if out is None else host).append(out or packet)
    return {"host": host, "drops": drops}


@rule("decapsulate", "decapsulate-cut", "public-vxlan", "public-geneve")
def decapsulate(case):
    return decapsulated(case.inputs())


@rule("decapsulate-id")
def decapsulate_id(case):
    return decapsulated(case.inputs(), ("vxlan",), 7)


def flow(data):
    """What tells a packet's flow from others, as scapy reads it."""
    layers = Ether(data)
    ip = next((layers[kind] for kind in layers.layers() if kind in (IP, IPv6)), None)
    if ip is None:
        return data[:12]
    last = ip
    while isinstance(ip, IPv6) and last.payload.name.startswith("IPv6 Extension"):
        last = last.payload
    key = ip.src, ip.dst, last.proto if isinstance(ip, IP) else last.nh
    if isinstance(ip, IP) and (ip.frag or ip.flags.MF) or IPv6ExtHdrFragment in ip:
        return key
    transport = next((layers[kind] for kind in (TCP, UDP) if kind in layers), None)
    if transport is None:
        return key
    key += transport.sport, transport.dport
    if transport.dport == 4791:
        key += bytes(transport.payload)[5:8],
    return key


def wrapped(case, name, link, ip, tunnel, mode, dscp=None, checksum=False, packets=None):
    """The packets in a tunnel; the port that spreads flows is the one thing taken from the file."""
    result, ports = [], {}
    for packet, found in zip(packets or case.inputs(), case.written(name)):
        layers = Ether(packet.data)
        own = traffic_class(layers) or 0
        outer_ip = ip()
        found_ip = Ether(found.data).getlayer(type(outer_ip))
        port = found_ip.payload.sport
        assert 49152 <= port <= 65535, port
        assert ports.setdefault(flow(packet.data), port) == port, (flow(packet.data), port)
        new = (own >> 2 if dscp is None else dscp) << 2 | (own & 3 if mode == "normal" else 0)
        length = packet.length + len(bytes(tunnel)) + 8
        if isinstance(outer_ip, IP):
            outer_ip.tos, outer_ip.len = new, length + 20
        else:
            outer_ip.tc, outer_ip.plen, outer_ip.fl = new, length, found_ip.fl
        udp = UDP(sport=port, dport=6081 if tunnel.name == "GENEVE" else 4789, len=length,
                  chksum=None if checksum else 0)
        data = bytes(link / outer_ip / udp / Raw(bytes(tunnel) + packet.data))
        result.append(packet.grown(data))
    assert len(set(ports.values())) == len(ports), "flows share a port"
    return result


LINK = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")


def four():
    return IP(src=NEAR4, dst=FAR4, ttl=64, id=0, flags="DF")


@rule("encapsulate-vxlan")
def encapsulate_vxlan(case):
    return {"host": wrapped(case, "host.pcapng", LINK / Dot1Q(vlan=12, prio=3), four,
                            VXLAN(vni=5001, flags=8), "normal"), "drops": []}


@rule("encapsulate-geneve")
def encapsulate_geneve(case):
    head = GENEVE(proto=0x6558, vni=0xABCDEF, options=[
        GeneveOptions(classid=0x0102, type=0, data=bytes([1, 2, 3, 4])),
        GeneveOptions(classid=0x0103, type=0x81, data=bytes(8))], critical=1)
    return {"host": wrapped(case, "host.pcapng", LINK, lambda: IPv6(src=NEAR6, dst=FAR6, hlim=9),
                            head, "compatibility", dscp=46, checksum=True), "drops": []}


@rule("encapsulate-cut")
def encapsulate_cut(case):
    import oracle
    whole = oracle.cut_input(case)
    packets = wrapped(case, "host.pcapng", LINK, four, VXLAN(vni=1, flags=8), "normal",
                      packets=whole["host"])
    return {"host": packets, "drops": whole["drops"]}


@rule("tunnel-and-back")
def as_it_was(case):
    return {"host": case.inputs(), "drops": []}


def difference(one, other):
    return bytes(a ^ b for a, b in zip(one, other))


def behind_tags(data):
    at = 12
    while data[at:at + 2] in (b"\x81\x00", b"\x88\xa8"):
        at += 4
    return at


def source_port(label, one, other):
    """rdma_flow_label_to_udp_sport and rdma_calc_flow_label of Linux's ib_verbs.h."""
    if not label:
        product = one * other
        product ^= product >> 20
        product ^= product >> 40
        label = product & 0xFFFFF
    return (label & 0x3FFF ^ (label & 0xFC000) >> 14) | 0xC000


def to_v2(packet, port=None):
    data, at = packet.data, behind_tags(packet.data)
    grh = at + 2
    if data[at:at + 2] != b"\x89\x15" or data[grh + 6] != 0x1B:
        return packet
    word, length, _, hops = struct.unpack(">IHBB", data[grh:grh + 8])
    end = grh + 40 + length
    source, target = data[grh + 8:grh + 24], data[grh + 24:grh + 40]
    rest = data[grh + 40:end]
    tclass, label = word >> 20 & 0xFF, word & 0xFFFFF
    origin = int.from_bytes(rest[17:20], "big") if rest[0] >> 5 == 3 else 1
    udp = UDP(sport=source_port(label, origin, int.from_bytes(rest[5:8], "big")), dport=4791,
              len=length + 8, chksum=0)
    if source[:12] == target[:12] == mapped("0.0.0.0")[:12]:
        kind, ip = b"\x08\x00", IP(tos=tclass, ttl=hops, id=0, flags="DF", len=length + 28)
        ip.src, ip.dst = (".".join(map(str, part[12:])) for part in (source, target))
    else:
        kind, ip = b"\x86\xdd", IPv6(tc=tclass, fl=label, hlim=hops, plen=length + 8)
        ip.src, ip.dst = (":".join(part.hex()[n:n + 4] for n in range(0, 32, 4))
                          for part in (source, target))
    frame = data[:at] + kind + bytes(ip / udp / Raw(rest))
    if len(data) >= end:
        wrong = difference(data[end - 4:end], v1_value(data[:end], grh))
        frame = icrc.with_value(frame, difference(icrc.value(frame), wrong))
    return packet.grown(frame + data[end:])


def to_v1(packet):
    data, at = packet.data, behind_tags(packet.data)
    if icrc.place(data) is None:
        return packet
    start, end = icrc.place(data)
    layers = Ether(data)
    ip = next(layers[kind] for kind in layers.layers() if kind in (IP, IPv6))
    if isinstance(ip, IP):
        source, target = mapped(ip.src), mapped(ip.dst)
        word, hops, rest = 6 << 28 | ip.tos << 20, ip.ttl, data[start + 28:end + 4]
    else:
        source, target = data[start + 8:start + 24], data[start + 24:start + 40]
        word, hops = 6 << 28 | ip.tc << 20 | ip.fl, ip.hlim
        rest = data[start + 48:end + 4]
    frame = data[:at] + b"\x89\x15" + struct.pack(">IHBB", word, len(rest), 0x1B, hops) \
        + source + target + rest
    wrong = difference(icrc.stored(data), icrc.value(data))
    return packet.grown(frame[:-4] + difference(v1_value(frame, at + 2), wrong) + data[end + 4:])


@rule("convert-roce-v2", "convert-roce-v2-cut")
def convert_to_v2(case):
    return {"host": [to_v2(packet) for packet in case.inputs()], "drops": []}


@rule("convert-roce-v1")
def convert_to_v1(case):
    return {"host": [to_v1(packet) for packet in case.inputs()], "drops": []}


@rule("convert-roce-and-back")
def convert_and_back(case):
    """The same bytes, but for the flow label, which IPv4 has no place for."""
    def back(packet):
        at = behind_tags(packet.data)
        is_mapped = packet.data[at:at + 2] == b"\x89\x15" and to_v2(packet).data[at] == 8
        data = packet.data
        return packet.grown(data[:at + 3] + bytes([data[at + 3] & 0xF0, 0, 0]) + data[at + 6:]) \
            if is_mapped and data[at + 8] == 0x1B else packet
    packets = [back(packet) for packet in case.inputs()]
    return {"host": [to_v1(p) if icrc.place(p.data) else p for p in packets], "drops": []}


@rule("overlay")
def overlay(case):
    def classed(packet):
        if icrc.place(packet.data) is None:
            return packet
        ecn = traffic_class(Ether(packet.data)) & 3
        return packet.grown(with_traffic_class(packet.data, 26 << 2 | ecn))
    inside = decapsulated(case.inputs("underlay"))
    machines = [classed(packet) for packet in case.inputs("vm")]
    link = Ether(src="02:00:00:00:01:02", dst="02:00:00:00:01:01")
    outside = wrapped(case, "underlay.pcapng", link, lambda: IP(
        src="192.0.2.2", dst="192.0.2.1", ttl=64, id=0, flags="DF"),
        VXLAN(vni=5001, flags=8), "normal", packets=machines)
    return {"vm": inside["host"], "underlay": outside, "drops": []}
