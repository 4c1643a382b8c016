/* A bundle from anybody's hand: what it gives as a source was found whole, is no longer than
 * asked for, and stands where its path says. */

#include "sync/bundle.h"

#include "sync/bundle_section.h"
#include "sys/disk_sim.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_paths(const uint8_t *data, size_t size)
{
    struct span bytes = span_make(data, size);
    struct section_head head;
    const char *why = NULL;
    char path[SECTION_PATH + 1];
    struct section again;

    for (size_t at = 0; at < size && at < 200; at++) {
        struct span rest = span_from(bytes, at);
        if (section_head_read(&head, rest, &why) != SECTION_WHOLE ||
            head.section.kind == SECTION_END)
            continue;
        section_path(path, &head.section);
        assert(span_starts_with(span_from(rest, 2), span_of(path)));
        bool ok = section_parse(&again, span_of(path));
        assert(ok && section_compare(&again, &head.section) == 0);
        assert(head.len <= section_limit(&head.section));
    }
}

/* Every section of a bundle that opened is found by its path, or was damaged. */
static void check_sections(struct bundle *bundle, struct span bytes)
{
    struct source source = source_of_bundle(bundle);
    size_t at = strlen(BUNDLE_LINE);
    struct section_head head;
    struct arena arena = {0};
    const char *why;
    char path[SECTION_PATH + 1];
    struct span got, want;
    struct err err = {0};

    while (section_head_read(&head, span_from(bytes, at), &why) == SECTION_WHOLE &&
           head.section.kind != SECTION_END && section_bytes(&head) <= bytes.len - at) {
        section_path(path, &head.section);
        bool ok = source_get(&source, path, section_limit(&head.section), &got, &arena, &err);
        bool whole = section_open(&want, &head, span_slice(bytes, at, section_bytes(&head)));
        assert(ok == whole && (!ok || span_equal(got, want)));
        assert(ok || err.kind == ERR_MALFORMED);
        bool less =
            head.len > 0 && source_get(&source, path, (size_t)head.len - 1, &got, &arena, &err);
        assert(!less && (head.len == 0 || err.kind == ERR_LIMIT));
        if (ok && head.section.tile.width > 1) { /* and what a tile began as */
            head.section.tile.width = 1;
            section_path(path, &head.section);
            ok = source_get(&source, path, section_limit(&head.section), &got, &arena, &err);
            assert(ok ? span_starts_with(want, got) : err.kind == ERR_MALFORMED);
        }
        at += section_bytes(&head);
    }
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct disk *disk;
    struct bundle *bundle;
    struct err err = {0};

    check_paths(data, size);
    bool ok =
        disk_sim_open(&disk, 1) && disk_replace(disk, "bundle", span_make(data, size), false, &err);
    assert(ok);
    if (bundle_open(&bundle, disk, "bundle", &err)) {
        check_sections(bundle, span_make(data, size));
        bundle_close(bundle);
    } else {
        assert(err.kind == ERR_MALFORMED);
    }
    disk_close(disk);
    return 0;
}
