#include "node/quarantine.h"

#include "base/test.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "sys/scratch.h"

static struct note_signer signer_of(void)
{
    static const uint8_t seed[SIGN_SEED_BYTES] = {7};
    struct note_signer signer;

    note_signer_make(&signer, SPAN_LIT("o/node"), NOTE_TYPE_ED25519, seed);
    return signer;
}

/* The third line of a note whose signature holds. */
static struct json read_note(struct span bytes, const struct note_signer *signer,
                             struct arena *arena)
{
    struct note_key key = note_signer_key(signer);
    struct note note;
    struct json value;
    struct span line, rest;
    struct err err = {0};

    assert_true(note_parse(&note, bytes, arena, &err));
    assert_true(note_line_verify(&note, &note.line[0], &key));
    rest = note.text;
    assert_true(span_cut(&rest, '\n', &line) && span_is(line, "demo.invalid/x"));
    assert_true(span_cut(&rest, '\n', &line) && span_is(line, "quarantine"));
    assert_true(span_cut(&rest, '\n', &line));
    assert_true(json_parse_canonical(&value, line, arena, &err));
    return value;
}

static void test_kept_and_noted(void **state)
{
    const struct quarantine_why why = {.device = "seven",
                                       .form = SPAN_LIT("report"),
                                       .instance = SPAN_LIT("uuid:1"),
                                       .reason = "other XML",
                                       .at_ms = 1000};
    struct note_signer signer = signer_of();
    struct scratch scratch = scratch_make();
    struct arena arena = {0};
    struct quarantine *q;
    struct disk *disk;
    struct err err = {0};
    struct span *notes, body;
    size_t count;
    char path[96], hex[65];

    (void)state;
    assert_true(disk_open(&disk, scratch.path, false, &err));
    assert_true(quarantine_open(&q, disk, "demo.invalid/x", &signer, &err));
    assert_true(quarantine_keep(q, SPAN_LIT("one"), &why, &err));
    assert_true(quarantine_keep(q, SPAN_LIT("one"), &why, &err)); /* once more: noted once */
    quarantine_close(q);
    assert_true(quarantine_open(&q, disk, "demo.invalid/x", &signer, &err));
    assert_true(quarantine_keep(q, SPAN_LIT("two"), &why, &err));
    assert_true(quarantine_keep(q, SPAN_LIT("one"), &why, &err));
    quarantine_close(q);

    assert_true(quarantine_list(disk, &notes, &count, &arena, &err));
    assert_int_equal(count, 2);
    struct json first = read_note(notes[0], &signer, &arena);
    struct json second = read_note(notes[1], &signer, &arena);
    assert_true(span_is(json_get_text(&first, "reason"), "other XML"));
    assert_true(span_is(json_get_text(&first, "device"), "seven"));
    assert_true(span_is(json_get_text(&first, "prev"), ""));
    struct hash hash = hash_of(notes[0]);
    hex_text(hex, hash_span(&hash));
    assert_true(span_is(json_get_text(&second, "prev"), hex));
    snprintf(path, sizeof path, "quarantine/%.*s", SPAN_ARG(json_get_text(&second, "body")));
    assert_true(disk_read(disk, path, 16, &body, &arena, &err));
    assert_true(span_is(body, "two"));

    disk_close(disk);
    arena_free(&arena);
    scratch_remove(&scratch);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_kept_and_noted),
};
RUN_TESTS(tests)
