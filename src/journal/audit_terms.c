#include "journal/audit_inside.h"

#include "codec/json.h"
#include "journal/log_reader.h"
#include "record/record.h"
#include "register/register.h"

/*
 * The terms of the log (doc/format.md §7.5): log.vkey lists the keys that the register names, in
 * their order, and the checkpoint is signed by the one whose term it was at that size.
 */

struct term {
    struct note_key key;
    uint64_t from; /* its first entry */
};

/* An empty object where there is none. */
static bool get_row(const struct audit *audit, const char *table, struct span key, struct json *out,
                    struct arena *arena, struct err *err)
{
    struct span row;

    *out = json_object();
    return rows_get(audit->rows, table, key, &row, arena, err) &&
           (!row.at || json_parse(out, row, arena, err));
}

/* What the register says of the term with this origin, whose log key has its name. */
static bool find_term(const struct audit *audit, struct span origin, struct term *out,
                      bool *out_found, struct arena *arena, struct err *err)
{
    struct json row;
    struct err ignored;

    if (!get_row(audit, "key", origin, &row, arena, err))
        return false;
    *out_found = span_is(json_get_text(&row, "job"), "log") &&
                 note_key_parse(&out->key, json_get_text(&row, "vkey"), &ignored);
    out->from = (uint64_t)json_get_integer(&row, "from", 0);
    return true;
}

/* The term before the one that this entry began; empty: none. */
static bool previous_of(const struct audit *audit, uint64_t from, struct span *out,
                        struct arena *arena, struct err *err)
{
    char key[REGISTER_INDEX_TEXT];
    struct json row;

    register_index_key(key, from);
    if (!get_row(audit, "hand_over", span_of(key), &row, arena, err))
        return false;
    *out = json_get_text(&row, "previous");
    return true;
}

/* The newest first: each hand-over names the term before. */
static bool list_terms(const struct audit *audit, struct term out[LIMIT_TERMS], size_t *out_count,
                       struct arena *arena, struct err *err)
{
    struct json agreement;
    bool found = true;

    *out_count = 0;
    if (!get_row(audit, "agreement", SPAN_LIT("1"), &agreement, arena, err))
        return false;
    struct span origin = json_get_text(&agreement, "origin");
    while (*out_count < LIMIT_TERMS && found) {
        struct term *term = &out[*out_count];

        if (!find_term(audit, origin, term, &found, arena, err) ||
            (found && !previous_of(audit, term->from, &origin, arena, err)))
            return false;
        *out_count += found;
    }
    return true;
}

static bool same_key(const struct note_key *a, const struct note_key *b)
{
    return strcmp(a->name, b->name) == 0 && memcmp(&a->key, &b->key, sizeof a->key) == 0;
}

/* Whether this is the key of a term that is to begin here with the next entry. */
static bool is_to_open(struct audit *audit, const struct note_key *key)
{
    struct span bytes;
    struct record record;
    struct err none;

    return disk_read(audit->disk, TERM_OPENING_FILE, LIMIT_ENTRY_BYTES, &bytes, &audit->arena,
                     &none) &&
           record_parse(&record, bytes, &audit->arena, &none) &&
           span_is(record.kind, "term.open") &&
           span_is(json_get_string(record.body, "log_key", (struct span){0}),
                   note_key_text(key, &audit->arena));
}

/* On the way to a checkpoint of a later term its key is written first; so it is by who is to
 * keep it. */
static bool check_keys(struct audit *audit, const struct term *terms, size_t count)
{
    const struct log_keys *keys = &audit->keys;

    for (size_t i = 0; i < count && i < keys->count; i++)
        if (!same_key(&keys->at[i], &terms[count - 1 - i].key))
            return audit_find(audit, LOG_KEYS_FILE, "line %zu is not the log key of %s", i + 1,
                              terms[count - 1 - i].key.name);
    if (keys->count < count)
        return audit_find(audit, LOG_KEYS_FILE, "the log key of %s is not there",
                          terms[count - 1 - keys->count].key.name);
    return keys->count == count || audit->following > 0 || audit->options->shown ||
           (keys->count == count + 1 && is_to_open(audit, &keys->at[count])) ||
           audit_find(audit, LOG_KEYS_FILE, "no entry begins the term of %s", keys->at[count].name);
}

/* Checkpoints of a term are larger than the index it begins at, and no larger than that of the
 * next. */
static bool check_origin(struct audit *audit, const struct term *terms, size_t count)
{
    uint64_t size = audit->checkpoint.size;

    for (size_t i = 0; i < count; i++)
        if (size > terms[i].from)
            return strcmp(terms[i].key.name, audit->checkpoint.origin) == 0 ||
                   audit_find(audit, LOG_CHECKPOINT, "at size %" PRIu64 " the log was %s's", size,
                              terms[i].key.name);
    return true;
}

bool audit_terms(struct audit *audit, struct err *err)
{
    struct arena arena = {0};
    struct term *terms = ARENA_ARRAY(&arena, struct term, LIMIT_TERMS);
    size_t count;
    bool ok = list_terms(audit, terms, &count, &arena, err);

    if (ok && count == 0) /* no agreement: entry 0 is void, and its key the only one */
        terms[count++].key = audit->anchor.log;
    if (ok && check_keys(audit, terms, count) && !audit->found)
        check_origin(audit, terms, count);
    arena_free(&arena);
    return ok;
}
