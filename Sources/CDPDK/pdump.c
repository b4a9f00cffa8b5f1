// SPDX-License-Identifier: BSD-3-Clause
#include <rte_errno.h>
#include <rte_pdump.h>

#include "cdpdk.h"

int cdpdk_capture_allow(void) { return rte_pdump_init() == 0 ? 0 : -rte_errno; }
