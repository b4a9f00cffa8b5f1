// SPDX-License-Identifier: BSD-3-Clause
// DPDK's meters (rte_meter), run on a clock of nanoseconds, to hold Sluice's own against them.
#pragma once

#include <stdint.h>

// Which meter; the algorithms are numbered as in the functions' names.
enum cmeter_algorithm { cmeter_srtcm, cmeter_trtcm, cmeter_trtcm_rfc4115 };

// A meter that puts one token into a bucket every so many nanoseconds.
struct cmeter {
  uint64_t committed_period;
  uint64_t committed_size;
  uint64_t second_period;
  uint64_t second_size;
  uint64_t times[2];
  uint64_t tokens[2];
};

// Fills the buckets at a time.
void cmeter_begin(struct cmeter *meter, uint64_t nanoseconds);

// The color of a packet after another color: 0 is green, 1 yellow, 2 red.
int cmeter_color(
    struct cmeter *meter, enum cmeter_algorithm algorithm, uint64_t nanoseconds, uint32_t bytes,
    int color);
