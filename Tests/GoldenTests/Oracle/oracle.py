#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Works out with scapy what each golden case must write, and compares it with what is expected.

`Oracle/oracle.py [CASE ...]` prints a line for each case; exit status 1 when one differs.
Nothing here is shared with Sluice: a rule reads a case's inputs and says each output's packets.
"""
import json
import os
import struct
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import dcqcn  # noqa: E402,F401
import icrc  # noqa: E402
import impairments  # noqa: E402,F401
import make_inputs  # noqa: E402
import meters  # noqa: E402
import queues  # noqa: E402,F401
import telemetry  # noqa: E402,F401
import pauses  # noqa: E402,F401
import tunnels  # noqa: E402,F401
from packets import Packet, edited, read  # noqa: E402,F401
from rules import RULES, rule  # noqa: E402
from scapy.all import ARP, Dot1AD, Dot1Q, ICMP, IP, IPv6, Raw, TCP, UDP, Ether  # noqa: E402

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
PACKAGE = os.path.join(ROOT, "..", "..")


class Case:
    def __init__(self, name):
        self.name = name
        self.folder = os.path.join(ROOT, "Cases", name)
        with open(os.path.join(ROOT, "Cases", name, "command.txt")) as file:
            self.words = file.read().split()

    def paths(self, port):
        found = [word.split("=", 1)[1] for word in self.words if word.startswith(port + "=")]
        shared = os.path.join(PACKAGE, "..", "shared")
        places = {"Inputs": ROOT, "Pcaps": PACKAGE, "captures": shared}
        return [os.path.join(places[path.split("/")[0]], path) for path in found
                if path.split("/")[0] in places]

    def inputs(self, port="wire"):
        return merged([(port, read(path)) for path in self.paths(port)])

    def merged(self, *ports):
        return merged([(port, read(path)) for port in ports for path in self.paths(port)], True)

    def written(self, name):
        return read(os.path.join(ROOT, "Cases", self.name, "expected", name))

    def comments(self, name):
        """What tshark reads as the packets' comments; older scapys do not."""
        path = os.path.join(ROOT, "Cases", self.name, "expected", name)
        words = ["tshark", "-r", path, "-T", "fields", "-e", "frame.comment"]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()

    def outputs(self):
        folder = os.path.join(ROOT, "Cases", self.name, "expected")
        return sorted(name for name in os.listdir(folder) if name != "report.json")


def merged(captures, with_port=False):
    """The packets of several captures: always the one whose next packet is the earliest."""
    heads, result = [list(packets) for _, packets in captures], []
    while any(heads):
        first = min((i for i, head in enumerate(heads) if head), key=lambda i: heads[i][0].time)
        packet = heads[first].pop(0)
        result.append((captures[first][0], packet) if with_port else packet)
    return result


def everything(change=lambda layers: None):
    """A rule by which each packet is changed and sent."""
    return lambda case: {"host": [edited(packet, change) for packet in case.inputs()], "drops": []}


def setting(**layers):
    """A change of fields: layer=dict(field=value)."""
    kinds = {kind.__name__: kind for kind in (Ether, ARP, IP, IPv6, UDP, TCP)}

    def change(packet):
        for name, fields in layers.items():
            layer = packet.getlayer(kinds[name])
            # A later fragment has no transport header, whatever scapy makes of its bytes.
            if layer is None or name in ("UDP", "TCP") and getattr(packet.getlayer(IP), "frag", 0):
                continue
            for field, value in fields.items():
                setattr(layer, field, value(layer) if callable(value) else value)
    return change


def with_class(dscp=None, ecn=None):
    def new(layer):
        old = layer.tos if isinstance(layer, IP) else layer.tc
        return (old >> 2 if dscp is None else dscp) << 2 | (old & 3 if ecn is None else ecn)
    return new


def both(hops=None, **traffic):
    four = dict(tos=with_class(**traffic))
    six = dict(tc=with_class(**traffic))
    if hops is not None:
        four["ttl"], six["hlim"] = hops, hops
    return setting(IP=four, IPv6=six)


