/*
 * Notes: what was read and is written again is the same bytes, for a note has only one
 * spelling. And any text that we sign is read back as that text, our line behind it.
 */

#include "base/limits.h"
#include "codec/utf8.h"
#include "ledger/note.h"

#define SIGNED_BYTES 64u /* of text: enough for any arrangement of lines, and signing is slow */

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct note_signer author;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const uint8_t seed[SIGN_SEED_BYTES] = {1};

    (void)argc, (void)argv;
    bool started = sign_start();
    assert(started);
    note_signer_make(&author, SPAN_LIT("agreement/author/1"), NOTE_TYPE_ED25519, seed);
    return 0;
}

static void check_written(const struct note *note, struct span bytes, struct arena *arena)
{
    struct buf buf = buf_in(arena, bytes.len);

    buf_put(&buf, note->text);
    buf_byte(&buf, '\n');
    for (size_t i = 0; i < note->count; i++)
        note_put_line(&buf, note->line[i].name, note->line[i].key_id, note->line[i].signature);
    assert(!buf.full && span_equal(buf_span(&buf), bytes));
}

static void check_lines(const struct note *note)
{
    assert(note->count >= 1 && note->count <= LIMIT_NOTE_SIGNATURES);
    assert(note->text.len >= 1 && note->text.at[note->text.len - 1] == '\n');
    for (size_t i = 0; i < note->count; i++) {
        assert(note->line[i].name.len >= 1 && utf8_valid(note->line[i].name));
        assert(!memchr(note->line[i].name.at, '+', note->line[i].name.len));
        assert(!memchr(note->line[i].name.at, ' ', note->line[i].name.len));
        assert(note->line[i].signature.len >= 1);
        assert(note->line[i].signature.len <= LIMIT_SIGNATURE_BYTES);
    }
}

static bool is_text(struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.at[i] < 0x20 && bytes.at[i] != '\n')
            return false;
    return bytes.len > 0 && bytes.at[bytes.len - 1] == '\n' && utf8_valid(bytes);
}

static void check_signed(struct span text, struct arena *arena)
{
    const struct note_key key = note_signer_key(&author);
    struct note note;
    struct err err;

    bool ok = note_parse(&note, note_sign(text, &author, arena), arena, &err);
    assert(ok && span_equal(note.text, text) && note.count == 1);
    assert(note_find(&note, &key) == &note.line[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span bytes = span_make(data, size);
    struct arena arena = {0};
    struct note note;
    struct err err;

    if (note_parse(&note, bytes, &arena, &err)) {
        check_lines(&note);
        check_written(&note, bytes, &arena);
    }
    if (size <= SIGNED_BYTES && is_text(bytes))
        check_signed(bytes, &arena);
    arena_free(&arena);
    return 0;
}
