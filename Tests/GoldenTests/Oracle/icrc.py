# SPDX-License-Identifier: BSD-3-Clause
"""The invariant CRC of RoCEv2 in Ethernet frames, by the words of the specification and zlib."""
import zlib


def place(frame):
    """Where the IP header of a RoCEv2 packet begins, and where its ICRC does; None of others."""
    at = 12
    while frame[at:at + 2] in (b"\x81\x00", b"\x88\xa8"):
        at += 4
    kind, ip = frame[at:at + 2], at + 2
    if kind == b"\x08\x00" and frame[ip:ip + 1] == b"\x45" and frame[ip + 9] == 17:
        udp = ip + 20
    elif kind == b"\x86\xdd" and frame[ip + 6:ip + 7] == b"\x11":
        udp = ip + 40
    else:
        return None
    if frame[udp + 2:udp + 4] != b"\x12\xb7":
        return None
    end = udp + int.from_bytes(frame[udp + 4:udp + 6], "big") - 4
    return (ip, end) if udp + 20 <= end and end + 4 <= len(frame) else None


def value(frame):
    """What the ICRC of a RoCEv2 packet should be, as its bytes lie in the frame."""
    ip, end = place(frame)
    covered = bytearray(frame[ip:end])
    if covered[0] >> 4 == 4:
        ones, udp = (1, 8, 10, 11), 20
    else:
        covered[0] |= 0x0F
        ones, udp = (1, 2, 3, 7), 40
    for index in (*ones, udp + 6, udp + 7, udp + 12):
        covered[index] = 0xFF
    return zlib.crc32(b"\xff" * 8 + bytes(covered)).to_bytes(4, "little")


def stored(frame):
    _, end = place(frame)
    return frame[end:end + 4]


def with_value(frame, icrc):
    _, end = place(frame)
    return frame[:end] + icrc + frame[end + 4:]


def followed(old, new):
    """The changed frame with an ICRC that is right, or wrong, by as much as the old one was."""
    if place(old) is None or place(new) is None:
        return new
    wrong = bytes(a ^ b for a, b in zip(stored(old), value(old)))
    return with_value(new, bytes(a ^ b for a, b in zip(value(new), wrong)))
