// SPDX-License-Identifier: BSD-3-Clause
#include "cmeter.h"

#include <rte_meter.h>

// The profiles are filled in here, as rte_meter_*_profile_config counts in cycles of this machine.

void cmeter_begin(struct cmeter *meter, uint64_t nanoseconds) {
  meter->times[0] = meter->times[1] = nanoseconds;
  meter->tokens[0] = meter->committed_size;
  meter->tokens[1] = meter->second_size;
}

static int srtcm(struct cmeter *meter, uint64_t time, uint32_t bytes, enum rte_color color) {
  struct rte_meter_srtcm_profile profile = {
      meter->committed_size, meter->second_size, meter->committed_period, 1};
  struct rte_meter_srtcm state = {meter->times[0], meter->tokens[0], meter->tokens[1]};
  int found = rte_meter_srtcm_color_aware_check(&state, &profile, time, bytes, color);
  meter->times[0] = state.time;
  meter->tokens[0] = state.tc;
  meter->tokens[1] = state.te;
  return found;
}

static int trtcm(struct cmeter *meter, uint64_t time, uint32_t bytes, enum rte_color color) {
  struct rte_meter_trtcm_profile profile = {
      meter->committed_size, meter->second_size, meter->committed_period, 1,
      meter->second_period, 1};
  struct rte_meter_trtcm state = {
      meter->times[0], meter->times[1], meter->tokens[0], meter->tokens[1]};
  int found = rte_meter_trtcm_color_aware_check(&state, &profile, time, bytes, color);
  meter->times[0] = state.time_tc;
  meter->times[1] = state.time_tp;
  meter->tokens[0] = state.tc;
  meter->tokens[1] = state.tp;
  return found;
}

static int rfc4115(struct cmeter *meter, uint64_t time, uint32_t bytes, enum rte_color color) {
  struct rte_meter_trtcm_rfc4115_profile profile = {
      meter->committed_size, meter->second_size, meter->committed_period, 1,
      meter->second_period, 1};
  struct rte_meter_trtcm_rfc4115 state = {
      meter->times[0], meter->times[1], meter->tokens[0], meter->tokens[1]};
  int found = rte_meter_trtcm_rfc4115_color_aware_check(&state, &profile, time, bytes, color);
  meter->times[0] = state.time_tc;
  meter->times[1] = state.time_te;
  meter->tokens[0] = state.tc;
  meter->tokens[1] = state.te;
  return found;
}

int cmeter_color(
    struct cmeter *meter, enum cmeter_algorithm algorithm, uint64_t nanoseconds, uint32_t bytes,
    int color) {
  enum rte_color before = (enum rte_color)color;
  switch (algorithm) {
  case cmeter_srtcm:
    return srtcm(meter, nanoseconds, bytes, before);
  case cmeter_trtcm:
    return trtcm(meter, nanoseconds, bytes, before);
  default:
    return rfc4115(meter, nanoseconds, bytes, before);
  }
}
