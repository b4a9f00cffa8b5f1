// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#define _GNU_SOURCE
#include <stdio.h>

// Sends DPDK's log lines to memory from now on.
int cdpdk_log_open(void);
// Hears every line while it is logged: see memif_gate.c.
void memif_gate_hear(const char *line, size_t length);
