# SPDX-License-Identifier: BSD-3-Clause
"""Open vSwitch with DPDK, started for one measurement, with a database and files of its own."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from . import rules, threads
from .measurement import Failure, Sample

# Debian's package does not put the program into the path while the one without DPDK is there.
PLACES = ("/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk",)
SCHEMA = pathlib.Path("/usr/share/openvswitch/vswitch.ovsschema")
TOOLS = ("ovsdb-tool", "ovsdb-server", "ovs-vsctl", "ovs-ofctl", "ovs-appctl")
BRIDGE = "bench"
IN, OUT = 1, 2
# Marks the rule for packets that no other one wants.
REST = 1
# What a start, an answer or an end may take, in seconds.
PATIENCE = 60
# How long packets flow before they are measured, so that the caches know all flows.
WARM_UP = 1
# Megabytes that the switch's buffers are taken from.
MEMORY = 1024


class Unavailable(Exception):
    """Why there is nothing to measure."""


def program():
    found = next((place for place in PLACES if os.access(place, os.X_OK)), None)
    found = found or shutil.which("ovs-vswitchd")
    if found is None:
        raise Unavailable("ovs-vswitchd is missing; Debian has it in openvswitch-switch-dpdk")
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing or not SCHEMA.exists():
        raise Unavailable(f"{', '.join(missing) or SCHEMA.name} of Open vSwitch is missing")
    return found


def version():
    text = subprocess.run([program(), "--version"], capture_output=True, text=True).stdout
    match = re.search(r"\(Open vSwitch\) (\S+)", text)
    return match[1] if match else "of an unknown version"


class OpenvSwitch:
    """A running switch; use it with `with`, which ends it and removes what it left."""

    def __init__(self, capture, conditions, lines):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-ovs-"))
        self.conditions = conditions
        self.running = []
        # The switch opens files beside its database.
        names = ("OVS_RUNDIR", "OVS_DBDIR", "OVS_LOGDIR", "OVS_SYSCONFDIR")
        self.environment = {**os.environ, **dict.fromkeys(names, str(self.folder))}
        try:
            self.start()
            self.connect(capture, lines)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def start(self):
        self.tool("ovsdb-tool", "create", self.folder / "conf.db", SCHEMA)
        self.spawn("ovsdb-server", self.folder / "conf.db", "--remote=punix:db.sock",
                   "--unixctl=db.ctl", wait_for="db.sock")
        it = self.conditions
        self.vsctl("--no-wait", "init")
        self.vsctl(
            "--no-wait", "set", "Open_vSwitch", ".", "other_config:dpdk-init=true",
            f"other_config:pmd-cpu-mask={1 << it.core:#x}",
            f"other_config:dpdk-lcore-mask={1 << it.control_core:#x}",
            f"other_config:dpdk-socket-mem={MEMORY}",
            "other_config:dpdk-extra=--in-memory --no-pci --no-telemetry")
        self.switch = self.spawn(program(), "unix:db.sock", "--unixctl=vs.ctl", wait_for="vs.ctl")

    def connect(self, capture, lines):
        """Rules are there before the first packet: none goes to a rule that is still missing."""
        self.vsctl("add-br", BRIDGE, "--", "set", "bridge", BRIDGE, "datapath_type=netdev",
                   "fail-mode=secure")
        initialized = self.vsctl("get", "Open_vSwitch", ".", "dpdk_initialized").strip()
        if initialized != "true":
            raise Unavailable(f"Open vSwitch could not start DPDK: {self.complaint()}")
        self.add_port("out", OUT, "net_null1,no-rx=1")
        table = self.folder / "rules.txt"
        table.write_text("\n".join(lines) + "\n")
        self.tool("ovs-ofctl", "add-flows", self.management, table)
        self.add_port("in", IN, f"net_pcap0,rx_pcap={capture},infinite_rx=1")
        self.thread = threads.find(self.switch.pid, ("pmd-c",))

    def add_port(self, name, number, device):
        self.vsctl("add-port", BRIDGE, name, "--", "set", "Interface", name, "type=dpdk",
                   f"options:dpdk-devargs=\"{device}\"", f"ofport_request={number}")
        error = self.vsctl("get", "Interface", name, "error").strip()
        if error not in ("[]", '""'):
            raise Failure(f"Open vSwitch cannot open {device}: {error}")

    @property
    def management(self):
        return self.folder / f"{BRIDGE}.mgmt"

    def measure(self, seconds):
        """The forwarding thread's processor time for what it received and sent meanwhile."""
        time.sleep(WARM_UP)
        before, time_before, sent_before = self.read()
        time.sleep(seconds)
        after, time_after, sent_after = self.read()
        received = after["packets received"] - before["packets received"]
        sent = sent_after - sent_before
        # The two counts are not read at the same instant.
        if received == 0 or abs(sent - received) > received * 0.02:
            raise Failure(f"Open vSwitch received {received} packets and sent {sent}")
        self.hits = {name: after[name] - before[name] for name in after}
        return Sample(received, time_after - time_before)

    def read(self):
        counts = self.counts()
        nanoseconds = threads.nanoseconds(self.switch.pid, self.thread)
        return counts, nanoseconds, self.sent()

    def counts(self):
        text = self.tool("ovs-appctl", "-t", self.folder / "vs.ctl", "dpif-netdev/pmd-stats-show")
        mine = text.partition(f"core_id {self.conditions.core}:")[2].partition("main thread:")[0]
        return {name.strip(): int(number)
                for name, number in re.findall(r"^ +([a-z ]+): (\d+)$", mine, re.MULTILINE)}

    def sent(self):
        text = self.tool("ovs-ofctl", "dump-ports", self.management, str(OUT))
        match = re.search(r"tx pkts=(\d+)", text)
        if match is None:
            raise Failure(f"Open vSwitch does not tell what it sent:\n{text}")
        return int(match[1])

    def share_without_rule(self):
        """Of the packets that OpenFlow rules counted, how many only the last one wanted."""
        everything = self.packets("dump-aggregate", self.management)
        rest = self.packets("dump-aggregate", self.management, f"cookie={REST}/-1")
        if everything == 0:
            raise Failure("Open vSwitch's rules counted no packets")
        return rest / everything

    def packets(self, *words):
        return int(re.search(r"packet_count=(\d+)", self.tool("ovs-ofctl", *words))[1])

    def vsctl(self, *words):
        return self.tool("ovs-vsctl", "--db=unix:db.sock", f"--timeout={PATIENCE}", *words)

    def tool(self, *words):
        try:
            result = subprocess.run(
                words, capture_output=True, text=True, cwd=self.folder, env=self.environment,
                timeout=2 * PATIENCE)
        except subprocess.TimeoutExpired as error:
            raise Failure(f"{words[0]} did not answer: {self.complaint()}") from error
        if any(process.poll() is not None for process in self.running):
            raise Unavailable(f"Open vSwitch ended by itself: {self.complaint()}")
        if result.returncode != 0:
            raise Failure(f"{words[0]} failed: {result.stderr.strip()}; {self.complaint()}")
        return result.stdout

    def spawn(self, *words, wait_for):
        """Starts a program of this switch, and waits until it has opened its socket."""
        with open(self.folder / "log", "ab") as log:
            process = subprocess.Popen(
                [*words, "--no-chdir"], cwd=self.folder, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.running.append(process)
        end = time.monotonic() + PATIENCE
        while not (self.folder / wait_for).exists():
            if process.poll() is not None or time.monotonic() > end:
                name = pathlib.Path(words[0]).name
                raise Unavailable(f"{name} did not start: {self.complaint()}")
            time.sleep(0.05)
        return process

    def complaint(self):
        """The last thing that went wrong by the log."""
        log = self.folder / "log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        bad = [line for line in lines if "|ERR|" in line or "|EMER|" in line]
        return (bad or lines or ["it says nothing"])[-1]

    def close(self):
        for process in reversed(self.running):
            process.terminate()
            try:
                process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def lines(rule_set):
    """What the switch forwards by: the rules, or everything; and packets without a rule as well."""
    rest = f"cookie={REST},priority=0,in_port={IN},actions=output:{OUT}"
    return [rest] if rule_set is None else [*rules.open_flow(rule_set.rules(), OUT), rest]
