# SPDX-License-Identifier: BSD-3-Clause
"""RoCE and InfiniBand packets as tshark reads them, one after the other."""
import subprocess

# Everything but these is switched off: a payload is never guessed to be something else, and a
# protocol on a low UDP source port does not take a packet away from port 4791.
WANTED = set("""frame eth ethertype erf vlan ieee8021ad ieee8021ah ip ipv6 udp infiniband macc gre
                vxlan geneve sll null raw mpls llc""".split())
FIELDS = """frame.number frame.time_epoch frame.len frame.cap_len frame.protocols eth.src
            ip.src ip.dst ip.dsfield.ecn ip.dsfield.dscp ip.id
            ipv6.src ipv6.dst ipv6.tclass.ecn ipv6.tclass.dscp
            vlan.id udp.srcport udp.dstport udp.length
            infiniband.lrh.slid infiniband.lrh.dlid infiniband.lrh.lnh infiniband.lrh.pktlen
            infiniband.grh.sgid infiniband.grh.dgid infiniband.grh.paylen
            infiniband.bth.opcode infiniband.bth.destqp infiniband.bth.psn infiniband.bth.a
            infiniband.bth.padcnt infiniband.aeth.syndrome infiniband.aeth.msn
            infiniband.reth.dmalen infiniband.deth.srcqp infiniband.vendor
            infiniband.mad.attributeid
            infiniband.cm.req infiniband.cm.req.localqpn infiniband.cm.req.startpsn
            infiniband.cm.req.pppmtu
            infiniband.cm.rep infiniband.cm.rep.remotecommid infiniband.cm.rep.localqpn
            infiniband.cm.rep.startpsn""".split()
PORT = 4791
RC, UC, XRC, CNP = 0x00, 0x20, 0xA0, 0x81
FIRST_OR_MIDDLE = {0x00, 0x01, 0x06, 0x07, 0x0D, 0x0E}
REQUESTS = set(range(0x00, 0x0D)) | {0x13, 0x14, 0x16, 0x17}
ENDS = {0x02, 0x03, 0x04, 0x05, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x13, 0x14, 0x16, 0x17}
READ_REQUEST, READ_RESPONSES, ACKNOWLEDGE, ATOMIC_ACK = 0x0C, {0x0D, 0x0E, 0x0F, 0x10}, 0x11, 0x12
WITH_RETH = {0x06, 0x0A, 0x0B, 0x0C}
WITH_AETH = {0x0D, 0x0F, 0x10, 0x11, 0x12}
WITH_IMMEDIATE = {0x03, 0x05, 0x09, 0x0B}
WITH_ATOMIC = {0x13, 0x14}
WITH_INVALIDATE = {0x16, 0x17}


class Packet:
    __slots__ = ("number", "time", "length", "source", "destination", "mac", "ecn", "dscp",
                 "identification", "vlan", "opcode", "queue_pair", "psn", "ack_request",
                 "syndrome", "msn", "read_length", "payload", "sender", "cm")

    @property
    def operation(self):
        return self.opcode & 0x1F

    @property
    def reliable_class(self):
        """RC, UC or XRC: what has one sequence of PSNs for each direction of a queue pair."""
        return self.opcode & 0xE0 in (RC, UC, XRC)

    @property
    def is_request(self):
        return self.reliable_class and self.operation in REQUESTS

    @property
    def is_response(self):
        return (self.opcode & 0xE0 in (RC, XRC)
                and self.operation in READ_RESPONSES | {ACKNOWLEDGE, ATOMIC_ACK})


def packets(capture):
    """Yields each packet of the capture that has a BTH."""
    disabled = [word for name in protocols() if name not in WANTED
                for word in ("--disable-protocol", name)]
    wanted = [word for field in FIELDS for word in ("-e", field)]
    command = ["tshark", "-n", "-r", str(capture), "-T", "fields", *disabled, *wanted]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True) as tshark:
        for line in tshark.stdout:
            fields = dict(zip(FIELDS, line.rstrip("\n").split("\t")))
            packet = read(fields)
            if packet:
                yield packet


