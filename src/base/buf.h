#pragma once

/*
 * Bytes being written, in an arena, never more than a limit set at the start.
 * What does not fit is dropped and remembered: ask buf_full once at the end.
 */

#include "base/arena.h"

struct buf {
    struct arena *arena;
    uint8_t *at;
    size_t len;
    size_t room;
    size_t limit;
    bool full; /* something did not fit: what is held is cut short */
};

struct buf buf_in(struct arena *arena, size_t limit);
/* Room for so many bytes more at once: nothing is moved while they are written. */
void buf_reserve(struct buf *buf, size_t more);
void buf_put(struct buf *buf, struct span bytes);
void buf_text(struct buf *buf, const char *text);
void buf_byte(struct buf *buf, uint8_t byte);
void buf_u16be(struct buf *buf, uint16_t value);
void buf_u32be(struct buf *buf, uint32_t value);
void buf_u64be(struct buf *buf, uint64_t value);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
struct span buf_span(const struct buf *buf); /* valid until the next write */
