#include "record/record.h"

#include "base/limits.h"
#include "base/test.h"
#include "codec/hex.h"

/* The envelope of a record (format §3). */

#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define OBJECT                                                                                     \
    "{\"body\":{\"b\":[1,\"x\"]},\"by\":\"north/desk\",\"prev\":\"" HASH                           \
    "\",\"said_at_ms\":1760000000000,\"seen\":{\"root\":\"" HASH "\",\"size\":7},\"seq\":3}"
#define TEXT "north-south\nincident.report 1\n" OBJECT "\n"

static struct note_signer signer_named(const char *name)
{
    struct note_signer signer;
    uint8_t seed[SIGN_SEED_BYTES] = {7};

    assert_true(sign_start());
    note_signer_make(&signer, span_of(name), NOTE_TYPE_ED25519, seed);
    return signer;
}

/* One change each to TEXT, signed after it by the key north/desk. */
static const struct {
    const char *name;
    const char *find, *put;
    const char *fault; /* "": is accepted */
} texts[] = {
    {"as it should be", "", "", ""},
    {"the first of a key", "\"seq\":3", "\"seq\":1", ""},
    {"no record before", "\"prev\":\"" HASH "\"", "\"prev\":\"\"", ""},
    {"said before 1970", ":1760000000000", ":-62104060800000", ""},
    {"said as late as can be", ":1760000000000", ":253370764799999", ""},
    {"nothing seen", "\"size\":7", "\"size\":0", ""},
    {"the largest size", "\"size\":7", "\"size\":9007199254740991", ""},
    {"the largest number", "\"seq\":3", "\"seq\":9007199254740991", ""},
    {"a kind of one word", "incident.report 1", "claim 1", ""},
    {"the largest version", "report 1", "report 4294967295", ""},
    {"an empty body", "{\"b\":[1,\"x\"]}", "{}", ""},

    {"no agreement", "north-south\n", "\n", "empty line"},
    {"an agreement of capitals", "north-south", "North-South", "not an agreement's name"},
    {"an agreement that ends with a slash", "north-south", "north/", "not an agreement's name"},
    {"no kind", "incident.report 1", "1", "not a kind and a version"},
    {"two spaces", "report 1", "report  1", "not a number from 1"},
    {"a space behind", "report 1\n", "report 1 \n", "not a number from 1"},
    {"a kind of three words", "incident.report", "a.b.c", "not a word"},
    {"a kind of capitals", "incident.report", "Incident", "not a word"},
    {"a kind with a digit", "incident.report", "report2", "not a word"},
    {"a kind that begins with a dot", "incident.report", ".report", "not a word"},
    {"a kind that ends with one", "incident.report", "incident.", "not a word"},
    {"a kind of 33 bytes", "incident.report", "incident.aaaaaaaaaaaaaaaaaaaaaaaa", "not a word"},
    {"version 0", "report 1", "report 0", "not a number from 1"},
    {"version 01", "report 1", "report 01", "not a number from 1"},
    {"a version past 32 bits", "report 1", "report 4294967296", "not a number from 1"},
    {"a version with a sign", "report 1", "report +1", "not a number from 1"},
    {"a statement", "incident.report 1", "promise", "not a kind and a version"},
    {"a checkpoint", "incident.report 1", "20852163", "not a kind and a version"},
    {"a fourth line", "\"seq\":3}\n", "\"seq\":3}\nmore\n", "left over"},
    {"an empty fourth line", "\"seq\":3}\n", "\"seq\":3}\n\n", "left over"},
    {"no third line", OBJECT "\n", "", "end"},

    {"an array", OBJECT, "[]", "not an object"},
    {"a string", OBJECT, "\"x\"", "not an object"},
    {"white space", "\"seq\":3", "\"seq\": 3", "white space"},
    {"members out of order", "\"body\":{\"b\":[1,\"x\"]},\"by\":\"north/desk\"",
     "\"by\":\"north/desk\",\"body\":{}", "bytewise order"},
    {"a member twice", "\"seq\":3", "\"seq\":3,\"seq\":3", "second time"},
    {"a fraction", "\"seq\":3", "\"seq\":3.0", "fractions"},
    {"a member too many", "\"seq\":3", "\"seq\":3,\"so\":1", "not exactly"},
    {"another member in its place", "\"seq\":3", "\"sequel\":3", "not exactly"},
    {"no body", "\"body\":{\"b\":[1,\"x\"]},", "", "not exactly"},
    {"a body that is a list", "{\"b\":[1,\"x\"]}", "[]", "body is not an object"},
    {"by nobody", "\"north/desk\"", "\"\"", "by is not a key name"},
    {"by a number", "\"north/desk\"", "5", "by is not a key name"},
    {"by a name with a plus", "\"north/desk\"", "\"north+desk\"", "by is not a key name"},
    {"number 0", "\"seq\":3", "\"seq\":0", "seq is not"},
    {"number -1", "\"seq\":3", "\"seq\":-1", "seq is not"},
    {"a number in quotes", "\"seq\":3", "\"seq\":\"3\"", "seq is not"},
    {"said at no time", ":1760000000000", ":\"now\"", "said_at_ms is not"},
    {"said in the year 1", ":1760000000000", ":-62104060800001", "said_at_ms is not"},
    {"said in the year 9999", ":1760000000000", ":253370764800000", "said_at_ms is not"},
    {"an id cut short", "\"prev\":\"e3", "\"prev\":\"", "prev is neither"},
    {"an id in capitals", "\"prev\":\"e3b0", "\"prev\":\"E3B0", "prev is neither"},
    {"no id", "\"prev\":\"" HASH "\"", "\"prev\":0", "prev is neither"},
    {"seen -1", "\"size\":7", "\"size\":-1", "seen is not"},
    {"seen without a size", ",\"size\":7", "", "seen is not"},
    {"seen with more", "\"size\":7", "\"size\":7,\"time\":1", "seen is not"},
    {"seen nothing at all", "{\"root\":\"" HASH "\",\"size\":7}", "7", "seen is not"},
    {"a root in base64", "{\"root\":\"" HASH, "{\"root\":\"47DEQpj8HBSa", "seen is not"},

    {"under another name than it is signed by", "\"north/desk\"", "\"south/desk\"",
     "under another name"},
};

