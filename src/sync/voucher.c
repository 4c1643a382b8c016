#include "sync/voucher.h"

#include "base/limits.h"
#include "ledger/statement.h"

struct admission { /* an entry that makes keys known */
    struct span note;
    const struct json *body;
    struct span by;
    uint64_t index;
    bool needed;
};

struct voucher {
    struct arena *arena;
    struct span entry;
    struct known_keys keys;      /* of the whole log */
    struct admission *admission; /* in the log's order: whose word counts comes before */
    size_t count, room;
    struct span *piece; /* of agreement.toml; empty: not come by yet */
    size_t pieces;
};

/* --- reading the log --- */

static void append(struct voucher *v, struct admission admission)
{
    if (v->count == v->room) {
        size_t room = v->room ? 2 * v->room : 64;
        struct admission *more = ARENA_ARRAY(v->arena, struct admission, room);

        if (v->count)
            memcpy(more, v->admission, v->count * sizeof *more);
        v->admission = more;
        v->room = room;
    }
    v->admission[v->count++] = admission;
}

/* Of several entries that admit one name the first that is believed counts, as in the
 * register; what a stranger would not believe is passed over. */
static void take_admission(struct voucher *v, const struct record *record, uint64_t index)
{
    struct err unbelieved;

    if (known_keys_admit(&v->keys, record->bytes, &unbelieved))
        append(v,
               (struct admission){
                   .note = record->bytes, .body = record->body, .by = record->by, .index = index});
}

static bool take_terms(struct voucher *v)
{
    struct err unfit;

    for (size_t i = 0; i < v->pieces; i++)
        if (v->piece[i].len == 0)
            return false;
    return known_keys_terms(&v->keys, v->piece, v->pieces, &unfit);
}

static void take_piece(struct voucher *v, const struct record *record, uint64_t index)
{
    int64_t n = json_get_integer(record->body, "n", 0);
    struct span content = json_get_text(record->body, "content");

    (void)index;
    if (span_is(json_get_text(record->body, "file"), "agreement.toml") && n >= 1 &&
        (uint64_t)n <= v->pieces && known_keys_piece(&v->keys, (size_t)n, content))
        v->piece[n - 1] = content;
    if (!v->keys.terms)
        (void)take_terms(v); /* until they are whole authors admit nobody, nor does the register
                                let them */
}

static const struct {
    const char *kind; /* as the second line says it */
    void (*take)(struct voucher *v, const struct record *record, uint64_t index);
} takes[] = {
    {"agreement.part 1\n", take_piece},
    {"member.admit 1\n", take_admission},
    {"member.rotate 1\n", take_admission},
    {"term.open 1\n", take_admission},
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

bool voucher_open(struct voucher **out, struct log_reader *log, struct arena *arena,
                  struct err *err)
{
    struct voucher *v = ARENA_NEW(arena, struct voucher);
    struct span entry;

    v->arena = arena;
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
    *out = v;
    return true;
}

/* --- who is known --- */

const struct known_keys *voucher_keys(const struct voucher *voucher)
{
    return &voucher->keys;
}

/* The admission that made the key known; NULL: entry 0 did. */
static struct admission *admission_of(const struct voucher *v, const struct known_key *key)
{
    for (size_t i = 0; i < v->count; i++)
        if (v->admission[i].note.at == key->admission.at)
            return &v->admission[i];
    return NULL;
}

static void need(const struct voucher *v, struct span name)
{
    const struct known_key *key = known_key_named(&v->keys, name);
    struct admission *admission = key ? admission_of(v, key) : NULL;

    if (admission)
        admission->needed = true;
}

void voucher_add(struct voucher *voucher, struct span name)
{
    need(voucher, name);
}

bool voucher_index(const struct voucher *voucher, struct span name, uint64_t *out)
{
    const struct known_key *key = known_key_named(&voucher->keys, name);
    const struct admission *admission = key ? admission_of(voucher, key) : NULL;

    if (admission)
        *out = admission->index;
    return admission != NULL;
}

/* Whose word it is: its signer's, and of a hand-over everybody's who froze; and the term that they
 * froze, which another hand-over may have opened. */
static void need_signers(const struct voucher *v, const struct admission *admission)
{
    const struct json *freezes = json_get(admission->body, "freezes");

    need(v, admission->by);
    for (size_t i = 0; freezes && i < freezes->array.count; i++) {
        struct statement freeze;
        struct err err;
        bool parsed = statement_parse(&freeze, freezes->array.at[i].string, v->arena, &err);

        assert(parsed); /* it was believed */
        need(v, freeze.note.line[0].name);
        need(v, json_get_text(&freeze.members, "origin"));
    }
}

void voucher_write(const struct voucher *voucher, struct misbehaviour *file)
{
    bool author_admits = false;

    file->entry = voucher->entry;
    file->admissions = json_array();
    file->pieces = json_array();
    for (size_t i = voucher->count; i-- > 0;)
        if (voucher->admission[i].needed)
            need_signers(voucher, &voucher->admission[i]);
    for (size_t i = 0; i < voucher->count; i++) {
        if (!voucher->admission[i].needed)
            continue;
        author_admits |= known_key_of(&voucher->keys, voucher->admission[i].by, "author") != NULL;
        json_push(&file->admissions, json_string(voucher->admission[i].note), voucher->arena);
    }
    for (size_t i = 0; i < voucher->pieces && author_admits; i++)
        json_push(&file->pieces, json_string(voucher->piece[i]), voucher->arena);
}
