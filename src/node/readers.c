#include "node/readers.h"

#include "base/limits.h"
#include "codec/hex.h"
#include "journal/in_force.h"

#include <stdlib.h>

/* --- who reads a tier --- */

#define MOST_RECIPIENTS 64u

struct search {
    struct store_reader *reader;
    struct span tier;
    struct reader_key *at;
    size_t count, room;
    struct arena *arena;
};

static bool parsed(struct span row, const struct json **out, struct arena *arena, struct err *err)
{
    struct json *value = ARENA_NEW(arena, struct json);

    *out = NULL;
    if (!row.at)
        return true;
    if (!json_parse_canonical(value, row, arena, err))
        return err_wrap(err, "a row of the store: sulh replay mends it");
    *out = value;
    return true;
}

static bool row_of(struct search *s, const char *table, struct span key, const struct json **out,
                   struct err *err)
{
    struct span row;

    return store_get(s->reader, table, key, STORE_LATEST, &row, NULL, s->arena, err) &&
           parsed(row, out, s->arena, err);
}

static bool term_of(struct search *s, const char *section, struct span id, const struct json **out,
                    struct err *err)
{
    const char *item = arena_printf(s->arena, "%s/%.*s", section, SPAN_ARG(id));
    struct span row;

    return in_force_term(s->reader, item, STORE_LATEST, &row, s->arena, err) &&
           parsed(row, out, s->arena, err);
}

/* *out_reads false for a key that is none of the tier's. */
static bool look_at_key(struct search *s, struct span name, struct reader_key *out, bool *out_reads,
                        struct err *err)
{
    const struct json *key, *role = NULL;
    struct err unfit = {0};

    *out_reads = false;
    if (!row_of(s, "key", name, &key, err))
        return false;
    if (!span_is(json_get_text(key, "state"), "active") || !json_get(key, "role"))
        return true;
    if (!term_of(s, "role", json_get_text(key, "role"), &role, err))
        return false;
    *out = (struct reader_key){.name = name, .org = json_get_text(key, "org")};
    *out_reads = json_lists(json_get(role, "reads"), s->tier) &&
                 age_recipient_parse(&out->to, json_get_text(key, "age"), &unfit);
    return true;
}

/* The organisation's n-th reader of the tier; *out_there false past its last. */
static bool nth_reader(struct search *s, struct span org, size_t n, struct reader_key *out,
                       bool *out_there, struct err *err)
{
    const struct json *row;

    *out_there = false;
    if (!row_of(s, "reader", org, &row, err))
        return false;
    const struct json *keys = json_get(row, "keys");
    for (size_t i = 0; keys && i < keys->array.count && !*out_there; i++) {
        bool reads;

        if (!look_at_key(s, keys->array.at[i].string, out, &reads, err))
            return false;
        *out_there = reads && n-- == 0;
    }
    return true;
}

/* One of each organisation, round and round. */
static bool gather(struct search *s, const struct json *of, struct err *err)
{
    size_t before = SIZE_MAX;

    for (size_t round = 0; s->count != before; round++) {
        before = s->count;
        for (size_t i = 0; i < of->array.count && s->count < s->room; i++) {
            bool there;

            if (!nth_reader(s, of->array.at[i].string, round, &s->at[s->count], &there, err))
                return false;
            s->count += there;
        }
    }
    return true;
}

static int by_name(const void *a, const void *b)
{
    return span_compare(((const struct reader_key *)a)->name, ((const struct reader_key *)b)->name);
}

bool readers_of(struct store_reader *reader, enum tier tier, struct reader_key **out,
                size_t *out_count, struct arena *arena, struct err *err)
{
    struct search s = {.reader = reader,
                       .tier = span_of(tier_word(tier)),
                       .room = tier == TIER_SEALED ? 2 : MOST_RECIPIENTS,
                       .arena = arena};
    const struct json *row;

    *out_count = 0;
    if (!term_of(&s, "tier", s.tier, &row, err))
        return false;
    const struct json *of = json_get(row, "of");
    s.at = arena_alloc(arena, s.room * sizeof *s.at);
    if (of && !gather(&s, of, err))
        return false;
    if (tier == TIER_SEALED)
        s.count = s.count == 2 && !span_equal(s.at[0].org, s.at[1].org) ? 2 : 0;
    else
        qsort(s.at, s.count, sizeof *s.at, by_name);
    *out = s.at;
    *out_count = s.count;
    return true;
}

/* --- reading a part --- */

/* The file that is in there, or what is sealed; `closed` when it is for nobody here. */
static enum reading_state unseal(const struct age_identity *as, size_t count, struct span file,
                                 struct span *out, struct arena *arena)
{
    struct buf plain = buf_in(arena, file.len);
    struct err unfit = {0};

    if (count == 0)
        return READING_CLOSED;
    if (!age_decrypt(&plain, as, count, file, &unfit))
        return unfit.kind == ERR_REFUSED ? READING_CLOSED : READING_DAMAGED;
    *out = buf_span(&plain);
    return READING_OPEN;
}

static enum reading_state salted_of(const struct part *part, const struct age_identity *as,
                                    size_t count, struct span stored, struct span *out,
                                    struct arena *arena)
{
    enum reading_state state = READING_OPEN;
    unsigned layers = part->tier == TIER_PUBLIC ? 0 : part->tier == TIER_SEALED ? 2 : 1;

    for (*out = stored; layers > 0 && state == READING_OPEN; layers--) {
        struct span bytes;

        state = unseal(as, count, *out, out, arena);
        if (state == READING_OPEN && part_open(part, *out, &bytes))
            return state; /* who opens a sealed part passes on what has one layer (part.opened) */
    }
    return state;
}

void reading_stored(const struct part *part, struct span stored, const struct age_identity *as,
                    size_t count, struct reading *out, struct arena *arena)
{
    struct span salted;

    *out = (struct reading){.part = *part};
    out->state = salted_of(part, as, count, stored, &salted, arena);
    if (out->state == READING_OPEN && !part_open(part, salted, &out->bytes))
        out->state = READING_DAMAGED;
}

bool reading_part(struct parts *parts, const struct part *part, const struct age_identity *as,
                  size_t count, struct reading *out, struct arena *arena, struct err *err)
{
    struct span stored;
    struct err gone = {0};
    struct hash hash;

    *out = (struct reading){.part = *part, .state = READING_MISSING};
    if (!hex_parse(hash.bytes, sizeof hash.bytes, part->stored))
        return true;
    if (!parts_get(parts, &hash, &stored, arena, &gone)) {
        out->state = gone.kind == ERR_CONFLICT ? READING_DAMAGED : READING_MISSING;
        if (parts_erased(parts, &hash))
            out->state = READING_ERASED;
        if (gone.kind == ERR_MISSING || gone.kind == ERR_CONFLICT)
            return true;
        *err = gone;
        return false;
    }
    reading_stored(part, stored, as, count, out, arena);
    return true;
}