/* TEXT with `find` replaced by `put` where it stands last. */
static struct span change(struct arena *arena, const char *find, const char *put)
{
    const char *at = NULL;

    for (const char *next = strstr(TEXT, find); next && *find; next = strstr(next + 1, find))
        at = next;
    if (!at)
        return SPAN_LIT(TEXT);
    return span_of(arena_printf(arena, "%.*s%s%s", (int)(at - TEXT), TEXT, put, at + strlen(find)));
}

static void test_parse(void **state)
{
    struct note_signer signer = signer_named("north/desk");
    struct note_key key = note_signer_key(&signer);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct arena arena = {0};
        struct record record = {.seq = 99};
        struct err err = {0};
        struct span text = change(&arena, texts[i].find, texts[i].put);
        struct span note = note_sign(text, &signer, &arena);
        bool ok = record_parse(&record, note, &arena, &err);

        CHECK_CASE(texts[i].name, texts[i].find[0] == '\0' || !span_is(text, TEXT));
        if (ok != (texts[i].fault[0] == '\0') || !strstr(err.text, texts[i].fault))
            fail_msg("case \"%s\": %s", texts[i].name, err.text);
        CHECK_CASE(texts[i].name, ok || record.seq == 99);
        CHECK_CASE(texts[i].name, !ok || record_verify(&record, &key));

        /* Before it is signed, the same but for the name it is signed under. */
        struct record draft = {.seq = 99};
        bool named = strcmp(texts[i].fault, "under another name") == 0;
        CHECK_CASE(texts[i].name, record_parse_text(&draft, text, &arena, &err) == (ok || named));
        CHECK_CASE(texts[i].name, !ok || strcmp(draft.id_text, record.id_text) == 0);
        CHECK_CASE(texts[i].name, ok || named || draft.seq == 99);
        arena_free(&arena);
    }
}

/* Around the text: what is a note, and what is one of one signature of 64 bytes. */
static void test_signature_lines(void **state)
{
    struct note_signer signer = signer_named("north/desk"), other = signer_named("south/desk");
    struct arena arena = {0};
    struct span note = note_sign(SPAN_LIT(TEXT), &signer, &arena);
    struct span line = span_from(note, sizeof TEXT);
    uint8_t bytes[SIGN_SIGNATURE_BYTES + 1] = {1};
    struct buf with[5];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(with); i++) {
        with[i] = buf_in(&arena, 4000);
        buf_text(&with[i], TEXT "\n");
    }
    buf_put(&with[0], line);
    buf_put(&with[0], line);
    buf_put(&with[1], line);
    buf_put(&with[1], span_from(note_sign(SPAN_LIT(TEXT), &other, &arena), sizeof TEXT));
    note_put_line(&with[2], SPAN_LIT("north/desk"), 1, span_make(bytes, SIGN_SIGNATURE_BYTES - 1));
    note_put_line(&with[3], SPAN_LIT("north/desk"), 1, span_make(bytes, SIGN_SIGNATURE_BYTES + 1));
    note_put_line(&with[4], SPAN_LIT("north/desk"), 1, span_make(bytes, SIGN_SIGNATURE_BYTES));

    const struct {
        const char *name;
        struct span bytes;
        const char *fault;
    } cases[] = {
        {"as it should be", note, ""},
        {"another key's bytes: for whoever verifies it", buf_span(&with[4]), ""},
        {"nothing", {0}, "no empty line"},
        {"the text alone", SPAN_LIT(TEXT), "no empty line"},
        {"no signature", SPAN_LIT(TEXT "\n"), "no signature"},
        {"cut short", span_slice(note, 0, note.len - 1), "note"},
        {"the same signature twice", buf_span(&with[0]), "2 signatures"},
        {"another's too", buf_span(&with[1]), "2 signatures"},
        {"a signature of 63 bytes", buf_span(&with[2]), "not of 64 bytes"},
        {"a signature of 65 bytes", buf_span(&with[3]), "not of 64 bytes"},
    };
    struct record unsigned_record;
    struct err refused = {0};
    assert_false(record_parse_text(&unsigned_record, note, &arena, &refused)); /* it is signed */
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct record record = {.seq = 99};
        struct err err = {0};
        bool ok = record_parse(&record, cases[i].bytes, &arena, &err);

        if (ok != (cases[i].fault[0] == '\0') || !strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, ok || record.seq == 99);
    }
    arena_free(&arena);
}

