/* Names, vkeys and key files: what was read is written as the text it was read from. */

#include "base/limits.h"
#include "ledger/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = span_make(data, size);
    struct arena arena = {0};
    struct note_key key;
    struct note_signer signer;
    struct err err;

    bool started = sign_start();
    assert(started);
    if (note_name_valid(text)) {
        const uint8_t seed[SIGN_SEED_BYTES] = {1};
        note_signer_make(&signer, text, NOTE_TYPE_COSIGNATURE, seed);
        struct note_key made = note_signer_key(&signer);
        bool ok = note_key_parse(&key, span_of(note_key_text(&made, &arena)), &err);
        assert(ok && span_is(text, key.name) && key.type == made.type);
    }
    if (note_key_parse(&key, text, &err)) {
        assert(note_name_valid(span_of(key.name)));
        assert(span_is(text, note_key_text(&key, &arena)));
        struct note_key again;
        bool ok = note_key_parse_again(&again, text, &err);
        assert(ok && note_key_equal(&again, &key));
    }
    if (note_signer_parse(&signer, text, &err))
        assert(span_is(text, note_signer_text(&signer, &arena)));
    arena_free(&arena);
    return 0;
}