TWO = "02:00:00:00:00:02"
RULES["set-ethernet"] = everything(
    lambda p: (setattr(p, "dst", TWO), setattr(p, "src", "02:00:00:00:00:01")))
RULES["set-arp"] = everything(setting(ARP=dict(
    op=2, hwsrc="02:00:00:00:00:aa", psrc="192.0.2.1",
    hwdst="02:00:00:00:00:bb", pdst="192.0.2.2")))
RULES["set-ipv4"] = everything(setting(IP=dict(
    id=0xBEEF, flags=lambda ip: ip.flags | "DF", ttl=9, tos=46 << 2 | 3)))
RULES["set-ip"] = everything(both(5, dscp=26, ecn=3))
RULES["set-ipv4-addresses"] = everything(setting(IP=dict(src="192.0.2.1", dst="198.51.100.2")))
RULES["set-ipv6"] = everything(setting(IPv6=dict(fl=0xABCDE, hlim=3, tc=10 << 2 | 1)))
RULES["set-ipv6-addresses"] = everything(setting(IPv6=dict(
    src="2001:db8:1::1", dst="2001:db8:2::2")))
RULES["set-udp"] = everything(setting(UDP=dict(sport=40000, dport=4791)))
RULES["set-roce"] = everything(setting(
    IP=dict(src="192.0.2.1"), IPv6=dict(dst="2001:db8:2::2"), UDP=dict(sport=50000)))
RULES["set-tcp"] = everything(setting(TCP=dict(
    sport=40000, dport=443, seq=2**32 - 1, ack=1, flags=0x12, window=1, urgptr=2)))
RULES["set-tcp-flags"] = everything(setting(TCP=dict(flags="CEARF")))
RULES["jumbo"] = everything(setting(IP=dict(dst="192.0.2.9")))


@rule("set-vlan")
def set_vlan(case):
    def change(packet):
        layers = packet.payload, packet.payload.payload
        tags = [layer for layer in layers if isinstance(layer, Dot1Q)]
        for tag, fields in zip(tags, (dict(vlan=7, prio=6, id=1), dict(vlan=8, prio=1))):
            for name, value in fields.items():
                setattr(tag, name, value)
    return everything(change)(case)


def pushed(packet, kind=0x8100, control=0):
    tag = kind.to_bytes(2, "big") + control.to_bytes(2, "big")
    return packet.grown(packet.data[:12] + tag + packet.data[12:])


def is_tagged(packet):
    return packet.data[12:14] in (b"\x81\x00", b"\x88\xa8")


def popped(packet):
    return packet.grown(packet.data[:12] + packet.data[16:]) if is_tagged(packet) else packet


@rule("vlan-push")
def vlan_push(case):
    control = 5 << 13 | 1 << 12 | 42
    return {"host": [pushed(packet, control=control) for packet in case.inputs()], "drops": []}


@rule("vlan-push-service")
def vlan_push_service(case):
    return {"host": [pushed(packet, 0x88A8, 2 << 13 | 42) if is_tagged(packet) else packet
                     for packet in case.inputs()], "drops": []}


@rule("vlan-push-cut")
def vlan_push_cut(case):
    packets = [packet for packet in case.inputs() if not is_malformed(packet)]
    return {"host": [pushed(packet, control=1) for packet in packets]}


@rule("vlan-pop", "public-q-in-q", "public-three-tags", "public-pcp-dei")
def vlan_pop(case):
    return {"host": [popped(packet) for packet in case.inputs()], "drops": []}


@rule("vlan-pop-twice")
def vlan_pop_twice(case):
    return {"host": [popped(popped(packet)) for packet in case.inputs()], "drops": []}


@rule("vlan-retag")
def vlan_retag(case):
    return {"host": [pushed(popped(packet), control=1 << 13 | 9) if is_tagged(packet) else packet
                     for packet in case.inputs()], "drops": []}


