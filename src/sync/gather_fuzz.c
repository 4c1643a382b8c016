/*
 * What a witness may answer: as lines, as a whole note, as a size. What comes out is the note
 * with the log's line and lines of the set's witnesses that hold, whatever was answered.
 */

#include "sync/gather.h"

#include "sync/gather_script.h"
#include "sync/witness_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define WITNESSES 3u
#define SIZE 40u

static struct arena arena;

struct said { /* the same twice */
    int status;
    struct span body;
};

static bool give(void *context, struct call *call, struct arena *in)
{
    const struct said *said = context;

    call->status = said->status;
    call->reply = arena_copy(in, said->body);
    call->reply_type = SPAN_LIT("text/x.tlog.size");
    return true;
}

static struct witness_set make_set(void)
{
    static const char *const names[WITNESSES] = {"w1", "w2", "w3"};
    struct witness_set set = {.count = WITNESSES, .quorum = WITNESSES};

    for (unsigned i = 0; i < WITNESSES; i++) {
        struct note_signer signer;
        witness_world_key(&signer, names[i], NOTE_TYPE_COSIGNATURE, (uint8_t)(101 + i));
        set.at[i] = note_signer_key(&signer);
        set.in_force[i] = true;
    }
    return set;
}

/* One form; every line one of the set's that holds; merging again changes nothing. */
static void check(const struct witness_world *w, const struct witness_set *set, struct span bytes)
{
    const struct note_key log = note_signer_key(&w->log[0]);
    struct checkpoint checkpoint;
    struct err err = {0};
    struct note note;

    bool ok = checkpoint_open(&checkpoint, &note, bytes, &log, &arena, &err);
    assert(ok && checkpoint.size == SIZE);
    assert(witness_count(set, bytes) == note.count - 1);
    for (size_t i = 2; i < note.count; i++)
        assert(span_compare(note.line[i - 1].name, note.line[i].name) < 0);
    assert(span_equal(witness_merge(set, bytes, bytes, &arena), bytes));
}

static void check_gather(const struct witness_world *w, const struct witness_set *set,
                         struct span note, struct said said)
{
    uint64_t lies_from = WITNESS_WORLD_TRUE;
    struct script_peer peer = {"http://w1", 1, give, &said, 0};
    struct script script = {&peer, 1, 0};
    const struct transport transport = {script_run, &script};
    struct gather_peer asked = {"http://w1", 9};
    struct gather gather = {&transport,         &asked,     1,    set, 10,
                            witness_world_hash, &lies_from, NULL, NULL};

    check(w, set, gather_run(&gather, note, &arena));
    assert(peer.questions == 1 || (peer.questions == 2 && said.status == 409));
    assert(asked.old <= LIMIT_TREE_SIZE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct witness_world w; /* making keys takes longer than all the rest */
    static struct witness_set set;
    static struct checkpoint checkpoint;
    struct span bytes = span_make(data, size);

    if (set.count == 0) {
        w = witness_world_make();
        set = make_set();
        checkpoint = witness_world_checkpoint(&w, 1, SIZE, WITNESS_WORLD_TRUE);
    }
    struct span note = witness_world_note(&checkpoint, &w.log[0], &arena);
    check_gather(&w, &set, note, (struct said){200, bytes});
    check_gather(&w, &set, note, (struct said){409, bytes});
    check(&w, &set, witness_merge(&set, note, bytes, &arena));
    (void)witness_count(&set, bytes);

    /* As the note itself: merged or left as it is. */
    struct span merged = witness_merge(&set, bytes, note, &arena);
    assert(span_equal(merged, bytes) ||
           span_equal(witness_merge(&set, merged, note, &arena), merged));
    arena_reset(&arena);
    return 0;
}
