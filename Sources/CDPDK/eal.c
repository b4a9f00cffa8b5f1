// SPDX-License-Identifier: BSD-3-Clause
#include "log.h"

#include <errno.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <rte_version.h>
#include <sched.h>

#include "cdpdk.h"

int cdpdk_start(int count, char **arguments) {
  if (cdpdk_log_open() != 0) return -ENOMEM;
  return rte_eal_init(count, arguments) < 0 ? -rte_errno : 0;
}

void cdpdk_stop(void) { rte_eal_cleanup(); }

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
