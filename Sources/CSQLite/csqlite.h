// SPDX-License-Identifier: BSD-3-Clause
#include <sqlite3.h>
