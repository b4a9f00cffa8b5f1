# SPDX-License-Identifier: BSD-3-Clause
"""Sets of rules for `classify`, and the same as OpenFlow has them; the same rules every time.

The flows of the capture (frames.py) are among them. The other rules are for addresses at random
in the same network, so that they stand between those in a table, and match no packet.
"""

import csv
import pathlib
import random
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from . import frames

ROCE = 4791
# Where addresses at random come from, and the hosts of the capture.
NETWORK = IPv4Network("10.0.0.0/8")
HOSTS = IPv4Network("10.0.0.0/21")
SERVER = IPv4Address("10.1.0.1")
HOPS = 8


@dataclass(frozen=True)
class RuleSet:
    """So many rules of a kind, kept in a file."""

    name: str
    # The function of this module that makes them.
    kind: str
    count: int
    # What `sluice check --explain` calls the table that they are for.
    table: str
    path: pathlib.Path

    def rules(self):
        return globals()[self.kind](self.count)


@dataclass(frozen=True)
class Rule:
    """What a packet must have; None for what does not matter."""

    source: IPv4Network | None = None
    destination: IPv4Network | None = None
    # The first and the last port.
    source_ports: tuple | None = None
    destination_port: int | None = None
    dscps: tuple | None = None
    # The greater wins.
    priority: int = 0
    # The number of a next hop, whose Ethernet addresses the packet gets.
    hop: int | None = None

    def matches(self, flow):
        return (
            (self.source is None or source(flow) in self.source)
            and (self.destination is None or SERVER in self.destination)
            and (self.source_ports is None or within(port(flow), self.source_ports))
            and self.destination_port in (None, ROCE)
            and (self.dscps is None or within(0, self.dscps)))


def source(flow):
    return IPv4Address(int(HOSTS[256]) + flow % 4096)


def port(flow):
    return 0xC000 + flow % 8192


def within(value, ends):
    return ends[0] <= value <= ends[1]


def exact(count):
    """Source, destination and both ports of a flow each; with enough rules, of all flows."""
    generator = random.Random(count)
    flows = list(range(frames.FLOWS))
    generator.shuffle(flows)
    found = {(source(flow), SERVER, port(flow)) for flow in flows[:count]}
    while len(found) < count:
        found.add((anywhere(generator), anywhere(generator), generator.randrange(1024, 65536)))
    rules = [Rule(host(a), host(b), (udp, udp), ROCE) for a, b, udp in sorted(found)]
    generator.shuffle(rules)
    return rules


def prefix(count):
    """Blocks of sources, of which the longest wins, each behind one of eight next hops.
    There are no single addresses, which would go into a table of their own."""
    generator = random.Random(count)
    lengths = (16, 20, 22, 24, 24, 24, 28, 30)
    blocks = {HOSTS}
    while len(blocks) < count:
        # Every eighth block is among the hosts that send.
        if len(blocks) % 8 == 0:
            blocks.add(block(source(generator.randrange(frames.FLOWS)), generator.randint(22, 30)))
        else:
            blocks.add(block(anywhere(generator), generator.choice(lengths)))
    rules = [Rule(source=each, priority=each.prefixlen, hop=generator.randrange(HOPS))
             for each in sorted(blocks)]
    generator.shuffle(rules)
    return rules


def ternary(count):
    """As firewalls have them: blocks on both sides, a range of ports, a DSCP. First match wins.
    In no order: those for the flows of the capture are scattered among the others."""
    generator = random.Random(count)
    mine = min(count, frames.FLOWS)
    rules = [around(generator, number, mine) for number in range(mine)]
    rules += [elsewhere(generator) for _ in range(count - mine)]
    generator.shuffle(rules)
    return rules


def grouped(count):
    """The same rules, those for neighbouring networks together, as people write them."""
    return sorted(ternary(count), key=lambda rule: (rule.source, rule.source_ports or (0, 0)))


