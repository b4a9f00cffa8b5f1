// SPDX-License-Identifier: BSD-3-Clause
// Refuses to run on a processor that lacks instructions the compiler was told to use. The check
// is compiled for the oldest processor of its kind, and runs before any other code of Sluice.
#include <stddef.h>
#include <unistd.h>

#if defined(__x86_64__)

#define OLDEST __attribute__((target("arch=x86-64")))

static const char *const missing_text =
    "sluice: this processor lacks instructions that sluice was built to use: ";

OLDEST static const char *missing(void) {
  __builtin_cpu_init();
#ifdef __SSE4_2__
  if (!__builtin_cpu_supports("sse4.2") || !__builtin_cpu_supports("popcnt")) return "x86-64-v2";
#endif
#ifdef __AVX2__
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") ||
      !__builtin_cpu_supports("bmi2") || !__builtin_cpu_supports("fma"))
    return "x86-64-v3 (AVX2, BMI2, FMA)";
#endif
#ifdef __AVX512F__
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512vl"))
    return "x86-64-v4 (AVX-512)";
#endif
  return NULL;
}

OLDEST static void say(const char *text) {
  size_t length = 0;
  while (text[length] != 0) length++;
  if (write(STDERR_FILENO, text, length) < 0) _exit(2);
}

OLDEST __attribute__((constructor(101))) static void check_processor(void) {
  const char *instructions = missing();
  if (instructions == NULL) return;
  say(missing_text);
  say(instructions);
  say("\n  fix: build it for this processor with SLUICE_MARCH=x86-64-v2 or SLUICE_MARCH=native\n");
  _exit(2);
}

#endif