def is_malformed(packet):
    """Whether a header of a cut packet of Inputs/cut.pcap is not whole, which 60 bytes decide."""
    layers = Ether(make_inputs_packets()[packet.time])
    if TCP in layers and IPv6 in layers:
        return True
    if IPv6 not in layers:
        return False
    start = len(layers) - len(layers[IPv6])
    # A next header behind extension headers, or UDP and ICMPv6 with 8 bytes behind 54.
    chain, layer = start + 40, layers[IPv6].payload
    while layer and layer.name.startswith("IPv6 Extension"):
        chain += len(layer) - len(layer.payload)
        layer = layer.payload
    if layers.getlayer("IPv6 Extension Header - Fragment header"):
        return chain > 60
    return chain + 8 > 60


def make_inputs_packets():
    return {make_inputs.START + number * 1_001: bytes(packet)
            for number, packet in enumerate(make_inputs.mixed())}


@rule("cut-input")
def cut_input(case):
    packets = case.inputs()
    return {"host": [p for p in packets if not is_malformed(p)],
            "drops": [p for p in packets if is_malformed(p)]}


@rule("set-cut")
def set_cut(case):
    change = setting(IP=dict(ttl=1, dst="192.0.2.1"), IPv6=dict(hlim=1), UDP=dict(dport=9))
    whole = cut_input(case)
    return {"host": [edited(packet, change) for packet in whole["host"]], "drops": whole["drops"]}


@rule("pcap-out")
def pcap_out(case):
    whole = cut_input(case)
    return {"host": [edited(packet, both(2)) for packet in whole["host"]], "drops": whole["drops"]}


@rule("malformed-drop")
def malformed_drop(case):
    names = [name for name, _ in make_inputs.malformed()]
    comments = case.comments("drops.pcapng")
    assert comments == [f"dropped by ingress/parse: {name}" for name in names], comments
    return {"host": [], "drops": case.inputs()}


@rule("malformed-pass", "unparsed", "public-erf")
def as_it_was(case):
    return {"host": case.inputs(), "drops": []}


@rule("jump-chain")
def jump_chain(case):
    host, slow = [], []
    for packet in case.inputs():
        new = edited(packet, setting(IP=dict(ttl=4), IPv6=dict(hlim=6)))
        (host if has_udp(packet) else slow).append(new)
    return {"host": host, "slow": slow, "drops": []}


def has_udp(packet):
    layers = packet.layers
    return UDP in layers and not getattr(layers.getlayer(IP), "frag", 0)


@rule("conditions")
def conditions(case):
    kept, dropped = [], []
    for packet in case.inputs():
        layers, reason = packet.layers, None
        four = layers.getlayer(IP)
        if four and four.src.startswith("10.1.") and has_udp(packet) \
                and layers[UDP].dport in (5, 6, 2000) and not is_tagged(packet):
            reason = "other-tenant"
        elif packet.length < 60 or (four and four.tos & 3 == 3):
            reason = "small-or-marked"
        elif TCP in layers and layers[TCP].flags.F and layers[TCP].flags.A:
            reason = "flags"
        (dropped if reason else kept).append((packet, reason))
    comments = [text.split(": ")[1] for text in case.comments("drops.pcapng")]
    assert comments == [reason for _, reason in dropped], comments
    return {"host": [packet for packet, _ in kept], "drops": [packet for packet, _ in dropped]}


@rule("no-verdict")
def no_verdict(case):
    packets = case.inputs()
    return {"host": [p for p in packets if has_udp(p)],
            "drops": [p for p in packets if not has_udp(p)]}


@rule("sample-count")
def sample_count(case):
    packets = case.inputs()
    return {"host": [p for n, p in enumerate(packets, 1) if n % 7], "drops": packets[6::7]}


@rule("sample-random")
def sample_random(case):
    packets, dropped = case.inputs(), {p.time for p in case.written("drops.pcapng")}
    assert 20 <= len(dropped) <= 60, len(dropped)
    return {"host": [p for p in packets if p.time not in dropped],
            "drops": [p for p in packets if p.time in dropped]}


