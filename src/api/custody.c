/* One part followed from whoever brought it to what was ruled on it: every entry that has to do
 * with it, in the order of the log, and the rows of the register as they stand. A view, as of one
 * entry. Of a grade it says who gave one: what it is stands in a part that has readers of its own.
 */

#include "api/call.h"
#include "api/each_row.h"

#include <stdlib.h>

struct step {
    uint64_t index;
    const char *of; /* the table by which it was found */
};

struct chain {
    struct api_call *call;
    struct span record; /* that brought it, or committed to it */
    struct json *rows;  /* of the table that is gone through now */
    struct json findings, rulings;
    struct step *at;
    size_t count, room;
};

static void add(struct chain *chain, uint64_t index, const char *of)
{
    if (index > chain->call->as_of)
        return;
    chain->at =
        each_row_grow(chain->at, sizeof *chain->at, chain->count, &chain->room, chain->call->arena);
    chain->at[chain->count++] = (struct step){index, of};
}

/* Every entry that has changed the row. */
static bool add_history(struct chain *chain, const char *table, struct span key, struct err *err)
{
    struct store_row *rows;
    size_t count;

    if (!store_history(chain->call->reader, table, key, &rows, &count, chain->call->arena, err))
        return false;
    for (size_t i = 0; i < count; i++)
        add(chain, rows[i].at, table);
    return true;
}

static void push_row(struct chain *chain, struct json *list, struct span key,
                     const struct json *row)
{
    struct json one = json_object();

    json_set_string(&one, "id", key, chain->call->arena);
    json_set(&one, "row", *row, chain->call->arena);
    json_push(list, one, chain->call->arena);
}

/* --- rows that name the record --- */

static bool of_record(const struct chain *chain, const struct json *row)
{
    return span_equal(json_get_text(row, "record"), chain->record);
}

static bool see_item(void *context, struct span key, const struct json *row, struct err *err)
{
    struct chain *chain = context;

    if (!of_record(chain, row) && !span_equal(key, chain->record))
        return true;
    push_row(chain, chain->rows, key, row);
    return add_history(chain, "item", key, err);
}

static bool see_release(void *context, struct span key, const struct json *row, struct err *err)
{
    struct chain *chain = context;

    if (!of_record(chain, row))
        return true;
    push_row(chain, chain->rows, key, row);
    return add_history(chain, "release", key, err);
}

static bool see_grading(void *context, struct span key, const struct json *row, struct err *err)
{
    struct chain *chain = context;

    if (!of_record(chain, row))
        return true;
    push_row(chain, chain->rows, key, row);
    return add_history(chain, "grading", key, err);
}

/* --- findings that rest on it, and rulings on those --- */

static bool rests_on(const struct json *finding, struct span record)
{
    const struct json *answers = json_get(finding, "answers");

    if (json_lists(json_get(finding, "items"), record))
        return true;
    for (size_t i = 0; answers && i < answers->array.count; i++)
        if (json_lists(json_get(&answers->array.at[i], "items"), record))
            return true;
    return false;
}

static bool see_finding(void *context, struct span key, const struct json *row, struct err *err)
{
    struct chain *chain = context;

    if (!rests_on(row, chain->record))
        return true;
    push_row(chain, &chain->findings, key, row);
    return add_history(chain, "finding", key, err);
}

static bool see_ruling(void *context, struct span key, const struct json *row, struct err *err)
{
    struct chain *chain = context;

    for (size_t i = 0; i < chain->findings.array.count; i++)
        if (json_lists(json_get(row, "findings"),
                       json_get_text(&chain->findings.array.at[i], "id"))) {
            push_row(chain, &chain->rulings, key, row);
            return add_history(chain, "ruling", key, err);
        }
    return true;
}

/* Of one organisation: what it says that it has left of it. */
static bool see_erased(void *context, struct span key, const struct json *row, struct err *err)
{
    struct chain *chain = context;

    push_row(chain, chain->rows, json_get_text(row, "org"), row);
    return add_history(chain, "erased", key, err);
}

/* --- the answer --- */

/* The row of this key, and what made it so. */
static bool put_row(struct chain *chain, const char *table, struct span key, struct json *out,
                    const struct json **row, struct err *err)
{
    if (!api_row(chain->call, table, key, row, err))
        return false;
    if (!*row)
        return true;
    json_set(out, table, **row, chain->call->arena);
    return add_history(chain, table, key, err);
}

static bool put_list(struct chain *chain, const char *name, const char *table, struct span prefix,
                     each_row_see *see, struct json *out, struct err *err)
{
    struct json rows = json_array();

    chain->rows = &rows;
    if (!each_row(chain->call->reader, table, prefix, chain->call->as_of, see, chain,
                  chain->call->arena, err))
        return false;
    json_set(out, name, rows, chain->call->arena);
    return true;
}

