# SPDX-License-Identifier: BSD-3-Clause
"""Sluice itself, as its users start it."""

import json
import pathlib
import subprocess

from . import frames
from .measurement import Failure, Sample

HERE = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = HERE.parent / ".build/release/sluice"
PIPELINES = HERE / "pipelines"
# What a start and an end may take, in seconds.
PATIENCE = 60


def run(file, settings, limit, seconds):
    """The report of one run, which should take so many seconds."""
    words = [PROGRAM, "run", PIPELINES / file, "--json", *limit]
    for name, value in settings.items():
        words += ["--set", f"{name}={value}"]
    try:
        result = subprocess.run(words, capture_output=True, text=True, timeout=seconds + PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise Failure(f"sluice did not end {PATIENCE} s after it should have") from error
    if result.returncode != 0:
        raise Failure(f"sluice failed:\n{result.stderr}{result.stdout}")
    return json.loads(result.stdout)


def forward(source, conditions, stages, seconds):
    receive, send = source.sluice
    settings = {
        "stages": stages, "in": receive, "out": send, "core": conditions.core,
        "hugepages": "required" if conditions.hugepages else "never",
        "packets": source.buffers, **dict(source.settings),
    }
    return run("topology.yaml", settings, ["--duration", f"{seconds}s"], seconds)


def measure(source, conditions, case, seconds):
    report = forward(source, conditions, case.mode, seconds)
    totals = report["totals"]
    received, sent = totals["receivedPackets"], totals["sentPackets"]
    if received == 0 or sent != received:
        raise Failure(f"sluice received {received} packets and sent {sent} with {case.mode}")
    return Sample(received, report["polling"]["nanosecondsByWorker"][0])


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
