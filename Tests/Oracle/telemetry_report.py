#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Holds what `sluice report` counts of queue pairs against what tshark reads.

    telemetry_report.py SLUICE CAPTURE...

For every direction of every queue pair: packets, bytes, opcodes, CE, CNPs, ACKs and NAKs by code,
messages, sequence numbers missing, filled and repeated. Exit status 1 when something differs.

Not compared is what the two define differently: rewinds; where a path MTU was learned other than
from payload, and READ responses asked for; what asks for an ACK, where it was sent again. Of a
packet whose ICRC is wrong Sluice believes nothing but that it came: of its direction packets, bytes
and opcodes are compared.
"""
import collections
import json
import subprocess
import sys

NAKS = {
    "0x60": "packet_seq_err", "0x61": "wire_nak_invalid_request", "0x62": "wire_nak_remote_access",
    "0x63": "wire_nak_remote_operational", "0x64": "wire_nak_invalid_rd_request"}
TRANSPORTS = {"RC": 0, "UC": 1, "RD": 2, "UD": 3, "XRC": 5}
OPERATIONS = [
    "SEND_FIRST", "SEND_MIDDLE", "SEND_LAST", "SEND_LAST_IMM", "SEND_ONLY", "SEND_ONLY_IMM",
    "WRITE_FIRST", "WRITE_MIDDLE", "WRITE_LAST", "WRITE_LAST_IMM", "WRITE_ONLY", "WRITE_ONLY_IMM",
    "READ_REQUEST", "READ_RESP_FIRST", "READ_RESP_MIDDLE", "READ_RESP_LAST", "READ_RESP_ONLY",
    "ACK", "ATOMIC_ACK", "CMP_SWAP", "FETCH_ADD", "RESYNC", "SEND_LAST_INV", "SEND_ONLY_INV"]


def number(opcode):
    """The number of an opcode by its name: `RC_ACK` is 17."""
    if opcode == "CNP":
        return 0x81
    if opcode.startswith("0x"):
        return int(opcode, 16)
    transport, operation = opcode.split("_", 1)
    return TRANSPORTS[transport] << 5 | OPERATIONS.index(operation)


def facts(pair):
    """What Sluice says of one queue pair, in the words of the other side."""
    metrics = collections.Counter(pair["metrics"])
    return {
        "packets": metrics["packets"], "bytes": metrics["bytes"],
        "opcodes": {str(number(name)): count for name, count in pair["opcodes"].items()},
        "ce": metrics["np_ecn_marked_roce_packets"], "cnps": metrics["cc_rx_cnp_pkts"],
        "acks": metrics["acks"], "rnr_naks": metrics["rnr_nak_retry_err"],
        "naks": {code: metrics[name] for code, name in NAKS.items() if metrics[name]},
        "messages": metrics["messages"], "missing": metrics["wire_missing_packets"],
        "filled_later": metrics["wire_reordered_packets"] + metrics["wire_recovered_packets"],
        "repeated": metrics["wire_duplicate_packets"] + metrics["wire_retransmitted_packets"],
        "ack_requests": metrics["ack_requests"],
        "read_responses": {"packets": metrics["wire_read_responses"],
                           "repeated": metrics["wire_repeated_responses"]},
        "path_mtu": metrics["path_mtu_bytes"] or None,
        "icrc_wrong": metrics["rx_icrc_encapsulated"]}


def directions(report):
    """Sluice's report by the names of directions."""
    pairs = report["telemetry"]["queuePairs"]
    return {f'{end(pair["source"])}>{end(pair["destination"])}/{pair["queuePair"]:#x}': facts(pair)
            for pair in pairs}


def end(address):
    """An address as tshark's side writes it: a local identifier of InfiniBand is `lid:7`."""
    return address.replace("LID ", "lid:")


def comparable(theirs):
    """Of tshark's facts of one direction, those that Sluice defines equally."""
    shared = {field: theirs[field] for field in (
        "packets", "bytes", "opcodes", "cnps", "acks", "rnr_naks", "naks", "missing",
        "filled_later")}
    # A read that goes on in the middle of an earlier one is a message for tshark's side.
    shared["messages"] = theirs["messages"] - theirs["reads_resumed"]
    shared["ce"] = theirs["ecn"]["ce"]
    shared["repeated"] = theirs["repeated"] + theirs["reads_resumed"]
    # Sluice counts the responses of atomic operations with those of reads.
    atomics = sum(count for code, count in theirs["opcodes"].items() if int(code) & 31 == 18)
    shared["read_responses"] = {"packets": theirs["read_responses"]["packets"] + atomics}
    if not atomics:
        shared["read_responses"]["repeated"] = theirs["read_responses"]["repeated"]
    if theirs["requests"] and not shared["repeated"]:
        shared["ack_requests"] = theirs["ack_requests"]
    if theirs["path_mtu_from"] == "payload":
        shared["path_mtu"] = theirs["path_mtu"]
    return shared


def differences(ours, theirs):
    """As `telemetry_tshark.differences`, which takes for 0 what a table of counts lacks."""
    import telemetry_tshark
    theirs = {name: limited(each, ours.get(name, each)) for name, each in theirs.items()}
    return list(telemetry_tshark.differences(ours, theirs))


def limited(facts, shared):
    """Without what the other side cannot be asked for."""
    if facts["icrc_wrong"]:
        return {field: facts[field] for field in ("packets", "bytes", "opcodes")}
    known = dict(facts)
    known["read_responses"] = {field: known["read_responses"][field]
                               for field in shared["read_responses"]}
    return known


def report(sluice, capture):
    command = [sluice, "report", capture, "--json", "--queue-pairs", "100000"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if not run.stdout:
        sys.exit(f"{capture}: Sluice has not read it: {run.stderr}")
    return json.loads(run.stdout)


def compare(sluice, capture):
    """Lines for what differs, and how many directions there are."""
    from telemetry_tshark import Capture
    ours = {name: comparable(each) for name, each in Capture(capture).facts().items()}
    return differences(ours, directions(report(sluice, capture))), len(ours)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    failed = total = 0
    for capture in sys.argv[2:]:
        lines, count = compare(sys.argv[1], capture)
        failed += bool(lines)
        total += count
        for line in lines:
            print(f"{capture}: {line}")
    print(f"{len(sys.argv) - 2} captures, {total} directions: "
          + (f"{failed} captures differ" if failed else "all agree"))
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
