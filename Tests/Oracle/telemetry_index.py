#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Compares the sums that telemetry_tshark.py finds with an index of captures made by other means.

    telemetry_index.py INDEX.tsv

Exit status 1 when something differs. The index counts packets whose ICRC is right; a capture with
others (its `icrc_bad`) is shown with the difference, and does not count as one.
"""
import collections
import os
import sys

from telemetry_tshark import Capture


def check(path):
    """Compares the sums over each capture with the counts in an index; the number of failures."""
    failures = 0
    with open(path, encoding="utf-8") as file:
        columns = file.readline().rstrip("\n").split("\t")
        for line in file:
            row = dict(zip(columns, line.rstrip("\n").split("\t")))
            facts = Capture(os.path.join(os.path.dirname(path), row["file"])).facts().values()
            found, said = sums(facts), index_counts(row)
            wrong = {field: (said.get(field, 0), found.get(field, 0))
                     for field in said.keys() | found.keys()
                     if said.get(field, 0) != found.get(field, 0)}
            # Packets with a bad ICRC are not in the index: such a capture is shown, no more.
            failures += bool(wrong) and row["icrc_bad"] == "0"
            print(row["file"], "as indexed" if not wrong else
                  "; ".join(f"{field}: index {a}, found {b}" for field, (a, b) in wrong.items()))
    return failures


def sums(facts):
    total = collections.Counter()
    for each in facts:
        for code, n in each["opcodes"].items():
            total[f"opcode {int(code):#04x}"] += n
        for field, n in each["ecn"].items():
            total[field] += n
        for code, n in each["naks"].items():
            total[f"nak {code}"] += n
        total["rnr"] += each["rnr_naks"]
        total["repeated"] += each["repeated"]
    return +total


def index_counts(row):
    names = """SEND_FIRST SEND_MIDDLE SEND_LAST SEND_LAST_IMM SEND_ONLY SEND_ONLY_IMM WRITE_FIRST
        WRITE_MIDDLE WRITE_LAST WRITE_LAST_IMM WRITE_ONLY WRITE_ONLY_IMM READ_REQUEST
        READ_RESP_FIRST READ_RESP_MIDDLE READ_RESP_LAST READ_RESP_ONLY ACK ATOMIC_ACK CMP_SWAP
        FETCH_ADD - SEND_LAST_INV SEND_ONLY_INV""".split()
    base = {"RC": 0, "UC": 0x20, "UD": 0x60}
    codes = {f"{kind}_{operation}": f"opcode {start + code:#04x}" for kind, start in base.items()
             for code, operation in enumerate(names)}
    codes |= {"CNP": "opcode 0x81", "REQUEST_PSN_REPEATED": "repeated", "RNR_NAK": "rnr",
              "NAK_PSN_SEQUENCE_ERROR": "nak 0x60", "NAK_INVALID_REQUEST": "nak 0x61",
              "NAK_REMOTE_ACCESS_ERROR": "nak 0x62", "NAK_REMOTE_OPERATIONAL_ERROR": "nak 0x63",
              "not-ECT": "not_ect", "ECT0": "ect0", "ECT1": "ect1", "CE": "ce"}
    words = f"{row['opcodes']} {row['responses_and_cm']} {row['ecn']}".split()
    pairs = [word.split("=") for word in words]
    return {codes[field]: int(n) for field, n in pairs if field in codes}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(check(sys.argv[1]) > 0)
