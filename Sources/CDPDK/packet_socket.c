// SPDX-License-Identifier: BSD-3-Clause
#include "cdpdk.h"

#include <linux/ethtool.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int cdpdk_promiscuous_socket(const char *interface) {
  // Protocol 0: the socket itself receives nothing.
  int descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  struct packet_mreq membership = {
      .mr_ifindex = (int)if_nametoindex(interface),
      .mr_type = PACKET_MR_PROMISC,
  };
  if (setsockopt(descriptor, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership,
                 sizeof(membership)) == 0)
    return descriptor;
  close(descriptor);
  return -1;
}

// PACKET_IGNORE_OUTGOING has no effect on the members of a fanout, which the driver's sockets are.
void cdpdk_ignore_outgoing(void) {
  struct sock_filter steps[] = {
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, SKF_AD_OFF + SKF_AD_PKTTYPE),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0),
      BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
  };
  struct sock_fprog filter = {.len = 4, .filter = steps};
  int domain;
  for (int descriptor = 3; descriptor < sysconf(_SC_OPEN_MAX) && descriptor < 4096; descriptor++) {
    socklen_t size = sizeof(domain);
    if (getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_PACKET)
      setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter));
  }
}

uint32_t cdpdk_interface_queues(const char *interface) {
  struct ethtool_channels channels = {.cmd = ETHTOOL_GCHANNELS};
  struct ifreq request = {.ifr_data = (void *)&channels};
  strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
  int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return 1;
  int error = ioctl(descriptor, SIOCETHTOOL, &request);
  close(descriptor);
  return error != 0 || channels.combined_count == 0 ? 1 : channels.combined_count;
}
