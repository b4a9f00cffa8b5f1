// SPDX-License-Identifier: BSD-3-Clause
#include "../../Sources/CDPDK/include/cdpdk.h"
#include "../wire/ticks.h"
