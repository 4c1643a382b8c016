#include "api/form_lists.h"

#include "base/calendar.h"
#include "forms/words.h"

#include <stdlib.h>

#define PAGE 1000u
#define MOST 200u /* on a telephone, nobody looks through more */
#define DAY_TEXT 10u
#define ID_SHOWN 8u

struct request {
    struct json row;
    struct span id;
    int64_t index;
};

/* The newest MOST, in the order of the log, and what came too much. */
struct requests {
    struct request *at;
    size_t count;
};

static int by_index(const void *a, const void *b)
{
    const struct request *x = a, *y = b;

    return (x->index > y->index) - (x->index < y->index);
}

static void keep_newest(struct requests *list)
{
    qsort(list->at, list->count, sizeof *list->at, by_index);
    if (list->count > MOST) {
        memmove(list->at, list->at + list->count - MOST, MOST * sizeof *list->at);
        list->count = MOST;
    }
}

static bool take_row(struct requests *list, const struct store_row *row, struct span org,
                     struct arena *arena, struct err *err)
{
    struct json value;

    if (!json_parse_canonical(&value, row->row, arena, err))
        return false;
    if (span_is(json_get_text(&value, "state"), "visited") ||
        !span_equal(json_get_text(&value, "org"), org))
        return true;
    if (list->count == MOST + PAGE)
        keep_newest(list);
    list->at[list->count++] =
        (struct request){value, row->key, json_get_integer(&value, "index", 0)};
    return true;
}

static bool read_requests(struct requests *list, struct store_reader *reader, uint64_t as_of,
                          struct span org, struct arena *arena, struct err *err)
{
    struct span after = {0};
    size_t count = PAGE;

    list->at = ARENA_ARRAY(arena, struct request, MOST + PAGE);
    while (count == PAGE) {
        struct store_row *row;

        if (!store_scan(reader, "access", (struct span){0}, after, as_of, PAGE, &row, &count, arena,
                        err))
            return false;
        for (size_t i = 0; i < count; i++)
            if (!take_row(list, &row[i], org, arena, err))
                return false;
        if (count > 0)
            after = row[count - 1].key;
    }
    keep_newest(list);
    return true;
}

/* --- what they are called --- */

static struct span name_in(const struct json *terms, const char *section, struct span id,
                           const struct words_language *language)
{
    const struct json *items = json_get(terms, section);

    for (uint32_t i = 0; items && items->type == JSON_ARRAY && i < items->array.count; i++)
        if (span_equal(json_get_text(&items->array.at[i], "id"), id))
            return words_of_item(&items->array.at[i], language);
    return id;
}

/* "Ministry of Defence · Khost · 2026-11-20 · 3f2a91bc" */
static struct span label_in(const struct request *request, const struct json *terms,
                            struct span language, struct arena *arena)
{
    const struct words_language in = {.id = language};
    const struct json *at = json_get(&request->row, "at");
    struct buf out = buf_in(arena, SIZE_MAX);
    char time[CALENDAR_TEXT];

    buf_put(&out, name_in(terms, "organisation", json_get_text(&request->row, "host"), &in));
    buf_text(&out, " · ");
    buf_put(&out, name_in(terms, "sector", json_get_text(&request->row, "sector"), &in));
    if (at) {
        calendar_format(time, json_get_integer(at, "at_ms", 0),
                        (int)json_get_integer(at, "offset_min", 0));
        buf_text(&out, " · ");
        buf_put(&out, span_slice(span_of(time), 0, DAY_TEXT));
    }
    buf_text(&out, " · ");
    buf_put(&out, span_slice(request->id, 0, ID_SHOWN));
    return buf_span(&out);
}

static struct json item_of(const struct request *request, const struct json *terms,
                           struct arena *arena)
{
    const struct json *languages = json_get(terms, "language");
    struct json item = json_object(), label = json_object();

    json_set_string(&label, "en", label_in(request, terms, SPAN_LIT("en"), arena), arena);
    for (uint32_t i = 0; languages && i < languages->array.count; i++) {
        struct span id = json_get_text(&languages->array.at[i], "id");
        json_set_string(&label, arena_text(arena, id), label_in(request, terms, id, arena), arena);
    }
    json_set_string(&item, "id", request->id, arena);
    json_set(&item, "label", label, arena);
    return item;
}

bool form_lists_add(struct json *out, const struct json *terms, struct store_reader *reader,
                    uint64_t as_of, struct span org, struct arena *arena, struct err *err)
{
    struct json with = json_object(), items = json_array();
    struct requests list = {0};

    if (!read_requests(&list, reader, as_of, org, arena, err))
        return false;
    for (uint32_t i = 0; i < terms->object.count; i++)
        json_set(&with, arena_text(arena, terms->object.at[i].key), terms->object.at[i].value,
                 arena);
    for (size_t i = list.count; i-- > 0;) /* the newest first */
        json_push(&items, item_of(&list.at[i], terms, arena), arena);
    json_set(&with, FORM_LISTS_KIND, items, arena);
    *out = with;
    return true;
}
