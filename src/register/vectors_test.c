#include "base/test.h"
#include "codec/base64.h"
#include "codec/hex.h"
#include "ledger/cosignature.h"
#include "ledger/proof.h"
#include "ledger/statement.h"
#include "register/scenario.h"

#include <stdio.h>

/* doc/vectors.json, read by the program's own parsers: what it says is accepted is, and what
 * is refused is not; and its logs, applied anew, give the same bytes. */

#define PATH "doc/vectors.json"
#define MOST_BYTES (1u << 20)

static struct arena arena;
static struct json vectors;

static int read_vectors(void **state)
{
    FILE *file = fopen(PATH, "rb"); /* tests run in the root of the checkout */
    uint8_t *bytes = arena_alloc(&arena, MOST_BYTES);
    struct err err = {0};

    (void)state;
    if (!file || !sign_start())
        return -1;
    size_t len = fread(bytes, 1, MOST_BYTES, file);
    fclose(file);
    return len < MOST_BYTES && json_parse(&vectors, span_make(bytes, len), &arena, &err) ? 0 : -1;
}

static int drop_vectors(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* A list of the vectors, which is not empty. */
static const struct json *list_at(const struct json *object, const char *name)
{
    const struct json *list = json_get(object, name);

    CHECK_CASE(name, list && list->type == JSON_ARRAY && list->array.count > 0);
    return list;
}

static struct span text_at(const struct json *object, const char *name)
{
    const struct json *text = json_get(object, name);

    CHECK_CASE(name, text && text->type == JSON_STRING);
    return text->string;
}

static struct span bytes_at(const struct json *object, const char *name)
{
    struct span bytes;

    CHECK_CASE(name, base64_parse(&bytes, text_at(object, name), MOST_BYTES, &arena));
    return bytes;
}

static struct hash hash_at(const struct json *object, const char *name)
{
    struct hash hash;

    CHECK_CASE(name, hex_parse(hash.bytes, sizeof hash.bytes, text_at(object, name)));
    return hash;
}

static void test_names(void **state)
{
    const struct json *names = json_get(&vectors, "names");
    const struct json *accepted = list_at(names, "accepted"), *refused = list_at(names, "refused");

    (void)state;
    for (size_t i = 0; i < accepted->array.count; i++)
        assert_true(note_name_valid(accepted->array.at[i].string));
    for (size_t i = 0; i < refused->array.count; i++)
        assert_false(note_name_valid(refused->array.at[i].string));
}

static void test_keys(void **state)
{
    const struct json *keys = list_at(&vectors, "keys");

    (void)state;
    for (size_t i = 0; i < keys->array.count; i++) {
        const struct json *row = &keys->array.at[i];
        struct note_signer signer;
        struct note_key key;
        struct err err = {0};

        assert_true(note_signer_parse(&signer, text_at(row, "key_file"), &err));
        key = note_signer_key(&signer);
        assert_true(span_is(text_at(row, "vkey"), note_key_text(&key, &arena)));
        assert_true(note_key_parse(&key, text_at(row, "vkey"), &err));
        assert_true(span_is(text_at(row, "name"), key.name));
        assert_int_equal(json_get_integer(row, "type", 0), key.type);
        sign_secret_wipe(&signer.secret);
    }
}

static void test_canonical_json(void **state)
{
    const struct json *texts = json_get(&vectors, "canonical_json");
    const struct json *accepted = list_at(texts, "accepted"), *refused = list_at(texts, "refused");
    struct json value;
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < accepted->array.count; i++) {
        struct span text = accepted->array.at[i].string;

        assert_true(json_parse_canonical(&value, text, &arena, &err));
        assert_true(span_equal(json_bytes(&value, &arena), text));
    }
    for (size_t i = 0; i < refused->array.count; i++) {
        const struct json *row = &refused->array.at[i];

        assert_false(json_parse_canonical(&value, text_at(row, "text"), &arena, &err));
    }
}

static void test_records(void **state)
{
    const struct json *records = list_at(&vectors, "records");
    const struct json *not_records = list_at(&vectors, "not_records");
    struct record record;
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < records->array.count; i++) {
        const struct json *row = &records->array.at[i];

        assert_true(record_parse(&record, text_at(row, "note"), &arena, &err));
        assert_true(span_equal(record.note.text, text_at(row, "text")));
        assert_true(span_is(text_at(row, "id"), record.id_text));
        assert_true(span_equal(record.kind, text_at(row, "kind")));
        assert_true(span_equal(record.by, text_at(row, "by")));
        assert_true(span_equal(record.prev, text_at(row, "prev")));
        assert_int_equal(record.seq, json_get_integer(row, "seq", 0));
    }
    for (size_t i = 0; i < not_records->array.count; i++)
        assert_false(
            record_parse(&record, text_at(&not_records->array.at[i], "note"), &arena, &err));
}

