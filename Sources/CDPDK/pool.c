// SPDX-License-Identifier: BSD-3-Clause
#include "cdpdk.h"

#include <rte_lcore.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>
#include <rte_ring.h>

#define POOL(pool) ((struct rte_mempool *)(pool))
#define RING(ring) ((struct rte_ring *)(ring))

cdpdk_pool *cdpdk_pool_create(const char *name, uint32_t packets, uint32_t cache,
                              uint16_t data_room, int node) {
  return (cdpdk_pool *)rte_pktmbuf_pool_create(name, packets, cache, 0, data_room, node);
}

void cdpdk_pool_free(cdpdk_pool *pool) { rte_mempool_free(POOL(pool)); }

uint32_t cdpdk_pool_available(const cdpdk_pool *pool) {
  return rte_mempool_avail_count((const struct rte_mempool *)pool);
}

cdpdk_ring *cdpdk_ring_create(const char *name, uint32_t capacity, int node, bool shared) {
  unsigned flags = RING_F_EXACT_SZ | (shared ? 0 : RING_F_SC_DEQ);
  return (cdpdk_ring *)rte_ring_create(name, capacity, node, flags);
}

void cdpdk_ring_free(cdpdk_ring *ring) { rte_ring_free(RING(ring)); }

uint32_t cdpdk_ring_count(const cdpdk_ring *ring) {
  return rte_ring_count((const struct rte_ring *)ring);
}

uint32_t cdpdk_ring_add(cdpdk_ring *ring, cdpdk_mbuf **packets, uint32_t count) {
  return rte_ring_enqueue_burst(RING(ring), (void *const *)packets, count, NULL);
}

uint32_t cdpdk_ring_take(cdpdk_ring *ring, cdpdk_mbuf **packets, uint32_t capacity) {
  return rte_ring_dequeue_burst(RING(ring), (void **)packets, capacity, NULL);
}
