# SPDX-License-Identifier: BSD-3-Clause
"""What a stage costs with many rules, relative to what it costs with few."""

import statistics
from dataclasses import dataclass

from .measurement import Case, judged


@dataclass(frozen=True)
class Growth:
    """Two cases that differ in the number of rules, and one that does the same without any."""

    without: Case
    few: Case
    many: Case
    goal: float

    def text(self, rows):
        """A line for people; nothing where one of the cases was not measured."""
        costs = self.costs(rows)
        if costs is None:
            return None
        (few, least_few), (many, least_many) = costs
        names = f"{self.many.rules.name} / {self.few.rules.name}"
        line = f"{names}: {many:.1f} / {few:.1f} cycles over {self.without.name}"
        if few <= 0:
            return f"{line}; lost in noise"
        least = f"least {least_many:.1f} / {least_few:.1f}"
        return (f"{line} = {many / few:.2f} ({least}), goal {self.goal:g}: "
                f"{judged(many / few, self.goal)}")

    def costs(self, rows):
        """Of both cases the median and the least cost, as cost() has them."""
        by_case = {row.case: row for row in rows}
        if not {self.without, self.few, self.many} <= by_case.keys():
            return None
        without = by_case[self.without]
        return tuple(cost(by_case[case], without) for case in (self.few, self.many))

    def as_json(self, rows):
        (few, _), (many, _) = self.costs(rows)
        return {"few": self.few.rules.name, "many": self.many.rules.name, "fewCycles": few,
                "manyCycles": many, "goal": self.goal}


def cost(row, without):
    """The median over the rounds, in each of which both stand beside their own testpmd io; and
    the smallest over the smallest."""
    median = statistics.median(
        (a - b) - (c - d) for a, b, c, d in
        zip(row.cycles, row.beside, without.cycles, without.beside))
    return median, row.least - without.least
