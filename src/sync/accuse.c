#include "sync/accuse.h"

#include "codec/hex.h"
#include "ledger/proof.h"
#include "ledger/statement.h"
#include "sync/voucher.h"

struct making { /* one proof */
    const struct accuser *by;
    struct voucher *voucher;
    struct span a, b;
    struct json evidence;
    struct arena *arena;
};

static struct json hash_json(struct hash hash, struct arena *arena)
{
    char hex[2 * HASH_BYTES + 1];

    hex_text(hex, hash_span(&hash));
    return json_string(arena_copy(arena, span_of(hex)));
}

static void set_pair(struct making *m, const char *member, struct span first, struct span second)
{
    struct json list = json_array();

    json_push(&list, json_string(first), m->arena);
    json_push(&list, json_string(second), m->arena);
    json_set(&m->evidence, member, list, m->arena);
}

/* --- checkpoints --- */

struct head {
    struct note note;
    struct checkpoint checkpoint;
    struct span bytes;
};

static bool read_head(struct making *m, struct head *out, struct span bytes, struct err *err)
{
    out->bytes = bytes;
    return note_parse(&out->note, bytes, m->arena, err) &&
           checkpoint_parse(&out->checkpoint, out->note.text, err);
}

/* The two checkpoints, the smaller first; the second is the log's own where it is left out. */
static bool read_heads(struct making *m, struct head *first, struct head *second, struct err *err)
{
    if (!read_head(m, first, m->a, err) ||
        !read_head(m, second, m->b.len ? m->b : m->by->note, err))
        return false;
    if (first->checkpoint.size > second->checkpoint.size) {
        struct head larger = *first;
        *first = *second;
        *second = larger;
    }
    return true;
}

static bool has_line(const struct note *note, const struct note_line *line)
{
    for (size_t i = 0; i < note->count; i++)
        if (note->line[i].key_id == line->key_id && span_equal(note->line[i].name, line->name))
            return true;
    return false;
}

/* Without the lines of keys that are not on the other: they signed one of them alone. */
static struct span shared_lines(struct making *m, const struct head *head, const struct head *other)
{
    struct buf out = buf_in(m->arena, SIZE_MAX / 2);

    buf_put(&out, head->note.text);
    buf_byte(&out, '\n');
    for (size_t i = 0; i < head->note.count; i++) {
        const struct note_line *line = &head->note.line[i];

        if (has_line(&other->note, line))
            note_put_line(&out, line->name, line->key_id, line->signature);
    }
    return buf_span(&out);
}

static bool set_heads(struct making *m, const struct head *first, const struct head *second,
                      struct err *err)
{
    struct span a = shared_lines(m, first, second), b = shared_lines(m, second, first);

    if (a.len == first->note.text.len + 1)
        return err_set(err, ERR_REFUSED, "no key signed both checkpoints");
    set_pair(m, "checkpoints", a, b);
    return true;
}

/* Whether this log's first entries have the checkpoint's root; *out that of its first `size`. */
static bool log_is_of(struct log_reader *log, const struct checkpoint *checkpoint, bool *out,
                      struct err *err)
{
    struct merkle tree;

    *out = false;
    if (!log || log_reader_size(log) < checkpoint->size)
        return true;
    if (!merkle_load(&tree, checkpoint->size, log_reader_hash, log, err))
        return false;
    *out = hash_equal(merkle_root(&tree), checkpoint->root);
    return true;
}

/* The log of which the checkpoint is; where it is neither, what is missing. */
static bool find_log(struct making *m, const struct checkpoint *checkpoint, struct log_reader **out,
                     struct err *err)
{
    struct log_reader *const logs[] = {m->by->log, m->by->other};

    for (size_t i = 0; i < ARRAY_LEN(logs); i++) {
        bool is;

        if (!log_is_of(logs[i], checkpoint, &is, err))
            return false;
        if (is) {
            *out = logs[i];
            return true;
        }
    }
    return err_set(err, ERR_MISSING,
                   "the log of the larger checkpoint, of %" PRIu64
                   " entries, is not here: give its directory",
                   checkpoint->size);
}

