#include "sim/inside.h"

#include "codec/hex.h"
#include "journal/applier.h"
#include "journal/log_reader.h"
#include "ledger/cosignature.h"
#include "store/store.h"

/* What must hold after every step. */

/* --- checkpoints, wherever one is seen --- */

static struct seen *seen_of(struct sim *sim, size_t term, const struct checkpoint *checkpoint,
                            struct span note)
{
    for (size_t i = sim->seen_count; i-- > 0;)
        if (sim->seen[i].size == checkpoint->size && sim->seen[i].term == term &&
            hash_equal(sim->seen[i].root, checkpoint->root))
            return &sim->seen[i];
    sim->seen = sim_more(sim->seen, sim->seen_count, &sim->seen_room, sizeof *sim->seen);
    sim->seen[sim->seen_count] = (struct seen){.size = checkpoint->size,
                                               .root = checkpoint->root,
                                               .term = term,
                                               .note = arena_copy(&sim->arena, note)};
    return &sim->seen[sim->seen_count++];
}

static bool has_quorum(const struct seen *seen)
{
    return (unsigned)__builtin_popcount(seen->witnesses) >= QUORUM;
}

static bool is_new(const struct sim *sim, const struct seen *seen, const struct note *note,
                   const struct note_line *line, size_t org)
{
    struct note_key key = note_signer_key(&sim->org[org].witness);
    uint64_t seconds;

    return !(seen->witnesses & 1u << org) && span_is(line->name, key.name) &&
           cosignature_verify(&seconds, note->text, line, &key);
}

/* No size has two trees in one term; with a lying keeper, or in two terms, no two that a quorum
 * cosigned. */
static void compare(struct sim *sim, const struct seen *seen)
{
    for (size_t i = 0; i < sim->seen_count; i++) {
        const struct seen *other = &sim->seen[i];

        if (other->size != seen->size || hash_equal(other->root, seen->root))
            continue;
        if (has_quorum(other) && has_quorum(seen)) {
            sim_say(sim, "two trees of size %" PRIu64 " have the quorum", seen->size);
            sim->out->split = true;
        } else if (other->term == seen->term && succession_is_honest(sim, seen->term)) {
            sim_broken(sim, "an honest keeper signed two trees of size %" PRIu64, seen->size);
        }
    }
}

/* The same note passes many times. */
static bool was_read(struct sim *sim, struct span bytes)
{
    struct hash hash = hash_of(bytes);
    struct hash *place = &sim->read[hash.bytes[0] % ARRAY_LEN(sim->read)];
    bool was = hash_equal(*place, hash);

    *place = hash;
    return was;
}

/* By the key of the term that it says it is of. */
static bool open_note(const struct sim *sim, struct span bytes, struct checkpoint *out,
                      struct note *note, size_t *out_term, struct arena *arena)
{
    struct span rest = bytes, origin;
    struct note_key log;
    struct err err = {0};

    if (!span_cut(&rest, '\n', &origin))
        return false;
    *out_term = succession_find(sim, origin);
    if (*out_term == sim->terms)
        return false;
    log = note_signer_key(&sim->term[*out_term].log);
    return checkpoint_open(out, note, bytes, &log, arena, &err);
}

/* Whoever froze a term cosigns no more of it, and a quorum did. */
static void judge_end(struct sim *sim, const struct seen *seen)
{
    if (!has_quorum(seen) || !succession_is_beyond(sim, seen->term, seen->size))
        return;
    sim_say(sim, "size %" PRIu64 " of term %zu has the quorum, and is beyond its end", seen->size,
            seen->term + 1);
    sim->out->split = true;
}

void watch_note(struct sim *sim, struct span bytes)
{
    struct checkpoint checkpoint;
    struct note note;
    size_t term;

    if (was_read(sim, bytes) || !open_note(sim, bytes, &checkpoint, &note, &term, &sim->working))
        return;
    if (!sim->term[term].opened)
        succession_opened(sim, term);
    struct seen *seen = seen_of(sim, term, &checkpoint, bytes);
    bool had = has_quorum(seen);
    for (size_t i = 0; i < note.count; i++)
        for (size_t org = 0; org < ORGS; org++)
            if (is_new(sim, seen, &note, &note.line[i], org))
                seen->witnesses |= 1u << org;
    sim->out->witnessed += !had && has_quorum(seen);
    compare(sim, seen);
    judge_end(sim, seen);
}

/* --- an honest node --- */

struct sight { /* of one node */
    struct instance *instance;
    struct checkpoint head;
    size_t term;
    struct log_reader *log;
    struct state state;
};

static bool root_at(struct sight *s, uint64_t size, struct hash *out, struct err *err)
{
    struct merkle tree;

    if (!merkle_load(&tree, size, log_reader_hash, s->log, err))
        return false;
    *out = merkle_root(&tree);
    return true;
}

/* What an honest keeper signed and what is of the log here: not what it signed beyond the end of
 * its term, nor what the next signed, where the log here is of the term before. */
static bool must_be_of(const struct sight *s, const struct seen *seen)
{
    const struct sim *sim = s->instance->sim;

    return succession_one_log(sim) && seen->term <= s->term &&
           (seen->term == s->term || !succession_is_beyond(sim, seen->term, seen->size));
}

/* Every checkpoint that had the quorum is of the log here, if that has one itself; with an
 * honest keeper every one that was signed. So no index of it has another leaf by now. */
