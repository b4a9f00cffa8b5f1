// SPDX-License-Identifier: BSD-3-Clause
// DPDK's log, kept in memory: the last lines explain an error, and nothing is printed.
#include "log.h"

#include <rte_log.h>

#include "cdpdk.h"

static FILE *stream;
static char kept[1 << 14];
static uint64_t length;  // of all that was ever written; guarded by the stream's lock

static void keep(char byte) { kept[length++ % sizeof(kept)] = byte; }

static ssize_t write_line(void *cookie, const char *bytes, size_t count) {
  (void)cookie;
  memif_gate_hear(bytes, count);
  int level = rte_log_cur_msg_loglevel();
  if (level > RTE_LOG_NOTICE) return (ssize_t)count;
  bool at_start = length == 0 || kept[(length - 1) % sizeof(kept)] == '\n';
  for (size_t index = 0; index < count; index++) {
    if (at_start) keep((char)('0' + level));
    keep(bytes[index]);
    at_start = bytes[index] == '\n';
  }
  return (ssize_t)count;
}

int cdpdk_log_open(void) {
  cookie_io_functions_t functions = {.write = write_line};
  stream = fopencookie(NULL, "w", functions);
  return stream == NULL ? -1 : rte_openlog_stream(stream);
}

uint64_t cdpdk_log_length(void) {
  if (stream == NULL) return 0;
  flockfile(stream);
  uint64_t now = length;
  funlockfile(stream);
  return now;
}

size_t cdpdk_log_read(uint64_t start, char *into, size_t capacity) {
  if (stream == NULL) return 0;
  flockfile(stream);
  if (length > sizeof(kept) && start < length - sizeof(kept)) start = length - sizeof(kept);
  size_t count = 0;
  while (start < length && count < capacity) into[count++] = kept[start++ % sizeof(kept)];
  funlockfile(stream);
  return count;
}