def around(generator, number, count):
    """The rule for the flows of one of so many equal parts."""
    first, last = (frames.FLOWS * each // count for each in (number, number + 1))
    sources = block(source(first), generator.randint(16, 28))
    while source(last - 1) not in sources:
        sources = sources.supernet()
    return Rule(
        sources, block(SERVER, generator.randint(12, 28)), (port(first), port(last - 1)), ROCE,
        generator.choice((None, (0, 0), (0, 7))))


def elsewhere(generator):
    low = generator.randrange(1024, 65536)
    return Rule(
        block(anywhere(generator), generator.choice((12, 16, 16, 20, 24, 24, 26, 28))),
        block(anywhere(generator), generator.choice((16, 20, 24, 24, 26, 28))),
        generator.choice((None, (low, low), (low, min(low + generator.randrange(1024), 65535)))),
        generator.choice((ROCE, generator.randrange(1024, 65536))),
        generator.choice((None, (0, 0), (26, 26), (24, 31))))


def anywhere(generator):
    """Not one of the capture's hosts."""
    while True:
        address = NETWORK[generator.randrange(NETWORK.num_addresses)]
        if address not in HOSTS:
            return address


def host(address):
    return IPv4Network(address)


def block(address, length):
    return IPv4Network((address, length), strict=False)


def hop_addresses(hop):
    """Destination and source of frames to a next hop."""
    return f"02:00:00:00:01:{hop:02x}", f"02:00:00:00:02:{hop:02x}"


def write(path, rules):
    """A table of rules for `classify`; those of equal priority win in the order they have here."""
    with open(path, "w", newline="") as file:
        table = csv.writer(file)
        hops = ["set.eth.dst", "set.eth.src"] if any(rule.hop is not None for rule in rules) else []
        table.writerow(["match", "priority", "send", *hops])
        for rule in rules:
            addresses = hop_addresses(rule.hop) if hops else ()
            table.writerow([condition(rule), rule.priority or "", "out", *addresses])


def condition(rule):
    terms = []
    for name, network in (("ip.src", rule.source), ("ip.dst", rule.destination)):
        if network is not None and network.prefixlen == 32:
            terms.append(f"{name} == {network.network_address}")
        elif network is not None:
            terms.append(f"{name} in {network}")
    for name, ends in (("udp.src", rule.source_ports), ("ip.dscp", rule.dscps)):
        if ends is not None:
            terms.append(f"{name} == {ends[0]}" if ends[0] == ends[1] else
                         f"{name} in {ends[0]}..{ends[1]}")
    if rule.destination_port is not None:
        terms.append(f"udp.dst == {rule.destination_port}")
    return " and ".join(terms)


def open_flow(rules, port):
    """The same in OpenFlow, which has no ranges: a line for each block of ports, and each DSCP."""
    written = any(not rule.priority for rule in rules)
    for number, rule in enumerate(rules):
        # OpenFlow leaves open which of two equal ones wins.
        priority = 60000 - number if written and len(rules) < 60000 else 1000 + rule.priority
        terms = [f"priority={priority}", "ip" if rule.destination_port is None else "udp"]
        if rule.source is not None:
            terms.append(f"nw_src={rule.source}")
        if rule.destination is not None:
            terms.append(f"nw_dst={rule.destination}")
        if rule.destination_port is not None:
            terms.append(f"tp_dst={rule.destination_port}")
        actions = f"output:{port}"
        if rule.hop is not None:
            there, here = hop_addresses(rule.hop)
            actions = f"mod_dl_dst:{there},mod_dl_src:{here},{actions}"
        dscps = [None] if rule.dscps is None else range(rule.dscps[0], rule.dscps[1] + 1)
        for ports in masks(rule.source_ports, 16):
            for dscp in dscps:
                more = [f"tp_src={ports[0]:#x}/{ports[1]:#x}"] if ports else []
                # The byte with its two bits of ECN, which are not looked at.
                more += [] if dscp is None else [f"nw_tos={dscp << 2}"]
                yield ",".join(terms + more) + f",actions={actions}"


def masks(ends, bits):
    """The values and masks that make up a range; None alone where everything will do."""
    if ends is None:
        return [None]
    low, high = ends
    found = []
    while low <= high:
        size = low & -low or 1 << bits
        while low + size - 1 > high:
            size //= 2
        found.append((low, ((1 << bits) - 1) & ~(size - 1)))
        low += size
    return found


def hits(rules):
    """How many flows have a rule, and how many rules have a flow."""
    order = sorted(rules, key=lambda rule: -rule.priority)
    near = [rule for rule in order if rule.source is None or rule.source.overlaps(HOSTS)]
    first = [next((rule for rule in near if rule.matches(flow)), None)
             for flow in range(frames.FLOWS)]
    return sum(rule is not None for rule in first), len({rule for rule in first if rule})
