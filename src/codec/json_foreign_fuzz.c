/*
 * Other people's JSON beside Jansson, a reader by other people: what we accept, Jansson accepts,
 * numbers aside that its machine integers and doubles cannot hold, and it is the same value; what
 * Jansson accepts, we accept within our limits. The outline of a text says what the whole says.
 * Jansson is opened by name as in json_fuzz.c.
 */

#include "codec/json_foreign.h"

#include "base/buf.h"
#include "codec/json_escape.h"

#include <dlfcn.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REJECT_DUPLICATES 0x1 /* as in jansson.h */
#define DECODE_ANY 0x4

struct jansson_value;
struct jansson_error {
    int line, column, position;
    char source[80], text[160];
};

static struct {
    struct jansson_value *(*load)(const char *bytes, size_t len, size_t flags,
                                  struct jansson_error *error);
    int (*equal)(const struct jansson_value *a, const struct jansson_value *b);
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
    *(void **)&jansson.equal = symbol(library, "json_equal");
    *(void **)&jansson.delete = symbol(library, "json_delete");
    return 0;
}

static struct jansson_value *load(struct span text, struct jansson_error *error)
{
    *error = (struct jansson_error){0};
    return jansson.load((const char *)text.at, text.len, REJECT_DUPLICATES | DECODE_ANY, error);
}

static void spell_text(struct buf *out, struct span text)
{
    uint8_t escape[JSON_ESCAPE_BYTES];

    buf_byte(out, '"');
    for (size_t i = 0; i < text.len; i++)
        if (json_is_plain(text.at[i]))
            buf_byte(out, text.at[i]);
        else
            buf_put(out, span_make(escape, json_escape(escape, text.at[i])));
    buf_byte(out, '"');
}

static void spell(struct buf *out, const struct foreign *value)
{
    static const char *const words[] = {"null", "false", "true"};

    if (value->type <= FOREIGN_TRUE)
        buf_text(out, words[value->type]);
    else if (value->type == FOREIGN_NUMBER)
        buf_put(out, value->text);
    else if (value->type == FOREIGN_STRING)
        spell_text(out, value->text);
    else if (value->type == FOREIGN_ARRAY) {
        buf_byte(out, '[');
        for (size_t i = 0; i < value->array.count; i++) {
            buf_text(out, i ? "," : "");
            spell(out, &value->array.at[i]);
        }
        buf_byte(out, ']');
    } else {
        buf_byte(out, '{');
        for (size_t i = 0; i < value->object.count; i++) {
            buf_text(out, i ? "," : "");
            spell_text(out, value->object.at[i].key);
            buf_byte(out, ':');
            spell(out, &value->object.at[i].value);
        }
        buf_byte(out, '}');
    }
}

static void check_accepted(const struct foreign *value, struct span text, struct arena *arena)
{
    struct buf spelt = buf_in(arena, SIZE_MAX);
    struct jansson_error error, again_error;
    struct jansson_value *theirs = load(text, &error);

    if (!theirs) {
        assert(strstr(error.text, "too big") || strstr(error.text, "overflow"));
        return;
    }
    spell(&spelt, value);
    struct jansson_value *ours = load(buf_span(&spelt), &again_error);
    assert(ours && jansson.equal(ours, theirs));
    jansson.delete(ours);
    jansson.delete(theirs);
}

static void check_refused(struct span text, const struct err *err)
{
    struct jansson_error error;

    assert(err->kind == ERR_MALFORMED || err->kind == ERR_LIMIT);
    assert(strstr(err->text, "line ") && strstr(err->text, ", column "));
    if (err->kind == ERR_LIMIT || memchr(text.len ? text.at : (const uint8_t *)"", 0, text.len))
        return; /* our choice; and the end of the text for Jansson */
    struct jansson_value *theirs = load(text, &error);
    assert(!theirs);
}

static void check_outline(const struct foreign *value, struct span text, struct arena *arena)
{
    static const char *const names[] = {"list", NULL};
    struct buf whole = buf_in(arena, SIZE_MAX), parts = buf_in(arena, SIZE_MAX);
    const struct foreign *listed = foreign_get(value, "list");
    struct foreign_reader r;
    struct foreign_list list;
    struct foreign head, element;
    struct err err = {0};
    bool more = true;

    bool ok = foreign_open(&r, text, &err) && foreign_outline(&head, &list, names, &r, arena, &err);
    assert(ok || err.kind == ERR_LIMIT);
    if (!ok)
        return;
    ok = foreign_end(&r, &err);
    assert(ok && head.object.count == value->object.count);
    assert(!!list.r.text.at == (listed && listed->type == FOREIGN_ARRAY));
    if (!list.r.text.at)
        return;
    spell(&whole, listed);
    buf_byte(&parts, '[');
    for (size_t i = 0; more; i++) {
        ok = foreign_element(&list, &element, &more, arena, &err);
        assert(ok);
        if (more) {
            buf_text(&parts, i ? "," : "");
            spell(&parts, &element);
        }
    }
    buf_byte(&parts, ']');
    assert(span_equal(buf_span(&whole), buf_span(&parts)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = span_make(data, size);
    struct arena arena = {0};
    struct err err = {0};
    struct foreign value;

    if (foreign_parse(&value, text, &arena, &err)) {
        int64_t ignored;

        check_accepted(&value, text, &arena);
        if (value.type == FOREIGN_OBJECT)
            check_outline(&value, text, &arena);
        if (value.type == FOREIGN_NUMBER && foreign_scaled(&ignored, value.text, 7, 1800000000))
            assert(ignored >= -1800000000 && ignored <= 1800000000);
    } else {
        check_refused(text, &err);
    }
    arena_free(&arena);
    return 0;
}