static bool make_split(struct making *m, struct err *err)
{
    struct head first, second;
    struct merkle_proof path = {0};
    struct merkle tree;
    struct log_reader *log = NULL;
    struct json list = json_array();

    if (!read_heads(m, &first, &second, err) || !set_heads(m, &first, &second, err))
        return false;
    struct hash root = second.checkpoint.root;
    if (first.checkpoint.size < second.checkpoint.size && m->by->split) {
        path = m->by->split->path;
        root = m->by->split->root;
    } else if (first.checkpoint.size < second.checkpoint.size) {
        if (!find_log(m, &second.checkpoint, &log, err) ||
            !merkle_load(&tree, first.checkpoint.size, log_reader_hash, log, err) ||
            !merkle_prove_consistency(&path, first.checkpoint.size, second.checkpoint.size,
                                      log_reader_hash, log, err))
            return false;
        root = merkle_root(&tree);
    }
    for (size_t i = 0; i < path.count; i++)
        json_push(&list, hash_json(path.hash[i], m->arena), m->arena);
    json_set(&m->evidence, "consistency", list, m->arena);
    json_set(&m->evidence, "root", hash_json(root, m->arena), m->arena);
    return true;
}

static bool make_clock(struct making *m, struct err *err)
{
    struct head first, second;

    return read_heads(m, &first, &second, err) && set_heads(m, &first, &second, err);
}

/* --- what the log has --- */

/* A receipt of entry `index` without the entry, by the log's own checkpoint. */
static bool set_receipt(struct making *m, uint64_t index, struct err *err)
{
    struct proof proof = {.index = index, .checkpoint_note = m->by->note};
    struct buf out = buf_in(m->arena, LIMIT_CHECKPOINT_BYTES);

    if (!merkle_prove_inclusion(&proof.inclusion, index, log_reader_size(m->by->log),
                                log_reader_hash, m->by->log, err))
        return false;
    proof_put(&out, &proof);
    json_set_string(&m->evidence, "receipt", buf_span(&out), m->arena);
    return true;
}

static bool make_promise(struct making *m, struct err *err)
{
    struct statement promise;
    struct hash leaf;

    if (!statement_parse(&promise, m->a, m->arena, err))
        return false;
    if (!span_is(promise.word, "promise"))
        return err_set(err, ERR_MALFORMED, "it is a %.*s, not a promise", SPAN_ARG(promise.word));
    uint64_t index = (uint64_t)json_get_integer(&promise.members, "index", 0);
    if (index >= log_reader_size(m->by->log))
        return err_set(err, ERR_REFUSED,
                       "entry %" PRIu64 " was promised, and the log here has %" PRIu64 " entries",
                       index, log_reader_size(m->by->log));
    if (!log_reader_hash(m->by->log, 0, index, &leaf, err))
        return false;
    json_set(&m->evidence, "leaf", hash_json(leaf, m->arena), m->arena);
    json_set_string(&m->evidence, "promise", m->a, m->arena);
    return set_receipt(m, index, err);
}

static bool make_promises(struct making *m, struct err *err)
{
    (void)err;
    set_pair(m, "promises", m->a, m->b);
    return true;
}

static bool continues_otherwise(const struct record *a, struct span entry, struct arena *arena)
{
    struct record b;
    struct err unfit;

    return record_parse(&b, entry, arena, &unfit) && span_equal(a->by, b.by) && a->seq == b.seq &&
           !hash_equal(a->id, b.id);
}

/* The log's record of the same key and number; it stays empty when there is none. */
static bool find_other(struct making *m, const struct record *record, struct err *err)
{
    struct arena arena = {0};
    bool ok = true, found = false;

    for (uint64_t i = 0; ok && !found && i < log_reader_size(m->by->log); i++) {
        struct span entry;

        ok = log_reader_entry(m->by->log, i, &entry, err);
        found = ok && continues_otherwise(record, entry, &arena);
        if (found)
            m->b = arena_copy(m->arena, entry);
        arena_reset(&arena);
    }
    arena_free(&arena);
    return ok;
}

static bool make_fork(struct making *m, struct err *err)
{
    struct record record;

    if (!record_parse(&record, m->a, m->arena, err) ||
        (m->b.len == 0 && !find_other(m, &record, err)))
        return false;
    if (m->b.len == 0)
        return err_set(err, ERR_REFUSED,
                       "the log here has no other record number %" PRIu64 " of %.*s", record.seq,
                       SPAN_ARG(record.by));
    set_pair(m, "records", m->a, m->b);
    return true;
}

