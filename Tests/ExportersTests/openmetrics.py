# SPDX-License-Identifier: BSD-3-Clause
"""Reads OpenMetrics from standard input as strictly as its reference does; prints samples."""
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

for family in text_string_to_metric_families(sys.stdin.read()):
    for sample in family.samples:
        labels = ",".join(f"{name}={value}" for name, value in sample.labels.items())
        print(f"{family.type} {sample.name}{{{labels}}} {sample.value:.12g}")
