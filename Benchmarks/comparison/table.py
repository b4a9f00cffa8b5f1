# SPDX-License-Identifier: BSD-3-Clause
"""The results as people read them: Markdown, whose columns also line up in a terminal."""

from . import cases as benchmark
from .measurement import judged

HEADINGS = ["", "burst", "min", "median", "max", "extra", "least", "ratio", "target"]
LEFT = (0, len(HEADINGS) - 1)
# Above this the numbers say little: (maximum - minimum) / median.
LARGEST_SPREAD = 0.2


def text(conditions, results):
    parts = [conditions_line(conditions)]
    for source, rows in results.items():
        parts.append(f"### {source}\n\n" + lined_up([cells(row) for row in rows]))
        growths = [line for growth in benchmark.GROWTHS if (line := growth.text(rows))]
        if growths:
            parts.append("\n".join(f"- {line}" for line in growths))
        made = [line for each in benchmark.WITHOUT_MAKING if (line := each.text(rows))]
        if made:
            parts.append("\n".join(f"- {line}" for line in made))
    parts.append(legend())
    doubts = list(warnings(conditions, results))
    if doubts:
        parts.append("\n".join(f"- **Doubtful**: {doubt}" for doubt in doubts))
    return "\n\n".join(parts) + "\n"


def conditions_line(it):
    return (
        f"{it.date}, commit {it.commit}, DPDK {it.dpdk}. {it.processor}, time stamp counter "
        f"{it.tsc_hertz / 1e6:.1f} MHz, reported clock {it.reported_megahertz} MHz, "
        f"{it.cores} cores of which core {it.core} forwards, {it.memory}. "
        f"Frames of {it.frame_bytes} bytes; {it.flows} flows where there are flows. "
        f"{it.rounds} rounds of {it.seconds:g} s. Load average {it.load_before:.1f} before, "
        f"{it.load_after:.1f} after; {it.stolen_percent:.1f} % of the time stolen by the host.")


def legend():
    return (
        "*min, median, max*: cycles a packet by the forwarding thread's processor time. *extra*: "
        "cycles over testpmd io, *ratio*: throughput to it; medians over pairs taken one right "
        "after the other. *least*: the smallest over the smallest. *target*: extra cycles to "
        "stay within.")


def cells(row):
    target = ""
    if row.case.target is not None:
        target = f"{row.case.target}: {judged(row.extra, row.case.target)}"
    return [
        row.name, str(row.case.burst), f"{min(row.cycles):.1f}",
        f"{row.median:.1f}", f"{max(row.cycles):.1f}", f"{row.extra:+.1f}", f"{row.least:+.1f}",
        f"{row.ratio:.2f}", target,
    ]


def lined_up(rows, headings=HEADINGS, left=LEFT):
    widths = [max(len(row[column]) for row in [headings, *rows]) for column in range(len(headings))]
    rule = [":" + "-" * (width - 1) if column in left else "-" * (width - 1) + ":"
            for column, width in enumerate(widths)]
    lines = []
    for row in [headings, rule, *rows]:
        padded = [cell.ljust(width) if column in left else cell.rjust(width)
                  for column, (cell, width) in enumerate(zip(row, widths))]
        lines.append("| " + " | ".join(padded) + " |")
    return "\n".join(lines)


def warnings(conditions, results):
    """What makes the numbers mean less than they seem to."""
    if conditions.rounds < 3:
        yield f"a median of {conditions.rounds} rounds is none; use --rounds 9"
    if conditions.seconds < 0.5:
        yield f"runs of {conditions.seconds:g} s are short; use --seconds 0.5"
    load = max(conditions.load_before, conditions.load_after)
    if load > conditions.cores:
        yield f"a load of {load:.1f} on {conditions.cores} cores: neighbours evict caches"
    if conditions.stolen_percent > 1:
        yield f"the host took {conditions.stolen_percent:.1f} % of the time away"
    for source, rows in results.items():
        wide = [f"{row.name} ({row.case.burst}) {row.spread:.0%}"
                for row in rows if row.spread > LARGEST_SPREAD]
        if wide:
            yield (f"{source}: samples spread over more than {LARGEST_SPREAD:.0%} of the median: "
                   + ", ".join(wide))
