#include "register/apply.h"

#include <stdarg.h>
#include <stdio.h>

static struct apply_row *find(struct apply *a, const char *table, struct span key)
{
    for (size_t i = 0; i < a->row_count; i++)
        if (strcmp(a->row[i].table, table) == 0 && span_equal(a->row[i].key, key))
            return &a->row[i];
    return NULL;
}

static struct apply_row *add(struct apply *a, const char *table, struct span key)
{
    if (a->row_count == a->row_room) {
        size_t room = a->row_room ? 2 * a->row_room : 16;
        struct apply_row *row = ARENA_ARRAY(a->arena, struct apply_row, room);

        if (a->row_count)
            memcpy(row, a->row, a->row_count * sizeof *row);
        a->row = row;
        a->row_room = room;
    }
    struct apply_row *out = &a->row[a->row_count++];
    *out = (struct apply_row){.table = table, .key = arena_copy(a->arena, key)};
    return out;
}

/* Asks for each row once; what it was before decides at the end whether it changed. */
static struct apply_row *fetch(struct apply *a, const char *table, struct span key, struct err *err)
{
    struct apply_row *row = find(a, table, key);

    if (row)
        return row;
    const struct json *before = NULL;
    if (!a->lookup->get(a->lookup->context, table, key, &before, a->arena, err)) {
        err_wrap(err, "entry %" PRIu64, a->entry->index);
        return NULL;
    }
    row = add(a, table, key);
    row->before = row->after = before;
    return row;
}

bool apply_get(struct apply *a, const char *table, struct span key, const struct json **out,
               struct err *err)
{
    const struct apply_row *row = fetch(a, table, key, err);

    if (!row)
        return false;
    *out = row->after;
    return true;
}

/* Every member written is one that doc/rules.md lists. */
static bool declared(const char *table, const struct json *row)
{
    const struct register_table *t;
    size_t member = 0;

    for (size_t i = 0; (t = register_table_at(i)) && strcmp(t->name, table) != 0;)
        i++;
    if (!t)
        return false;
    for (size_t i = 0; t->members && i < row->object.count; i++, member++) {
        while (t->members[member] && !span_is(row->object.at[i].key, t->members[member]))
            member++;
        if (!t->members[member])
            return false;
    }
    return true;
}

bool apply_put(struct apply *a, const char *table, struct span key, const struct json *row,
               struct err *err)
{
    struct apply_row *place = fetch(a, table, key, err);

    assert(!row || declared(table, row));
    if (!place)
        return false;
    place->after = row;
    place->written = true;
    return true;
}

/* err_set cuts what is too long between two characters. */
PRINTF_LIKE(3, 0)
static void set_void(struct apply *a, enum reason reason, const char *format, va_list args)
{
    char text[2 * sizeof a->why.text];

    assert(reason != REASON_NONE && a->reason == REASON_NONE);
    a->reason = reason;
    vsnprintf(text, sizeof text, format, args);
    err_set(&a->why, ERR_REFUSED, "%s", text);
}

bool apply_void(struct apply *a, enum reason reason, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set_void(a, reason, format, args);
    va_end(args);
    return true;
}

bool apply_no_move(struct apply *a, struct err *err, const char *format, ...)
{
    const struct json *head;
    va_list args;

    if (!apply_get(a, "term", SPAN_LIT("agreement"), &head, err))
        return false;
    va_start(args, format);
    set_void(a, REASON_NO_MOVE, format, args);
    va_end(args);
    a->clause = apply_text(head, "no_move");
    return true;
}

bool apply_is_void(const struct apply *a)
{
    return a->reason != REASON_NONE;
}

bool apply_term(struct apply *a, const char *section, struct span id, const struct json **out,
                struct err *err)
{
    return apply_get(a, "term", apply_key(a, "%s/%.*s", section, SPAN_ARG(id)), out, err);
}

struct span apply_key(struct apply *a, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    assert(len > 0 && (size_t)len < sizeof text);
    return arena_copy(a->arena, span_make(text, (size_t)len));
}

struct json *apply_copy(struct apply *a, const struct json *row)
{
    struct json *copy = ARENA_NEW(a->arena, struct json);

    *copy = json_object();
    for (size_t i = 0; row && i < row->object.count; i++)
        json_set(copy, arena_text(a->arena, row->object.at[i].key), row->object.at[i].value,
                 a->arena);
    return copy;
}

struct json *apply_row_of_body(struct apply *a)
{
    struct json *row = apply_copy(a, NULL);

    for (size_t i = 0; i < a->kind->count; i++) {
        const struct json *value = json_get(a->body, a->kind->fields[i].name);

        if (value)
            json_set(row, a->kind->fields[i].name, *value, a->arena);
    }
    return row;
}
