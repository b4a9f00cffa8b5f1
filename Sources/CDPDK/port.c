// SPDX-License-Identifier: BSD-3-Clause
#include "cdpdk.h"

#include <rte_ethdev.h>

// Flows of IP, and of UDP and TCP above it: what the RoCEv2 entropy in the UDP source port needs.
#define FLOWS (RTE_ETH_RSS_IP | RTE_ETH_RSS_UDP | RTE_ETH_RSS_TCP)

int cdpdk_port_limits_get(uint16_t port, cdpdk_port_limits *limits) {
  struct rte_eth_dev_info info;
  int error = rte_eth_dev_info_get(port, &info);
  if (error != 0) return error;
  *limits = (cdpdk_port_limits){
      .driver = info.driver_name,
      .node = rte_eth_dev_socket_id(port),
      .receive_queues = info.max_rx_queues,
      .transmit_queues = info.max_tx_queues,
      .smallest_mtu = info.min_mtu,
      .largest_mtu = info.max_mtu,
      .largest_frame = info.max_rx_pktlen,
      .receive_descriptors_least = info.rx_desc_lim.nb_min,
      .receive_descriptors_most = info.rx_desc_lim.nb_max,
      .transmit_descriptors_least = info.tx_desc_lim.nb_min,
      .transmit_descriptors_most = info.tx_desc_lim.nb_max,
      .receive_offloads = info.rx_offload_capa,
      .transmit_offloads = info.tx_offload_capa,
      .chains_on_receive = (info.rx_offload_capa & RTE_ETH_RX_OFFLOAD_SCATTER) != 0,
      .chains_on_transmit = (info.tx_offload_capa & RTE_ETH_TX_OFFLOAD_MULTI_SEGS) != 0,
      .spreads_flows = (info.flow_type_rss_offloads & FLOWS) != 0,
  };
  return 0;
}

int cdpdk_port_configure(uint16_t port, const cdpdk_port_settings *settings) {
  struct rte_eth_dev_info info;
  int error = rte_eth_dev_info_get(port, &info);
  if (error != 0) return error;
  struct rte_eth_conf configuration = {.rxmode.mtu = settings->mtu};
  if (settings->chain_on_receive) configuration.rxmode.offloads |= RTE_ETH_RX_OFFLOAD_SCATTER;
  if (settings->chain_on_transmit) configuration.txmode.offloads |= RTE_ETH_TX_OFFLOAD_MULTI_SEGS;
  if (settings->spread_flows) {
    configuration.rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
    configuration.rx_adv_conf.rss_conf.rss_hf = info.flow_type_rss_offloads & FLOWS;
  }
  return rte_eth_dev_configure(port, settings->receive_queues, settings->transmit_queues,
                               &configuration);
}

int cdpdk_port_descriptors(uint16_t port, uint16_t *receive, uint16_t *transmit) {
  return rte_eth_dev_adjust_nb_rx_tx_desc(port, receive, transmit);
}

int cdpdk_port_receive_queue(uint16_t port, uint16_t queue, uint16_t descriptors,
                             cdpdk_pool *pool) {
  return rte_eth_rx_queue_setup(port, queue, descriptors, rte_eth_dev_socket_id(port), NULL,
                                (struct rte_mempool *)pool);
}

int cdpdk_port_transmit_queue(uint16_t port, uint16_t queue, uint16_t descriptors) {
  return rte_eth_tx_queue_setup(port, queue, descriptors, rte_eth_dev_socket_id(port), NULL);
}

int cdpdk_port_promiscuous(uint16_t port, bool on) {
  return on ? rte_eth_promiscuous_enable(port) : rte_eth_promiscuous_disable(port);
}

int cdpdk_port_start(uint16_t port) { return rte_eth_dev_start(port); }

// DPDK's own stand-ins for a port that is not started print where they were called from.
static uint16_t no_packets(void *queue, struct rte_mbuf **packets, uint16_t count) {
  (void)queue, (void)packets, (void)count;
  return 0;
}

void cdpdk_port_rest(uint16_t port) {
  rte_eth_fp_ops[port].rx_pkt_burst = no_packets;
  rte_eth_fp_ops[port].tx_pkt_burst = no_packets;
}

int cdpdk_port_stop(uint16_t port) { return rte_eth_dev_stop(port); }

int cdpdk_port_close(uint16_t port) {
  struct rte_eth_dev_info info;
  int error = rte_eth_dev_info_get(port, &info);
  if (error == 0) error = rte_eth_dev_close(port);
  return error != 0 ? error : rte_dev_remove(info.device);
}

int cdpdk_port_counters_get(uint16_t port, cdpdk_port_counters *counters) {
  struct rte_eth_stats stats;
  int error = rte_eth_stats_get(port, &stats);
  if (error != 0) return error;
  *counters = (cdpdk_port_counters){
      .received_packets = stats.ipackets,
      .received_bytes = stats.ibytes,
      .missed = stats.imissed,
      .receive_errors = stats.ierrors,
      .no_buffer = stats.rx_nombuf,
      .sent_packets = stats.opackets,
      .sent_bytes = stats.obytes,
      .send_errors = stats.oerrors,
  };
  return 0;
}

int cdpdk_port_link(uint16_t port, cdpdk_link *link) {
  struct rte_eth_link state;
  int error = rte_eth_link_get_nowait(port, &state);
  if (error != 0) return error;
  *link = (cdpdk_link){
      .megabits = state.link_speed,
      .up = state.link_status == RTE_ETH_LINK_UP,
      .full_duplex = state.link_duplex == RTE_ETH_LINK_FULL_DUPLEX,
  };
  return 0;
}

int cdpdk_port_mtu(uint16_t port, uint16_t *mtu) { return rte_eth_dev_get_mtu(port, mtu); }

int cdpdk_port_address(uint16_t port, uint8_t *six_bytes) {
  return rte_eth_macaddr_get(port, (struct rte_ether_addr *)six_bytes);
}

const char *cdpdk_receive_offload(uint64_t bit) { return rte_eth_dev_rx_offload_name(bit); }

const char *cdpdk_transmit_offload(uint64_t bit) { return rte_eth_dev_tx_offload_name(bit); }
