// SPDX-License-Identifier: BSD-3-Clause
#include <isa-l/crc.h>
