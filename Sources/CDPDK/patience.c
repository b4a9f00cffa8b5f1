// SPDX-License-Identifier: BSD-3-Clause
// A driver that waits for another program while its device is made, on a thread of its own.
#include <errno.h>
#include <pthread.h>
#include <rte_bus_vdev.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "cdpdk.h"

struct creation {
  const char *name, *arguments;
  int result;
  atomic_bool done;
};

static void *create(void *context) {
  struct creation *creation = context;
  creation->result = rte_vdev_init(creation->name, creation->arguments);
  atomic_store(&creation->done, true);
  return NULL;
}

static void interrupt(int signal) { (void)signal; }

int cdpdk_virtual_create_while(const char *name, const char *arguments, bool (*go_on)(void *),
                               void *context) {
  // Without SA_RESTART: a call that waits in the driver fails, and the driver gives up.
  struct sigaction interrupted = {.sa_handler = interrupt}, before;
  sigset_t held, mask;
  struct creation creation = {.name = name, .arguments = arguments};
  pthread_t thread;
  sigaction(SIGURG, &interrupted, &before);
  sigfillset(&held);
  sigdelset(&held, SIGURG);
  pthread_sigmask(SIG_SETMASK, &held, &mask);
  int error = pthread_create(&thread, NULL, create, &creation);
  pthread_sigmask(SIG_SETMASK, &mask, NULL);
  bool goes_on = true;
  while (error == 0 && !atomic_load(&creation.done)) {
    struct timespec pause = {.tv_nsec = 5000000};
    nanosleep(&pause, NULL);
    goes_on = goes_on && go_on(context);
    // Again and again: a signal that comes before the call waits is lost.
    if (!goes_on && !atomic_load(&creation.done)) pthread_kill(thread, SIGURG);
  }
  if (error == 0) pthread_join(thread, NULL);
  sigaction(SIGURG, &before, NULL);
  return error == 0 ? creation.result : -error;
}