/* By the key as it is in the register; and on whose behalf, where a gateway signed. */
static bool put_who(struct api_call *call, const struct record *record, struct json *out,
                    struct err *err)
{
    const struct json *key;
    struct json fields = json_object();

    if (!api_row(call, "key", record->by, &key, err))
        return false;
    json_set_string(out, "by", record->by, call->arena);
    if (key)
        json_set_string(out, "org", json_get_text(key, "org"), call->arena);
    for (uint32_t i = 0; record->body->type == JSON_OBJECT && i < record->body->object.count; i++) {
        const struct json_member *member = &record->body->object.at[i];

        if (!span_is(member->key, "parts"))
            json_set(&fields, arena_text(call->arena, member->key), member->value, call->arena);
    }
    json_set(out, "fields", fields, call->arena);
    return true;
}

static bool put_step(struct chain *chain, const struct step *step, struct json *list,
                     struct err *err)
{
    struct api_call *call = chain->call;
    struct json one = json_object();
    struct record record;
    struct span bytes;

    json_set_integer(&one, "index", (int64_t)step->index, call->arena);
    json_set(&one, "of", json_text(step->of), call->arena);
    if (!api_entry(call, step->index, &bytes, err) ||
        !record_parse(&record, bytes, call->arena, err))
        return false;
    json_set_string(&one, "id", span_of(arena_text(call->arena, span_of(record.id_text))),
                    call->arena);
    json_set_string(&one, "kind", record.kind, call->arena);
    if (!put_who(call, &record, &one, err) || !api_put_recorded(call, step->index, &one, err))
        return false;
    json_push(list, one, call->arena);
    return true;
}

static int by_index(const void *a, const void *b)
{
    const struct step *x = a, *y = b;

    return (x->index > y->index) - (x->index < y->index);
}

/* In the order of the log, each entry once. */
static bool put_steps(struct chain *chain, struct json *out, struct err *err)
{
    struct json list = json_array();

    if (chain->count > 0)
        qsort(chain->at, chain->count, sizeof *chain->at, by_index);
    for (size_t i = 0; i < chain->count; i++)
        if ((i == 0 || chain->at[i].index != chain->at[i - 1].index) &&
            !put_step(chain, &chain->at[i], &list, err))
            return false;
    json_set(out, "steps", list, chain->call->arena);
    return true;
}

static bool put_part(struct chain *chain, struct json *out, struct err *err)
{
    struct api_call *call = chain->call;
    const struct json *part, *committed, *unused;
    struct span id = call->in_path.text;

    if (!put_row(chain, "part", id, out, &part, err) ||
        !put_row(chain, "committed", id, out, &committed, err) ||
        !put_row(chain, "opening", id, out, &unused, err) ||
        !put_row(chain, "erasure", id, out, &unused, err))
        return false;
    if (!part && !committed)
        return err_set(err, ERR_MISSING, "no record names a part %.*s", SPAN_ARG(id));
    chain->record = json_get_text(part ? part : committed, "record");
    json_set_string(out, "record", chain->record, call->arena);
    return true;
}

static bool put_lists(struct chain *chain, struct json *out, struct err *err)
{
    struct arena *arena = chain->call->arena;
    struct span of_part =
        span_of(arena_printf(arena, "%.*s ", SPAN_ARG(chain->call->in_path.text)));
    const struct json *assessment;

    if (!put_list(chain, "erased", "erased", of_part, see_erased, out, err) ||
        !put_list(chain, "items", "item", (struct span){0}, see_item, out, err) ||
        !put_list(chain, "releases", "release", (struct span){0}, see_release, out, err) ||
        !put_list(chain, "gradings", "grading", (struct span){0}, see_grading, out, err) ||
        !put_row(chain, "assessment", chain->record, out, &assessment, err))
        return false;
    if (!each_row(chain->call->reader, "finding", (struct span){0}, chain->call->as_of, see_finding,
                  chain, arena, err) ||
        !each_row(chain->call->reader, "ruling", (struct span){0}, chain->call->as_of, see_ruling,
                  chain, arena, err))
        return false;
    json_set(out, "findings", chain->findings, arena);
    json_set(out, "rulings", chain->rulings, arena);
    return true;
}

bool custody_answer(struct api_call *call, struct err *err)
{
    struct chain chain = {.call = call, .findings = json_array(), .rulings = json_array()};
    struct json out = json_object();

    json_set_string(&out, "commitment", call->in_path.text, call->arena);
    return put_part(&chain, &out, err) && put_lists(&chain, &out, err) &&
           put_steps(&chain, &out, err) && api_answer_json(call, &out);
}
