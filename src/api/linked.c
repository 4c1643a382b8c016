#include "api/linked.h"

#include "api/each_row.h"
#include "register/register.h"

#include <stdlib.h>

struct reading {
    struct api_call *call;
    struct linked_list *list;
    size_t room;
};

static bool read_one(void *context, struct span key, const struct json *link, struct err *err)
{
    struct reading *reading = context;
    struct api_call *call = reading->call;
    struct linked_list *list = reading->list;
    struct span record = key, incident;
    bool cut = span_cut(&record, ' ', &incident);
    struct linked out = {
        .id = record,
        .kind = json_get_text(link, "record_kind"),
        .linked = span_is(json_get_text(link, "state"), "linked"),
        .link = link,
    };

    assert(cut);
    const char *table = register_item_table(out.kind);
    if (table && !api_row(call, table, record, &out.row, err))
        return false;
    if (!out.row)
        return err_set(err, ERR_CONFLICT, "record %.*s is linked and not there", SPAN_ARG(record));
    out.index = (uint64_t)json_get_integer(out.row, "index", 0);
    list->at = each_row_grow(list->at, sizeof *list->at, list->count, &reading->room, call->arena);
    list->at[list->count++] = out;
    return true;
}

static int by_index(const void *a, const void *b)
{
    uint64_t left = ((const struct linked *)a)->index, right = ((const struct linked *)b)->index;

    return left < right ? -1 : left > right;
}

bool linked_read(struct api_call *call, struct span incident, struct linked_list *out,
                 struct err *err)
{
    struct span prefix = span_of(arena_printf(call->arena, "%.*s ", SPAN_ARG(incident)));
    struct reading reading = {.call = call, .list = out};

    *out = (struct linked_list){0};
    if (!each_row(call->reader, "link", prefix, call->as_of, read_one, &reading, call->arena, err))
        return false;
    if (out->count)
        qsort(out->at, out->count, sizeof *out->at, by_index);
    return true;
}

bool linked_is(const struct linked *item, const char *kind)
{
    return span_is(item->kind, kind);
}

bool linked_is_live(const struct linked *item)
{
    return item->linked && span_is(json_get_text(item->row, "state"), "live");
}

static int by_bytes(const void *a, const void *b)
{
    return span_compare(*(const struct span *)a, *(const struct span *)b);
}

/* Each text once, in order. Sorts `text`. */
static struct json texts_once(struct span *text, size_t count, struct arena *arena)
{
    struct json out = json_array();

    if (count)
        qsort(text, count, sizeof *text, by_bytes);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || !span_equal(text[i], text[i - 1]))
            json_push(&out, json_string(text[i]), arena);
    return out;
}

/* --- claims -------------------------------------------------------------- */

struct said { /* a live claim */
    struct span matter, subject, side;
    const struct json *min, *max, *best; /* NULL: not said */
};

struct stretch { /* of claims that are sorted */
    const struct said *at;
    size_t count;
};

static bool has_figure(const struct said *said)
{
    return said->min || said->max || said->best;
}

static bool same_figure(const struct said *a, const struct said *b)
{
    return json_equal(a->min, b->min) && json_equal(a->max, b->max) && json_equal(a->best, b->best);
}

/* By matter; then those with a figure first, by subject. */
static int by_topic(const void *left, const void *right)
{
    const struct said *a = left, *b = right;
    int order = span_compare(a->matter, b->matter);

    if (order == 0)
        order = has_figure(b) - has_figure(a);
    return order ? order : span_compare(a->subject, b->subject);
}

static struct stretch live_claims(const struct linked_list *list, struct arena *arena)
{
    struct said *said = ARENA_ARRAY(arena, struct said, list->count);
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++) {
        const struct json *row = list->at[i].row;

        if (linked_is(&list->at[i], "claim") && linked_is_live(&list->at[i]))
            said[count++] =
                (struct said){json_get_text(row, "matter"), json_get_text(row, "subject"),
                              json_get_text(row, "side"),   json_get(row, "min"),
                              json_get(row, "max"),         json_get(row, "best")};
    }
    if (count)
        qsort(said, count, sizeof *said, by_topic);
    return (struct stretch){said, count};
}

static struct json sides_of(struct stretch claims, struct arena *arena)
{
    struct span *side = ARENA_ARRAY(arena, struct span, claims.count);

    for (size_t i = 0; i < claims.count; i++)
        side[i] = claims.at[i].side;
    return texts_once(side, claims.count, arena);
}

struct json linked_sides(const struct linked_list *list, struct arena *arena)
{
    return sides_of(live_claims(list, arena), arena);
}

/* Cuts the claims that are of one topic with the first off the front. */
static struct stretch cut(struct stretch *rest,
                          bool (*same)(const struct said *a, const struct said *b))
{
    struct stretch out = {rest->at, 1};

    while (out.count < rest->count && same(&rest->at[0], &rest->at[out.count]))
        out.count++;
    rest->at += out.count;
    rest->count -= out.count;
    return out;
}

static bool same_matter(const struct said *a, const struct said *b)
{
    return span_equal(a->matter, b->matter);
}

static bool same_subject(const struct said *a, const struct said *b)
{
    return has_figure(a) == has_figure(b) && span_equal(a->subject, b->subject);
}

/* Two sides, and not all the same: then two of them, of two sides, differ. For if two
 * claims of one side differ, a claim of another side differs from one of them. */
static void put_if_contested(struct json *out, struct stretch claims, struct span subject,
                             bool (*same)(const struct said *a, const struct said *b),
                             struct arena *arena)
{
    struct json one = json_object(), sides = sides_of(claims, arena);
    struct stretch rest = claims;

    if (sides.array.count < 2 || cut(&rest, same).count == claims.count)
        return;
    json_set_string(&one, "matter", claims.at[0].matter, arena);
    json_set_string(&one, "subject", subject, arena);
    json_set(&one, "sides", sides, arena);
    json_push(out, one, arena);
}

struct json linked_contested(const struct linked_list *list, struct arena *arena)
{
    struct stretch rest = live_claims(list, arena);
    struct json out = json_array();

    while (rest.count) {
        struct stretch matter = cut(&rest, same_matter);

        if (!has_figure(&matter.at[0]))
            put_if_contested(&out, matter, (struct span){0}, same_subject, arena);
        while (matter.count && has_figure(&matter.at[0])) {
            struct stretch subject = cut(&matter, same_subject);
            put_if_contested(&out, subject, subject.at[0].subject, same_figure, arena);
        }
    }
    return out;
}