@rule("track")
def track(case):
    packets = case.inputs()
    queue_pairs, flows = set(), set()
    for ip, udp in ((p.layers.getlayer(IP), p.layers.getlayer(UDP)) for p in packets):
        if udp is not None and udp.dport == 4791:
            queue_pairs.add((ip.src, ip.dst, bytes(udp.payload)[5:8]))
    for ip in (p.layers.getlayer(IP) for p in packets):
        if ip is not None and ip.proto in (6, 17):
            ends = [(ip.src, ip.payload.sport), (ip.dst, ip.payload.dport)]
            flows.add((ip.proto, *sorted(ends)))
    with open(os.path.join(ROOT, "Cases", case.name, "expected", "report.json")) as file:
        stages = json.load(file)["pipelines"][0]["stages"]
    figures = {stage["stage"]: stage["figures"] for stage in stages}
    assert figures["track-qps"]["in use"] == len(queue_pairs), len(queue_pairs)
    assert figures["track-qps"]["paired by sequence numbers"] == len(queue_pairs) // 2
    assert figures["track-flows"]["in use"] == len(flows), len(flows)
    return {"host": packets, "drops": []}


@rule("track-full")
def track_full(case):
    return {"host": case.inputs(), "drops": []}


@rule("mirror")
def mirror(case):
    host, monitor = [], []
    for packet in case.inputs():
        monitor.append(packet)
        new = pushed(edited(packet, lambda p: None), control=5)
        new = edited(new, both(1))
        host.append(new)
        if ARP in packet.layers:
            monitor.append(new)
    return {"host": host, "monitor": sorted(monitor, key=lambda p: p.time)}


@rule("mirror-cut")
def mirror_cut(case):
    packets = case.inputs()
    return {"host": packets, "monitor": [packet.cut(32) for packet in packets[2::3]]}


@rule("capture-stage")
def capture_stage(case):
    packets, small, room = case.inputs(), [], 300
    for packet in packets:
        if has_udp(packet):
            room -= len(packet.data)
            if room < 0:
                break
            small.append(packet)
    after = [edited(packet, both(1)) for packet in packets]
    return {"host": after, "after": after, "before": packets[:5], "small": small,
            "cut": [packet.cut(20) for packet in packets if ARP in packet.layers]}


@rule("merged-inputs")
def merged_inputs(case):
    packets = [("wire", packet) for packet in case.inputs()]
    return {"host": [packet for _, packet in packets]}


@rule("two-ports")
def two_ports(case):
    change = lambda packet: setattr(packet, "src", "02:00:00:00:00:ea")
    packets = case.merged("east", "west")
    return {"host": [edited(p, change) if port == "east" else p for port, p in packets],
            "back": [p for port, p in packets if port == "west"]}


@rule("both-ways")
def both_ways(case):
    packets = case.merged("east", "west")
    return {"east": [packet for port, packet in packets if port == "west"],
            "west": [packet for port, packet in packets if port == "east"]}


@rule("link-raw", "link-cooked", "link-cooked2", "link-loopback", "link-erf", "link-infiniband")
def link_types(case):
    change = lambda p: (both(9)(p), setting(UDP=dict(dport=7))(p))
    return {"host": [edited(packet, change) for packet in case.inputs()], "drops": []}


@rule("link-merged")
def link_merged(case):
    return {"host": [edited(packet, both(ecn=3)) for packet in case.inputs()]}


@rule("empty")
def empty(case):
    return {"host": [], "drops": []}


@rule("packet-limit")
def packet_limit(case):
    return {"host": case.inputs()[:70]}


@rule("parameters-and-include")
def parameters(case):
    return {"other": [edited(packet, both(17)) for packet in case.inputs()]}


@rule("flagship-rc-write-ce", "flagship-incast", "flagship-rc-ops-vlan", "flagship-rc-ops-v6")
def flagship(case):
    def change(packet):
        packet.dst = TWO
        both(dscp=26)(packet)
    is_rdma = lambda packet: has_udp(packet) and packet.layers[UDP].dport == 4791
    packets = case.inputs()
    return {"host": [edited(p, change) if is_rdma(p) else p for p in packets], "drops": [],
            "monitor": [p.cut(128) for p in [p for p in packets if is_rdma(p)][99::100]]}


