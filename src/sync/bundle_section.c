#include "sync/bundle_section.h"

#include "base/limits.h"
#include "base/reader.h"
#include "codec/hex.h"

#include <stdio.h>

#define ENTRIES_BYTES (TILE_WIDTH * (2u + LIMIT_ENTRY_BYTES))

static bool parse_term(struct section *out, struct span rest)
{
    struct span number;

    return span_cut(&rest, '/', &number) && span_is(rest, "checkpoint") &&
           decimal_parse(&out->term, number, LIMIT_INTEGER) && out->term > 0;
}

static bool parse_tile(struct section *out, struct span path)
{
    if (!tile_path_parse(&out->tile, path) || out->tile.level == 0)
        return false; /* the hashes of the leaves are those of the entries */
    out->kind = out->tile.level == TILE_ENTRIES ? SECTION_ENTRIES : SECTION_HASHES;
    return true;
}

static bool parse(struct section *out, struct span path)
{
    struct span rest = path, word = path;
    bool cut = span_cut(&rest, '/', &word);

    if (!cut) {
        out->kind = SECTION_CHECKPOINT;
        return span_is(word, "checkpoint");
    }
    if (span_is(word, "term")) {
        out->kind = SECTION_TERM;
        return parse_term(out, rest);
    }
    if (span_is(word, "parts")) {
        out->kind = SECTION_PART;
        return hex_parse(out->stored.bytes, sizeof out->stored.bytes, rest);
    }
    return parse_tile(out, path);
}

bool section_parse(struct section *out, struct span path)
{
    struct section section = {0};

    if (!parse(&section, path))
        return false;
    *out = section;
    return true;
}

void section_path(char out[SECTION_PATH + 1], const struct section *section)
{
    switch (section->kind) {
    case SECTION_CHECKPOINT:
        strcpy(out, "checkpoint");
        break;
    case SECTION_TERM:
        snprintf(out, SECTION_PATH + 1, "term/%" PRIu64 "/checkpoint", section->term);
        break;
    case SECTION_PART:
        strcpy(out, "parts/");
        hex_text(out + strlen("parts/"), hash_span(&section->stored));
        break;
    case SECTION_HASHES:
    case SECTION_ENTRIES:
        tile_path(out, section->tile);
        break;
    case SECTION_END:
        out[0] = '\0';
    }
}

static int compare(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

int section_compare(const struct section *a, const struct section *b)
{
    int by_kind = compare(a->kind, b->kind), by_level = compare(a->tile.level, b->tile.level);

    if (by_kind != 0)
        return by_kind;
    if (a->kind == SECTION_TERM)
        return compare(a->term, b->term);
    if (a->kind == SECTION_PART)
        return memcmp(a->stored.bytes, b->stored.bytes, HASH_BYTES);
    return by_level ? by_level : compare(a->tile.index, b->tile.index);
}

size_t section_limit(const struct section *section)
{
    switch (section->kind) {
    case SECTION_HASHES:
        return TILE_WIDTH * HASH_BYTES;
    case SECTION_ENTRIES:
        return ENTRIES_BYTES;
    case SECTION_PART:
        return LIMIT_PART_BYTES;
    default:
        return LIMIT_CHECKPOINT_BYTES;
    }
}

enum section_read section_head_read(struct section_head *out, struct span bytes, const char **why)
{
    struct reader r = reader_over(bytes);
    struct section_head head = {0};
    size_t len = bytes.len < 2 ? 0 : reader_u16be(&r);

    if (bytes.len < 2)
        return SECTION_CUT;
    if (len > SECTION_PATH) {
        *why = "a path that is too long";
        return SECTION_WRONG;
    }
    if (len > 0 && reader_left(&r) < len + 8)
        return SECTION_CUT;
    if (len > 0 && !section_parse(&head.section, reader_take(&r, len))) {
        *why = "a path that has no place in a bundle";
        return SECTION_WRONG;
    }
    head.len = len > 0 ? reader_u64be(&r) : 0;
    if (head.len > section_limit(&head.section)) {
        *why = "more bytes than may stand there";
        return SECTION_WRONG;
    }
    head.bytes = reader_offset(&r);
    *out = head;
    return SECTION_WHOLE;
}

void section_put(struct buf *buf, const struct section *section, struct span bytes)
{
    char path[SECTION_PATH + 1];
    size_t start = buf->len;

    assert(section->kind != SECTION_END && bytes.len <= section_limit(section));
    section_path(path, section);
    buf_u16be(buf, (uint16_t)strlen(path));
    buf_text(buf, path);
    buf_u64be(buf, bytes.len);
    buf_put(buf, bytes);
    struct hash sum = hash_of(span_from(buf_span(buf), start));
    buf_put(buf, hash_span(&sum));
}

size_t section_bytes(const struct section_head *head)
{
    return head->section.kind == SECTION_END ? head->bytes
                                             : head->bytes + (size_t)head->len + HASH_BYTES;
}

bool section_open(struct span *out, const struct section_head *head, struct span bytes)
{
    assert(head->section.kind != SECTION_END && bytes.len == section_bytes(head));
    struct hash sum = hash_of(span_slice(bytes, 0, bytes.len - HASH_BYTES));

    if (!span_equal(span_from(bytes, bytes.len - HASH_BYTES), hash_span(&sum)))
        return false;
    *out = span_slice(bytes, head->bytes, (size_t)head->len);
    return true;
}

void section_put_end(struct buf *buf)
{
    buf_u16be(buf, 0);
}
