// SPDX-License-Identifier: BSD-3-Clause
// The whole of DPDK that Swift sees. There is no rte_ header here: rte_mbuf is 64-byte aligned,
// which Swift cannot import, and this keeps DPDK's compiler flags out of every Swift target.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// A plain mirror of struct rte_mbuf. mbuf.c asserts that each field lies where DPDK has it.
typedef struct cdpdk_mbuf {
  void *buffer;
  uint64_t iova;
  uint16_t data_offset;
  uint16_t reference_count;
  uint16_t segment_count;
  uint16_t port;
  uint64_t offload_flags;
  uint32_t packet_type;
  uint32_t packet_length;
  uint16_t data_length;
  uint16_t vlan_tci;
  uint32_t rss_hash;
  uint32_t filter_hash;
  uint16_t vlan_tci_outer;
  uint16_t buffer_length;
  void *_Nullable pool;
  struct cdpdk_mbuf *_Nullable next;
} cdpdk_mbuf;

typedef struct cdpdk_pool cdpdk_pool;  // a struct rte_mempool

// -- Packets: called once per burst, or for packets that a stage makes --

uint16_t cdpdk_receive(uint16_t port, uint16_t queue, cdpdk_mbuf *_Nonnull *_Nonnull packets,
                       uint16_t capacity);
// Returns how many were taken; the rest still belong to the caller.
uint16_t cdpdk_send(uint16_t port, uint16_t queue, cdpdk_mbuf *_Nonnull *_Nonnull packets,
                    uint16_t count);
// Gives every segment of each packet back to its pool.
void cdpdk_free(cdpdk_mbuf *_Nonnull *_Nonnull packets, uint32_t count);
// Takes one empty packet from the pool, or null when the pool is empty.
cdpdk_mbuf *_Nullable cdpdk_allocate(cdpdk_pool *pool);
// A new packet with `length` bytes, in a chain where one buffer is too small, or null.
cdpdk_mbuf *_Nullable cdpdk_fill(cdpdk_pool *pool, const void *_Nullable bytes, uint32_t length);
// A copy of the first `length` bytes of `packet`, or null when the pool is empty.
cdpdk_mbuf *_Nullable cdpdk_copy(const cdpdk_mbuf *packet, cdpdk_pool *pool, uint32_t length);
// Room for `length` more bytes at the end of the packet's last segment, or null.
void *_Nullable cdpdk_append(cdpdk_mbuf *packet, uint16_t length);
// Moves the start of the packet `length` bytes into its headroom, or null when there is none.
void *_Nullable cdpdk_prepend(cdpdk_mbuf *packet, uint16_t length);
// Takes `length` bytes off the start of the first segment; false when it has fewer.
bool cdpdk_adjust(cdpdk_mbuf *packet, uint16_t length);
// Takes `length` bytes off the end of the last segment; false when it has fewer.
bool cdpdk_trim(cdpdk_mbuf *packet, uint16_t length);
// Copies `length` bytes at `offset` of the packet, across segments; false when it has fewer.
bool cdpdk_read(const cdpdk_mbuf *packet, uint32_t offset, uint32_t length, void *into);

static inline void cdpdk_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }
// For memory that will be written, and that another core may have read meanwhile: it is this core's
// alone when it comes. What a compiler makes of the builtin depends on the processor it is told.
static inline void cdpdk_prefetch_to_write(const void *address) {
#if defined(__x86_64__)
  __asm__("prefetchw %0" : : "m"(*(const char *)address));
#else
  __builtin_prefetch(address, 1, 3);
#endif
}

// Which of eight numbers, aligned to 32 bytes, are `wanted` in the bits of `mask`: bit 0 is the
// first. Swift has no way to make a vector of comparisons bits.
static inline uint32_t cdpdk_matches(const uint32_t *numbers, uint32_t mask, uint32_t wanted) {
#if defined(__AVX2__)
  typedef uint32_t eight __attribute__((vector_size(32)));
  typedef float eight_floats __attribute__((vector_size(32)));
  eight equal = (eight)((*(const eight *)numbers & mask) == wanted);
  return (uint32_t)__builtin_ia32_movmskps256((eight_floats)equal);
#else
  uint32_t bits = 0;
  for (uint32_t place = 0; place < 8; place++)
    bits |= (uint32_t)((numbers[place] & mask) == wanted) << place;
  return bits;
#endif
}

// The time stamp counter.
static inline uint64_t cdpdk_cycles(void) {
#if defined(__x86_64__)
  return __builtin_ia32_rdtsc();
#else
  return __builtin_readcyclecounter();
#endif
}