static bool check_seen(struct sight *s, bool all, struct err *err)
{
    struct sim *sim = s->instance->sim;
    size_t from = all || sim->seen_count < 8 ? 0 : sim->seen_count - 8;
    const struct seen *other = NULL; /* the smallest that is of another log */
    uint64_t witnessed = 0;          /* how far the log here had the quorum */

    for (size_t i = from; i < sim->seen_count; i++) {
        const struct seen *seen = &sim->seen[i];
        struct hash root;

        if (seen->size > s->head.size || !(has_quorum(seen) || must_be_of(s, seen)))
            continue;
        if (!root_at(s, seen->size, &root, err))
            return false;
        bool same = hash_equal(root, seen->root);
        if (!same && (!other || seen->size < other->size))
            other = seen;
        if (same && has_quorum(seen) && seen->size > witnessed)
            witnessed = seen->size;
    }
    if (!other)
        return true;
    if (must_be_of(s, other))
        sim_broken(sim, "the log of node %zu is not that of size %" PRIu64 " that was signed",
                   s->instance->org, other->size);
    /* The one does not continue the other; a smaller one might be what both continue. */
    if (witnessed >= other->size) {
        sim_say(sim,
                "of the log of node %zu %" PRIu64 " had the quorum, and %" PRIu64 " of another",
                s->instance->org, witnessed, other->size);
        sim->out->split = true;
    }
    return true;
}

static bool read_clock(struct sight *s, struct store_reader *reader, struct arena *arena,
                       struct err *err)
{
    struct span row;
    struct json clock = json_object();

    if (!store_get(reader, "clock", SPAN_LIT("clock"), s->head.size - 1, &row, NULL, arena, err) ||
        (row.at && !json_parse_canonical(&clock, row, arena, err)))
        return false;
    s->state.now_ms = json_get_integer(&clock, "now_ms", 0);
    return true;
}

static bool read_state(struct sight *s, struct arena *arena, struct err *err)
{
    struct store_reader *reader = NULL;
    uint64_t applied;

    s->state.root = s->head.root;
    bool ok = store_reader_open(node_store(s->instance->node), &reader, err) &&
              store_applied(reader, &applied, err);
    if (ok && applied < s->head.size)
        ok = err_set(err, ERR_CONFLICT, "%" PRIu64 " of %" PRIu64 " entries are applied", applied,
                     s->head.size);
    ok = ok && store_digest(reader, s->head.size - 1, &s->state.digest, err) &&
         read_clock(s, reader, arena, err);
    store_reader_close(reader);
    return ok;
}

/* The same log, the same register. */
static void compare_state(struct sight *s)
{
    struct sim *sim = s->instance->sim;

    for (size_t i = 0; i < sim->state_count; i++)
        if (hash_equal(sim->state[i].root, s->state.root)) {
            if (!hash_equal(sim->state[i].digest, s->state.digest) ||
                sim->state[i].now_ms != s->state.now_ms)
                sim_broken(sim, "node %zu computes another register at size %" PRIu64,
                           s->instance->org, s->head.size);
            return;
        }
    sim->state = sim_more(sim->state, sim->state_count, &sim->state_room, sizeof *sim->state);
    sim->state[sim->state_count++] = s->state;
}

static void compare_time(struct sight *s)
{
    struct instance *instance = s->instance;

    if (s->head.size < instance->now_size)
        sim_broken(instance->sim, "the log of node %zu shrinks from %" PRIu64 " to %" PRIu64,
                   instance->org, instance->now_size, s->head.size);
    if (s->state.now_ms < instance->now_ms)
        sim_broken(instance->sim, "the time of node %zu goes back", instance->org);
    instance->now_size = s->head.size;
    instance->now_ms = s->state.now_ms;
}

static bool look(struct sight *s, bool all, struct arena *arena, struct err *err)
{
    if (!log_reader_open(&s->log, node_disk(s->instance->node), s->head.size, err) ||
        !check_seen(s, all, err) || !read_state(s, arena, err))
        return false;
    compare_state(s);
    compare_time(s);
    return true;
}

/* Only where its checkpoint is another than it was; at the end, everywhere and against all. */
static void watch(struct instance *instance, bool all)
{
    struct sight s = {.instance = instance};
    struct sim *sim = instance->sim;
    struct arena *arena = &sim->working;
    struct span note;
    struct err err = {0};

    bool ok = node_checkpoint(instance->node, &s.head, &note, arena, &err);
    if (ok && note.len > 0 && (all || !hash_equal(hash_of(note), instance->note))) {
        instance->note = hash_of(note);
        watch_note(sim, note);
        s.term = succession_find(sim, span_of(s.head.origin));
        ok = !sim_is_honest(sim, instance->org) || look(&s, all, arena, &err);
        log_reader_close(s.log);
    }
    if (!ok && sim_is_honest(sim, instance->org) && !instance->hurt)
        sim_broken(sim, "node %zu: %s", instance->org, err.text);
}

void watch_instance(struct instance *instance)
{
    watch(instance, false);
}

void watch_all(struct instance *instance)
{
    watch(instance, true);
}

/* --- records --- */

void watch_taken(struct sim *sim, size_t org, size_t author, const struct answer *answer)
{
    if (!sim_is_honest(sim, org))
        return;
    sim->taken = sim_more(sim->taken, sim->taken_count, &sim->taken_room, sizeof *sim->taken);
    struct taken *taken = &sim->taken[sim->taken_count++];
    *taken = (struct taken){.org = org, .author = author, .note = sim->org[author].pending.note};
    memcpy(taken->id, answer->id, sizeof taken->id);
    sim->out->promised++;
}