static void test_parts(void **state)
{
    const struct json *parts = list_at(&vectors, "parts");

    (void)state;
    for (size_t i = 0; i < parts->array.count; i++) {
        const struct json *row = &parts->array.at[i];
        struct part part;
        struct span bytes;
        struct err err = {0};

        assert_true(parts_check(row, &err));
        assert_true(part_at(row, 0, &part));
        assert_true(part_open(&part, bytes_at(row, "stored_b64"), &bytes));
        assert_true(span_equal(bytes, text_at(row, "bytes")));
    }
}

static void test_statements(void **state)
{
    const struct json *statements = list_at(&vectors, "statements");

    (void)state;
    for (size_t i = 0; i < statements->array.count; i++) {
        const struct json *row = &statements->array.at[i];
        struct statement statement;
        struct record record;
        struct note_key key;
        struct err err = {0};

        assert_true(statement_parse(&statement, text_at(row, "note"), &arena, &err));
        assert_true(note_key_parse(&key, text_at(row, "vkey"), &err));
        assert_true(statement_verify(&statement, &key));
        assert_true(span_equal(statement.word, text_at(row, "word")));
        assert_false(record_parse(&record, text_at(row, "note"), &arena, &err));
    }
}

static void test_published(void **state)
{
    const struct json *published = json_get(&vectors, "published");
    const struct json *witnesses = list_at(published, "witness_vkeys");
    const struct json *seconds = list_at(published, "witness_seconds");
    struct note_key log_key, witness;
    struct checkpoint checkpoint, again;
    struct note note;
    struct proof proof;
    struct err err = {0};

    (void)state;
    struct span bytes = text_at(published, "checkpoint");
    assert_true(note_key_parse(&log_key, text_at(published, "log_vkey"), &err));
    assert_true(checkpoint_open(&checkpoint, &note, bytes, &log_key, &arena, &err));
    for (size_t i = 0; i < witnesses->array.count; i++) {
        uint64_t at = 0;

        assert_true(note_key_parse(&witness, witnesses->array.at[i].string, &err));
        const struct note_line *line = note_find(&note, &witness);
        assert_true(line && cosignature_verify(&at, note.text, line, &witness));
        assert_int_equal(at, seconds->array.at[i].integer);
    }

    const struct json *receipt = json_get(published, "receipt");
    assert_true(proof_parse(&proof, text_at(receipt, "text"), &arena, &err));
    assert_true(proof_verify(&proof, &again, text_at(receipt, "text"), merkle_leaf(proof.extra),
                             &log_key, &arena, &err));
    assert_int_equal(proof.index, json_get_integer(receipt, "index", -1));
    assert_true(hash_equal(again.root, checkpoint.root) && again.size == checkpoint.size);
}

static void test_logs(void **state)
{
    const struct json *logs = json_get(&vectors, "logs");

    (void)state;
    assert_true(logs && logs->object.count == 3);
    for (size_t n = 0; n < logs->object.count; n++) {
        const struct json *entries = list_at(&logs->object.at[n].value, "entries");
        struct test_log log;
        struct err err = {0};

        test_log_open(&log, NULL);
        for (size_t i = 0; i < entries->array.count; i++) {
            const struct json *row = &entries->array.at[i];

            assert_true(test_append(&log, bytes_at(row, "entry_b64"), &err));
            assert_true(span_is(text_at(row, "verdict"), test_verdict(&log)));
            assert_true(span_equal(text_at(row, "effects"), log.effects_bytes));
            assert_true(hash_equal(hash_at(row, "digest_hex"), log.digest));
            assert_true(hash_equal(hash_at(row, "root_hex"), log.root[log.size]));
        }
        test_log_close(&log);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_names),          cmocka_unit_test(test_keys),
    cmocka_unit_test(test_canonical_json), cmocka_unit_test(test_records),
    cmocka_unit_test(test_parts),          cmocka_unit_test(test_statements),
    cmocka_unit_test(test_published),      cmocka_unit_test(test_logs),
};

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, read_vectors, drop_vectors);
}
