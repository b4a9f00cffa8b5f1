// SPDX-License-Identifier: BSD-3-Clause

// The time stamp counter, which Swift has no word for.
static inline unsigned long long ticks(void) { return __builtin_ia32_rdtsc(); }
