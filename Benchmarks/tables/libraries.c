// SPDX-License-Identifier: BSD-3-Clause
// What look-ups cost in DPDK's own tables, over keys that lie ready: no fields are read here.
//   gcc -O3 -march=native $(pkg-config --cflags --libs libdpdk) libraries.c -o libraries
//   ./libraries --no-huge -m 4096 --no-pci -l 0
#include <arpa/inet.h>
#include <rte_acl.h>
#include <rte_cycles.h>
#include <rte_eal.h>
#include <rte_fib.h>
#include <rte_hash.h>
#include <rte_hash_crc.h>
#include <rte_lpm.h>
#include <rte_malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BURSTS = 4000, BURST = 64, KEYS = BURSTS * BURST };

static uint64_t state = 1;

static uint64_t next_random(void) {
  state += 0x9e3779b97f4a7c15;
  uint64_t value = state;
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
  value = (value ^ value >> 27) * 0x94d049bb133111eb;
  return value ^ value >> 31;
}

static uint64_t times[BURSTS];

static int ascending(const void *one, const void *other) {
  uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
  return a < b ? -1 : a > b;
}

static void print_row(const char *name, unsigned size, uint64_t build) {
  struct rte_malloc_socket_stats heap;
  rte_malloc_get_socket_stats(0, &heap);
  qsort(times, BURSTS, sizeof times[0], ascending);
  printf("  %-24s%9u%9.1f%9.1f%9.3f s%7zu MB of DPDK's memory\n", name, size,
         times[BURSTS / 100] / 64.0, times[BURSTS / 2] / 64.0, build / (double)rte_get_tsc_hz(),
         heap.heap_allocsz_bytes >> 20);
  fflush(stdout);
}

struct tuple {
  uint8_t protocol;
  uint8_t pad[3];
  uint32_t source, destination;
  uint16_t source_port, destination_port;
};

static void hash(unsigned size) {
  struct rte_hash_parameters parameters = {
      .name = "hash", .entries = size < 16 ? 16 : size * 5 / 4, .key_len = sizeof(struct tuple),
      .hash_func = rte_hash_crc};
  struct rte_hash *table = rte_hash_create(&parameters);
  struct tuple *keys = calloc(size, sizeof *keys), *burst = calloc(BURST, sizeof *burst);
  uint64_t start = rte_rdtsc();
  for (unsigned i = 0; table && i < size; i++) {
    keys[i] = (struct tuple){17, {0}, (uint32_t)next_random(), (uint32_t)next_random(),
                             (uint16_t)next_random(), 4791};
    if (rte_hash_add_key_data(table, &keys[i], (void *)(uintptr_t)(i + 1)) < 0) return;
  }
  uint64_t build = rte_rdtsc() - start;
  for (unsigned round = 0; table && round < BURSTS; round++) {
    const void *pointers[BURST];
    void *data[BURST];
    uint64_t mask;
    for (unsigned i = 0; i < BURST; i++) {
      burst[i] = keys[next_random() % size];
      pointers[i] = &burst[i];
    }
    start = rte_rdtsc();
    rte_hash_lookup_bulk_data(table, pointers, BURST, &mask, data);
    times[round] = rte_rdtsc() - start;
    if (mask != UINT64_MAX) printf("  lost a key\n");
  }
  print_row("rte_hash, 16 bytes", size, build);
  rte_hash_free(table);
  free(keys);
  free(burst);
}

static const unsigned lengths[] = {16, 19, 20, 22, 23, 24, 24, 24};

static void fib(unsigned size) {
  struct rte_fib_conf conf = {.type = RTE_FIB_DIR24_8, .max_routes = (int)size * 2 + 64,
                              .dir24_8 = {.nh_sz = RTE_FIB_DIR24_8_4B, .num_tbl8 = 1024}};
  struct rte_fib *table = rte_fib_create("fib", 0, &conf);
  uint32_t *prefixes = calloc(size, 4), burst[BURST];
  uint64_t start = rte_rdtsc();
  for (unsigned i = 0; table && i < size; i++) {
    prefixes[i] = (uint32_t)next_random();
    unsigned length = lengths[next_random() & 7];
    rte_fib_add(table, prefixes[i] & ~0u << (32 - length), (uint8_t)length, i + 1);
  }
  uint64_t build = rte_rdtsc() - start, hops[BURST];
  for (unsigned round = 0; table && round < BURSTS; round++) {
    for (unsigned i = 0; i < BURST; i++) burst[i] = prefixes[next_random() % size];
    start = rte_rdtsc();
    rte_fib_lookup_bulk(table, burst, hops, BURST);
    times[round] = rte_rdtsc() - start;
  }
  print_row("rte_fib, DIR24_8", size, build);
  rte_fib_free(table);
  free(prefixes);
}

