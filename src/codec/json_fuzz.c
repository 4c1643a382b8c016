/*
 * JSON beside Jansson, a reader by other people: what we accept, Jansson accepts and
 * writes as the bytes of our canonical form; what Jansson accepts and is a value of
 * doc/format.md §2.1, we accept. And json_parse_canonical accepts a text where it is
 * what its own value is written as, and nowhere else.
 *
 * Jansson is opened by name because it calls its functions as we call ours: linked
 * together, each would call the other's.
 */

#include "codec/json.h"

#include <dlfcn.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REJECT_DUPLICATES 0x1 /* as in jansson.h */
#define DECODE_ANY 0x4
#define COMPACT 0x20
#define SORT_KEYS 0x80
#define ENCODE_ANY 0x200

struct jansson_value;

static struct {
    struct jansson_value *(*load)(const char *bytes, size_t len, size_t flags, void *error);
    char *(*dump)(const struct jansson_value *value, size_t flags);
    void (*delete)(struct jansson_value *value);
} jansson;

static void *symbol(void *library, const char *name)
{
    void *found = library ? dlsym(library, name) : NULL;

    if (!found)
        abort(); /* without its oracle this program would find nothing */
    return found;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    void *library = dlopen("libjansson.so.4", RTLD_NOW | RTLD_LOCAL);

    (void)argc;
    (void)argv;
    /* POSIX promises that a function fits into what dlsym returns; ISO C does not. */
    *(void **)&jansson.load = symbol(library, "json_loadb");
    *(void **)&jansson.dump = symbol(library, "json_dumps");
    *(void **)&jansson.delete = symbol(library, "json_delete");
    return 0;
}

/* The text as Jansson writes what it read; false where it refuses it. */
static bool through_jansson(struct span *out, struct span text, struct arena *arena)
{
    struct jansson_value *value =
        jansson.load((const char *)text.at, text.len, REJECT_DUPLICATES | DECODE_ANY, NULL);

    if (!value)
        return false;
    char *dump = jansson.dump(value, COMPACT | SORT_KEYS | ENCODE_ANY);
    assert(dump);
    *out = arena_copy(arena, span_of(dump));
    free(dump);
    jansson.delete(value);
    return true;
}

/* Canonical bytes, but for the hex digits of \u001f, which Jansson writes large. */
static struct span with_large_hex(struct span canonical, struct arena *arena)
{
    uint8_t *out = (uint8_t *)arena_text(arena, canonical);

    for (size_t i = 0; i + 1 < canonical.len; i++) {
        if (out[i] != '\\')
            continue;
        i++;
        if (out[i] == 'u' && out[i + 4] >= 'a')
            out[i + 4] = (uint8_t)(out[i + 4] - 'a' + 'A');
    }
    return span_make(out, canonical.len);
}

static void check_accepted(const struct json *value, struct span text, struct arena *arena)
{
    struct err err = {0};
    struct json again;
    struct span theirs;
    struct span bytes = json_bytes(value, arena);

    assert(through_jansson(&theirs, text, arena));
    assert(span_equal(theirs, with_large_hex(bytes, arena)));

    assert(json_parse_canonical(&again, text, arena, &err) == span_equal(bytes, text));
    assert(json_parse_canonical(&again, bytes, arena, &err));
    assert(json_equal(value, &again));
    assert(span_equal(json_bytes(&again, arena), bytes));
}

static void check_refused(struct span text, const struct err *err, struct arena *arena)
{
    struct err ignored = {0};
    struct span theirs;
    struct json value;

    assert(err->kind != ERR_NONE);
    assert(!json_parse_canonical(&value, text, arena, &ignored));
    bool our_choice = strstr(err->text, "-0 is not allowed") ||
                      memchr(text.at, '\0', text.len); /* the end of the text for Jansson */
    if (!our_choice && through_jansson(&theirs, text, arena))
        assert(!json_parse(&value, theirs, arena, &ignored));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = span_make(data, size);
    struct arena arena = {0};
    struct err err = {0};
    struct json value;

    if (json_parse(&value, text, &arena, &err))
        check_accepted(&value, text, &arena);
    else
        check_refused(text, &err, &arena);
    arena_free(&arena);
    return 0;
}