// -- The environment: control thread only, from here to the end --

// Calls rte_eal_init with DPDK's log kept in memory. Returns 0, or a negative error number.
int cdpdk_start(int count, char *_Nullable *_Nonnull arguments);
void cdpdk_stop(void);
// Runs `body` on the lcore's thread; negative when it is busy.
int cdpdk_launch(unsigned lcore, int (*body)(void *_Nullable), void *_Nullable context);
void cdpdk_wait(unsigned lcore);
// The cores of the calling thread, one bit each in 128 bytes; negative when the kernel refuses.
int cdpdk_affinity(uint8_t *cores);
int cdpdk_set_affinity(const uint8_t *cores);
// DPDK's own idea of the frequency; 0 before start.
uint64_t cdpdk_tsc_frequency(void);
// The error number that the last function which returned null left behind.
int cdpdk_last_error(void);
const char *cdpdk_error_text(int error);
const char *cdpdk_version(void);
// Where this DPDK looks for its drivers, which are shared objects.
const char *cdpdk_driver_directory(void);
// Zeroed memory in DPDK's hugepages, or null: DPDK is not running, or has none or too few of them.
void *_Nullable cdpdk_memory_take(size_t bytes);
void cdpdk_memory_give(void *memory);

// How many bytes DPDK has logged so far. Each line begins with its level as one digit.
uint64_t cdpdk_log_length(void);
// Copies what was logged from byte `start` on, as far as it is still kept; returns how much.
size_t cdpdk_log_read(uint64_t start, char *into, size_t capacity);

// -- Pools of packet buffers, and rings that carry packets between threads --

// `node` is a NUMA node, or -1 for any.
cdpdk_pool *_Nullable cdpdk_pool_create(const char *name, uint32_t packets, uint32_t cache,
                                        uint16_t data_room, int node);
void cdpdk_pool_free(cdpdk_pool *pool);
uint32_t cdpdk_pool_available(const cdpdk_pool *pool);

typedef struct cdpdk_ring cdpdk_ring;  // a struct rte_ring

// `capacity` packets at most; many threads may add to it, and many take when `shared`.
cdpdk_ring *_Nullable cdpdk_ring_create(const char *name, uint32_t capacity, int node,
                                        bool shared);
void cdpdk_ring_free(cdpdk_ring *ring);
uint32_t cdpdk_ring_count(const cdpdk_ring *ring);
// Returns how many were taken; the rest still belong to the caller. Called once per burst.
uint32_t cdpdk_ring_add(cdpdk_ring *ring, cdpdk_mbuf *_Nonnull *_Nonnull packets, uint32_t count);
uint32_t cdpdk_ring_take(cdpdk_ring *ring, cdpdk_mbuf *_Nonnull *_Nonnull packets,
                         uint32_t capacity);

// -- Ports. Functions that return int return 0 or a negative error number --

typedef struct cdpdk_port_limits {
  const char *_Nullable driver;
  int node;                  // NUMA node, or -1
  uint16_t receive_queues;
  uint16_t transmit_queues;
  uint16_t smallest_mtu;
  uint16_t largest_mtu;
  uint32_t largest_frame;
  uint16_t receive_descriptors_least;
  uint16_t receive_descriptors_most;
  uint16_t transmit_descriptors_least;
  uint16_t transmit_descriptors_most;
  uint64_t receive_offloads;   // bits that cdpdk_receive_offload names
  uint64_t transmit_offloads;  // bits that cdpdk_transmit_offload names
  bool chains_on_receive;
  bool chains_on_transmit;
  bool spreads_flows;  // RSS over IP, UDP and TCP
} cdpdk_port_limits;

typedef struct cdpdk_port_settings {
  uint16_t receive_queues;
  uint16_t transmit_queues;
  uint16_t mtu;  // 0: the driver's own
  bool chain_on_receive;
  bool chain_on_transmit;
  bool spread_flows;
} cdpdk_port_settings;

typedef struct cdpdk_port_counters {
  uint64_t received_packets, received_bytes, missed, receive_errors, no_buffer;
  uint64_t sent_packets, sent_bytes, send_errors;
} cdpdk_port_counters;

typedef struct cdpdk_link {
  uint32_t megabits;  // 0 when unknown, UINT32_MAX likewise
  bool up;
  bool full_duplex;
} cdpdk_link;

