# SPDX-License-Identifier: BSD-3-Clause
"""The rules by which cases are worked out, by the cases' names."""

RULES = {}


def rule(*names):
    """Keeps the function as the rule of these cases."""
    def keep(function):
        for name in names:
            RULES[name] = function
        return function
    return keep