static struct record_draft draft_of(struct json body)
{
    return (struct record_draft){.agreement = SPAN_LIT("north-south"),
                                 .kind = "incident.report",
                                 .version = 1,
                                 .by = SPAN_LIT("north/desk"),
                                 .seq = 3,
                                 .prev = SPAN_LIT(HASH),
                                 .seen_size = 7,
                                 .seen_root = hash_of((struct span){0}),
                                 .said_at_ms = 1760000000000,
                                 .body = body};
}

static void test_round_trip(void **state)
{
    struct note_signer signer = signer_named("north/desk");
    struct note_key key = note_signer_key(&signer), another = key;
    struct arena arena = {0};
    struct json body;
    struct record record;
    struct span note;
    struct err err = {0};

    (void)state;
    another.key.bytes[0] ^= 1;
    assert_true(json_parse(&body, SPAN_LIT("{\"b\": [1, \"x\"]}"), &arena, &err));
    struct record_draft draft = draft_of(body);
    assert_true(record_sign(&note, &draft, &signer, &arena, &err));
    assert_true(record_parse(&record, note, &arena, &err));
    assert_true(record_verify(&record, &key));
    assert_false(record_verify(&record, &another));

    assert_true(span_is(record.note.text, TEXT));
    assert_true(span_equal(record.bytes, note));
    assert_true(span_is(record.agreement, "north-south"));
    assert_true(span_is(record.kind, "incident.report"));
    assert_true(span_is(record.by, "north/desk"));
    assert_true(span_is(record.prev, HASH));
    assert_int_equal(record.version, 1);
    assert_int_equal(record.seq, 3);
    assert_int_equal(record.seen_size, 7);
    assert_int_equal(record.said_at_ms, 1760000000000);
    assert_true(json_equal(record.body, &body));

    /* §3.3: of the text with its last newline, without the empty line. */
    struct hash id = hash_of(SPAN_LIT(TEXT));
    char hex[65];
    hex_text(hex, hash_span(&id));
    assert_string_equal(record.id_text, hex);
    assert_true(hash_equal(record.id, id));
    arena_free(&arena);
}

/* At the limit it is signed and read; one byte more, and it is refused before it is signed. */
static void test_largest(void **state)
{
    struct note_signer signer = signer_named("north/desk");
    struct arena arena = {0};
    size_t fits = 0;

    (void)state;
    for (size_t len = 65000; len < 65535; len++) {
        struct json body = json_object();
        struct span note;
        struct record record;
        struct err err = {0};
        struct buf text = buf_in(&arena, len);

        while (text.len < len)
            buf_byte(&text, 'x');
        json_set_string(&body, "text", buf_span(&text), &arena);
        struct record_draft draft = draft_of(body);
        if (record_sign(&note, &draft, &signer, &arena, &err)) {
            assert_int_equal(fits, len == 65000 ? 0 : len - 1);
            fits = len;
            assert_true(note.len <= LIMIT_ENTRY_BYTES);
            assert_true(record_parse(&record, note, &arena, &err));
        } else {
            assert_int_equal(err.kind, ERR_LIMIT);
        }
        arena_reset(&arena);
    }
    assert_true(fits > 65000);

    struct buf long_note = buf_in(&arena, 70000);
    struct record record;
    struct err err = {0};
    while (long_note.len <= LIMIT_ENTRY_BYTES)
        buf_byte(&long_note, 'x');
    assert_false(record_parse(&record, buf_span(&long_note), &arena, &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_parse),
    cmocka_unit_test(test_signature_lines),
    cmocka_unit_test(test_round_trip),
    cmocka_unit_test(test_largest),
};

RUN_TESTS(tests)