@rule("verify-icrc")
def verify(case):
    packets = case.inputs()
    def is_bad(packet):
        return bool(icrc.place(packet.data)) and icrc.stored(packet.data) != icrc.value(packet.data)
    return {"host": [p for p in packets if not is_bad(p)], "drops": [p for p in packets if is_bad(p)]}


@rule("fix-icrc")
def fix(case):
    def fixed(packet):
        if icrc.place(packet.data) is None:
            return packet
        return packet.grown(icrc.with_value(packet.data, icrc.value(packet.data)))
    return {"host": [fixed(packet) for packet in case.inputs()], "drops": []}


def priority_of(packet, dscps, pcps, default, trust=("dscp", "pcp")):
    """By the DSCP of IP packets, the PCP of tagged ones: the first of the two that is trusted."""
    layers = packet.layers
    network = layers.getlayer(IP) or layers.getlayer(IPv6)
    if network and "dscp" in trust:
        return dscps[(network.tos if isinstance(network, IP) else network.tc) >> 2]
    tag = layers.getlayer(Dot1Q) or layers.getlayer(Dot1AD)
    return pcps[tag.prio] if tag and "pcp" in trust else default


def azure():
    """SONiC's default: DSCP_TO_TC_MAP and DOT1P_TO_TC_MAP of the map AZURE."""
    return {**{dscp: 1 for dscp in range(64)}, 3: 3, 4: 4, 5: 2, 8: 0, 46: 5, 48: 6}, \
        {0: 1, 1: 0, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7}


def has_dscp(packet, dscp):
    network = packet.layers.getlayer(IP)
    return network is not None and network.tos >> 2 == dscp


@rule("map-priority")
def map_priority(case):
    dscps, pcps = azure()
    dscps[26], pcps[3] = 4, 7
    ports = {0: "low", 1: "low", 3: "three", 4: "three", 7: "three"}
    outputs = {"low": [], "storage": [], "three": [], "other": []}
    for packet in case.inputs():
        priority = priority_of(packet, dscps, pcps, 2)
        port = "storage" if has_dscp(packet, 8) else ports.get(priority, "other")
        outputs[port].append(packet)
    return outputs


@rule("map-priority-pcp")
def map_priority_pcp(case):
    pcps = list(range(8))
    outputs = {"low": [], "high": []}
    for packet in case.inputs():
        priority = priority_of(packet, None, pcps, 6, trust=("pcp",))
        outputs["low" if priority < 6 else "high"].append(packet)
    return outputs


@rule("police")
def police(case):
    by_bytes, by_packets = meters.policer(200e6 / 8, 400), meters.policer(333_000, 3)
    kept, dropped = [], []
    for packet in case.inputs():
        meter, size = (by_bytes, meters.ip_length(packet)) \
            if packet.layers[UDP].sport <= 100 else (by_packets, 1)
        (kept if meter.color(packet.time, size) == "green" else dropped).append(packet)
    return {"host": kept, "drops": dropped}


@rule("meter-srtcm")
def meter_srtcm(case):
    meter = meters.SingleRate(200e6 / 8, 300, 0, 500)
    marks = {"green": 26, "yellow": 28}
    kept, dropped = [], []
    for packet in case.inputs():
        color = meter.color(packet.time, meters.ip_length(packet))
        if color == "red":
            dropped.append(packet)
        else:
            kept.append(edited(packet, both(dscp=marks[color])))
    return {"host": kept, "drops": dropped}


@rule("meter-trtcm")
def meter_trtcm(case):
    first = meters.TwoRate(300e6 / 8, 500, 400e6 / 8, 900)
    second = meters.InProfile(123_457_000 / 8, 400, 100e6 / 8, 300)
    kept, dropped = [], []
    for packet in case.inputs():
        color = first.color(packet.time, packet.length)
        if color != "red":
            color = second.color(packet.time, packet.length + 24, color)
        if color == "red":
            dropped.append(packet)
        else:
            kept.append(edited(packet, both(dscp=12)) if color == "yellow" else packet)
    return {"host": kept, "drops": dropped}


