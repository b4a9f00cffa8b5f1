// SPDX-License-Identifier: BSD-3-Clause
// Commands of DPDK's telemetry socket. They are answered on threads of DPDK's own.
#include <rte_eal.h>
#include <rte_telemetry.h>

#include "cdpdk.h"

static cdpdk_telemetry_answer *_Nullable answerer;

static int answer(const char *command, const char *parameters, struct rte_tel_data *data) {
  rte_tel_data_start_dict(data);
  const char *given = parameters == NULL ? "" : parameters;
  return answerer(command, given, (cdpdk_telemetry *)data);
}

int cdpdk_telemetry_register(const char *command, const char *help,
                             cdpdk_telemetry_answer *function) {
  answerer = function;
  return rte_telemetry_register_cmd(command, answer, help);
}

int cdpdk_telemetry_add_text(cdpdk_telemetry *record, const char *name, const char *text) {
  return rte_tel_data_add_dict_string((struct rte_tel_data *)record, name, text);
}

int cdpdk_telemetry_add_number(cdpdk_telemetry *record, const char *name, uint64_t number) {
  return rte_tel_data_add_dict_u64((struct rte_tel_data *)record, name, number);
}

cdpdk_telemetry *cdpdk_telemetry_add_record(cdpdk_telemetry *record, const char *name) {
  struct rte_tel_data *inner = rte_tel_data_alloc();
  if (inner == NULL) return NULL;
  rte_tel_data_start_dict(inner);
  // DPDK frees it once it was sent.
  if (rte_tel_data_add_dict_container((struct rte_tel_data *)record, name, inner, 0) == 0)
    return (cdpdk_telemetry *)inner;
  rte_tel_data_free(inner);
  return NULL;
}

const char *cdpdk_runtime_folder(void) { return rte_eal_get_runtime_dir(); }
