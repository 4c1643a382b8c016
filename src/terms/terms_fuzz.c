#include "terms/terms.h"

/* Terms that were checked can be cut into items, each of which has a key of its own. */

static struct span key_of(const struct terms_item *item, struct arena *arena)
{
    return span_of(arena_printf(arena, "%.*s/%.*s", SPAN_ARG(item->section), SPAN_ARG(item->id)));
}

static size_t count_key(const struct json *terms, struct span key, struct arena *arena)
{
    struct terms_walk walk = {0};
    struct terms_item item;
    size_t count = 0;

    while (terms_walk_next(&walk, terms, &item))
        count += span_equal(key_of(&item, arena), key);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct json terms;
    struct terms_head head = {.rules = -1};
    struct err err = {0};

    if (json_parse(&terms, span_make(data, size), &arena, &err)) {
        if (terms_check(&head, &terms, &err)) {
            struct terms_walk walk = {0};
            struct terms_item item;

            assert(head.rules >= 1 && head.quorum >= 0 && head.max_gap_ms > 0 && head.name.len > 0);
            while (terms_walk_next(&walk, &terms, &item)) {
                assert(item.value->type == JSON_OBJECT);
                assert(count_key(&terms, key_of(&item, &arena), &arena) == 1);
                if (span_is(item.section, "role"))
                    for (size_t i = 0; terms_capabilities[i]; i++)
                        (void)terms_role_may(item.value, terms_capabilities[i]);
            }
        } else {
            assert(head.rules == -1 && err.text[0] != '\0');
        }
    }
    arena_free(&arena);
    return 0;
}
