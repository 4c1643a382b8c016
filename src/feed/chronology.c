#include "feed/chronology.h"

#include "feed/chronology_table.h"

#include <stdlib.h>

struct chronology {
    const struct feed_item **item; /* in their order */
    size_t count, at;
};

/* What has a place of its own in the order: a claim, or an event about which there is none. */
struct place {
    int64_t day_ms;
    struct span id;
    size_t row;
    bool is_claim;
};

static int compare(const void *a, const void *b)
{
    const struct place *left = a, *right = b;

    if (left->day_ms != right->day_ms)
        return left->day_ms < right->day_ms ? -1 : 1;
    int order = span_compare(left->id, right->id);
    return order ? order : (int)left->is_claim - (int)right->is_claim;
}

static struct place *places_of(const struct chronology_tables *t, size_t *out_count,
                               struct arena *arena)
{
    struct place *place = ARENA_ARRAY(arena, struct place, t->claims.count + t->events.count + 1);
    bool *spoken_of = ARENA_ARRAY(arena, bool, t->events.count + 1);
    size_t count = 0;

    for (size_t i = 0; i < t->claims.count; i++) {
        spoken_of[t->claim[i].event] = true;
        place[count++] = (struct place){t->claim[i].day_ms, t->claim[i].id.text, i, true};
    }
    for (size_t i = 0; i < t->events.count; i++) {
        const struct key *key = &t->events.at[i];

        if (!spoken_of[key->row])
            place[count++] =
                (struct place){t->event[key->row].day_ms, key->cell.text, key->row, false};
    }
    if (count > 1)
        qsort(place, count, sizeof *place, compare);
    *out_count = count;
    return place;
}

static void put_event(struct chronology *c, struct chronology_event *event)
{
    if (event->placed)
        return;
    event->placed = true;
    c->item[c->count++] = &event->open;
    c->item[c->count++] = &event->report;
}

/* Where claims stand in the order, and by which each is superseded: its place plus one. */
struct revisions {
    size_t *place_of;
    size_t *by;
};

static bool set_supersedes(const struct chronology_tables *t, struct revisions *revisions,
                           size_t row, struct err *err)
{
    struct chronology_claim *claim = &t->claim[row];

    if (claim->supersedes.text.len == 0)
        return true;
    const struct key *old = keys_find(&t->claims, claim->supersedes.text);
    if (!old)
        return chronology_supersedes_fault(claim, err, "is in no row of claims.csv");
    if (revisions->place_of[old->row] >= revisions->place_of[row])
        return chronology_supersedes_fault(
            claim, err, "must name an earlier claim: this one comes first by day made and id");
    if (revisions->by[old->row])
        return chronology_supersedes_fault(claim, err,
                                           "names a claim that line %" PRIu64 " supersedes already",
                                           t->claim[revisions->by[old->row] - 1].item.line);
    revisions->by[old->row] = row + 1;
    claim->item.supersedes = t->claim[old->row].item.external_id;
    return true;
}

static bool put_in_order(struct chronology *c, const struct chronology_tables *t,
                         struct arena *arena, struct err *err)
{
    size_t count;
    const struct place *place = places_of(t, &count, arena);
    struct revisions revisions = {
        .place_of = ARENA_ARRAY(arena, size_t, t->claims.count + 1),
        .by = ARENA_ARRAY(arena, size_t, t->claims.count + 1),
    };

    c->item =
        ARENA_ARRAY(arena, const struct feed_item *, 2 * t->events.count + t->claims.count + 1);
    for (size_t i = 0; i < count; i++)
        if (place[i].is_claim)
            revisions.place_of[place[i].row] = i;
    for (size_t i = 0; i < count; i++) {
        if (!place[i].is_claim) {
            put_event(c, &t->event[place[i].row]);
            continue;
        }
        if (!set_supersedes(t, &revisions, place[i].row, err))
            return false;
        put_event(c, &t->event[t->claim[place[i].row].event]);
        c->item[c->count++] = &t->claim[place[i].row].item;
    }
    return true;
}

static void rewind_items(void *state)
{
    struct chronology *c = state;

    c->at = 0;
}

static bool next_item(void *state, struct feed_item *out, bool *more, struct err *err)
{
    struct chronology *c = state;

    (void)err;
    *more = c->at < c->count;
    if (*more)
        *out = *c->item[c->at++];
    return true;
}

bool chronology_open(struct feed *out, const struct chronology_text *text,
                     const struct remarks *remarks, struct arena *arena, struct err *err)
{
    struct chronology *c = ARENA_NEW(arena, struct chronology);
    struct chronology_tables tables;

    if (!chronology_read(&tables, text, remarks, arena, err) ||
        !put_in_order(c, &tables, arena, err))
        return false;
    *out = (struct feed){.source = CHRONOLOGY,
                         .kinds = feed_event_kinds,
                         .state = c,
                         .rewind = rewind_items,
                         .next = next_item};
    return true;
}
