// SPDX-License-Identifier: BSD-3-Clause
#include "log.h"

#include <errno.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_malloc.h>
#include <rte_memory.h>
#include <rte_version.h>
#include <sched.h>

#include "cdpdk.h"

static bool is_running;

int cdpdk_start(int count, char **arguments) {
  if (cdpdk_log_open() != 0) return -ENOMEM;
  if (rte_eal_init(count, arguments) < 0) return -rte_errno;
  is_running = true;
  return 0;
}

void cdpdk_stop(void) {
  is_running = false;
  rte_eal_cleanup();
}

void *cdpdk_memory_take(size_t bytes) {
  if (!is_running || !rte_eal_has_hugepages()) return NULL;
  return rte_zmalloc_socket("table", bytes, RTE_CACHE_LINE_SIZE, SOCKET_ID_ANY);
}

void cdpdk_memory_give(void *memory) {
  // With DPDK all of its memory has gone.
  if (is_running) rte_free(memory);
}

int cdpdk_launch(unsigned lcore, int (*body)(void *), void *context) {
  return rte_eal_remote_launch(body, context, lcore);
}

void cdpdk_wait(unsigned lcore) { rte_eal_wait_lcore(lcore); }

int cdpdk_affinity(uint8_t *cores) {
  return sched_getaffinity(0, sizeof(cpu_set_t), (cpu_set_t *)(void *)cores);
}

int cdpdk_set_affinity(const uint8_t *cores) {
  return sched_setaffinity(0, sizeof(cpu_set_t), (const cpu_set_t *)(const void *)cores);
}

uint64_t cdpdk_tsc_frequency(void) { return rte_get_tsc_hz(); }

int cdpdk_last_error(void) { return rte_errno; }

const char *cdpdk_error_text(int error) { return rte_strerror(error < 0 ? -error : error); }

const char *cdpdk_version(void) { return rte_version(); }

const char *cdpdk_driver_directory(void) { return RTE_EAL_PMD_PATH; }