def protocols():
    listing = subprocess.run(["tshark", "-G", "protocols"], check=True, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    names = [line.split("\t")[2] for line in listing.splitlines()]
    return [name for name in names if not name.startswith("ipv6.")]


def read(fields):
    if not fields["infiniband.bth.opcode"]:
        return None
    layers = fields["frame.protocols"].split(":infiniband")[0].split(":")
    packet = Packet()
    packet.number = int(fields["frame.number"])
    seconds, fraction = fields["frame.time_epoch"].split(".")
    packet.time = int(seconds) * 10**9 + int(fraction.ljust(9, "0"))
    packet.length = int(fields["frame.len"])
    packet.mac = first(fields["eth.src"])
    packet.vlan = fields["vlan.id"]
    packet.identification = None
    if not read_addresses(fields, layers, packet):
        return None
    packet.opcode = number(fields["infiniband.bth.opcode"])
    packet.queue_pair = number(fields["infiniband.bth.destqp"])
    packet.psn = number(fields["infiniband.bth.psn"])
    packet.ack_request = first(fields["infiniband.bth.a"]) in ("1", "True")
    packet.syndrome = number(fields["infiniband.aeth.syndrome"])
    packet.msn = number(fields["infiniband.aeth.msn"])
    packet.read_length = number(fields["infiniband.reth.dmalen"])
    packet.sender = number(fields["infiniband.deth.srcqp"])
    packet.cm = cm(fields) if fields["infiniband.mad.attributeid"] else None
    if packet.opcode & 0xE0 == XRC:
        unparsed = fields["infiniband.vendor"].split(",")[-1]
        read_extended_connection(packet, bytes.fromhex(unparsed[:128]))
    packet.payload = payload(fields, layers, packet)
    return packet


def read_addresses(fields, layers, packet):
    """The addresses and ECN of the header right before the BTH; False when it is not RoCE."""
    packet.ecn = packet.dscp = None
    if "udp" in layers:
        udps = layers.count("udp")
        if number(fields["udp.dstport"], udps - 1) != PORT:
            return False
        version = [layer for layer in layers if layer in ("ip", "ipv6")][-1]
        index = layers.count(version) - 1
        packet.source = at(fields[version + ".src"], index)
        packet.destination = at(fields[version + ".dst"], index)
        octet = "ip.dsfield" if version == "ip" else "ipv6.tclass"
        packet.ecn = number(fields[octet + ".ecn"], index)
        packet.dscp = number(fields[octet + ".dscp"], index)
        if version == "ip":
            packet.identification = number(fields["ip.id"], index)
    elif fields["infiniband.grh.sgid"]:
        packet.source = first(fields["infiniband.grh.sgid"])
        packet.destination = first(fields["infiniband.grh.dgid"])
    else:
        packet.source = "lid:" + first(fields["infiniband.lrh.slid"])
        packet.destination = "lid:" + first(fields["infiniband.lrh.dlid"])
    return True


def read_extended_connection(packet, rest):
    """tshark 4.0 names XRC's opcodes and leaves what follows their BTH as bytes."""
    if packet.operation in WITH_AETH and len(rest) >= 4:
        packet.syndrome, packet.msn = rest[0], int.from_bytes(rest[1:4], "big")
    elif packet.operation in WITH_RETH and len(rest) >= 20:
        packet.read_length = int.from_bytes(rest[16:20], "big")


def payload(fields, layers, packet):
    """Bytes of payload by the lengths in the headers, whatever was captured; None when unknown."""
    if "udp" in layers:
        rest = number(fields["udp.length"], layers.count("udp") - 1) - 8
    elif fields["infiniband.lrh.pktlen"]:
        rest = 4 * number(fields["infiniband.lrh.pktlen"]) - 8
        rest -= 40 if fields["infiniband.grh.sgid"] else 0
    elif fields["infiniband.grh.paylen"]:
        rest = number(fields["infiniband.grh.paylen"])
    else:
        return None
    if packet.operation > 0x17 or not packet.reliable_class:
        return None
    headers = 12 + extensions(packet)
    size = rest - headers - number(fields["infiniband.bth.padcnt"]) - 4
    return size if size >= 0 else None


def extensions(packet):
    operation = packet.operation
    size = 4 if packet.opcode & 0xE0 == XRC and operation in REQUESTS else 0
    size += 16 * (operation in WITH_RETH) + 4 * (operation in WITH_AETH)
    size += 8 * (operation == ATOMIC_ACK) + 28 * (operation in WITH_ATOMIC)
    return size + 4 * (operation in WITH_IMMEDIATE | WITH_INVALIDATE)


def cm(fields):
    """What a message of the connection manager says of the queue pairs: a dict, or None."""
    attribute = number(fields["infiniband.mad.attributeid"])
    if attribute == 0x10 and fields["infiniband.cm.req.localqpn"]:
        mtu = number(fields["infiniband.cm.req.pppmtu"])
        return {"request": number(fields["infiniband.cm.req"]),
                "queue_pair": number(fields["infiniband.cm.req.localqpn"]),
                "psn": number(fields["infiniband.cm.req.startpsn"]),
                "path_mtu": 128 << mtu if 1 <= (mtu or 0) <= 5 else None}
    if attribute == 0x13 and fields["infiniband.cm.rep.localqpn"]:
        return {"reply": number(fields["infiniband.cm.rep"]),
                "to": number(fields["infiniband.cm.rep.remotecommid"]),
                "queue_pair": number(fields["infiniband.cm.rep.localqpn"]),
                "psn": number(fields["infiniband.cm.rep.startpsn"])}
    return None


def at(text, index):
    parts = text.split(",")
    return parts[index] if index < len(parts) else parts[-1]


def first(text):
    return text.split(",")[0]


def number(text, index=0):
    word = at(text, index)
    return int(word, 0) if word else None
