#include "sync/voucher.h"

#include "base/limits.h"

struct candidate { /* an entry that admits a key of this name, if it is believed */
    struct span name, by, note;
    uint64_t index;
};

struct voucher {
    struct arena *arena;
    struct span entry;
    struct known_keys keys;
    struct candidate *candidate;
    size_t count, room;
    struct span *piece; /* of agreement.toml; empty: not come by yet */
    size_t pieces;
    struct json admissions; /* of the keys added */
};

static struct span text_of(const struct json *object, const char *key)
{
    return json_get_string(object, key, (struct span){0});
}

/* --- reading the log --- */

static void add_candidate(struct voucher *v, struct span vkey, const struct record *record,
                          uint64_t index)
{
    struct span name = vkey;

    span_cut(&vkey, '+', &name);
    if (v->count == v->room) {
        size_t room = v->room ? 2 * v->room : 64;
        struct candidate *more = ARENA_ARRAY(v->arena, struct candidate, room);

        if (v->count)
            memcpy(more, v->candidate, v->count * sizeof *more);
        v->candidate = more;
        v->room = room;
    }
    v->candidate[v->count++] = (struct candidate){name, record->by, record->bytes, index};
}

static void take_admission(struct voucher *v, const struct record *record, uint64_t index)
{
    add_candidate(v, text_of(record->body, "key"), record, index);
}

static void take_piece(struct voucher *v, const struct record *record, uint64_t index)
{
    int64_t n = json_get_integer(record->body, "n", 0);
    struct span content = text_of(record->body, "content");

    (void)index;
    if (span_is(text_of(record->body, "file"), "agreement.toml") && n >= 1 &&
        (uint64_t)n <= v->pieces && known_keys_piece(&v->keys, (size_t)n, content))
        v->piece[n - 1] = content;
}

static const struct {
    const char *kind;
    void (*take)(struct voucher *v, const struct record *record, uint64_t index);
} takes[] = {
    {"member.admit 1\n", take_admission},
    {"agreement.part 1\n", take_piece},
};

/* Most entries are of other kinds: they are told by their second line, and not parsed. What is
 * no record admits nobody. */
static void take_entry(struct voucher *v, struct span entry, uint64_t index)
{
    struct span rest = entry, first;
    struct record record;
    struct err unfit;

    if (!span_cut(&rest, '\n', &first))
        return;
    for (size_t i = 0; i < ARRAY_LEN(takes); i++)
        if (span_starts_with(rest, span_of(takes[i].kind)) &&
            record_parse(&record, arena_copy(v->arena, entry), v->arena, &unfit))
            takes[i].take(v, &record, index);
}

static bool take_terms(struct voucher *v)
{
    struct err incomplete;

    for (size_t i = 0; i < v->pieces; i++)
        if (v->piece[i].len == 0)
            return false;
    return known_keys_terms(&v->keys, v->piece, v->pieces, v->arena, &incomplete);
}

bool voucher_open(struct voucher **out, struct log_reader *log, struct arena *arena,
                  struct err *err)
{
    struct voucher *v = ARENA_NEW(arena, struct voucher);
    struct span entry;

    v->arena = arena;
    v->admissions = json_array();
    if (log_reader_size(log) == 0)
        return err_set(err, ERR_MISSING, "the log has no entry 0 yet");
    if (!log_reader_entry(log, 0, &entry, err))
        return false;
    v->entry = arena_copy(arena, entry);
    if (!known_keys_open(&v->keys, v->entry, arena, err))
        return false;
    v->pieces = known_keys_pieces(&v->keys);
    v->piece = ARENA_ARRAY(arena, struct span, v->pieces);
    for (uint64_t i = 1; i < log_reader_size(log); i++) {
        if (!log_reader_entry(log, i, &entry, err))
            return false;
        take_entry(v, entry, i);
    }
    (void)take_terms(v); /* without it authors admit nobody */
    *out = v;
    return true;
}

/* --- who is known --- */

const struct known_keys *voucher_keys(const struct voucher *voucher)
{
    return &voucher->keys;
}

/* Of several entries that admit one name the first that is believed counts, as in the
 * register. A chain of admissions is no longer than what a proof may hold. */
static void add(struct voucher *v, struct span name, unsigned depth)
{
    struct err unbelieved;

    for (size_t i = 0; i < v->count && !known_key_named(&v->keys, name); i++) {
        const struct candidate *c = &v->candidate[i];

        if (!span_equal(c->name, name) || depth == KNOWN_ADMISSIONS_MOST)
            continue;
        add(v, c->by, depth + 1);
        if (known_key_named(&v->keys, c->by) && v->admissions.array.count < KNOWN_ADMISSIONS_MOST &&
            known_keys_admit(&v->keys, c->note, v->arena, &unbelieved))
            json_push(&v->admissions, json_string(c->note), v->arena);
    }
}

void voucher_add(struct voucher *voucher, struct span name)
{
    add(voucher, name, 0);
}

bool voucher_index(const struct voucher *voucher, struct span name, uint64_t *out)
{
    const struct known_key *key = known_key_named(&voucher->keys, name);

    for (size_t i = 0; key && i < voucher->count; i++)
        if (voucher->candidate[i].note.at == key->admission.at) {
            *out = voucher->candidate[i].index;
            return true;
        }
    return false;
}

static bool author_admits(const struct voucher *v)
{
    for (size_t i = 0; i < v->keys.count; i++)
        if (v->keys.at[i].by.len && known_key_of(&v->keys, v->keys.at[i].by, "author"))
            return true;
    return false;
}

void voucher_write(const struct voucher *voucher, struct misbehaviour *file)
{
    file->entry = voucher->entry;
    file->admissions = voucher->admissions;
    file->pieces = json_array();
    for (size_t i = 0; i < voucher->pieces && author_admits(voucher); i++)
        json_push(&file->pieces, json_string(voucher->piece[i]), voucher->arena);
}
