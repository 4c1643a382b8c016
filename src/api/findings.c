/* A finding, with what it lacks of each of the agreement's standards of proof. */

#include "api/call.h"

#include "register/standard.h"

#define STANDARDS 100u /* an agreement has a handful */

static bool get_row(void *context, const char *table, struct span key, const struct json **out,
                    struct arena *arena, struct err *err)
{
    (void)arena;
    return api_row(context, table, key, out, err);
}

/* No standard asks for a root of the log. */
static bool no_root(void *context, uint64_t size, struct hash *out, struct err *err)
{
    (void)context;
    (void)out;
    return err_set(err, ERR_MISSING, "no root of %" PRIu64 " entries here", size);
}

static void put_gaps(struct api_call *call, struct json *out, const struct standard *standard)
{
    struct json lacks = json_array();

    for (size_t i = 0; i < standard->gap_count; i++) {
        const struct standard_gap *gap = &standard->gap[i];
        struct json one = json_object();

        json_set(&one, "what", json_text(gap->what), call->arena);
        if (gap->about.len)
            json_set_string(&one, "about", gap->about, call->arena);
        if (gap->needs) {
            json_set_integer(&one, "has", gap->has, call->arena);
            json_set_integer(&one, "needs", gap->needs, call->arena);
        }
        json_push(&lacks, one, call->arena);
    }
    json_set(out, "lacks", lacks, call->arena);
    if (standard->gap_count)
        json_set_string(out, "sentence", standard_sentence(standard, call->arena), call->arena);
}

static void put_items(struct api_call *call, struct json *out, const struct standard *standard)
{
    struct json items = json_array();

    for (size_t i = 0; i < standard->item_count; i++) {
        const struct standard_item *item = &standard->item[i];
        struct json one = json_object();

        json_set_string(&one, "id", item->id, call->arena);
        if (item->why_not) {
            json_set(&one, "why_not", json_text(item->why_not), call->arena);
        } else {
            json_set_string(&one, "origin", item->origin, call->arena);
            json_set_integer(&one, "neutral", item->neutral, call->arena);
            json_set_integer(&one, "physical", item->physical, call->arena);
        }
        json_push(&items, one, call->arena);
    }
    json_set(out, "items", items, call->arena);
}

/* What the finding lacks of this standard. Which records count is the same for each. */
static bool put_standard(struct api_call *call, struct json *out, struct json *list,
                         const struct json *finding, struct span id, struct err *err)
{
    const struct register_lookup lookup = {.context = call, .get = get_row, .root = no_root};
    struct json asked = json_object(), one = json_object();
    struct standard standard;

    for (uint32_t i = 0; i < finding->object.count; i++)
        json_set(&asked, arena_text(call->arena, finding->object.at[i].key),
                 finding->object.at[i].value, call->arena);
    json_set_string(&asked, "standard", id, call->arena);
    if (!standard_missing(&standard, &lookup, &asked, call->arena, err))
        return false;
    json_set_string(&one, "id", id, call->arena);
    put_gaps(call, &one, &standard);
    json_push(list, one, call->arena);
    put_items(call, out, &standard);
    return true;
}

/* Those of the version that its case is judged by. */
static bool put_standards(struct api_call *call, struct json *out, const struct json *finding,
                          struct err *err)
{
    const struct span prefix = SPAN_LIT("standard/");
    struct span of_case = json_get_string(finding, "case", (struct span){0});
    struct json list = json_array();
    const struct json *row;
    struct store_row *rows;
    size_t count;

    if (!api_row(call, "case", of_case, &row, err) ||
        !store_scan(call->reader, "term", prefix, (struct span){0}, call->as_of, STANDARDS, &rows,
                    &count, call->arena, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct span item;

        if (!register_term_item(&item, rows[i].key, json_get_integer(row, "modalities", 1)))
            continue;
        item = span_slice(item, prefix.len, item.len - prefix.len);
        if (!put_standard(call, out, &list, finding, item, err))
            return false;
    }
    json_set(out, "standards", list, call->arena);
    return true;
}

bool finding_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object();
    const struct json *row;

    if (!api_row(call, "finding", call->in_path.text, &row, err))
        return false;
    if (!row)
        return err_set(err, ERR_MISSING, "no finding %.*s was drafted as of entry %" PRIu64,
                       SPAN_ARG(call->in_path.text), call->as_of);
    json_set(&out, "finding", *row, call->arena);
    return put_standards(call, &out, row, err) && api_answer_json(call, &out);
}
