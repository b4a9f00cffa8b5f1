// SPDX-License-Identifier: BSD-3-Clause
// DPDK's memif driver (22.11) unmaps the memory of a peer that goes away while workers may be in
// the middle of a burst. What it logs before and after tells us when to keep them out.
#include "log.h"

#include <rte_ethdev.h>
#include <rte_log.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "cdpdk.h"

static eth_rx_burst_t driver_receive;
static eth_tx_burst_t driver_send;
static atomic_uint inside;
static atomic_bool is_closed;
static _Atomic(time_t) closing_second;

static uint16_t guarded_receive(void *queue, struct rte_mbuf **packets, uint16_t count) {
  atomic_fetch_add(&inside, 1);
  uint16_t received = atomic_load(&is_closed) ? 0 : driver_receive(queue, packets, count);
  atomic_fetch_sub(&inside, 1);
  return received;
}

static uint16_t guarded_send(void *queue, struct rte_mbuf **packets, uint16_t count) {
  atomic_fetch_add(&inside, 1);
  uint16_t sent = atomic_load(&is_closed) ? 0 : driver_send(queue, packets, count);
  atomic_fetch_sub(&inside, 1);
  return sent;
}

void cdpdk_memif_guard(uint16_t port) {
  struct rte_eth_fp_ops *functions = &rte_eth_fp_ops[port];
  driver_receive = functions->rx_pkt_burst;
  driver_send = functions->tx_pkt_burst;
  functions->rx_pkt_burst = guarded_receive;
  functions->tx_pkt_burst = guarded_send;
  rte_log_set_level_pattern("pmd.net.memif*", RTE_LOG_DEBUG);
}

static time_t second(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec;
}

void cdpdk_memif_reopen(void) {
  if (second() > atomic_load(&closing_second) + 1) atomic_store(&is_closed, false);
}

// On the driver's thread. A worker that is inside may itself want to log: so not for ever.
static void close_gate(void) {
  struct timespec pause = {.tv_nsec = 50000};
  atomic_store(&closing_second, second());
  atomic_store(&is_closed, true);
  for (int round = 0; round < 20000 && atomic_load(&inside) > 0; round++) nanosleep(&pause, NULL);
}

static bool has(const char *line, size_t length, const char *words) {
  return memmem(line, length, words, strlen(words)) != NULL;
}

void memif_gate_hear(const char *line, size_t length) {
  if (has(line, length, "Invalid message size") || has(line, length, "sendmsg fail") ||
      has(line, length, "Disconnect received"))
    close_gate();
  if (has(line, length, "Disconnected, id:")) atomic_store(&is_closed, false);
}