static bool make_refusal(struct making *m, struct err *err)
{
    struct record record;
    uint64_t index;

    if (!record_parse(&record, m->a, m->arena, err))
        return false;
    json_set_string(&m->evidence, "receipt", (struct span){0}, m->arena);
    json_set_string(&m->evidence, "record", m->a, m->arena);
    json_set_string(&m->evidence, "refusal", m->b, m->arena);
    voucher_add(m->voucher, record.by);
    return !voucher_index(m->voucher, record.by, &index) || set_receipt(m, index, err);
}

static bool make_freeze(struct making *m, struct err *err)
{
    (void)err;
    json_set_string(&m->evidence, "checkpoint", m->b.len ? m->b : m->by->note, m->arena);
    json_set_string(&m->evidence, "freeze", m->a, m->arena);
    return true;
}

static bool make_freezes(struct making *m, struct err *err)
{
    (void)err;
    set_pair(m, "freezes", m->a, m->b);
    return true;
}

/* --- */

static const struct {
    struct accusation accusation;
    bool (*make)(struct making *m, struct err *err);
} makes[] = {
    {{"split", "CHECKPOINT [CHECKPOINT]", 1, 2}, make_split},
    {{"clock", "CHECKPOINT [CHECKPOINT]", 1, 2}, make_clock},
    {{"promise", "PROMISE", 1, 1}, make_promise},
    {{"promises", "PROMISE PROMISE", 2, 2}, make_promises},
    {{"fork", "RECORD [RECORD]", 1, 2}, make_fork},
    {{"refusal", "RECORD REFUSAL", 2, 2}, make_refusal},
    {{"freeze", "FREEZE [CHECKPOINT]", 1, 2}, make_freeze},
    {{"freezes", "FREEZE FREEZE", 2, 2}, make_freezes},
};

const struct accusation *accusation_at(size_t index)
{
    return index < ARRAY_LEN(makes) ? &makes[index].accusation : NULL;
}

static void know_signers(struct making *m, struct span note_bytes)
{
    struct note note;
    struct err unfit;

    if (!note_parse(&note, note_bytes, m->arena, &unfit))
        return;
    for (size_t i = 0; i < note.count; i++)
        voucher_add(m->voucher, note.line[i].name);
}

/* Whoever signed any of it. */
static void know_all(struct making *m)
{
    for (size_t i = 0; i < m->evidence.object.count; i++) {
        const struct json *value = &m->evidence.object.at[i].value;

        if (value->type == JSON_STRING)
            know_signers(m, value->string);
        for (size_t n = 0; value->type == JSON_ARRAY && n < value->array.count; n++)
            know_signers(m, value->array.at[n].string);
    }
}

static bool make(struct making *m, const char *kind, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(makes); i++)
        if (strcmp(makes[i].accusation.kind, kind) == 0)
            return makes[i].make(m, err);
    return err_set(err, ERR_USAGE, "there is no kind \"%s\"", kind);
}

/* What goes into the file as a string must be one; whether it is a note comes out later. */
static bool are_texts(const struct making *m, struct err *err)
{
    return (json_text_valid(m->a) && json_text_valid(m->b) && json_text_valid(m->by->note)) ||
           err_set(err, ERR_MALFORMED, "what was signed is text, and this is none");
}

bool accuse(struct span *out, struct proven *out_proven, const struct accuser *accuser,
            const char *kind, struct span a, struct span b, struct arena *arena, struct err *err)
{
    struct making m = {.by = accuser, .a = a, .b = b, .evidence = json_object(), .arena = arena};
    struct misbehaviour file = {.kind = span_of(kind)};

    if (!are_texts(&m, err) || !voucher_open(&m.voucher, accuser->log, arena, err) ||
        !make(&m, kind, err))
        return false;
    know_all(&m);
    voucher_write(m.voucher, &file);
    file.evidence = m.evidence;
    struct span bytes = misbehaviour_encode(&file, arena);
    if (!misbehaviour_verify(out_proven, bytes, voucher_keys(m.voucher)->anchor.id, arena, err))
        return false;
    *out = bytes;
    return true;
}
