// SPDX-License-Identifier: BSD-3-Clause
// The program has no DPDK: tables lie in ordinary memory.
#define cdpdk_memory_take cdpdk_memory_take_of_dpdk
#define cdpdk_memory_give cdpdk_memory_give_of_dpdk
#include "../../Sources/CDPDK/include/cdpdk.h"
#undef cdpdk_memory_take
#undef cdpdk_memory_give
#include "../wire/ticks.h"

static inline void *_Nullable cdpdk_memory_take(size_t bytes) {
  (void)bytes;
  return 0;
}
static inline void cdpdk_memory_give(void *_Nonnull memory) { (void)memory; }