static void lpm(unsigned size) {
  struct rte_lpm_config conf = {.max_rules = size * 2 + 64, .number_tbl8s = 1024};
  struct rte_lpm *table = rte_lpm_create("lpm", 0, &conf);
  uint32_t *prefixes = calloc(size, 4), burst[BURST], hops[BURST];
  uint64_t start = rte_rdtsc();
  for (unsigned i = 0; table && i < size; i++) {
    prefixes[i] = (uint32_t)next_random();
    unsigned length = lengths[next_random() & 7];
    rte_lpm_add(table, prefixes[i] & ~0u << (32 - length), (uint8_t)length, i + 1);
  }
  uint64_t build = rte_rdtsc() - start;
  for (unsigned round = 0; table && round < BURSTS; round++) {
    for (unsigned i = 0; i < BURST; i++) burst[i] = prefixes[next_random() % size];
    start = rte_rdtsc();
    rte_lpm_lookup_bulk(table, burst, hops, BURST);
    times[round] = rte_rdtsc() - start;
    for (unsigned i = 0; i < BURST; i++) {
      if (!(hops[i] & RTE_LPM_LOOKUP_SUCCESS)) printf("  no route\n");
    }
  }
  print_row("rte_lpm", size, build);
  rte_lpm_free(table);
  free(prefixes);
}

RTE_ACL_RULE_DEF(acl_tuple_rule, 5);

static const struct rte_acl_field_def acl_fields[5] = {
    {RTE_ACL_FIELD_TYPE_BITMASK, 1, 0, 0, 0}, {RTE_ACL_FIELD_TYPE_MASK, 4, 1, 1, 4},
    {RTE_ACL_FIELD_TYPE_MASK, 4, 2, 2, 8},    {RTE_ACL_FIELD_TYPE_RANGE, 2, 3, 3, 12},
    {RTE_ACL_FIELD_TYPE_RANGE, 2, 4, 3, 14},
};

// The same rules as TernaryRules.swift has: blocks of addresses, a port, a range or neither.
static void acl(unsigned size) {
  struct rte_acl_param parameters = {.name = "acl", .socket_id = 0, .max_rule_num = size,
                                     .rule_size = RTE_ACL_RULE_SZ(5)};
  struct rte_acl_ctx *table = rte_acl_create(&parameters);
  struct tuple *tuples = calloc(size, sizeof *tuples), *burst = calloc(BURST, sizeof *burst);
  static const unsigned sources[] = {0, 8, 16, 16, 24, 24, 24, 24};
  for (unsigned i = 0; table && i < size; i++) {
    struct tuple tuple = {17, {0}, (uint32_t)next_random(), (uint32_t)next_random(), 0,
                          (uint16_t)next_random()};
    struct acl_tuple_rule rule = {0};
    unsigned kind = (unsigned)next_random() & 3;
    rule.data = (struct rte_acl_rule_data){1, RTE_ACL_MAX_PRIORITY - (int)i, i + 1};
    rule.field[0].value.u8 = 17, rule.field[0].mask_range.u8 = 0xff;
    rule.field[1].value.u32 = tuple.source;
    rule.field[1].mask_range.u32 = sources[next_random() & 7];
    rule.field[2].value.u32 = tuple.destination;
    rule.field[2].mask_range.u32 = sources[1 + next_random() % 7] + 8;
    rule.field[3].mask_range.u16 = 0xffff;
    rule.field[4].value.u16 = kind == 0 ? 0 : tuple.destination_port >> (kind == 1);
    rule.field[4].mask_range.u16 = kind == 0 ? 0xffff : tuple.destination_port;
    rte_acl_add_rules(table, (const struct rte_acl_rule *)&rule, 1);
    tuples[i] = tuple;
  }
  struct rte_acl_config config = {.num_categories = 1, .num_fields = 5, .max_size = 1 << 30};
  memcpy(config.defs, acl_fields, sizeof acl_fields);
  uint64_t start = rte_rdtsc();
  int result = table ? rte_acl_build(table, &config) : -1;
  uint64_t build = rte_rdtsc() - start;
  if (result != 0) printf("  rte_acl: %u rules cannot be built: %d\n", size, result);
  for (unsigned round = 0; result == 0 && round < BURSTS; round++) {
    const uint8_t *pointers[BURST];
    uint32_t results[BURST];
    for (unsigned i = 0; i < BURST; i++) {
      burst[i] = tuples[next_random() % size];
      burst[i].source = htonl(burst[i].source | (next_random() & 0xff));
      burst[i].destination = htonl(burst[i].destination);
      burst[i].source_port = (uint16_t)next_random();
      burst[i].destination_port = htons(burst[i].destination_port);
      pointers[i] = (const uint8_t *)&burst[i];
    }
    start = rte_rdtsc();
    rte_acl_classify(table, pointers, results, BURST, 1);
    times[round] = rte_rdtsc() - start;
    for (unsigned i = 0; i < BURST; i++) {
      if (results[i] == 0) printf("  no rule\n");
    }
  }
  if (result == 0) print_row("rte_acl, IPv4 5-tuple", size, build);
  rte_acl_free(table);
  free(tuples);
  free(burst);
}

int main(int count, char **arguments) {
  static const unsigned sizes[] = {10, 100, 1000, 10000, 100000, 1000000};
  if (rte_eal_init(count, arguments) < 0) return 1;
  for (unsigned i = 0; i < 6; i++) hash(sizes[i]);
  // More take minutes to build.
  for (unsigned i = 0; i < 5; i++) fib(sizes[i]);
  for (unsigned i = 0; i < 4; i++) lpm(sizes[i]);
  for (unsigned i = 0; i < 4; i++) acl(sizes[i]);
  rte_eal_cleanup();
  return 0;
}
