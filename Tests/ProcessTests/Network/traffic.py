#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""One end of a test network: frames through a packet socket, or a conversation over TCP.

  traffic.py send INTERFACE CAPTURE             every frame of a pcap file
  traffic.py receive INTERFACE COUNT SECONDS    frames as lines of hexadecimal digits, with tags
  traffic.py serve INTERFACE ADDRESS            answers one connection with the bytes turned round
  traffic.py ask INTERFACE ADDRESS BYTES        sends random bytes there and checks the answer
"""
import ctypes
import fcntl
import os
import socket
import struct
import sys
import time

PACKET_AUXDATA, SOL_PACKET, ALL = 8, 263, 3
VLAN_VALID, TYPE_VALID = 1 << 4, 1 << 6
PORT = 5000


def open_socket(interface):
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL))
    opened.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    opened.bind((interface, 0))
    return opened


def send(interface, path):
    out = open_socket(interface)
    data = open(path, "rb").read()
    place = 24
    while place < len(data):
        length = struct.unpack_from("<I", data, place + 8)[0]
        out.send(data[place + 16:place + 16 + length])
        place += 16 + length


def receive(interface, count, seconds):
    source, end, left = open_socket(interface), time.monotonic() + float(seconds), int(count)
    print("ready", flush=True)
    while left > 0 and time.monotonic() < end:
        source.settimeout(max(0.01, end - time.monotonic()))
        try:
            frame, extra, _, address = source.recvmsg(65535, 256)
        except TimeoutError:
            break
        if address[2] == socket.PACKET_OUTGOING:
            continue
        print(with_tag(frame, extra).hex(), flush=True)
        left -= 1


def with_tag(frame, extra):
    """The frame with the VLAN tag that the kernel took off (struct tpacket_auxdata)."""
    for level, kind, data in extra:
        if (level, kind) == (SOL_PACKET, PACKET_AUXDATA):
            status, _, _, _, _, control, protocol = struct.unpack("=IIIHHHH", data[:20])
            if status & VLAN_VALID:
                protocol = protocol if status & TYPE_VALID else 0x8100
                return frame[:12] + struct.pack(">HH", protocol, control) + frame[12:]
    return frame


def use_whole_packets(interface):
    """Checksums and segments are made before the packet leaves: ETHTOOL_STXCSUM, off."""
    command = ctypes.create_string_buffer(struct.pack("II", 0x17, 0))
    request = struct.pack("16sP16x", interface.encode(), ctypes.addressof(command))
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, 0x8946, request)


def serve(interface, address):
    use_whole_packets(interface)
    with socket.create_server((address, PORT)) as server:
        server.settimeout(30)
        print("ready", flush=True)
        connection = server.accept()[0]
        connection.settimeout(30)
        data = b"".join(iter(lambda: connection.recv(65536), b""))
        connection.sendall(data[::-1])
        connection.close()


def ask(interface, address, count):
    use_whole_packets(interface)
    question = os.urandom(int(count))
    with socket.create_connection((address, PORT), timeout=30) as connection:
        connection.sendall(question)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    sys.exit(0 if answer == question[::-1] else "the answer is not the question turned round")


if __name__ == "__main__":
    {"send": send, "receive": receive, "serve": serve, "ask": ask}[sys.argv[1]](*sys.argv[2:])
