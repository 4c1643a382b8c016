#include "forms/flash_inside.h"

#define PLACES 8u

struct where {
    struct reading *r;
    size_t place[PLACES]; /* items that name crossings and sectors */
    size_t places;
    struct piece distance[PLACES];
    size_t distances;
    struct buf name; /* the place as stated */
};

static bool is(struct reading *r, size_t i, enum flash_meaning meaning)
{
    return i < r->count && !r->item[i].used && means(&r->item[i], meaning);
}

/* --- distance and direction --- */

static size_t over_fill(struct reading *r, size_t i)
{
    while (i < r->count && means(&r->item[i], FLASH_FILL))
        i++;
    return i;
}

static size_t take_distance(struct where *w, size_t i)
{
    struct reading *r = w->r;
    size_t first = i, last = i + 1, next = over_fill(r, last + 1);

    r->item[i].used = r->item[i + 1].used = true;
    if (is(r, next, FLASH_DIRECTION))
        last = next;
    else if (i > 0 && is(r, i - 1, FLASH_DIRECTION))
        first = i - 1;
    for (size_t n = first; n <= last; n++)
        r->item[n].used = true;
    if (w->distances < PLACES)
        w->distance[w->distances++] = (struct piece){r->item[first].from, r->item[last].to};
    return last;
}

static void find_distances(struct where *w)
{
    struct reading *r = w->r;

    for (size_t i = 0; i + 1 < r->count; i++) {
        const struct item *item = &r->item[i];

        if (item->type == ITEM_NUMBER && !item->used &&
            (is(r, i + 1, FLASH_UNIT) || is(r, i + 1, FLASH_DEGREES)))
            i = take_distance(w, i);
    }
}

/* A direction alone says something only in full: "E" by itself may be anything. */
static void find_directions(struct where *w)
{
    struct reading *r = w->r;

    for (size_t i = 0; i < r->count; i++) {
        struct item *item = &r->item[i];

        if (!is(r, i, FLASH_DIRECTION) || item->token->key.len < 3)
            continue;
        item->used = true;
        if (w->distances < PLACES)
            w->distance[w->distances++] = (struct piece){item->from, item->to};
    }
}

/* --- crossings and sectors --- */

static bool same_place(const struct item *a, const struct item *b)
{
    return a->entries == 1 && b->entries == 1 && a->entry->meaning == b->entry->meaning &&
           span_equal(a->entry->id, b->entry->id);
}

static void find_places(struct where *w)
{
    struct reading *r = w->r;

    for (size_t i = 0; i < r->count; i++) {
        struct item *item = &r->item[i];
        bool again = false;

        if (!is(r, i, FLASH_CROSSING) && !is(r, i, FLASH_SECTOR))
            continue;
        item->used = true;
        reading_understood(r, "place", item->from, item->to);
        for (size_t n = 0; n < w->places; n++)
            again = again || same_place(item, &r->item[w->place[n]]);
        if (!again && w->places < PLACES)
            w->place[w->places++] = i;
    }
}

/* Places of one name that lie in one sector, as a crossing and its town: the sector is certain. */
static bool one_sector(const struct item *item)
{
    for (size_t i = 0; i < item->entries; i++)
        if (!item->entry[i].sector.len || !span_equal(item->entry[i].sector, item->entry[0].sector))
            return false;
    return true;
}

static struct span name_of(struct reading *r, const struct flash_entry *entry)
{
    const char *section = entry->meaning == FLASH_CROSSING ? "crossing" : "sector";
    const struct json *items = json_get(r->book->terms, section);

    for (uint32_t i = 0; items && i < items->array.count; i++) {
        const struct json *item = &items->array.at[i], *name = json_get(item, "name");

        if (!span_equal(json_get_text(item, "id"), entry->id))
            continue;
        struct span text = json_get_text(name, arena_text(r->arena, r->out->language));
        return text.len ? text : json_get_text(name, "en");
    }
    return (struct span){0};
}

