#include "feed/mapping.h"

#include "codec/toml.h"
#include "feed/json_feed.h"

#include <stdarg.h>
#include <stdio.h>

const char *const origin_members[] = {"publisher", "licence", "group", "url", NULL};

void mapping_fail(struct mapping *mapping, const char *format, ...)
{
    char what[400];
    va_list args;

    if (mapping->fault.kind != ERR_NONE)
        return;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    err_set(&mapping->fault, ERR_MALFORMED, "%s: %s", mapping->file, what);
}

bool mapping_ok(const struct mapping *mapping, struct err *err)
{
    if (mapping->fault.kind != ERR_NONE)
        *err = mapping->fault;
    return mapping->fault.kind == ERR_NONE;
}

static void check_known(struct mapping *mapping, const struct json *table, const char *name,
                        const char *const *known)
{
    for (size_t i = 0; i < table->object.count; i++) {
        size_t k = 0;

        while (known[k] && !span_is(table->object.at[i].key, known[k]))
            k++;
        if (!known[k])
            mapping_fail(mapping, "%s%s%.*s is no member of such a file", name, name[0] ? "." : "",
                         SPAN_ARG(table->object.at[i].key));
    }
}

bool mapping_open(struct mapping *out, const char *file, struct span text, const char *const *known,
                  struct arena *arena, struct err *err)
{
    struct mapping mapping = {.file = file, .arena = arena};

    if (!toml_parse(&mapping.root, text, arena, err))
        return err_wrap(err, "%s", file);
    check_known(&mapping, &mapping.root, "", known);
    *out = mapping;
    return mapping_ok(&mapping, err);
}

const struct json *mapping_table(struct mapping *mapping, const char *name,
                                 const char *const *known)
{
    const struct json *table = json_get(&mapping->root, name);

    if (!table)
        return NULL;
    if (table->type != JSON_OBJECT) {
        mapping_fail(mapping, "%s must be a table", name);
        return NULL;
    }
    check_known(mapping, table, name, known);
    return table;
}

static const struct json *member(const struct mapping *mapping, const char *table, const char *name)
{
    const struct json *in = table[0] ? json_get(&mapping->root, table) : &mapping->root;

    return json_get(in, name);
}

struct span mapping_text(struct mapping *mapping, const char *table, const char *name, bool needed)
{
    const struct json *value = member(mapping, table, name);
    const char *dot = table[0] ? "." : "";

    if (value && value->type == JSON_STRING && value->string.len)
        return value->string;
    if (value)
        mapping_fail(mapping, "%s%s%s must be a text", table, dot, name);
    else if (needed)
        mapping_fail(mapping, "%s%s%s is missing", table, dot, name);
    return (struct span){0};
}

int64_t mapping_number(struct mapping *mapping, const char *table, const char *name,
                       int64_t otherwise, int64_t most)
{
    const struct json *value = member(mapping, table, name);

    if (!value)
        return otherwise;
    if (value->type == JSON_INTEGER && value->integer >= 0 && value->integer <= most)
        return value->integer;
    mapping_fail(mapping, "%s%s%s must be a whole number from 0 to %" PRId64, table,
                 table[0] ? "." : "", name, most);
    return otherwise;
}

struct origin mapping_origin(struct mapping *mapping)
{
    mapping_table(mapping, "origin", origin_members);
    return (struct origin){.publisher = mapping_text(mapping, "origin", "publisher", true),
                           .licence = mapping_text(mapping, "origin", "licence", true),
                           .group = mapping_text(mapping, "origin", "group", true),
                           .url = mapping_text(mapping, "origin", "url", false)};
}

struct span origin_text(const struct origin *origin, size_t limit, struct arena *arena)
{
    const char *text = arena_printf(arena, "%.*s. Licence: %.*s. One origin: %.*s. Not graded.",
                                    SPAN_ARG(origin->publisher), SPAN_ARG(origin->licence),
                                    SPAN_ARG(origin->group));

    return piece_fit(span_of(text), limit, arena);
}
