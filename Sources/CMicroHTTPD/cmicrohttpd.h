// SPDX-License-Identifier: BSD-3-Clause
#include <microhttpd.h>

// Swift cannot call functions with variable arguments. This one answers at a socket that listens,
// which is closed with it, on one thread of its own.
//
// Requests are few and small: a connection that is idle for `seconds` is closed, and so are those
// beyond `connections`.
static inline struct MHD_Daemon *_Nullable cmicrohttpd_start(
    int socket, unsigned connections, unsigned seconds,
    MHD_AccessHandlerCallback _Nonnull handler, void *_Nullable context) {
  return MHD_start_daemon(
      MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, handler, context,
      MHD_OPTION_LISTEN_SOCKET, socket, MHD_OPTION_CONNECTION_LIMIT, connections,
      MHD_OPTION_CONNECTION_TIMEOUT, seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)16384,
      MHD_OPTION_END);
}
