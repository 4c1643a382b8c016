/*
 * Cosignatures: the bytes are signature lines behind a checkpoint. Ed25519 is
 * deterministic, so the only line that may hold for a witness is the one it would write
 * itself at that time; and what it writes at whatever time the bytes begin with, holds.
 */

#include "base/reader.h"
#include "ledger/cosignature.h"

#define TEXT "log/term/1\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct note_signer witness;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const uint8_t seed[SIGN_SEED_BYTES] = {1};

    (void)argc, (void)argv;
    bool started = sign_start();
    assert(started);
    note_signer_make(&witness, SPAN_LIT("w"), NOTE_TYPE_COSIGNATURE, seed);
    return 0;
}

static bool parse_behind_text(struct note *note, struct span lines, struct arena *arena)
{
    struct buf buf = buf_in(arena, sizeof TEXT + lines.len);
    struct err err;

    buf_text(&buf, TEXT "\n");
    buf_put(&buf, lines);
    return note_parse(note, buf_span(&buf), arena, &err) && span_is(note->text, TEXT);
}

static void check_lines(const struct note *note, struct arena *arena)
{
    const struct note_key key = note_signer_key(&witness);

    for (size_t i = 0; i < note->count; i++) {
        uint64_t seconds;
        if (cosignature_verify(&seconds, note->text, &note->line[i], &key))
            assert(span_equal(note->line[i].signature,
                              cosignature_sign(note->text, seconds, &witness, arena)));
    }
}

static void check_own(uint64_t seconds, struct arena *arena)
{
    const struct note_key key = note_signer_key(&witness);
    struct buf line = buf_in(arena, 1000);
    struct note note;
    uint64_t got;

    if (seconds == 0 || seconds > COSIGNATURE_LAST_SECOND)
        return;
    cosignature_put_line(&line, SPAN_LIT(TEXT), seconds, &witness, arena);
    bool ok = parse_behind_text(&note, buf_span(&line), arena) && note.count == 1 &&
              cosignature_verify(&got, note.text, &note.line[0], &key) && got == seconds;
    assert(ok);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span lines = span_make(data, size);
    struct reader r = reader_over(lines);
    struct arena arena = {0};
    struct note note;

    if (parse_behind_text(&note, lines, &arena))
        check_lines(&note, &arena);
    check_own(reader_u64be(&r), &arena);
    arena_free(&arena);
    return 0;
}
