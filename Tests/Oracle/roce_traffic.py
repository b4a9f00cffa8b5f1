# SPDX-License-Identifier: BSD-3-Clause
"""RoCEv2 traffic of a made fabric, and the capture that a tap in it would write.

Times are nanoseconds since the capture's start. Headers, lengths and ICRCs are right in every
frame; those longer than the snap length are cut, and keep their length.
"""
import struct
import zlib

EPOCH = 1_790_000_000
SNAP = 96
DATA, CNP_TOS = 0x6A, 0xC0  # DSCP 26 and ECT(0); DSCP 48
CE, NOT_ECT = 3, 0
SEND = {"first": 0x00, "middle": 0x01, "last": 0x02, "only": 0x04}
WRITE = {"first": 0x06, "middle": 0x07, "last": 0x08, "only": 0x0A}
RESPONSE = {"first": 0x0D, "middle": 0x0E, "last": 0x0F, "only": 0x10}
ACK_EVERY = 16
PSN_ERROR, REMOTE_ACCESS_ERROR = 0x60, 0x62


class Tap:
    """Keeps frames with their times, and writes them in the order of these."""

    def __init__(self, snap=SNAP):
        self.snap = snap
        self.frames = []

    def add(self, time, frame, length):
        self.frames.append((int(time), len(self.frames), frame, length))

    def write(self, path):
        self.frames.sort()
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1))
            for time, _, frame, length in self.frames:
                seconds, rest = divmod(time, 10**9)
                file.write(struct.pack("<IIII", EPOCH + seconds, rest, len(frame), length) + frame)

    def pause(self, time, mac, priority, quanta):
        times = [quanta if each == priority else 0 for each in range(8)]
        frame = bytes.fromhex("0180c2000001") + mac + struct.pack(
            ">HHH8H", 0x8808, 0x0101, 1 << priority, *times)
        self.add(time, frame.ljust(60, b"\0"), 60)


class Host:
    def __init__(self, number):
        self.mac = struct.pack(">BBI", 2, 0, number)
        self.address = struct.pack(">BBH", 10, 0, number)
        self.messages_of_cm = 0


def ends(tap, time, source, destination, port, tos, transport, size=0, full=False, damage=None):
    """A frame of what `transport` begins and `size` zero bytes of payload end."""
    length = 14 + 20 + 8 + len(transport) + size + 4
    udp = struct.pack(">HHHH", port, 4791, 8 + len(transport) + size + 4, 0)
    ip = ipv4(source.address, destination.address, tos, length - 14)
    frame = destination.mac + source.mac + b"\x08\x00" + ip + udp + transport
    if length <= tap.snap or full:
        frame += bytes(size)
        frame += invariant_checksum(ip, udp, transport, size)
        if damage is not None:
            frame = frame[:damage] + bytes([frame[damage] ^ 0x10]) + frame[damage + 1:]
    else:
        frame = (frame + bytes(min(size, tap.snap)))[:tap.snap]
    tap.add(time, frame, length)


def ipv4(source, destination, tos, length):
    header = struct.pack(">BBHHHBBH", 0x45, tos, length, 0, 0x4000, 64, 17, 0)
    header += source + destination
    total = sum(struct.unpack(">10H", header))
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    return header[:10] + struct.pack(">H", total ^ 0xFFFF) + header[12:]


def invariant_checksum(ip, udp, transport, size):
    """The ICRC: what routers change counts as ones (InfiniBand volume 1, annex A17.3.3)."""
    ones = b"\xff"
    masked = ones * 8 + ip[:1] + ones + ip[2:8] + ones + ip[9:10] + ones * 2 + ip[12:]
    masked += udp[:6] + ones * 2 + transport[:4] + ones + transport[5:] + bytes(size)
    return struct.pack("<I", zlib.crc32(masked))


def bth(opcode, queue_pair, psn, ack=False, becn=False):
    migrated = 0 if becn else 0x40
    return struct.pack(">BBHII", opcode, migrated, 0xFFFF, becn << 30 | queue_pair,
                       ack << 31 | psn & 0xFFFFFF)


def spread(codes, count):
    """The opcodes of a message of so many packets."""
    if count == 1:
        return [codes["only"]]
    return [codes["first"], *[codes["middle"]] * (count - 2), codes["last"]]


class Request:
    """A packet of a request, as it can be sent once or again."""
    __slots__ = ("opcode", "psn", "extension", "size", "ack", "ends")

    def __init__(self, opcode, psn, extension, size, ack, ends_message):
        self.opcode, self.psn, self.extension = opcode, psn, extension
        self.size, self.ack, self.ends = size, ack, ends_message


