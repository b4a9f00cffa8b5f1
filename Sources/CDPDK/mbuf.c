// SPDX-License-Identifier: BSD-3-Clause
#include "cdpdk.h"

#include <assert.h>
#include <rte_ethdev.h>
#include <rte_mbuf.h>

#define SAME(ours, theirs)                                                              \
  static_assert(offsetof(cdpdk_mbuf, ours) == offsetof(struct rte_mbuf, theirs), #theirs); \
  static_assert(                                                                        \
      sizeof(((cdpdk_mbuf *)0)->ours) == sizeof(((struct rte_mbuf *)0)->theirs), #theirs)

SAME(buffer, buf_addr);
SAME(iova, buf_iova);
SAME(data_offset, data_off);
SAME(reference_count, refcnt);
SAME(segment_count, nb_segs);
SAME(port, port);
SAME(offload_flags, ol_flags);
SAME(packet_type, packet_type);
SAME(packet_length, pkt_len);
SAME(data_length, data_len);
SAME(vlan_tci, vlan_tci);
SAME(rss_hash, hash.rss);
SAME(filter_hash, hash.fdir.hi);
SAME(vlan_tci_outer, vlan_tci_outer);
SAME(buffer_length, buf_len);
SAME(pool, pool);
SAME(next, next);

#define REAL(packet) ((struct rte_mbuf *)(packet))

uint16_t cdpdk_receive(uint16_t port, uint16_t queue, cdpdk_mbuf **packets, uint16_t capacity) {
  return rte_eth_rx_burst(port, queue, (struct rte_mbuf **)packets, capacity);
}

uint16_t cdpdk_send(uint16_t port, uint16_t queue, cdpdk_mbuf **packets, uint16_t count) {
  return rte_eth_tx_burst(port, queue, (struct rte_mbuf **)packets, count);
}

void cdpdk_free(cdpdk_mbuf **packets, uint32_t count) {
  rte_pktmbuf_free_bulk((struct rte_mbuf **)packets, count);
}

cdpdk_mbuf *cdpdk_allocate(cdpdk_pool *pool) {
  return (cdpdk_mbuf *)rte_pktmbuf_alloc((struct rte_mempool *)pool);
}

cdpdk_mbuf *cdpdk_fill(cdpdk_pool *pool, const void *bytes, uint32_t length) {
  struct rte_mbuf *first = rte_pktmbuf_alloc((struct rte_mempool *)pool);
  struct rte_mbuf *last = first;
  uint32_t filled = 0;
  while (last != NULL) {
    uint32_t room = rte_pktmbuf_tailroom(last);
    last->data_len = length - filled < room ? length - filled : room;
    if (last->data_len > 0)
      __builtin_memcpy(
          rte_pktmbuf_mtod(last, void *), (const char *)bytes + filled, last->data_len);
    filled += last->data_len;
    if (filled == length) break;
    last->next = rte_pktmbuf_alloc((struct rte_mempool *)pool);
    if (last->next != NULL) first->nb_segs++;
    last = last->next;
  }
  if (first != NULL) first->pkt_len = filled;
  if (last != NULL || first == NULL) return (cdpdk_mbuf *)first;
  rte_pktmbuf_free(first);
  return NULL;
}

cdpdk_mbuf *cdpdk_copy(const cdpdk_mbuf *packet, cdpdk_pool *pool, uint32_t length) {
  // rte_pktmbuf_copy takes a packet without bytes for an error.
  if (packet->packet_length == 0) return cdpdk_allocate(pool);
  return (cdpdk_mbuf *)rte_pktmbuf_copy(
      (const struct rte_mbuf *)packet, (struct rte_mempool *)pool, 0, length);
}

void *cdpdk_append(cdpdk_mbuf *packet, uint16_t length) {
  return rte_pktmbuf_append(REAL(packet), length);
}

void *cdpdk_prepend(cdpdk_mbuf *packet, uint16_t length) {
  return rte_pktmbuf_prepend(REAL(packet), length);
}

bool cdpdk_adjust(cdpdk_mbuf *packet, uint16_t length) {
  return rte_pktmbuf_adj(REAL(packet), length) != NULL;
}

bool cdpdk_trim(cdpdk_mbuf *packet, uint16_t length) {
  return rte_pktmbuf_trim(REAL(packet), length) == 0;
}

bool cdpdk_read(const cdpdk_mbuf *packet, uint32_t offset, uint32_t length, void *into) {
  const void *bytes = rte_pktmbuf_read((const struct rte_mbuf *)packet, offset, length, into);
  if (bytes == NULL) return false;
  if (bytes != into) __builtin_memcpy(into, bytes, length);
  return true;
}
