// SPDX-License-Identifier: BSD-3-Clause
// Socket files of ports, and folders behind them in the list that held some, where a signal handler
// finds them: it may neither lock nor allocate.
#include <stdatomic.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "cdpdk.h"

#define PLACES 64

static struct {
  atomic_bool used;
  char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
} places[PLACES];

void cdpdk_socket_file_remember(const char *path) {
  if (strlen(path) >= sizeof(places[0].path)) return;
  for (int place = 0; place < PLACES; place++) {
    if (atomic_load(&places[place].used)) continue;
    strcpy(places[place].path, path);
    atomic_store(&places[place].used, true);
    return;
  }
}

void cdpdk_socket_file_forget(const char *path) {
  for (int place = 0; place < PLACES; place++)
    if (strcmp(places[place].path, path) == 0) atomic_store(&places[place].used, false);
}

void cdpdk_socket_files_remove(void) {
  for (int place = 0; place < PLACES; place++)
    if (atomic_load(&places[place].used) && unlink(places[place].path) != 0)
      rmdir(places[place].path);
}
