/* Key files come on sticks from other machines: what is read is written as it was, costs no
 * more than we are ready to spend, and opens only as what it says it is. */

#include "node/key_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_sealed(const struct key_file *file)
{
    static const struct secretbox_key no_key;
    struct note_signer signer = {0};
    struct err err = {0};

    assert(file->cost.passes >= 1 && file->cost.passes <= LIMIT_KEY_PASSES);
    assert(file->cost.memory_kib >= 8 && file->cost.memory_kib <= LIMIT_KEY_MEMORY_KIB);
    bool opened = key_file_unseal(&signer, file, &no_key, &err);
    assert(!opened && err.kind == ERR_REFUSED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span text = span_make(data, size);
    struct arena arena = {0};
    struct buf buf = buf_in(&arena, KEY_FILE_BYTES);
    struct key_file file;
    struct err err = {0};

    bool started = sign_start();
    assert(started);
    if (key_file_parse(&file, text, &err)) {
        key_file_put(&buf, &file);
        assert(!buf.full && span_equal(buf_span(&buf), text));
        assert(note_name_valid(span_of(file.key.name)));
        if (file.is_sealed)
            check_sealed(&file);
    }
    arena_free(&arena);
    return 0;
}
