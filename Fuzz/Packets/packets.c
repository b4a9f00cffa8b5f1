// SPDX-License-Identifier: BSD-3-Clause
// What stages ask of DPDK, for fuzzers: packets in ordinary memory, of which nobody may touch what
// lies in front of the bytes or behind them. The address sanitizer tells who does.
#include "cdpdk.h"

#include <sanitizer/asan_interface.h>
#include <stdlib.h>
#include <string.h>

enum { headroom = 128 };

struct cdpdk_pool {
  uint32_t capacity;
  uint32_t in_use;
  uint16_t room;
};

static char *start(const cdpdk_mbuf *segment) {
  return (char *)segment->buffer + segment->data_offset;
}

// Marks what a segment's bytes are; of eight bytes in a row only the last ones can be forbidden.
static void mark(cdpdk_mbuf *segment) {
  char *begin = start(segment), *end = begin + segment->data_length;
  char *limit = (char *)segment->buffer + segment->buffer_length;
  ASAN_UNPOISON_MEMORY_REGION(segment->buffer, segment->buffer_length);
  ASAN_POISON_MEMORY_REGION(segment->buffer, segment->data_offset & ~7);
  ASAN_POISON_MEMORY_REGION(end, limit - end);
}

static cdpdk_mbuf *take(cdpdk_pool *pool, uint32_t length) {
  if (pool->in_use == pool->capacity) return NULL;
  cdpdk_mbuf *segment = calloc(1, 128);
  segment->buffer_length = (uint16_t)(pool->room + headroom);
  segment->buffer = malloc(segment->buffer_length);
  segment->data_offset = headroom;
  segment->data_length = (uint16_t)length;
  segment->packet_length = length;
  segment->segment_count = segment->reference_count = 1;
  segment->pool = pool;
  pool->in_use++;
  return segment;
}

static cdpdk_mbuf *last(cdpdk_mbuf *packet) {
  while (packet->next != NULL) packet = packet->next;
  return packet;
}

cdpdk_pool *cdpdk_pool_create(const char *name, uint32_t packets, uint32_t cache,
                              uint16_t data_room, int node) {
  (void)name, (void)cache, (void)node;
  cdpdk_pool *pool = calloc(1, sizeof *pool);
  pool->capacity = packets;
  pool->room = (uint16_t)(data_room - headroom);
  return pool;
}

void cdpdk_pool_free(cdpdk_pool *pool) { free(pool); }

uint32_t cdpdk_pool_available(const cdpdk_pool *pool) { return pool->capacity - pool->in_use; }

void cdpdk_free(cdpdk_mbuf **packets, uint32_t count) {
  for (uint32_t index = 0; index < count; index++) {
    for (cdpdk_mbuf *segment = packets[index]; segment != NULL;) {
      cdpdk_mbuf *next = segment->next;
      ((cdpdk_pool *)segment->pool)->in_use--;
      ASAN_UNPOISON_MEMORY_REGION(segment->buffer, segment->buffer_length);
      free(segment->buffer);
      free(segment);
      segment = next;
    }
  }
}

cdpdk_mbuf *cdpdk_allocate(cdpdk_pool *pool) { return cdpdk_fill(pool, "", 0); }

cdpdk_mbuf *cdpdk_fill(cdpdk_pool *pool, const void *bytes, uint32_t length) {
  cdpdk_mbuf *first = NULL, **link = &first;
  uint32_t filled = 0;
  do {
    uint32_t part = length - filled < pool->room ? length - filled : pool->room;
    cdpdk_mbuf *segment = *link = take(pool, part);
    if (segment == NULL) {
      if (first != NULL) cdpdk_free(&first, 1);
      return NULL;
    }
    memcpy(start(segment), (const char *)bytes + filled, part);
    mark(segment);
    filled += part;
    if (first != segment) first->segment_count++;
    link = &segment->next;
  } while (filled < length);
  first->packet_length = length;
  return first;
}

cdpdk_mbuf *cdpdk_copy(const cdpdk_mbuf *packet, cdpdk_pool *pool, uint32_t length) {
  if (length > packet->packet_length) length = packet->packet_length;
  void *bytes = malloc(length + 1);
  cdpdk_mbuf *copy = NULL;
  if (cdpdk_read(packet, 0, length, bytes)) copy = cdpdk_fill(pool, bytes, length);
  free(bytes);
  return copy;
}

void *cdpdk_append(cdpdk_mbuf *packet, uint16_t length) {
  cdpdk_mbuf *end = last(packet);
  if (end->buffer_length - end->data_offset - end->data_length < length) return NULL;
  char *place = start(end) + end->data_length;
  end->data_length += length;
  packet->packet_length += length;
  mark(end);
  return place;
}

void *cdpdk_prepend(cdpdk_mbuf *packet, uint16_t length) {
  if (packet->data_offset < length) return NULL;
  packet->data_offset -= length;
  packet->data_length += length;
  packet->packet_length += length;
  mark(packet);
  return start(packet);
}

bool cdpdk_adjust(cdpdk_mbuf *packet, uint16_t length) {
  if (packet->data_length < length) return false;
  packet->data_offset += length;
  packet->data_length -= length;
  packet->packet_length -= length;
  mark(packet);
  return true;
}

bool cdpdk_trim(cdpdk_mbuf *packet, uint16_t length) {
  cdpdk_mbuf *end = last(packet);
  if (end->data_length < length) return false;
  end->data_length -= length;
  packet->packet_length -= length;
  mark(end);
  return true;
}

bool cdpdk_read(const cdpdk_mbuf *packet, uint32_t offset, uint32_t length, void *into) {
  if (offset > packet->packet_length || length > packet->packet_length - offset) return false;
  for (const cdpdk_mbuf *segment = packet; length > 0 && segment != NULL; segment = segment->next) {
    if (offset >= segment->data_length) {
      offset -= segment->data_length;
      continue;
    }
    uint32_t part = segment->data_length - offset;
    if (part > length) part = length;
    memcpy(into, start(segment) + offset, part);
    into = (char *)into + part;
    length -= part;
    offset = 0;
  }
  return length == 0;
}

// There are no ports and no hugepages.
uint16_t cdpdk_receive(uint16_t port, uint16_t queue, cdpdk_mbuf **packets, uint16_t capacity) {
  (void)port, (void)queue, (void)packets, (void)capacity;
  return 0;
}

void *cdpdk_memory_take(size_t bytes) {
  (void)bytes;
  return NULL;
}

void cdpdk_memory_give(void *memory) { (void)memory; }
