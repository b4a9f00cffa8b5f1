// SPDX-License-Identifier: BSD-3-Clause
#include "cdpdk.h"

#include <linux/if_packet.h>
#include <net/if.h>
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