class Connection:
    """A reliable connection from a requester to a responder, seen by a tap between them."""
    connections = 0

    def __init__(self, tap, requester, responder, queue_pairs, random, path_mtu=4096, psn=None,
                 port=None, tos=DATA, full=False):
        self.tap, self.requester, self.responder, self.random = tap, requester, responder, random
        self.near, self.far = queue_pairs
        self.path_mtu, self.tos, self.full = path_mtu, tos, full
        self.port = port or 0xC000 | random.getrandbits(14)
        self.round_trip = random.randrange(5_000, 9_000)
        self.restart(psn)

    def restart(self, psn=None):
        self.psn = self.random.getrandbits(24) if psn is None else psn
        self.back_psn = self.random.getrandbits(24)
        self.completed = 0
        Connection.connections += 1
        self.identifier = 0x51000000 + Connection.connections * 2

    # Connection manager

    def open(self, time):
        """REQ, REP and RTU; each side says its queue pair, and the first PSN to send to it."""
        request = bytearray(232)
        struct.pack_into(">I", request, 0, self.identifier)
        struct.pack_into(">Q", request, 8, 0x0000000001060000 | 18515)
        request[32:35] = self.near.to_bytes(3, "big")
        request[44:47] = self.back_psn.to_bytes(3, "big")
        request[47] = 20 << 3 | 7
        struct.pack_into(">H", request, 48, 0xFFFF)
        request[50] = (self.path_mtu.bit_length() - 8) << 4 | 7
        request[95] = 14 << 3
        reply = bytearray(232)
        struct.pack_into(">II", reply, 0, self.identifier + 1, self.identifier)
        reply[12:15] = self.far.to_bytes(3, "big")
        reply[20:23] = self.psn.to_bytes(3, "big")
        ready = struct.pack(">II", self.identifier, self.identifier + 1)
        self.manage(time, self.requester, self.responder, 0x10, bytes(request))
        self.manage(time + 80_000, self.responder, self.requester, 0x13, bytes(reply))
        self.manage(time + 160_000, self.requester, self.responder, 0x14, ready)
        return time + 300_000

    def close(self, time):
        asks = struct.pack(">II", self.identifier, self.identifier + 1)
        asks += self.far.to_bytes(3, "big")
        agrees = struct.pack(">II", self.identifier + 1, self.identifier)
        self.manage(time, self.requester, self.responder, 0x15, asks)
        self.manage(time + 80_000, self.responder, self.requester, 0x16, agrees)
        return time + 200_000

    def manage(self, time, source, destination, attribute, data):
        mad = struct.pack(">BBBBHHQHHI", 1, 7, 2, 3, 0, 0, self.identifier, attribute, 0, 0)
        datagram = struct.pack(">II", 0x80010000, 1) + mad + data.ljust(232, b"\0")
        head = bth(0x64, 1, source.messages_of_cm) + datagram
        source.messages_of_cm += 1
        ends(self.tap, time, source, destination, 0xC123, 0, head, full=True)

    # Requests

    def message(self, codes, size):
        """The packets of a WRITE or SEND, with the PSNs that come next."""
        count = max(1, -(-size // self.path_mtu))
        requests = []
        for index, opcode in enumerate(spread(codes, count)):
            last = index == count - 1
            reth = struct.pack(">QII", 0x7F0000000000, 0x1234, size)
            extension = reth if opcode in (WRITE["first"], WRITE["only"]) else b""
            payload = size - index * self.path_mtu if last else self.path_mtu
            requests.append(Request(opcode, self.psn, extension, payload,
                                    last or index % ACK_EVERY == ACK_EVERY - 1, last))
            self.psn = (self.psn + 1) & 0xFFFFFF
        return requests

    def send(self, time, request, ce=False, damage=None):
        tos = self.tos | CE if ce else self.tos
        transport = bth(request.opcode, self.far, request.psn, request.ack) + request.extension
        ends(self.tap, time, self.requester, self.responder, self.port, tos, transport,
             request.size, full=self.full, damage=damage)

    def answer(self, time, psn, syndrome=0x1F):
        """An ACK or NAK, by the syndrome."""
        transport = bth(0x11, self.near, psn) + self.aeth(syndrome)
        ends(self.tap, time, self.responder, self.requester, self.port, self.tos, transport)

    def aeth(self, syndrome=0x1F):
        return struct.pack(">I", syndrome << 24 | self.completed & 0xFFFFFF)

    def notify(self, time, tos=CNP_TOS):
        """A CNP to the requester."""
        transport = bth(0x81, self.near, 0, becn=True) + bytes(16)
        ends(self.tap, time, self.responder, self.requester, self.port, tos, transport)

    def transfer(self, time, requests, gap, marked=()):
        """Sends requests `gap` apart, and the ACKs that come to them; the time of the last one."""
        for index, request in enumerate(requests):
            self.send(time + index * gap, request, ce=index in marked)
            if request.ack:
                self.completed += request.ends
                self.answer(time + index * gap + self.round_trip, request.psn)
        return time + (len(requests) - 1) * gap + self.round_trip

    def write(self, time, size, gap, marked=()):
        return self.transfer(time, self.message(WRITE, size), gap, marked)

    def read(self, time, size, gap):
        count = max(1, -(-size // self.path_mtu))
        first = self.psn
        reth = struct.pack(">QII", 0x7F0000000000, 0x1234, size)
        self.psn = (self.psn + count) & 0xFFFFFF
        self.send(time, Request(0x0C, first, reth, 0, True, True))
        self.completed += 1
        time += self.round_trip
        for index, opcode in enumerate(spread(RESPONSE, count)):
            payload = size - index * self.path_mtu if index == count - 1 else self.path_mtu
            transport = bth(opcode, self.near, first + index)
            transport += b"" if opcode == RESPONSE["middle"] else self.aeth()
            ends(self.tap, time + index * gap, self.responder, self.requester, self.port, self.tos,
                 transport, payload, full=self.full)
        return time + count * gap

    def fetch_and_add(self, time):
        extension = struct.pack(">QIQQ", 0x7F0000000000, 0x1234, 1, 0)
        request = Request(0x14, self.psn, extension, 0, True, True)
        self.psn = (self.psn + 1) & 0xFFFFFF
        self.send(time, request)
        self.completed += 1
        transport = bth(0x12, self.near, request.psn) + self.aeth() + struct.pack(">Q", 7)
        ends(self.tap, time + self.round_trip, self.responder, self.requester, self.port,
             self.tos, transport)
        return time + self.round_trip
