#include "base/limits.h"
#include "base/test.h"
#include "codec/base64.h"
#include "ledger/proof.h"

static struct arena arena;

static int reset(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

#define HEADER "c2sp.org/tlog-proof@v1\n"
#define HASH "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

static void test_parse(void **state)
{
    static const struct {
        const char *name;
        const char *text;
        const char *fault; /* "": is accepted */
    } cases[] = {
        {"no hash", HEADER "index 0\n\nnote", ""},
        {"three hashes", HEADER "index 7\n" HASH HASH HASH "\nnote", ""},
        {"an entry with it", HEADER "extra AAEC\nindex 7\n" HASH "\nnote", ""},
        {"the largest index", HEADER "index 9007199254740991\n\nnote", ""},
        {"empty lines in the note", HEADER "index 0\n\n\n\nnote\n\n", ""},

        {"nothing", "", "must stand here"},
        {"another version", "c2sp.org/tlog-proof@v2\nindex 0\n\nnote", "must stand here"},
        {"a longer header", "c2sp.org/tlog-proof@v10\nindex 0\n\nnote", "must stand here"},
        {"carriage returns", "c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\nnote", "must stand here"},
        {"no index", HEADER "\nnote", "must stand here"},
        {"hashes before the index", HEADER HASH "index 7\n\nnote", "must stand here"},
        {"extra behind the index", HEADER "index 7\nextra AAEC\n\nnote", "a hash is not"},
        {"extra twice", HEADER "extra AAEC\nextra AAEC\nindex 7\n\nnote", "must stand here"},
        {"an empty extra", HEADER "extra \nindex 7\n\nnote", "empty line"},
        {"extra without its space", HEADER "extra\nindex 7\n\nnote", "must stand here"},
        {"extra not base64", HEADER "extra AAE\nindex 7\n\nnote", "extra not"},
        {"an empty index", HEADER "index \n\nnote", "empty line"},
        {"leading zero", HEADER "index 07\n\nnote", "leading zero"},
        {"two spaces", HEADER "index  7\n\nnote", "not a decimal"},
        {"negative", HEADER "index -7\n\nnote", "not a decimal"},
        {"an index past the limit", HEADER "index 9007199254740992\n\nnote", "larger than"},
        {"a hash cut short", HEADER "index 7\nCsUYapGG\n\nnote", "not 32 bytes"},
        {"a hash of 33 bytes", HEADER "index 7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2Ii\n\n",
         "not 32 bytes"},
        {"a hash with spare bits",
         HEADER "index 7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n\nnote", "canonical"},
        {"a hash with a space before it", HEADER "index 7\n " HASH "\nnote", "line too long"},
        {"no empty line", HEADER "index 7\n" HASH, "line not ended"},
        {"cut short in a hash", HEADER "index 7\nCsUYap", "line not ended"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct proof got = {.index = 99};
        struct err err = {0};
        bool ok = proof_parse(&got, span_of(cases[i].text), &arena, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, ok || got.index == 99);
        if (!ok)
            continue;
        struct buf buf = buf_in(&arena, 10000);
        proof_put(&buf, &got);
        CHECK_CASE(cases[i].name, span_is(buf_span(&buf), cases[i].text));
    }
}

static void test_most_hashes(void **state)
{
    for (size_t count = LIMIT_PROOF_HASHES; count <= LIMIT_PROOF_HASHES + 1; count++) {
        struct buf buf = buf_in(&arena, 10000);
        struct proof got;
        struct err err;

        buf_text(&buf, HEADER "index 7\n");
        for (size_t i = 0; i < count; i++)
            buf_text(&buf, HASH);
        buf_text(&buf, "\n");
        bool ok = proof_parse(&got, buf_span(&buf), &arena, &err);
        assert_true(ok == (count == LIMIT_PROOF_HASHES));
        assert_true(ok || strstr(err.text, "more hashes"));
    }
    (void)state;
}

#define ENTRIES 9
static struct hash leaf[ENTRIES];

static bool lookup(void *context, unsigned level, uint64_t index, struct hash *out, struct err *err)
{
    struct merkle tree = {0};

    (void)context, (void)err;
    for (uint64_t i = index << level; i < (index + 1) << level; i++)
        merkle_push(&tree, leaf[i]);
    *out = merkle_root(&tree);
    return true;
}

static struct note_signer make_signer(const char *name, uint8_t seed_byte)
{
    const uint8_t seed[SIGN_SEED_BYTES] = {seed_byte};
    struct note_signer signer;

    note_signer_make(&signer, span_of(name), NOTE_TYPE_ED25519, seed);
    return signer;
}

/* The receipt of entry `index` of a log of ENTRIES, with its one byte. */
static struct span make_receipt(uint64_t index, const struct note_signer *log)
{
    struct checkpoint checkpoint = {.origin = "log/term/1", .size = ENTRIES};
    struct merkle tree = {0};
    struct proof proof = {.index = index, .extra = span_make(&index, 1)};
    struct buf text = buf_in(&arena, 1000), receipt = buf_in(&arena, 10000);
    struct err err;

    for (size_t i = 0; i < ENTRIES; i++) {
        leaf[i] = merkle_leaf(span_make(&i, 1));
        merkle_push(&tree, leaf[i]);
    }
    checkpoint.root = merkle_root(&tree);
    checkpoint_put(&text, &checkpoint);
    proof.checkpoint_note = note_sign(buf_span(&text), log, &arena);
    assert_true(merkle_prove_inclusion(&proof.inclusion, index, ENTRIES, lookup, NULL, &err));
    proof_put(&receipt, &proof);
    assert_false(receipt.full);
    return buf_span(&receipt);
}

static void test_verify(void **state)
{
    struct note_signer log = make_signer("log/term/1", 1), other = make_signer("log/term/1", 2);
    struct note_key key = note_signer_key(&log), other_key = note_signer_key(&other);
    struct proof proof;
    struct checkpoint checkpoint;
    struct err err;

    (void)state;
    for (uint64_t index = 0; index < ENTRIES; index++) {
        struct span receipt = make_receipt(index, &log);
        for (uint64_t entry = 0; entry < ENTRIES; entry++) {
            bool ok = proof_verify(&proof, &checkpoint, receipt, leaf[entry], &key, &arena, &err);
            assert_true(ok == (entry == index));
            assert_true(ok || strstr(err.text, "the entry is not number"));
        }
        assert_true(proof_verify(&proof, &checkpoint, receipt, leaf[index], &key, &arena, &err));
        assert_int_equal(proof.index, index);
        assert_int_equal(checkpoint.size, ENTRIES);
        assert_false(
            proof_verify(&proof, &checkpoint, receipt, leaf[index], &other_key, &arena, &err));
        assert_non_null(strstr(err.text, "not signed by the log's key"));
    }
}

/* As a stranger checks it, who has the receipt and the log's key and nothing else. */
static bool holds_alone(struct span receipt, const struct note_key *key)
{
    struct arena own = {0};
    struct proof proof;
    struct checkpoint checkpoint;
    struct err err;

    bool ok = proof_parse(&proof, receipt, &own, &err) &&
              proof_verify(&proof, &checkpoint, receipt, merkle_leaf(proof.extra), key, &own, &err);
    arena_free(&own);
    return ok;
}

/* Whatever one bit of a receipt is changed to, it no longer holds. */
static void test_every_bit_counts(void **state)
{
    struct note_signer log = make_signer("log/term/1", 1);
    struct note_key key = note_signer_key(&log);
    struct span receipt = make_receipt(3, &log);
    uint8_t *bytes = arena_alloc(&arena, receipt.len);

    (void)state;
    memcpy(bytes, receipt.at, receipt.len);
    for (size_t bit = 0; bit < 8 * receipt.len; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(holds_alone(span_make(bytes, receipt.len), &key));
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t len = 0; len < receipt.len; len++)
        assert_false(holds_alone(span_slice(receipt, 0, len), &key));
    assert_true(holds_alone(receipt, &key));
}

static void test_out_is_left_alone(void **state)
{
    struct note_signer log = make_signer("log/term/1", 1);
    struct note_key key = note_signer_key(&log);
    struct span receipt = make_receipt(3, &log);
    struct proof proof = {.index = 99};
    struct checkpoint checkpoint = {.size = 99};
    struct err err;

    (void)state;
    assert_false(proof_verify(&proof, &checkpoint, receipt, leaf[4], &key, &arena, &err));
    assert_false(proof_verify(&proof, &checkpoint, span_slice(receipt, 0, receipt.len - 1), leaf[3],
                              &key, &arena, &err));
    assert_true(proof.index == 99 && checkpoint.size == 99);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(test_parse, reset),
    cmocka_unit_test_teardown(test_most_hashes, reset),
    cmocka_unit_test_teardown(test_verify, reset),
    cmocka_unit_test_teardown(test_every_bit_counts, reset),
    cmocka_unit_test_teardown(test_out_is_left_alone, reset),
};

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return sign_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
