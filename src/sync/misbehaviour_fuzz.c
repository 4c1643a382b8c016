/*
 * Proofs of misbehaviour: what is read is written as it was; and what proves anything, to
 * somebody who trusts the entry 0 that is in it, is of the form, accuses somebody whom its
 * sentence names, and proves it to nobody who trusts another.
 */

#include "record/record.h"
#include "sync/misbehaviour.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    bool started = sign_start();
    assert(started);
    return 0;
}

static void check_proven(const struct proven *proven, struct arena *arena)
{
    const char *sentence = arena_text(arena, proven->sentence);

    assert(proven->count > 0);
    for (size_t i = 0; i < proven->count; i++)
        assert(strstr(sentence, proven->accused[i].key));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char other[] = "0000000000000000000000000000000000000000000000000000000000000000";
    struct span bytes = span_make(data, size);
    struct misbehaviour misbehaviour;
    struct arena arena = {0};
    struct record entry;
    struct proven proven;
    struct err err;

    if (misbehaviour_parse(&misbehaviour, bytes, &arena, &err)) {
        assert(span_equal(misbehaviour_encode(&misbehaviour, &arena), bytes));
        if (record_parse(&entry, misbehaviour.entry, &arena, &err) &&
            misbehaviour_verify(&proven, bytes, entry.id_text, &arena, &err))
            check_proven(&proven, &arena);
    }
    assert(!misbehaviour_verify(&proven, bytes, other, &arena, &err));
    assert(err.kind == ERR_MALFORMED || err.kind == ERR_LIMIT || err.kind == ERR_REFUSED ||
           err.kind == ERR_CONFLICT);
    arena_free(&arena);
    return 0;
}
