// SPDX-License-Identifier: BSD-3-Clause
// Counts calls of malloc and its kin, thread by thread, in the process that links this.
#pragma once

#include <stdint.h>

// How often the calling thread has asked for memory so far.
uint64_t allocations_of_this_thread(void);