@rule("storage")
def storage(case):
    dscps, pcps = azure()
    tenant = meters.policer(60e6 / 8, 8000)
    bulk_meter = meters.TwoRate(20e6 / 8, 4000, 40e6 / 8, 8000)
    marks = {"yellow": 10, "red": 12}
    outputs = {"lossless": [], "bulk": [], "drops": []}
    for packet in case.inputs():
        if packet.layers[IP].src.startswith("10.9."):
            if tenant.color(packet.time, meters.ip_length(packet)) == "red":
                outputs["drops"].append(packet)
                continue
        lossless = priority_of(packet, dscps, pcps, 0) in (3, 4)
        if has_dscp(packet, 8):
            color = bulk_meter.color(packet.time, meters.ip_length(packet))
            if color in marks:
                packet = edited(packet, both(dscp=marks[color]))
        outputs["lossless" if lossless else "bulk"].append(packet)
    return outputs


def difference(case):
    """What is different between the rule's packets and those that are expected, or None."""
    files = {name.split(".")[0]: name for name in case.outputs()}
    rules = {port: packets for port, packets in RULES[case.name](case).items()
             if packets or port in files}
    if set(files) != set(rules):
        return f"writes {sorted(files)}, the rule says {sorted(rules)}"
    for port, packets in rules.items():
        found = case.written(files[port])
        if len(found) != len(packets):
            return f"{files[port]} has {len(found)} packets, the rule says {len(packets)}"
        for number, (one, other) in enumerate(zip(found, packets), 1):
            facts = [(p.data.hex(), p.time, p.length, p.link) for p in (one, other)]
            if facts[0] != facts[1]:
                return (f"{files[port]} packet {number} is\n  {facts[0]}, "
                        f"the rule says\n  {facts[1]}")
    return None


# By UDP port, what rules.csv gives to packets for 10.2.0.2, and to those for 2001:db8::2.
FOUR = {4791: 26, 2000: 8, 4001: 9, 5: 10, 6: 11, 7: 12, 8: 13, 9: 14}
SIX = {8: 15, 10: 15}


def is_fragment(packet):
    four, six = packet.layers.getlayer(IP), packet.layers.getlayer(IPv6)
    if four is not None:
        return bool(four.frag or four.flags.MF)
    return six is not None and "IPv6ExtHdrFragment" in packet.layers


@rule("classify")
def classify(case):
    host, slow, dropped, reasons = [], [], [], []
    for packet in case.inputs():
        layers = packet.layers
        four = layers.getlayer(IP)
        dscp = None
        if has_udp(packet) and not is_fragment(packet):
            dscp = (FOUR if four else SIX).get(layers[UDP].dport)
        if is_fragment(packet):
            dropped.append(packet)
            reasons.append("fragment")
        elif dscp is not None:
            # All but RDMA are of the class that is marked.
            host.append(edited(packet, both(dscp=dscp, ecn=None if dscp == 26 else 3)))
        elif TCP in layers:
            slow.append(edited(packet, both(7)) if four else packet)
        elif packet.length < 47:
            dropped.append(packet)
            reasons.append("small")
        else:
            host.append(packet)
    comments = [text.split(": ")[1] for text in case.comments("drops.pcapng")]
    assert comments == reasons, (comments, reasons)
    return {"host": host, "slow": slow, "drops": dropped}


@rule("training")
def training(case):
    """CNPs (opcode 0x81) and packets with an AETH alone (0x11) are control, all else RoCE data."""
    host = []
    for packet in case.inputs():
        layers = packet.layers
        if UDP not in layers or layers[UDP].dport != 4791:
            host.append(packet)
            continue
        opcode = struct.unpack_from("B", bytes(layers[UDP].payload))[0]
        host.append(edited(packet, both(dscp=48 if opcode in (0x11, 0x81) else 26)))
    return {"host": host, "drops": []}


def main(names):
    failed = False
    for name in names or sorted(os.listdir(os.path.join(ROOT, "Cases"))):
        case = Case(name)
        if name not in RULES:
            print(f"{name}: no rule")
        elif not all(os.path.exists(path) for path in case.paths("wire")):
            print(f"{name}: no capture here")
        else:
            problem = difference(case)
            failed = failed or problem is not None
            print(f"{name}: {problem or 'as scapy says'}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
