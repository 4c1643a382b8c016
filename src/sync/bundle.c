#include "sync/bundle.h"

#include "base/limits.h"
#include "sync/bundle_section.h"
#include "sys/disk.h"

#include <stdio.h>
#include <stdlib.h>

/* A billion entries without their parts, or fewer with; eight bytes are kept for each. */
#define SECTIONS_MOST (4u << 20)

struct bundle {
    struct disk *disk;
    char path[256];
    uint64_t size;
    uint64_t *at; /* where each section begins, in their order */
    size_t count, room;
    bool has_first;
    uint64_t first;
    char cut[SECTION_PATH + 100]; /* empty: the file is whole */
};

static bool malformed(const struct bundle *bundle, uint64_t at, const char *why, struct err *err)
{
    return err_set(err, ERR_MALFORMED, "%s: %s, at byte %" PRIu64, bundle->path, why, at);
}

/* The section that begins there. */
static bool read_head(const struct bundle *bundle, uint64_t at, struct section_head *out,
                      enum section_read *out_read, struct err *err)
{
    uint64_t left = bundle->size - at;
    struct arena arena = {0};
    struct span bytes;
    const char *why = NULL;

    bool ok = disk_read_at(bundle->disk, bundle->path, at,
                           left < SECTION_HEAD ? (size_t)left : SECTION_HEAD, &bytes, &arena, err);
    if (ok)
        *out_read = section_head_read(out, bytes, &why);
    arena_free(&arena);
    return ok && (*out_read != SECTION_WRONG || malformed(bundle, at, why, err));
}

/* Opening: one look at each section's head. */

static bool note_section(struct bundle *bundle, uint64_t at, const struct section *section,
                         struct err *err)
{
    if (bundle->count == SECTIONS_MOST)
        return err_set(err, ERR_LIMIT, "%s: more than %u sections", bundle->path, SECTIONS_MOST);
    if (bundle->count == bundle->room) {
        bundle->room = bundle->room ? 2 * bundle->room : 256;
        bundle->at = reallocarray(bundle->at, bundle->room, sizeof *bundle->at);
        if (!bundle->at)
            abort();
    }
    bundle->at[bundle->count++] = at;
    if (section->kind == SECTION_ENTRIES && !bundle->has_first) {
        bundle->has_first = true;
        bundle->first = section->tile.index * TILE_WIDTH;
    }
    return true;
}

static void note_cut(struct bundle *bundle, const struct section_head *head)
{
    char path[SECTION_PATH + 1] = "";

    if (head)
        section_path(path, &head->section);
    snprintf(bundle->cut, sizeof bundle->cut, "it is cut short at byte %" PRIu64 "%s%s",
             bundle->size, path[0] ? ", within " : "", path);
}

/* Sections in their order, each once, and behind the end nothing. */
static bool read_sections(struct bundle *bundle, struct err *err)
{
    struct section before = {0};
    uint64_t at = strlen(BUNDLE_LINE);

    for (;;) {
        struct section_head head;
        enum section_read read;

        if (!read_head(bundle, at, &head, &read, err))
            return false;
        if (read == SECTION_CUT || section_bytes(&head) > bundle->size - at) {
            note_cut(bundle, read == SECTION_CUT ? NULL : &head);
            return true;
        }
        if (head.section.kind == SECTION_END)
            return at + head.bytes == bundle->size ||
                   malformed(bundle, at + head.bytes, "bytes behind its end", err);
        if (section_compare(&before, &head.section) >= 0)
            return malformed(bundle, at, "a section that is not in its place", err);
        if (!note_section(bundle, at, &head.section, err))
            return false;
        before = head.section;
        at += section_bytes(&head);
    }
}

static bool read_line(struct bundle *bundle, struct err *err)
{
    struct arena arena = {0};
    struct span line;
    size_t len = strlen(BUNDLE_LINE);

    if (bundle->size < len)
        return err_set(err, ERR_MALFORMED, "%s: it is no bundle", bundle->path);
    bool ok = disk_read_at(bundle->disk, bundle->path, 0, len, &line, &arena, err);
    if (ok && !span_is(line, BUNDLE_LINE))
        ok = err_set(err, ERR_MALFORMED, "%s: it is no bundle", bundle->path);
    arena_free(&arena);
    return ok;
}

