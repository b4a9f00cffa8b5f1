// SPDX-License-Identifier: BSD-3-Clause
// The whole of DPDK that Swift sees. There is no rte_ header here: rte_mbuf is 64-byte aligned,
// which Swift cannot import, and this keeps DPDK's compiler flags out of every Swift target.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// A plain mirror of struct rte_mbuf. mbuf.c asserts that each field lies where DPDK has it.
typedef struct cdpdk_mbuf {
  void *buffer;
  uint64_t iova;
  uint16_t data_offset;
  uint16_t reference_count;
  uint16_t segment_count;
  uint16_t port;
  uint64_t offload_flags;
  uint32_t packet_type;
  uint32_t packet_length;
  uint16_t data_length;
  uint16_t vlan_tci;
  uint32_t rss_hash;
  uint32_t filter_hash;
  uint16_t vlan_tci_outer;
  uint16_t buffer_length;
  void *_Nullable pool;
  struct cdpdk_mbuf *_Nullable next;
} cdpdk_mbuf;

typedef struct cdpdk_pool cdpdk_pool;  // a struct rte_mempool

// -- Packets: called once per burst, or for packets that a stage makes --

uint16_t cdpdk_receive(uint16_t port, uint16_t queue, cdpdk_mbuf *_Nonnull *_Nonnull packets,
                       uint16_t capacity);
// Returns how many were taken; the rest still belong to the caller.
uint16_t cdpdk_send(uint16_t port, uint16_t queue, cdpdk_mbuf *_Nonnull *_Nonnull packets,
                    uint16_t count);
// Gives every segment of each packet back to its pool.
void cdpdk_free(cdpdk_mbuf *_Nonnull *_Nonnull packets, uint32_t count);
// Takes one empty packet from the pool, or null when the pool is empty.
cdpdk_mbuf *_Nullable cdpdk_allocate(cdpdk_pool *pool);
// A full copy of `packet`, segments included, or null when the pool is empty.
cdpdk_mbuf *_Nullable cdpdk_copy(const cdpdk_mbuf *packet, cdpdk_pool *pool);
// Room for `length` more bytes at the end of the packet's last segment, or null.
void *_Nullable cdpdk_append(cdpdk_mbuf *packet, uint16_t length);
// Moves the start of the packet `length` bytes into its headroom, or null when there is none.
void *_Nullable cdpdk_prepend(cdpdk_mbuf *packet, uint16_t length);
// Takes `length` bytes off the start of the first segment; false when it has fewer.
bool cdpdk_adjust(cdpdk_mbuf *packet, uint16_t length);
// Copies `length` bytes at `offset` of the packet, across segments; false when it has fewer.
bool cdpdk_read(const cdpdk_mbuf *packet, uint32_t offset, uint32_t length, void *into);

static inline void cdpdk_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

// The time stamp counter.
static inline uint64_t cdpdk_cycles(void) {
#if defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#else
  return __builtin_readcyclecounter();
#endif
}

#pragma clang assume_nonnull end
