/*
 * Checkpoints: a text that is read is written as it was; signed by a log of its origin it
 * is opened as what it says, and for a log of another it is not. The bytes are also taken
 * for a signed checkpoint, of a log whose key is in the corpus.
 */

#include "base/limits.h"
#include "ledger/checkpoint.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct note_signer log_signer;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const uint8_t seed[SIGN_SEED_BYTES] = {1};

    (void)argc, (void)argv;
    bool started = sign_start();
    assert(started);
    note_signer_make(&log_signer, SPAN_LIT("log/term/1"), NOTE_TYPE_ED25519, seed);
    return 0;
}

/* The key of that log as the key of another. */
static struct note_signer log_of(const char *origin)
{
    struct note_signer other = log_signer;

    memset(other.name, 0, sizeof other.name);
    memcpy(other.name, origin, strlen(origin));
    return other;
}

static void check_written(const struct checkpoint *checkpoint, struct span text,
                          struct arena *arena)
{
    struct buf buf = buf_in(arena, text.len);

    assert(note_name_valid(span_of(checkpoint->origin)));
    assert(checkpoint->size <= LIMIT_TREE_SIZE);
    checkpoint_put(&buf, checkpoint);
    assert(!buf.full && span_equal(buf_span(&buf), text));
}

static void check_signed(const struct checkpoint *checkpoint, struct span text, struct arena *arena)
{
    const struct note_signer own = log_of(checkpoint->origin), other = log_of("other/term/1");
    const struct note_key key = note_signer_key(&own), other_key = note_signer_key(&other);
    const struct span signed_by_own = note_sign(text, &own, arena);
    struct checkpoint opened;
    struct note note;
    struct err err;

    bool ok = checkpoint_open(&opened, &note, signed_by_own, &key, arena, &err);
    assert(ok && opened.size == checkpoint->size && hash_equal(opened.root, checkpoint->root));
    ok = checkpoint_open(&opened, &note, signed_by_own, &other_key, arena, &err);
    assert(!ok || strcmp(key.name, other_key.name) == 0);
}

static void check_opened(struct span bytes, struct arena *arena)
{
    const struct note_key key = note_signer_key(&log_signer);
    struct checkpoint opened, parsed;
    struct note note;
    struct err err;

    if (!checkpoint_open(&opened, &note, bytes, &key, arena, &err))
        return;
    bool ok = checkpoint_parse(&parsed, note.text, &err);
    assert(ok && strcmp(parsed.origin, key.name) == 0 && parsed.size == opened.size);
    const struct note_line *line = note_find(&note, &key);
    ok = line && note_line_verify(&note, line, &key);
    assert(ok);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span bytes = span_make(data, size);
    struct arena arena = {0};
    struct checkpoint checkpoint;
    struct err err;

    if (checkpoint_parse(&checkpoint, bytes, &err)) {
        check_written(&checkpoint, bytes, &arena);
        check_signed(&checkpoint, bytes, &arena);
    }
    check_opened(bytes, &arena);
    arena_free(&arena);
    return 0;
}
