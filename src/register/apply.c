#include "register/apply.h"

#include <stdarg.h>
#include <stdio.h>

static struct apply_row *find(struct apply *a, const char *table, struct span key)
{
    for (size_t i = 0; i < a->row_count; i++)
        if (span_equal(a->row[i].key, key) && strcmp(a->row[i].table, table) == 0)
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

struct span apply_org(const struct apply *a)
{
    return json_get_text(a->signer, "org");
}

bool apply_is_own(const struct apply *a, const struct json *row, const char *member)
{
    return span_equal(json_get_text(row, member), apply_org(a));
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

    if (!apply_head(a, &head, err))
        return false;
    va_start(args, format);
    set_void(a, REASON_NO_MOVE, format, args);
    va_end(args);
    a->clause = json_get_text(head, "no_move");
    return true;
}

bool apply_is_void(const struct apply *a)
{
    return a->reason != REASON_NONE;
}

static bool version_in_force(struct apply *a, int64_t *out, struct err *err)
{
    const struct json *clock;

    *out = 1;
    if (register_versions(a->agreement) == 1)
        return true;
    if (!apply_get(a, "clock", SPAN_LIT("clock"), &clock, err))
        return false;
    *out = register_version_at(a->agreement, json_get_integer(clock, "now_ms", 0));
    return true;
}

bool apply_version(struct apply *a, int64_t *out, struct err *err)
{
    *out = a->modalities;
    return *out || version_in_force(a, out, err);
}

static bool get_term(struct apply *a, struct span item, const struct json **out, struct err *err)
{
    int64_t version;

    return apply_version(a, &version, err) &&
           apply_get(a, "term", register_term_key(item, version, a->arena), out, err);
}

bool apply_in_force(struct apply *a, const char *section, struct span id, const struct json **out,
                    struct err *err)
{
    int64_t version;

    if (!version_in_force(a, &version, err))
        return false;
    struct span item = apply_join(a, span_of(section), '/', id);
    return apply_get(a, "term", register_term_key(item, version, a->arena), out, err);
}

bool apply_head(struct apply *a, const struct json **out, struct err *err)
{
    return get_term(a, SPAN_LIT("agreement"), out, err);
}

bool apply_term(struct apply *a, const char *section, struct span id, const struct json **out,
                struct err *err)
{
    return get_term(a, apply_join(a, span_of(section), '/', id), out, err);
}

struct span apply_join(struct apply *a, struct span left, char mark, struct span right)
{
    uint8_t *at = arena_alloc(a->arena, left.len + 1 + right.len);

    assert(left.len > 0 && right.len > 0);
    memcpy(at, left.at, left.len);
    at[left.len] = (uint8_t)mark;
    memcpy(at + left.len + 1, right.at, right.len);
    return span_make(at, left.len + 1 + right.len);
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

/* Room for the members that a step will set. */
#define MORE_MEMBERS 6u

struct json *apply_copy(struct apply *a, const struct json *row)
{
    struct json *copy = ARENA_NEW(a->arena, struct json);
    uint32_t count = row ? row->object.count : 0;

    *copy = json_object();
    copy->object.at = ARENA_ARRAY(a->arena, struct json_member, count + MORE_MEMBERS);
    if (count)
        memcpy(copy->object.at, row->object.at, count * sizeof *copy->object.at);
    copy->object.count = count;
    copy->object.room = count + MORE_MEMBERS;
    return copy;
}

struct json *apply_copy_without(struct apply *a, const struct json *row, const char *member)
{
    struct json *copy = apply_copy(a, row);
    uint32_t kept = 0;

    for (uint32_t i = 0; i < copy->object.count; i++)
        if (!span_is(copy->object.at[i].key, member))
            copy->object.at[kept++] = copy->object.at[i];
    copy->object.count = kept;
    return copy;
}

struct json *apply_row_of_body(struct apply *a)
{
    return apply_copy_without(a, a->body, "parts");
}