// Creates a virtual device, whose driver is the beginning of `name`.
int cdpdk_virtual_create(const char *name, const char *_Nullable arguments);
// The same for a driver that waits for another program: `go_on` is asked every few milliseconds,
// and when it says no, the driver is interrupted, which is an error of its own.
int cdpdk_virtual_create_while(const char *name, const char *arguments,
                               bool (*go_on)(void *_Nullable), void *_Nullable context);
// Makes a DPDK device of any bus usable, as DPDK's own device argument describes it.
int cdpdk_device_probe(const char *arguments);
// A port called net_ring_<name> that receives from one ring and sends to another.
int cdpdk_ring_port(const char *name, cdpdk_ring *receive, cdpdk_ring *transmit, unsigned queues);
// A packet socket that keeps a kernel interface promiscuous until it is closed; negative on error.
int cdpdk_promiscuous_socket(const char *interface);
// Tells this process's packet sockets not to receive what this machine sends: net_af_packet does
// not, and has no way to reach its sockets.
void cdpdk_ignore_outgoing(void);
int cdpdk_port_find(const char *device, uint16_t *port);
// Socket files that are to be gone when the process is: up to 64, by the control thread.
void cdpdk_socket_file_remember(const char *path);
void cdpdk_socket_file_forget(const char *path);
// Removes what is remembered. A signal handler may call it.
void cdpdk_socket_files_remove(void);
// How many queues a kernel interface has in use; 1 when it does not say.
uint32_t cdpdk_interface_queues(const char *interface);

int cdpdk_port_limits_get(uint16_t port, cdpdk_port_limits *limits);
int cdpdk_port_configure(uint16_t port, const cdpdk_port_settings *settings);
// Brings a number of descriptors into the driver's range; 0 becomes the driver's own.
int cdpdk_port_descriptors(uint16_t port, uint16_t *receive, uint16_t *transmit);
int cdpdk_port_receive_queue(uint16_t port, uint16_t queue, uint16_t descriptors,
                             cdpdk_pool *pool);
int cdpdk_port_transmit_queue(uint16_t port, uint16_t queue, uint16_t descriptors);
int cdpdk_port_promiscuous(uint16_t port, bool on);
int cdpdk_port_start(uint16_t port);
int cdpdk_port_stop(uint16_t port);
// Keeps workers out of a started memif port while its driver gives a peer's memory back.
void cdpdk_memif_guard(uint16_t port);
// Lets workers in again where the driver has not said that it was done, after a second.
void cdpdk_memif_reopen(void);
// A port that is not started may then be polled and sent to, and has and takes no packets.
void cdpdk_port_rest(uint16_t port);
// Closes the port, which must be stopped, and takes its device away from DPDK.
int cdpdk_port_close(uint16_t port);
int cdpdk_port_counters_get(uint16_t port, cdpdk_port_counters *counters);
int cdpdk_port_link(uint16_t port, cdpdk_link *link);
int cdpdk_port_mtu(uint16_t port, uint16_t *mtu);
int cdpdk_port_address(uint16_t port, uint8_t *six_bytes);
const char *cdpdk_receive_offload(uint64_t bit);
const char *cdpdk_transmit_offload(uint64_t bit);

// -- DPDK's telemetry socket --

typedef struct cdpdk_telemetry cdpdk_telemetry;  // a struct rte_tel_data that is a dictionary

// Fills `record` and returns 0, or a negative number when there is no answer. Called on threads of
// DPDK's own, several at once.
typedef int cdpdk_telemetry_answer(const char *command, const char *parameters,
                                   cdpdk_telemetry *record);

// One function answers all commands. Returns 0, or a negative error number. A command and the names
// in its answer have letters, digits, `_` and `/` alone; texts have 127 ASCII characters at most.
int cdpdk_telemetry_register(const char *command, const char *help,
                             cdpdk_telemetry_answer *function);
int cdpdk_telemetry_add_text(cdpdk_telemetry *record, const char *name, const char *text);
int cdpdk_telemetry_add_number(cdpdk_telemetry *record, const char *name, uint64_t number);
// A record within the record, to be filled before the answer is given; or null.
cdpdk_telemetry *_Nullable cdpdk_telemetry_add_record(cdpdk_telemetry *record, const char *name);
// Where DPDK keeps the files of this process: sockets, and what secondary processes attach to.
const char *cdpdk_runtime_folder(void);
// Lets secondary processes copy the packets of ports. Returns 0, or a negative error number.
int cdpdk_capture_allow(void);

#pragma clang assume_nonnull end
