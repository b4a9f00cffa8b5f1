# SPDX-License-Identifier: BSD-3-Clause
"""What a pipeline costs without the making of the traffic that goes through it."""

import statistics
from dataclasses import dataclass

from .measurement import Case, judged


@dataclass(frozen=True)
class WithoutMaking:
    """A pipeline, what makes its traffic and sends it, and what sends it only; and the most cycles
    a packet that it may take over testpmd io, and in all, input and output included."""

    whole: Case
    making: Case
    plain: Case
    over_io: int | None = None
    in_all: int | None = None

    def costs(self, rows):
        """Median and least over testpmd io, then in all; nothing where a case was not measured."""
        by_case = {row.case: row for row in rows}
        if not {self.whole, self.making, self.plain} <= by_case.keys():
            return None
        whole, making, plain = (by_case[case] for case in (self.whole, self.making, self.plain))
        in_all = [a - b + c for a, b, c in zip(whole.cycles, making.cycles, plain.cycles)]
        beside = [x - y + z for x, y, z in zip(whole.beside, making.beside, plain.beside)]
        least = min(whole.cycles) - min(making.cycles) + min(plain.cycles)
        return ((statistics.median(a - b for a, b in zip(in_all, beside)),
                 whole.least - making.least + plain.least),
                (statistics.median(in_all), least))

    def text(self, rows):
        """A line for people; nothing where a case was not measured."""
        if (costs := self.costs(rows)) is None:
            return None
        over_io, in_all = costs
        return (f"{self.whole.name}, without the making: over testpmd io "
                f"{told(over_io, self.over_io)}; in all {told(in_all, self.in_all)}")

    def as_json(self, rows):
        over_io, in_all = self.costs(rows)
        return {"case": self.whole.name, "overIO": over_io[0], "leastOverIO": over_io[1],
                "goalOverIO": self.over_io, "inAll": in_all[0], "leastInAll": in_all[1],
                "goalInAll": self.in_all}


def told(cost, goal):
    verdict = "" if goal is None else f", goal {goal}: {judged(cost[0], goal)}"
    return f"{cost[0]:.1f} (least {cost[1]:.1f}){verdict}"
