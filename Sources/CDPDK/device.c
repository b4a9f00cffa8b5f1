// SPDX-License-Identifier: BSD-3-Clause
#include "cdpdk.h"

#include <errno.h>
#include <rte_bus_vdev.h>
#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_eth_ring.h>
#include <rte_ethdev.h>

int cdpdk_virtual_create(const char *name, const char *arguments) {
  return rte_vdev_init(name, arguments);
}

int cdpdk_device_probe(const char *arguments) { return rte_dev_probe(arguments); }

int cdpdk_ring_port(const char *name, cdpdk_ring *receive, cdpdk_ring *transmit,
                    unsigned queues) {
  struct rte_ring *from[RTE_PMD_RING_MAX_RX_RINGS], *to[RTE_PMD_RING_MAX_TX_RINGS];
  if (queues > RTE_PMD_RING_MAX_RX_RINGS || queues > RTE_PMD_RING_MAX_TX_RINGS) return -EINVAL;
  for (unsigned queue = 0; queue < queues; queue++) {
    from[queue] = (struct rte_ring *)receive;
    to[queue] = (struct rte_ring *)transmit;
  }
  int port = rte_eth_from_rings(name, from, queues, to, queues, 0);
  return port < 0 ? -rte_errno : 0;
}

int cdpdk_port_find(const char *device, uint16_t *port) {
  return rte_eth_dev_get_port_by_name(device, port);
}
