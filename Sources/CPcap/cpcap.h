// SPDX-License-Identifier: BSD-3-Clause
#include <pcap/pcap.h>

// glibc shows fopencookie(3) to _GNU_SOURCE only, which the Glibc module is compiled without.
// The same function under a name of our own; the layout is that of cookie_io_functions_t.
struct cpcap_stream {
  ssize_t (*_Nonnull read)(void *_Nullable cookie, char *_Nonnull bytes, size_t count);
  ssize_t (*_Nullable write)(void *_Nullable cookie, const char *_Nonnull bytes, size_t count);
  int (*_Nullable seek)(void *_Nullable cookie, long *_Nonnull position, int whence);
  int (*_Nullable close)(void *_Nullable cookie);
};
FILE *_Nullable cpcap_open_stream(void *_Nullable cookie, const char *_Nonnull mode,
                                  struct cpcap_stream functions) __asm__("fopencookie");