static void ask_which(struct where *w, const struct item *item)
{
    struct reading *r = w->r;
    struct flash_question *q = reading_ask(r, "q.which", item->from, item->to);

    for (size_t i = 0; q && i < item->entries; i++) {
        const struct flash_entry *entry = &item->entry[i];

        reading_offer(q,
                      span_of(arena_printf(r->arena, "%.*s %.*s", SPAN_ARG(entry->id),
                                           SPAN_ARG(name_of(r, entry)))),
                      entry->id);
    }
}

static void set_id(struct where *w, const char *field, struct span id)
{
    json_set_string(&w->r->out->fields, field, id, w->r->arena);
}

/* A crossing beside the sector that it lies in is one place said twice. */
static bool pair_fits(struct where *w)
{
    const struct item *a = &w->r->item[w->place[0]], *b = &w->r->item[w->place[1]];
    bool crossing_first = a->entry->meaning == FLASH_CROSSING;
    const struct flash_entry *crossing = crossing_first ? a->entry : b->entry;
    const struct flash_entry *sector = crossing_first ? b->entry : a->entry;

    return a->entries == 1 && b->entries == 1 && crossing->meaning == FLASH_CROSSING &&
           sector->meaning == FLASH_SECTOR && span_equal(crossing->sector, sector->id);
}

static void settle_place(struct where *w, const struct item *item)
{
    if (item->entries == 1)
        set_id(w, item->entry->meaning == FLASH_CROSSING ? "crossing" : "sector", item->entry->id);
    else if (one_sector(item))
        set_id(w, "sector", item->entry->sector);
    else
        ask_which(w, item);
}

static void ask_one(struct where *w)
{
    struct piece piece[PLACES];

    for (size_t i = 0; i < w->places; i++) {
        const struct item *item = &w->r->item[w->place[i]];

        piece[i] = (struct piece){item->from, item->to};
    }
    reading_ask_one(w->r, "q.two_places", piece, w->places);
}

/* --- a place in words --- */

static void put_name(struct where *w, size_t from, size_t to)
{
    if (w->name.len)
        buf_byte(&w->name, ' ');
    buf_put(&w->name, reading_text(w->r, from, to));
}

/* Behind "village", "place": words that the program does not know, up to a comma or one it
 * knows. */
static bool free_words(struct where *w)
{
    struct reading *r = w->r;
    bool any = false;

    for (size_t i = 0; i < r->count; i++) {
        if (!is(r, i, FLASH_KEY_PLACE))
            continue;
        r->item[i].used = true;
        size_t from = i + 1, to = from;
        while (to < r->count &&
               (r->item[to].type == ITEM_WORD || (to > from && means(&r->item[to], FLASH_FILL))))
            r->item[to++].used = true;
        if (to == from)
            continue;
        put_name(w, r->item[from].from, r->item[to - 1].to);
        reading_understood(r, "place", r->item[from].from, r->item[to - 1].to);
        any = true;
    }
    return any;
}

static void put_stated(struct where *w)
{
    for (size_t i = 0; i < w->places; i++)
        if (!reading_by_id(w->r, &w->r->item[w->place[i]]))
            put_name(w, w->r->item[w->place[i]].from, w->r->item[w->place[i]].to);
    for (size_t i = 0; i < w->distances; i++) {
        put_name(w, w->distance[i].from, w->distance[i].to);
        reading_understood(w->r, "distance", w->distance[i].from, w->distance[i].to);
    }
    if (w->name.len && !w->name.full)
        set_id(w, "place_name", buf_span(&w->name));
}

void reading_where(struct reading *r)
{
    struct where w = {.r = r, .name = buf_in(r->arena, 1000)};

    find_distances(&w);
    if (w.distances > 1)
        reading_ask_one(r, "q.distance", w.distance, w.distances);
    find_directions(&w);
    find_places(&w);
    bool free = free_words(&w);
    if (w.places == 0 && !free)
        reading_ask(r, "q.where", 0, 0);
    else if (w.places == 1)
        settle_place(&w, &r->item[w.place[0]]);
    else if (w.places == 2 && pair_fits(&w)) {
        settle_place(&w, &r->item[w.place[0]]);
        settle_place(&w, &r->item[w.place[1]]);
    } else if (w.places > 1)
        ask_one(&w);
    put_stated(&w);
}