bool bundle_open(struct bundle **out, struct disk *disk, const char *path, struct err *err)
{
    struct bundle *bundle = calloc(1, sizeof *bundle);

    if (!bundle)
        abort();
    bundle->disk = disk;
    int len = snprintf(bundle->path, sizeof bundle->path, "%s", path);
    bool ok = (size_t)len < sizeof bundle->path ||
              err_set(err, ERR_LIMIT, "the path of the bundle is too long");
    ok = ok && disk_size(disk, path, &bundle->size, err) && read_line(bundle, err) &&
         read_sections(bundle, err);
    if (!ok) {
        bundle_close(bundle);
        return false;
    }
    *out = bundle;
    return true;
}

void bundle_close(struct bundle *bundle)
{
    if (!bundle)
        return;
    free(bundle->at);
    free(bundle);
}

bool bundle_first(const struct bundle *bundle, uint64_t *out)
{
    *out = bundle->first;
    return bundle->has_first;
}

const char *bundle_cut(const struct bundle *bundle)
{
    return bundle->cut[0] ? bundle->cut : NULL;
}

/* As a source. */

/* The file may be another by now than it was at opening: its heads are read anew. */
static bool find(const struct bundle *bundle, const struct section *wanted, uint64_t *out_at,
                 struct section_head *out, bool *out_found, struct err *err)
{
    size_t low = 0, high = bundle->count;
    enum section_read read;

    *out_found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        *out_at = bundle->at[middle];
        if (!read_head(bundle, *out_at, out, &read, err))
            return false;
        if (read != SECTION_WHOLE || out->section.kind == SECTION_END)
            return malformed(bundle, *out_at, "it has changed while it was read", err);
        int order = section_compare(&out->section, wanted);
        *out_found = order == 0 && out->section.tile.width >= wanted->tile.width;
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return true;
}

static bool read_section(const struct bundle *bundle, uint64_t at, const struct section_head *head,
                         struct span *out, struct arena *arena, struct err *err)
{
    struct span bytes;

    return disk_read_at(bundle->disk, bundle->path, at, section_bytes(head), &bytes, arena, err) &&
           (section_open(out, head, bytes) ||
            malformed(bundle, at, "it was damaged on the way", err));
}

/* The beginning of a tile is what it was at an earlier size, as at the end of a term. */
static bool narrow(struct span *bytes, struct tile tile)
{
    struct span rest = *bytes, entry;
    size_t len = tile.width * sizeof(struct hash);

    if (tile.level == TILE_ENTRIES) {
        for (unsigned i = 0; i < tile.width; i++)
            if (!tile_bundle_next(&rest, &entry))
                return false;
        len = bytes->len - rest.len;
    }
    if (bytes->len < len)
        return false;
    *bytes = span_slice(*bytes, 0, len);
    return true;
}

static bool read_narrow(const struct bundle *bundle, uint64_t at, const struct section_head *head,
                        struct tile tile, struct span *out, struct arena *arena, struct err *err)
{
    return read_section(bundle, at, head, out, arena, err) &&
           (head->section.tile.width == tile.width || narrow(out, tile) ||
            malformed(bundle, at, "it ends before it should", err));
}

static bool get(void *context, const char *path, size_t limit, struct span *out,
                struct arena *arena, struct err *err)
{
    const struct bundle *bundle = context;
    struct section wanted;
    struct section_head head;
    uint64_t at;
    bool found;

    if (!section_parse(&wanted, span_of(path)))
        return err_set(err, ERR_MISSING, "no bundle has that");
    if (!find(bundle, &wanted, &at, &head, &found, err))
        return false;
    if (!found)
        return err_set(err, ERR_MISSING, "it is not there%s%s", bundle->cut[0] ? ": " : "",
                       bundle->cut);
    return (head.len <= limit || err_set(err, ERR_LIMIT, "it has %" PRIu64 " bytes", head.len)) &&
           read_narrow(bundle, at, &head, wanted.tile, out, arena, err);
}

struct source source_of_bundle(struct bundle *bundle)
{
    return (struct source){.get = get, .context = bundle, .name = bundle->path};
}
