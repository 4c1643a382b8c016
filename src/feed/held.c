#include "feed/held.h"

#include "record/kind.h"
#include "register/register.h"

#include <stdio.h>
#include <unistd.h>

static const char *table_of(const char *kind)
{
    const char *table = register_item_table(span_of(kind));

    assert(table); /* feeds make no other kinds */
    return table;
}

void holdings_close(struct holdings *holdings)
{
    log_reader_close(holdings->log);
    holdings->log = NULL;
}

/* --- rows --- */

static bool get_row(struct holdings *holdings, const char *table, struct span key, struct json *out,
                    bool *out_there, struct arena *arena, struct err *err)
{
    struct span bytes;

    if (!store_get(node_reader(holdings->node), table, key, STORE_LATEST, &bytes, NULL, arena, err))
        return false;
    *out_there = bytes.at != NULL;
    return !*out_there || json_parse_canonical(out, bytes, arena, err) ||
           err_wrap(err, "%s %.*s", table, SPAN_ARG(key));
}

static enum held_state state_of(const struct json *row)
{
    struct span state = json_get_text(row, "state");

    if (span_is(state, "superseded"))
        return HELD_SUPERSEDED;
    return span_is(state, "withdrawn") ? HELD_WITHDRAWN : HELD_LIVE;
}

bool held_find(struct held *out, struct holdings *holdings, const char *kind,
               struct span external_id, struct arena *arena, struct err *err)
{
    const char *key =
        arena_printf(arena, "%s %s %.*s", kind, holdings->signer, SPAN_ARG(external_id));
    struct json external;
    struct held held = {0};
    bool there;

    if (!get_row(holdings, "external", span_of(key), &external, &there, arena, err))
        return false;
    if (!there) {
        *out = held;
        return true;
    }
    struct span id = json_get_text(&external, "id");
    snprintf(held.id, sizeof held.id, "%.*s", SPAN_ARG(id));
    if (!get_row(holdings, table_of(kind), id, &held.row, &there, arena, err))
        return false;
    if (!there)
        return err_set(err, ERR_CONFLICT,
                       "record %.*s has no row: sulh replay makes the store anew", SPAN_ARG(id));
    held.state = state_of(&held.row);
    *out = held;
    return true;
}

/* --- entries --- */

#define PUBLISH_TRIES 500u /* for 20 ms each: whoever holds the node publishes every 100 ms */
#define PUBLISH_WAIT_US 20000u

static bool published_size(struct holdings *holdings, uint64_t *out, struct arena *arena,
                           struct err *err)
{
    struct checkpoint checkpoint;
    struct span note;

    if (!node_checkpoint(holdings->node, &checkpoint, &note, arena, err))
        return false;
    *out = checkpoint.size;
    return true;
}

static bool await_entry(struct holdings *holdings, uint64_t index, struct arena *arena,
                        struct err *err)
{
    uint64_t size;

    if (!holdings->log && !log_reader_open(&holdings->log, node_disk(holdings->node), 0, err))
        return false;
    for (unsigned i = 0; i < PUBLISH_TRIES && log_reader_size(holdings->log) <= index; i++) {
        if (i > 0)
            usleep(PUBLISH_WAIT_US);
        if (!published_size(holdings, &size, arena, err))
            return false;
        if (size > log_reader_size(holdings->log))
            log_reader_resize(holdings->log, size);
    }
    return log_reader_size(holdings->log) > index ||
           err_set(err, ERR_IO, "entry %" PRIu64 " is promised and not published", index);
}

bool held_read_public(struct held *held, struct holdings *holdings, struct arena *arena,
                      struct err *err)
{
    int64_t index = json_get_integer(&held->row, "index", -1);
    struct record record;
    struct span entry;

    assert(held->state != HELD_NOT && index >= 0);
    return await_entry(holdings, (uint64_t)index, arena, err) &&
           log_reader_entry(holdings->log, (uint64_t)index, &entry, err) &&
           record_parse(&record, arena_copy(arena, entry), arena, err) &&
           node_public(node_parts(holdings->node), &record, &held->public_part, &held->part_here,
                       arena, err);
}

/* --- content --- */

bool held_says(const struct held *held, const char *kind, const struct json *entry,
               const struct json *public_part)
{
    const struct kind *known = kind_find(span_of(kind), 1);

    assert(known);
    for (size_t i = 0; i < known->count; i++) {
        const struct field *field = &known->fields[i];

        if (field->tier || strcmp(field->name, "supersedes") == 0)
            continue;
        if (!json_equal(json_get(&held->row, field->name), json_get(entry, field->name)))
            return false;
    }
    return !held->part_here || json_equal(&held->public_part, public_part);
}

bool held_superseded(struct span *out, struct holdings *holdings, const struct held *held,
                     const char *kind, struct arena *arena, struct err *err)
{
    struct span external_id = json_get_text(&held->row, "external_id");
    struct json row = held->row;
    bool there;

    *out = (struct span){0};
    for (;;) {
        struct span before = json_get_text(&row, "supersedes");

        if (before.len == 0)
            return true;
        if (!get_row(holdings, table_of(kind), before, &row, &there, arena, err))
            return false;
        if (!there)
            return err_set(err, ERR_CONFLICT,
                           "record %.*s has no row: sulh replay makes the store anew",
                           SPAN_ARG(before));
        *out = json_get_text(&row, "external_id");
        if (!span_equal(*out, external_id))
            return true;
        *out = (struct span){0};
    }
}
