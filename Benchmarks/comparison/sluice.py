# SPDX-License-Identifier: BSD-3-Clause
"""Sluice itself, as its users start it."""

import json
import pathlib
import subprocess

from . import frames
from .measurement import Failure, Sample

HERE = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = HERE.parent / ".build/release/sluice"
# By the name that a source asks for it by.
PROGRAMS = {
    "sluice": PROGRAM,
    "benchmark-nic": HERE.parent / ".build/benchmarks/nic/release/benchmark-nic",
}
PIPELINES = HERE / "pipelines"
# What a start and an end may take, in seconds.
PATIENCE = 60


def run(file, settings, limit, seconds, program=PROGRAM):
    """The report of one run, which should take so many seconds."""
    words = [program, "run", PIPELINES / file, "--json", *limit]
    for name, value in settings.items():
        words += ["--set", f"{name}={value}"]
    try:
        result = subprocess.run(words, capture_output=True, text=True, timeout=seconds + PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise Failure(f"sluice did not end {PATIENCE} s after it should have") from error
    if result.returncode != 0:
        raise Failure(f"sluice failed:\n{result.stderr}{result.stdout}")
    return json.loads(result.stdout)


def forward(source, conditions, stages, seconds, rules=None):
    receive, send = source.sluice
    settings = {
        "stages": stages, "in": receive, "out": send, "core": conditions.core,
        "hugepages": "required" if conditions.hugepages else "never",
        "packets": source.buffers, **dict(source.settings),
    }
    if rules is not None:
        settings["rules"] = rules.path
    limit = ["--duration", f"{seconds}s"]
    return run("topology.yaml", settings, limit, seconds, PROGRAMS[source.program])


def measure(source, conditions, case, seconds):
    sample = count(source, conditions, case, source.warm_up + seconds)
    if source.warm_up == 0:
        return sample
    return sample.without(count(source, conditions, case, source.warm_up))


def count(source, conditions, case, seconds):
    report = forward(source, conditions, case.mode, seconds, case.rules)
    totals = report["totals"]
    received, sent = totals["receivedPackets"], totals["sentPackets"]
    if received == 0 or sent != received:
        raise Failure(f"sluice received {received} packets and sent {sent} with {case.mode}")
    return Sample(received, report["polling"]["nanosecondsByWorker"][0])


def check_rules(rules):
    """Sees that all rules go into the table that they are meant for."""
    words = [PROGRAM, "check", PIPELINES / "topology.yaml", "--explain", "--set", "stages=classify"]
    words += ["--set", f"rules={rules.path}"]
    result = subprocess.run(words, capture_output=True, text=True)
    lines = (result.stdout + result.stderr).splitlines()
    if not any(line.strip().startswith(rules.table) and f": {rules.count} rules (" in line
               for line in lines):
        raise Failure(f"not all rules of {rules.name} go into the table '{rules.table}'")


def check_hits(source, conditions, case, expected):
    """Sees that as many flows and rules find each other as the rules themselves say."""
    report = forward(source, conditions, case.mode, 0.1, case.rules)
    stages = [stage for pipeline in report["pipelines"] for stage in pipeline["stages"]]
    stage = next(stage for stage in stages if stage["stage"] == "classify")
    hit, missed = (stage["figures"][name] for name in ("rules that matched", "no rule matched"))
    flows, rules = expected
    share = missed / stage["packets"]
    if hit != rules or abs(share - (1 - flows / frames.FLOWS)) > 0.001:
        raise Failure(
            f"{case.rules.name}: {rules} rules should have matched {flows} of {frames.FLOWS} "
            f"flows, but {hit} did, and {share:.1%} of the packets matched none")


def frequency(source, conditions):
    """The time stamp counter's, as Sluice measures it."""
    return forward(source, conditions, "send", 0.1)["polling"]["tscHertz"]


def check_flows(capture, folder):
    """Counts what comes out of an endless capture: its frames must all be there, and differ."""
    output = folder / "forwarded.pcap"
    limit = ["--packets", str(frames.FLOWS * 2)]
    run("flows.yaml", {"in": capture, "out": output}, limit, seconds=0)
    distinct = len(set(frames.read(output)))
    output.unlink()
    if distinct != frames.FLOWS:
        raise Failure(f"the capture has {frames.FLOWS} flows, but {distinct} were forwarded")
